import { Ajv } from 'ajv';
import { describe, expect, test } from 'vitest';
import type * as zod from 'zod';
import type { Zod } from '../src/core/rule.ts';
import type { Content, Entry, Snapshot } from '../src/core/snapshot.ts';
import { explainPath, originText } from '../src/engine/policy/explain.ts';
import { findPolicyFiles, foldersAround, readPolicy, resolvePolicy } from '../src/engine/policy/resolve.ts';
import { jsonSchema } from '../src/engine/policy/schema.ts';
import { settingFor, variants } from '../src/engine/policy/settings.ts';
import { catalogue } from './policy-catalogue.ts';

type Policies = Readonly<Record<string, unknown>>;

const resolve = (policies: Policies, baseDir?: string) =>
  resolvePolicy({
    files: Object.entries(policies).map(([path, policy]) => ({
      path,
      text: typeof policy === 'string' ? policy : JSON.stringify(policy),
    })),
    catalogue,
    ...(baseDir !== undefined && { baseDir }),
  });

async function policyOf(policies: Policies, baseDir?: string) {
  const result = await resolve(policies, baseDir);
  if ('problems' in result) throw new Error(result.problems.map(({ message }) => message).join('\n'));
  return result.ok;
}

async function problemsOf(policies: Policies) {
  const result = await resolve(policies);
  if ('ok' in result) return [];
  return result.problems.map(({ path, line, column, message }) => `${path}:${line}:${column} ${message}`);
}

