import { describe, expect, test } from 'vitest';
import claimedVersion from '../rules/migrations/claimed-version.ts';
import modifiedApplied from '../rules/migrations/modified-applied-migration.ts';
import outOfOrder from '../rules/migrations/out-of-order-version.ts';
import type { ChangeSet } from '../src/core/change.ts';
import { judge } from '../src/engine/judge.ts';
import { readPolicy } from '../src/engine/policy/resolve.ts';
import { stampOf } from '../src/facts/versions.ts';
import { memoryChangeSet } from '../src/repo/memory.ts';
import { makeFolder, makeRepository, open } from './git.ts';

const catalogue = { rules: [claimedVersion, modifiedApplied, outOfOrder], presets: {} };

async function messages(change: ChangeSet): Promise<string[]> {
  const text = JSON.stringify({ rules: { 'migrations/*': 'error' } });
  const policy = await readPolicy(memoryChangeSet({ 'repolicy.jsonc': text }).head, catalogue);
  if (!policy || !('ok' in policy)) throw new Error('no policy');
  const { findings, notices } = await judge(change, { catalogue, policy: policy.ok });
  return [
    ...findings.map(({ at: { path }, message }) => `${path}: ${message}`),
    ...notices.map(({ message }) => message),
  ];
}

const dir = 'supabase/migrations';
const file = (version: string, name: string) => `${dir}/${version}_${name}.sql`;
const first = { [file('20260101090000', 'a')]: 'select 1;' };
const rooms = file('20260105090000', 'rooms');
const bookings = file('20260105090000', 'bookings');

describe('a claimed version', () => {
  test('is found on a branch, from the index and from the work tree', async () => {
    const repository = makeRepository();
    repository.commit('feat: a', first);
    repository.git(['checkout', '-q', '-b', 'bookings']);
    repository.commit('feat: bookings', { [bookings]: 'select 2;' });
    repository.git(['checkout', '-q', '-b', 'rooms', 'main']);
    repository.write({ [rooms]: 'select 3;' });
    const said = [
      expect.stringContaining(`${rooms}: Takes the version 20260105090000 of ${bookings}, which waits on bookings`),
    ];
    expect(await messages(await (await open(repository)).uncommitted())).toEqual(said);
    repository.git(['add', '-A']);
    expect(await messages(await (await open(repository)).staged())).toEqual(said);
    repository.commit('feat: rooms');
    expect(await messages(await (await open(repository)).since('main'))).toEqual(said);
  });

  test('is found on a remote branch, and once it is merged there', async () => {
    const origin = makeRepository();
    origin.commit('feat: a', first);
    const dir = makeFolder();
    origin.git(['clone', '-q', origin.dir, dir]);
    const clone = makeRepository({ at: dir });
    origin.git(['checkout', '-q', '-b', 'bookings']);
    origin.commit('feat: bookings', { [bookings]: 'select 2;' });
    clone.git(['checkout', '-q', '-b', 'rooms']);
    clone.write({ [rooms]: 'select 3;' });
    expect(await messages(await (await open(clone)).uncommitted()), 'not fetched').toEqual([]);
    clone.git(['fetch', '-q']);
    expect(await messages(await (await open(clone)).uncommitted())).toEqual([
      expect.stringContaining('which waits on origin/bookings'),
    ]);
    origin.git(['checkout', '-q', 'main']);
    origin.git(['merge', '-q', '--no-ff', '-m', 'merge', 'bookings']);
    clone.git(['fetch', '-q']);
    expect(await messages(await (await open(clone)).uncommitted())).toEqual([
      expect.stringContaining('which is on origin/main already'),
    ]);
    clone.commit('feat: rooms');
    const update = `refs/heads/rooms ${clone.id('HEAD')} refs/heads/rooms ${'0'.repeat(40)}\n`;
    const [push] = await (await open(clone)).push(update, 'origin', origin.dir);
    expect(await messages((push as { change: ChangeSet }).change)).toEqual([
      expect.stringContaining('which is on origin/main already'),
    ]);
  });

  test('is found where another work tree stands on no branch', async () => {
    const repository = makeRepository();
    repository.commit('feat: a', first);
    const other = `${makeFolder()}/review`;
    repository.git(['worktree', 'add', '-q', '--detach', other]);
    const there = makeRepository({ at: other });
    there.commit('feat: bookings', { [bookings]: 'select 2;' });
    repository.write({ [rooms]: 'select 3;' });
    expect(await messages(await (await open(repository)).uncommitted())).toEqual([
      expect.stringContaining('which waits on work tree review'),
    ]);
    there.write({ [rooms]: 'select 3;', [bookings]: null });
    expect(await messages(await (await open(there)).uncommitted()), 'its own commit is no claim').toEqual([]);
  });

  test('is none on a branch that is merged, that is behind, or that is the same one before it was changed', async () => {
    const origin = makeRepository();
    origin.commit('feat: a', first);
    origin.git(['branch', 'behind']);
    const dir = makeFolder();
    origin.git(['clone', '-q', origin.dir, dir]);
    const clone = makeRepository({ at: dir });
    clone.git(['checkout', '-q', '-b', 'rooms', '--track', 'origin/behind']);
    clone.commit('feat: rooms', { [bookings]: 'select 3;' });
    clone.git(['push', '-q', 'origin', 'rooms']);
    clone.git(['push', '-q', 'origin', 'rooms:behind']);
    clone.git(['branch', 'merged']);
    clone.write({ [bookings]: null, [rooms]: 'select 4;' });
    expect(await messages(await (await open(clone)).uncommitted()), 'merged').toEqual([]);
    clone.git(['branch', '-D', 'merged']);
    clone.git(['reset', '-q', '--soft', 'main']);
    clone.git(['add', '-A']);
    expect(await messages(await (await open(clone)).staged()), 'its upstream, and its namesake').toEqual([]);
    clone.git(['branch', '--unset-upstream']);
    expect(await messages(await (await open(clone)).staged()), 'now another one').toEqual([
      expect.stringContaining('waits on origin/behind'),
    ]);
  });

  test('costs nothing where no migration is added', async () => {
    const repository = makeRepository();
    repository.commit('feat: a', first);
    repository.write({ 'README.md': 'x' });
    const change = await (await open(repository)).uncommitted();
    let asked = 0;
    expect(await messages({ ...change, heads: (...args) => (asked++, change.heads!(...args)) })).toEqual([]);
    expect(asked).toBe(0);
  });

  test('is looked for on the newest branches, and the others are named', async () => {
    const repository = makeRepository();
    repository.commit('feat: a', first);
    repository.git(['checkout', '-q', '-b', 'bookings']);
    const id = repository.commit('feat: bookings', { [file('20260106090000', 'b')]: 'select 2;' });
    const refs = Array.from({ length: 501 }, (_, i) => `create refs/heads/x/${i} ${id}\n`).join('');
    repository.git(['update-ref', '--stdin'], { input: refs });
    repository.git(['checkout', '-q', '-b', 'rooms', 'main']);
    repository.write({ [rooms]: 'select 3;' });
    expect(await messages(await (await open(repository)).uncommitted())).toEqual([
      'Claimed versions were looked for on the 500 newest branches that are not merged; older ones were left out.',
    ]);
  });
});

