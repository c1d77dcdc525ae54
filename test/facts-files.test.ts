import { describe, expect, test } from 'vitest';
import type { Change, ChangeSet, Commit, Person } from '../src/core/change.ts';
import type { Declared } from '../src/core/policy.ts';
import { isNotice, type Notice } from '../src/core/notice.ts';
import type { Content, Entry } from '../src/core/snapshot.ts';
import { messages } from '../src/facts/change.ts';
import { files, textFiles } from '../src/facts/files.ts';
import { authorsOf, identitiesNamed, identitiesOf } from '../src/facts/identities.ts';
import { ownerByTemplate, touches } from '../src/facts/owners.ts';
import { memoryChangeSet } from '../src/repo/memory.ts';

async function all<T>(stream: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const one of stream) found.push(one);
  return found;
}

describe('files', () => {
  const contents: Record<string, Content> = {
    'a.txt': { kind: 'text', text: 'a', encoding: 'utf-8', size: 1 },
    'b.png': { kind: 'binary', bytes: new Uint8Array([0]), size: 1 },
    'c.psd': { kind: 'lfs', oid: '1', size: 9 },
    'd.bin': { kind: 'large', size: 99 },
    e: { kind: 'gitlink', oid: '2' },
    'f.txt': { kind: 'unreadable', why: 'the object is missing' },
    'g.txt': { kind: 'absent' },
    h: { kind: 'text', text: '../target', encoding: 'utf-8', size: 9 },
  };
  const entry = (path: string): Entry =>
    path === 'h' ? { path, mode: '120000', kind: 'symlink' } : { path, mode: '100644', kind: 'file' };
  const changes = Object.keys(contents).map((path): Change => ({ path, kind: 'added', after: entry(path) }));
  const gone: Change = { path: 'z', kind: 'deleted', before: entry('z') };
  const set = memoryChangeSet({});
  const change: ChangeSet = {
    ...set,
    changes: [...changes, gone],
    head: { ...set.head, content: async (path) => contents[path] ?? { kind: 'absent' } },
  };

  test('of every kind, but for what cannot be read, in order', async () => {
    const found = await all(files(change));
    expect(found.map((one) => (isNotice(one) ? `! ${one.path}` : one.path))).toEqual([
      ...['a.txt', 'b.png', 'c.psd', 'd.bin', 'e', '! f.txt', '! g.txt', 'h'],
    ]);
  });

  test('with text, and a word about each that should have some', async () => {
    const found = await all(textFiles(change));
    const notices = found.filter((one): one is Notice => isNotice(one));
    expect(found.flatMap((one) => (isNotice(one) ? [] : [[one.path, one.text, one.entry.kind]]))).toEqual([
      ['a.txt', 'a', 'file'],
      ['h', '../target', 'symlink'],
    ]);
    expect(notices.map(({ path, needed = false }) => [path, needed])).toEqual([
      ['c.psd', false],
      ['d.bin', false],
      ['f.txt', true],
      ['g.txt', true],
    ]);
    expect(notices[0]!.message).toBe('c.psd was not read: its content is kept in Git LFS.');
    expect(notices[2]!.message).toBe('f.txt was not read: the object is missing.');
  });

  test('are asked for ahead, and a failure is met where it belongs', async () => {
    const many = Array.from({ length: 50 }, (_, i) => `f${i}`);
    let asked = 0;
    const head = {
      ...set.head,
      content: async (path: string): Promise<Content> => {
        asked++;
        if (path === 'f9') throw new Error('broken');
        return { kind: 'text', text: path, encoding: 'utf-8', size: 1 };
      },
    };
    const stream = files({
      ...change,
      head,
      changes: many.map((path) => ({ path, kind: 'added', after: entry(path) })),
    });
    const read: string[] = [];
    await expect(async () => {
      for await (const one of stream) if (!isNotice(one)) read.push(one.path);
    }).rejects.toThrow('broken');
    expect(read).toEqual(many.slice(0, 9));
    expect(asked).toBeGreaterThan(10);
    expect(asked).toBeLessThan(50);
  });
});

test('messages are those of the commits, and the one that is being made', async () => {
  const commit = { message: 'feat: a\n' } as Commit;
  const set = memoryChangeSet({}, {}, { commits: [commit], message: '' });
  expect(await all(messages(set))).toEqual([{ text: 'feat: a\n', commit }, { text: '' }]);
});

