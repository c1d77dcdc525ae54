import { describe, expect, test } from 'vitest';
import loosened from '../rules/policy/loosened.ts';
import type { ChangeSet, Commit } from '../src/core/change.ts';
import { isNotice } from '../src/core/notice.ts';
import { judge } from '../src/engine/judge.ts';
import { foldersAround, readPolicy } from '../src/engine/policy/resolve.ts';
import { loosenings } from '../src/facts/loosening.ts';
import { memoryChangeSet } from '../src/repo/memory.ts';
import { catalogue as small } from './policy-catalogue.ts';

type Files = Readonly<Record<string, unknown>>;

const catalogue = { ...small, rules: [...small.rules.filter(({ id }) => id !== loosened.id), loosened] };
const texts = (files: Files) =>
  Object.fromEntries(
    Object.entries(files).map(([path, policy]) => [path, typeof policy === 'string' ? policy : JSON.stringify(policy)]),
  );

async function changeOf(before: Files, after: Files, rest: Partial<ChangeSet> = {}): Promise<ChangeSet> {
  const change = memoryChangeSet(texts(after), texts(before), rest);
  const folders = foldersAround(change.changes.map(({ path }) => path));
  const [base, head] = await Promise.all(
    [change.base, change.head].map((side) => readPolicy(side, catalogue, folders)),
  );
  for (const side of [base, head]) if (side && 'problems' in side) throw new Error(side.problems[0]!.message);
  const ok = (side: typeof base) => (side && 'ok' in side ? side.ok : undefined);
  const none = {
    digest: '',
    files: [],
    judge: 'head' as const,
    declared: { identities: {} },
    layers: [{ dir: '', rules: {}, overrides: [], allow: [] }],
    expiryFor: [],
    places: {},
  };
  const policies = { ...(ok(base) && { base: ok(base)! }), head: ok(head) ?? none };
  return { ...change, policies };
}

/** What is said, and the text that it is said of; the path alone where it is the file as a whole. */
async function between(before: Files, after: Files) {
  const change = await changeOf(before, after);
  const said: [string, string | undefined][] = [];
  for await (const subject of loosenings(change)) {
    if (isNotice(subject)) throw new Error(subject.message);
    const { path, range } = subject.at;
    said.push([subject.message, range ? (await change.head.read(path!))!.slice(...range) : path]);
  }
  return said;
}

const root = (policy: unknown) => ({ 'repolicy.jsonc': policy });
const rules = (value: unknown) => root({ rules: value });
const FILE = 'repolicy.jsonc';

describe('a loosened rule', () => {
  test.each<[what: string, before: Files, after: Files, ...said: [string, string][]]>([
    [
      'lower',
      rules({ 'sql/drop-table': 'error' }),
      rules({ 'sql/drop-table': 'info' }),
      ['Lowers sql/drop-table from error to info.', '"info"'],
    ],
    [
      'off',
      rules({ 'sql/drop-table': 'error' }),
      rules({ 'sql/drop-table': 'off' }),
      ['Lowers sql/drop-table from error to off.', '"off"'],
    ],
    ['gone', rules({ 'sql/drop-table': 'info' }), rules({}), ['Lowers sql/drop-table from info to off.', FILE]],
    [
      'one key, many rules',
      rules({ '*': 'error', 'config/*': 'off' }),
      rules({ '*': 'info', 'config/*': 'off' }),
      ['Lowers docs/too-many-files, docs/unlisted-file, policy/loosened and 4 more from error to info.', '"info"'],
    ],
    [
      'a preset is gone',
      root({ extends: 'recommended' }),
      root({}),
      ['Lowers docs/too-many-files, policy/loosened and secrets/token from warning to off.', FILE],
      ['Lowers docs/unlisted-file from info to off.', FILE],
      ['Lowers sql/drop-column, sql/drop-table and sql/syntax-error from error to off.', FILE],
    ],
    [
      'a preset goes over the others',
      root({ extends: ['recommended'] }),
      root({ extends: ['recommended', 'lax'] }),
      ['Lowers docs/too-many-files from warning to info.', FILE],
      ['Lowers sql/drop-table from error to off.', FILE],
    ],
  ])('%s', async (_, before, after, ...said) => {
    expect(await between(before, after)).toEqual(said);
  });

  test.each<[what: string, before: Files, after: Files]>([
    ['raised', rules({ 'sql/drop-table': 'info' }), rules({ 'sql/drop-table': 'error' })],
    ['new', rules({}), rules({ 'sql/drop-table': 'info' })],
    [
      'off before and after, with other options',
      rules({ 'docs/unlisted-file': 'off' }),
      rules({ 'docs/unlisted-file': ['off', { allow: ['x'] }] }),
    ],
    ['written otherwise', rules({ 'sql/drop-table': 'info' }), root('{ // why\n"rules": {"sql/*": "info"} }')],
    [
      'under another name',
      rules({ 'sql/drop-table': 'info' }),
      { 'package.json': { repolicy: { rules: { 'sql/drop-table': 'info' } } } },
    ],
    ['a first policy', {}, rules({ 'sql/drop-table': 'info' })],
  ])('is not one that is %s', async (_, before, after) => {
    expect(await between(before, after)).toEqual([]);
  });
});

