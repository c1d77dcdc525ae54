import type { Range } from '../../core/finding.ts';

/** What a token is. Comments and white space are not tokens. */
export const WORD = 1;
export const QUOTED = 2;
export const STRING = 3;
export const NUMBER = 4;
export const PARAM = 5;
/** One character of an operator, a bracket, a comma, a dot, a colon, a semicolon. */
export const SIGN = 6;
/** {{ name }}, ${name}, <%= name %>: a template that stands where a name or a value would. */
export const TEMPLATE = 7;

/** A stretch that is not SQL, and what the parser shall see in its place: a blank, an end of statement, a name. */
export interface Mask {
  readonly start: number;
  readonly end: number;
  readonly as: 'blank' | 'semicolon' | 'name';
}

/** A text in tokens, in UTF-16 units. Nothing is copied out of the text. */
export interface Tokens {
  readonly text: string;
  readonly count: number;
  readonly kinds: Uint8Array;
  readonly starts: Int32Array;
  readonly ends: Int32Array;
  /** First token and one past the last token of each statement; the semicolon is a token, and belongs to none. */
  readonly statements: readonly (readonly [first: number, end: number])[];
  readonly comments: readonly Range[];
  readonly masks: readonly Mask[];
  /** Where :name, :'name' and :"name" stand: psql variables, unless the text is SQL as it is. */
  readonly variables: readonly number[];
  /** Where the string, the quoted name or the comment starts that never ends. */
  readonly unterminated?: number | undefined;
  readonly nul?: number | undefined;
}

const BLANK = 0;
const LETTER = 1;
const DIGIT = 2;
const OTHER = 3;
const CLASSES = Uint8Array.from({ length: 128 }, (_, code) => {
  const char = String.fromCharCode(code);
  return /[a-z_]/i.test(char) ? LETTER : /[0-9]/.test(char) ? DIGIT : /[ \t\n\r\f\v\0]/.test(char) ? BLANK : OTHER;
});
const classOf = (code: number): number => (code < 128 ? CLASSES[code]! : LETTER);

const NEWLINE = 10;
const [QUOTE, DOUBLE, DOLLAR, SLASH, STAR, MINUS, BACKSLASH, SEMICOLON, COLON, OPEN, CLOSE, DOT, BRACE, LESS, PERCENT] = [
  ...'\'"$/*-\\;:().{<%',
].map((char) => char.charCodeAt(0)) as [number, number, number, number, number, number, number, number, number, number, number, number, number, number, number]; // prettier-ignore

// What ends a statement although it is a comment: the runner cuts the file there.
const CUTS =
  /^--(?:> ?statement-breakpoint|[ \t]*(?:\+goose\s+(?:up|down|statementend)|migrate:(?:up|down)|(?:up|down) migration))\b/i;
// psql sends what it has read so far.
const SENDS = /\\(?:g|gx|gset|gexec|gdesc|watch|crosstabview|bind|parse|;)(?![a-z])/y;