describe('a nested policy', () => {
  const root = { rules: { 'sql/drop-table': 'warning', 'docs/unlisted-file': ['error', { allow: ['README.md'] }] } };
  const at = 'packages/a/repolicy.jsonc';

  test('is a layer of its own, below its folder', async () => {
    const { layers, files } = await policyOf({
      'repolicy.jsonc': root,
      [at]: { rules: { 'sql/drop-table': 'error', 'sql/drop-column': 'info' } },
      'packages/a/deep/repolicy.json': { rules: { 'sql/drop-table': 'error' } },
    });
    expect(layers.map(({ dir }) => dir)).toEqual(['', 'packages/a/', 'packages/a/deep/']);
    expect(files).toEqual(['packages/a/deep/repolicy.json', 'packages/a/repolicy.jsonc', 'repolicy.jsonc']);
  });

  test('finds the options of the folders above where it gives none', async () => {
    const { layers } = await policyOf({ 'repolicy.jsonc': root, [at]: { rules: { 'docs/*': 'error' } } });
    expect(layers[1]!.rules['docs/unlisted-file']!.options).toMatchObject({ allow: ['README.md'] });
    expect(layers[1]!.rules['docs/too-many-files']!.options).toEqual({ most: 10 });
  });

  test('can stand without one at the root', async () => {
    const { layers } = await policyOf({ [at]: { rules: { 'sql/*': 'error' } } }, '');
    expect(layers.map(({ dir, rules }) => [dir, Object.keys(rules).length])).toEqual([
      ['', 0],
      ['packages/a/', 3],
    ]);
  });

  test.each<[what: string, nested: string, ...problems: string[]]>([
    [
      'switch off',
      '{ "rules": { "sql/drop-table": "off" } }',
      '1:32 A nested policy can only add and tighten: sql/drop-table is "warning" in the folders above, not "off".',
    ],
    [
      'lower',
      '{\n"rules": { "docs/unlisted-file":\n ["warning", { "allow": [] }] } }',
      '3:2 A nested policy can only add and tighten: docs/unlisted-file is "error" in the folders above, not "warning".',
    ],
    [
      'lower by a wildcard, told once',
      '{ "rules": { "*": "info", "config/*": "off" } }',
      '1:19 A nested policy can only add and tighten: sql/drop-table (and 1 more like it) is "warning" in the folders above, not "info".',
    ],
    [
      'lower by a preset',
      '{ "extends": ["recommended", "lax"] }',
      '1:30 Preset "lax": A nested policy can only add and tighten: sql/drop-table (and 1 more like it) is "warning" in the folders above, not "off".',
    ],
    [
      'lower by an override',
      '{ "overrides": [{ "files": ["packages/a/x/**"], "rules": { "sql/*": "info" } }] }',
      '1:69 A nested policy can only add and tighten: sql/drop-table is "warning" in the folders above, not "info".',
    ],
    [
      'allow what the folders above ask',
      '{ "allow": [{ "rules": ["sql/drop-column", "sql/*"], "reason": "r" }] }',
      '1:44 A nested policy can only add and tighten: sql/drop-table is asked by the folders above, and only they can allow a finding of it.',
    ],
    [
      'speak for the whole repository',
      '{ "judge": "head", "identities": {}, "base": "x", "migrations": [], "allows": {} }',
      '1:3 "judge" holds for the whole repository: it belongs in the policy at the root.',
      '1:20 "identities" holds for the whole repository: it belongs in the policy at the root.',
      '1:38 "base" holds for the whole repository: it belongs in the policy at the root.',
      '1:51 "migrations" holds for the whole repository: it belongs in the policy at the root.',
      '1:69 "allows" holds for the whole repository: it belongs in the policy at the root.',
    ],
    [
      'name paths elsewhere',
      '{ "overrides": [{ "files": ["src/**", "**/x", "packages/**", "packages/a/*.md"], "rules": {} }],\n"allow": [{ "rules": ["secrets/*"], "files": ["packages/b/x"], "reason": "r" }] }',
      '1:29 "src/**" matches nothing in "packages/a/": paths are written from the repository\'s root.',
      '2:47 "packages/b/x" matches nothing in "packages/a/": paths are written from the repository\'s root.',
    ],
  ])('cannot %s', async (_, nested, ...problems) => {
    expect(await problemsOf({ 'repolicy.jsonc': root, [at]: nested })).toEqual(problems.map((one) => `${at}:${one}`));
  });

  test('may take back its own presets, allow its own findings, and repeat an override of its whole folder', async () => {
    const relaxed = { ...root, overrides: [{ files: ['packages/a/**'], rules: { 'docs/unlisted-file': 'info' } }] };
    const own = {
      extends: ['lax'],
      rules: { 'docs/*': 'info', 'sql/drop-table': 'error', 'sql/drop-column': 'info' },
      allow: [{ rules: ['sql/drop-column'], reason: 'Ours.' }],
    };
    expect(await problemsOf({ 'repolicy.jsonc': relaxed, [at]: own })).toEqual([]);
    expect(await problemsOf({ 'repolicy.jsonc': root, [at]: own })).toEqual([
      `${at}:1:38 A nested policy can only add and tighten: docs/unlisted-file is "error" in the folders above, not "info".`,
    ]);
  });

  test('is held against every folder above, not only the nearest', async () => {
    const policies = {
      'repolicy.jsonc': { rules: { 'sql/drop-table': 'error' } },
      'a/repolicy.jsonc': { rules: { 'sql/drop-column': 'warning' } },
      'a/b/repolicy.jsonc': { rules: { 'sql/*': 'warning' } },
      'ab/repolicy.jsonc': { rules: { 'sql/drop-column': 'info' } },
    };
    expect(await problemsOf(policies)).toEqual([
      'a/b/repolicy.jsonc:1:19 A nested policy can only add and tighten: sql/drop-table is "error" in the folders above, not "warning".',
    ]);
  });

  test('stands alone in its folder', async () => {
    expect(await problemsOf({ 'a/repolicy.jsonc': {}, 'a/repolicy.json': {}, 'repolicy.jsonc': {} })).toEqual([
      'a/repolicy.jsonc:1:1 "a/repolicy.json" is a policy for this folder too: keep one of them.',
    ]);
  });

  test('the root may be judged by a file from elsewhere', async () => {
    for (const baseDir of ['/etc/', undefined]) {
      const { layers, files } = await policyOf({ '/etc/strict.jsonc': root }, baseDir);
      expect([layers.map(({ dir }) => dir), files]).toEqual([[''], ['/etc/strict.jsonc']]);
    }
  });
});

