import fc from 'fast-check';
import { expect, test } from 'vitest';
import { damaged, exampleTexts, judgeTogether, readThrough } from './fuzz/texts.ts';

// The long run is by hand: node test/fuzz/run.mjs <folder of .sql files> --count 100000

const texts = exampleTexts();

test('every example of a rule is counted as PostgreSQL counts it', async () => {
  let statements = 0;
  for (const text of texts) statements += (await readThrough(text)).statements;
  expect(statements).toBeGreaterThan(texts.length);
});

test('a damaged file is read to its end, and counted as PostgreSQL counts it', async () => {
  await fc.assert(
    fc.asyncProperty(damaged(texts, 400), async (text) => void (await readThrough(text))),
    { numRuns: 600 },
  );
});

test('no rule breaks over damaged migrations that run one after the other', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(damaged(texts, 400), { minLength: 10, maxLength: 25 }),
      async (files) => void (await judgeTogether(files)),
    ),
    { numRuns: 12 },
  );
});