/** Reads a text as PostgreSQL's own scanner and psql would. Never fails: what does not end, ends with the text. */
export function lex(text: string): Tokens {
  const { length } = text;
  let room = Math.max(64, length >> 2);
  let kinds = new Uint8Array(room);
  let starts = new Int32Array(room);
  let ends = new Int32Array(room);
  let count = 0;
  const statements: [number, number][] = [];
  const comments: Range[] = [];
  const masks: Mask[] = [];
  const variables: number[] = [];
  let unterminated: number | undefined;
  let first = 0;
  let parens = 0;
  let brackets = 0;
  let atomic = 0;
  let i = 0;

  const push = (kind: number, start: number, end: number): void => {
    if (count === room) {
      room *= 2;
      const grow = <A extends Uint8Array | Int32Array>(from: A, to: A): A => (to.set(from), to);
      kinds = grow(kinds, new Uint8Array(room));
      starts = grow(starts, new Int32Array(room));
      ends = grow(ends, new Int32Array(room));
    }
    kinds[count] = kind;
    starts[count] = start;
    ends[count++] = end;
  };
  const endStatement = (): void => {
    if (count > first) statements.push([first, count]);
    first = count;
    parens = brackets = atomic = 0;
  };
  /** Past the end of a quoted stretch that opens at `open`; a doubled quote belongs to it. */
  const quoted = (open: number, quote: number, escapes: boolean): number => {
    for (let j = open + 1; j < length; j++) {
      const code = text.charCodeAt(j);
      if (code === quote) {
        if (text.charCodeAt(j + 1) !== quote) return j + 1;
        j++;
      } else if (code === BACKSLASH && escapes) j++;
      else if (code === BRACE && quote === DOUBLE && text.charCodeAt(j + 1) === BRACE) {
        // "{{ index .Options "Namespace" }}": the template has quotes of its own.
        const close = text.indexOf('}}', j);
        if (close < 0) continue;
        masks.push({ start: j, end: close + 2, as: 'name' });
        j = close + 1;
      }
    }
    unterminated ??= open;
    return length;
  };
  const is = (token: number, word: string): boolean =>
    kinds[token] === WORD &&
    ends[token]! - starts[token]! === word.length &&
    text.slice(starts[token], ends[token]).toLowerCase() === word;

  if (text.charCodeAt(0) === 0xfeff) masks.push({ start: 0, end: (i = 1), as: 'blank' });
  while (i < length) {
    const code = text.charCodeAt(i);
    const kind = classOf(code);
    if (kind === BLANK) i++;
    else if (kind === LETTER) {
      const start = i;
      const next = text.charCodeAt(i + 1);
      // E'' B'' X'' N'' U&'' U&"": the letter belongs to the quotes.
      const unicode = next === 38 && (code | 32) === 117;
      const open = unicode ? i + 2 : i + 1;
      const mark = text.charCodeAt(open);
      if (mark === QUOTE && (unicode || /[ebxn]/i.test(text[i]!))) {
        i = quoted(open, QUOTE, (code | 32) === 101);
        // An E string goes on behind a line break, and so do its escapes.
        while ((code | 32) === 101 && i < length) {
          const gap = /[ \t\f\v]*(?:\r?\n|\r)(?:\s|--[^\n]*\n)*'/y;
          gap.lastIndex = i;
          if (!gap.test(text)) break;
          i = quoted(gap.lastIndex - 1, QUOTE, true);
        }
        push(STRING, start, i);
      } else if (mark === DOUBLE && unicode) {
        i = quoted(open, DOUBLE, false);
        push(QUOTED, start, i);
      } else {
        let j = i + 1;
        for (; j < length; j++) {
          const c = text.charCodeAt(j);
          if (c >= 128 || c === DOLLAR) {
            if (c === DOLLAR && text.charCodeAt(j + 1) === BRACE) break;
            continue;
          }
          const k = CLASSES[c]!;
          if (k !== LETTER && k !== DIGIT) break;
        }
        i = j;
        push(WORD, start, i);
        // BEGIN ATOMIC ... END: a body of statements in the statement. CASE has an END of its own.
        if (parens === 0 && is(count - 1, 'atomic') && is(count - 2, 'begin') && is(first, 'create')) atomic = 1;
        else if (atomic > 0 && parens === 0) {
          if (is(count - 1, 'case')) atomic++;
          else if (is(count - 1, 'end')) atomic--;
        }
      }
    } else if (kind === DIGIT || (code === DOT && classOf(text.charCodeAt(i + 1)) === DIGIT && i + 1 < length)) {
      const start = i;
      for (i++; i < length; i++) {
        const c = text.charCodeAt(i);
        if (c === DOT && text.charCodeAt(i + 1) !== DOT) continue;
        if (
          (c === 43 || c === MINUS) &&
          (text.charCodeAt(i - 1) | 32) === 101 &&
          /^[0-9._]+e$/i.test(text.slice(start, i))
        )
          continue;
        if (c >= 128 || (CLASSES[c] !== LETTER && CLASSES[c] !== DIGIT)) break;
      }
      push(NUMBER, start, i);
    } else if (code === QUOTE) {
      const start = i;
      i = quoted(i, QUOTE, false);
      push(STRING, start, i);
    } else if (code === DOUBLE) {
      const start = i;
      i = quoted(i, DOUBLE, false);
      push(QUOTED, start, i);
    } else if (code === MINUS && text.charCodeAt(i + 1) === MINUS) {
      const found = text.indexOf('\n', i);
      const end = found < 0 ? length : found;
      if (CUTS.test(text.slice(i, Math.min(end, i + 60)))) {
        if (count > first) masks.push({ start: i, end: i + 1, as: 'semicolon' }, { start: i + 1, end, as: 'blank' });
        endStatement();
      }
      comments.push([i, end]);
      i = end;
    } else if (code === SLASH && text.charCodeAt(i + 1) === STAR) {
      const start = i;
      let depth = 1;
      for (i += 2; depth > 0 && i < length; i++) {
        const c = text.charCodeAt(i);
        if (c === STAR && text.charCodeAt(i + 1) === SLASH) (depth--, i++);
        else if (c === SLASH && text.charCodeAt(i + 1) === STAR) (depth++, i++);
      }
      if (depth > 0) unterminated ??= start;
      i = Math.min(i, length);
      comments.push([start, i]);
    } else if (code === DOLLAR) {
      const start = i;
      const next = text.charCodeAt(i + 1);
      if (next === BRACE) i = template(start, '}', 2);
      else if (next < 128 && CLASSES[next] === DIGIT) {
        for (i++; i < length && classOf(text.charCodeAt(i)) === DIGIT;) i++;
        push(PARAM, start, i);
      } else {
        let j = i + 1;
        while (j < length && classOf(text.charCodeAt(j)) < OTHER && classOf(text.charCodeAt(j)) !== BLANK) j++;
        if (text.charCodeAt(j) === DOLLAR) {
          const tag = text.slice(start, j + 1);
          const close = text.indexOf(tag, j + 1);
          if (close < 0) unterminated ??= start;
          i = close < 0 ? length : close + tag.length;
          push(STRING, start, i);
        } else push(SIGN, start, ++i);
      }
    } else if (code === BRACE && (text.charCodeAt(i + 1) === BRACE || text.charCodeAt(i + 1) === PERCENT)) {
      i = template(i, text.charCodeAt(i + 1) === BRACE ? '}}' : '%}', 2);
    } else if (code === LESS && text.charCodeAt(i + 1) === PERCENT) {
      i = template(i, '%>', 2);
    } else if (code === BACKSLASH) {
      SENDS.lastIndex = i;
      const sends = SENDS.test(text);
      const found = text.charCodeAt(i + 1) === SEMICOLON ? i + 2 : text.indexOf('\n', i);
      const end = found < 0 ? length : found;
      masks.push({ start: i, end: i + 1, as: sends ? 'semicolon' : 'blank' }, { start: i + 1, end, as: 'blank' });
      if (sends) endStatement();
      i = end;
    } else {
      if (code === OPEN) parens++;
      else if (code === CLOSE && parens > 0) parens--;
      else if (code === 91) brackets++;
      else if (code === 93 && brackets > 0) brackets--;
      if (code === SEMICOLON && parens === 0 && atomic === 0) {
        const data = copyData(i + 1);
        endStatement();
        push(SIGN, i, ++i);
        first = count;
        if (data) {
          masks.push({ start: data[0], end: data[1], as: 'blank' });
          i = data[1];
        }
        continue;
      }
      if (code === COLON && brackets === 0 && text.charCodeAt(i - 1) !== COLON) {
        const next = text.charCodeAt(i + 1);
        if (next === QUOTE || next === DOUBLE || classOf(next) === LETTER) variables.push(i);
      }
      push(SIGN, i, ++i);
    }
  }
  endStatement();
  // Wherever it stands, the parser would take it for the end of the text.
  const nul = text.indexOf('\0');
  for (let at = nul; at >= 0; at = text.indexOf('\0', at + 1)) masks.push({ start: at, end: at + 1, as: 'blank' });
  return {
    text,
    count,
    kinds,
    starts,
    ends,
    statements,
    comments,
    masks,
    variables,
    unterminated,
    ...(nul >= 0 && { nul }),
  };

  /** A template alone on its line is an instruction to the template engine; elsewhere it stands for a name or a value. */
  function template(start: number, close: string, skip: number): number {
    const found = text.indexOf(close, start + skip);
    if (found < 0) {
      push(SIGN, start, start + 1);
      return start + 1;
    }
    const end = found + close.length;
    const lineStart = text.lastIndexOf('\n', start) + 1;
    const lineEnd = text.indexOf('\n', end);
    const alone = !text.slice(lineStart, start).trim() && !text.slice(end, lineEnd < 0 ? length : lineEnd).trim();
    const instruction = text[start + 1] === '%' && text[start + 2] !== '=';
    masks.push({ start, end, as: alone || instruction ? 'blank' : 'name' });
    if (!alone && !instruction) push(TEMPLATE, start, end);
    return end;
  }

  /** The lines that follow COPY ... FROM stdin; up to a line with \. alone. */
  function copyData(from: number): Range | undefined {
    if (count - first < 4 || !is(first, 'copy')) return undefined;
    let stdin = false;
    for (let t = first + 1; t < count; t++) stdin ||= is(t, 'stdin') && is(t - 1, 'from');
    const line = text.indexOf('\n', from);
    if (!stdin || line < 0) return undefined;
    const close = /^\\\.[ \t]*\r?$/gm;
    close.lastIndex = line + 1;
    const found = close.exec(text);
    return found ? [line + 1, found.index + found[0].length] : undefined;
  }
}
