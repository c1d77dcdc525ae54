import { describe, expect, test } from 'vitest';
import { sample } from '../src/core/sample.ts';
import { encodedIn } from '../src/facts/credentials/encoded.ts';
import { differing } from '../src/facts/credentials/blob.ts';
import { sampleWithCrc32 } from '../src/facts/credentials/formats/github.ts';
import { formats } from '../src/facts/credentials/formats/index.ts';
import { inBinary } from '../src/facts/credentials/inspect.ts';
import { matcher, MOST_MATCHES } from '../src/facts/credentials/matcher.ts';

const match = matcher(formats);
const token = sampleWithCrc32('ghp_', 30, 21);
const password = sample(11, 3);
const url = `postgres://admin:${password}@db.acme-corp.io/prod`;
const base64 = (text: string) => Buffer.from(text).toString('base64');
const times = (count: number, text: string): string => (count === 0 ? text : times(count - 1, base64(text)));
/** Ids of the formats that are found, and the text at their places. */
const found = (text: string) => match(text).map(({ format, start, end }) => [format.id, text.slice(start, end)]);

describe('what is encoded', () => {
  test.each([
    ['base64', `auth: ${base64(`me:${token}`)}`, 'base64'],
    ['base64 without its padding, behind other letters', `ab${base64(`me:${token}!`).replace(/=+$/, '')}`, 'base64'],
    ['base64 of base64 of base64', `x=${times(3, `the token is ${token}, keep it`)}`, 'base64'],
    [
      'base64 in lines, as MIME has it',
      base64(`${'word '.repeat(60)}${token}\n`).replace(/.{76}/g, '$&\r\n'),
      'base64',
    ],
    ['base64 of UTF-16, as PowerShell has it', Buffer.from(`$x = "${token}"`, 'utf16le').toString('base64'), 'base64'],
    ['base64 behind letters of two bytes', `zażółć: ${base64(`me:${token}`)}`, 'base64'],
    ['hexadecimal digits', Buffer.from(`token ${token}`).toString('hex'), 'hexadecimal'],
    ['percent signs', `a%3D${token.replace('_', '%5F')}%26b`, undefined],
    ['percent signs, twice', `a%253D${token.replace('_', '%255F')}%2526b`, undefined],
    ['JSON in code', `"\\u0067hp\\u005F${token.slice(4)}"`, undefined],
    ['HTML', `<a title="ghp&#95;${token.slice(4)}&amp;x">`, undefined],
  ])('%s is read, and its place is that of what is encoded', (_, text, encoded) => {
    const [one, ...more] = match(text);
    expect(more).toEqual([]);
    expect(one).toMatchObject({ format: { id: 'github-pat-classic' }, ...(encoded && { encoded }) });
    const place = text.slice(one!.start, one!.end);
    expect(place.length).toBeGreaterThanOrEqual(token.length);
    expect(place).not.toMatch(/^[\s"=:]|["&]$/);
    expect(one).not.toHaveProperty('mark');
  });

  test('a URL in another URL, and one that JSON has escaped', () => {
    expect(found(`https://acme.io/?next=${encodeURIComponent(url)}`)).toEqual([['database-url', password]]);
    expect(found(JSON.stringify({ url }).replaceAll('/', '\\/'))).toEqual([['database-url', password]]);
  });

  test('names the secret by its digest, however it is written', () => {
    const [plain] = match(token);
    expect(match(base64(`me:${token}`))[0]?.digest).toBe(plain?.digest);
    expect(plain).toMatchObject({ mark: 4 });
  });

  test('what is too deep is named, not followed', () => {
    const left: string[] = [];
    expect(match(times(7, `the token is ${token}`), 'code', (why) => left.push(why))).toEqual([]);
    expect(left).toEqual(['something in it is encoded more than 4 times over']);
  });

  test('hashes, identifiers and pictures are not taken for text', () => {
    const texts = [
      `"integrity": "sha512-${Buffer.from(Array.from({ length: 64 }, (_, i) => (i * 89 + 7) & 255)).toString('base64')}"`,
      'const someVeryLongIdentifierThatNobodyShouldEverWrite = anotherVeryLongIdentifierOfTheSameKind;',
      `commit ${'f5'.repeat(20)}${'a3'.repeat(12)}`,
    ];
    for (const text of texts) expect([...encodedIn(Buffer.from(text), () => text)]).toEqual([]);
  });

  test('a megabyte of anything ends in time, and a file of secrets is cut', () => {
    for (const part of [
      'A',
      'QUFB',
      '%41',
      '\\u0041',
      '&#65;',
      '\\/',
      '4142',
      'aGVsbG8gd29ybGQgaGVsbG8gd29ybGQg',
      '%25',
    ])
      match(part.repeat(Math.ceil((1 << 20) / part.length)));
    const left: string[] = [];
    const lines = Array.from({ length: MOST_MATCHES + 9 }, (_, i) => sampleWithCrc32('ghp_', 30, 100 + i));
    expect(match(lines.join('\n'), 'code', (why) => left.push(why))).toHaveLength(MOST_MATCHES);
    expect(left).toEqual([`it holds ${MOST_MATCHES} credentials or more`]);
  });
});

test('bytes and text give the same, whatever the encoding', () => {
  for (const text of [`key = "${token}"`, `schlüssel = "${token}"`]) {
    const bytes = Buffer.from(text);
    expect(match.bytes(bytes, () => text, 'code')).toEqual(match(text, 'code'));
  }
  const wide = Buffer.concat([Buffer.from([0, 1, 2, 0xff, 0xfe, 7]), Buffer.from(`key ${token} and more`, 'utf16le')]);
  expect(inBinary(match, wide, () => {}).map(({ format }) => format.id)).toEqual(['github-pat-classic']);
});

describe('of two versions', () => {
  const lines = (count: number, from = 0) =>
    Array.from({ length: count }, (_, i) => `line ${from + i} of many`).join('\n');
  const cut = (after: string, before: string) => {
    const bytes = Buffer.from(after);
    return bytes.toString('utf8', ...differing(bytes, Buffer.from(before)));
  };

  test('only the lines around what differs are read', () => {
    const part = cut(`${lines(500)}\nnew\n${lines(500, 500)}`, `${lines(500)}\n${lines(500, 500)}`);
    expect(part).toContain('\nnew\n');
    expect(part.length).toBeLessThan(1500);
    expect(part).toMatch(/^line \d+ of many\n/);
  });

  test('a private key that is changed in place is read whole', () => {
    const key = (body: string) =>
      `-----BEGIN PRIVATE KEY-----\n${'A'.repeat(1600)}${body}${'B'.repeat(1600)}\n-----END PRIVATE KEY-----\n`;
    const part = cut(lines(200) + key('x') + lines(200), lines(200) + key('y') + lines(200));
    expect(part).toContain(key('x'));
  });

  test('nothing that is new is left out', () => {
    for (const [after, before] of [
      ['', 'a'],
      ['a', ''],
      ['aa', 'a'],
      ['abab', 'ab'],
      ['x\ny', 'x\nz'],
    ])
      expect(cut(after!, before!)).toBe(after);
  });
});
