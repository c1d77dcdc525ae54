import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { beforeAll, describe, expect, test } from 'vitest';
import { makeFolder, makeRepository, type RunOptions, type TestRepository } from './git.ts';

// Real hooks, run by Git, in the state that Git leaves a repository in while it waits for them.

const PROGRAM = `
  import { readFileSync, writeFileSync } from 'node:fs';
  import { drain, openRepository } from './src/repo/open.ts';
  const [hook, ...args] = process.argv.slice(2);
  const source = await openRepository(process.cwd(), { expect: 'staged' });
  const show = async ({ changes, head, base, branch, identity, commits }) => ({
    base: base.name,
    branch,
    author: identity?.email,
    commits: commits.map(({ message }) => message.trim()),
    changes: Object.fromEntries(await Promise.all(changes.map(async ({ kind, path, after }) =>
      [path, after ? kind + ': ' + await head.read(path) : kind]))),
  });
  const result = hook === 'pre-push' ? await Promise.all((await source.push(String(await drain(process.stdin)), ...args)).map(async (push) => ({ ref: push.ref, ...(push.change && await show(push.change)) })))
    : hook === 'pre-receive' ? await Promise.all((await source.receive(String(await drain(process.stdin)))).map(async (push) => ({ ref: push.ref, ...(push.change && await show(push.change)) })))
    : { ...await show(await source.staged()), ...(hook === 'commit-msg' && { messages: await source.messages(readFileSync(args[0])) }) };
  writeFileSync(process.env.TEST_OUT, JSON.stringify(result));
  await source.close();
  if (JSON.stringify(result).includes('REJECT')) process.exit(1);
`;

let program: string;
beforeAll(async () => {
  program = join(makeFolder(), 'judge.mjs');
  await build({
    stdin: { contents: PROGRAM, resolveDir: process.cwd(), loader: 'ts' },
    bundle: true,
    platform: 'node',
    format: 'esm',
    outfile: program,
  });
});

function hooked(...hooks: string[]) {
  const repository = makeRepository();
  for (const hook of hooks) repository.hook(hook, `exec "${process.execPath}" "${program}" ${hook} "$@"`);
  return repository;
}

/** Runs a git command; returns what the last hook in it saw. */
function seen(repository: TestRepository, args: readonly string[], options: RunOptions = {}) {
  const out = join(repository.dir, '.git', 'seen.json');
  rmSync(out, { force: true });
  repository.git(args, { ...options, env: { ...options.env, TEST_OUT: out } });
  return existsSync(out) ? JSON.parse(readFileSync(out, 'utf8')) : undefined;
}

