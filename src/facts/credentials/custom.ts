import { findNow } from '../patterns.ts';
import { entropy, sha256 } from './checksum.ts';
import type { Format, Stretch } from './format.ts';
import { matcher } from './matcher.ts';

/** A format that a policy declares. Plain JSON. */
export interface CustomFormat {
  readonly id: string;
  /** With its article: "an Acme deploy key". */
  readonly names: string;
  /** One of them stands in or near each secret, in any case. */
  readonly keywords: readonly string[];
  /** RE2. Its group `secret`, else its first group, else all of it is the secret. */
  readonly pattern: string;
  /** Bits per character below which a match is a placeholder. */
  readonly entropy?: number | undefined;
  readonly examples: { readonly found: readonly string[]; readonly ignored: readonly string[] };
}

export const CUSTOM_RULE = 'secrets/custom-format';

/** Units on both sides of a keyword in which the pattern is tried. */
const BEFORE = 500;
const BEHIND = 2000;

/** The same as the matcher knows others. `loadPatterns` must have been awaited. */
export function toFormat({ id, names, keywords, pattern, entropy: least = 0, examples }: CustomFormat): Format {
  let text: string | undefined;
  /** Keywords up to here were in the middle of what was searched. */
  let searched = 0;
  function* find(given: string, at: number): Iterable<Stretch> {
    if (given !== text) [text, searched] = [given, 0];
    if (at < searched) return;
    const from = Math.max(0, at - BEFORE);
    searched = at + BEFORE;
    for (const [start, end] of findNow(pattern, given.slice(from, at + BEHIND), MOST)) {
      const secret = given.slice(from + start, from + end);
      if (secret === '' || entropy(secret) < least) continue;
      // A digest of what can be guessed would give it away.
      const random = secret.length >= 16 && entropy(secret) >= 3;
      yield { start: from + start, end: from + end, ...(!random && { host: id }) };
    }
  }
  return {
    id: `custom/${id}`,
    rule: CUSTOM_RULE,
    names,
    keywords,
    anyCase: true,
    find,
    // The policy's own examples are no secrets.
    published: examples.found.flatMap((example) =>
      [...findNow(pattern, example, MOST)].map(([start, end]) => sha256(example.slice(start, end))),
    ),
    sample: () => '',
  };
}

const MOST = 100;

/** What is wrong with the examples: each as a path below "examples", and a sentence. */
export function* wrongExamples(
  format: CustomFormat,
): Iterable<{ readonly path: (string | number)[]; readonly message: string }> {
  const { published: _, ...bare } = toFormat(format);
  const find = matcher([bare as Format]);
  const { found, ignored } = format.examples;
  for (const [at, example] of found.entries()) {
    if (find(example).length === 0)
      yield {
        path: ['found', at],
        message: 'is not found: no keyword stands near it, the pattern does not match, or its entropy is too low',
      };
  }
  for (const [at, example] of ignored.entries()) {
    if (find(example).length > 0) yield { path: ['ignored', at], message: 'is found, and is said to be none' };
  }
}
