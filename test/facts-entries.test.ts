import { expect, test } from 'vitest';
import * as z from 'zod';
import changeLargeFile from '../rules/change/large-file.ts';
import changeSecretFile from '../rules/change/secret-file.ts';
import configAssertion from '../rules/config/assertion.ts';
import contentForbiddenImport from '../rules/content/forbidden-import.ts';
import contentForbiddenText from '../rules/content/forbidden-text.ts';
import evidenceInvalidLog from '../rules/evidence/invalid-log.ts';
import ownershipForeignFeedbackFile from '../rules/ownership/foreign-feedback-file.ts';
import type { Change, ChangeSet } from '../src/core/change.ts';
import type { AnyRule } from '../src/core/rule.ts';
import type { Content, Entry } from '../src/core/snapshot.ts';
import { run } from '../src/engine/run.ts';
import { memoryChangeSet } from '../src/repo/memory.ts';

// What an example cannot hold: symbolic links, binaries, Git LFS, modes, deletions, missing objects.

interface Odd {
  readonly mode?: string;
  readonly content: Content;
  readonly before?: Entry;
}

const text = (text: string): Content => ({ kind: 'text', text, encoding: 'utf-8', size: text.length });
const KINDS: Record<string, Entry['kind']> = { '120000': 'symlink', '160000': 'gitlink' };

function changeSet(odd: Record<string, Odd>, rest: Partial<ChangeSet> = {}): ChangeSet {
  const entryOf = (path: string, { mode = '100644' }: Odd): Entry => ({
    path,
    mode,
    kind: KINDS[mode] ?? 'file',
    oid: `${path}:now`,
  });
  const changes = Object.entries(odd).map(([path, one]): Change => ({
    path,
    kind: one.before ? 'modified' : 'added',
    ...(one.before && { before: one.before }),
    after: entryOf(path, one),
  }));
  const set = memoryChangeSet({});
  return {
    ...set,
    changes,
    head: {
      ...set.head,
      declared: { identities: { data: { emails: ['data@example.com'], owns: [] } } },
      entry: async (path) => odd[path] && entryOf(path, odd[path]),
      content: async (path) => odd[path]?.content ?? { kind: 'absent' },
    },
    ...rest,
  };
}

async function judge(rule: AnyRule, options: unknown, change: ChangeSet) {
  const parsed = rule.options(z).parse(options);
  const { findings, notices } = await run(change, [{ rule, options: parsed, severityAt: async () => 'error' }]);
  return {
    findings: findings.map(({ at, message }) => [at.path, message]),
    notices: notices.map(({ path, needed = false }) => [path, needed]),
  };
}

test('a large file is weighed wherever its bytes are', async () => {
  const lfs = (size: number): Odd => ({ content: { kind: 'lfs', oid: '1', size } });
  const same: Entry = { path: 'mode.bin', mode: '100644', kind: 'file', oid: 'mode.bin:now' };
  const change = changeSet({
    'a.mp4': { content: { kind: 'large', size: 90_000_000 } },
    'b.mp4': lfs(2_000_000),
    'c.mp4': lfs(9_000_000),
    'mode.bin': { mode: '100755', content: { kind: 'large', size: 90_000_000 }, before: same },
    module: { mode: '160000', content: { kind: 'gitlink', oid: '2' } },
    'gone.bin': { content: { kind: 'unreadable', why: 'the object is missing' } },
  });
  expect(await judge(changeLargeFile, {}, change)).toEqual({
    findings: [['a.mp4', 'a.mp4 has 90.0 MB; 5.0 MB are the most.']],
    notices: [['gone.bin', true]],
  });
  expect((await judge(changeLargeFile, { maxLfsBytes: 5_000_000 }, change)).findings[1]).toEqual([
    'c.mp4',
    'c.mp4 has 9.0 MB in Git LFS; 5.0 MB are the most.',
  ]);
});

test('a key store is known by its bytes; where there are none, that is said', async () => {
  const store: Content = { kind: 'binary', bytes: new Uint8Array([0x30, 0x82, 1, 0, 2, 1, 3]), size: 7 };
  const change = changeSet({
    'a.p12': { content: store },
    'b.p12': { content: { kind: 'lfs', oid: '1', size: 7 } },
    'c.p12': { content: { kind: 'unreadable', why: 'the object is missing' } },
    '.env': { mode: '120000', content: text('API_KEY=abcd1234') },
  });
  expect(await judge(changeSecretFile, {}, change)).toEqual({
    findings: [['a.p12', 'a.p12 is a key store (PKCS #12).']],
    notices: [
      ['b.p12', false],
      ['c.p12', true],
    ],
  });
});

test("a symbolic link's target is text, and nothing else", async () => {
  const link = (target: string): Odd => ({ mode: '120000', content: text(target) });
  const change = changeSet({ 'a.ts': link("import 'm'"), 'a.jsonl': link('x'), 'a.toml': link('b = 2') });
  const found = await judge(contentForbiddenText, { texts: [{ pattern: 'import', message: 'No.' }] }, change);
  expect(found.findings).toEqual([['a.ts', 'No.']]);
  const imports = [{ modules: ['m'], message: 'No.' }];
  expect(await judge(contentForbiddenImport, { imports }, change)).toEqual({ findings: [], notices: [] });
  expect(await judge(evidenceInvalidLog, { files: ['*.jsonl'] }, change)).toEqual({ findings: [], notices: [] });
  const assertions = [{ file: 'a.toml', at: 'b', equals: 1 }];
  expect(await judge(configAssertion, { assertions }, change)).toEqual({ findings: [], notices: [['a.toml', false]] });
});

