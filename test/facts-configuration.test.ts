import fc from 'fast-check';
import { parse as parseToml, stringify } from 'smol-toml';
import { describe, expect, test } from 'vitest';
import { formatOf, readConfiguration, type Format } from '../src/facts/configuration.ts';
import { follow, readPointer, type Node } from '../src/facts/pointers.ts';

async function documents(format: Format, text: string): Promise<readonly Node[]> {
  const read = await readConfiguration(format, text);
  if ('problem' in read) throw new Error(read.problem);
  return read.documents;
}

/** What a pointer leads to: each value, and the text it is written as. */
async function look(format: Format, text: string, at: string) {
  const steps = readPointer(at);
  if (typeof steps === 'string') throw new Error(steps);
  return (await documents(format, text))
    .flatMap((document) => follow(document, steps))
    .map(({ value, range: [start, end] }) => [value, text.slice(start, end)]);
}

test.each([
  ['a.b[0]["c.d"].e', ['a', 'b', '0', 'c.d', 'e']],
  ["['x']", ['x']],
  ['[0][1]', ['0', '1']],
  ['.a.b', ['a', 'b']],
  ['/a~1b/c~0d/0', ['a/b', 'c~d', '0']],
  ['@scope/x.y-z', ['@scope/x', 'y-z']],
  ['', []],
])('reads the pointer %j', (text, steps) => expect(readPointer(text)).toEqual(steps));

test.each(['a..b', 'a[', 'a[b]', 'a["b]', 'a.'])('refuses the pointer %j', (text) =>
  expect(readPointer(text)).toContain('cannot be read from'),
);

describe('JSON', () => {
  const text =
    '\ufeff{\r\n  // é😀\n  "a": { "b": [1, "x\\u0041", null,], "b ": 2 }, "a.c": true, "a": { "b": [9] }\n}';
  test('has places, comments and all', async () => {
    expect(await look('json', text, 'a.b[0]')).toEqual([[9, '9']]);
    expect(await look('json', text, '["a.c"]')).toEqual([[true, 'true']]);
    expect(await look('json', '{"a":["x\\u0041"]}', 'a.*')).toEqual([['xA', '"x\\u0041"']]);
    expect(await look('json', '{"a":1}', '__proto__')).toEqual([]);
  });
  test('that is broken says where', async () => {
    expect(await readConfiguration('json', '\ufeff{"a" 1}')).toEqual({
      problem: 'is not JSON: colon expected',
      range: [6, 7],
    });
    expect(await readConfiguration('json', '')).toMatchObject({ problem: expect.stringMatching(/^is not JSON/) });
  });
});

describe('YAML', () => {
  const text =
    '\ufeffx: &x {image: "a:1", tag: é😀}\r\ny:\r\n  <<: *x\r\n  tag: b # c\r\non: [1]\r\n---\r\nx: {image: 2}\r\n';
  test('has places in every document, through aliases and merges', async () => {
    expect(await look('yaml', text, 'x.image')).toEqual([
      ['a:1', '"a:1"'],
      [2, '2'],
    ]);
    expect(await look('yaml', text, 'y.image')).toEqual([['a:1', '"a:1"']]);
    expect(await look('yaml', text, 'y.tag')).toEqual([['b', 'b']]);
    expect(await look('yaml', text, 'on[0]')).toEqual([[1, '1']]);
    expect(await look('yaml', 'a: |\n  b\n  c\n', 'a')).toEqual([['b\nc\n', '|\n  b\n  c\n']]);
  });
  test('never ends in aliases', async () => {
    const rows = [...'bcdefghi'].map((name, i) => `${name}: &${name} [${Array(10).fill(`*${'abcdefgh'[i]}`)}]`);
    const [root] = await documents('yaml', `a: &a [1]\n${rows.join('\n')}`);
    expect(root!.child('i')[0]!.value).toBeUndefined();
    expect(await look('yaml', 'a: &a\n  <<: *a\n  b: 1', 'a.b')).toEqual([[1, '1']]);
  });
  test('that is broken says where, without what stands there', async () => {
    const read = await readConfiguration('yaml', 'a: 1\nb: "secret\n');
    expect(read).toMatchObject({ problem: expect.stringMatching(/^is not YAML: /) });
    expect('problem' in read && read.problem).not.toContain('secret');
  });
});

