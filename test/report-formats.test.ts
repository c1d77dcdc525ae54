import { fromMarkdown } from 'mdast-util-from-markdown';
import { expect, test } from 'vitest';
import type { Finding, Severity } from '../src/core/finding.ts';
import { opensComment } from '../src/core/comments.ts';
import { allowComment } from '../src/report/allowing.ts';
import {
  markdown,
  markdownCode,
  markdownFence,
  uri,
  visible,
  workflowData,
  workflowProperty,
  xml,
} from '../src/report/escape.ts';
import { reporters } from '../src/report/index.ts';
import { columns, PLAIN, wrap } from '../src/report/look.ts';
import type { Report, Reported } from '../src/report/report.ts';
import { cleanReport, FINDINGS, INPUT, MIGRATION, richReport, RULES } from './report-fixture.ts';

const print = async (format: string, more?: Partial<Reported>) => reporters[format]!(await richReport(more));
const many = (count: number, severity: (at: number) => Severity = () => 'error'): Finding[] =>
  Array.from({ length: count }, (_, at) => ({
    rule: 'sql/drop-column',
    severity: severity(at),
    message: `Drops column users.c${at}.`,
    at: { path: MIGRATION, range: [27, 60] },
    about: `users.c${at}`,
    fingerprint: `f${at}`,
    status: 'reported',
  }));
const painted = {
  ...PLAIN,
  red: (text: string) => `<red>${text}</red>`,
  yellow: (text: string) => `<yellow>${text}</yellow>`,
  green: (text: string) => `<green>${text}</green>`,
};

test.each(['text', 'compact', 'github', 'markdown', 'html'])('%s reads well', async (format) => {
  expect(await print(format)).toMatchSnapshot();
});

test('text keeps to 80 columns wherever words can be broken', async () => {
  const shown = reporters['text']!(
    await richReport({ findings: FINDINGS.filter(({ status }) => status === 'reported') }),
  );
  for (const line of shown.split('\n')) expect(columns(line), line).toBeLessThanOrEqual(80);
});

test('text points at what it means, under wide, combining and tab characters', async () => {
  const shown = await print('text');
  const [row, carets] = shown
    .split('\n')
    .filter((line, at, all) => line.includes('pg_sleep(10)') || all[at - 1]?.includes('pg_sleep(10)'));
  expect(columns(carets!.slice(0, carets!.indexOf('^')))).toBe(columns(row!.slice(0, row!.indexOf('pg_sleep'))));
});

test('text says what was judged when nothing is wrong, and never that all is well when nothing was judged', async () => {
  const said = async (more: Partial<Reported> = {}) =>
    reporters['text']!(await cleanReport(more)).replace(/^Verdict [0-9a-f]{12}\.\n/m, '');
  const nothing = { base: 'HEAD', head: 'index', files: 0, commits: 0 };
  expect(await said()).toBe('3 files, 41 rules: nothing to report.\n');
  expect(await said({ change: { ...nothing, files: 1, commits: 2 }, asked: 1 })).toBe(
    '1 file, 2 commits, 1 rule: nothing to report.\n',
  );
  expect(await said({ change: nothing, also: ['the commit message'] })).toBe(
    'The commit message, 41 rules: nothing to report.\n',
  );
  expect(await said({ change: nothing })).toBe('Nothing was judged: there is no change to look at.\n');
  expect(await said({ asked: 0 })).toBe('Nothing was judged: no rule is on.\n');
  expect(await said({ notices: [{ notice: 'not-judged', message: 'The blob is missing.', needed: true }] })).toBe(
    'Not judged, and needed for a verdict\n  The blob is missing.\n\n3 files, 41 rules: no verdict. 1 thing that a verdict needs could not be judged.\n',
  );
  expect(await said({ notices: [{ notice: 'not-judged', message: 'It is in LFS.' }] })).toContain(
    'nothing to report.\n1 thing could not be judged.\n',
  );
});

