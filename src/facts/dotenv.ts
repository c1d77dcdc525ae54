import type { Range } from '../core/finding.ts';

/** One KEY=value of a .env file. */
export interface Variable {
  readonly key: string;
  /** Without its quotes; what stands after ` #` is a comment and no part of it. */
  readonly value: string;
  /** The value as written, quotes included. Empty where nothing is written. */
  readonly range: Range;
}

const KEY = /^[ \t]*(?:export[ \t]+)?([\w.-]+)[ \t]*=[ \t]*/;

/** Every assignment, in order. A quoted value may run over several lines. */
export function* readDotenv(text: string): Iterable<Variable> {
  let at = text.startsWith('\ufeff') ? 1 : 0;
  while (at < text.length) {
    const newline = text.indexOf('\n', at);
    const end = newline < 0 ? text.length : newline;
    const line = text.slice(at, end);
    const [head, key] = KEY.exec(line) ?? [];
    if (head === undefined || key === undefined) {
      at = end + 1;
      continue;
    }
    const start = at + head.length;
    const quote = text[start] ?? '';
    const close = /["'`]/.test(quote) ? closing(text, start) : -1;
    if (close > 0) {
      const inner = text.slice(start + 1, close);
      yield {
        key,
        value: quote === '"' ? inner.replace(/\\n/g, '\n').replace(/\\(["\\])/g, '$1') : inner,
        range: [start, close + 1],
      };
      const after = text.indexOf('\n', close);
      at = after < 0 ? text.length : after + 1;
    } else {
      const raw = line.slice(head.length);
      const comment = raw.startsWith('#') ? 0 : raw.search(/\s#/);
      const value = (comment < 0 ? raw : raw.slice(0, comment)).trimEnd();
      yield { key, value, range: [start, start + value.length] };
      at = end + 1;
    }
  }
}

/** The place of the quote that closes the one at `open`; -1 where none does. */
function closing(text: string, open: number): number {
  for (let at = open + 1; at < text.length; at++) {
    if (text[at] === '\\') at++;
    else if (text[at] === text[open]) return at;
  }
  return -1;
}
