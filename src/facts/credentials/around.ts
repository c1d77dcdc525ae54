/** The characters at which a run ends: ASCII, as a table. */
export type Ends = Uint8Array;

export function ends(chars: string): Ends {
  const table = new Uint8Array(128);
  for (const char of chars) table[char.charCodeAt(0)] = 1;
  return table;
}

/** What stands before `at`, back to a character that ends it: at most so many. */
export function runBefore(text: string, at: number, table: Ends, most: number): string {
  const first = Math.max(0, at - most);
  let start = at;
  while (start > first && table[text.charCodeAt(start - 1)] !== 1) start--;
  return text.slice(start, at);
}

/** What stands from `at` on, up to a character that ends it: at most so many. */
export function runAfter(text: string, at: number, table: Ends, most: number): string {
  const last = Math.min(text.length, at + most);
  let end = at;
  while (end < last && table[text.charCodeAt(end)] !== 1) end++;
  return text.slice(at, end);
}
