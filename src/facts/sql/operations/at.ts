import type { Range } from '../../../core/finding.ts';
import { areWords, isWord, rangeOf, tokenRange, type Source } from '../source.ts';

/** The statement. */
export const whole = (source: Source): Range => rangeOf(source, source.first, source.end);

/** The token behind these words, IF [NOT] EXISTS, CONCURRENTLY and ONLY skipped; undefined where they do not stand. */
export function behind(source: Source, ...words: readonly string[]): number | undefined {
  for (let t = source.first; t < source.end; t++) {
    if (!areWords(source, t, ...words)) continue;
    return skip(source, t + words.length);
  }
  return undefined;
}

/** Past IF [NOT] EXISTS, CONCURRENTLY and ONLY. */
export function skip(source: Source, token: number): number {
  let t = token;
  for (;;) {
    if (isWord(source, t, 'concurrently', 'only')) t++;
    else if (areWords(source, t, 'if', 'not', 'exists')) t += 3;
    else if (areWords(source, t, 'if', 'exists')) t += 2;
    else return t;
  }
}

export const rangeBehind = (source: Source, ...words: readonly string[]): Range | undefined => {
  const token = behind(source, ...words);
  return token === undefined || token >= source.end ? undefined : tokenRange(source, token);
};
