import * as z from 'zod';
import { describe, expect, test } from 'vitest';
import { readSubject } from '../src/facts/commit-message.ts';
import { isDate, isDateTime } from '../src/facts/dates.ts';
import { mayName, modulesNamed, readImports } from '../src/facts/imports.ts';
import { readJsonLines } from '../src/facts/json-lines.ts';
import { jsonSchemaOption, sameJson, violations, type JsonSchema } from '../src/facts/json-schema.ts';
import { writtenList } from '../src/facts/written-lists.ts';
import { judgeSecretFile, secretKind } from '../src/facts/secret-files.ts';
import { isSecretName, isUnset } from '../src/facts/secret-names.ts';
import { memorySnapshot } from '../src/repo/memory.ts';

describe('a list in a Markdown file', () => {
  const read = (text: string, anchor = 'the-list') => writtenList(memorySnapshot({ 'a.md': text }), `a.md#${anchor}`);

  test.each([
    ['a fenced block', '## The list\n```\na.md\n```\n', ['a.md']],
    [
      'comments, blank lines, spaces and CRLF',
      '# The *list*!\r\n~~~text\r\n# c\r\n\r\n  docs/** \r\nb/{date}.md\r\n~~~',
      ['docs/**', 'b/{date}.md'],
    ],
    ['under a deeper heading', '# The list\n\n### Files\n\n```\na\n```', ['a']],
    [
      'the heading, not a mention of it',
      '`## The list`\n\n<!-- ## The list -->\n\n## The `list`\n\n```\nb\n```',
      ['b'],
    ],
    ['a list of items', '# The list\n\n- `a.md`: who\n- all of [`docs/**`](docs)\n', ['a.md', 'docs/**']],
    ['of two, the first', '## The list\n```\na\n```\n```\nb\n```', ['a']],
  ])('%s', async (_, text, templates) => {
    const list = await read(text);
    expect(list).toMatchObject({ kind: 'list', templates });
    const said = list.kind === 'list' ? list.entries.map(({ range }) => text.slice(...range)) : [];
    expect(said).toEqual(templates);
  });

  test.each([
    ['# Other\n```\na\n```', 'no heading #the-list'],
    ['# The list\n\na.md\n', 'no fenced block and no list under'],
    ['# The list\n# Next\n```\na\n```', 'no fenced block and no list under'],
    ['# The list\n```\n\n# c\n```', 'is empty'],
    ['# The list\n```\na/[\n```', '"a/[" in line 3, column 1, opens a "["'],
    ['# The list\n```\n  {identiy}.md\n```', '"{identiy}.md" in line 3, column 3, has the unknown capture {identiy}'],
    ['# The list\n- `a.md`\n- all others', 'its item "all others" has no path in backticks'],
    [`# The list\n${'> '.repeat(50)}a`, 'its line 2 nests more than 40 deep'],
    [`# The list\n${'a\n'.repeat(500_000)}`, 'it has more than 1000000 characters'],
  ])('broken: %j', async (text, why) => {
    expect(await read(text)).toMatchObject({ kind: 'broken', why: expect.stringContaining(why) });
  });

  test('the second heading of a name', async () => {
    expect(await read('# The list\n# The list\n```\nb\n```', 'the-list-1')).toMatchObject({ templates: ['b'] });
  });

  test('no file, and one that cannot be read', async () => {
    expect(await writtenList(memorySnapshot({}), 'a.md#x')).toEqual({ kind: 'broken', why: 'there is no such file' });
    const shallow = {
      ...memorySnapshot({}),
      content: async () => ({ kind: 'unreadable', why: 'it is missing' }) as const,
    };
    expect(await writtenList(shallow, 'a.md#x')).toMatchObject({ kind: 'unread', notice: { needed: true } });
  });
});