describe('package.json', () => {
  test('holds the policy under its own key, with places in package.json', async () => {
    const text = '{\n  "name": "x", "name": "y",\n  "repolicy": {\n    "ruls": {}\n  }\n}';
    expect(await problemsOf({ 'package.json': text })).toEqual([
      'package.json:4:5 Unknown key "ruls"; did you mean "rules"?',
    ]);
    const { layers } = await policyOf({ 'package.json': '{ "repolicy": { "rules": { "sql/drop-table": "error" } } }' });
    expect(layers[0]!.rules['sql/drop-table']!.origin).toEqual({ from: 'package.json', range: [45, 52], line: 1 });
  });

  test('without the key is no policy', async () => {
    const { files } = await policyOf({ 'package.json': { name: 'x' }, 'repolicy.json': {} });
    expect(files).toEqual(['repolicy.json']);
    expect(await problemsOf({ 'package.json': { repolicy: {} }, 'repolicy.json': {} })).toEqual([
      'repolicy.json:1:1 "package.json" is a policy for this folder too: keep one of them.',
    ]);
  });
});

describe('reading a snapshot', () => {
  const stored = (files: Readonly<Record<string, string | Content | Entry['kind']>>) => {
    const asked: string[] = [];
    const snapshot: Snapshot = {
      name: 'test',
      declared: { identities: {} },
      paths: () => Promise.reject(new Error('the tree is never listed')),
      folder: () => Promise.reject(new Error('no folder is listed')),
      entry: async (path) => {
        asked.push(path);
        const file = Object.hasOwn(files, path) ? files[path] : undefined;
        const kind = file === 'symlink' || file === 'gitlink' ? file : 'file';
        return file === undefined ? undefined : { path, mode: '100644', kind };
      },
      content: async (path) => {
        const file = files[path]!;
        return typeof file === 'string'
          ? { kind: 'text', text: file, encoding: 'utf-8', size: file.length }
          : (file as Content);
      },
      read: () => Promise.reject(new Error('not asked')),
    };
    return { snapshot, asked };
  };
  const read = (files: Parameters<typeof stored>[0], folders?: string[]) =>
    readPolicy(stored(files).snapshot, catalogue, folders);

  test('asks for four names in the root and in each folder, and lists nothing', async () => {
    const { snapshot, asked } = stored({ '.repolicy.jsonc': '{}', 'a/repolicy.json': '{}', 'b/repolicy.json': '{}' });
    const result = await readPolicy(snapshot, catalogue, ['a/']);
    expect(result && 'ok' in result && result.ok.files).toEqual(['.repolicy.jsonc', 'a/repolicy.json']);
    expect(asked).toHaveLength(8);
  });

  test('finds none where there is none', async () => {
    const manifest = '{ "devDependencies": { "repolicy": "^1.0.0" }, "scripts": { "repolicy" : "repolicy check" } }';
    expect(await read({})).toBeUndefined();
    expect(await read({ 'package.json': manifest })).toBeUndefined();
    expect(await read({ 'package.json': 'symlink' })).toBeUndefined();
    expect(await read({ 'package.json': '{ "config": { "repolicy": {} } }' })).toBeUndefined();
  });

  test.each<[string, Content | 'symlink', string]>([
    ['a link', 'symlink', 'The policy is a link: it must be a file of its own, so that a change of it is seen.'],
    ['binary', { kind: 'binary', bytes: new Uint8Array(), size: 1 }, 'The policy is not text in UTF-8.'],
    ['an LFS pointer', { kind: 'lfs', oid: '', size: 1 }, 'The policy is not text in UTF-8.'],
    ['broken UTF-8', { kind: 'text', text: '{}', encoding: 'latin1', size: 2 }, 'The policy is not text in UTF-8.'],
    [
      'missing',
      { kind: 'unreadable', why: 'the object is missing' },
      'The policy cannot be read: the object is missing.',
    ],
  ])('refuses one that is %s', async (_, content, message) => {
    expect(await read({ 'repolicy.json': content })).toMatchObject({ problems: [{ path: 'repolicy.json', message }] });
  });

  test('a policy is told from other files by its name', () => {
    expect(
      findPolicyFiles(['a/repolicy.jsonc', 'repolicy.json', 'x.repolicy.jsonc', 'b/package.json', 'c/.repolicy.jsonc']),
    ).toEqual(['a/repolicy.jsonc', 'repolicy.json', 'b/package.json', 'c/.repolicy.jsonc']);
    expect(foldersAround(['a/b/c.md', 'a/d.md', 'e.md', 'a/b/f'])).toEqual(['a/', 'a/b/']);
  });
});

