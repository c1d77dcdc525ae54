import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { makeGit } from '../src/repo/git.ts';
import { openRepository } from '../src/repo/open.ts';
import { EMPTY, findPlace, plainPlace } from '../src/repo/place.ts';
import { makeFolder, makeRepository, open, shown } from './git.ts';

describe('HEAD -> index', () => {
  test('reads what is staged, whatever lies on disk', async () => {
    const repository = makeRepository();
    repository.commit('one', { 'a.txt': 'old\n', 'b.txt': 'b\n' });
    repository.write({ 'a.txt': 'staged\n', 'new/c.txt': 'staged\n' });
    repository.git(['add', '-A']);
    repository.write({ 'a.txt': 'on disk\n', 'new/c.txt': null, 'untracked.txt': 'x' });

    const change = await (await open(repository)).staged();
    expect(shown(change)).toEqual(['M a.txt', 'A new/c.txt']);
    expect(await change.head.read('a.txt')).toBe('staged\n');
    expect(await change.head.read('new/c.txt')).toBe('staged\n');
    expect(await change.head.read('b.txt')).toBe('b\n');
    expect(await change.head.read('untracked.txt')).toBeUndefined();
    expect(await change.base.read('a.txt')).toBe('old\n');
    expect(await change.head.paths()).toEqual(['a.txt', 'b.txt', 'new/c.txt']);
    expect(await change.base.paths()).toEqual(['a.txt', 'b.txt']);
    expect(change).toMatchObject({ branch: 'main', identity: { name: 'Ada', email: 'ada@example.com' }, commits: [] });
  });

  test('pairs what moved unchanged, whatever diff.renames says; a move with edits is two changes', async () => {
    const repository = makeRepository();
    repository.git(['config', 'diff.renames', 'copies']);
    repository.commit('one', { 'a/x.txt': 'same\n'.repeat(20), 'b/y.txt': 'other\n'.repeat(20), 'empty.txt': '' });
    repository.git(['rm', '-q', '-r', '.']);
    repository.write({ 'c/x.txt': 'same\n'.repeat(20), 'b/z.txt': `${'other\n'.repeat(20)}!`, 'void.txt': '' });
    repository.git(['add', '-A']);

    const change = await (await open(repository)).staged();
    expect(shown(change)).toEqual(['D b/y.txt', 'A b/z.txt', 'R a/x.txt -> c/x.txt', 'D empty.txt', 'A void.txt']);
    expect(change.changes[2]).toMatchObject({ before: { path: 'a/x.txt' }, after: { path: 'c/x.txt' } });
  });

  test('a mode that changes alone is a modification', async () => {
    const repository = makeRepository();
    repository.commit('one', { 'run.sh': 'echo\n' });
    repository.git(['update-index', '--chmod=+x', 'run.sh']);
    const { changes } = await (await open(repository)).staged();
    expect(changes).toMatchObject([{ kind: 'modified', before: { mode: '100644' }, after: { mode: '100755' } }]);
    expect(changes[0]!.before!.oid).toBe(changes[0]!.after!.oid);
  });

  test('a symbolic link is its target, never what it points at', async () => {
    const repository = makeRepository();
    repository.commit('one', { 'secret.txt': 'behind the link' });
    repository.link('link', 'secret.txt');
    repository.link('folder', '/');
    repository.git(['add', '-A']);
    const { changes, head } = await (await open(repository)).staged();
    expect(changes.map(({ after }) => after?.kind)).toEqual(['symlink', 'symlink']);
    expect(await head.read('link')).toBe('secret.txt');
    expect(await head.content('folder/etc/passwd')).toEqual({ kind: 'absent' });
  });

  test('a submodule that moves is seen although its configuration says to ignore it', async () => {
    const inner = makeRepository();
    const first = inner.commit('one', { f: '1' });
    const second = inner.commit('two', { f: '2' });
    const repository = makeRepository();
    repository.write({ '.gitmodules': `[submodule "sub"]\n\tpath = sub\n\turl = ${inner.dir}\n\tignore = all\n` });
    repository.git(['update-index', '--add', '--cacheinfo', `160000,${first},sub`]);
    repository.git(['add', '.gitmodules']);
    repository.git(['commit', '-q', '-m', 'one']);
    repository.git(['config', 'diff.ignoreSubmodules', 'all']);
    repository.git(['update-index', '--cacheinfo', `160000,${second},sub`]);

    const source = await open(repository);
    const { changes, head } = await source.staged();
    expect(changes).toMatchObject([{ path: 'sub', kind: 'modified', after: { kind: 'gitlink', oid: second } }]);
    expect(await head.content('sub')).toEqual({ kind: 'gitlink', oid: second });
    repository.git(['commit', '-q', '--allow-empty', '-m', 'bump']);
    expect(shown(await source.commit('HEAD'))).toEqual(['M sub']);
    expect(shown(await source.since('HEAD^'))).toEqual(['M sub']);
  });

  test('a file that is only announced (git add -N) is not part of the commit', async () => {
    const repository = makeRepository();
    repository.commit('one', { a: '1' });
    repository.write({ later: 'text' });
    repository.git(['add', '-N', 'later']);
    const source = await open(repository);
    const change = await source.staged();
    expect(change.changes).toEqual([]);
    expect(await change.head.entry('later')).toBeUndefined();
    expect(shown(await source.uncommitted())).toEqual(['A later']);
  });

  test.each([false, true])('the first commit of a repository (SHA-256: %s)', async (sha256) => {
    const repository = makeRepository({ sha256 });
    const source = await open(repository, { expect: 'staged' });
    expect((await source.staged()).changes).toEqual([]);
    repository.write({ 'a.txt': 'first\n' });
    repository.git(['add', '-A']);
    const change = await (await open(repository, { expect: 'staged' })).staged();
    expect(shown(change)).toEqual(['A a.txt']);
    expect(change.changes[0]!.after!.oid).toHaveLength(sha256 ? 64 : 40);
    expect(await change.head.read('a.txt')).toBe('first\n');
    expect(await change.base.paths()).toEqual([]);
    expect(shown(await source.uncommitted())).toEqual(['A a.txt']);
    await expect(source.since('main')).rejects.toMatchObject({ kind: 'no-commits' });
    repository.git(['commit', '-q', '-m', 'first']);
    expect(shown(await source.commit('HEAD'))).toEqual(['A a.txt']);
    expect(await (await source.snapshot('HEAD')).paths()).toEqual(['a.txt']);
  });

  test('a merge: only what differs from every parent', async () => {
    const repository = makeRepository();
    repository.commit('one', { f: '1\n', g: '1\n' });
    repository.git(['checkout', '-q', '-b', 'side']);
    repository.commit('side', { side: 's\n', f: 'side\n', g: 'side\n' });
    repository.git(['checkout', '-q', 'main']);
    repository.commit('main', { main: 'm\n', f: 'main\n' });
    expect(() => repository.git(['merge', '-q', 'side'])).toThrow();

    const source = await open(repository);
    await expect(source.staged()).rejects.toMatchObject({ kind: 'unmerged', message: expect.stringContaining(' f.') });
    // The work tree can be judged as it is: with the markers in it.
    const midway = await source.uncommitted();
    expect(shown(midway)).toEqual(['M f']);
    expect(await midway.head.read('f')).toContain('<<<<<<<');

    repository.write({ f: 'both\n', extra: 'e\n' });
    repository.git(['add', '-A']);
    const change = await (await open(repository)).staged();
    expect(shown(change)).toEqual(['A extra', 'M f']);
    expect(await change.head.paths()).toEqual(['extra', 'f', 'g', 'main', 'side']);
    expect(shown(await (await open(repository)).uncommitted())).toEqual(['A extra', 'M f']);
    repository.git(['commit', '-q', '-m', 'merge']);
    expect(shown(await source.commit('HEAD'))).toEqual(['A extra', 'M f']);
  });

  test('an octopus merge has more than two parents', async () => {
    const repository = makeRepository();
    repository.commit('one', { f: '1\n' });
    for (const name of ['a', 'b']) {
      repository.git(['checkout', '-q', '-b', name, 'main']);
      repository.commit(name, { [name]: 'x\n' });
    }
    repository.git(['checkout', '-q', 'main']);
    repository.commit('main', { main: 'm\n' });
    repository.git(['merge', '-q', '--no-commit', 'a', 'b']);
    repository.write({ a: 'changed by the merge\n' });
    repository.git(['add', '-A']);
    expect(shown(await (await open(repository)).staged())).toEqual(['A a']);
  });

  test.each([false, true])(
    'the tree that a commit would hold is known without writing it (SHA-256: %s)',
    async (sha256) => {
      const repository = makeRepository({ sha256 });
      const expectSame = async () => {
        const source = await open(repository);
        expect(await source.nextTree()).toBe(repository.git(['write-tree']));
      };
      await expectSame();
      repository.write({ 'a/b/c': '1', 'a.b': '2', a0: '3', 'gone/x': '4', file: '5', 'folder/y': '6', ü: '7' });
      repository.git(['add', '-A']);
      await expectSame();
      repository.commit('one');
      await expectSame();
      // A file where a folder was and the other way round, a folder that empties, a mode, a link.
      repository.write({ 'gone/x': null, file: null, folder: null });
      repository.write({ 'file/z': '8', folder: '9', 'a/b/d/e': '10' });
      repository.link('link', 'a0');
      repository.executable('a0');
      repository.git(['add', '-A']);
      repository.write({ announced: 'only' });
      repository.git(['add', '-N', 'announced']);
      await expectSame();
      repository.git(['rm', '-q', '-r', '--cached', '.']);
      await expectSame();
    },
  );

  test('names of any bytes are read exactly, and no two become one', async () => {
    const repository = makeRepository();
    repository.commit('one', { a: '1' });
    const blob = (text: string) => repository.git(['hash-object', '-w', '--stdin'], { input: text });
    const names = [
      Buffer.from('caf\xe9.txt', 'latin1'),
      Buffer.from('caf\xea.txt', 'latin1'),
      Buffer.from('new\nline "quoted" \t\\ tab'),
      Buffer.from('-dash'),
      Buffer.from('ünï/\u{1f600}'),
      Buffer.from('real \ufffdE9'),
      Buffer.from('__proto__'),
    ];
    const info = names.map((name) => [`100644 ${blob(name.toString('hex'))}\t`, name, '\0']);
    repository.git(['update-index', '-z', '--index-info'], {
      input: Buffer.concat(info.flat().map((piece) => Buffer.from(piece as string))),
    });
    const { changes, head } = await (await open(repository)).staged();
    expect(changes).toHaveLength(names.length);
    expect(changes.map(({ path }) => path)).toContain('caf\ufffdE9.txt');
    expect(changes.map(({ path }) => path)).toContain('new\nline "quoted" \t\\ tab');
    const texts = await Promise.all(changes.map(({ path }) => head.read(path)));
    expect(texts.sort()).toEqual(names.map((name) => name.toString('hex')).sort());

    const tree = repository.git(['write-tree']);
    repository.git(['update-ref', 'HEAD', repository.git(['commit-tree', '-p', 'HEAD', '-m', 'odd', tree])]);
    const committed = await (await open(repository)).snapshot('HEAD');
    expect(await committed.paths()).toEqual(['a', ...changes.map(({ path }) => path)].sort());
    expect(await (await (await open(repository)).snapshot('HEAD')).read('caf\ufffdEA.txt')).toBe(
      names[1]!.toString('hex'),
    );
  });

  test('a linked work tree has its own index and branch, and shares the common folder', async () => {
    const repository = makeRepository();
    repository.commit('one', { a: '1' });
    const linked = join(makeFolder(), 'linked\nwith a newline');
    repository.git(['worktree', 'add', '-q', '-b', 'topic', linked]);
    const other = makeRepository({ at: linked });
    other.write({ b: '2' });
    other.git(['add', '-A']);
    const source = await open(other);
    expect(source.topLevel).toBe(linked);
    expect(source.commonDir).toBe(join(repository.dir, '.git'));
    expect(source.gitDir).not.toBe(source.commonDir);
    const change = await source.staged();
    expect(shown(change)).toEqual(['A b']);
    expect(change.branch).toBe('topic');
    expect((await (await open(repository)).staged()).changes).toEqual([]);
  });

  test('a detached HEAD has no branch; a rebase has the one it came from', async () => {
    const repository = makeRepository();
    repository.commit('one', { f: '1\n' });
    repository.git(['checkout', '-q', '-b', 'topic']);
    repository.commit('two', { f: 'topic\n' });
    repository.git(['checkout', '-q', 'main']);
    repository.commit('three', { f: 'main\n' });
    repository.git(['checkout', '-q', '--detach']);
    expect((await (await open(repository)).staged()).branch).toBeUndefined();
    repository.git(['checkout', '-q', 'topic']);
    expect(() => repository.git(['rebase', '-q', 'main'])).toThrow();
    repository.write({ f: 'both\n' });
    repository.git(['add', '-A']);
    expect((await (await open(repository)).staged()).branch).toBe('topic');
  });

  test('the short way to a plain repository ends where the long way ends', async () => {
    const repository = makeRepository();
    repository.commit('one', { a: '1', 'sub/.git/HEAD': '', 'sub/f': '1' });
    const linked = join(makeFolder(), 'linked');
    repository.git(['worktree', 'add', '-q', '-b', 'topic', linked]);
    const elsewhere = makeRepository();
    elsewhere.git(['config', 'core.worktree', repository.dir]);
    const shallow = join(makeFolder(), 'shallow');
    repository.commit('two', { a: '2' });
    repository.git(['clone', '-q', '--depth=1', `file://${repository.dir}`, shallow]);
    const places = [
      repository.dir,
      join(repository.dir, 'sub'),
      linked,
      elsewhere.dir,
      shallow,
      makeRepository({ sha256: true }).dir,
    ];
    for (const dir of places) {
      const { env } = repository;
      const [short, long] = [plainPlace(dir, env), await findPlace(makeGit(dir, env))];
      if (short) expect(short).toEqual(long);
    }
    expect(places.map((dir) => plainPlace(dir, {}) !== undefined)).toEqual([true, false, false, false, true, false]);
    expect(plainPlace(repository.dir, { GIT_DIR: '.git' })).toBeUndefined();
  });

  test.each(['sha1', 'sha256'] as const)('the empty objects of %s', (hash) => {
    const repository = makeRepository({ sha256: hash === 'sha256' });
    const id = (type: string) => repository.git(['hash-object', '-t', type, '--stdin'], { input: '' });
    expect(EMPTY[hash]).toEqual({ tree: id('tree'), blob: id('blob') });
  });

  test('works from a folder below, and through one that is a link', async () => {
    const repository = makeRepository();
    repository.commit('one', { 'sub/a': '1', top: 't' });
    repository.write({ 'sub/a': '2', top: 'u', 'sub/n': 'n' });
    repository.git(['add', '-A']);
    repository.git(['config', 'diff.relative', 'true']);
    repository.link('shortcut', 'sub');
    for (const dir of ['sub', 'shortcut']) {
      const source = await open(repository, { dir: join(repository.dir, dir) });
      expect(source.topLevel).toBe(repository.dir);
      expect(shown(await source.staged())).toEqual(['M sub/a', 'A sub/n', 'M top']);
      expect(shown(await source.files(['n']))).toEqual(['A sub/n']);
    }
  });
});

