import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { killing } from './kills/harness.ts';

// `node src/dev/run.mjs test/kills/run.ts` does it 200 times.
test('killed at any moment, beside somebody who commits, nothing has changed', async () => {
  const { changed, lost, broken } = await killing({ engine: resolve('dist/bin.cjs'), trials: 6, seed: 7 });
  expect({ changed, lost, broken }).toEqual({ changed: [], lost: 0, broken: '' });
}, 300_000);
