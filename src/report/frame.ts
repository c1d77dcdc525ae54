import type { Range } from '../core/finding.ts';
import { visible } from './escape.ts';
import { charColumns, columns, type Look } from './look.ts';

/** One line of source as people may see it: secrets masked, tabs widened, cut around the mark. */
export interface FrameLine {
  /** Counts from 1. */
  readonly line: number;
  readonly text: string;
  /** What the finding is about, in `text`. Empty at a place between two characters. */
  readonly mark: Range;
}

/** Lines of source that a frame shows at most; a gap stands before the last one where there are more. */
export const FRAME_LINES = 3;

/**
 * Cuts a text to `room`, measured by `size`, so that the mark stays in it, or its beginning where it is too long.
 * "…" stands for what is gone.
 */
export function cutAround(
  { text, mark: [start, end] }: Pick<FrameLine, 'text' | 'mark'>,
  room: number,
  size: (char: string) => number,
): Pick<FrameLine, 'text' | 'mark'> {
  if (text.length <= room && /^[ -~]*$/.test(text)) return { text, mark: [start, end] };
  const chars = Array.from(text, (char) => ({ char, size: size(char) }));
  if (chars.reduce((sum, one) => sum + one.size, 0) <= room) return { text, mark: [start, end] };
  const first = indexAt(chars, start);
  let [from, to] = [first, first];
  let left = Math.max(1, room - 2);
  const wider = (index: number): boolean => {
    const one = chars[index];
    if (!one || one.size > left) return false;
    left -= one.size;
    return true;
  };
  const last = indexAt(chars, end);
  while (to < last && wider(to)) to++;
  const kept = Math.ceil(left / 3);
  while (left > kept && wider(from - 1)) from--;
  while (wider(to)) to++;
  while (wider(from - 1)) from--;

  const length = (a: number, b: number) => chars.slice(a, b).reduce((sum, { char }) => sum + char.length, 0);
  const before = from > 0 ? '…' : '';
  const shift = before.length - length(0, from);
  const shown = chars.slice(from, to).map(({ char }) => char);
  return {
    text: before + shown.join('') + (to < chars.length ? '…' : ''),
    mark: [length(0, first) + shift, Math.max(length(0, first), Math.min(end, length(0, to))) + shift],
  };
}

/** Index of the character in which the UTF-16 offset lies. */
function indexAt(chars: readonly { readonly char: string }[], offset: number): number {
  let at = 0;
  for (const [index, { char }] of chars.entries()) {
    at += char.length;
    if (at > offset) return index;
  }
  return chars.length;
}

/**
 * The frame as lines of text, each at most `width` columns:
 *
 *     12 │ alter table users drop column email;
 *        │                   ^^^^^^^^^^^^^^^^^
 *
 * A mark over several lines has no carets: all that is shown lies in it.
 */
export function drawFrame(
  frame: readonly FrameLine[],
  { paint, width }: Pick<Look, 'paint' | 'width'>,
  point: (text: string) => string,
): string[] {
  const gutter = String(frame.at(-1)?.line ?? 0).length;
  const bar = paint.dim('│');
  const rows: string[] = [];
  for (const [index, one] of frame.entries()) {
    const previous = frame[index - 1];
    if (previous && one.line > previous.line + 1) rows.push(paint.dim(`${' '.repeat(gutter)} ⋮`));
    const { text, mark } = cutAround(one, Math.max(20, width - gutter - 3), visibleColumns);
    const [before, marked, after] = [text.slice(0, mark[0]), text.slice(...mark), text.slice(mark[1])].map(visible) as [
      string,
      string,
      string,
    ];
    rows.push(`${paint.dim(String(one.line).padStart(gutter))} ${bar} ${before}${point(marked)}${after}`.trimEnd());
    if (frame.length > 1) continue;
    const carets = '^'.repeat(Math.max(1, columns(marked)));
    rows.push(`${' '.repeat(gutter)} ${bar} ${' '.repeat(columns(before))}${point(carets)}`);
  }
  return rows;
}

/** Columns that a character takes once what cannot be seen is written out. */
const visibleColumns = (char: string): number => {
  if (char >= ' ' && char <= '~') return 1;
  const shown = visible(char);
  return shown === char ? charColumns(char) : shown.length;
};
