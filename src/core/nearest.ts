/** The name that was most likely meant; undefined where none is near. For "drop-colum" that is "sql/drop-column". */
export function nearest(written: string, names: Iterable<string>): string | undefined {
  if (written.length > 100) return undefined;
  let best: { name: string; distance: number } | undefined;
  const lower = written.toLowerCase();
  for (const name of names) {
    const short = lower.includes('/') ? name : name.slice(name.indexOf('/') + 1);
    const begun = lower.length > 2 && short.toLowerCase().startsWith(lower) ? 1 : Infinity;
    const distance = Math.min(
      begun,
      editDistance(lower, name.toLowerCase()),
      editDistance(lower, short.toLowerCase()) + 0.5,
    );
    if (distance <= Math.max(1.5, written.length / 3) && distance < (best?.distance ?? Infinity))
      best = { name, distance };
  }
  return best?.name;
}

/** Insertions, deletions, replacements and swaps of neighbours. */
function editDistance(a: string, b: string): number {
  let before: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = last[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      row[j] = Math.min(replaced, last[j]! + 1, row[j - 1]! + 1);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        row[j] = Math.min(row[j]!, before[j - 2]! + 1);
    }
    [before, last] = [last, row];
  }
  return last[b.length]!;
}