test('the digest of the verdict is the same wherever it is printed, and none is printed without a verdict', async () => {
  const notices: Reported['notices'] = [];
  const { verdict } = await richReport({ notices });
  for (const format of ['text', 'github', 'github-summary', 'markdown']) {
    expect(await print(format, { notices }), format).toContain(`Verdict ${verdict.slice(0, 12)}.`);
    expect(await print(format, { notices: [{ notice: 'not-judged', message: 'Gone.', needed: true }] })).not.toContain(
      'Verdict',
    );
  }
  // What else was judged, how long it took, and in which order it was found say nothing about the verdict.
  const other = { notices, findings: FINDINGS.toReversed(), asked: 7, ms: 9, change: { ...INPUT.change, files: 70 } };
  expect((await richReport(other)).verdict).toBe(verdict);
  expect((await richReport({ notices, findings: FINDINGS.slice(1) })).verdict).not.toBe(verdict);
});

test('text tells why and instead once a rule; verbose tells them at every finding, and more', async () => {
  const report = await richReport();
  const count = (text: string, part: string) => text.split(part).length - 1;
  const [short, long] = [reporters['text']!(report), reporters['text']!(report, { verbose: true })];
  expect(count(short, 'Until the last old process')).toBe(1);
  expect(count(long, 'Until the last old process')).toBe(2);
  expect(long).toContain(report.findings[0]!.fingerprint);
  expect(long).toContain('docs/old.md  docs/unlisted-file  in the baseline');
});

test('text shows how a finding may stand once, in the syntax of its file', async () => {
  const shown = await print('text');
  expect(shown.match(/repolicy-allow/g)).toHaveLength(1);
  expect(shown).toContain('\n  -- repolicy-allow sql/drop-column: <the reason>\n');
  const change = await print('text', { findings: FINDINGS.filter(({ rule }) => rule === 'change/too-large') });
  expect(change).toContain('\n  "allow": [{ "rules": ["change/too-large"], "reason": "<the reason>" }]\n');
});

test('the allow that is shown is one that the engine reads', () => {
  for (const name of [
    'a.sql',
    'a.ts',
    'a.py',
    'Dockerfile',
    '.env.local',
    'a.md',
    'a.css',
    'a.html',
    'a.vue',
    'a.ini',
    'a.tf',
    'a.yaml',
    'a.php',
  ]) {
    const comment = allowComment(name, 'sql/x', 'why')!;
    expect(opensComment(name, comment.slice(0, comment.indexOf('repolicy'))), name).toBe(true);
  }
  expect(allowComment('a.json', 'sql/x', 'why')).toBeUndefined();
  expect(allowComment('LICENSE', 'sql/x', 'why')).toBeUndefined();
});

test('quiet text leaves out all but findings, what a verdict waits for, and the outcome', async () => {
  const shown = reporters['text']!(await richReport(), { quiet: true });
  expect(shown).toContain('Not judged, and needed for a verdict');
  expect(shown).not.toMatch(/repolicy-allow|repolicy explain|\nAllowed\n|film\.mov/);
});

test('text lists ten notices of a kind, and says how many more there are', async () => {
  const notices = Array.from({ length: 25 }, (_, at) => ({
    notice: 'not-judged' as const,
    message: `File ${at} is in LFS.`,
  }));
  const report = await cleanReport({ notices });
  expect(reporters['text']!(report)).toContain('… and 15 more (--verbose lists them all)');
  expect(reporters['text']!(report, { verbose: true }).match(/is in LFS/g)).toHaveLength(25);
});

test('colours come from the paint that is handed in, and mark the outcome', async () => {
  const shown = reporters['text']!(await richReport(), { paint: painted });
  expect(shown).toContain('<red>error</red>');
  expect(shown).toContain('<red>drop column email</red>');
  expect(shown).toContain('<red>7 files, 2 commits, 120 rules: 8 errors, 5 warnings and 2 infos.</red>');
  expect(reporters['text']!(await cleanReport(), { paint: painted, quiet: true })).toBe(
    '<green>3 files, 41 rules: nothing to report.</green>\n',
  );
});

test('words are broken at blanks, and a long one stands alone', () => {
  expect(wrap('a bb ccc', 4)).toEqual(['a bb', 'ccc']);
  expect(wrap('a bbbbbb c', 4)).toEqual(['a', 'bbbbbb', 'c']);
  expect(wrap('', 4)).toEqual(['']);
  expect(wrap('日本 語', 4)).toEqual(['日本', '語']);
  expect(columns('e\u0301👩‍👩‍👧🇩🇪\u200d')).toBe(1 + 2 + 2);
});