describe('a merged migration', () => {
  test('may not go, or move; what only the own branch has may', async () => {
    const repository = makeRepository();
    repository.commit('feat: a', first);
    repository.write({ [file('20260101090000', 'a')]: null });
    const gone = 'Deletes supabase/migrations/20260101090000_a.sql, which is merged already: `supabase db push` stops';
    expect(await messages(await (await open(repository)).uncommitted())).toEqual([expect.stringContaining(gone)]);
    repository.write(first);
    repository.git(['checkout', '-q', '-b', 'rooms']);
    repository.commit('feat: rooms', { [rooms]: 'select 3;' });
    repository.write({ [rooms]: 'select 4;' });
    expect(await messages(await (await open(repository)).uncommitted())).toEqual([]);
    repository.write({ [rooms]: null });
    expect(await messages(await (await open(repository)).uncommitted())).toEqual([]);
    repository.write({ [rooms]: 'select 3;', [file('20260101090000', 'a')]: 'select 9;' });
    expect(await messages(await (await open(repository)).uncommitted())).toEqual([
      expect.stringContaining('Rewrites supabase'),
    ]);
  });
});

test('the main branch decides what comes too late', async () => {
  const repository = makeRepository();
  repository.commit('feat: a', first);
  repository.git(['checkout', '-q', '-b', 'rooms']);
  repository.git(['checkout', '-q', 'main']);
  repository.commit('feat: c', { [file('20260109090000', 'c')]: 'select 2;' });
  repository.git(['checkout', '-q', 'rooms']);
  repository.write({ [rooms]: 'select 3;' });
  expect(await messages(await (await open(repository)).uncommitted())).toEqual([
    expect.stringContaining(`${rooms}: Comes before ${file('20260109090000', 'c')}, which is on main already`),
  ]);
});

test.each([
  ['20260105091637', '2026-01-05T09:16:37.000Z'],
  ['202601050916', '2026-01-05T09:16:00.000Z'],
  ['2026-01-05-091637', '2026-01-05T09:16:37.000Z'],
  ['20260105', '2026-01-05T00:00:00.000Z'],
  ['2026010503', '2026-01-05T00:00:00.000Z'],
  ['1767604597', '2026-01-05T09:16:37.000Z'],
  ['1767604597000', '2026-01-05T09:16:37.000Z'],
  ['20260230091637', 'no day 30 in month 02 of 2026'],
  ['20260105241637', 'no hour 24'],
  ['0012', undefined],
  ['20261301', undefined],
  ['200131120000', undefined],
  ['00000000000000', undefined],
  ['1.2', undefined],
])('the version %s is %s', (version, is) => {
  const stamp = stampOf(version);
  expect(stamp?.is === 'moment' ? stamp.date.toISOString() : stamp?.what).toBe(is);
});
