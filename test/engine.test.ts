import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readAllows } from '../src/core/allow.ts';
import { textFiles, type TextFile } from '../src/facts/files.ts';
import type { Draft, Finding } from '../src/core/finding.ts';
import { defineRule, type AnyRule } from '../src/core/rule.ts';
import { applyBaseline, makeBaseline, readBaseline } from '../src/engine/baseline.ts';
import { applyEdits, fixAll } from '../src/engine/fix.ts';
import { changedRanges } from '../src/engine/lines.ts';
import { coveredLines } from '../src/engine/markers.ts';
import { run } from '../src/engine/run.ts';
import { judge } from '../src/index.ts';
import { memoryChangeSet } from '../src/repo/memory.ts';

/** A rule made for one test: what it finds in each text. */
const rule = (check: (file: TextFile) => Iterable<Draft>, more: Partial<AnyRule> = {}): AnyRule =>
  defineRule({
    id: 'test/made',
    title: 'Made',
    why: 'For a test.',
    instead: 'Nothing.',
    severity: 'error',
    options: (z) => z.strictObject({}),
    over: textFiles,
    check,
    examples: { bad: [], good: [] },
    ...more,
  });

const active = (...rules: AnyRule[]) => rules.map((one) => ({ rule: one, options: {}, severityAt: async () => one.severity }));
const word = (text: string) => (file: TextFile) =>
  [...file.text.matchAll(new RegExp(text, 'g'))].map(({ index }): Draft => ({ message: `Holds ${text}.`, about: text, at: { path: file.path, range: [index, index + text.length] } }));

describe('the walk', () => {
  test('a rule that throws is an error finding about that rule, and the others go on', async () => {
    const broken = rule(() => {
      throw new Error('no such thing');
    }, { id: 'test/broken' });
    const { findings } = await run(memoryChangeSet({ 'a.txt': 'x' }), active(broken, rule(word('x'))));
    expect(findings.map(({ rule, severity, failure }) => [rule, severity, failure])).toEqual([
      ['test/broken', 'error', true],
      ['test/made', 'error', undefined],
    ]);
    expect(findings[0]!.message).toBe('The rule test/broken failed and judged nothing: no such thing');
  });

  test('a stream that throws fails every rule that hangs on it', async () => {
    const over = async function* () {
      yield* [];
      throw new Error('no stream');
    };
    const { findings } = await run(memoryChangeSet({ 'a.txt': 'x' }), active(rule(word('x'), { over }), rule(word('x'), { id: 'test/other', over })));
    expect(findings.map(({ rule, failure }) => [rule, failure])).toEqual([
      ['test/made', true],
      ['test/other', true],
    ]);
  });

  test('in a modified file only new lines count, unless the rule takes the file whole', async () => {
    const change = memoryChangeSet({ 'a.txt': 'x old\nnew x\n', 'b.txt': 'x\n' }, { 'a.txt': 'x old\n', 'b.txt': 'x\n' });
    const at = async (one: AnyRule) => (await run(change, active(one))).findings.map(({ at }) => at.range?.[0]);
    expect(await at(rule(word('x')))).toEqual([10]);
    expect(await at(rule(word('x'), { counts: 'file' }))).toEqual([0, 10]);
  });

  test('findings come in the order of path, place and rule, whatever the rules did first', async () => {
    const { findings } = await run(memoryChangeSet({ 'b.txt': 'yx', 'a.txt': 'x' }), active(rule(word('y'), { id: 'test/y' }), rule(word('x'))));
    expect(findings.map(({ at, rule }) => `${at.path} ${rule}`)).toEqual(['a.txt test/made', 'b.txt test/y', 'b.txt test/made']);
  });
});

