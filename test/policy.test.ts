import { describe, expect, test } from 'vitest';
import { resolvePolicy, type ResolveInput } from '../src/engine/policy/resolve.ts';
import { catalogue } from './policy-catalogue.ts';

type Files = Readonly<Record<string, string>>;

const resolve = (files: Files, rest: Partial<ResolveInput> = {}) =>
  resolvePolicy({ files: Object.entries(files).map(([path, text]) => ({ path, text })), catalogue, ...rest });

async function policyOf(policy: unknown, rest: Partial<ResolveInput> = {}) {
  const text = typeof policy === 'string' ? policy : JSON.stringify(policy, null, 2);
  const result = await resolve({ 'repolicy.jsonc': text }, rest);
  if ('problems' in result) throw new Error(result.problems.map(({ message }) => message).join('\n'));
  return result.ok;
}

async function problemsOf(files: Files | string, rest: Partial<ResolveInput> = {}) {
  const result = await resolve(typeof files === 'string' ? { 'repolicy.jsonc': files } : files, rest);
  return 'problems' in result ? result.problems : [];
}

/** "line:column message", and the text that the problem stands at. */
async function said(text: string) {
  return (await problemsOf(text)).map(({ line, column, message, range }) => {
    expect(text.split('\n')[line! - 1]!.slice(column! - 1)).toBe(text.slice(range![0]).split('\n')[0]);
    return [`${line}:${column}`, text.slice(...range!), message];
  });
}

const settings = (rules: Readonly<Record<string, { severity: string }>>) =>
  Object.fromEntries(Object.entries(rules).map(([rule, { severity }]) => [rule, severity]));

