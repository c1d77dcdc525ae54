import type { Range } from '../core/finding.ts';

/** Stretches of `head` that are new or altered against `base`, in UTF-16 units, widened to whole lines, ascending. */
export async function changedRanges(base: string, head: string): Promise<readonly Range[]> {
  if (base === head) return [];
  const { diffArrays } = await import('diff');
  const before = lines(base);
  const after = lines(head);
  let same = 0;
  while (same < before.length && same < after.length && before[same] === after[same]) same++;
  let end = 0;
  while (end < before.length - same && end < after.length - same && before.at(-1 - end) === after.at(-1 - end)) end++;
  const middle = after.slice(same, after.length - end);
  const first = length(after.slice(0, same));
  const old = before.slice(same, before.length - end);
  // A bound on the search for common lines: past it, the whole middle counts as changed, which judges more, never less.
  const parts = old.length === 0 || middle.length === 0 ? undefined : diffArrays(old, middle, { maxEditLength: 4000 });
  if (!parts) return middle.length > 0 ? [[first, first + length(middle)]] : [];
  const ranges: Range[] = [];
  let at = first;
  for (const { added, removed, value } of parts) {
    if (removed) continue;
    const size = length(value);
    if (added) ranges.push([at, at + size]);
    at += size;
  }
  return ranges;
}

/** Whether a place lies in one of the ranges. An empty place counts where it stands or touches. */
export const touches = (ranges: readonly Range[], [start, end]: Range): boolean =>
  ranges.some(([from, to]) => (start === end ? from <= start && start <= to : start < to && from < end));

const lines = (text: string): string[] => text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
const length = (parts: readonly string[]): number => parts.reduce((sum, part) => sum + part.length, 0);