describe('the setting for a path', () => {
  const policies = {
    'repolicy.jsonc': {
      rules: { 'docs/unlisted-file': ['warning', { allow: ['a'] }], 'sql/drop-table': 'error' },
      overrides: [
        { files: ['docs/**'], rules: { 'docs/unlisted-file': 'error', 'sql/drop-column': 'info' } },
        { files: ['docs/old/**'], rules: { 'docs/unlisted-file': ['info', { allow: ['b'] }] } },
        { files: ['**/*.txt'], rules: { 'docs/*': 'off' } },
        { files: ['docs/old/keep.txt'], rules: { 'docs/unlisted-file': 'warning' } },
      ],
    },
    'packages/a/repolicy.jsonc': {
      rules: { 'docs/unlisted-file': ['error', { allow: ['c'] }], 'sql/drop-table': 'error' },
      overrides: [{ files: ['packages/a/x/**'], rules: { 'secrets/token': 'info' } }],
    },
  };
  const at = async (path: string | undefined, rule = 'docs/unlisted-file') =>
    (await settingFor(await policyOf(policies), rule, path)).map(({ layer, severity, options }) => [
      layer,
      severity,
      (options as { allow?: string[] }).allow?.join(),
    ]);

  test('is the base, then the last override that matches', async () => {
    expect(await at('src/a.md')).toEqual([['', 'warning', 'a']]);
    expect(await at('docs/a.md')).toEqual([['', 'error', 'a']]);
    expect(await at('docs/old/a.md')).toEqual([['', 'info', 'b']]);
    expect(await at('docs/a.txt')).toEqual([['', 'off', 'a']]);
    expect(await at('docs/old/a.txt')).toEqual([['', 'off', 'b']]);
    expect(await at('docs/old/keep.txt')).toEqual([['', 'warning', 'b']]);
    expect(await at(undefined)).toEqual([['', 'warning', 'a']]);
  });

  test('is off where only an override elsewhere names the rule', async () => {
    expect(await at('src/a.sql', 'sql/drop-column')).toEqual([['', 'off', undefined]]);
    expect(await at('docs/a.sql', 'sql/drop-column')).toEqual([['', 'info', undefined]]);
    expect(await at('docs/a.sql', 'sql/syntax-error')).toEqual([]);
    expect(await at('docs/a.sql', 'constructor')).toEqual([]);
  });

  test('is one for each layer around the path', async () => {
    expect(await at('packages/a/x.md')).toEqual([
      ['', 'warning', 'a'],
      ['packages/a/', 'error', 'c'],
    ]);
    expect(await at('packages/ab/x.md')).toEqual([['', 'warning', 'a']]);
  });

  test('variants are the sets of options with which a rule is on somewhere', async () => {
    const policy = await policyOf(policies);
    const severities = async (rule: string, path: string | undefined) =>
      Promise.all(
        variants(policy, rule).map(async ({ options, severityAt }) => [
          (options as { allow?: string[] }).allow?.join(),
          await severityAt(path),
        ]),
      );
    expect(await severities('docs/unlisted-file', 'packages/a/x.md')).toEqual([
      ['a', 'warning'],
      ['b', 'off'],
      ['c', 'error'],
    ]);
    expect(await severities('docs/unlisted-file', 'docs/old/x.md')).toEqual([
      ['a', 'off'],
      ['b', 'info'],
      ['c', 'off'],
    ]);
    expect(await severities('docs/unlisted-file', undefined)).toEqual([
      ['a', 'warning'],
      ['b', 'off'],
      ['c', 'off'],
    ]);
    expect(await severities('sql/drop-table', 'packages/a/x.sql')).toEqual([[undefined, 'error']]);
    expect(await severities('secrets/token', 'packages/a/x/y')).toEqual([['', 'info']]);
    expect(await severities('secrets/token', undefined)).toEqual([['', 'off']]);
    expect(variants(policy, 'docs/too-many-files')).toEqual([]);
    expect(variants(policy, 'sql/syntax-error')).toEqual([]);
  });

  test('of two layers with the same options the stricter severity holds', async () => {
    const policy = await policyOf({
      'repolicy.jsonc': { rules: { 'sql/drop-table': 'warning' } },
      'a/repolicy.jsonc': { rules: { 'sql/drop-table': 'error' } },
    });
    const [only, ...others] = variants(policy, 'sql/drop-table');
    expect(others).toEqual([]);
    expect(await Promise.all(['a/x', 'b/x', undefined].map((path) => only!.severityAt(path)))).toEqual([
      'error',
      'warning',
      'warning',
    ]);
  });
});

