import fc from 'fast-check';
import micromatch from 'micromatch';
import { describe, expect, test } from 'vitest';
import { globProblem, matcher } from '../src/core/globs.ts';
import { templateProblem, templates } from '../src/core/templates.ts';

const matches = async (patterns: string | readonly string[], path: string) => (await matcher([patterns].flat()))(path);

describe('globs', () => {
  test.each<[pattern: string, matching: string[], others: string[]]>([
    ['README.md', ['README.md'], ['docs/README.md', 'readme.md', 'README.mdx']],
    ['docs/**', ['docs/a.md', 'docs/a/b/c', 'docs/.hidden', 'docs'], ['docs2/a', 'x/docs/a', 'Docs/a']],
    ['**/*.md', ['a.md', 'x/y/a.md', '.md', 'x/.github.md'], ['a.mdx', 'a.md/x']],
    ['**/*.test.ts', ['a.test.ts', 'x/a.b.test.ts'], ['a.ts', 'test.ts']],
    ['**', ['a', 'a/b', '.git-blame'], []],
    ['*', ['a', '.a'], ['a/b']],
    ['*.md', ['a.md', '.md'], ['x/a.md']],
    ['docs/*/x', ['docs/a/x'], ['docs/x', 'docs/a/b/x']],
    ['docs/**/x', ['docs/x', 'docs/a/x', 'docs/a/b/x'], ['docs/a/xx', 'x']],
    ['**/a/**/b/**', ['a/b', 'x/a/y/b/z', 'a/a/b'], ['b/a', 'xa/b']],
    ['**/docs/**', ['docs/a', 'x/docs/a', 'x/docs'], ['x/docs2/a']],
    ['STATUS_*_*.md', ['STATUS_a_b.md', 'STATUS__.md', 'STATUS_a_b_c.md'], ['STATUS_a.md', 'STATUS_a_b.txt']],
    ['a*a', ['aa', 'aba'], ['a']],
    ['?.md', ['a.md', '..md'], ['.md', 'ab.md', '/.md']],
    ['[a-c]x', ['ax', 'cx'], ['dx', 'x', 'Ax']],
    ['[!a-c]x', ['dx', '!x'], ['ax', 'x']],
    ['[^a]x', ['bx'], ['ax']],
    ['[[:digit:]]*.sql', ['1_a.sql', '2\n.sql'], ['a.sql']],
    ['app/[id]/page.tsx', ['app/[id]/page.tsx', 'app/i/page.tsx'], ['app/x/page.tsx']],
    ['app/[...slug]', ['app/[...slug]', 'app/s'], ['app/[slug]']],
    ['app/(auth)/page.tsx', ['app/(auth)/page.tsx'], ['app/auth/page.tsx']],
    ['copy (1)*[0-9].md', ['copy (1) 2.md'], ['copy 1 2.md']],
    ['**/*.{ts,tsx}', ['a.ts', 'x/a.tsx'], ['a.t', 'a.tss']],
    ['{a,b/{c,d}}/x', ['a/x', 'b/c/x', 'b/d/x'], ['b/x']],
    ['{docs/**,README.md}', ['docs/a/b', 'README.md'], ['docsx']],
    ['@(a|b).md', ['a.md', 'b.md'], ['ab.md', '.md']],
    ['x?(.test).ts', ['x.ts', 'x.test.ts'], ['x.test.test.ts']],
    ['src/!(*.test).ts', ['src/a.ts', 'src/a.test.tsx.ts', 'src/.ts'], ['src/a.test.ts', 'src/x/a.ts']],
    ['!(vendor|dist)/**', ['src/a', 'vendors/a'], ['vendor/a', 'dist/x/y']],
    ['\\*\\?\\[x\\]\\{a,b\\}', ['*?[x]{a,b}'], ['a?[x]{a,b}']],
    ['[\\]\\-]x', [']x', '-x'], ['\\x']],
    ['"q"?', ['"q"x'], ['qx']],
    ['a.b?', ['a.bc'], ['axbc']],
    ['a|b+$^?', ['a|b+$^c'], ['a', 'b']],
    ['*[a]', ['\na', 'a'], ['a\n']],
    ['naïve-?.md', ['naïve-é.md'], ['naive-e.md']],
  ])('%s', async (pattern, matching, others) => {
    expect(globProblem(pattern)).toBeUndefined();
    const test = await matcher([pattern]);
    expect(matching.filter((path) => !test(path))).toEqual([]);
    expect(others.filter((path) => test(path))).toEqual([]);
  });

  test('in a list, the last pattern that matches decides', async () => {
    const list = ['docs/**', '!docs/private/**', 'docs/private/README.md'];
    expect(await matches(list, 'docs/a.md')).toBe(true);
    expect(await matches(list, 'docs/private/a.md')).toBe(false);
    expect(await matches(list, 'docs/private/README.md')).toBe(true);
    expect(await matches(list, 'src/a.md')).toBe(false);
    expect(await matches(['docs/private/README.md', '!docs/private/**'], 'docs/private/README.md')).toBe(false);
  });

  test('a list of nothing but negations starts from everything, an empty one from nothing', async () => {
    expect(await matches(['!docs/{a,b}.md'], 'src/a')).toBe(true);
    expect(await matches(['!docs/{a,b}.md'], 'docs/b.md')).toBe(false);
    expect(await matches([], 'a')).toBe(false);
  });

  test.each([
    ['', 'is empty'],
    ['x'.repeat(1001), 'is longer than 1000 characters'],
    ['*/'.repeat(41) + 'x', 'has more than 40 wildcards'],
    ['{a,b}'.repeat(8), 'stands for more than 200 alternatives'],
    ['{'.repeat(30) + 'a,b' + '}'.repeat(30), 'nests "{...}" more than 4 deep'],
    [`{${'a,'.repeat(300)}b}`, 'stands for more than 200 alternatives'],
    ['/docs/**', 'begins with "/": paths are relative to the repository\'s root already'],
    ['docs/', 'ends with "/": write "dir/**" for all that is in a folder'],
    ['docs//x', 'has an empty name between slashes'],
    ['./docs', 'has a "." in it: paths are written from the repository\'s root'],
    ['docs/../x', 'has a ".." in it: paths are written from the repository\'s root'],
    ['docs\\notes', 'has a "\\" where none is needed: folders are separated by "/"'],
    ['docs\\', 'has a "\\" where none is needed: folders are separated by "/"'],
    [
      '**.md',
      'has a "**" that is not alone between slashes: write "**/*.md" for files at any depth, "*" within a name',
    ],
    [
      '+(a|aa)b',
      'repeats a group with "+(...)", which can take exponential time: list the names, or write \\( for the character',
    ],
    [
      '*(a)',
      'repeats a group with "*(...)", which can take exponential time: list the names, or write \\( for the character',
    ],
    ['@(a|@(b))', 'has a group inside a group'],
    ['@(a|(b))', 'has a "(" inside "(...)": write \\( for the character'],
    ['@(a/b|c)', 'has a "/" inside "(...)": use {a/b,c} for alternatives that span folders'],
    ['@(a', 'opens a "(" and never closes it: write \\( for the character'],
    ['{a,b', 'opens a "{" and never closes it: write \\{ for the character'],
    ['[a-', 'opens a "[" and never closes it: write \\[ for the character'],
    ['[a/b]', 'has a "/" inside "[...]", which matches one character of a name'],
    ['{a}', 'has "{...}" without a comma: alternatives are {a,b}; write \\{ for the character'],
    ['{1..9}', 'has "{...}" without a comma: alternatives are {a,b}; write \\{ for the character'],
    ['*!(a)', 'has a "!(...)" beside another wildcard in one name: only plain text may stand around it'],
    ['[z-a]', 'has a range in "[z-a]" that runs backwards'],
    ['[a-c-b]x[[:vowel:]]', 'has "[:vowel:]" in it, which is no class of characters'],
    ['[😀-😂]', 'has a character in "[😀-😂]" that counts as two: use {a,b}'],
    ['[\\d]x', 'has a "\\" in "[\\\\d]" where none is needed'],
    ['[!]', 'has an empty "[]"'],
    ['a\0b', 'holds a NUL character, which no path can'],
  ])('refuses %j', async (pattern, problem) => {
    expect(globProblem(pattern)).toBe(problem);
    await expect(matcher(['ok', pattern])).rejects.toThrow(problem);
  });

  test('hostile paths are no slower than others', async () => {
    const long = 'a'.repeat(1024);
    const deep = 'a/'.repeat(5000) + 'b';
    const tests = await matcher([
      '*a*a*a*a*a*a*a*a*a*a*a*a*b',
      '**/a/**/a/**/a/**/a/**/a/**/a/**/c',
      '[a]*[a]*[a]*[a]*[a]*?*a*b',
      '!(*a*a*a*a*a*a*a*a*a).x',
      '@(a|aa)@(a|aa)@(a|aa)@(a|aa)[b]',
      '{a,aa}?(a)?(a)?[b]',
    ]);
    const start = performance.now();
    expect([long, `${long}.x`, deep, `${long}/${long}/${long}`].filter((path) => tests(path))).toEqual([]);
    expect(performance.now() - start).toBeLessThan(1000);
  });

  test('agrees with micromatch wherever both know the pattern', async () => {
    const piece = fc.constantFrom('a', 'b', '.', '-', '*', '?', '[ab]', '[!a]', 'é');
    const segment = fc.oneof(
      fc.constant('**'),
      fc.array(piece, { minLength: 1, maxLength: 4 }).map((all) => all.join('')),
    );
    const pattern = fc.array(segment, { minLength: 1, maxLength: 4 }).map((all) => all.join('/'));
    const name = fc
      .array(fc.constantFrom('a', 'b', '.', '-', 'é'), { minLength: 1, maxLength: 4 })
      .map((all) => all.join(''))
      .filter((text) => text !== '.' && text !== '..');
    const path = fc.array(name, { minLength: 1, maxLength: 4 }).map((all) => all.join('/'));
    await fc.assert(
      fc.asyncProperty(pattern, fc.array(path, { maxLength: 8 }), async (glob, paths) => {
        fc.pre(globProblem(glob) === undefined);
        // micromatch lets "x*y/**" match "xy" and "x*/**" not match "x".
        fc.pre(!/[*?[\]][^/]*\/\*\*$/.test(glob));
        const ours = await matcher([glob]);
        const options = { dot: true, nonegate: true, posix: true, windows: false };
        for (const each of paths) expect([each, ours(each)]).toEqual([each, micromatch.isMatch(each, glob, options)]);
      }),
      { numRuns: 500 },
    );
  });

  test('whatever is not refused compiles, and answers', async () => {
    const char = fc.constantFrom(...'ab/*?[]{}()!@+,|\\-^.\n"$'.split(''));
    await fc.assert(
      fc.asyncProperty(fc.array(char, { maxLength: 14 }), fc.array(char, { maxLength: 14 }), async (glob, path) => {
        const pattern = glob.join('');
        if (globProblem(pattern)) await expect(matcher([pattern])).rejects.toThrow();
        else expect(typeof (await matcher([pattern]))(path.join(''))).toBe('boolean');
      }),
      { numRuns: 1000 },
    );
  });
});