describe('rules', () => {
  test('are set to a severity, or to a severity with options; defaults are filled in', async () => {
    const { layers } = await policyOf({
      rules: { 'sql/drop-table': 'info', 'docs/unlisted-file': ['warning', { allow: ['a.md'] }] },
    });
    expect(layers).toHaveLength(1);
    expect(layers[0]!.rules).toMatchObject({
      'docs/unlisted-file': { severity: 'warning', options: { where: ['**/*.md'], allow: ['a.md'] } },
      'sql/drop-table': { severity: 'info', options: {} },
    });
    expect(Object.keys(layers[0]!.rules)).toEqual(['docs/unlisted-file', 'sql/drop-table']);
  });

  test('within one block the more specific name wins wherever it stands, and the later of two equals', async () => {
    const { layers } = await policyOf(
      '{ "rules": { "sql/drop-table": "info", "sql/*": "warning", "*": "error", "config/*": "off" } }',
    );
    expect(settings(layers[0]!.rules)).toEqual({
      'config/assertion': 'off',
      'docs/too-many-files': 'error',
      'docs/unlisted-file': 'error',
      'policy/loosened': 'error',
      'secrets/token': 'error',
      'sql/drop-column': 'warning',
      'sql/drop-table': 'info',
      'sql/syntax-error': 'warning',
    });
  });

  test('a later block goes over an earlier one, even by a wildcard: presets in their order, then the file', async () => {
    const { layers } = await policyOf({ extends: ['recommended', 'lax'], rules: { 'sql/drop-column': 'info' } });
    expect(settings(layers[0]!.rules)).toMatchObject({
      'docs/unlisted-file': 'info',
      'docs/too-many-files': 'info',
      'sql/drop-column': 'info',
      'sql/drop-table': 'off',
      'sql/syntax-error': 'error',
      'secrets/token': 'warning',
    });
    const reverse = await policyOf({ extends: ['lax', 'recommended'], rules: { 'sql/*': 'info' } });
    expect(settings(reverse.layers[0]!.rules)).toMatchObject({
      'sql/drop-table': 'info',
      'docs/too-many-files': 'warning',
    });
  });

  test('a severity alone keeps the options that a preset gave; options replace them', async () => {
    const kept = await policyOf({ extends: 'recommended', rules: { 'docs/*': 'error' } });
    expect(kept.layers[0]!.rules['docs/unlisted-file']).toMatchObject({
      severity: 'error',
      options: { allow: ['README.md'] },
      optionsOrigin: { from: 'preset recommended' },
    });
    const replaced = await policyOf({ extends: 'recommended', rules: { 'docs/unlisted-file': ['error', {}] } });
    expect(replaced.layers[0]!.rules['docs/unlisted-file']).toMatchObject({ options: { allow: [] } });
    const single = await policyOf({ extends: 'recommended', rules: { 'docs/unlisted-file': ['error'] } });
    expect(single.layers[0]!.rules['docs/unlisted-file']).toMatchObject({ options: { allow: ['README.md'] } });
  });

  test('say where they come from', async () => {
    const text =
      '{\n  "extends": ["recommended"],\n  "rules": { "sql/*": "info", "docs/unlisted-file": ["info", { "allow": [] }] }\n}';
    const { layers, files } = await policyOf(text);
    const { rules } = layers[0]!;
    expect(files).toEqual(['repolicy.jsonc']);
    expect(rules['secrets/token']!.origin).toEqual({ from: 'preset recommended' });
    expect(rules['sql/drop-table']!.origin).toMatchObject({ from: 'repolicy.jsonc', line: 3 });
    expect(text.slice(...rules['sql/drop-table']!.origin.range!)).toBe('"info"');
    expect(text.slice(...rules['docs/unlisted-file']!.origin.range!)).toBe('["info", { "allow": [] }]');
  });

  test('the command line goes over the file, its presets under it', async () => {
    const rest = { presets: ['recommended'], overridesFromCommandLine: { 'sql/drop-table': 'off' } };
    const { layers } = await policyOf({ rules: { 'sql/*': 'info' } }, rest);
    expect(settings(layers[0]!.rules)).toMatchObject({
      'sql/drop-table': 'off',
      'sql/drop-column': 'info',
      'secrets/token': 'warning',
    });
    expect(layers[0]!.rules['sql/drop-table']!.origin).toEqual({ from: 'command line' });
    const bare = await resolvePolicy({ files: [], catalogue, presets: ['lax'] });
    expect('ok' in bare && settings(bare.ok.layers[0]!.rules)).toMatchObject({ 'sql/drop-table': 'off' });
    expect(await problemsOf('{}', { presets: ['lux'], overridesFromCommandLine: { 'sql/*': 'of' } })).toEqual([
      { path: 'command line', message: 'There is no preset "lux"; did you mean "lax"?' },
      { path: 'command line', message: '"of" is no severity; did you mean "off"?' },
    ]);
  });

  test('a rule that needs options is not switched on without them, and may be off', async () => {
    expect(await said('{ "rules": { "config/assertion": "error" } }')).toEqual([
      ['1:34', '"error"', 'config/assertion needs options: "assertions" of config/assertion is missing.'],
    ]);
    expect(await said('{ "rules": { "config/*": "error" } }')).toEqual([
      ['1:26', '"error"', 'config/assertion needs options: "assertions" of config/assertion is missing.'],
    ]);
    expect(await said('{ "overrides": [{ "files": ["a"], "rules": { "config/*": "info" } }] }')).toEqual([
      ['1:58', '"info"', 'config/assertion needs options: "assertions" of config/assertion is missing.'],
    ]);
    expect(await said('{ "rules": { "config/*": "off" } }')).toEqual([]);
  });
});