test('what a screen obeys or hides is written out', () => {
  const cases: [string, string][] = [
    ['a\nb\r\tc', 'a\\nb\\r\\tc'],
    ['\u001b[31m', '\\x1b[31m'],
    ['\u009b2J', '\\x9b2J'],
    ['\u202eab\u2066', '\\u202eab\\u2066'],
    ['\u{e0041}', '\\u{e0041}'],
    ['\ud83d', '\\ud83d'],
    ['\ufeff', '\\ufeff'],
    ['## [x] ##[y]', '## [x] #\\#[y]'],
    ['##vso[task]', '#\\#vso[task]'],
    ['naïve 日本 👩‍👧 e\u0301 \ufffd', 'naïve 日本 👩‍👧 e\u0301 \ufffd'],
  ];
  for (const [text, expected] of cases) expect(visible(text)).toBe(expected);
});

test('workflow commands cannot be ended or begun by what stands in them', () => {
  expect(workflowData('100%0A\n::error::')).toBe('100%250A\\n::error::');
  expect(workflowProperty('a,b:c%\r\n\u001bd')).toBe('a%2Cb%3Ac%25%0D%0A\\x1bd');
});

test('XML holds nothing that XML cannot', () => {
  expect(xml('<a b="c">\'&\n\u0000\ufffe\ud800')).toBe('&lt;a b=&quot;c&quot;&gt;&#39;&amp;&#10;\\x00\\ufffe\\ud800');
});

test('a path becomes a relative URI, whatever it holds', () => {
  expect(uri('a b/ü#?%:\ud800.sql')).toBe('a%20b/%C3%BC%23%3F%25%3A%EF%BF%BD.sql');
});

type Node = {
  readonly type: string;
  readonly value?: string;
  readonly url?: string;
  readonly children?: readonly Node[];
};
const nodes = (tree: Node): Node[] => [tree, ...(tree.children ?? []).flatMap(nodes)];

test.each([
  '**a** _b_ `c` ~~d~~ | e',
  '[x](https://evil.example) ![y](z) <b> &lt;',
  '# heading',
  '- item',
  '1. item',
  '> quote',
  '=====',
  '```\nx',
  '<!-- x -->',
  'a\\',
  '&#60;b&#62;',
])('%s stays text in Markdown', (text) => {
  const types = new Set(nodes(fromMarkdown(markdown(text)) as Node).map(({ type }) => type));
  types.delete('html');
  expect([...types].sort()).toEqual(['paragraph', 'root', 'text']);
  const html = nodes(fromMarkdown(markdown(text)) as Node).filter(({ type }) => type === 'html');
  expect(html.every(({ value }) => value === '<!-- -->')).toBe(true);
});

test('Markdown mentions nobody, closes nothing, and links nowhere', () => {
  expect(markdown('@team #12 GH-3 https://x.y www.x.y a@b.c')).toBe(
    '@<!-- -->team #<!-- -->12 GH-<!-- -->3 https:<!-- -->//x.y www<!-- -->.x.y a@<!-- -->b.c',
  );
});

test('code in Markdown survives backticks, pipes and blanks', () => {
  for (const text of ['a', '`', '``x`', ' a ', '']) {
    const [node] = nodes(fromMarkdown(`x ${markdownCode(text)} y`) as Node).filter(({ type }) => type === 'inlineCode');
    expect(node!.value).toBe(text.trim() === '' ? '""' : text);
  }
  expect(markdownCode('a|b', 'table')).toBe('`a\\|b`');
  const fenced = fromMarkdown(markdownFence('```\n::error::x\n~~~'));
  expect(fenced.children).toMatchObject([{ type: 'code', value: '```\n\\::error::x\n~~~' }]);
});

test('the Markdown report links to rules and to nothing else', async () => {
  const tree = nodes(fromMarkdown(await print('markdown')) as Node);
  expect(new Set(tree.flatMap(({ url }) => url ?? []))).toEqual(
    new Set(['https://example.com/rules/sql#sqldrop-column']),
  );
  expect(new Set(tree.filter(({ type }) => type === 'html').map(({ value }) => value))).toEqual(new Set(['<!-- -->']));
});