describe('JSON Schema', () => {
  const problems = async (value: unknown, schema: JsonSchema) => {
    const found: string[] = [];
    for await (const problem of violations(value, schema, 'it')) found.push(problem);
    return found;
  };

  test.each<[unknown, JsonSchema, string[]]>([
    [1, { type: 'integer' }, []],
    [1.5, { type: ['integer', 'null'] }, ['it is a number, not an integer or null']],
    [null, { type: 'object' }, ['it is null, not an object']],
    [[], { type: 'object' }, ['it is an array, not an object']],
    ['b', { enum: ['a', 1] }, ['it is none of "a", 1']],
    [{ a: [1] }, { const: { a: [1] } }, []],
    ['', { minLength: 1 }, ['it is empty']],
    ['😀😀', { maxLength: 1 }, ['it is longer than 1 characters']],
    ['ok\nx', { pattern: '^ok$' }, ['it does not match ^ok$']],
    [3, { minimum: 4, maximum: 2 }, ['it is less than 4', 'it is more than 2']],
    [
      { a: { b: [1, 'x'] } },
      { properties: { a: { properties: { b: { items: { type: 'number' } } } } } },
      ['"a.b[1]" is a string, not a number'],
    ],
    [{}, { required: ['a', 'constructor'] }, ['"a" is missing', '"constructor" is missing']],
    [JSON.parse('{"__proto__":1}'), { additionalProperties: false, properties: {} }, ['"__proto__" is not allowed']],
    [[1], { minItems: 2 }, ['it has fewer than 2 items']],
    ['2026-02-29', { format: 'date' }, ['it is no date']],
    ['a@b.c', { format: 'email' }, []],
    ['https://a', { format: 'uri' }, []],
  ])('%j by %j', async (value, schema, expected) => expect(await problems(value, schema)).toEqual(expected));

  test('what it does not know is refused', () => {
    const schema = jsonSchemaOption(z);
    expect(schema.safeParse({ properties: { a: { allOf: [] } } }).success).toBe(false);
    expect(schema.safeParse({ pattern: '(?=a)' }).success).toBe(false);
    expect(schema.safeParse({ properties: { a: { items: { type: 'string' } } } }).success).toBe(true);
  });

  test('values are the same whatever the order of keys', () => {
    expect(sameJson({ a: 1, b: [{}] }, { b: [{}], a: 1 })).toBe(true);
    expect(sameJson({ a: 1 }, { a: 1, b: undefined })).toBe(false);
    expect(sameJson([], {})).toBe(false);
  });
});

test.each([
  ['2026-01-15T10:00:00Z', true],
  ['2024-02-29t23:59:60.123+05:30', true],
  ['2026-02-29T10:00:00Z', false],
  ['2026-01-15T24:00:00Z', false],
  ['2026-01-15T10:00:00', false],
  ['2026-01-15', false],
])('%s is a moment: %s', (text, expected) => expect(isDateTime(text)).toBe(expected));

test('days are those of the calendar', () => {
  expect(['0001-01-01', '2000-02-29', '1900-02-29', '2026-13-01', '2026-00-10', '2026-04-31'].map(isDate)).toEqual([
    ...[true, true, false, false, false, false],
  ]);
});

test('lines of JSON have places', () => {
  const text = '\ufeff{"a":1}\r\n\r\n  \n{bad}\n"é😀"';
  expect([...readJsonLines(text)].map(({ number, range, value }) => [number, text.slice(...range), value])).toEqual([
    [1, '{"a":1}', { a: 1 }],
    [4, '{bad}', undefined],
    [5, '"é😀"', 'é😀'],
  ]);
});