describe('problems', () => {
  test.each<[text: string, ...problems: [place: string, at: string, message: string][]]>([
    ['', ['1:1', '', 'The file is empty: the least policy is {}.']],
    ['[]', ['1:1', '[]', 'A policy must be an object, but is a list.']],
    ['{\n  "rules": {\n    "a": tru\n  }\n}', ['3:10', 'tru', 'This is no JSON value: text needs double quotes.']],
    ['{ "a" 1 }', ['1:7', '1', 'A ":" is expected here.']],
    ['{ "rules": {} ', ['1:15', '', 'A "}" is expected here.']],
    ['{}}', ['1:3', '}', 'Nothing more is expected here.']],
    ['/* no end', ['1:1', '/* no end', 'This comment has no end.']],
    ['\ufeff// note\n{ "ruls": {}, }', ['2:3', '"ruls"', 'Unknown key "ruls"; did you mean "rules"?']],
    [
      '{\r\n\t"colour": 1 }',
      [
        '2:2',
        '"colour"',
        'Unknown key "colour": "$schema", "extends", "base", "judge", "migrations", "identities", "rules", "overrides", "allow", "allows" may stand here.',
      ],
    ],
    [
      '{ "plugins": ["./x.js"] }',
      [
        '1:3',
        '"plugins"',
        'Plugins are not supported yet: remove this key, and keep to the rules that repolicy brings.',
      ],
    ],
    ['{ "rules": {}, "é😀": 1, "rules": {} }', ['1:26', '"rules"', 'The key "rules" stands here twice.']],
    [
      '{ "extends": ["recomended"] }',
      ['1:15', '"recomended"', 'There is no preset "recomended"; did you mean "recommended"?'],
    ],
    ['{ "extends": "zzzzz" }', ['1:14', '"zzzzz"', 'There is no preset "zzzzz": there is "recommended", "lax".']],
    [
      '{ "extends": ["constructor"] }',
      ['1:15', '"constructor"', 'There is no preset "constructor": there is "recommended", "lax".'],
    ],
    ['{ "extends": 1 }', ['1:14', '1', '"extends" must be text or a list, but is 1.']],
    ['{ "extends": [["lax"]] }', ['1:15', '["lax"]', '"extends[0]" must be text, but is a list.']],
    ['{ "judge": "had" }', ['1:12', '"had"', '"judge" must be "head" or "base", but is "had"; did you mean "head"?']],
    ['{ "base": "--upload-pack=x" }', ['1:11', '"--upload-pack=x"', '"--upload-pack=x" is no revision.']],
    ['{ "base": "a b" }', ['1:11', '"a b"', '"a b" is no revision.']],
  ])('%j', async (text, ...problems) => {
    expect(await said(text)).toEqual(problems);
  });

  test.each<[rules: string, place: string, at: string, message: string]>([
    [
      '"sql/drop-colum": "error"',
      '1:14',
      '"sql/drop-colum"',
      'There is no rule "sql/drop-colum"; did you mean "sql/drop-column"?',
    ],
    ['"drop-tabel": "error"', '1:14', '"drop-tabel"', 'There is no rule "drop-tabel"; did you mean "sql/drop-table"?'],
    ['"sq/*": "error"', '1:14', '"sq/*"', 'There is no rule "sq/*"; did you mean "sql/*"?'],
    [
      '"**/drop-*": "error"',
      '1:14',
      '"**/drop-*"',
      '"**/drop-*" is no wildcard: there is "*" for every rule, and one for each family, such as "sql/*".',
    ],
    [
      '"constructor": "error"',
      '1:14',
      '"constructor"',
      'There is no rule "constructor": "repolicy rules" lists them all.',
    ],
    ['"sql/drop-table": "eror"', '1:32', '"eror"', '"eror" is no severity; did you mean "error"?'],
    ['"sql/drop-table": "warn"', '1:32', '"warn"', '"warn" is no severity; did you mean "warning"?'],
    [
      '"sql/drop-table": ["fatal"]',
      '1:33',
      '"fatal"',
      '"fatal" is no severity: "error", "warning", "info" and "off" are.',
    ],
    ['"sql/drop-table": [2, {}]', '1:33', '2', 'A number is no severity: "error", "warning", "info" and "off" are.'],
    [
      '"sql/drop-table": true',
      '1:32',
      'true',
      'A rule is set to a severity, or to [severity, options], but this is true.',
    ],
    [
      '"sql/drop-table": []',
      '1:32',
      '[]',
      'A rule is set to a severity, or to [severity, options], but this is a list of 0.',
    ],
    ['"sql/drop-table": ["error", []]', '1:42', '[]', 'Options are an object, but this is a list.'],
    [
      '"sql/*": ["error", { "a": 1 }]',
      '1:33',
      '{ "a": 1 }',
      'Options belong to one rule, and "sql/*" stands for several.',
    ],
    [
      '"sql/drop-table": ["error", { "a": 1 }]',
      '1:44',
      '"a"',
      'Unknown option "a" of sql/drop-table, which takes none.',
    ],
    [
      '"docs/unlisted-file": ["error", { "alow": [] }]',
      '1:48',
      '"alow"',
      'Unknown option "alow" of docs/unlisted-file; did you mean "allow"?',
    ],
    [
      '"docs/unlisted-file": ["error", { "allow": ["a", 1] }]',
      '1:63',
      '1',
      '"allow[1]" of docs/unlisted-file must be text, but is a number.',
    ],
    [
      '"docs/unlisted-file": ["error", { "allow": ["**.md"] }]',
      '1:58',
      '"**.md"',
      '"**.md" has a "**" that is not alone between slashes: write "**/*.md" for files at any depth, "*" within a name.',
    ],
    [
      '"docs/too-many-files": ["error", { "most": 0 }]',
      '1:57',
      '0',
      '"most" of docs/too-many-files must be at least 1.',
    ],
    [
      '"docs/too-many-files": ["error", { "most": 1000 }]',
      '1:57',
      '1000',
      '"most" of docs/too-many-files must be at most 100.',
    ],
    [
      '"docs/too-many-files": ["error", { "most": 1.5 }]',
      '1:57',
      '1.5',
      '"most" of docs/too-many-files must be a whole number, but is 1.5.',
    ],
    ['"docs/too-many-files": ["error", { "most": 1e999 }]', '1:57', '1e999', 'This number is too large.'],
    [
      '"secrets/token": ["error", { "allow": ["abc"] }]',
      '1:53',
      '"abc"',
      '"allow[0]" of secrets/token: Four characters are the least.',
    ],
    [
      '"secrets/token": ["error", { "allow": ["abc*"] }]',
      '1:53',
      '"abc*"',
      '"allow[0]" of secrets/token must match /^[^*]+$/.',
    ],
    [
      '"secrets/token": ["error", { "allow": ["abcd", "abcd"] }]',
      '1:52',
      '["abcd", "abcd"]',
      '"allow" of secrets/token holds an entry twice.',
    ],
    [
      '"config/assertion": ["error", { "assertions": [] }]',
      '1:60',
      '[]',
      '"assertions" of config/assertion must hold at least 1 entry.',
    ],
    [
      '"config/assertion": ["error", { "assertions": [{ "equals": 1 }] }]',
      '1:61',
      '{ "equals": 1 }',
      '"assertions[0].file" of config/assertion is missing.',
    ],
    [
      '"config/assertion": ["error", { "assertions": [{ "file": "x", "equals": true }] }]',
      '1:86',
      'true',
      '"assertions[0].equals" of config/assertion must be text, a number or an object, but is true.',
    ],
    [
      '"config/assertion": ["error", { "assertions": [{ "file": "x", "equals": { "text": "a", "case": "eny" } }] }]',
      '1:109',
      '"eny"',
      '"assertions[0].equals.case" of config/assertion must be "exact" or "any", but is "eny"; did you mean "any"?',
    ],
    [
      '"config/assertion": ["error", { "assertions": [{ "file": "x", "equals": { "text": "a", "case": "any", "cse": 1 } }] }]',
      '1:116',
      '"cse"',
      'Unknown key "cse"; did you mean "case"?',
    ],
  ])('{ "rules": { %s } }', async (rules, ...problem) => {
    expect(await said(`{ "rules": { ${rules} } }`)).toEqual([problem]);
  });

  test.each<[text: string, place: string, at: string, message: string]>([
    ['"migrations": {}', '1:17', '{}', '"migrations" must be a list, but is an object.'],
    ['"migrations": [{ "dir": "x" }]', '1:18', '{ "dir": "x" }', '"migrations[0].layout" is missing.'],
    [
      '"migrations": [{ "layout": "plain", "dir": "/x" }]',
      '1:46',
      '"/x"',
      '"/x" is no folder: write it from the repository\'s root, as "db/migrations".',
    ],
    [
      '"migrations": [{ "layout": "plain", "dir": "a/../b" }]',
      '1:46',
      '"a/../b"',
      '"a/../b" is no folder: write it from the repository\'s root, as "db/migrations".',
    ],
    [
      '"migrations": [{ "layout": "plain", "dir": "x", "postgres": "15" }]',
      '1:63',
      '"15"',
      '"migrations[0].postgres" must be a number, but is text.',
    ],
    [
      '"migrations": [{ "layout": "plain", "dir": "x", "aplied": "1" }]',
      '1:51',
      '"aplied"',
      'Unknown key "aplied"; did you mean "applied"?',
    ],
    [
      '"identities": { "a/b": {} }',
      '1:19',
      '"a/b"',
      'The key "a/b" is no name: letters, digits and . _ @ + - make one.',
    ],
    ['"identities": { "a": { "emails": ["x"] } }', '1:37', '"x"', '"x" is no e-mail address.'],
    [
      '"identities": { "a": { "owns": ["/x"] } }',
      '1:35',
      '"/x"',
      '"/x" begins with "/": paths are relative to the repository\'s root already.',
    ],
    ['"identities": { "a": { "email": [] } }', '1:26', '"email"', 'Unknown key "email"; did you mean "emails"?'],
    ['"identities": { "__proto__": {} }', '1:19', '"__proto__"', 'A key cannot be named "__proto__".'],
    ['"overrides": [{ "rules": {} }]', '1:17', '{ "rules": {} }', '"overrides[0].files" is missing.'],
    ['"overrides": [{ "files": [], "rules": {} }]', '1:28', '[]', '"overrides[0].files" must hold at least 1 entry.'],
    [
      '"overrides": [{ "files": ["[z-a]"], "rules": {} }]',
      '1:29',
      '"[z-a]"',
      '"[z-a]" has a range in "[z-a]" that runs backwards.',
    ],
    [
      '"overrides": [{ "files": ["a"], "rules": { "sql/nope": "off" } }]',
      '1:46',
      '"sql/nope"',
      'There is no rule "sql/nope": "repolicy rules" lists them all.',
    ],
    [
      '"allow": [{ "rules": ["sql/*"], "files": ["a"] }]',
      '1:13',
      '{ "rules": ["sql/*"], "files": ["a"] }',
      '"allow[0].reason" is missing.',
    ],
    ['"allow": [{ "rules": ["sql/*"], "reason": "  " }]', '1:45', '"  "', '"  " is empty.'],
    [
      '"allow": [{ "rules": ["sql/x"], "reason": "r" }]',
      '1:25',
      '"sql/x"',
      'There is no rule "sql/x": "repolicy rules" lists them all.',
    ],
    [
      '"allow": [{ "rules": ["sql/*"], "reason": "r", "until": "2026-02-30" }]',
      '1:59',
      '"2026-02-30"',
      '"allow[0].until" must be a real date such as "2026-12-31".',
    ],
    [
      '"allows": { "expiryFor": ["secret/*"] }',
      '1:29',
      '"secret/*"',
      'There is no rule "secret/*"; did you mean "secrets/*"?',
    ],
    ['"allows": { "expiry": [] }', '1:15', '"expiry"', 'Unknown key "expiry"; did you mean "expiryFor"?'],
    ['"$schema": 1', '1:14', '1', '"$schema" must be text, but is a number.'],
  ])('{ %s }', async (text, ...problem) => {
    expect(await said(`{ ${text} }`)).toEqual([problem]);
  });

  test('all of them are told at once, in the order of the file', async () => {
    const text = '{\n "judge": "x",\n "rules": { "a/b": "error",\n "sql/*": "errror" },\n "extends": ["none"]\n}';
    expect((await problemsOf(text)).map(({ line }) => line)).toEqual([2, 3, 4, 5]);
  });

  test('a bad preset is reported where it is extended', async () => {
    const presets = {
      odd: { about: '', rules: { 'sql/none': 'error', 'docs/unlisted-file': ['error', { alow: [] }] } },
    };
    const result = await resolvePolicy({
      files: [{ path: 'repolicy.json', text: '{ "extends": ["odd"] }' }],
      catalogue: { ...catalogue, presets },
    });
    expect('problems' in result && result.problems.map(({ column, message }) => [column, message])).toEqual([
      [15, 'Preset "odd": There is no rule "sql/none": "repolicy rules" lists them all.'],
      [15, 'Preset "odd": Unknown option "alow" of docs/unlisted-file; did you mean "allow"?'],
    ]);
  });

  test('hostile text is shown escaped and cut, and hostile nesting is refused before it is parsed', async () => {
    const [problem] = await problemsOf(`{ "a\\u001b[31m\\u202e${'x'.repeat(500)}": 1 }`);
    expect(problem!.message).toMatch(/^Unknown key "a\\u001b\[31m\\u202ex+\.\.\."/);
    expect(problem!.message.length).toBeLessThan(300);
    expect(await problemsOf('['.repeat(200_000))).toMatchObject([
      { message: 'Nothing in a policy is nested more than 64 deep.', column: 65 },
    ]);
    expect(await problemsOf(`"${'x'.repeat(1_000_000)}"`)).toMatchObject([
      { message: 'The file is longer than 1000000 characters.' },
    ]);
  });

  test.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'prototype'])(
    'no key is taken for %s of every object',
    async (key) => {
      for (const text of [
        `{ "${key}": {} }`,
        `{ "rules": { "${key}": "off" } }`,
        `{ "rules": { "docs/unlisted-file": ["off", { "${key}": {} }] } }`,
        `{ "overrides": [{ "files": ["a"], "rules": { "${key}": "off" } }] }`,
      ]) {
        expect(await problemsOf(text), text).toHaveLength(1);
      }
      expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
    },
  );

  test('an identity may be named as it likes', async () => {
    const { declared } = await policyOf({ identities: { constructor: { emails: ['a@b.c'] }, toString: {} } });
    expect(Object.entries(declared.identities)).toEqual([
      ['constructor', { emails: ['a@b.c'], owns: [] }],
      ['toString', { emails: [], owns: [] }],
    ]);
  });
});

