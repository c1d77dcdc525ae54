import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ChangeSet } from '../src/core/change.ts';
import { isNotice, type Notice } from '../src/core/notice.ts';
import { NOTHING_DECLARED } from '../src/core/policy.ts';
import { sample } from '../src/core/sample.ts';
import type { Content, Entry } from '../src/core/snapshot.ts';
import { BASE32, hex, uuid } from '../src/facts/credentials/alphabets.ts';
import { crc32, crc32Base62, entropy, sha256 } from '../src/facts/credentials/checksum.ts';
import { credentials, type Candidate } from '../src/facts/credentials/credentials.ts';
import { fileKind } from '../src/facts/credentials/file-kind.ts';
import type { Format } from '../src/facts/credentials/format.ts';
import { sampleSupabaseToken } from '../src/facts/credentials/formats/databases.ts';
import { sampleWithCrc32 } from '../src/facts/credentials/formats/github.ts';
import { formats } from '../src/facts/credentials/formats/index.ts';
import { samplePem } from '../src/facts/credentials/formats/keys.ts';
import { keywords } from '../src/facts/credentials/keywords.ts';
import { matcher } from '../src/facts/credentials/matcher.ts';
import { isCommon, isFiller, isStandIn } from '../src/facts/credentials/placeholder.ts';
import { memoryChangeSet } from '../src/repo/memory.ts';
import { holds } from '../rules/secrets/_format.ts';

const match = matcher(formats);
const found = (text: string) => match(text).map(({ format, start, end }) => [format.id, text.slice(start, end)]);
const byId = (id: string): Format => formats.find((format) => format.id === id)!;
const bare = (text: string) => text.replace(/[«»]/g, '');
const secretIn = (text: string) => /«([^»]*)»/s.exec(text)?.[1] ?? text;

/** Bounded repeats, and none inside another whose parts can be told apart in many ways. */
function expectBounded(source: string): void {
  const bones = source.replace(/\\./g, 'x').replace(/\[(?:\\.|[^\]])*\]/g, 'x');
  expect(bones, 'a repeat without a bound').not.toMatch(/[*+]|\{\d+,\}/);
  expect(bones, 'a repeat inside a repeat').not.toMatch(/\((?:[^()]*\{\d+,\d+\})+\)(?:[*+]|\{\d+,)/);
}

