import { createRequire } from 'node:module';
import { describe, expect, test } from 'vitest';
import { memorySnapshot } from '../src/repo/memory.ts';
import { catalogueLines } from './replay/catalogue.ts';
import { openDatabase } from './replay/database.ts';
import { EFFECTS } from './replay/effects.ts';
import { linesOf, replayed } from './replay/history.ts';

const installed = ((): boolean => {
  try {
    createRequire(import.meta.url).resolve('@electric-sql/pglite');
    return true;
  } catch {
    return false;
  }
})();

describe.skipIf(!installed)('against a real catalogue (needs @electric-sql/pglite)', () => {
  test('the replay shows what PostgreSQL made of the same statements', { timeout: 120_000 }, async () => {
    const memory = memorySnapshot(EFFECTS);
    const { replay, statements } = await replayed({
      ...memory,
      declared: { ...memory.declared, migrations: [{ layout: 'plain', dir: 'db' }] },
    });
    const { database, ignored } = await openDatabase(false);
    try {
      const before = await catalogueLines(database, ignored);
      for (const { text } of statements) expect(await database.run(text), text).toBeUndefined();
      await database.reset();
      const real = [...(await catalogueLines(database, ignored))].filter((line) => !before.has(line));
      const told = [...linesOf(replay.end, ignored)].filter((line) => !before.has(line));
      expect(real.length).toBeGreaterThan(150);
      expect(told.sort()).toEqual(real.sort());
    } finally {
      await database.close();
    }
  });
});
