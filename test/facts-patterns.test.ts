import { RE2JS } from 're2js';
import { describe, expect, test } from 'vitest';
import { pattern } from '../src/facts/patterns.ts';
import { PATTERN_LIMITS, readPattern } from '../src/facts/re2-syntax.ts';

const PIECES = [
  ...'a b - ] [ ^ $ . | ( ) * + ? { } {2} {2,} {2,3} {3,2} {1001} {0} {,3} {100} , 2 é 😀'.split(' '),
  ...'\\d \\b \\1 \\12 \\x41 \\x{41} \\x{110000} \\x \\u \\Q \\E \\pL \\p{Lu} \\p{^Greek} \\p{Nope} \\p \\0 \\8 \\é'.split(
    ' ',
  ),
  ...'\\ \\. \\- \\A \\z \\Z \\C \\a \\e (?i) (?: (?P<a> (?<b> (?= (?<! (?i-s: (? (?- (?) (?>'.split(' '),
  ...'[:alpha:] [[:alpha:]] [[:foo:]] [^[:^digit:]] a-z z-a [a-\\d] [\\x41-\\x42]'.split(' '),
  ...['\\ ', '\n', '\\\n'],
];

function* random(count: number): Iterable<string> {
  let state = 42;
  const next = (below: number) => (state = (state * 48271) % 2147483647) % below;
  for (let i = 0; i < count; i++) yield Array.from({ length: 1 + next(7) }, () => PIECES[next(PIECES.length)]).join('');
}

function compiles(source: string): RE2JS | undefined {
  try {
    return RE2JS.compile(source, RE2JS.MULTILINE);
  } catch {
    return undefined;
  }
}

test('whether a pattern is well formed is what the engine says', () => {
  let accepted = 0;
  for (const source of new Set(random(20_000))) {
    const engine = compiles(source);
    const shape = readPattern(source);
    // The engine lets a repeat reach over flags and empty quotations to what stands before them: that is refused here.
    const reaching = /(?:\(\?[imsU-]*\)|\\Q\\E)+[*+?{]/.test(source);
    if (!reaching || !engine) expect(typeof shape === 'object', source).toBe(engine !== undefined);
    if (typeof shape === 'string') expect(shape, source).toMatch(/^[A-Z"].*\.$/s);
    else if (engine) {
      accepted++;
      if (engine.test('')) expect(shape.empty, source).toBe(true);
    }
  }
  expect(accepted).toBeGreaterThan(2000);
});

test('pattern and text together are bounded, in steps and not in time', async () => {
  const explosive = await pattern('(?:a?){300}a{300}b');
  const text = 'a'.repeat(1_000_000);
  expect(() => explosive.test(text)).toThrow('was not held against a text of 1,000,000 characters');
  expect(() => [...explosive.find(text, 1)]).toThrow('can take too long');
  const nested = await pattern('(x+x+)+y');
  expect(nested.test('x'.repeat(1_000_000))).toBe(false);
  expect(nested.most('x'.repeat(1_000_000))).toBeLessThan(1000);
  expect(nested.most('x')).toBeGreaterThan(1000);
});

test.each([
  ['a(?=b)', 'Looking ahead or behind'],
  ['(?<!a)b', 'Looking ahead or behind'],
  ['(a)\\1', 'A reference back to a group'],
  ['(?<n>a)\\k<n>', 'A reference back to a group'],
  ['\\u0041', 'written as in \\x{1F600}'],
  ['(?>a)', 'a kind of group that RE2'],
  ['(a', 'never closes it'],
  ['a)', 'never opened'],
  ['a**', 'repeats a repeat'],
  ['*a', 'repeats nothing'],
  ['(a{100}){100}', 'repeats repeats more than 1000 times'],
  ['[b-a]', 'ends before it begins'],
  ['a\\', 'escapes nothing'],
  ['a'.repeat(PATTERN_LIMITS.length + 1), 'at most 1000 characters'],
  ['(?:[a-z][0-9][a-z][0-9]){1000}'.repeat(10), 'too large'],
  ['('.repeat(60) + ')'.repeat(60), 'more than 50 deep'],
])('says what is wrong with %j', (source, words) => expect(readPattern(source)).toContain(words));

test('a parenthesis that is escaped is no look-ahead', () =>
  expect(readPattern('\\(?=x|[(?=]')).toMatchObject({ empty: false }));

describe('places', () => {
  const find = async (source: string, text: string, most = 10) =>
    [...(await pattern(source, 'lines')).find(text, most)].map(([start, end]) => [start, text.slice(start, end)]);

  test('are those of the file, whatever ends its lines', async () => {
    expect(await find('b$', '\ufeffab\r\nb\r\n\r\nab')).toEqual([
      [2, 'b'],
      [5, 'b'],
      [11, 'b'],
    ]);
    expect(await find('^a', '\ufeffab\r\nab')).toEqual([
      [1, 'a'],
      [5, 'a'],
    ]);
    expect(await find('b\\na', 'b\r\na')).toEqual([[0, 'b\r\na']]);
  });

  test('whoever looks for a CR or a byte order mark finds it', async () => {
    expect(await find('\\r', 'a\r\nb')).toEqual([[1, '\r']]);
    expect(await find('^\\x{FEFF}', '\ufeffa')).toEqual([[0, '\ufeff']]);
  });

  test('are as many as are asked for', async () => expect(await find('a', 'aaaa', 2)).toHaveLength(2));
});

test('a pattern over a value knows no lines', async () => {
  expect((await pattern('^[a-z]+$')).test('ok\nrm -rf')).toBe(false);
});

test('no text spoils the speed', async () => {
  const text = 'a'.repeat(100_000);
  const hostile = await pattern('(a+)+$|(a|aa)+b', 'lines');
  const start = performance.now();
  expect(hostile.test(`${text}!`)).toBe(false);
  expect(performance.now() - start).toBeLessThan(5000);
});
