import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Finding, Range } from '../src/core/finding.ts';
import { sample } from '../src/core/sample.ts';
import { reporters } from '../src/report/index.ts';
import { jsonReport } from '../src/report/json.ts';
import { lineHashes } from '../src/report/line-hash.ts';
import { makeReport, type Report, type Reported } from '../src/report/report.ts';
import { cleanReport, FINDINGS, INPUT, MIGRATION, richReport, SECRETS, TOKEN } from './report-fixture.ts';

const FORMATS = Object.entries(reporters);

/** A report about one file with one finding in it. */
const about = (
  text: string,
  range: Range,
  more: Partial<Finding> = {},
  input: Partial<Reported> = {},
): Promise<Report> =>
  richReport({
    findings: [
      {
        rule: 'a/b',
        severity: 'error',
        message: 'Is so.',
        at: { path: 'f', range },
        about: 'it',
        fingerprint: '0',
        status: 'reported',
        ...more,
      },
    ],
    read: async (path) => (path === 'f' ? text : undefined),
    ...input,
  });

test.each(FORMATS)('%s ends in exactly one newline, whatever there is to say', async (_, reporter) => {
  const reports = [
    await richReport(),
    await cleanReport(),
    await cleanReport({ asked: 0, rules: [] }),
    await cleanReport({ notices: [{ notice: 'not-judged', message: 'It ends so.\n\n', needed: true }] }),
  ];
  for (const report of reports) expect(reporter(report)).toMatch(/[^\n]\n$/);
});

test.each(FORMATS)('%s never shows a secret, nor any telling part of one', async (_, reporter) => {
  const shown = reporter(await richReport(), { verbose: true });
  for (const secret of SECRETS) {
    for (let at = 0; at + 9 <= secret.length; at++) expect(shown).not.toContain(secret.slice(at, at + 9));
  }
});

test.each(FORMATS)('%s moves no screen and no CI log', async (name, reporter) => {
  const shown = reporter(await richReport(), { verbose: true });
  expect(shown).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/);
  expect(shown).not.toContain('##[');
  const commands = shown.split('\n').filter((line) => line.trimStart().startsWith('::'));
  expect(commands.filter((line) => !/^::(error|warning|notice)( \w+=[^:,]*(,\w+=[^:,]*)*)?::/.test(line))).toEqual([]);
  expect(commands.length).toBe(name === 'github' ? 10 : 0);
});

test.each(FORMATS)('%s gives the same bytes in whatever order findings arrive', async (_, reporter) => {
  const again = await richReport({
    findings: [...FINDINGS].reverse(),
    notices: [...INPUT.notices].reverse(),
    rules: [...INPUT.rules].reverse(),
  });
  expect(reporter(again)).toBe(reporter(await richReport()));
});

test('lines count from 1 and columns in UTF-16 units from 1, the end exclusive', async () => {
  const places: [string, string, Range, (number | null)[]][] = [
    ['plain', 'ab\ncd\n', [3, 5], [2, 1, 2, 3]],
    ['CRLF', 'ab\r\ncd\r\n', [4, 6], [2, 1, 2, 3]],
    ['a byte order mark is no column', '\ufeffab\ncd', [1, 3], [1, 1, 1, 3]],
    ['nor is it a place', '\ufeffab', [0, 1], [1, 1, 1, 1]],
    ['it is one elsewhere', 'ab\ufeffcd', [3, 4], [1, 4, 1, 5]],
    ['an astral character is two', '😀x', [2, 3], [1, 3, 1, 4]],
    ['a tab is one', '\tx', [1, 2], [1, 2, 1, 3]],
    ['several lines', 'ab\ncd\nef', [1, 7], [1, 2, 3, 2]],
    ['with the last newline', 'ab\ncd\n', [0, 6], [1, 1, 3, 1]],
    ['between two characters', 'ab', [1, 1], [1, 2, 1, 2]],
    ['past the end of a file that has shrunk', 'ab', [9, 12], [1, 3, 1, 3]],
    ['an empty file', '', [0, 0], [1, 1, 1, 1]],
  ];
  for (const [title, text, range, expected] of places) {
    const { line, column, endLine, endColumn } = (await about(text, range)).findings[0]!;
    expect([line, column, endLine, endColumn], title).toEqual(expected);
  }
});

