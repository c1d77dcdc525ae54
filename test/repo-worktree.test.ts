import { createHash } from 'node:crypto';
import { existsSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { READING_LIMIT } from '../src/core/snapshot.ts';
import { openFolder } from '../src/repo/open.ts';
import { makeFolder, makeRepository, open, shown, type TestRepository } from './git.ts';

/** What `check` sees must be what `check --staged` sees once everything is added. */
async function sameOnceStaged(repository: TestRepository): Promise<void> {
  const before = await (await open(repository)).uncommitted();
  const texts = await Promise.all(before.changes.map(({ path }) => before.head.content(path)));
  repository.git(['add', '-A']);
  const after = await (await open(repository)).staged();
  expect(shown(before)).toEqual(shown(after));
  expect(before.changes.map(({ after }) => after?.mode)).toEqual(after.changes.map(({ after }) => after?.mode));
  expect(texts).toEqual(await Promise.all(after.changes.map(({ path }) => after.head.content(path))));
  expect(await before.head.paths()).toEqual(await after.head.paths());
}

describe('HEAD -> work tree', () => {
  test('tracked files as they are on disk, and untracked ones that nothing ignores', async () => {
    const repository = makeRepository();
    repository.commit('one', {
      'a.txt': 'a\n',
      'gone.txt': 'moves\n',
      'touched.txt': 't\n',
      'untracked-now.txt': 'u\n',
      'tracked.log': '1',
    });
    repository.commit('two', { '.gitignore': '*.log\n' });
    repository.write({
      'a.txt': 'changed\n',
      'gone.txt': null,
      'moved.txt': 'moves\n',
      'x.log': 'ignored',
      'tracked.log': '2',
      'new/n.txt': 'n\n',
      'run.sh': 'echo\n',
    });
    repository.executable('run.sh');
    repository.link('link', 'a.txt');
    repository.link('outside', '..');
    repository.git(['rm', '-q', '--cached', 'untracked-now.txt']);
    utimesSync(join(repository.dir, 'touched.txt'), new Date(0), new Date(0));
    repository.git(['init', '-q', 'nested']);
    repository.write({ 'nested/file': 'of another repository' });

    const change = await (await open(repository)).uncommitted();
    expect(shown(change)).toEqual([
      'M a.txt',
      'A link',
      'R gone.txt -> moved.txt',
      'A new/n.txt',
      'A outside',
      'A run.sh',
      'M tracked.log',
    ]);
    expect(await change.head.read('a.txt')).toBe('changed\n');
    expect(await change.head.read('link')).toBe('a.txt');
    expect(await change.head.content('outside/anything')).toEqual({ kind: 'absent' });
    expect(await change.head.read('untracked-now.txt')).toBe('u\n');
    expect(await change.head.content('x.log')).toEqual({ kind: 'absent' });
    repository.write({ nested: null });
    await sameOnceStaged(repository);
  });

  test('line ends, $Id$ and encodings are what Git would store', async () => {
    const repository = makeRepository();
    repository.git(['config', 'core.autocrlf', 'true']);
    repository.write({ '.gitattributes': 'stored-crlf -text\n' });
    repository.commit('one', { 'auto.txt': 'a\r\nb\r\n', same: 'x\r\n', 'stored-crlf': 'a\r\n' });
    expect(repository.gitBytes(['show', 'HEAD:auto.txt']).toString()).toBe('a\nb\n');
    const crlf = 'a\r\nb\r\nnew\r\n';
    repository.write({
      '.gitattributes': [
        'raw -text',
        'old -crlf',
        'insist text',
        'ident ident',
        'wide working-tree-encoding=UTF-16',
        'wide16 working-tree-encoding=UTF-16LE',
        'kept.txt eol=lf',
      ].join('\n'),
      'auto.txt': crlf,
      'stored-crlf': crlf,
      raw: crlf,
      old: crlf,
      // A lone CR makes it binary to the guess of "auto", and not where the attributes insist.
      'guess.bin': `${crlf}\r!`,
      insist: `${crlf}\r!`,
      'control.bin': `\u0001\u0002\r\n`,
      'almost.txt': `${'x'.repeat(300)}\u0001\r\n\u001a`,
      ident: `$Id: 0123 $\r\n$Id: not\nthis$ $Id$\n`,
      wide: Buffer.from(`\ufeff${crlf}ü`, 'utf16le'),
      wide16: Buffer.from(`${crlf}ü`, 'utf16le'),
      'kept.txt': crlf,
      mixed: 'a\r\nb\n',
      nul: 'a\r\n\0',
    });
    utimesSync(join(repository.dir, 'same'), new Date(0), new Date(0));
    const change = await (await open(repository)).uncommitted();
    expect(change.changes.map(({ path }) => path)).not.toContain('same');
    expect(await change.head.read('auto.txt')).toBe('a\nb\nnew\n');
    expect(await change.head.read('raw')).toBe(crlf);
    expect(await change.head.read('wide')).toBe('a\nb\nnew\nü');
    expect(await change.head.read('ident')).toBe('$Id$\n$Id: not\nthis$ $Id$\n');
    await sameOnceStaged(repository);
  });

  test('no filter of the user is run: Git LFS is known, any other is named', async () => {
    const repository = makeRepository();
    const trace = join(makeFolder(), 'ran');
    const big = Buffer.alloc(5000, 'x');
    const oid = createHash('sha256').update(big).digest('hex');
    const pointer = `version https://git-lfs.github.com/spec/v1\noid sha256:${oid}\nsize 5000\n`;
    repository.write({ '.gitattributes': '*.big filter=lfs\n*.enc filter=crypt\n*.free filter=unset-here\n' });
    repository.commit('one', { 'stored.big': pointer, 'same.big': pointer, 'a.enc': 'cipher' });
    // As in a clone with Git LFS: the disk holds the file, the index its pointer.
    for (const name of ['lfs', 'crypt']) {
      repository.git(['config', `filter.${name}.clean`, `touch ${trace}; cat`]);
      repository.git(['config', `filter.${name}.required`, 'true']);
    }
    repository.write({ 'same.big': big, 'new.big': 'other', 'a.enc': 'plain', 'b.free': 'text' });

    const change = await (await open(repository)).uncommitted();
    expect(shown(change)).toEqual(['M a.enc', 'A b.free', 'A new.big']);
    expect(await change.head.content('same.big')).toEqual({ kind: 'lfs', oid, size: 5000 });
    expect(await change.head.content('new.big')).toMatchObject({ kind: 'lfs', size: 5 });
    expect(await change.head.content('a.enc')).toMatchObject({
      kind: 'unreadable',
      why: expect.stringContaining('"crypt"'),
    });
    expect(await change.head.read('b.free')).toBe('text');
    expect(existsSync(trace)).toBe(false);
  });

  test('attributes are read from the index where that is asked for', async () => {
    const repository = makeRepository();
    repository.commit('one', {
      '.gitattributes': '*.gen linguist-generated repolicy=off\n',
      'a.gen': '1',
      'b.txt': '1',
    });
    repository.write({ '.gitattributes': '' });
    const source = await open(repository);
    const names = ['linguist-generated', 'repolicy'];
    const staged = await source.attributes(names, ['a.gen', 'b.txt'], { cached: true });
    expect([...staged.get('a.gen')!.values()]).toEqual(['set', 'off']);
    expect([...staged.get('b.txt')!.values()]).toEqual(['unspecified', 'unspecified']);
    expect([...(await source.attributes(names, ['a.gen'])).get('a.gen')!.values()]).toEqual([
      'unspecified',
      'unspecified',
    ]);
    expect(await source.attributes(names, [])).toEqual(new Map());
  });

  test('a sparse checkout has files that the disk lacks', async () => {
    const repository = makeRepository();
    repository.commit('one', { 'in/a': '1', 'out/b': '2' });
    repository.git(['sparse-checkout', 'set', '--cone', '--sparse-index', 'in']);
    expect(existsSync(join(repository.dir, 'out/b'))).toBe(false);
    repository.write({ 'in/a': 'changed' });
    const source = await open(repository);
    const change = await source.uncommitted();
    expect(shown(change)).toEqual(['M in/a']);
    expect(await change.head.read('out/b')).toBe('2');
    expect(await change.head.paths()).toEqual(['in/a', 'out/b']);
    expect((await source.staged()).changes).toEqual([]);
    expect(shown(await source.audit())).toEqual(['A in/a', 'A out/b']);
  });

  test('nothing is read through a folder that has become a link', async () => {
    const repository = makeRepository();
    const outside = makeRepository();
    outside.write({ 'file.txt': 'outside' });
    repository.commit('one', { 'folder/file.txt': 'inside' });
    repository.write({ folder: null });
    repository.link('folder', outside.dir);
    const source = await open(repository);
    const change = await source.uncommitted();
    expect(shown(change)).toEqual(['A folder', 'D folder/file.txt']);
    expect(await change.head.content('folder/file.txt')).toEqual({ kind: 'absent' });
    await expect(source.files(['folder/file.txt'])).rejects.toMatchObject({ kind: 'no-such-path' });
  });

  test('modes are not read from a disk that has none', async () => {
    const repository = makeRepository();
    repository.commit('one', { 'run.sh': '1' });
    repository.executable('run.sh');
    repository.write({ 'new.sh': '1' });
    repository.executable('new.sh');
    const modes = async () =>
      (await (await open(repository)).uncommitted()).changes.map(({ path, after }) => [path, after?.mode]);
    expect(await modes()).toEqual([
      ['new.sh', '100755'],
      ['run.sh', '100755'],
    ]);
    repository.git(['config', 'core.fileMode', 'false']);
    expect(await modes()).toEqual([['new.sh', '100644']]);
  });

  test('a submodule counts by the commit that is checked out in it, not by what lies in its folder', async () => {
    const inner = makeRepository();
    inner.commit('one', { f: '1' });
    const repository = makeRepository();
    repository.git(['-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'add', inner.dir, 'sub']);
    repository.commit('add');
    repository.write({ 'sub/f': 'dirty', 'sub/untracked': 'x' });
    expect(shown(await (await open(repository)).uncommitted())).toEqual([]);
    const moved = makeRepository({ at: join(repository.dir, 'sub') }).commit('two', { f: '2' });
    const { changes } = await (await open(repository)).uncommitted();
    expect(changes).toMatchObject([{ path: 'sub', kind: 'modified', after: { kind: 'gitlink', oid: moved } }]);
  });
});

describe('what somebody names', () => {
  test('files are wholly new among the others, also one that is ignored', async () => {
    const repository = makeRepository();
    repository.commit('one', { 'a.txt': 'a', 'src/b.txt': 'b', 'src/c.txt': 'c', '.gitignore': 'dist\n' });
    repository.write({ 'dist/out.txt': 'built', 'src/c.txt': 'changed', 'src/new.txt': 'n' });
    const source = await open(repository);
    const change = await source.files(['a.txt', 'src', 'dist/out.txt']);
    expect(shown(change)).toEqual(['A a.txt', 'A dist/out.txt', 'A src/b.txt', 'A src/c.txt', 'A src/new.txt']);
    expect(await change.head.read('dist/out.txt')).toBe('built');
    expect(await change.head.read('src/c.txt')).toBe('changed');
    expect(await change.base.paths()).toEqual(['.gitignore']);
    expect(shown(await source.files(['dist']))).toEqual(['A dist/out.txt']);
    expect(shown(await source.files([join(repository.dir, 'a.txt')]))).toEqual(['A a.txt']);
    for (const path of ['none', '../outside', '.git/config', '.git']) {
      await expect(source.files([path]), path).rejects.toMatchObject({ kind: 'no-such-path' });
    }
  });

  test('standard input lies where it is said to lie', async () => {
    const repository = makeRepository();
    repository.commit('one', { 'a.txt': 'a', 'b.txt': 'b' });
    const change = await (await open(repository)).stdin(Buffer.from('typed'), 'a.txt');
    expect(shown(change)).toEqual(['A a.txt']);
    expect(await change.head.read('a.txt')).toBe('typed');
    expect(await change.head.read('b.txt')).toBe('b');
    expect(await change.base.paths()).toEqual(['b.txt']);
  });

  test('an audit takes every file of the work tree as new, and can ask who made it', async () => {
    const repository = makeRepository();
    repository.commit('one', { 'a.txt': 'a', 'b.txt': 'b', gone: 'x' });
    const second = repository.commit('two', { 'a.txt': 'aa' });
    repository.write({ 'a.txt': 'dirty', gone: null, 'new.txt': 'n' });
    const change = await (await open(repository)).audit();
    expect(shown(change)).toEqual(['A a.txt', 'A b.txt', 'A new.txt']);
    expect(await change.head.read('a.txt')).toBe('dirty');
    expect(await change.base.paths()).toEqual([]);
    expect((await change.history!(['a.txt']))[0]!.oid).toBe(second);
  });

  test('a folder without a repository', async () => {
    const dir = makeFolder();
    const files = makeRepository();
    files.write({
      'x/a.txt': 'a',
      'x/node_modules/m/index.js': 'm',
      'x/deep/.hidden': 'h',
      'x/.git/config': 'c',
      'y.txt': 'y',
    });
    files.link('x/link', '/');
    const folder = openFolder(join(files.dir, 'x'));
    const change = await folder.audit();
    expect(shown(change)).toEqual(['A a.txt', 'A deep/.hidden', 'A link']);
    expect(await change.head.read('a.txt')).toBe('a');
    expect(await change.head.content('link/etc/passwd')).toEqual({ kind: 'absent' });

    const named = await folder.files(['a.txt']);
    expect(shown(named)).toEqual(['A a.txt']);
    expect(await named.head.paths()).toEqual(['a.txt']);
    expect(await named.head.read('deep/.hidden')).toBe('h');
    expect(await named.base.entry('a.txt')).toBeUndefined();
    expect(shown(await folder.files([join(files.dir, 'y.txt'), 'a.txt']))).toEqual(['A x/a.txt', 'A y.txt']);
    expect(await (await folder.stdin(Buffer.from('t'), 'new.txt')).head.read('new.txt')).toBe('t');
    await expect(folder.files(['none'])).rejects.toMatchObject({ kind: 'no-such-path' });
    expect(() => openFolder(join(dir, 'none'))).toThrow(/There is no folder/);
  });

  test('a file too large to read is described', async () => {
    const files = makeRepository();
    files.commit('one', { small: '1' });
    files.write({ huge: Buffer.alloc(READING_LIMIT + 1, 'a') });
    const change = await (await open(files)).uncommitted();
    expect(await change.head.content('huge')).toEqual({ kind: 'large', size: READING_LIMIT + 1 });
    files.git(['add', '-A']);
    const staged = await (await open(files)).staged();
    // It is passed over, and what comes after it is still in its place.
    const [huge, small] = await Promise.all([staged.head.content('huge'), staged.head.read('small')]);
    expect(huge).toEqual({ kind: 'large', size: READING_LIMIT + 1 });
    expect(small).toBe('1');
  });
});
