import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { documents } from '../src/dev/documents.ts';

test('the generated pages are what the rules say today (npm run docs writes them)', async () => {
  for (const [path, text] of await documents()) expect(readFileSync(path, 'utf8'), path).toBe(text);
});