describe('what is declared', () => {
  test('is resolved, with defaults', async () => {
    const policy = await policyOf({
      $schema: './node_modules/repolicy/schema.json',
      base: 'origin/main',
      judge: 'base',
      migrations: [{ layout: 'supabase', dir: 'supabase/migrations/', postgres: 15 }],
      identities: { data: { emails: ['data@example.com'] } },
      allow: [{ rules: ['sql/*'], reason: 'Old.', about: 'users', until: '2026-12-31' }],
      allows: { expiryFor: ['sql/*', 'secrets/token', 'sql/drop-table'] },
    });
    expect(policy).toMatchObject({
      base: 'origin/main',
      judge: 'base',
      declared: {
        migrations: [{ layout: 'supabase', dir: 'supabase/migrations', postgres: 15 }],
        identities: { data: { emails: ['data@example.com'], owns: [] } },
      },
      expiryFor: ['secrets/token', 'sql/drop-column', 'sql/drop-table', 'sql/syntax-error'],
    });
    expect(policy.layers[0]!.allow).toMatchObject([
      { rules: ['sql/*'], files: [], about: 'users', reason: 'Old.', until: '2026-12-31' },
    ]);
    expect(Object.keys(policy.places).sort()).toEqual([
      'allows',
      'base',
      'identities',
      'identities/data',
      'judge',
      'migrations',
    ]);
  });

  test('is silent where the policy is', async () => {
    const policy = await policyOf('{}');
    expect(policy).toMatchObject({
      judge: 'head',
      declared: { identities: {} },
      expiryFor: [],
      layers: [{ dir: '', rules: {} }],
    });
    expect('base' in policy || 'migrations' in policy.declared).toBe(false);
  });

  test('layouts are checked where they are known', async () => {
    const text = '{ "migrations": [{ "layout": "supbase", "dir": "x" }] }';
    expect(await problemsOf(text, { layouts: ['plain', 'supabase'] })).toMatchObject([
      {
        column: 30,
        message: '"migrations[0].layout" must be "plain" or "supabase", but is "supbase"; did you mean "supabase"?',
      },
    ]);
  });

  test('is plain JSON', async () => {
    const policy = await policyOf({
      extends: 'recommended',
      overrides: [{ files: ['a'], rules: { 'sql/*': 'info' } }],
    });
    expect(JSON.parse(JSON.stringify(policy))).toEqual(policy);
  });
});