test('columns are known in bytes as well', async () => {
  const { findings } = await about('é😀 = 1\n日本語', [10, 11]);
  expect(findings[0]).toMatchObject({ line: 2, column: 3, bytes: { column: 7, endColumn: 10 } });
});

test('what is about a path has no line; what is about a commit or the change has no path', async () => {
  const { findings } = await richReport();
  const of = (rule: string) => findings.find((finding) => finding.rule === rule)!;
  expect(of('docs/unlisted-file')).toMatchObject({ line: null, column: null, commit: null, frame: [] });
  expect(of('change/too-large')).toMatchObject({ path: null, line: null, commit: null });
  expect(of('change/message-style')).toMatchObject({ path: null, commit: expect.stringMatching(/^3f2a91c/) });
});

test('a place in an older commit is never looked up in head', async () => {
  const at = { path: 'f', range: [0, 8] as const, commit: 'c0ffee' };
  const secret = { at, secret: true as const };
  const without = await about(`other ${TOKEN}`, [0, 8], secret);
  expect(without.findings[0]).toMatchObject({ path: 'f', line: null, frame: [] });
  const readAt = async (path: string, commit: string) => `${path} ${commit} then`;
  const { findings } = await about('other', [0, 8], secret, { readAt });
  expect(findings[0]).toMatchObject({
    line: 1,
    endColumn: 9,
    frame: [{ line: 1, text: '******** then', mark: [0, 8] }],
  });
});

test('a frame shows the lines of its range: three at most, and the last of them', async () => {
  const frame = async (text: string, range: Range) =>
    (await about(text, range)).findings[0]!.frame.map(({ line, text, mark }) => [
      line,
      text.slice(0, mark[0]),
      text.slice(...mark),
      text.slice(mark[1]),
    ]);
  expect(await frame('a\nb cd e\n', [4, 6])).toEqual([[2, 'b ', 'cd', ' e']]);
  expect(await frame('a\r\nbc\r\n', [3, 6])).toEqual([[2, '', 'bc', '']]);
  expect(await frame('\ta\tb', [3, 4])).toEqual([[1, '  a  ', 'b', '']]);
  expect(await frame('x y\n  z\n', [2, 8])).toEqual([
    [1, 'x ', 'y', ''],
    [2, '  ', 'z', ''],
  ]);
  expect(await frame('1\n2\n3\n4\n5\n', [0, 9])).toEqual([
    [1, '', '1', ''],
    [2, '', '2', ''],
    [5, '', '5', ''],
  ]);
  expect(await frame('ab', [2, 2])).toEqual([[1, 'ab', '', '']]);
});

test('a frame of a line without end is cut around its mark', async () => {
  const text = `${'a'.repeat(5000)}${'b'.repeat(20)}${'c'.repeat(5000)}`;
  const { frame } = (await about(text, [5000, 5020])).findings[0]!;
  expect(frame[0]!.text).toMatch(/^…a{30,}b{20}c{30,}…$/);
  expect(frame[0]!.text.length).toBeLessThanOrEqual(240);
  expect(frame[0]!.text.slice(...frame[0]!.mark)).toBe('b'.repeat(20));
  const wide = (await about(text, [10, 9000])).findings[0]!.frame[0]!;
  expect(wide.text.slice(...wide.mark)).toMatch(/^a{200,}$/);
});