describe('options', () => {
  const listed = (options: unknown, severity = 'error') => rules({ 'docs/unlisted-file': [severity, options] });
  const most = (options: unknown) => rules({ 'docs/too-many-files': ['error', options] });

  test.each<[what: string, before: Files, after: Files, ...said: string[]]>([
    [
      'exceptions grow',
      listed({ allow: ['a'] }),
      listed({ allow: ['a', 'b', 'c'] }),
      'Widens "allow" of docs/unlisted-file by "b" and "c".',
    ],
    ['exceptions shrink, or move', listed({ allow: ['a', 'b'] }), listed({ allow: ['b'] })],
    [
      'exceptions change',
      listed({ allow: ['a'] }),
      listed({ allow: ['b'] }),
      'Widens "allow" of docs/unlisted-file by "b".',
    ],
    [
      'demands shrink',
      listed({ where: ['a', 'b'] }),
      listed({ where: ['b'] }),
      'Takes "a" out of "where" of docs/unlisted-file.',
    ],
    ['demands grow', listed({ where: ['a'] }), listed({ where: ['b', 'a'] })],
    [
      'with negations the order decides, and nobody can say',
      listed({ allow: ['a', '!b'] }),
      listed({ allow: ['!b', 'a'] }),
      'Changes "allow" of docs/unlisted-file from ["a" and "!b"] to ["!b" and "a"], which may let more through.',
    ],
    [
      'an option of unknown meaning comes',
      listed({}),
      listed({ from: 'x.md' }),
      'Changes "from" of docs/unlisted-file from nothing to "x.md", which may let more through.',
    ],
    ['a ceiling rises', most({ most: 1 }), most({ most: 2 }), 'Raises "most" of docs/too-many-files from 1 to 2.'],
    ['a ceiling sinks', most({ most: 2 }), most({ most: 1 })],
    [
      'severity and options at once',
      listed({ allow: [] }),
      listed({ allow: ['a'] }, 'info'),
      'Lowers docs/unlisted-file from error to info.',
      'Widens "allow" of docs/unlisted-file by "a".',
    ],
    [
      'what secrets rules let pass is counted, not shown',
      rules({ 'secrets/token': ['error', { allow: [] }] }),
      rules({ 'secrets/token': ['error', { allow: ['AKIA0123456789'] }] }),
      'Widens "allow" of secrets/token by 1 entry.',
    ],
  ])('%s', async (_, before, after, ...said) => {
    expect((await between(before, after)).map(([message]) => message)).toEqual(said);
  });

  test('are found where they are written', async () => {
    expect(await between(listed({ allow: [] }), listed({ allow: ['a'] }))).toEqual([
      ['Widens "allow" of docs/unlisted-file by "a".', '{"allow":["a"]}'],
    ]);
  });
});

