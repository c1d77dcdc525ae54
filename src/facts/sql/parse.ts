import type { Node } from 'libpg-query';
import type { Range } from '../../core/finding.ts';
import { SyntaxProblem, type Grammar, type RawStmt } from './grammar.ts';
import { SIGN, TEMPLATE, type Tokens } from './lexer.ts';
import { maskText, restoreTemplates } from './mask.ts';
import { placesOf } from './places.ts';
import type { Source } from './source.ts';

/** What PostgreSQL's parser makes of a text. */
export interface Parsed {
  /** Statements that parse, in order. */
  readonly sources: readonly Source[];
  readonly errors: readonly SqlProblem[];
  /** Statements that may be right and cannot be read: a template stands in them, or they are beyond the parser. */
  readonly unread: readonly SqlProblem[];
}

/** A place, in UTF-16 units of the text, and what is said about it. */
export interface SqlProblem {
  readonly range: Range;
  /** The statement that it is in. */
  readonly within: Range;
  /** PostgreSQL's own words. */
  readonly message: string;
}

// One call reads many statements; a bad one costs a second reading of its own piece, no more.
const PIECE = 128 * 1024;

type Stretch = readonly [first: number, end: number];

export function parseStatements(tokens: Tokens, grammar: Grammar, toFile: Source['toFile'] = (unit) => unit): Parsed {
  const sources: Source[] = [];
  const errors: SqlProblem[] = [];
  const unread: SqlProblem[] = [];
  const { starts, ends, statements } = tokens;
  const plain = maskText(tokens, false);
  let loose: string | undefined;

  /** The text of some statements, with the semicolon behind the last one where there is one. */
  const textFrom = (text: string, first: number, end: number): string =>
    text.slice(starts[first], ends[isSemicolon(tokens, end) ? end : end - 1]);

  const parse = (text: string, stretches: readonly Stretch[], all = false): void => {
    const first = stretches[0]![0];
    const piece = all ? text : textFrom(text, first, stretches.at(-1)![1]);
    const raw = restoreTemplates(grammar.parse(piece), tokens);
    const offset = all ? 0 : starts[first]!;
    const { fromByte } = placesOf(piece);
    const place = (byte: number | undefined): number => offset + fromByte(byte ?? 0);
    sources.push(
      ...paired(tokens, raw, stretches, place).map(([node, [from, end]]) => ({
        tokens,
        first: from,
        end,
        node,
        place,
        toFile,
      })),
    );
  };

  /** One statement that its piece could not be read with. */
  const recover = (stretch: Stretch): boolean => {
    try {
      parse(plain, [stretch]);
      return true;
    } catch (error) {
      const [first, end] = stretch;
      const from = starts[first]!;
      const to = ends[end - 1]!;
      if (tokens.variables.some((at) => from <= at && at < to)) {
        try {
          parse((loose ??= maskText(tokens, true)), [stretch]);
          return true;
        } catch {
          // What is wrong without its variables is told.
        }
      }
      const pieces = cut(tokens, stretch);
      if (pieces.length > 1) {
        let told = false;
        for (const piece of pieces) {
          const before = errors.length;
          recover(piece);
          if (told) errors.length = Math.min(errors.length, before);
          told ||= errors.length > before;
        }
        return false;
      }
      const problem = problemOf(error, textFrom(plain, first, end), from, [toFile(from), toFile(to)], toFile, tokens);
      const broken = error instanceof SyntaxProblem && error.broken;
      const uncertain = broken || hasTemplate(tokens, stretch) || tokens.variables.includes(problem.unit);
      (uncertain ? unread : errors).push(problem.said);
      return false;
    }
  };

  for (let i = 0; i < statements.length;) {
    const from = i;
    const start = starts[statements[i]![0]]!;
    while (i < statements.length && (i === from || ends[statements[i]![1] - 1]! - start < PIECE)) i++;
    const piece = statements.slice(from, i);
    try {
      // Most files are read in one call, and then nothing need be cut out.
      parse(plain, piece, piece.length === statements.length);
    } catch {
      for (const stretch of piece) recover(stretch);
    }
  }
  // A comment that never ends hides whatever follows it; the statements before it parse without it.
  const open = tokens.unterminated;
  if (open !== undefined && tokens.text.startsWith('/*', open)) {
    const range: Range = [toFile(open), toFile(open + tokens.text.slice(open).split('\n')[0]!.trimEnd().length)];
    errors.push({ range, within: range, message: 'unterminated /* comment' });
  }
  return { sources, errors, unread };
}