test('a secret is masked in every frame, and wherever else it stands', async () => {
  const text = `a = "${TOKEN}"; eval(b)\nc = "${TOKEN}"\n`;
  const finding = (rule: string, path: string, range: Range, more: Partial<Finding> = {}): Finding => ({
    rule,
    severity: 'error',
    message: `Holds ${TOKEN}.`,
    at: { path, range },
    about: TOKEN,
    fingerprint: rule,
    status: 'allowed',
    reason: `it is ${TOKEN}`,
    ...more,
  });
  const report = await richReport({
    findings: [
      finding('s/secret', 'f', [5, 45], { secret: true }),
      finding('s/eval', 'f', [48, 55], {
        fix: { title: `Drop ${TOKEN}`, edits: [{ path: 'f', range: [0, 2], text: TOKEN }] },
      }),
      finding('s/second-line', 'f', [57, 58]),
      finding('s/other-file', 'g', [0, 3]),
    ],
    notices: [{ notice: 'degraded', message: `Met ${TOKEN}.` }],
    read: async (path) => (path === 'f' ? text : `see ${TOKEN}`),
  });
  expect(JSON.stringify(report)).not.toContain(TOKEN.slice(0, 9));
  expect(report.findings.find(({ rule }) => rule === 's/eval')!.fix).toEqual({
    title: `Drop ${'*'.repeat(40)}`,
    edits: [],
  });
  expect(report.findings.find(({ rule }) => rule === 's/second-line')!.frame[0]!.text).toBe(`c = "${'*'.repeat(40)}"`);
});

test('a file that is a secret as a whole shows none of its lines', async () => {
  const report = await richReport({
    findings: [
      {
        rule: 's/store',
        severity: 'error',
        message: 'Is a key store.',
        at: { path: 'f' },
        about: 'f',
        secret: true,
        fingerprint: '1',
        status: 'reported',
      },
      {
        rule: 's/x',
        severity: 'error',
        message: 'Is long.',
        at: { path: 'f', range: [0, 4] },
        about: 'x',
        fingerprint: '2',
        status: 'reported',
      },
    ],
    read: async () => 'user pass',
  });
  expect(report.findings[1]!.frame[0]!.text).toBe('*********');
});

test('a short or common word is masked where it stands, and nowhere else', async () => {
  const { findings } = await about('password: postgres', [10, 18], {
    secret: true,
    message: 'Holds a password of postgres.',
  });
  expect(findings[0]!.frame[0]!.text).toBe('password: ********');
  expect(findings[0]!.message).toBe('Holds a password of postgres.');
});

