import { describe, expect, test } from 'vitest';
import { readConfiguration } from '../src/facts/configuration.ts';
import { readImports, readLiterals } from '../src/facts/imports.ts';
import { nestsTooDeep } from '../src/facts/nesting.ts';

// Each of these has ended the whole process in a parser, or would take minutes. Here they end as words.

describe('programs that nest without end', () => {
  const deep = (open: string, close = '', n = 100_000) => `x=${open.repeat(n)}1${close.repeat(n)}`;
  test.each([
    ['brackets', deep('[', ']')],
    ['calls', `x=a${'()'.repeat(100_000)}`],
    ['members', `x=a${'.b'.repeat(100_000)}`],
    ['templates', deep('`${', '}`')],
    ['types', `let x: ${'A<'.repeat(100_000)}B`],
    ['elements', `x=${'<a>'.repeat(100_000)}`],
    ['operators', deep('!')],
    ['conditions', deep('1?1:')],
    ['arrows', deep('a=>')],
    ['sums', deep('1+')],
    ['news', deep('new ')],
    ['labels', 'a:'.repeat(100_000)],
    ['branches', `if(1){}${'else if(1){}'.repeat(100_000)}`],
  ])('%s', async (_, text) => {
    expect(await readImports('a.tsx', text)).toEqual({ imports: [], problem: 'it nests too deep' });
    expect(await readLiterals('a.tsx', text)).toBeUndefined();
  });
  test('long programs that do not nest are read', () => {
    expect(nestsTooDeep('call(a.b, c[0] ? d : e);\n'.repeat(50_000))).toBe(false);
    expect(nestsTooDeep(`<svg>${'<path d="M0 0L1 1" />\n'.repeat(50_000)}</svg>`)).toBe(false);
    expect(nestsTooDeep(`const data = "${'a+b/c='.repeat(100_000)}";`)).toBe(false);
    expect(nestsTooDeep(`// ${'new a? '.repeat(10_000)}\n/* ${'(((('.repeat(10_000)} */`)).toBe(false);
  });
});

describe('configuration that is too large or too deep says so', () => {
  test.each([
    ['json', '['.repeat(200_000), /nests deeper/],
    ['yaml', '['.repeat(20_000), /nests deeper|is not YAML/],
    ['toml', `a = ${'['.repeat(20_000)}`, /is not TOML/],
    ['json', `[${'1,'.repeat(3_000_000)}1]`, /more than 4,000,000 characters/],
  ] as const)('%s', async (format, text, problem) => {
    expect(await readConfiguration(format, text)).toMatchObject({ problem: expect.stringMatching(problem) as string });
  });
});
