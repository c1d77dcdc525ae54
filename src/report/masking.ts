import type { Finding, Range } from '../core/finding.ts';

/** A source text whose secrets cannot be read from it. */
export interface Masked {
  /** As it is: for counting lines and columns, never for showing. */
  readonly text: string;
  /** A stretch of it in which every character of every secret is "*". */
  mask(from: number, to: number): string;
  /** Takes out secrets that stand elsewhere too. */
  readonly scrub: Scrub;
  /** UTF-16 units that must stand on both sides of a piece for `scrub` to know what it sees. */
  readonly reach: number;
}

/** Takes the known secrets out of any text. */
export type Scrub = (text: string) => string;

/** Where a file's secrets lie, ascending and apart. A secret finding without a range means the whole file. */
export function secretRanges(findings: readonly Finding[], length: number): readonly Range[] {
  const ranges = findings
    .filter(({ secret }) => secret)
    .map(({ at: { range = [0, length] as const }, mark = 0 }): Range => [
      Math.max(0, range[0] + mark),
      Math.min(length, range[1]),
    ])
    .filter(([from, to]) => from < to)
    .sort((a, b) => a[0] - b[0]);
  const merged: Range[] = [];
  for (const [from, to] of ranges) {
    const last = merged.at(-1);
    if (last && from <= last[1]) merged[merged.length - 1] = [last[0], Math.max(last[1], to)];
    else merged.push([from, to]);
  }
  return merged;
}

/** Newlines stay, so that lines keep their numbers. */
export const stars = (text: string): string => text.replace(/[^\r\n]/g, '*');

/** A stretch of `text` with the ranges in it masked. */
export function maskedSlice(text: string, ranges: readonly Range[], from: number, to: number): string {
  let shown = '';
  let at = from;
  for (const [start, end] of ranges) {
    if (end <= at) continue;
    if (start >= to) break;
    shown += text.slice(at, Math.max(at, start)) + stars(text.slice(Math.max(at, start), Math.min(end, to)));
    at = Math.min(end, to);
  }
  return shown + text.slice(at, to);
}

/** Below this a secret is a word like any other ("admin"), and taking it out everywhere would make nonsense of sentences. */
const SHORTEST = 8;
const PLAIN_WORD = /^[a-z]{1,15}$/i;

/** The pieces of one secret that would give it away wherever they stood: itself, and each line of a long one. */
export function telling(secret: string): string[] {
  const lines = secret.split(/\r?\n/).map((line) => line.trim());
  const pieces = lines.length === 1 ? lines : lines.filter((line) => line.length >= 16 && !line.startsWith('-----'));
  return pieces.filter((piece) => piece.length >= SHORTEST && !PLAIN_WORD.test(piece)).flatMap(chunks);
}

/** A frame reads so much more on both sides than it shows. */
const LONGEST = 512;

const chunks = (piece: string): string[] => {
  const count = Math.max(1, Math.floor(piece.length / LONGEST));
  return Array.from({ length: count }, (_, at) =>
    piece.slice(at * LONGEST, at === count - 1 ? undefined : (at + 1) * LONGEST),
  );
};

/** One pass over a text for any number of secrets. `reach` is the length of the longest. */
export function scrubber(secrets: Iterable<string>): { readonly scrub: Scrub; readonly reach: number } {
  const byHead = new Map<string, string[]>();
  let reach = 0;
  for (const secret of new Set(secrets)) {
    const head = secret.slice(0, SHORTEST);
    byHead.set(head, [...(byHead.get(head) ?? []), secret]);
    reach = Math.max(reach, secret.length);
  }
  for (const group of byHead.values()) group.sort((a, b) => b.length - a.length);
  if (reach === 0) return { scrub: (text) => text, reach };
  const scrub: Scrub = (text) => {
    let shown = '';
    let copied = 0;
    for (let at = 0; at + SHORTEST <= text.length; at++) {
      const secret = byHead.get(text.slice(at, at + SHORTEST))?.find((one) => text.startsWith(one, at));
      if (secret === undefined) continue;
      shown += text.slice(copied, at) + stars(secret);
      copied = at + secret.length;
      at = copied - 1;
    }
    return shown + text.slice(copied);
  };
  return { scrub, reach };
}