describe('formats', () => {
  test('have names of their own, and rules that exist', () => {
    expect(new Set(formats.map(({ id }) => id)).size).toBe(formats.length);
    for (const { id, service } of formats)
      expect(service, `${id}: whose, what it opens, how it is revoked`).toBeDefined();
    // What the policy itself declares, and what has no form.
    const others = ['custom-format.ts', 'high-entropy-string.ts'];
    const rules = readdirSync('rules/secrets').filter((file) => /^[^_].*\.ts$/.test(file) && !others.includes(file));
    expect([...new Set(formats.map(({ rule }) => `${rule.slice('secrets/'.length)}.ts`))].sort()).toEqual(rules.sort());
  });

  test.each(formats.map((format) => [format.id, format] as const))(
    '%s is found where it stands, and only once',
    (id, { names, sample }) => {
      expect(names).toMatch(/^(?:an?|the) /);
      const text = sample();
      const expected = [[id, secretIn(text)]];
      expect(found(bare(text))).toEqual(expected);
      // Letters whose low bytes are those of ASCII letters, a written line end, characters of two units.
      expect(found(`Ŧőķēń 🔑\n  \\n${bare(text)}\\n żółć`)).toEqual(expected);
      expect(found(`first line\r\n\t${bare(text)}\r\nlast line`)).toEqual(expected);
    },
  );

  // How long each takes on a megabyte is measured by test/bench/hostile.mjs: here it is only seen that all of them end.
  test('end on texts that are almost theirs', () => {
    const fill = (part: string) => part.repeat(Math.ceil((1 << 13) / part.length));
    for (const format of formats) {
      const [word = ''] = format.keywords;
      const text = bare(format.sample());
      const almost = text.slice(0, Math.max(word.length, text.length - 1));
      const runs = ['a', 'A1', '-_', '\\n'].map((run) => word + fill(run));
      matcher([format])([...[word, `${word} `, `${word}=`, `${almost}-`].map(fill), ...runs].join('\n'));
    }
  });

  const expressions = formats.flatMap((format) => {
    if ('expression' in format) return [[format.id, format.expression] as const];
    return 'value' in format ? [[format.id, format.value] as const] : [];
  });
  test.each(expressions)('the expression of %s is tried at one place and bounded', (_, { source, sticky }) => {
    expect(sticky).toBe(true);
    expectBounded(source);
  });

  const literals = readdirSync('src/facts/credentials', { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .flatMap((file) => {
      const code = readFileSync(join('src/facts/credentials', file), 'utf8');
      const found = code.matchAll(/\/((?:\\.|\[(?:\\.|[^\]\n])*\]|[^/\n\\[])+)\/[a-z]*y[a-z]*(?=[;,)\s.])/g);
      return [...found].map(([literal, source = '']) => [`${file}: ${literal.slice(0, 40)}`, source] as const);
    });
  test('each expression that is tried where a keyword stands was found in the code', () => {
    expect(literals.length).toBeGreaterThan(expressions.length - 20);
  });
  test.each(literals)('bounded: %s', (_, source) => expectBounded(source));

  test('a published secret is none', () => {
    const { published: _, ...format } = byId('supabase-secret-key');
    const secret = format.sample();
    expect(matcher([format as Format])(secret)).toHaveLength(1);
    expect(matcher([{ ...format, published: [sha256(secret)] } as Format])(secret)).toEqual([]);
  });

  test('a wrong checksum lowers what is said and does not silence it', () => {
    const right = sampleWithCrc32('ghp_', 30, 9);
    const wrong = right.slice(0, -1) + (right.endsWith('0') ? '1' : '0');
    expect(match(right)).toMatchObject([{ format: { id: 'github-pat-classic' } }]);
    expect(match(right)[0]).not.toHaveProperty('atMost');
    expect(match(wrong)).toMatchObject([{ atMost: 'warning', doubt: 'its checksum is wrong' }]);
  });
});

describe('how much it deserves', () => {
  const said = (text: string) => match(text).map(({ format, atMost, doubt }) => [format.id, atMost, doubt]);
  const id = (start: string, seed: number) => start + sample(16, seed, BASE32);

  test.each([
    ['a Stripe key of the test mode', `sk_test_51${sample(40)}`, 'stripe-secret-key'],
    ['a temporary AWS key id alone', id('ASIA', 2), 'aws-access-key-id'],
    ['an AWS key id that AWS never made', `AKIA${sample(15, 3, BASE32)}0`, 'aws-access-key-id'],
    ['a Google key of unknown use', `key = "AIza${sample(35, 4)}"`, 'google-api-key'],
  ])('%s: a warning', (_, text, format) => expect(said(text)).toMatchObject([[format, 'warning', expect.any(String)]]));

  test('an AWS key id alone, and a temporary one beside its secret: all that the policy says', () => {
    expect(said(id('AKIA', 5))).toEqual([['aws-access-key-id', undefined, undefined]]);
    expect(said(`${id('ASIA', 6)} ${sample(40, 7)}`)).toEqual([
      ['aws-access-key-id', undefined, undefined],
      ['aws-secret-beside-id', undefined, undefined],
    ]);
  });

  test('of several pairs in a table, each half is found', () => {
    const rows = [1, 2, 3].map((seed) => `${id('AKIA', seed)},${sample(40, seed + 10)}`);
    expect(found(rows.join('\n')).map(([, secret]) => secret)).toEqual(rows.flatMap((row) => row.split(',')));
  });

  test('a Google key of a web app is public; one for Gemini is not', () => {
    const key = `AIza${sample(35, 8)}`;
    expect(said(`{ apiKey: '${key}', authDomain: 'app.firebaseapp.com' }`)).toMatchObject([
      ['google-api-key', 'info', expect.any(String)],
    ]);
    expect(said(`GEMINI_API_KEY=${key}`)).toEqual([['google-api-key', undefined, undefined]]);
  });

  test('a token that has expired opens nothing', () => {
    const candidate = {
      in: 'file' as const,
      rule: 'a/b',
      format: 'f',
      names: 'a token',
      at: {},
      about: 'x',
      expires: new Date('2025-03-01'),
    };
    expect(holds(candidate, new Date('2026-01-01'))).toMatchObject({
      message: 'Holds a token, but it expired on 2025-03-01.',
      atMost: 'warning',
    });
    expect(holds(candidate, new Date('2025-01-01'))).toEqual({
      message: 'Holds a token.',
      at: {},
      about: 'x',
      secret: true,
    });
  });
});

describe('what is no secret', () => {
  const id = uuid(5);
  test.each([
    ['UUIDs', `{ "id": "${id}", "token_id": "${id}" }`],
    ['hashes', `integrity sha512-${sample(86)}==\n"resolved": "https://r.acme.io/a.tgz#${hex(40)}"`],
    ['a value on the next line', `AWS_SECRET_ACCESS_KEY=\n${sample(40)}\nHEROKU_API_KEY:\n  ${id}`],
    ['a word that goes on', `const xghp_${sample(36)} = gh_p_1; weight_ghp_x${sample(36)}`],
    ['variables', 'AWS_SECRET_ACCESS_KEY=${SECRET} token: ghp_${TOKEN} url: postgres://app:${PW}@db.acme.io/app'],
    ['headers without a body', "x.includes('-----BEGIN RSA PRIVATE KEY-----') && '-----BEGIN PRIVATE KEY-----\\n...'"],
    ['a certificate in base64', Buffer.from(`-----BEGIN CERTIFICATE-----\nMII${sample(400)}`).toString('base64')],
    ['the anonymous role', sampleSupabaseToken({ role: 'anon' })],
    ['public keys', `pk_live_${sample(24)} pk.eyJ${sample(60)}.${sample(22)} phc_${sample(43)} pk-lf-${id}`],
  ])('%s', (_, text) => expect(found(text)).toEqual([]));

  test.each([
    'x'.repeat(36),
    '1234567890abcdefghijklmnopqrstuvwxyz',
    'aBcDeFgHiJkLmNoPqRsT',
    'aAbBcCdDeEfFgGhHiIjJ',
    'abc123'.repeat(6),
  ])('filler: %s', (text) => expect(isFiller(text)).toBe(true));
  test.each(['YOUR_TOKEN_HERE', 'EXAMPLE', 'my-own-test-words', 'deadbeef'.repeat(4), 'replace-me-0123'])(
    'says so: %s',
    (text) => expect(isFiller(text)).toBe(true),
  );
  test('what is random is no filler', () => {
    for (let seed = 1; seed <= 500; seed++) {
      expect(isFiller(sample(36, seed)), `seed ${seed}`).toBe(false);
      expect(isFiller(hex(40, seed)), `seed ${seed}`).toBe(false);
    }
  });

  test.each([
    '<password>',
    '${PW}',
    '$PW',
    '{{ pw }}',
    '%s',
    '***',
    'xxxx',
    '[YOUR-PASSWORD]',
    'changeme',
    'my-secret-password123',
    '...',
  ])('stands in for a password: %s', (text) => expect(isStandIn(text)).toBe(true));
  test('the list of common words is tried in time', () => expect(isCommon('pass'.repeat(5000) + 'Q')).toBe(false));
});

describe('URLs of databases', () => {
  const password = sample(14, 3);
  test.each([
    ['p@ss', `postgres://app:p@ss${password}@db.acme.io/app`, `p@ss${password}`],
    ['a slash and a hash', `mysql://app:a/${password}#b@db.acme.io:3306/app`, `a/${password}#b`],
    ['percent signs', `amqps://app:%40${password}@mq.acme.io/%2F`, `%40${password}`],
    ['a mail address behind', `postgres://app:${password}@db.acme.io/app?mail=me@acme.io`, password],
    ['an IPv6 host', `redis://:${password}@[2001:db8::1]:6379`, password],
    ['a query', `jdbc:mysql://db.acme.io/app?user=app&password=${password}&x=y`, password],
    ['a link in Markdown', `[db](postgres://app:${password}@db.acme.io/app).`, password],
  ])('%s', (_, url, expected) => expect(found(url)).toEqual([['database-url', expected]]));

  test.each([
    `postgres://app:${password}@localhost:5432/app`,
    `postgres://app:${password}@db:5432/app`,
    'postgres://postgres:postgres@db.acme.io/postgres',
    'postgres://app:app@db.acme.io',
    'postgres://user:password@example.com:5432/name',
    'postgres://user:s3cret@your-host.acme.io/name',
    'postgres://db.acme.io:5432/app?mail=a:b@acme.io',
    'postgres://app@db.acme.io',
    `postgres://app:${password}`,
  ])('nothing in %s', (url) => expect(found(url)).toEqual([]));
});

/** A change that adds files of any content. */
function added(contents: Readonly<Record<string, Content>>, kind: Entry['kind'] = 'file'): ChangeSet {
  const entry = (path: string): Entry => ({ path, mode: '100644', kind });
  const head: ChangeSet['head'] = {
    name: 'test',
    declared: NOTHING_DECLARED,
    paths: async () => Object.keys(contents),
    folder: async () => [],
    entry: async (path) => entry(path),
    content: async (path) => contents[path] ?? { kind: 'absent' },
    read: async (path) => (contents[path]?.kind === 'text' ? contents[path].text : undefined),
  };
  const changes = Object.keys(contents).map((path) => ({ path, kind: 'added' as const, after: entry(path) }));
  return { ...memoryChangeSet({}), head, changes };
}

async function stream(change: ChangeSet): Promise<{ candidates: Candidate[]; notices: Notice[] }> {
  const all: (Candidate | Notice)[] = [];
  for await (const one of credentials(change)) all.push(one);
  return { candidates: all.filter((one) => !isNotice(one)) as Candidate[], notices: all.filter(isNotice) };
}

describe('the stream', () => {
  const token = sampleWithCrc32('ghp_', 30, 11);
  const text = (text: string, encoding: 'utf-8' | 'utf-16le' = 'utf-8'): Content => ({
    kind: 'text',
    text,
    encoding,
    size: text.length,
  });
  const binary = (bytes: Buffer): Content => ({ kind: 'binary', bytes, size: bytes.length });

  test('reads a text of any encoding, its byte order mark counted', async () => {
    const { candidates } = await stream(added({ a: text(`\ufeffTOKEN=${token}`, 'utf-16le') }));
    expect(candidates).toMatchObject([{ rule: 'secrets/github-token', at: { path: 'a', range: [7, 47] } }]);
  });

  test('finds tokens of one and of two bytes a character in a binary file, without a place', async () => {
    const bytes = Buffer.from(`\u0000\u0001head ${token} tail\u0000`, 'latin1');
    const wide = Buffer.concat([Buffer.from([0, 255]), Buffer.from(`key ${token} end`, 'utf16le'), bytes]);
    for (const content of [bytes, wide]) {
      const { candidates } = await stream(added({ 'a.bin': binary(content) }));
      expect(candidates.map(({ at }) => at)).toEqual([{ path: 'a.bin' }]);
    }
  });

  test('reads the target of a symbolic link', async () => {
    const { candidates } = await stream(added({ link: text(`/run/${token}`) }, 'symlink'));
    expect(candidates).toHaveLength(1);
  });

  test('says what it could not read', async () => {
    const { candidates, notices } = await stream(
      added({
        a: { kind: 'lfs', oid: 'a', size: 9 },
        b: { kind: 'large', size: 9e9 },
        c: { kind: 'unreadable', why: 'the object is missing' },
        d: { kind: 'gitlink', oid: 'd' },
      }),
    );
    expect(candidates).toEqual([]);
    expect(notices.map(({ path, notice, needed }) => [path, notice, needed])).toEqual([
      ['a', 'not-judged', undefined],
      ['b', 'not-judged', undefined],
      ['c', 'not-judged', true],
    ]);
  });

  test('reads the messages of commits and the words of a pull request', async () => {
    const pullRequest = { title: 'Fix the login', body: `It works with ${token}.`, labels: [] };
    const { candidates } = await stream(memoryChangeSet({}, {}, { message: `fix: ${token} ${token}`, pullRequest }));
    expect(candidates.map((one) => holds(one, new Date()).message)).toEqual([
      'The commit message holds a GitHub personal access token.',
      'The pull request holds a GitHub personal access token.',
    ]);
    expect(candidates.map(({ at }) => at)).toEqual([{}, {}]);
  });

  test('tells two secrets apart that stand on one line, and keeps a name when lines move', async () => {
    const other = sampleWithCrc32('ghp_', 30, 12);
    const url = (seed: number) => `postgres://app:${sample(12, seed)}@db.acme.io`;
    const { candidates } = await stream(
      added({ a: text(`${token} ${other} ${url(1)} ${url(2)}`), b: text(`\n\n${token}`) }),
    );
    expect(candidates.map(({ at, about }) => [at.path, about])).toEqual([
      ['a', sha256(token).slice(0, 16)],
      ['a', sha256(other).slice(0, 16)],
      ['a', 'postgres://db.acme.io'],
      ['a', 'postgres://db.acme.io (2)'],
      ['b', sha256(token).slice(0, 16)],
    ]);
  });

  test('holds no secret, and nothing made from a password', async () => {
    const password = sample(12, 4);
    const files = Object.fromEntries(formats.map((format) => [format.id, text(bare(format.sample()))]));
    const url = `postgres://app:${password}@db.acme.io`;
    const { candidates } = await stream(added({ ...files, url: text(url) }));
    const said = JSON.stringify(candidates);
    expect(candidates).toHaveLength(formats.length + 1);
    for (const format of formats) expect(said).not.toContain(secretIn(format.sample()).slice(-12));
    expect(said).not.toContain(password);
    expect(said).not.toContain(sha256(password).slice(0, 16));
  });
});

test('this repository holds none', () => {
  const folders = ['src', 'rules', 'test', 'hooks', 'fixtures'];
  const files = folders.flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((path) => join(folder, path)),
  );
  const held = files
    .filter((path) => statSync(path).isFile())
    .flatMap((path) => match(readFileSync(path, 'utf8'), fileKind(path)).map((found) => ({ path, ...found })))
    .filter(({ unsure }) => !unsure)
    .map(({ path, names }) => [path, names]);
  expect(held).toEqual([]);
});