describe('imports', () => {
  const read = async (path: string, text: string) => {
    const { imports, problem } = await readImports(path, text);
    for (const { range } of imports) expect(text.slice(...range)).toMatch(/^(['"`]).*\1$|\+/s);
    return [...imports.map(({ kind, module }) => `${kind} ${module}`), ...(problem ? ['!'] : [])];
  };

  test.each([
    [
      'a.ts',
      "// é😀\nimport a, { type B } from 'x';import {} from 'y'; import type {} from 'z'",
      ['static x', 'side-effect y', 'type z'],
    ],
    [
      'a.ts',
      "export {}; export * as ns from 'x'; export type * from 'y'; export { type A, b } from 'z'",
      ['re-export x', 'type y', 're-export z'],
    ],
    ['a.d.ts', "declare module 'x' { import a from 'y'; } type T = import('z')", ['type z']],
    ['a.mts', "import a = require('x'); import type b = require('y');", ['require x', 'type y']],
    [
      'a.js',
      'module.require("x"); require.resolve("y"); require?.("z"); require(name); req("n")',
      ['require x', 'require y', 'require z'],
    ],
    ['a.js', "const x = <a href='import'>require('no')</a>", []],
    ['a.cjs', "#!/usr/bin/env node\nvar await = 1; return require('x')", ['require x']],
    ['a.js', "import(/* webpackChunkName: 'no' */ 'x'); import.meta.url; import('a' + b)", ['dynamic x']],
    ['a.js', "const re = /import 'no'/; const s = `import 'no' ${require('x')}`", ['require x']],
    [
      'a.test.js',
      "jest.mock('x'); vitest.mock('n'); vi.importActual('y'); mock.module('z'); vi.fn('n'); mock.mock('n')",
      ['mock x', 'mock n', 'mock y', 'mock z'],
    ],
    ['a.js', "requir\\u0065('x')", ['require x']],
    [
      'a.vue',
      "<template><p>import 'no'</p></template>\n<script lang='ts'>import type A from 'x'</script>\n<script setup>import 'y'</script>",
      ['type x', 'side-effect y'],
    ],
    [
      'a.svelte',
      "<!-- <script>import 'no'</script> --><SCRIPT context=\"module\">import 'x'</SCRIPT>",
      ['side-effect x'],
    ],
    ['a.ts', "import 'x'; const = ;", ['side-effect x', '!']],
    ['a.js', '// @flow\nimport typeof X from "x";', ['!']],
  ])('of %s: %s', async (path, text, expected) => expect(await read(path, text)).toEqual(expected));
});

test.each([
  [['@scope/*'], '@scope/a/b', 'x.ts', true],
  [['@scope/*'], '@scoped/a', 'x.ts', false],
  [['fs'], 'node:fs', 'x.ts', true],
  [['node:fs'], 'fs', 'x.ts', true],
  [['node:*'], 'react', 'x.ts', false],
  [['fs'], './fs', 'x.ts', false],
  [['fs'], 'fs/promises', 'x.ts', false],
  [['app/old/**'], '../old/y.js', 'app/new/x.ts', true],
  [['app/old/**'], '../../../app/old/y.js', 'app/new/x.ts', false],
  [['lodash', '!lodash'], 'lodash', 'x.ts', false],
  [['*.css'], 'a.css?inline', 'x.ts', true],
  [['**'], '?', 'x.ts', true],
])('%j names %s of %s: %s', async (modules, specifier, importer, expected) => {
  expect((await modulesNamed(modules))(specifier, importer)).toBe(expected);
  if (expected) expect(mayName(modules, `import '${specifier}'`)).toBe(true);
});

test('a quick look misses nothing that is disguised, and spares the rest', () => {
  const modules = ['@scope/*', 'lodash'];
  expect(mayName(modules, "import '\\x40scope/a'")).toBe(true);
  expect(mayName(modules, "import('@sco' + 'pe/a')")).toBe(true);
  expect(mayName(modules, "import 'react'; log('a')")).toBe(false);
  expect(mayName(['app/old/**'], "import './x'")).toBe(true);
  expect(mayName(['*'], '')).toBe(true);
});

test.each([
  ['feat(a/b)!: x', { kind: 'conventional', type: 'feat', scope: 'a/b' }],
  ['feat: ', { kind: 'other' }],
  ['feat (a): x', { kind: 'other' }],
  ['feat(): x', { kind: 'other' }],
  ['Merge branch protection into the guide', { kind: 'other' }],
  ["Merge remote-tracking branch 'origin/main' into x", { kind: 'generated' }],
  ['Merge pull request #3 from a/b', { kind: 'generated' }],
  ['Revert the change', { kind: 'other' }],
  ['amend! x', { kind: 'generated' }],
])('the subject %j', (line, subject) => expect(readSubject(line)).toEqual(subject));

describe('files that hold secrets', () => {
  const says = (path: string, content: string | Uint8Array) => {
    const kind = secretKind(path);
    const size = content.length;
    return (
      kind &&
      judgeSecretFile(
        kind,
        path,
        typeof content === 'string'
          ? { kind: 'text', text: content, encoding: 'utf-8', size }
          : { kind: 'binary', bytes: content, size },
      )
    );
  };
  const bytes = (...start: number[]) => new Uint8Array([...start, ...Array<number>(64).fill(7)]);
  const body = `${'Ab3dEf6hIj'.repeat(7)}\n`;

  test.each<[string, string | Uint8Array, string]>([
    ['.env', 'A=1\nexport DB_PASSWORD="x y9"', 'sets DB_PASSWORD'],
    ['.env.local', 'A=1\nB=2', 'sets A and 1 more'],
    ['.env.keys', 'DOTENV_PRIVATE_KEY=8f3a', 'sets DOTENV_PRIVATE_KEY'],
    ['.envrc', 'export GITHUB_TOKEN=abcd', 'sets GITHUB_TOKEN'],
    ['store.jks', bytes(0xfe, 0xed, 0xfe, 0xed), 'is a Java key store'],
    ['app.p12', bytes(0x30, 0x82, 1, 0, 2, 1, 3), 'is a key store (PKCS #12)'],
    ['me.kdbx', bytes(3, 0xd9, 0xa2, 0x9a), 'is a password store (KeePass)'],
    ['key.der', bytes(0x30, 0x82, 1, 0, 2, 1, 0, 0x30), 'holds a private key'],
    [
      'id_ed25519',
      `-----BEGIN OPENSSH PRIVATE KEY-----\n${body}-----END OPENSSH PRIVATE KEY-----`,
      'holds a private key',
    ],
    ['k.ppk', 'PuTTY-User-Key-File-3: ssh-rsa\n', 'holds a private key'],
    [
      'me.asc',
      `-----BEGIN PGP PRIVATE KEY BLOCK-----\n\n${body}-----END PGP PRIVATE KEY BLOCK-----`,
      'holds a private key',
    ],
    ['.kube/config', 'kind: Config\nusers:\n- user: {token: abcd1234}', 'holds a login for a cluster'],
    ['.netrc', 'machine a login b password c0rrect', 'holds a password for a server'],
    ['.yarnrc.yml', 'npmAuthToken: "abcd"', 'holds a token for a package registry'],
    ['.pypirc', '[pypi]\npassword = pypi-abc', 'holds a password for a package registry'],
    ['.docker/config.json', '{"auths":{"a":{"auth":"YTpi"}}}', 'holds a login for a container registry'],
    ['.pgpass', 'db:5432:app:app:h0rse', 'holds a password for a database'],
    ['.git-credentials', 'https://me:h0rse@example.com', 'holds a login'],
    ['.aws/credentials', '[default]\naws_secret_access_key = abcd', 'holds a login'],
    ['terraform.tfstate.backup', '{"outputs":{"a":{}}}', "is Terraform's state, in which secrets stand in the clear"],
    ['infra/vault/db.yml', 'user: app\ndb_password: h0rse', 'holds db_password in a vault folder'],
  ])('%s', (path, content, expected) => expect(says(path, content)?.says).toBe(expected));

  test.each<[string, string | Uint8Array]>([
    ['.env.example', 'TOKEN=abcd1234'],
    ['.env', 'TOKEN=\nKEY="${KEY}"\nAPI_KEY=<key>\nSECRET=changeme'],
    ['.env.test', 'PORT=3000\nDB_URL=postgres://app@db/app\nNEXT_PUBLIC_API_KEY=abcd\nMAX_TOKENS=9'],
    ['.env.d.ts', 'SECRET=abcd'],
    ['.env', 'A=ENC[AES256_GCM,data:x]\nsops_version=3'],
    ['android/debug.keystore', bytes(0xfe, 0xed, 0xfe, 0xed)],
    ['truststore.jks', bytes(0xfe, 0xed, 0xfe, 0xed)],
    ['slides.key', bytes(0x50, 0x4b, 3, 4)],
    ['cert.der', bytes(0x30, 0x82, 1, 0, 0x30, 0x82)],
    ['key.pem', '-----BEGIN PRIVATE KEY-----\n...\n-----END PRIVATE KEY-----'],
    ['me.asc', `-----BEGIN PGP PUBLIC KEY BLOCK-----\n\n${body}-----END PGP PUBLIC KEY BLOCK-----`],
    ['kubeconfig', 'kind: Config\nusers:\n- user: {tokenFile: /var/run/x}'],
    ['.npmrc', '//r/:_authToken=${TOKEN}\n# _authToken=abcd\nregistry=https://r'],
    ['terraform.tfstate', '{"resources":[],"outputs":{}}'],
    ['google-services.json', '{"type":"service_account"}'],
    ['vault/db.yml', '$ANSIBLE_VAULT;1.1;AES256\n6162'],
    ['vault/db.yml', 'password: "{{ vault_password }}"\nsecretName: db'],
    ['.netrc', ''],
  ])('not %s', (path, content) => expect(says(path, content)).toBeUndefined());

  test('in tests they weigh less', () => {
    expect(
      says('test/fixtures/id_rsa', `-----BEGIN RSA PRIVATE KEY-----\n${body}-----END RSA PRIVATE KEY-----`),
    ).toEqual({
      says: 'holds a private key',
      atMost: 'warning',
    });
  });

  test('names and values', () => {
    expect(
      ['clientSecret', 'AUTH_TOKEN', 'SECRET_KEY_BASE', 'apiKey', 'JWT_KEY', 'PGPASSWORD'].every(isSecretName),
    ).toBe(true);
    expect(
      ['TOKEN_URL', 'secretName', 'PUBLIC_KEY', 'KEYBOARD', 'PASSWORD_MIN_LENGTH', 'tokenizer', 'hashed_secret'].filter(
        isSecretName,
      ),
    ).toEqual([]);
    expect(
      ['', ' ', 'xxxx', '<a>', '${A}', '$A', 'changeme', 'your-key-here', '{{ a }}', 'op://v/i', 'true'].every(isUnset),
    ).toBe(true);
    expect(['hunter2', 'h0rse', 'AKIA1', 'settings', 'insecure'].some(isUnset)).toBe(false);
  });
});
