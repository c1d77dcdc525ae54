import { describe, expect, test } from 'vitest';
import type { ChangeSet } from '../src/core/change.ts';
import { judge } from '../src/engine/judge.ts';
import { readPolicy } from '../src/engine/policy/resolve.ts';
import { memorySnapshot } from '../src/repo/memory.ts';
import { catalogue } from './example.ts';
import { makeRepository, open, type TestRepository } from './git.ts';

/** Message and place of what these settings find in a change. */
async function found(change: ChangeSet, rules: Readonly<Record<string, unknown>>): Promise<string[]> {
  const policy = await readPolicy(memorySnapshot({ 'repolicy.json': JSON.stringify({ rules }) }), catalogue);
  if (!policy || !('ok' in policy)) throw new Error(JSON.stringify(policy));
  const { findings } = await judge(change, { catalogue, policy: policy.ok });
  return findings.map(({ message }) => message);
}

const staged = async (repository: TestRepository) => (await open(repository)).staged();

describe('names that meet in one folder', () => {
  const rules = { 'change/case-collision': 'error' };

  test('against what is committed, without listing the tree', async () => {
    const repository = makeRepository();
    repository.commit('start', { 'Docs/Setup.md': 'a', 'lib/x.ts': 'b' });
    repository.write({ 'Docs/setup.md': 'c', 'LIB/y.ts': 'd' });
    repository.git(['add', '-A']);
    const change = await staged(repository);
    const paths = () => Promise.reject(new Error('the tree was listed'));
    expect(await found({ ...change, head: { ...change.head, paths } }, rules)).toEqual([
      'Docs/setup.md and Docs/Setup.md are one file on macOS and Windows.',
      'LIB/y.ts lies in another folder than lib, and on macOS and Windows in the same one.',
    ]);
    expect(await found(await (await open(repository)).uncommitted(), rules)).toHaveLength(2);
  });

  test('a folder whose files have all moved away is in nobody’s way', async () => {
    const repository = makeRepository();
    repository.commit('start', { 'Docs/deep/Setup.md': 'a', 'Docs/b.md': 'b' });
    repository.git(['mv', 'Docs', 'tmp']);
    repository.git(['mv', 'tmp', 'docs']);
    const change = await staged(repository);
    expect(await change.head.folder('')).toEqual(['docs']);
    expect(await change.base.folder('Docs')).toEqual(['b.md', 'deep']);
    expect(await change.head.folder('nowhere')).toEqual([]);
    expect(await found(change, rules)).toEqual([]);
  });

  test('in an audit, one listing serves for all', async () => {
    const repository = makeRepository();
    const many = Object.fromEntries(Array.from({ length: 600 }, (_, i) => [`a/${i % 20}/${i}.txt`, `${i}`]));
    repository.commit('start', { ...many, 'A/0/x': '1', 'a/0/X': '2' });
    expect(await found(await (await open(repository)).audit(), rules)).toEqual([
      'A/0/x lies in another folder than a, and on macOS and Windows in the same one.',
      'a/0/X and A/0/x are one file on macOS and Windows.',
    ]);
  });
});

test('a submodule that nobody declared, as git add makes one of a clone', async () => {
  const repository = makeRepository();
  repository.commit('start', { a: 'a' });
  makeRepository({ at: repository.dir }).git(['init', '-q', 'lib']);
  const inner = makeRepository({ at: `${repository.dir}/lib` });
  inner.commit('inner', { b: 'b' });
  repository.git(['add', 'lib']);
  const rules = { 'change/new-submodule': 'error' };
  const said = 'lib is a repository of its own, and .gitmodules says nothing of it.';
  expect(await found(await staged(repository), rules)).toEqual([said]);
  repository.write({ '.gitmodules': '[submodule "lib"]\n\tpath = lib\n\turl = https://a.example/lib.git ; ours\n' });
  repository.git(['add', '-A']);
  expect(await found(await staged(repository), rules)).toEqual([]);
});

describe('a history in one line', () => {
  const rules = { 'change/merge-commit': 'error' };

  test('a merge is found while it is made, and in what is pushed', async () => {
    const repository = makeRepository();
    repository.commit('start', { a: 'a' });
    repository.git(['checkout', '-q', '-b', 'side']);
    repository.commit('feat: side', { b: 'b' });
    repository.git(['checkout', '-q', 'main']);
    repository.commit('feat: main', { c: 'c' });
    repository.git(['merge', '-q', '--no-commit', 'side']);
    expect(await found(await staged(repository), rules)).toEqual(['This commit would be a merge.']);
    repository.git(['commit', '-q', '--no-edit']);
    const since = await (await open(repository)).since('main~1');
    expect(await found(since, rules)).toEqual([`"Merge branch 'side'" is a merge of 2 commits.`]);
  });
});

test('a required workflow that is deleted or renamed is missing, at its old place', async () => {
  const repository = makeRepository();
  const path = '.github/workflows/ci.yml';
  repository.commit('start', { [path]: 'on: pull_request\njobs: {}\n' });
  repository.git(['mv', path, '.github/workflows/tests.yml']);
  const rules = { 'config/required-check': ['error', { checks: [{ workflow: path }] }] };
  expect(await found(await staged(repository), rules)).toEqual([`The workflow ${path} is missing.`]);
});
