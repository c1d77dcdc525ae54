import { Readable } from 'node:stream';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { drain, type Push } from '../src/repo/open.ts';
import { makeFolder, makeRepository, open, shown, type TestRepository } from './git.ts';

const ZERO = '0'.repeat(40);

/** A repository and a remote named origin that has its main branch. */
function withRemote(): TestRepository {
  const remote = join(makeFolder(), 'remote.git');
  const repository = makeRepository();
  repository.commit('one', { a: '1' });
  repository.git(['init', '-q', '--bare', '-b', 'main', remote]);
  repository.git(['remote', 'add', 'origin', remote]);
  repository.git(['push', '-q', 'origin', 'main']);
  repository.git(['remote', 'set-head', 'origin', 'main']);
  return repository;
}

const told = (pushes: readonly Push[]) =>
  pushes.map((push) =>
    push.what === 'commits'
      ? [push.ref, ...shown(push.change), ...push.change.commits.map(({ message }) => message.trim())]
      : [push.ref, push.what],
  );

describe('pre-push', () => {
  test('a branch that goes on, one that is new, one that goes away', async () => {
    const repository = withRemote();
    const old = repository.id('HEAD');
    repository.commit('two', { b: '2' });
    repository.commit('three', { b: null, c: '3' });
    const head = repository.id('HEAD');
    repository.git(['branch', 'topic']);
    const source = await open(repository);
    const pushes = await source.push(
      [
        `refs/heads/main ${head} refs/heads/main ${old}`,
        `:/a message with spaces ${head} refs/heads/topic ${ZERO}`,
        `(delete) ${ZERO} refs/heads/gone ${old}`,
        '',
      ].join('\n'),
      'origin',
      'file:///remote.git',
    );
    expect(told(pushes)).toEqual([
      ['refs/heads/main', 'A c', 'two', 'three'],
      ['refs/heads/topic', 'A c', 'two', 'three'],
      ['refs/heads/gone', 'deleted'],
    ]);
    const [main] = pushes;
    expect(main).toMatchObject({ change: { branch: 'main' } });
    // Added in one commit, gone in the next: still on its way out.
    expect(main!.what === 'commits' && shown(main!.change.commits[0]!)).toEqual(['A b']);
    expect(await source.push('', 'origin', 'file:///remote.git')).toEqual([]);
    await expect(source.push('nonsense\n', 'origin')).rejects.toMatchObject({ kind: 'git-failed' });
  });

  test('what came from the remote’s main branch is not blamed on the branch that merged it', async () => {
    const repository = withRemote();
    repository.git(['checkout', '-q', '-b', 'topic']);
    const pushed = repository.commit('topic 1', { t: '1' });
    repository.git(['push', '-q', 'origin', 'topic']);
    repository.git(['checkout', '-q', 'main']);
    repository.commit('main 2', { m: '2' });
    repository.git(['push', '-q', 'origin', 'main']);
    repository.git(['checkout', '-q', 'topic']);
    repository.git(['merge', '-q', '-m', 'merge', 'main']);
    repository.commit('topic 2', { t: '2' });
    const source = await open(repository);
    const line = (ref: string, old: string) => `refs/heads/topic ${repository.id('HEAD')} refs/heads/${ref} ${old}\n`;
    expect(told(await source.push(line('topic', pushed), 'origin'))).toEqual([
      ['refs/heads/topic', 'M t', 'merge', 'topic 2'],
    ]);
    // On its way into main, all of it counts, pushed before or not.
    expect(told(await source.push(line('main', repository.id('main')), 'origin'))).toEqual([
      ['refs/heads/main', 'A t', 'topic 1', 'merge', 'topic 2'],
    ]);
    // To an address without a name: what any remote has is known.
    expect(told(await source.push(line('new', ZERO), 'file:///x', 'file:///x'))).toEqual([
      ['refs/heads/new', 'M t', 'merge', 'topic 2'],
    ]);
  });

  test('a rewritten branch, a remote that knows more than we do, the very first push', async () => {
    const repository = withRemote();
    const first = repository.id('HEAD');
    const lost = repository.commit('lost', { lost: '1' });
    repository.git(['reset', '-q', '--hard', first]);
    repository.commit('instead', { instead: '1' });
    const head = repository.id('HEAD');
    const source = await open(repository);
    const line = (old: string) => `refs/heads/main ${head} refs/heads/main ${old}\n`;
    expect(told(await source.push(line(lost), 'origin'))).toEqual([['refs/heads/main', 'A instead', 'instead']]);
    expect(told(await source.push(line('5'.repeat(40)), 'origin'))).toEqual([
      ['refs/heads/main', 'A instead', 'instead'],
    ]);
    expect(told(await source.push(line(ZERO), 'nowhere'))).toEqual([
      ['refs/heads/main', 'A a', 'A instead', 'one', 'instead'],
    ]);
  });

  test('tags: of a commit, and of a thing that is none', async () => {
    const repository = withRemote();
    repository.commit('two', { b: '2' });
    repository.git(['tag', '-a', '-m', 'release', 'v1']);
    repository.git(['tag', '-a', '-m', 'key', 'key', repository.id('HEAD:a')]);
    repository.git(['tag', 'folder', repository.id('HEAD^{tree}')]);
    const line = (name: string) => `refs/tags/${name} ${repository.id(name)} refs/tags/${name} ${ZERO}\n`;
    const pushes = await (await open(repository)).push(line('v1') + line('key') + line('folder'), 'origin');
    expect(told(pushes)).toEqual([
      ['refs/tags/v1', 'A b', 'two'],
      ['refs/tags/key', 'object'],
      ['refs/tags/folder', 'object'],
    ]);
    expect(pushes[0]!.what === 'commits' && pushes[0]!.change.branch).toBeUndefined();
  });

  test('standard input is read to its end', async () => {
    expect((await drain(Readable.from([Buffer.from('a '), 'b']))).toString()).toBe('a b');
    expect((await drain(Readable.from([]))).toString()).toBe('');
  });
});