describe('underneath', () => {
  test('CRC-32 and its base62', () => {
    expect(crc32('123456789')).toBe(0xcbf43926);
    expect(crc32Base62('')).toBe('000000');
    expect(crc32Base62('123456789')).toBe('3jZRME');
    expect([entropy('aaaa'), entropy('abab'), entropy('abcd')]).toEqual([0, 1, 2]);
  });

  test('keywords are found as by looking for each', () => {
    const words = fc.uniqueArray(fc.stringMatching(/^[abc_]{1,5}$/), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(
        words,
        fc.stringMatching(/^[abcAB_x]{0,60}$/),
        fc.constantFrom(0, (1 << 16) - 3),
        (list, tail, lead) => {
          const text = 'x'.repeat(lead) + tail;
          const hits: string[] = [];
          keywords(list).scan(Buffer.from(text), (word, end) => hits.push(`${list[word]} ${end}`));
          const expected = list.flatMap((word) =>
            Array.from(tail, (_, at) => at + lead + 1)
              .filter((end) => text.slice(end - word.length, end).toLowerCase() === word)
              .map((end) => `${word} ${end}`),
          );
          expect(hits.sort()).toEqual(expected.sort());
        },
      ),
      { numRuns: 300 },
    );
  });

  test('an encrypted key, a key of OpenSSH and one without sense are told apart', () => {
    const openssh = (cipher: string) => {
      const length = Buffer.from([0, 0, 0, cipher.length]);
      const body = Buffer.concat([
        Buffer.from('openssh-key-v1\0'),
        length,
        Buffer.from(cipher),
        Buffer.from(sample(150)),
      ]);
      return `-----BEGIN OPENSSH PRIVATE KEY-----\n${body
        .toString('base64')
        .match(/.{1,70}/g)!
        .join('\n')}\n-----END OPENSSH PRIVATE KEY-----`;
    };
    expect(match(openssh('none'))[0]).not.toHaveProperty('atMost');
    expect(match(openssh('aes256-ctr'))).toMatchObject([{ atMost: 'warning' }]);
    expect(match(samplePem().replace('MC4C', 'zzzz'))).toMatchObject([{ atMost: 'warning' }]);
    expect(match(samplePem().replace('-----END', '-----FINE'))).toHaveLength(1);
  });
});
