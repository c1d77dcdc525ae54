import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { makeFolder, makeRepository, open, shown } from './git.ts';

/** A repository with a branch that went on while main did, cloned. */
function branched() {
  const origin = makeRepository();
  origin.commit('one', { shared: '1', 'main.txt': '1' });
  origin.git(['checkout', '-q', '-b', 'topic']);
  origin.commit('topic 1', { topic: '1', brief: 'x' });
  origin.commit('topic 2', { topic: '2', brief: null });
  origin.git(['checkout', '-q', 'main']);
  origin.commit('main 2', { 'main.txt': '2' });
  origin.git(['checkout', '-q', 'topic']);
  return origin;
}

/** A clone over a transport that obeys --depth and --filter. */
function clone(origin: ReturnType<typeof makeRepository>, ...args: string[]) {
  const dir = join(makeFolder(), 'clone');
  origin.git(['config', 'uploadpack.allowFilter', 'true']);
  origin.git(['clone', '-q', ...args, `file://${origin.dir}`, dir]);
  return makeRepository({ at: dir });
}

describe('commits', () => {
  test('since a revision: only what the branch did, and each of its commits', async () => {
    const repository = branched();
    const change = await (await open(repository)).since('main');
    expect(shown(change)).toEqual(['A topic']);
    expect(change.branch).toBe('topic');
    expect(change.commits.map((commit) => [commit.message, ...shown(commit)])).toEqual([
      ['topic 1\n', 'A brief', 'A topic'],
      ['topic 2\n', 'D brief', 'M topic'],
    ]);
    expect(await change.head.read('topic')).toBe('2');
    expect(await change.base.read('main.txt')).toBe('1');
    expect(await change.base.entry('topic')).toBeUndefined();
  });

  test('main merged into the branch is not the branch’s work; what the merge itself brought is', async () => {
    const repository = branched();
    repository.git(['merge', '-q', '--no-commit', 'main']);
    repository.write({ evil: 'only here' });
    repository.commit('merge');
    const change = await (await open(repository)).since('main');
    expect(shown(change)).toEqual(['A evil', 'A topic']);
    const merge = change.commits.at(-1)!;
    expect(merge.parents).toHaveLength(2);
    expect(shown(merge)).toEqual(['A evil']);
    repository.git(['checkout', '-q', 'main']);
    await expect(open(repository).then((source) => source.since('topic'))).resolves.toMatchObject({ changes: [] });
  });

  test('who, when and what, in the encoding that the commit names', async () => {
    const repository = makeRepository();
    repository.commit('one');
    const tree = repository.id('HEAD^{tree}');
    const head = `tree ${tree}\nparent ${repository.id('HEAD')}\nauthor J\xfcrgen <j@example.com> 1767225600 +0530\n`;
    const rest =
      'committer <> 1767225601 -0000\nencoding ISO-8859-1\ngpgsig -----BEGIN\n encoding fake\n \n -----END\n\nGr\xfc\xdfe\n\nLine\n';
    const id = repository.git(['hash-object', '-t', 'commit', '-w', '--stdin'], {
      input: Buffer.from(head + rest, 'latin1'),
    });
    const { commits } = await (await open(repository)).commit(id);
    expect(commits[0]).toMatchObject({
      oid: id,
      author: { name: 'Jürgen', email: 'j@example.com' },
      committer: { name: '', email: '' },
      date: new Date('2026-01-01T00:00:00Z'),
      message: 'Grüße\n\nLine\n',
    });
    const raw = `tree ${tree}\nauthor broken\ncommitter C <c@x> nonsense\n\n\xff no encoding named`;
    const broken = repository.git(['hash-object', '-t', 'commit', '-w', '--literally', '--stdin'], {
      input: Buffer.from(raw, 'latin1'),
    });
    expect((await (await open(repository)).commit(broken)).commits[0]).toMatchObject({
      author: { name: 'broken', email: '' },
      message: 'ÿ no encoding named',
      date: new Date(0),
    });
  });

  test('history of paths, newest first, and the same whichever way it is read', async () => {
    const repository = makeRepository();
    repository.commit('one', { 'a/x': '1', 'a/y': '1', other: '1' });
    repository.git(['checkout', '-q', '-b', 'side']);
    repository.commit('side', { 'a/x': 'side' });
    repository.git(['checkout', '-q', 'main']);
    repository.commit('two', { 'a/y': '2', moved: '1' });
    repository.git(['merge', '-q', '--no-ff', '-m', 'merge', 'side']);
    repository.commit('three', { other: '3' });
    repository.commit('four', { 'a/x': '1' });
    const { history } = await (await open(repository)).audit('HEAD');
    const messages = async (...paths: string[]) => (await history!(paths)).map(({ message }) => message.trim());
    const expected = { x: ['four', 'side', 'one'], y: ['two', 'one'], both: ['four', 'two', 'side', 'one'] };
    for (let round = 0; round < 5; round++) {
      expect(await messages('a/x')).toEqual(expected.x);
      expect(await messages('a/y')).toEqual(expected.y);
      expect(await messages('a/x', 'a/y')).toEqual(expected.both);
      expect(await messages('a')).toEqual([]);
      expect(await messages()).toEqual([]);
    }
    // The other way, for more paths than arguments can hold.
    expect(await messages('a/x', ...Array.from({ length: 300 }, (_, index) => `none/${index}`))).toEqual(expected.x);
  });

  test('an audit of a revision never looks at the disk', async () => {
    const repository = makeRepository();
    repository.commit('one', { 'a/b.txt': '1', top: 't' });
    repository.commit('two', { 'a/b.txt': '2' });
    repository.write({ a: null });
    const change = await (await open(repository)).audit('HEAD^');
    expect(shown(change)).toEqual(['A a/b.txt', 'A top']);
    expect(await change.head.read('a/b.txt')).toBe('1');
    expect(await change.head.entry('a')).toBeUndefined();
    expect(await change.head.entry('top/x')).toBeUndefined();
  });
});