describe('overrides', () => {
  const base = { 'sql/drop-table': 'error', 'docs/unlisted-file': ['error', { allow: ['a'] }] };
  const over = (...overrides: [files: string | string[], rules: unknown][]) =>
    root({ rules: base, overrides: overrides.map(([files, rules]) => ({ files: [files].flat(), rules })) });
  const lower = { 'sql/drop-table': 'info' };
  const raised = (...overrides: [files: string, rules: unknown][]) =>
    root({
      rules: { 'sql/drop-table': 'info' },
      overrides: overrides.map(([files, rules]) => ({ files: [files], rules })),
    });

  test.each<[what: string, before: Files, after: Files, ...said: string[]]>([
    [
      'one that lowers comes',
      over(),
      over(['old/**', lower]),
      'Lowers sql/drop-table from error to info for "old/**".',
    ],
    [
      'one that lowers for more paths',
      over(['a', lower]),
      over([['a', 'b'], lower]),
      'Lowers sql/drop-table from error to info for "a" and "b".',
    ],
    ['one that lowers for fewer paths', over([['a', 'b'], lower]), over(['a', lower])],
    ['one that lowers less', over(['a', lower]), over(['a', { 'sql/drop-table': 'warning' }])],
    [
      'one that lowers more',
      over(['a', lower]),
      over(['a', { 'sql/drop-table': 'off' }]),
      'Lowers sql/drop-table from error to off for "a".',
    ],
    ['one that lowers goes', over(['a', lower]), over()],
    [
      'one with other options comes',
      over(),
      over(['a', { 'docs/unlisted-file': ['error', { allow: ['b'] }] }]),
      'Gives docs/unlisted-file other options for "a", which may let more through.',
    ],
    ['one with the same options comes', over(), over(['a', { 'docs/unlisted-file': ['error', { allow: ['a'] }] }])],
    [
      'one with other options goes',
      over(['a', { 'docs/unlisted-file': ['error', { allow: [] }] }]),
      over(),
      'No longer gives docs/unlisted-file its own options for "a", which may let more through.',
    ],
    ['one that raises comes', raised(), raised(['a', { 'sql/drop-table': 'error' }])],
    [
      'one that raises goes',
      raised(['a', { 'sql/drop-table': 'error' }]),
      raised(),
      'No longer sets sql/drop-table to error for "a".',
    ],
    [
      'one that raises raises less',
      raised(['a', { 'sql/drop-table': 'error' }]),
      raised(['a', { 'sql/drop-table': 'warning' }]),
      'No longer sets sql/drop-table to error for "a".',
    ],
    [
      'one that raises is not needed any more',
      raised(['a', { 'sql/drop-table': 'warning' }]),
      rules({ 'sql/drop-table': 'warning' }),
    ],
    ['one for a rule that nobody asks', root({}), root({ overrides: [{ files: ['a'], rules: lower }] })],
    [
      'a rule that only an override asks',
      root({ overrides: [{ files: ['a', 'b'], rules: { 'sql/drop-table': 'error' } }] }),
      root({ overrides: [{ files: ['a'], rules: { 'sql/drop-table': 'error' } }] }),
      'No longer sets sql/drop-table to error for "a" and "b".',
    ],
    [
      'the order changes',
      over(['a', lower], ['a/b', { 'sql/drop-table': 'warning' }]),
      over(['a/b', { 'sql/drop-table': 'warning' }], ['a', lower]),
      'Changes the order of the overrides of sql/drop-table, which may let more through.',
    ],
    [
      'negations are not compared',
      over([['a', '!b'], lower]),
      over([['!b', 'a'], lower]),
      'Lowers sql/drop-table from error to info for "!b" and "a".',
    ],
  ])('%s', async (_, before, after, ...said) => {
    expect((await between(before, after)).map(([message]) => message)).toEqual(said);
  });

  test('are found where they are written', async () => {
    expect(await between(over(), over(['old/**', lower]))).toEqual([
      ['Lowers sql/drop-table from error to info for "old/**".', '"info"'],
    ]);
  });
});

describe('allows', () => {
  const entry = { rules: ['sql/drop-table'], files: ['a.sql', 'b.sql'], reason: 'r' };
  const allow = (...entries: unknown[]) => root({ allow: entries });

  test.each<[what: string, before: Files, after: Files, ...said: string[]]>([
    ['one comes', allow(), allow(entry), 'Allows sql/drop-table in "a.sql" and "b.sql".'],
    ['for every path', allow(entry), allow({ ...entry, files: undefined }), 'Allows sql/drop-table everywhere.'],
    ['for more rules', allow(entry), allow({ ...entry, rules: ['sql/*'] }), 'Allows sql/* in "a.sql" and "b.sql".'],
    [
      'about something else',
      allow({ ...entry, about: 'x' }),
      allow({ ...entry, about: 'y' }),
      'Allows sql/drop-table about "y" in "a.sql" and "b.sql".',
    ],
    [
      'for longer',
      allow({ ...entry, until: '2026-01-01' }),
      allow({ ...entry, until: '2026-01-02' }),
      'Allows sql/drop-table in "a.sql" and "b.sql" until 2026-01-02.',
    ],
    [
      'for ever',
      allow({ ...entry, until: '2026-01-01' }),
      allow(entry),
      'Allows sql/drop-table in "a.sql" and "b.sql".',
    ],
    ['for fewer rules', allow({ ...entry, rules: ['sql/*'] }), allow(entry)],
    ['for fewer paths', allow(entry), allow({ ...entry, files: ['b.sql'] })],
    ['for less', allow({ ...entry, files: undefined }), allow({ ...entry, about: 'x', until: '2026-01-01' })],
    [
      'for another reason, moved',
      allow(entry, { ...entry, about: 'x' }),
      allow({ ...entry, about: 'x', reason: 'better' }, entry),
    ],
    ['none any more', allow(entry), allow()],
  ])('%s', async (_, before, after, ...said) => {
    expect((await between(before, after)).map(([message]) => message)).toEqual(said);
  });

  test('are found where they are written', async () => {
    expect(await between(allow(), allow(entry))).toEqual([
      ['Allows sql/drop-table in "a.sql" and "b.sql".', JSON.stringify(entry)],
    ]);
  });
});

