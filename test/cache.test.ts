import {
  chmodSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { openCache } from '../src/cache/open.ts';
import { makeFolder } from './git.ts';

const bytes = (text: string): Buffer => Buffer.from(text);

/** One run: puts what is new, then says what it found. */
function run(folder: string, put: Record<string, string>, get: readonly string[] = [], build = 'one', limit?: number) {
  const cache = openCache(folder, build, limit);
  const shelf = cache.shelf('facts');
  for (const [key, value] of Object.entries(put)) shelf.put(key, bytes(value));
  const found = get.map((key) => shelf.get(key)?.toString());
  cache.close();
  return found;
}

const files = (folder: string) => readdirSync(join(folder, 'facts')).map((name) => join(folder, 'facts', name));

describe('the cache', () => {
  test('what one run puts, the next one gets; and at once, too', () => {
    const folder = join(makeFolder(), 'not', 'there', 'yet');
    expect(run(folder, { a: 'one', b: '' }, ['a', 'c'])).toEqual(['one', undefined]);
    expect(run(folder, { d: 'four' }, ['a', 'b', 'c'])).toEqual(['one', '', undefined]);
    expect(run(folder, {}, ['a', 'b', 'd'])).toEqual(['one', '', 'four']);
  });

  test('a run that only reads writes nothing', () => {
    const folder = join(makeFolder(), 'cache');
    run(folder, {}, ['a']);
    expect(() => files(folder)).toThrow(/ENOENT/);
  });

  test('many small segments become one, and nothing is lost', () => {
    const folder = makeFolder();
    const keys = Array.from({ length: 30 }, (_, i) => `key${i}`);
    for (const key of keys) run(folder, { [key]: `of ${key}` });
    expect(files(folder).length).toBeLessThan(10);
    expect(run(folder, {}, keys)).toEqual(keys.map((key) => `of ${key}`));
  });

  test('runs at the same time do not lose what the other one adds', () => {
    const folder = makeFolder();
    const [a, b] = [openCache(folder, 'one'), openCache(folder, 'one')];
    a.shelf('facts').put('a', bytes('1'));
    b.shelf('facts').get('x');
    b.shelf('facts').put('b', bytes('2'));
    a.close();
    b.close();
    expect(run(folder, {}, ['a', 'b'])).toEqual(['1', '2']);
  });

  test('another build sees nothing of it, and takes nothing away', () => {
    const folder = makeFolder();
    run(folder, { a: 'one' });
    expect(run(folder, { a: 'two' }, [], 'two')).toEqual([]);
    expect(run(folder, {}, ['a'], 'three')).toEqual([undefined]);
    expect([run(folder, {}, ['a']), run(folder, {}, ['a'], 'two')]).toEqual([['one'], ['two']]);
  });

  test('no byte can be changed without its value being passed over', () => {
    const folder = makeFolder();
    run(folder, { a: 'the first', b: 'the second' });
    const [file] = files(folder);
    const whole = readFileSync(file!);
    for (let i = 0; i < whole.length; i++) {
      const damaged = Buffer.from(whole);
      damaged[i]! ^= 0x41;
      writeFileSync(file!, damaged);
      const [a, b] = run(folder, {}, ['a', 'b']);
      expect([undefined, 'the first']).toContain(a);
      expect([undefined, 'the second']).toContain(b);
      expect(a === undefined || b === undefined).toBe(true);
    }
  });

  test('a segment that was cut off, an empty one and a folder in its place are passed over', () => {
    const folder = makeFolder();
    run(folder, { a: 'a'.repeat(1000) });
    const [file] = files(folder);
    for (const size of [500, 40, 20, 0]) {
      truncateSync(file!, size);
      expect(run(folder, {}, ['a'])).toEqual([undefined]);
    }
    mkdirSync(`${file!.slice(0, -1)}x`);
    expect(run(folder, { b: 'b' }, ['a', 'b'])).toEqual([undefined, 'b']);
  });

  test('a folder that cannot be written to, or is no folder, is no error', () => {
    const dir = makeFolder();
    writeFileSync(join(dir, 'file'), '');
    expect(run(join(dir, 'file'), { a: '1' }, ['a'])).toEqual(['1']);
    mkdirSync(join(dir, 'closed'));
    chmodSync(join(dir, 'closed'), 0o500);
    expect(run(join(dir, 'closed'), { a: '1' }, ['a'])).toEqual(['1']);
  });

  test('it keeps to its limit: what was not used for longest goes first', () => {
    const folder = makeFolder();
    const used = new Map<string, Date>();
    for (const [i, key] of ['a', 'b', 'c', 'd'].entries()) {
      const before = new Set(i === 0 ? [] : files(folder));
      run(folder, { [key]: key.repeat(400) }, [], 'one', 1600);
      for (const file of files(folder)) if (!before.has(file)) used.set(file, new Date(2026, 0, 1 + i));
      for (const [file, date] of used) if (files(folder).includes(file)) utimesSync(file, date, date);
    }
    expect(files(folder).reduce((sum, file) => sum + statSync(file).size, 0)).toBeLessThan(1600);
    expect(run(folder, {}, ['a', 'd'], 'one', 1600)).toEqual([undefined, 'd'.repeat(400)]);
  });

  test('a value too large for the shelf is not kept', () => {
    const folder = makeFolder();
    expect(run(folder, { a: 'a'.repeat(900) }, ['a'], 'one', 1600)).toEqual([undefined]);
  });
});