describe('pre-receive', () => {
  test('new objects are read from quarantine in a bare repository, before any ref stands for them', async () => {
    const repository = withRemote();
    const remote = repository.git(['remote', 'get-url', 'origin']);
    const old = repository.id('HEAD');
    const head = repository.commit('two', { b: 'new' });
    // As receive-pack does: the objects lie in a folder of their own, which only these variables name.
    const quarantine = join(makeFolder(), 'quarantine');
    const pack = repository.gitBytes(['pack-objects', '--revs', '--stdout', '-q'], { input: `${head}\n^${old}\n` });
    repository.git(['init', '-q', '--bare', quarantine]);
    repository.git(['index-pack', '--stdin', '--fix-thin'], {
      cwd: remote,
      input: pack,
      env: {
        GIT_OBJECT_DIRECTORY: join(quarantine, 'objects'),
        GIT_ALTERNATE_OBJECT_DIRECTORIES: join(remote, 'objects'),
      },
    });
    const env = {
      GIT_DIR: '.',
      GIT_OBJECT_DIRECTORY: join(quarantine, 'objects'),
      GIT_ALTERNATE_OBJECT_DIRECTORIES: join(remote, 'objects'),
      GIT_QUARANTINE_PATH: join(quarantine, 'objects'),
    };
    const source = await open(repository, { dir: remote, env });
    const pushes = await source.receive(`${old} ${head} refs/heads/main\n${ZERO} ${head} refs/heads/topic\n`);
    expect(told(pushes)).toEqual([
      ['refs/heads/main', 'A b', 'two'],
      ['refs/heads/topic', 'A b', 'two'],
    ]);
    expect(pushes[0]!.what === 'commits' && (await pushes[0]!.change.head.read('b'))).toBe('new');
    const without = await open(repository, { dir: remote });
    await expect(without.receive(`${old} ${head} refs/heads/main\n`)).rejects.toMatchObject({ kind: 'missing-object' });
  });
});