test.each([
  ['markdown', 60_000],
  ['github-summary', 900 * 1024],
] as const)('%s keeps to its bytes, and says what is left out', async (format, bytes) => {
  const shown = await print(format, { findings: many(20_000) });
  expect(Buffer.byteLength(shown)).toBeLessThan(bytes);
  expect(Buffer.byteLength(shown)).toBeGreaterThan(bytes / 2);
  const rows = shown.match(/^\| error/gm)!.length;
  expect(shown).toContain(`${(20_000 - rows).toLocaleString('en-US')} findings found no room in this table`);
  expect(shown).toMatch(/[\d,]+ findings found no room with their details/);
  expect(shown).toContain('### Not judged');
});

test('GitHub gets nine annotations at most, errors first, and then the outcome', async () => {
  const findings = many(30, (at) => (['info', 'warning', 'error'] as const)[at % 3]!);
  const printed = async (findings: Finding[]) =>
    (await print('github', { findings, notices: [] }))
      .replace(/ Verdict [0-9a-f]{12}\./, '')
      .trimEnd()
      .split('\n');
  const lines = await printed(findings);
  expect(lines).toHaveLength(10);
  expect(lines.slice(0, 9).every((line) => line.startsWith('::error file='))).toBe(true);
  expect(lines[9]).toBe(
    '::notice title=repolicy::7 files, 2 commits, 120 rules: 10 errors, 10 warnings and 10 infos. 21 more than GitHub shows here: the job summary has them all.',
  );
  expect(await printed(many(1))).toEqual([
    `::error file=${MIGRATION},line=2,col=3,endColumn=36,endLine=2,title=sql/drop-column::Drops column users.c0.%0A${RULES[0]!.why}%0A${RULES[0]!.instead}`,
    'repolicy: 7 files, 2 commits, 120 rules: 1 error.',
  ]);
});

test('GitHub is told what a verdict waits for', async () => {
  expect(await print('github', { findings: [] })).toContain(
    '::error file=src/gone%0A%3A%3Awarning%3A%3Ax.ts,title=Not judged%2C and needed for a verdict::',
  );
});

interface Sarif {
  readonly runs: readonly {
    readonly tool: {
      readonly driver: { readonly rules: readonly { readonly id: string; readonly helpUri?: string }[] };
    };
    readonly invocations: readonly {
      readonly executionSuccessful: boolean;
      readonly toolExecutionNotifications: readonly { readonly message: { readonly text: string } }[];
    }[];
    readonly results: readonly {
      readonly ruleId: string;
      readonly ruleIndex: number;
      readonly level: string;
      readonly message: { readonly text: string };
      readonly locations: readonly {
        readonly physicalLocation: {
          readonly artifactLocation: { readonly uri: string };
          readonly region: Readonly<Record<string, number>>;
        };
        readonly logicalLocations?: unknown;
      }[];
      readonly partialFingerprints: Readonly<Record<string, string>>;
      readonly suppressions?: unknown;
      readonly fixes?: unknown;
      readonly relatedLocations?: unknown;
    }[];
  }[];
}
const sarif = async (more?: Partial<Reported>) => (JSON.parse(await print('sarif', more)) as Sarif).runs[0]!;

test('SARIF lists every rule, found or not', async () => {
  const { tool } = await sarif({ findings: [] });
  expect(tool.driver.rules.map(({ id }) => id)).toEqual(RULES.map(({ id }) => id).sort());
  expect(tool.driver.rules.find(({ id }) => id === 'sql/drop-column')!.helpUri).toBe(RULES[0]!.url);
});