test('the policy of a path is explained with the place of every value', async () => {
  const policy = await policyOf({
    'repolicy.jsonc': `{
      "extends": ["recommended"],
      "identities": { "data": { "owns": ["db/**"] }, "web": { "owns": ["src/**"] } },
      "rules": { "docs/unlisted-file": "error" },
      "overrides": [{ "files": ["db/**"], "rules": { "sql/drop-table": "info" } }],
      "allow": [{ "rules": ["sql/*"], "files": ["db/old/**"], "reason": "Old." }, { "rules": ["sql/*"], "files": ["x"], "reason": "No." }]
    }`,
    'db/repolicy.json': '{ "rules": { "sql/drop-column": "error" } }',
    'src/repolicy.json': '{}',
  });
  const explained = await explainPath(policy, 'db/old/a.sql');
  expect(explained.files).toEqual(['db/repolicy.json', 'repolicy.jsonc']);
  expect(explained.owners).toMatchObject([{ identity: 'data', globs: ['db/**'], origin: { line: 3 } }]);
  expect(explained.allow.map(({ reason, origin }) => [reason, originText(origin)])).toEqual([
    ['Old.', 'repolicy.jsonc:6'],
  ]);
  const lines = explained.rules.map(({ rule, severity, origin, optionsOrigin }) =>
    [rule, severity, originText(origin), originText(optionsOrigin)].join(' | '),
  );
  expect(lines).toEqual([
    'config/assertion | off | preset recommended | preset recommended',
    'docs/too-many-files | warning | preset recommended | default',
    'docs/unlisted-file | error | repolicy.jsonc:4 | preset recommended',
    'policy/loosened | warning | preset recommended | default',
    'secrets/token | warning | preset recommended | default',
    'sql/drop-column | error | preset recommended | default',
    'sql/drop-column | error | db/repolicy.json:1 | default',
    'sql/drop-table | info | repolicy.jsonc:5 | default',
    'sql/syntax-error | error | preset recommended | default',
  ]);
  expect(JSON.parse(JSON.stringify(explained))).toEqual(explained);
});