/** The parser and the lexer count the same statements; should they not, the parser's places decide. */
function paired(
  tokens: Tokens,
  raw: readonly RawStmt[],
  stretches: readonly Stretch[],
  place: (byte: number | undefined) => number,
): (readonly [Node, Stretch])[] {
  const found = raw.flatMap(({ stmt, stmt_location }) => (stmt ? [{ stmt, from: place(stmt_location) }] : []));
  if (found.length === stretches.length) return found.map(({ stmt }, i) => [stmt, stretches[i]!]);
  const end = stretches.at(-1)![1];
  const tokenFrom = (unit: number): number => {
    let t = stretches[0]![0];
    while (t < end && tokens.starts[t]! < unit) t++;
    return t;
  };
  return found.map(({ stmt, from }, i) => {
    const next = found[i + 1];
    let to = next ? tokenFrom(next.from) : end;
    while (to > 0 && isSemicolon(tokens, to - 1)) to--;
    return [stmt, [tokenFrom(from), to]];
  });
}

const isSemicolon = ({ kinds, starts, text, count }: Tokens, token: number): boolean =>
  token < count && kinds[token] === SIGN && text[starts[token]!] === ';';

/** At every semicolon: a bracket that is never closed hides the ends of the statements behind it. */
function cut(tokens: Tokens, [first, end]: Stretch): Stretch[] {
  const pieces: Stretch[] = [];
  let from = first;
  for (let t = first; t < end; t++) {
    if (!isSemicolon(tokens, t)) continue;
    if (t > from) pieces.push([from, t]);
    from = t + 1;
  }
  if (end > from) pieces.push([from, end]);
  return pieces;
}

/** Whether a template stands in it: as a token, or blanked out where it was alone on its line. */
function hasTemplate({ kinds, masks, starts, ends, text }: Tokens, [first, end]: Stretch): boolean {
  for (let t = first; t < end; t++) if (kinds[t] === TEMPLATE) return true;
  return masks.some(({ start }) => starts[first]! < start && start < ends[end - 1]! && '{<$'.includes(text[start]!));
}

/** What is said, and at which unit of the text. */
function problemOf(
  error: unknown,
  piece: string,
  offset: number,
  within: Range,
  toFile: Source['toFile'],
  tokens: Tokens,
): { readonly said: SqlProblem; readonly unit: number } {
  const problem = error instanceof SyntaxProblem ? error : new SyntaxProblem(String(error), undefined, true);
  if (problem.character === undefined)
    return { said: { range: within, within, message: problem.message }, unit: offset };
  const start = offset + placesOf(piece).fromCharacter(problem.character);
  // PostgreSQL quotes what it stumbled over; where it does not, the token there is meant.
  const quoted = /at or near "([^]*)"$/.exec(problem.message)?.[1];
  const token = tokenAtUnit(tokens, start);
  const here =
    quoted && tokens.text.startsWith(quoted, start)
      ? start + quoted.length
      : token === undefined
        ? start
        : tokens.ends[token]!;
  // What never ends is shown as far as its first line goes.
  const shown = tokens.text
    .slice(start, Math.min(here, offset + piece.length))
    .split('\n')[0]!
    .trimEnd();
  const range: Range = [toFile(start), toFile(start + shown.length)];
  return { said: { range, within, message: problem.message }, unit: start };
}

/** The token that starts at or covers a place. */
function tokenAtUnit({ starts, ends, count }: Tokens, unit: number): number | undefined {
  let low = 0;
  let high = count;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (ends[middle]! <= unit) low = middle + 1;
    else high = middle;
  }
  return low < count && starts[low]! <= unit ? low : undefined;
}