describe('changed lines', () => {
  test('are whole lines, and a move counts where it arrives', async () => {
    expect(await changedRanges('a\nb\nc\n', 'a\nB\nc\n')).toEqual([[2, 4]]);
    expect(await changedRanges('', 'a\n')).toEqual([[0, 2]]);
    expect(await changedRanges('a\nb\n', 'a\n')).toEqual([]);
    expect(await changedRanges('a', 'a\nb')).toEqual([[0, 3]]);
  });

  test('what lies outside them stood in the file before, line for line', async () => {
    const text = fc.array(fc.constantFrom('a', 'b', 'c', ''), { maxLength: 12 }).map((lines) => lines.map((line) => `${line}\n`).join(''));
    await fc.assert(
      fc.asyncProperty(text, text, async (base, head) => {
        let kept = '';
        let at = 0;
        for (const [from, to] of await changedRanges(base, head)) {
          kept += head.slice(at, from);
          at = to;
        }
        kept += head.slice(at);
        const lines = base.split('\n');
        for (const line of kept.split('\n')) {
          const found = lines.indexOf(line);
          expect(found).toBeGreaterThanOrEqual(0);
          lines.splice(0, found + 1);
          if (lines.length === 0) lines.push('');
        }
      }),
      { numRuns: 300 },
    );
  });
});

describe('allows', () => {
  test.each([
    ['a.sql', '-- repolicy-allow sql/drop-column: gone'],
    ['a.sql', '/* repolicy-allow sql/drop-column: gone */'],
    ['a.sql', '/*\n * repolicy-allow sql/drop-column: gone\n */'],
    ['a.ts', '// repolicy-allow sql/drop-column: gone'],
    ['a.tsx', '{/* repolicy-allow sql/drop-column: gone */}'],
    ['a.yaml', '# repolicy-allow sql/drop-column: gone'],
    ['Dockerfile', '# repolicy-allow sql/drop-column: gone'],
    ['.env.local', '# repolicy-allow sql/drop-column: gone'],
    ['a.md', '<!-- repolicy-allow sql/drop-column: gone -->'],
    ['a.ini', '; repolicy-allow sql/drop-column: gone'],
    ['a.tex', '% repolicy-allow sql/drop-column: gone'],
    ['a.lua', '-- repolicy-allow sql/drop-column: gone'],
    ['a.vue', '// repolicy-allow sql/drop-column: gone'],
  ])('in %s: %s', (path, text) => {
    expect(readAllows(path, text)).toMatchObject([{ rules: ['sql/drop-column'], reason: 'gone', scope: 'line' }]);
  });

  test.each([
    ['a.json', '{ "a": "// repolicy-allow sql/drop-column: gone" }'],
    ['a.ts', 'const a = "repolicy-allow sql/drop-column: gone";'],
    ['a.sql', "select 'repolicy-allow sql/drop-column: gone';"],
    ['a.md', 'Write repolicy-allow sql/drop-column: gone'],
    ['a.ts', '// repolicy-allowed sql/drop-column: gone'],
  ])('none in %s: %s', (path, text) => expect(readAllows(path, text)).toEqual([]));

  test('name several rules, a wildcard, a date, a whole file', () => {
    expect(readAllows('a.sql', '-- repolicy-allow-file sql/*, migrations/duplicate-version until 2026-12-31: see #412')).toMatchObject([
      { rules: ['sql/*', 'migrations/duplicate-version'], until: '2026-12-31', reason: 'see #412', scope: 'file' },
    ]);
  });

  test('cover their own line and, on a line of their own, the next with code in it', () => {
    const covered = (text: string) => coveredLines(text, [text.indexOf('repolicy'), 0]).map(([from, to]) => text.slice(from, to));
    expect(covered('a;\n-- repolicy\n\n-- more\nb;\nc;')).toEqual(['-- repolicy', 'b;']);
    expect(covered('a; -- repolicy\nb;')).toEqual(['a; -- repolicy']);
    expect(covered('-- repolicy')).toEqual(['-- repolicy']);
  });
});