describe('who touched a path', () => {
  const ann: Person = { name: 'Ann', email: 'ann@example.com' };
  const ben: Person = { name: 'Ben', email: 'ben@example.com' };
  const change = (path: string, from?: string): Change => ({
    path,
    kind: from ? 'renamed' : 'modified',
    ...(from && { from }),
  });
  const commit = (oid: string, author: Person, ...changes: Change[]): Commit => ({
    ...{ oid, author, committer: ben, changes },
    ...{ parents: [], date: new Date(0), committed: new Date(0), message: '' },
  });
  const said = async (set: ChangeSet) =>
    (await all(touches(set, (path) => path.startsWith('f/')))).map((one) =>
      isNotice(one) ? one : [one.path, one.author.name, one.commit],
    );
  const set = (rest: Partial<ChangeSet>): ChangeSet => ({
    ...memoryChangeSet({}),
    changes: [change('f/b', 'f/a'), change('g')],
    ...rest,
  });

  test('the author of each commit, whatever is left of it', async () => {
    const commits = [commit('1', ann, change('f/x'), change('g')), commit('2', ben, change('g', 'f/y'))];
    expect(await said(set({ commits, identity: ben }))).toEqual([
      ['f/x', 'Ann', '1'],
      ['f/y', 'Ben', '2'],
    ]);
  });

  test('whoever is making the change: both ends of a move', async () => {
    expect(await said(set({ identity: ann }))).toEqual([
      ['f/b', 'Ann', undefined],
      ['f/a', 'Ann', undefined],
    ]);
  });

  test('in an audit, everybody in the history of the paths', async () => {
    const asked: (readonly string[])[] = [];
    const history = async (paths: readonly string[]) => {
      asked.push(paths);
      return [commit('2', ben, change('f/b'), change('f/other')), commit('1', ann, change('f/b'))];
    };
    expect(
      await said(
        set({
          changes: [
            { path: 'f/b', kind: 'added' },
            { path: 'g', kind: 'added' },
          ],
          history,
        }),
      ),
    ).toEqual([
      ['f/b', 'Ben', '2'],
      ['f/b', 'Ann', '1'],
    ]);
    expect(asked).toEqual([['f/b']]);
  });

  test('where nobody knows, that is said', async () => {
    expect(await said(set({}))).toMatchObject([{ notice: 'not-judged', needed: true, path: 'f/b' }]);
    expect(await said(set({ changes: [change('g')] }))).toEqual([]);
  });

  const declared: Declared = {
    identities: { ann: { emails: ['Ann@Example.com'], owns: [] }, __proto__: { emails: ['x'], owns: [] } },
  };
  test('an identity is an exact address', () => {
    expect(identitiesOf(declared, ann)).toEqual(['ann']);
    expect(identitiesOf(declared, { name: 'x', email: 'ann@example.com.test' })).toEqual([]);
    expect(identitiesOf(declared, { name: 'x', email: '' })).toEqual([]);
  });

  test('an identity is named by itself, by an address or by a handle', () => {
    const declared = { identities: { ann: { emails: ['ann@example.com'], owns: [], handles: ['@Ann', '@team/data'] } } };
    for (const said of ['ann', 'Ann <ann@example.com>', ' ann@example.com', '@ann', '@team/data'])
      expect(identitiesNamed(declared, said)).toEqual(['ann']);
    for (const said of ['Ann', 'ann <eve@example.com>', '@team', 'ann@example.com eve'])
      expect(identitiesNamed(declared, said)).toEqual([]);
  });

  test('a squashed commit is the work of all whom it lists, and only GitHub squashes', () => {
    const message = 'feat: it (#1)\n\nCo-authored-by: Ben <ben@example.com>\n';
    const squashed = { ...commit('1', ann), message, committer: { name: 'GitHub', email: 'noreply@github.com' } };
    expect(authorsOf(squashed)).toEqual([ann, ben]);
    expect(authorsOf({ ...squashed, committer: ann })).toEqual([ann]);
  });

  test('an owner stands in the path, declared or not', async () => {
    const ownerOf = await ownerByTemplate(['f/{identity}/{date}.md', '!f/all/**'], declared);
    expect(ownerOf('f/ann/2026-01-31.md')).toEqual({ names: ['ann'], written: 'ann' });
    expect(ownerOf('f/eve/2026-01-31.md')).toEqual({ names: [], written: 'eve' });
    expect(ownerOf('f/all/2026-01-31.md')).toBeUndefined();
    expect(ownerOf('f/ann/2026-02-30.md')).toBeUndefined();
  });
});
