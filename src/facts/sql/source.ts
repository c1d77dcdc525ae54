import type { Range } from '../../core/finding.ts';
import type { Node } from './grammar.ts';
import { QUOTED, SIGN, WORD, type Tokens } from './lexer.ts';

/** One statement as the parser understood it, beside the tokens that it was written with. Tokens are named by their index. */
export interface Source {
  readonly tokens: Tokens;
  /** Its first token, and one past its last. */
  readonly first: number;
  readonly end: number;
  readonly node: Node;
  /** From the parser's bytes (absent means 0) to UTF-16 units of `tokens.text`. */
  readonly place: (byte: number | undefined) => number;
  /** From UTF-16 units of `tokens.text` to those of the file: they differ inside a body that is written as a string. */
  readonly toFile: (unit: number) => number;
}

const OPENING = new Set(['(', '[']);
const CLOSING = new Set([')', ']']);

export const textOf = ({ tokens }: Source, token: number): string =>
  tokens.text.slice(tokens.starts[token], tokens.ends[token]);

/** An unquoted word in lower case; '' for any other token. */
export const wordOf = (source: Source, token: number): string =>
  token >= source.first && token < source.end && source.tokens.kinds[token] === WORD
    ? textOf(source, token).toLowerCase()
    : '';

export const isWord = (source: Source, token: number, ...words: readonly string[]): boolean => {
  const word = wordOf(source, token);
  return word !== '' && words.includes(word);
};

export const isSign = (source: Source, token: number, sign: string): boolean =>
  token >= source.first &&
  token < source.end &&
  source.tokens.kinds[token] === SIGN &&
  source.tokens.text[source.tokens.starts[token]!] === sign;

/** Whether these words stand from `token` on. */
export const areWords = (source: Source, token: number, ...words: readonly string[]): boolean =>
  words.every((word, i) => wordOf(source, token + i) === word);

/** From the start of `from` to the end of the token before `to`. */
export function rangeOf(source: Source, from: number, to: number): Range {
  const { tokens, toFile } = source;
  const last = Math.max(from, Math.min(to, source.end) - 1);
  return [toFile(tokens.starts[from] ?? tokens.text.length), toFile(tokens.ends[last] ?? tokens.text.length)];
}

export const tokenRange = (source: Source, token: number): Range => rangeOf(source, token, token + 1);

/** The text between the same tokens. */
export const textBetween = ({ tokens }: Source, from: number, to: number): string =>
  from >= to ? '' : tokens.text.slice(tokens.starts[from], tokens.ends[to - 1]);

/** The first token of the statement at or after a place that the parser names. */
export function tokenAt(source: Source, byte: number | undefined): number {
  const { starts } = source.tokens;
  const unit = source.place(byte);
  let low = source.first;
  let high = source.end;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (starts[middle]! < unit) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** One past the bracket that closes the one at `open`; `to` where none does. */
export function pastBrackets(source: Source, open: number, to: number = source.end): number {
  let depth = 0;
  for (let t = open; t < to; t++) {
    depth += step(source, t);
    if (depth === 0) return t + 1;
  }
  return to;
}

/** How far a token opens (1) or closes (-1) brackets. */
function step(source: Source, token: number): number {
  if (source.tokens.kinds[token] !== SIGN) return 0;
  const sign = source.tokens.text[source.tokens.starts[token]!]!;
  return OPENING.has(sign) ? 1 : CLOSING.has(sign) ? -1 : 0;
}

/** The stretches between the commas outside brackets. */
export function splitAtCommas(
  source: Source,
  from: number,
  to: number,
): readonly (readonly [from: number, to: number])[] {
  const parts: [number, number][] = [];
  let start = from;
  let depth = 0;
  for (let t = from; t < to; t++) {
    depth += step(source, t);
    if (depth === 0 && isSign(source, t, ',')) {
      parts.push([start, t]);
      start = t + 1;
    }
  }
  if (to > start || parts.length > 0) parts.push([start, to]);
  return parts;
}

/** The first place outside brackets where these words stand; `to` where they do not. */
export function findWords(source: Source, from: number, to: number, ...words: readonly string[]): number {
  let depth = 0;
  for (let t = from; t < to; t++) {
    depth += step(source, t);
    if (depth === 0 && areWords(source, t, ...words)) return t;
  }
  return to;
}

/** The first place outside brackets where any of these words stands; `to` where none does. */
export function findAnyWord(source: Source, from: number, to: number, words: ReadonlySet<string>): number {
  let depth = 0;
  for (let t = from; t < to; t++) {
    depth += step(source, t);
    if (depth === 0 && source.tokens.kinds[t] === WORD && words.has(wordOf(source, t))) return t;
  }
  return to;
}

/** One past a name with its dots that starts at `token`. */
export function pastName(source: Source, token: number): number {
  let t = token + 1;
  while (isSign(source, t, '.')) t += 2;
  return Math.min(t, source.end);
}

/** Where the name itself stands in schema.name, quotes included. */
export const nameRange = (source: Source, token: number): Range => rangeOf(source, token, pastName(source, token));

/** An identifier as PostgreSQL folds it. */
export function identifierAt(source: Source, token: number): string {
  const text = textOf(source, token);
  const kind = source.tokens.kinds[token];
  if (kind === QUOTED)
    return text
      .replace(/^[uU]&/, '')
      .slice(1, -1)
      .replaceAll('""', '"');
  return kind === WORD ? text.toLowerCase() : text;
}