describe('fixes', () => {
  const replacing = (to: string, ...from: string[]) =>
    rule((file) =>
      from
        .flatMap((one) => word(one)(file))
        .map((draft) => ({ ...draft, fix: { title: 'Replace', edits: [{ path: file.path, range: draft.at.range!, text: to }] } })),
    );
  const fixed = async (one: AnyRule, text: string) => {
    const { texts, applied, left } = await fixAll(memoryChangeSet({ 'a.txt': text }), async (change) => (await run(change, active(one))).findings);
    return { text: texts.get('a.txt') ?? text, applied, left: left.length };
  };

  test('that overlap or touch wait for the next pass, until nothing is left', async () => {
    expect(await fixed(replacing('', 'ab', 'bc', 'd'), 'xabcd')).toEqual({ text: 'xc', applied: 2, left: 0 });
  });

  test('that leave their finding are taken back', async () => {
    expect(await fixed(replacing('xa', 'a'), 'a b')).toEqual({ text: 'a b', applied: 0, left: 1 });
  });

  test('edits are applied from the end, so that places stay true', () => {
    expect(applyEdits('abc', [{ path: '', range: [0, 1], text: 'XX' }, { path: '', range: [2, 3], text: '' }])).toBe('XXb');
  });
});

describe('the baseline', () => {
  const finding = (fingerprint: string): Finding => ({ rule: 'a/b', severity: 'error', message: 'm', about: 'x', at: { path: 'p' }, fingerprint, status: 'reported' });

  test('counts, and one more than it accepts is reported', () => {
    const baseline = makeBaseline([finding('f'), finding('f'), finding('g')]);
    expect(baseline.findings.map(({ fingerprint, count }) => [fingerprint, count])).toEqual([['f', 2], ['g', 1]]);
    const statuses = applyBaseline([finding('f'), finding('f'), finding('f'), finding('h')], baseline).map(({ status }) => status);
    expect(statuses).toEqual(['baselined', 'baselined', 'reported', 'reported']);
  });

  test('pruning lets nothing new in', () => {
    const old = makeBaseline([finding('f'), finding('f'), finding('gone')]);
    expect(makeBaseline([finding('f'), finding('new')], old).findings.map(({ fingerprint, count }) => [fingerprint, count])).toEqual([['f', 1]]);
  });

  test.each(['', '[]', '{ "version": 2, "findings": [] }', '{ "version": 1, "findings": [{ "count": 1 }] }'])('refuses %j', (text) => {
    expect(() => readBaseline(text)).toThrow(/is not/);
  });
});

describe('judge()', () => {
  test('gives the report of the contract for files in memory', async () => {
    const report = await judge({ head: { 'supabase/migrations/1_a.sql': 'drop table users;' }, policy: { rules: { 'sql/drop-table': 'error' } } });
    expect(report.findings).toMatchObject([{ rule: 'sql/drop-table', path: 'supabase/migrations/1_a.sql', line: 1, column: 1, endColumn: 17, status: 'reported' }]);
    expect(report.summary).toMatchObject({ error: 1, files: 1, rules: 1 });
  });

  test('takes the policy among the files, and says where it is wrong', async () => {
    const files = { 'repolicy.jsonc': '{ "rules": { "sql/drop-tabel": "error" } }' };
    await expect(judge({ head: files })).rejects.toThrow(/repolicy\.jsonc:1: .*sql\/drop-table/);
  });

  test('holds head against base', async () => {
    const base = { 'supabase/migrations/1_a.sql': 'drop table users;\n' };
    const head = { 'supabase/migrations/1_a.sql': 'drop table users;\ndrop table posts;\n' };
    const { findings } = await judge({ base, head, policy: { rules: { 'sql/drop-table': 'error' } } });
    expect(findings.map(({ about }) => about)).toEqual(['posts']);
  });

  test('a path such as __proto__ is a path', async () => {
    const head = Object.fromEntries([['__proto__', 'x'], ['constructor', 'y']]);
    expect((await judge({ head })).summary.files).toBe(2);
  });
});