describe('the digest', () => {
  test('is the same for the same policy, however it is written', async () => {
    const one = await policyOf(
      '{ "rules": { "sql/drop-table": "error", "docs/unlisted-file": ["info", { "allow": ["a"], "where": ["b"] }] } }',
    );
    const other = await policyOf(
      '// moved\n{ "rules": {\n "docs/unlisted-file": ["info", { "where": ["b"], "allow": ["a"] }],\n "sql/drop-table": ["error"] } }',
    );
    expect(one.digest).toMatch(/^[0-9a-f]{32}$/);
    expect(other.digest).toBe(one.digest);
  });

  test('changes with anything that is said', async () => {
    const entry = { rules: ['sql/*'], files: ['a'], reason: 'r' };
    const policies = [
      {},
      { base: 'main' },
      { judge: 'base' },
      { rules: { 'sql/drop-table': 'error' } },
      { rules: { 'sql/drop-table': 'warning' } },
      { rules: { 'docs/unlisted-file': ['error', { allow: ['a', 'b'] }] } },
      { rules: { 'docs/unlisted-file': ['error', { allow: ['b', 'a'] }] } },
      { overrides: [{ files: ['a'], rules: { 'sql/drop-table': 'error' } }] },
      { overrides: [{ files: ['b'], rules: { 'sql/drop-table': 'error' } }] },
      { allow: [entry] },
      { allow: [{ ...entry, until: '2026-01-01' }] },
      { migrations: [] },
      { identities: { a: {} } },
      { allows: { expiryFor: ['sql/drop-table'] } },
    ];
    const digests = await Promise.all(policies.map(async (policy) => (await policyOf(policy)).digest));
    expect(new Set(digests).size).toBe(policies.length);
  });
});