test('a log or a configuration that cannot be read leaves the verdict open', async () => {
  const missing: Odd = { content: { kind: 'unreadable', why: 'the object is missing' } };
  const change = changeSet({ 'a.jsonl': missing, 'a.toml': missing });
  expect(await judge(evidenceInvalidLog, { files: ['*.jsonl'] }, change)).toEqual({
    findings: [],
    notices: [['a.jsonl', true]],
  });
  const assertions = [{ file: 'a.toml', at: 'b', absent: true }];
  expect(await judge(configAssertion, { assertions }, change)).toEqual({ findings: [], notices: [['a.toml', true]] });
});

test("deleting, moving and changing the mode of another's file are touches", async () => {
  const path = 'feedback/data/2026-01-15.md';
  const entry = (mode: string): Entry => ({ path, mode, kind: 'file', oid: '1' });
  const options = { files: ['feedback/{identity}/{date}.md'] };
  const said =
    'feedback/data/2026-01-15.md belongs to data and is touched by eve@example.com, whom the policy does not know.';
  const by = (email: string, changes: Change[]) => changeSet({}, { changes, identity: { name: 'x', email } });
  const ways: Change[] = [
    { path, kind: 'deleted', before: entry('100644') },
    { path: 'elsewhere.md', from: path, kind: 'renamed', before: entry('100644'), after: entry('100644') },
    { path, kind: 'modified', before: entry('100644'), after: entry('100755') },
  ];
  for (const way of ways) {
    const found = await judge(ownershipForeignFeedbackFile, options, by('eve@example.com', [way]));
    expect(found).toEqual({ findings: [[path, said]], notices: [] });
    expect((await judge(ownershipForeignFeedbackFile, options, by('DATA@example.com', [way]))).findings).toEqual([]);
  }
  const nobody = changeSet({}, { changes: [ways[0]!] });
  expect(await judge(ownershipForeignFeedbackFile, options, nobody)).toEqual({ findings: [], notices: [[path, true]] });
});

test('a configuration that is deleted no longer holds what was asked of it', async () => {
  const change = memoryChangeSet({}, { 'a.toml': 'b = 1' });
  const asked = (condition: object) =>
    judge(configAssertion, { assertions: [{ file: 'a.toml', at: 'b', ...condition }] }, change);
  expect((await asked({ equals: 1 })).findings).toEqual([['a.toml', 'a.toml is missing, and b with it.']]);
  expect((await asked({ absent: true })).findings).toEqual([]);
  expect((await asked({ command: { mustNotRun: ['x'] } })).findings).toEqual([]);
});

test('of several commands, none may run what must not, and one must run what must', async () => {
  const workflow =
    'jobs:\n  a:\n    steps:\n      - run: npm test\n      - run: |\n          npm ci\n          npx prisma migrate deploy\n';
  const change = memoryChangeSet({ 'a.yml': workflow, 'package.json': '{"scripts":{"a":"tsc","b":"rm -rf x"}}' });
  const asked = (file: string, at: string, command: object) =>
    judge(configAssertion, { assertions: [{ file, at, command }] }, change).then(({ findings }) =>
      findings.map(([, message]) => message),
    );
  expect(await asked('a.yml', 'jobs.*.steps[*].run', { mustRun: ['npm test'] })).toEqual([]);
  expect(await asked('a.yml', 'jobs.*.steps[*].run', { mustRun: ['npm run lint'] })).toEqual([
    'a.yml: jobs.*.steps[*].run does not run npm run lint.',
  ]);
  expect(await asked('a.yml', 'jobs.*.steps[*].run', { mustNotRun: ['prisma migrate'] })).toHaveLength(1);
  expect(await asked('package.json', 'scripts', { mustNotRun: ['rm -rf'], mustRun: ['tsc'] })).toEqual([
    'package.json: scripts runs rm -rf.',
  ]);
});

test('in an audit, a file that is asked for and was never there is missing, scripts or not', async () => {
  const assertions = [{ file: 'fly.toml', at: 'a', command: { mustRun: ['x'] } }];
  const { findings } = await judge(configAssertion, { assertions }, memoryChangeSet({ 'package.json': '{}' }));
  expect(findings).toEqual([[undefined, 'fly.toml is missing, and a with it.']]);
  const later = memoryChangeSet({ 'package.json': '{}' }, { 'package.json': '{ }' });
  expect((await judge(configAssertion, { assertions }, later)).findings).toEqual([]);
});

test('no value of a configuration is shown', async () => {
  const change = memoryChangeSet({ '.env': 'PASSWORD=h0rse-battery\nPORT=x9\n' });
  const conditions = [
    { at: 'PASSWORD', equals: 'x' },
    { at: 'PASSWORD', oneOf: ['x'] },
    { at: 'PASSWORD', matches: '^x$' },
    { at: 'PORT', minimum: 1 },
    { at: 'PASSWORD', absent: true },
    { at: 'PASSWORD', schema: { maxLength: 2 } },
  ];
  const { findings } = await judge(
    configAssertion,
    { assertions: conditions.map((one) => ({ file: '.env', ...one })) },
    change,
  );
  expect(findings).toHaveLength(6);
  expect(JSON.stringify(findings)).not.toMatch(/h0rse|x9/);
});