describe('TOML', () => {
  const text = [
    '\ufefftitle = "é😀" # [no]',
    'a.b . "c.d" = 1_000',
    'list = [ 1, # one ]',
    '  [2, "x,]"], { k = \'v\', "é" = [3] }, ]',
    'when = 1979-05-27 07:32:00Z',
    'text = """',
    '[not.a.table]',
    'x = "y" \\" """ # c',
    "raw = '''\n'it''s''''",
    '[deploy]  # c',
    'release_command = "x"',
    'deep = { a = { b = 1 } }',
    '[[m]]',
    'n = 1',
    '[m.o]',
    'p = true',
    '[[m]]',
    'n = 2.5e3',
    '[ "q r" . s ]',
    'z = inf',
  ].join('\r\n');

  test('every value stands where its place says', async () => {
    const [root] = await documents('toml', text);
    let leaves = 0;
    const visit = (node: Node) => {
      const children = node.children();
      const written = text.slice(...node.range);
      if (children.length > 0) children.forEach(visit);
      else {
        leaves++;
        const { x } = parseToml(`x = ${written}`);
        expect(x instanceof Date ? x.toISOString() : x, written).toEqual(node.value);
      }
    };
    visit(root!);
    expect(leaves).toBe(16);
  });

  test('whatever a document holds, each value is found at its own place', async () => {
    const { value } = fc.letrec((tie) => ({
      value: fc.oneof(
        { depthSize: 'small' },
        fc.string({ unit: 'binary' }),
        fc.integer(),
        fc.boolean(),
        tie('list'),
        tie('table'),
      ),
      list: fc.array(fc.oneof(fc.string(), tie('table')), { maxLength: 3 }),
      table: fc.dictionary(fc.string({ maxLength: 5 }), tie('value'), { maxKeys: 4 }),
    }));
    const document = fc.dictionary(fc.string({ maxLength: 5 }), value, { maxKeys: 5 });
    await fc.assert(
      fc.asyncProperty(document, async (content) => {
        const text = stringify(content);
        const parsed = parseToml(text);
        const [root] = await documents('toml', text);
        expect(root!.value).toEqual(JSON.parse(JSON.stringify(parsed)));
        const visit = (node: Node) => {
          if (typeof node.value === 'object') node.children().forEach(visit);
          else expect(parseToml(`x = ${text.slice(...node.range)}`)['x']).toEqual(node.value);
          const keys = typeof node.value === 'object' ? Object.keys(node.value ?? {}).length : 0;
          expect(node.children()).toHaveLength(keys);
        };
        visit(root!);
      }),
      { numRuns: 200 },
    );
  });

  test('tables of an array, dotted and quoted keys', async () => {
    expect(await look('toml', text, 'm[0].o.p')).toEqual([[true, 'true']]);
    expect(await look('toml', text, 'm.*.n')).toEqual([
      [1, '1'],
      [2500, '2.5e3'],
    ]);
    expect(await look('toml', text, 'a.b["c.d"]')).toEqual([[1000, '1_000']]);
    expect(await look('toml', text, 'list[2].é[0]')).toEqual([[3, '3']]);
    expect(await look('toml', text, '["q r"].s.z')).toEqual([[Infinity, 'inf']]);
    expect(await look('toml', text, 'deploy')).toMatchObject([[{ release_command: 'x' }, '[deploy]']]);
    expect(await look('toml', text, 'not.a')).toEqual([]);
  });

  test('that is broken says where', async () => {
    expect(await readConfiguration('toml', 'a = 1\r\nb = \n')).toEqual({
      problem: 'is not TOML: invalid value',
      range: [11, 11],
    });
  });
});

test('a .env file has places', async () => {
  const text = '\ufeffA=1 # c\r\nexport B = "x # y"\n#C=2\nD=\'a\nb\'\nE=\nA=z#z\nF=`q`';
  expect(await look('env', text, 'A')).toEqual([['z#z', 'z#z']]);
  expect(await look('env', text, '*')).toEqual([
    ['z#z', 'z#z'],
    ['x # y', '"x # y"'],
    ['a\nb', "'a\nb'"],
    ['', ''],
    ['q', '`q`'],
  ]);
});

describe('a Dockerfile', () => {
  const text = [
    '# syntax=docker/dockerfile:1',
    'FROM --platform=linux/amd64 node:20 AS base',
    'USER node',
    'ENV A=1 B="x y" \\',
    '    C=3',
    'RUN --mount=type=cache,target=/x npm ci \\',
    '  # a comment',
    '  && npm test',
    'RUN <<EOF',
    'npx prisma migrate',
    'CMD not one',
    'EOF',
    'FROM base',
    'ENV A 2 3',
    'cmd ["npx", "prisma"]',
  ].join('\r\n');

  test('has instructions', async () => {
    expect(await look('dockerfile', text, 'FROM[0]')).toEqual([['node:20 AS base', 'node:20 AS base']]);
    expect(await look('dockerfile', text, 'from.*')).toEqual([]);
    expect(await look('dockerfile', text, 'RUN')).toEqual([
      ['npm ci   && npm test', 'npm ci \\\r\n  # a comment\r\n  && npm test'],
      ['<<EOF\nnpx prisma migrate\nCMD not one\nEOF', '<<EOF\r\nnpx prisma migrate\r\nCMD not one\r\nEOF'],
    ]);
    expect(await look('dockerfile', text, 'CMD')).toEqual([[['npx', 'prisma'], '["npx", "prisma"]']]);
    expect(await look('dockerfile', text, 'CMD[1]')).toEqual([['prisma', '["npx", "prisma"]']]);
  });

  test('has what the final stage inherits', async () => {
    expect(await look('dockerfile', text, 'USER')).toEqual([['node', 'node']]);
    expect(await look('dockerfile', text, 'ENV.A')).toEqual([['2 3', 'A 2 3']]);
    expect(await look('dockerfile', text, 'ENV.B')).toEqual([['x y', '"x y"']]);
    expect(await look('dockerfile', text.replace('FROM base', 'FROM other'), 'USER')).toEqual([]);
  });

  test('may escape with a backtick', async () => {
    expect(await look('dockerfile', '# escape=`\nFROM a\nRUN dir `\n  C:\\\nCMD x', 'RUN')).toEqual([
      ['dir   C:\\', 'dir `\n  C:\\'],
    ]);
  });
});

test.each([
  ['fly.toml', 'toml'],
  ['a/tsconfig.json', 'json'],
  ['.github/workflows/a.yml', 'yaml'],
  ['.prettierrc', 'yaml'],
  ['apps/web/.env.local', 'env'],
  ['Dockerfile.prod', 'dockerfile'],
  ['api.Dockerfile', 'dockerfile'],
  ['README.md', undefined],
])('%s is %s', (path, format) => expect(formatOf(path)).toBe(format));