describe('what cannot be read is said', () => {
  test('outside of any repository, and in a folder that is not there', async () => {
    const dir = makeFolder();
    await expect(openRepository(dir)).rejects.toMatchObject({ kind: 'not-a-repository' });
    await expect(openRepository(join(dir, 'none'))).rejects.toMatchObject({ kind: 'not-a-repository' });
  });

  test('a repository that belongs to somebody else', async () => {
    const repository = makeRepository();
    const env = { ...repository.env, GIT_TEST_ASSUME_DIFFERENT_OWNER: '1' };
    const refused = {
      kind: 'dubious-ownership',
      message: expect.stringContaining(`safe.directory '${repository.dir}`),
    };
    await expect(openRepository(repository.dir, { env })).rejects.toMatchObject(refused);
    await expect((await open(repository, { env, expect: 'staged' })).staged()).rejects.toMatchObject(refused);
  });

  test('no Git', async () => {
    await expect(openRepository(makeFolder(), { env: { PATH: '/nowhere' } })).rejects.toMatchObject({
      kind: 'git-missing',
    });
  });

  test('a bare repository has commits and no work tree', async () => {
    const repository = makeRepository();
    const id = repository.commit('one', { a: '1' });
    const dir = join(makeFolder(), 'bare.git');
    repository.git(['clone', '-q', '--bare', repository.dir, dir]);
    const source = await open(repository, { dir });
    expect(source).toMatchObject({ bare: true, topLevel: undefined, gitDir: dir });
    await expect(source.uncommitted()).rejects.toMatchObject({ kind: 'bare' });
    await expect(source.staged()).rejects.toMatchObject({ kind: 'bare' });
    await expect(source.files(['a'])).rejects.toMatchObject({ kind: 'bare' });
    expect(shown(await source.audit())).toEqual(['A a']);
    expect((await source.commit('main')).commits[0]!.oid).toBe(id);
  });

  test('a revision that nobody knows, and one that would be an option', async () => {
    const repository = makeRepository();
    repository.commit('one', { a: '1' });
    const source = await open(repository);
    for (const revision of ['nothing', '--all', '-n1', 'main..main', 'HEAD:a', 'a\nb', '', 'f'.repeat(40)]) {
      await expect(source.since(revision), revision).rejects.toMatchObject({ kind: 'unknown-revision' });
    }
  });

  test('a file that may not be read is unreadable, not absent', async () => {
    const repository = makeRepository();
    repository.commit('one', { a: '1' });
    repository.write({ closed: 'x' });
    chmodSync(join(repository.dir, 'closed'), 0);
    const change = await (await open(repository)).uncommitted();
    expect(shown(change)).toEqual(['A closed']);
    // Root may read everything.
    if (process.getuid?.() !== 0) {
      expect(await change.head.content('closed')).toMatchObject({
        kind: 'unreadable',
        why: expect.stringContaining('may not'),
      });
    }
  });
});