describe('path templates', () => {
  const identities = ['data', 'dev', 'dev-ops', 'a.b'];
  const captures = async (list: string | readonly string[], path: string) => {
    const found = (await templates([list].flat(), { identities }))(path);
    return found && Object.fromEntries(found);
  };

  test('capture identities and dates', async () => {
    const template = 'feedback/{identity}/{date}.md';
    expect(await captures(template, 'feedback/data/2026-01-31.md')).toEqual({ identity: 'data', date: '2026-01-31' });
    expect(await captures(template, 'feedback/stranger/2026-01-31.md')).toBeUndefined();
    expect(await captures(template, 'feedback/Data/2026-01-31.md')).toBeUndefined();
    expect(await captures(template, 'x/feedback/data/2026-01-31.md')).toBeUndefined();
    expect(await captures(template, 'feedback/data/2026-01-31.md.bak')).toBeUndefined();
    expect(await captures('{identity}.md', 'aXb.md')).toBeUndefined();
  });

  test('know the calendar as Date does', async () => {
    const read = await templates(['{date}', '{yyyymmdd}'], { identities });
    for (const year of [1900, 1999, 2000, 2023, 2024, 2100, 2400]) {
      for (let month = 0; month <= 13; month++) {
        for (let day = 0; day <= 32; day++) {
          const text = [year, String(month).padStart(2, '0'), String(day).padStart(2, '0')];
          const date = new Date(`${text.join('-')}T00:00:00Z`);
          const real = !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text.join('-'));
          expect([text.join('-'), read(text.join('-')) !== undefined]).toEqual([text.join('-'), real]);
          expect([text.join(''), read(text.join('')) !== undefined]).toEqual([text.join(''), real]);
        }
      }
    }
  });

  test('take the longest identity, and free names in between', async () => {
    const template = 'docs/planning/{identity}-{task}-{yyyymmdd}.md';
    expect(await captures(template, 'docs/planning/dev-ops-x-y-20260131.md')).toEqual({
      identity: 'dev-ops',
      task: 'x-y',
      yyyymmdd: '20260131',
    });
    expect(await captures(template, 'docs/planning/dev-ops-20260131.md')).toMatchObject({
      identity: 'dev',
      task: 'ops',
    });
    expect(await captures(template, 'docs/planning/dev-20260131.md')).toBeUndefined();
    expect(await captures(template, 'docs/planning/dev-x-20260231.md')).toBeUndefined();
  });

  test('combine with globs and braces', async () => {
    const template = 'artifacts/{identity}/{date}/{mcp,log}/**/*{topic}.jsonl';
    expect(await captures(template, 'artifacts/dev/2026-01-31/log/a/b/c.jsonl')).toMatchObject({
      identity: 'dev',
      topic: 'c',
    });
    expect(await captures(template, 'artifacts/dev/2026-01-31/mcp/c.jsonl')).toMatchObject({ date: '2026-01-31' });
    expect(await captures(template, 'artifacts/dev/2026-01-31/txt/c.jsonl')).toBeUndefined();
    expect(await captures(['docs/**', '!docs/{identity}/x.md'], 'docs/dev/x.md')).toBeUndefined();
    expect(await captures(['docs/**', '!docs/{identity}/x.md'], 'docs/who/x.md')).toEqual({});
    expect(await captures(['!docs/{identity}/x.md'], 'src/a')).toEqual({});
  });

  test('hold the same text wherever the same capture stands', async () => {
    const template = '{identity}/**/{date}/{identity}-{date}.md';
    expect(await captures(template, 'dev/x/2026-01-31/dev-2026-01-31.md')).toEqual({
      identity: 'dev',
      date: '2026-01-31',
    });
    expect(await captures(template, 'dev/x/2026-01-31/data-2026-01-31.md')).toBeUndefined();
    expect(await captures(template, 'dev/x/2026-01-31/dev-2026-02-01.md')).toBeUndefined();
    expect(await captures('{identity}/{identity}-{task}', 'dev/dev-ops-x')).toEqual({ identity: 'dev', task: 'ops-x' });
    expect(await captures('{a}-{a}.md', 'x-x.md')).toEqual({ a: 'x' });
    expect(await captures('{a}-{a}.md', 'x-y.md')).toBeUndefined();
    expect(await captures('{a}/{a}', 'a+/a+')).toEqual({ a: 'a+' });
    expect(await captures('{constructor}/{toString}', 'x/y')).toEqual({ constructor: 'x', toString: 'y' });
  });

  test('with no identity declared, {identity} matches nothing', async () => {
    expect((await templates(['{identity}.md'], { identities: [] }))('.md')).toBeUndefined();
  });

  test.each([
    ['{date}{topic}', 'has two captures side by side: nothing says where one ends and the next begins'],
    ['{a}-{b}-{c}', 'has more than two "*" or free captures in one name, which can take very long'],
    ['{a}?', 'has a capture beside "?", "[...]" or "!(...)" in one name: only text and "*" may stand there'],
    ['**/{a}/**/{a}', 'has a capture twice and "**" twice, which can take very long'],
    [
      '{two words}',
      'has "{...}" without a comma: alternatives are {a,b}, a capture is {name}; write \\{ for the character',
    ],
    ['{}', 'has "{...}" without a comma: alternatives are {a,b}, a capture is {name}; write \\{ for the character'],
    ['/{date}', 'begins with "/": paths are relative to the repository\'s root already'],
  ])('refuses %j', async (template, problem) => {
    expect(templateProblem(template)).toBe(problem);
    await expect(templates([template], { identities })).rejects.toThrow(problem);
  });

  test('hostile paths are no slower than others', async () => {
    const test = await templates(['{a}-{b}-{date}', '**/{a}/x/**/{b}', '{a}-{a}'], { identities });
    const start = performance.now();
    expect(test('-'.repeat(512))).toBeUndefined();
    expect(test('y/'.repeat(5000) + 'x/'.repeat(5000))).toBeUndefined();
    expect(performance.now() - start).toBeLessThan(1000);
  });
});