describe('what is declared', () => {
  const identity = (value: unknown) => root({ identities: { data: value } });
  const folder = { layout: 'plain', dir: 'db', postgres: 15, applied: '7' };
  const migrations = (...folders: unknown[]) => root({ migrations: folders });

  test.each<[what: string, before: Files, after: Files, ...said: [string, string][]]>([
    [
      'its own judge',
      root({ judge: 'base' }),
      root({ judge: 'head' }),
      ['Lets a change be judged by the policy that it brings itself.', '"head"'],
    ],
    [
      'its own judge, silently',
      root({ judge: 'base' }),
      root({}),
      ['Lets a change be judged by the policy that it brings itself.', FILE],
    ],
    ['a stricter judge', root({}), root({ judge: 'base' })],
    [
      'the revision',
      root({ base: 'main' }),
      root({ base: 'HEAD' }),
      ['Holds changes against "HEAD" instead of "main".', '"HEAD"'],
    ],
    [
      'no revision',
      root({ base: 'main' }),
      root({}),
      ['Holds changes against no revision of its own instead of "main".', FILE],
    ],
    [
      'dates',
      root({ allows: { expiryFor: ['sql/*'] } }),
      root({ allows: { expiryFor: ['sql/drop-table'] } }),
      [
        'No longer asks for a date on every allow of sql/drop-column and sql/syntax-error.',
        '{"expiryFor":["sql/drop-table"]}',
      ],
    ],
    ['more dates', root({ allows: { expiryFor: ['sql/drop-table'] } }), root({ allows: { expiryFor: ['sql/*'] } })],
    [
      'an address',
      identity({ emails: ['a@b.c'] }),
      identity({ emails: ['a@b.c', 'd@e.f'] }),
      ['Gives identity "data" "d@e.f".', '{"emails":["a@b.c","d@e.f"]}'],
    ],
    ['an address less', identity({ emails: ['a@b.c', 'd@e.f'] }), identity({ emails: ['a@b.c'] })],
    ['a newcomer', root({}), identity({ owns: ['x'] }), ['Gives identity "data" "x".', '{"owns":["x"]}']],
    [
      'other paths',
      identity({ owns: ['x', 'y'] }),
      identity({ owns: ['y', 'z'] }),
      ['Gives identity "data" "z".', '{"owns":["y","z"]}'],
      ['Takes "x" from identity "data".', '{"owns":["y","z"]}'],
    ],
    ['a leaver', identity({ owns: ['x'], emails: ['a@b.c'] }), root({}), ['Takes "x" from identity "data".', FILE]],
    [
      'migrations applied',
      migrations(folder),
      migrations({ ...folder, applied: '8' }),
      ['Changes "applied" of the migrations in "db" from "7" to "8".', JSON.stringify([{ ...folder, applied: '8' }])],
    ],
    [
      'migrations of another server',
      migrations(folder),
      migrations({ layout: 'plain', dir: 'db', applied: '7' }),
      [
        'Changes "postgres" of the migrations in "db" from "15" to "nothing".',
        JSON.stringify([{ layout: 'plain', dir: 'db', applied: '7' }]),
      ],
    ],
    ['a folder less', migrations(folder), migrations(), ['No longer declares the migrations in "db".', '[]']],
    ['a folder more', migrations(folder), migrations({ ...folder, dir: 'x' }, folder)],
    [
      'folders at all',
      root({}),
      migrations(folder),
      ['Looks for migrations only in "db", which may let some through.', JSON.stringify([folder])],
    ],
    [
      'no folders',
      migrations(folder),
      root({}),
      ['Looks for migrations by the shape of folders, which may let some through.', FILE],
    ],
  ])('%s', async (_, before, after, ...said) => {
    expect(await between(before, after)).toEqual(said);
  });

  test('hostile names are shown escaped', async () => {
    const [said] = await between(
      rules({ 'docs/unlisted-file': 'error' }),
      rules({ 'docs/unlisted-file': ['error', { allow: ['\u001b\n::error::\u202e'] }] }),
    );
    expect(said![0]).toBe('Widens "allow" of docs/unlisted-file by "\\u001b\\n::error::\\u202e".');
  });
});