describe('pre-commit sees what this commit will hold', () => {
  test('git commit, git commit -a, git commit <path>', () => {
    const repository = hooked('pre-commit');
    repository.write({ a: '1', b: '1' });
    repository.git(['add', '-A']);
    expect(seen(repository, ['commit', '-q', '-m', 'one'])).toEqual({
      base: 'empty tree',
      branch: 'main',
      author: 'ada@example.com',
      commits: [],
      changes: { a: 'added: 1', b: 'added: 1' },
    });
    repository.write({ a: 'staged', b: '2' });
    repository.git(['add', 'a']);
    repository.write({ a: 'on disk' });
    expect(seen(repository, ['commit', '-q', '-m', 'two']).changes).toEqual({ a: 'modified: staged' });
    expect(seen(repository, ['commit', '-q', '-a', '-m', 'three']).changes).toEqual({
      a: 'modified: on disk',
      b: 'modified: 2',
    });
    repository.write({ a: '4', b: '4' });
    repository.git(['add', '-A']);
    const args = ['commit', '-q', '-m', 'four', '--author', 'Bob <bob@example.com>', 'b'];
    expect(seen(repository, args)).toMatchObject({ author: 'bob@example.com', changes: { b: 'modified: 4' } });
    expect(repository.git(['status', '--porcelain'])).toBe('M  a');
  });

  test('--amend is measured against the commit before, also the first one', () => {
    const repository = hooked('pre-commit');
    repository.write({ a: '1' });
    repository.git(['add', '-A']);
    repository.git(['commit', '-q', '--no-verify', '-m', 'one']);
    repository.write({ b: '1' });
    repository.git(['add', '-A']);
    expect(seen(repository, ['commit', '-q', '--amend', '--no-edit'])).toMatchObject({
      base: 'empty tree',
      changes: { a: 'added: 1', b: 'added: 1' },
    });
    repository.write({ c: '1' });
    repository.git(['add', '-A']);
    expect(seen(repository, ['commit', '-q', '-m', 'two']).changes).toEqual({ c: 'added: 1' });
    repository.write({ d: '1' });
    repository.git(['add', '-A']);
    expect(seen(repository, ['commit', '-q', '--amend', '-m', 'again']).changes).toEqual({
      c: 'added: 1',
      d: 'added: 1',
    });
  });

  test('a second commit within the same second is no amendment', () => {
    const repository = hooked('pre-commit');
    // A little ahead, for machines on which a commit takes long.
    const now = { GIT_AUTHOR_DATE: `@${Math.floor(Date.now() / 1000) + 8} +0000` };
    const commit = (message: string) => {
      repository.git(['add', '-A']);
      return seen(repository, ['commit', '-q', '-m', message], { env: now });
    };
    repository.write({ a: '1' });
    commit('one');
    repository.write({ b: '1' });
    expect(commit('two')).toMatchObject({ base: 'HEAD', changes: { b: 'added: 1' } });
  });

  test('a merge without conflicts, in pre-merge-commit; a linked work tree; a folder below', () => {
    const repository = hooked('pre-commit', 'pre-merge-commit');
    repository.commit('one', { f: '1', 'sub/g': '1' });
    repository.git(['checkout', '-q', '-b', 'side']);
    repository.commit('side', { side: '1' });
    repository.git(['checkout', '-q', 'main']);
    repository.commit('main', { main: '1' });
    expect(seen(repository, ['merge', '-q', '--no-edit', 'side'])).toMatchObject({ base: 'HEAD', changes: {} });
    repository.git(['reset', '-q', '--hard', 'HEAD^']);
    const ours = seen(repository, ['merge', '-q', '--no-edit', '-s', 'ours', 'side']);
    expect(ours).toMatchObject({ changes: {} });

    const linked = makeRepository({ at: addWorkTree(repository) });
    linked.write({ 'sub/g': '2', new: 'n' });
    linked.git(['add', '-A']);
    expect(seen(repository, ['commit', '-q', '-m', 'linked'], { cwd: join(linked.dir, 'sub') })).toMatchObject({
      branch: 'topic',
      changes: { new: 'added: n', 'sub/g': 'modified: 2' },
    });
  });

  test('commit-msg knows the message as it will be stored', () => {
    const repository = hooked('commit-msg');
    repository.write({ a: '1' });
    repository.git(['add', '-A']);
    const told = seen(repository, ['commit', '-q', '-m', 'one  ', '-m', '# kept', '-m', '\n\nend\n\n']);
    expect(told.changes).toEqual({ a: 'added: 1' });
    expect(told.messages[0]).toBe('one\n\n# kept\n\nend\n');
    expect(repository.git(['cat-file', 'commit', 'HEAD'])).toMatch(/\n\none\n\n# kept\n\nend$/);
    repository.write({ editor: `#!/bin/sh\nprintf 'typed\\n\\n' | cat - "$1" > "$1.new" && mv "$1.new" "$1"\n` });
    repository.executable('editor');
    const env = { GIT_EDITOR: join(repository.dir, 'editor') };
    const edited = seen(repository, ['commit', '--allow-empty', '-v'], { env });
    expect(edited.messages[0]).toBe('typed\n');
    expect(repository.git(['cat-file', 'commit', 'HEAD'])).toMatch(/\n\ntyped$/);
  });

  test('pre-push and pre-receive, with a push that is turned away', () => {
    const repository = hooked('pre-push');
    const server = makeRepository({ bare: true });
    server.hook('pre-receive', `exec "${process.execPath}" "${program}" pre-receive`);
    const bare = join(server.dir, 'seen.json');
    repository.git(['remote', 'add', 'origin', server.dir]);
    repository.commit('one', { a: '1' });
    repository.git(['push', '-q', '--no-verify', 'origin', 'main'], { env: { TEST_OUT: bare } });
    expect(JSON.parse(readFileSync(bare, 'utf8'))).toMatchObject([
      { ref: 'refs/heads/main', base: 'empty tree', commits: ['one'], changes: { a: 'added: 1' } },
    ]);
    repository.commit('two', { b: '2' });
    expect(seen(repository, ['push', '-q', 'origin', 'main', 'main:topic'])).toMatchObject([
      { ref: 'refs/heads/main', commits: ['two'], changes: { b: 'added: 2' } },
      { ref: 'refs/heads/topic', commits: ['two'] },
    ]);
    repository.commit('three', { c: 'REJECT' });
    expect(() => repository.git(['push', '-q', '--no-verify', 'origin', 'main'], { env: { TEST_OUT: bare } })).toThrow(
      /rejected/,
    );
    expect(server.git(['log', '-1', '--format=%s', 'main'])).toBe('two');
    expect(seen(repository, ['push', '-q', 'origin', ':topic'])).toEqual([{ ref: 'refs/heads/topic' }]);
  });
});

function addWorkTree(repository: TestRepository): string {
  const dir = join(makeFolder(), 'linked');
  repository.git(['worktree', 'add', '-q', '-b', 'topic', dir]);
  return dir;
}