describe('what would mislead', () => {
  test('replace refs and grafts', async () => {
    const repository = makeRepository();
    const first = repository.commit('one', { a: '1' });
    const second = repository.commit('two', { a: '2' });
    const third = repository.commit('three', { a: '3' });
    repository.git(['replace', second, first]);
    writeFileSync(join(repository.dir, '.git/info/grafts'), `${third} ${first}\n`);
    const { commits, base } = await (await open(repository)).since(first);
    expect(commits.map(({ message }) => message)).toEqual(['two\n', 'three\n']);
    expect(await base.read('a')).toBe('1');
  });

  test('configuration and attributes', async () => {
    const repository = makeRepository();
    const trace = join(makeFolder(), 'ran');
    repository.write({ '.gitattributes': '* diff=x -text merge=x\n' });
    repository.commit('one', { 'a.txt': 'a\n', 'dir/b.txt': 'b\n' });
    const settings: Record<string, string> = {
      'log.showSignature': 'true',
      'color.ui': 'always',
      'color.diff': 'always',
      'core.quotePath': 'true',
      'diff.external': `touch ${trace}; false`,
      'diff.noprefix': 'true',
      'diff.orderFile': '/dev/null',
      'diff.relative': 'true',
      'diff.renames': 'copies',
      'diff.x.textconv': `touch ${trace}; cat`,
      'diff.x.command': `touch ${trace}`,
      'core.fsmonitor': `touch ${trace}; false`,
      'core.pager': `touch ${trace}; cat`,
      'core.abbrev': '4',
      'alias.diff-index': '!false',
      'log.follow': 'true',
      'diff.wsErrorHighlight': 'all',
      'i18n.logOutputEncoding': 'UTF-16',
      'format.pretty': '%H nonsense',
    };
    for (const [name, value] of Object.entries(settings)) repository.git(['config', name, value]);
    const env = { GIT_EXTERNAL_DIFF: `touch ${trace}`, GIT_PAGER: 'false', GIT_ICASE_PATHSPECS: '1', GIT_TRACE: '1' };
    repository.write({ 'a.txt': 'changed\n', 'ünï.txt': 'n\n' });
    const dir = join(repository.dir, 'dir');
    expect(shown(await (await open(repository, { env, dir })).uncommitted())).toEqual(['M a.txt', 'A ünï.txt']);
    const calm = ['-c', 'core.fsmonitor=false'];
    repository.git([...calm, 'add', '-A']);
    expect(shown(await (await open(repository, { env, dir })).staged())).toEqual(['M a.txt', 'A ünï.txt']);
    repository.git([...calm, 'commit', '-q', '-m', 'zwei ü']);
    const { commits } = await (await open(repository, { env, dir })).since('HEAD^');
    expect(commits.map((commit) => [commit.message, ...shown(commit)])).toEqual([['zwei ü\n', 'M a.txt', 'A ünï.txt']]);
    expect(existsSync(trace)).toBe(false);
  });
});