test('SARIF gives each result a file, a line, its rule and two fingerprints, or GitHub refuses them all', async () => {
  const { results, tool } = await sarif();
  expect(results).toHaveLength(FINDINGS.length);
  for (const { ruleId, ruleIndex, locations, partialFingerprints } of results) {
    expect(tool.driver.rules[ruleIndex]!.id).toBe(ruleId);
    expect(locations).toHaveLength(1);
    const { artifactLocation, region } = locations[0]!.physicalLocation;
    expect(artifactLocation.uri).toMatch(/^(?!\/)[\w.~!*'()%/-]+$/);
    expect(region['startLine']).toBeGreaterThan(0);
    expect(Object.keys(partialFingerprints)).toEqual(['primaryLocationLineHash', 'repolicy/v1']);
    expect(partialFingerprints['primaryLocationLineHash']).toMatch(/^[0-9a-f]+:\d+$/);
  }
});

test('SARIF puts what is about a commit or the change on the policy file, and says so', async () => {
  const { results } = await sarif({ policyFile: 'tools/repolicy.json' });
  const commit = results.find(({ ruleId }) => ruleId === 'change/message-style')!;
  expect(commit.locations[0]!.physicalLocation).toEqual({
    artifactLocation: { uri: 'tools/repolicy.json' },
    region: { startLine: 1 },
  });
  expect(commit.locations[0]!.logicalLocations).toEqual([{ name: 'commit 3f2a91c0b1', kind: 'commit' }]);
  expect(commit.message.text).toMatch(/^Commit 3f2a91c0b1: /);
});

test('SARIF suppresses what was let through, and offers fixes', async () => {
  const { results } = await sarif();
  expect(results.flatMap(({ suppressions }) => suppressions ?? [])).toEqual([
    { kind: 'external', status: 'accepted', justification: 'Accepted in the baseline.' },
    { kind: 'inSource', status: 'accepted', justification: 'last reader removed in #412 | @team <b>' },
  ]);
  expect(results.flatMap(({ fixes }) => fixes ?? [])).toEqual([
    {
      description: { text: 'Enable row security' },
      artifactChanges: [
        {
          artifactLocation: { uri: MIGRATION },
          replacements: [
            {
              deletedRegion: { startLine: 8, startColumn: 3, endLine: 8, endColumn: 3 },
              insertedContent: { text: '\nalter table notes enable row level security;' },
            },
          ],
        },
      ],
    },
  ]);
  expect(results.flatMap(({ relatedLocations }) => relatedLocations ?? [])).toMatchObject([
    { id: 0, physicalLocation: { region: { startLine: 7, startColumn: 17 } } },
  ]);
});

test('SARIF keeps the gravest 5,000, and says how many are left out', async () => {
  const { results, invocations } = await sarif({
    findings: many(6000, (at) => (at < 2000 ? 'info' : 'error')),
    notices: [],
  });
  expect(results).toHaveLength(5000);
  expect(results.filter(({ level }) => level === 'error')).toHaveLength(4000);
  expect(invocations[0]!.toolExecutionNotifications[0]!.message.text).toBe(
    '1,000 findings left out: a run shows 5,000 results at most, the gravest first.',
  );
  expect(invocations[0]!.executionSuccessful).toBe(true);
});

test('SARIF says that a run without a verdict did not succeed', async () => {
  expect((await sarif()).invocations[0]!.executionSuccessful).toBe(false);
});

test('GitLab gets a fingerprint of its own for each finding, and a file and a line', async () => {
  const issues = JSON.parse(await print('gitlab')) as {
    readonly fingerprint: string;
    readonly location: { readonly path: string; readonly lines: { readonly begin: number } };
  }[];
  expect(issues).toHaveLength(15);
  expect(new Set(issues.map(({ fingerprint }) => fingerprint)).size).toBe(15);
  expect(issues.every(({ location }) => location.path !== '' && location.lines.begin > 0)).toBe(true);
  const alone = JSON.parse(await print('gitlab', { findings: [FINDINGS[0]!] })) as { readonly fingerprint: string }[];
  expect(issues.map(({ fingerprint }) => fingerprint)).toContain(alone[0]!.fingerprint);
  expect(await reporters['gitlab']!(await cleanReport())).toBe('[]\n');
});

/** Every element of a well-formed document, by name; anything else throws. */
function elements(
  document: string,
): { readonly name: string; readonly attributes: Readonly<Record<string, string>> }[] {
  const found: { name: string; attributes: Record<string, string> }[] = [];
  const open: string[] = [];
  const body = document.replace(/^<\?xml version="1\.0" encoding="UTF-8"\?>\n/, '');
  expect(body).not.toBe(document);
  const rest = body.replace(
    /<(\/?)([a-z-]+)((?: [a-z]+="[^"<]*")*)(\/?)>/g,
    (_, close, name, attributes: string, empty) => {
      if (close) expect(open.pop()).toBe(name);
      else {
        found.push({
          name,
          attributes: Object.fromEntries(
            Array.from(attributes.matchAll(/ ([a-z]+)="([^"]*)"/g), ([, key, value]) => [key, value]),
          ),
        });
        if (!empty) open.push(name);
      }
      return attributes;
    },
  );
  expect(open).toEqual([]);
  expect(rest.replace(/&(?:amp|lt|gt|quot|#\d+);/g, '')).not.toMatch(/[<&]/);
  return found;
}

test('JUnit is well-formed, counts right, and fails on errors alone', async () => {
  const all = elements(await print('junit'));
  const count = (wanted: string) => all.filter(({ name }) => name === wanted).length;
  expect(all[0]).toEqual({
    name: 'testsuites',
    attributes: { name: 'repolicy', tests: '20', failures: '8', errors: '1', skipped: '4' },
  });
  expect([count('testcase'), count('failure'), count('error'), count('skipped')]).toEqual([20, 8, 1, 4]);
});

test('JUnit shows that a run without findings ran', async () => {
  const all = elements(reporters['junit']!(await cleanReport()));
  expect(all.find(({ name }) => name === 'testcase')!.attributes).toEqual({
    classname: 'repolicy',
    name: '3 files, 41 rules: nothing to report.',
  });
});

test('Checkstyle is well-formed and has every reported finding', async () => {
  const all = elements(await print('checkstyle'));
  expect(all.filter(({ name }) => name === 'error')).toHaveLength(15);
  expect(all.find(({ attributes }) => attributes['source'] === 'repolicy.sql/slow-call')!.attributes).toMatchObject({
    line: '9',
    column: '39',
    severity: 'info',
  });
  expect(all.filter(({ name }) => name === 'file').map(({ attributes }) => attributes['name'])).toContain('-');
});

test('reviewdog counts columns in bytes, and gets suggestions', async () => {
  const { diagnostics } = JSON.parse(await print('rdjson')) as {
    readonly diagnostics: { readonly code: { readonly value: string } }[];
  };
  expect(diagnostics).toHaveLength(15);
  const of = (rule: string) => diagnostics.find(({ code }) => code.value === rule);
  expect(of('sql/slow-call')).toMatchObject({
    severity: 'INFO',
    location: { path: MIGRATION, range: { start: { line: 9, column: 57 }, end: { line: 9, column: 69 } } },
  });
  expect(of('sql/missing-row-security')).toMatchObject({
    suggestions: [
      {
        range: { start: { line: 8, column: 3 }, end: { line: 8, column: 3 } },
        text: '\nalter table notes enable row level security;',
      },
    ],
  });
  expect(of('change/too-large')).toMatchObject({ location: { path: '' } });
});

test('HTML stands alone: no script, no handler, nothing from elsewhere, no tag that is not its own', async () => {
  const shown = await print('html');
  const tags = new Set(Array.from(shown.matchAll(/<([a-z][a-z0-9]*)/g), ([, name]) => name));
  expect(tags).toEqual(
    new Set(
      'html head meta title style body header h1 p dl dt dd code input label main section h2 article span a pre mark h3 ul li'.split(
        ' ',
      ),
    ),
  );
  expect(shown).not.toMatch(/<[^>]* (?:on\w+|src)=/);
  expect(new Set(Array.from(shown.matchAll(/href="([^"#]+)/g), ([, url]) => url))).toEqual(
    new Set(['https://example.com/rules/sql']),
  );
  const ids = Array.from(shown.matchAll(/ id="([^"]*)"/g), ([, id]) => id);
  expect(new Set(ids).size).toBe(ids.length);
  for (const [, target] of shown.matchAll(/href="#([^"]*)"/g)) expect(ids).toContain(target);
});

test('HTML takes no link but to the web', async () => {
  const rules = [{ ...RULES[0]!, url: 'javascript:alert(1)' }];
  expect(await print('html', { rules })).not.toContain('javascript:');
});

test('names of formats are safe to look up', () => {
  expect(Object.hasOwn(reporters, 'constructor')).toBe(false);
  expect(Object.keys(reporters)).toEqual(
    'text compact json jsonl sarif github github-summary gitlab junit checkstyle rdjson markdown html'.split(' '),
  );
});

test('a finding by a rule that the catalogue does not have is told all the same', async () => {
  const report: Report = await richReport({ rules: [] });
  for (const reporter of Object.values(reporters)) expect(reporter(report)).toContain('sql/drop-column');
  expect(INPUT.rules.length).toBeGreaterThan(0);
});