describe('the JSON Schema', async () => {
  const schema = await jsonSchema(catalogue, ['plain', 'supabase']);
  const valid = new Ajv({ strict: false, formats: { date: true } }).compile(schema);

  test('is the same every time, whatever the order of the catalogue', async () => {
    const reversed = { ...catalogue, rules: [...catalogue.rules].reverse() };
    expect(JSON.stringify(await jsonSchema(reversed, ['plain', 'supabase']))).toBe(JSON.stringify(schema));
  });

  test('has the words of every rule', () => {
    const { properties } = (
      schema as { definitions: { rules: { properties: Record<string, { title: string; description: string }> } } }
    ).definitions.rules;
    expect(Object.keys(properties)).toEqual(catalogue.rules.map(({ id }) => id).sort());
    expect(properties['sql/drop-table']).toMatchObject({
      title: 'Title of sql/drop-table',
      description: 'Because. Otherwise.',
    });
  });

  test('options may hold themselves', async () => {
    const loop = (z: Zod) => {
      const node: zod.ZodType = z.strictObject({ any: z.array(z.lazy(() => node)).default([]) });
      return node;
    };
    const inner = (z: Zod) => z.strictObject({ tree: loop(z).optional() });
    const [first, second] = catalogue.rules;
    const rules = [
      { ...first!, options: loop },
      { ...second!, options: inner },
    ];
    const check = new Ajv({ strict: false, formats: { date: true } }).compile(
      await jsonSchema({ ...catalogue, rules }),
    );
    const set = (options: unknown) => ({ rules: { [first!.id]: ['error', options] } });
    const within = (options: unknown) => ({ rules: { [second!.id]: ['error', options] } });
    expect(check(set({ any: [{ any: [] }] }))).toBe(true);
    expect(check(set({ any: [{ any: [{ eny: 1 }] }] }))).toBe(false);
    expect(check(within({ tree: { any: [{}] } }))).toBe(true);
    expect(check(within({ tree: { any: [{ tree: {} }] } }))).toBe(false);
  });

  const policies: [good: boolean, policy: unknown][] = [
    [true, {}],
    [true, { $schema: 'x', extends: ['recommended', 'lax'], base: 'origin/main', judge: 'base' }],
    [
      true,
      {
        extends: 'lax',
        rules: { '*': 'error', 'sql/*': ['off'], 'config/*': 'off', 'docs/unlisted-file': ['info', { allow: ['a'] }] },
      },
    ],
    [
      true,
      {
        migrations: [{ layout: 'plain', dir: 'db', postgres: 15, applied: '1' }],
        identities: { a: { emails: ['a@b.c'] } },
      },
    ],
    [true, { overrides: [{ files: ['a/**'], rules: { 'sql/drop-table': 'warning' } }] }],
    [
      true,
      {
        allow: [{ rules: ['sql/drop-table', 'sql/*'], reason: 'r', until: '2026-12-31' }],
        allows: { expiryFor: ['*'] },
      },
    ],
    [false, []],
    [false, { ruls: {} }],
    [false, { plugins: [] }],
    [false, { extends: ['none'] }],
    [false, { judge: 'nobody' }],
    [false, { rules: { 'sql/none': 'error' } }],
    [false, { rules: { 'sqk/*': 'error' } }],
    [false, { rules: { 'sql/*': 'fatal' } }],
    [false, { rules: { 'sql/*': ['error', {}] } }],
    [false, { rules: { 'sql/drop-table': [] } }],
    [false, { rules: { 'docs/unlisted-file': ['info', { alow: [] }] } }],
    [false, { rules: { 'docs/too-many-files': ['info', { most: 0 }] } }],
    [false, { rules: { 'config/assertion': ['info', {}] } }],
    [false, { migrations: [{ layout: 'other', dir: 'db' }] }],
    [false, { migrations: [{ layout: 'plain' }] }],
    [false, { identities: { a: { mails: [] } } }],
    [false, { overrides: [{ rules: {} }] }],
    [false, { overrides: [{ files: ['a'], rules: { x: 'off' } }] }],
    [false, { allow: [{ rules: ['nope/x'], reason: 'r' }] }],
    [false, { allow: [{ rules: ['sql/*'] }] }],
    [false, { allows: { expiryFor: ['nope/x'] } }],
  ];
  test.each(policies)('%s: %j, and the engine agrees', async (good, policy) => {
    expect(valid(policy)).toBe(good);
    const result = await resolvePolicy({
      files: [{ path: 'repolicy.json', text: JSON.stringify(policy) }],
      catalogue,
      layouts: ['plain', 'supabase'],
    });
    expect('ok' in result).toBe(good);
  });
});