test('no range of any text leaks a character of a secret, or breaks a line', async () => {
  const line = fc.stringMatching(/^[a-c \t"😀é]{0,12}$/);
  const lines = fc.array(
    fc.oneof(
      line,
      line.map((text) => `${text}\r`),
    ),
    { maxLength: 6 },
  );
  await fc.assert(
    fc.asyncProperty(lines, fc.nat(60), fc.nat(60), fc.nat(400), async (lines, from, length, padding) => {
      const before = lines.join('\n') + ' '.repeat(padding);
      const text = `${before}${TOKEN}\n${lines.join('\n')}`;
      const other: Range = [Math.min(from + padding, text.length), Math.min(from + padding + length, text.length)];
      const report = await richReport({
        findings: [[before.length, before.length + TOKEN.length] as const, other].map((range, at) => ({
          rule: `a/${at}`,
          severity: 'error',
          message: 'Is so.',
          at: { path: 'f', range },
          about: 'it',
          fingerprint: '0',
          status: 'reported',
          ...(at === 0 && { secret: true as const }),
        })),
        read: async () => text,
      });
      const found = report.findings.find(({ rule }) => rule === 'a/1')!;
      const start = text.slice(0, other[0]).split('\n');
      expect([found.line, found.column]).toEqual([start.length, start.at(-1)!.length + 1]);
      for (const { frame } of report.findings) {
        expect(frame.length).toBeGreaterThan(0);
        for (const { text, mark } of frame) {
          expect(text).not.toMatch(/[\n\r]$/);
          expect(text.length).toBeLessThanOrEqual(400);
          expect(0 <= mark[0] && mark[0] <= mark[1] && mark[1] <= text.length).toBe(true);
          for (let at = 0; at + 9 <= TOKEN.length; at++) expect(text).not.toContain(TOKEN.slice(at, at + 9));
        }
      }
    }),
    { numRuns: 200 },
  );
});

test('findings are sorted by path, position and rule, by code unit', async () => {
  const places: [string, string | undefined, Range | undefined][] = [
    ['z/z', 'B', [2, 3]],
    ['a/a', 'a', [2, 3]],
    ['b/b', 'a', [0, 1]],
    ['a/a', 'B', [2, 3]],
    ['c/c', undefined, undefined],
    ['a/a', 'ä', undefined],
  ];
  const report = await richReport({
    findings: places.map(([rule, path, range]) => ({
      rule,
      severity: 'error',
      message: 'Is so.',
      at: { ...(path && { path }), ...(range && { range }) },
      about: 'it',
      fingerprint: '0',
      status: 'reported',
    })),
    read: async () => 'text',
  });
  expect(report.findings.map(({ path, rule }) => `${path} ${rule}`)).toEqual([
    'null c/c',
    'B a/a',
    'B z/z',
    'a b/b',
    'a a/a',
    'ä a/a',
  ]);
});

test('the summary counts what is reported by severity, and what was let through apart', async () => {
  expect((await richReport()).summary).toEqual({
    error: 8,
    warning: 5,
    info: 2,
    allowed: 1,
    baselined: 1,
    files: 7,
    rules: 120,
    ms: 41,
  });
});

test('the verdict follows what was found and what could not be judged, and nothing else', async () => {
  const of = async (more: Partial<Reported>) => (await richReport(more)).verdict;
  const verdict = await of({});
  const changed = (change: Partial<Finding>) =>
    of({ findings: FINDINGS.map((finding, at) => (at === 0 ? { ...finding, ...change } : finding)) });
  expect(verdict).toMatch(/^[0-9a-f]{64}$/);
  expect(await of({ ms: 9, engine: '9.9.9', policy: 'other', asked: 1, rules: [] })).toBe(verdict);
  expect(await changed({ message: 'Is worded otherwise.' })).toBe(verdict);
  expect(await of({ notices: INPUT.notices.filter(({ needed }) => needed) })).toBe(verdict);
  const others = [
    await changed({ severity: 'warning' }),
    await changed({ status: 'allowed', reason: 'x' }),
    await changed({ fingerprint: 'x' }),
    await changed({ at: { path: MIGRATION, range: [0, 3] } }),
    await of({ notices: [] }),
    await of({ findings: [] }),
  ];
  expect(new Set([verdict, ...others]).size).toBe(7);
});

test('JSON has the keys of the contract', async () => {
  const shape = (value: unknown): unknown =>
    Array.isArray(value)
      ? value.map(shape)
      : value === null || typeof value !== 'object'
        ? typeof value
        : Object.fromEntries(Object.entries(value).map(([key, one]) => [key, shape(one)]));
  const at = { line: 'number', column: 'number', endLine: 'number', endColumn: 'number' };
  const report = jsonReport(await richReport());
  expect(Object.keys(report)).toEqual([
    'version',
    'engine',
    'policy',
    'verdict',
    'change',
    'findings',
    'notices',
    'summary',
  ]);
  expect(report.version).toBe(1);
  expect(Object.keys(report.change)).toEqual(['base', 'head', 'files', 'commits']);
  expect(Object.keys(report.summary)).toEqual([
    'error',
    'warning',
    'info',
    'allowed',
    'baselined',
    'files',
    'rules',
    'ms',
  ]);
  const keys = [
    'rule',
    'severity',
    'message',
    'about',
    'path',
    'line',
    'column',
    'endLine',
    'endColumn',
    'commit',
    'fingerprint',
    'status',
    'why',
    'instead',
    'fix',
  ];
  for (const finding of report.findings) {
    const { reason, ...rest } = finding;
    expect(Object.keys(rest)).toEqual(keys);
    expect(reason !== undefined).toBe(finding.status === 'allowed');
  }
  expect(shape(report.findings.find(({ fix }) => fix)!.fix)).toEqual({
    title: 'string',
    edits: [{ path: 'string', ...at, range: ['number', 'number'], text: 'string' }],
  });
  expect(report.notices.map((notice) => Object.keys(notice))).toEqual([
    ['kind', 'path', 'message'],
    ['kind', 'path', 'message'],
    ['kind', 'path', 'message', 'needed'],
  ]);
});

test('JSON keeps hostile text as it is, though its bytes are harmless', async () => {
  const report = await richReport();
  const read = JSON.parse(reporters['json']!(report));
  expect(read).toEqual(JSON.parse(JSON.stringify(jsonReport(report))));
  const lines = reporters['jsonl']!(report)
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(lines.map(({ type }) => type)).toEqual([
    ...read.findings.map(() => 'finding'),
    ...read.notices.map(() => 'notice'),
    'summary',
  ]);
  expect(lines[0]).toEqual({ type: 'finding', ...read.findings[0] });
});

test('a rule that failed is not explained by what it would have judged', async () => {
  const { findings } = await about('x', [0, 1], { rule: 'sql/drop-column', failure: true });
  expect(findings[0]!.why).toContain('A rule that fails');
});

test('a notice is said once', async () => {
  expect((await richReport()).notices.map(({ kind }) => kind)).toEqual(['degraded', 'not-judged', 'not-judged']);
});

test('line hashes are those that GitHub computes', () => {
  // Texts and hashes as in the tests of github/codeql-action.
  const known: [string, string[]][] = [
    ['', ['c129715d7a2bc9a3:1']],
    [' a\nb\n  \t\tc\n d', ['271789c17abda88f:1', '54703d4cd895b18:1', '180aee12dab6264:1', 'a23a3dc5e078b07b:1']],
    [
      ' hello; \t\nworld!!!\r\n\n\r  \t\tGreetings\r End\r\n',
      [
        'e9496ae3ebfced30:1',
        'fb7c023a8b9ccb3f:1',
        'ce8ba1a563dcdaca:1',
        'e20e36e16fcb0cc8:1',
        'b3edc88f2938467e:1',
        'c8e28b0b4002a3a0:1',
        'c129715d7a2bc9a3:1',
      ],
    ],
    [
      'Lorem ipsum dolor sit amet.\n'.repeat(10),
      ['1', '2', '3', '4', '5', '6']
        .map((count) => `a7f2ff13bc495cf2:${count}`)
        .concat([
          'a7f2ff1481e87703:1',
          'a9cf91f7bbf1862b:1',
          '55ec222b86bcae53:1',
          'cc97dc7b1d7d8f7b:1',
          'c129715d7a2bc9a3:1',
        ]),
    ],
  ];
  for (const [text, hashes] of known) {
    const all = new Set(hashes.map((_, at) => at + 1));
    expect([...lineHashes(text, new Set([...all, 99])).values()], JSON.stringify(text)).toEqual(hashes);
  }
});

test('a line hash tells nothing of a secret', async () => {
  const hash = async (secret: string) =>
    (await about(`key = "${secret}"`, [7, 7 + secret.length], { secret: true })).findings[0]!.lineHash;
  expect(await hash(sample(12, 1))).toBe(await hash(sample(12, 2)));
});

test('thousands of findings in a file of megabytes are placed without delay', async () => {
  const text = `var a="${'x'.repeat(50)}";`.repeat(50_000);
  const findings = Array.from({ length: 2000 }, (_, at): Finding => ({
    rule: 'a/b',
    severity: 'error',
    message: 'Is so.',
    at: { path: 'f', range: [at * 1000, at * 1000 + 5] },
    about: String(at),
    fingerprint: String(at),
    status: 'reported',
  }));
  const started = performance.now();
  const report = await makeReport({ ...INPUT, findings, read: async () => text });
  expect(report.findings.at(-1)!.column).toBe(1_999_001);
  expect(performance.now() - started).toBeLessThan(20_000);
});
