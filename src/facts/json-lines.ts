import type { Range } from '../core/finding.ts';

/** One line of a JSON Lines file that is not blank. */
export interface JsonLine {
  /** From 1. */
  readonly number: number;
  /** Without its line ending. */
  readonly range: Range;
  /** Undefined where the line is not JSON. */
  readonly value: unknown;
}

/** Every line that is not blank. Lines end in LF or CRLF; a byte order mark belongs to none. */
export function* readJsonLines(text: string): Iterable<JsonLine> {
  let number = 0;
  for (let start = text.startsWith('\ufeff') ? 1 : 0; start < text.length;) {
    number++;
    const newline = text.indexOf('\n', start);
    const next = newline < 0 ? text.length : newline + 1;
    const end = newline < 0 ? text.length : newline - (text[newline - 1] === '\r' && newline > start ? 1 : 0);
    const line = text.slice(start, end);
    if (line.trim() !== '') yield { number, range: [start, end], value: parse(line) };
    start = next;
  }
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
