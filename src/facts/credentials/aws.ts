import { entropy } from './checksum.ts';
import type { Near, Stretch, Weight } from './format.ts';
import { isFiller } from './placeholder.ts';

/** The secret half of a pair that stands near an access key id, whatever it is called there. */
export function* secretBesideKeyId(text: string, at: number): Iterable<Stretch> {
  KEY_ID.lastIndex = at;
  if (!KEY_ID.test(text)) return;
  const from = Math.max(0, at - WINDOW);
  for (const { start, end } of secretsIn(text.slice(from, at + WINDOW))) yield { start: from + start, end: from + end };
}

/** A key id is half of a pair: a temporary one opens nothing without the other half. */
export function weighKeyId(id: string, { before, after }: Near): Weight {
  if (/[0189]/.test(id.slice(4))) return { atMost: 'warning', doubt: 'AWS issues none with the digits 0, 1, 8 or 9' };
  const paired = [before.slice(-WINDOW), after.slice(0, WINDOW)].some((text) => [...secretsIn(text)].length > 0);
  if (paired || id.startsWith('AKIA')) return {};
  return { atMost: 'warning', doubt: 'it is a temporary one and its secret is not beside it' };
}

/** Forty characters of base64 that are no hash, no path and no word. */
export const looksLikeSecret = (text: string): boolean =>
  /[a-z]/.test(text) &&
  /[A-Z]/.test(text) &&
  /\d/.test(text) &&
  text.split('/').length <= 5 &&
  entropy(text) >= 4.2 &&
  !isFiller(text);

const WINDOW = 300;
const KEY_ID = /A[KS]IA[A-Z2-7]{16}(?![A-Za-z0-9])/y;

function* secretsIn(text: string): Iterable<{ readonly start: number; readonly end: number }> {
  for (const { 0: value, index } of text.matchAll(/(?<![A-Za-z0-9/+_-])[A-Za-z0-9/+]{40}(?![A-Za-z0-9/+=_-])/g)) {
    if (looksLikeSecret(value)) yield { start: index, end: index + value.length };
  }
}
