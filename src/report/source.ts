import type { Range } from '../core/finding.ts';
import { cutAround, FRAME_LINES, type FrameLine } from './frame.ts';
import type { Masked } from './masking.ts';

/** A stretch of a text. Lines and columns count from 1, columns in UTF-16 units as editors do; the end column is exclusive. */
export interface Span {
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
  /** The columns again, in bytes of UTF-8. */
  readonly bytes: { readonly column: number; readonly endColumn: number };
}

/** A source text, ready for many look-ups. */
export interface Source {
  span(range: Range): Span;
  frame(range: Range): readonly FrameLine[];
}

/** UTF-16 units of a line that a frame keeps: minified files have lines of megabytes. */
const KEPT = 240;

export function source({ text, mask, scrub, reach }: Masked): Source {
  const starts = lineStarts(text);
  const ascii = !/[^\x00-\x7f]/.test(text);

  /** Index of the line that holds an offset. */
  const lineAt = (offset: number): number => {
    let [low, high] = [0, starts.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (starts[middle]! <= offset) low = middle;
      else high = middle - 1;
    }
    return low;
  };
  const endOf = (line: number): number => {
    const end = line + 1 < starts.length ? starts[line + 1]! - 1 : text.length;
    return end > starts[line]! && text[end - 1] === '\r' ? end - 1 : end;
  };
  const within = (offset: number): number => Math.max(0, Math.min(offset, text.length));
  const place = (offset: number) => {
    const line = lineAt(offset);
    // An offset before the first line is that of a byte order mark.
    const column = Math.max(0, offset - starts[line]!) + 1;
    const bytes = ascii ? column : Buffer.byteLength(text.slice(starts[line], offset)) + 1;
    return { line, column, bytes };
  };

  /** The line around its mark, never more of it than frames can show. */
  const frameLine = (line: number, [start, end]: Range): FrameLine => {
    // Wide enough that no masked text is cut into a piece that scrubbing would not know.
    const from = Math.max(starts[line]!, start - KEPT - reach - 1);
    const to = Math.min(endOf(line), Math.max(start, Math.min(end, start + KEPT)) + KEPT + reach);
    const piece = scrub(mask(from, Math.max(from, to)));
    const mark: Range = [Math.max(0, start - from), Math.max(0, Math.min(end, to) - from)];
    const cut = cutAround({ text: piece, mark }, KEPT, () => 1);
    const before = widened(cut.text.slice(0, cut.mark[0])).length;
    const marked = widened(cut.text.slice(...cut.mark)).length;
    return { line: line + 1, text: widened(cut.text), mark: [before, before + marked] };
  };

  return {
    span([start, end]) {
      const from = place(within(start));
      const to = place(Math.max(within(start), within(end)));
      return {
        line: from.line + 1,
        column: from.column,
        endLine: to.line + 1,
        endColumn: to.column,
        bytes: { column: from.bytes, endColumn: to.bytes },
      };
    },
    frame([start, end]) {
      const from = within(start);
      const to = Math.max(from, within(end));
      const first = lineAt(from);
      // A range that ends with a newline does not reach into the next line.
      const last = to > from ? lineAt(to - 1) : first;
      if (first === last) return [frameLine(first, [from, Math.min(to, Math.max(from, endOf(first)))])];
      const lines = Array.from({ length: Math.min(FRAME_LINES, last - first + 1) }, (_, at) => first + at);
      lines[lines.length - 1] = last;
      return lines.map((line) => {
        const indent = line === first ? from : firstInk(text, starts[line]!, endOf(line));
        return frameLine(line, [
          Math.min(indent, endOf(line)),
          line === last ? Math.min(to, endOf(line)) : endOf(line),
        ]);
      });
    },
  };
}

/** Offsets at which lines begin; the first one stands behind a byte order mark. */
function lineStarts(text: string): number[] {
  const starts = [text.startsWith('\ufeff') ? 1 : 0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
}

/** So that a caret below stands where it should: tab stops would need the whole line. */
const widened = (text: string): string => text.replaceAll('\t', '  ');

function firstInk(text: string, from: number, to: number): number {
  let at = from;
  while (at < to && (text[at] === ' ' || text[at] === '\t')) at++;
  return at;
}