describe('clones that do not have everything', () => {
  test('a shallow clone never guesses where branches parted', async () => {
    const origin = branched();
    const source = await open(clone(origin, '--depth=2', '--no-single-branch'));
    expect(source.shallow).toBe(true);
    await expect(source.since('origin/main')).rejects.toMatchObject({
      kind: 'shallow',
      message: expect.stringContaining('--unshallow'),
    });
    expect((await source.audit('HEAD')).history).toBeUndefined();
    await expect(source.commit('HEAD^')).rejects.toMatchObject({ kind: 'shallow' });
    expect(shown(await source.commit('HEAD'))).toEqual(['D brief', 'M topic']);
  });

  test('a shallow clone that reaches back far enough is believed', async () => {
    const origin = makeRepository();
    for (const name of ['one', 'two', 'three']) origin.commit(name, { f: name });
    origin.git(['checkout', '-q', '-b', 'topic']);
    origin.commit('four', { t: '4' });
    const source = await open(clone(origin, '--depth=3', '--no-single-branch'));
    const change = await source.since('origin/main');
    expect(shown(change)).toEqual(['A t']);
    expect(source.notices).toEqual([]);
  });

  test('a merge base that a truncated history makes too old is not believed', async () => {
    const origin = makeRepository();
    origin.commit('root', { f: '0' });
    origin.git(['checkout', '-q', '-b', 'topic']);
    origin.commit('topic', { t: '1' });
    origin.git(['checkout', '-q', 'main']);
    for (const name of ['m1', 'm2', 'm3']) origin.commit(name, { f: name });
    origin.git(['checkout', '-q', 'topic']);
    origin.git(['merge', '-q', '-m', 'merge', 'main~1']);
    origin.commit('after', { t: '2' });
    const whole = await (await open(origin)).since('main');
    expect(shown(whole)).toEqual(['A t']);
    const cut = clone(origin, '--depth=3', '--no-single-branch');
    const result = await (await open(cut)).since('origin/main').catch((error: Error) => error);
    // Either the true answer, or none.
    if (result instanceof Error) expect(result).toMatchObject({ kind: 'shallow' });
    else expect(shown(result)).toEqual(shown(whole));
  });

  test('unrelated histories have no base', async () => {
    const repository = makeRepository();
    repository.commit('one', { a: '1' });
    repository.git(['checkout', '-q', '--orphan', 'other']);
    repository.commit('two', { b: '2' });
    await expect((await open(repository)).since('main')).rejects.toMatchObject({ kind: 'unrelated' });
  });

  test('a partial clone says which files it lacks, fetches nothing, and reads the others', async () => {
    const origin = makeRepository();
    const files = Object.fromEntries(Array.from({ length: 40 }, (_, index) => [`f${index}`, `${index}`]));
    origin.commit('one', files);
    origin.commit('two', { ...files, f7: 'seven' });
    const repository = clone(origin, '--filter=blob:none', '--no-checkout');
    const gone = `${origin.dir}-moved`;
    repository.git(['config', 'remote.origin.url', gone]);
    const mine = repository.git(['hash-object', '-w', '--stdin'], { input: '3' });
    expect(mine).toBe(origin.id('HEAD:f3'));
    const source = await open(repository);
    const change = await source.since('HEAD^');
    expect(shown(change)).toEqual(['M f7']);
    const contents = await Promise.all(Object.keys(files).map((path) => change.head.content(path)));
    expect(contents.filter(({ kind }) => kind === 'text')).toMatchObject([{ text: '3' }]);
    const why = 'the clone is partial and this object was never fetched';
    expect(contents.filter(({ kind }) => kind === 'unreadable')).toEqual(Array(39).fill({ kind: 'unreadable', why }));
    expect(await change.head.content('f5')).toEqual({ kind: 'unreadable', why });
    // Trees as well: then there is nothing to go by.
    const bare = clone(origin, '--filter=tree:0', '--no-checkout');
    bare.git(['config', 'remote.origin.url', gone]);
    await expect((await open(bare)).since('HEAD^')).rejects.toMatchObject({ kind: 'missing-object' });
  });
});