describe('policy files', () => {
  const nested = 'packages/a/repolicy.json';
  const strict = { rules: { 'sql/drop-table': 'error' } };

  test('a deleted one is told of once, at its old path', async () => {
    expect(await between(root({ ...strict, judge: 'base' }), { 'a.md': 'x' })).toEqual([
      ['Takes away the policy.', FILE],
    ]);
    expect(await between({ ...root({}), [nested]: strict }, root({}))).toEqual([
      ['Takes away the policy of "packages/a/".', nested],
    ]);
  });

  test('nested ones are compared with themselves', async () => {
    const after = { rules: { 'sql/drop-table': 'info' } };
    expect(await between({ ...root({}), [nested]: strict }, { ...root({}), [nested]: after })).toEqual([
      ['Lowers sql/drop-table from error to info in "packages/a/".', '"info"'],
    ]);
    expect(await between(root({}), { ...root({}), [nested]: strict })).toEqual([]);
    expect(await between({ ...root(strict), [nested]: strict }, { [nested]: strict })).toEqual([
      ['Takes away the policy.', FILE],
    ]);
  });

  test('options that a nested one finds above are told of above', async () => {
    const listed = (allow: string[]) => root({ rules: { 'docs/unlisted-file': ['warning', { allow }] } });
    const inherits = { [nested]: { rules: { 'docs/unlisted-file': 'error' } } };
    expect(
      await between({ ...listed([]), ...inherits }, { ...listed(['x']), ...inherits, 'packages/a/b': 'touched' }),
    ).toEqual([['Widens "allow" of docs/unlisted-file by "x".', '{"allow":["x"]}']]);
  });
});

describe('the owners of the policy', () => {
  const policy = (severity: string, owners = ['lead']) =>
    root({
      identities: { lead: { emails: ['lead@example.com'] }, data: { emails: ['data@example.com'] } },
      rules: { 'policy/loosened': ['error', { owners }], 'sql/drop-table': severity },
    });
  const lead = { name: 'Lead', email: 'lead@example.com' };
  const data = { name: 'Data', email: 'data@example.com' };
  const commit = (author: typeof lead, path = FILE): Commit => ({
    oid: author.name,
    parents: [],
    author,
    committer: author,
    date: new Date(0),
    committed: new Date(0),
    message: '',
    changes: [{ path, kind: 'modified' }],
  });
  const severity = async (rest: Partial<ChangeSet>, owners?: string[], after = policy('off', owners)) => {
    const { policies, ...change } = await changeOf(policy('error', owners), after, rest);
    const terms = { catalogue, policy: policies!.head, basePolicy: policies!.base!, only: [loosened.id] };
    const { findings, notices } = await judge(change, terms);
    return [...findings.map((finding) => finding.severity), ...notices.map(({ notice }) => notice)];
  };

  test('are shown what they loosen, as info', async () => {
    expect(await severity({ identity: lead })).toEqual(['info']);
    expect(await severity({ identity: data })).toEqual(['error']);
    expect(await severity({ identity: lead }, [])).toEqual(['error']);
  });

  test('are all who touched the policy, whoever else is in the change', async () => {
    expect(await severity({ commits: [commit(lead), commit(data, 'a.md')], identity: data })).toEqual(['info']);
    expect(await severity({ commits: [commit(lead), commit(data)] })).toEqual(['error']);
    expect(await severity({ commits: [commit(lead, 'a.md')] })).toEqual(['error']);
  });

  test('are those of the policy before the change', async () => {
    const taken = JSON.stringify(policy('off')[FILE])
      .replace('data@example.com', 'x@example.com')
      .replace('lead@example.com', 'data@example.com');
    expect(await severity({ identity: data }, undefined, root(JSON.parse(taken)))).toEqual(['error', 'error', 'error']);
  });

  test('where nobody knows who it was, that is said', async () => {
    expect(await severity({})).toEqual(['error', 'not-judged']);
  });
});
