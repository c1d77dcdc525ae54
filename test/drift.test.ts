import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Finding } from '../src/core/finding.ts';
import type { Notice } from '../src/core/notice.ts';
import { drift, type DriftHistory } from '../src/report/drift.ts';
import { makeReport, type Report } from '../src/report/report.ts';
import { makeRepository } from './git.ts';

const finding = (rule: string, path: string, more: Partial<Finding> = {}): Finding => ({
  rule,
  severity: 'error',
  message: `${path} is wrong.`,
  at: { path },
  about: path,
  fingerprint: `${rule} ${path}`,
  status: 'reported',
  ...more,
});

const report = (findings: readonly Finding[], notices: readonly Notice[] = []): Promise<Report> =>
  makeReport({
    findings,
    notices,
    change: { base: 'empty tree', head: 'work tree', files: 9, commits: 0 },
    policy: 'p',
    engine: '0',
    rules: [],
    asked: 4,
    askedIds: ['docs/a', 'docs/b', 'sql/c', 'config/d'],
    ownerOf: (path) => (path.startsWith('db/') ? 'data' : undefined),
    ms: 1,
    read: async () => 'text\n',
  });

const kept = (history: DriftHistory): DriftHistory => JSON.parse(JSON.stringify(history)) as DriftHistory;

describe('a report of drift', () => {
  const first = [finding('docs/a', 'x.md'), finding('sql/c', 'db/1.sql', { severity: 'warning' })];

  test('has a verdict for each family, and says what could not be judged', async () => {
    const unread: Notice = { notice: 'not-judged', message: 'a.json was not looked into.', rule: 'config/d' };
    const everybody: Notice = { notice: 'not-judged', message: 'b.bin was not read.' };
    const allowed = finding('docs/b', 'y.md', { status: 'allowed', reason: 'for now' });
    const { text } = drift(await report([...first, allowed], [unread, everybody]), '2026-01-31');
    expect(text).toContain('**FAIL**: 1 error, 1 warning, 1 let through and 2 things not judged.');
    expect(text).toContain('| [config](#config) | NOT JUDGED | 1 of 1 | 0 | 0 | 0 | 0 | 1 |');
    expect(text).toContain('| [docs](#docs) | FAIL | 1 of 2 | 1 | 0 | 0 | 1 | 0 |');
    expect(text).toContain('| data | 0 | 1 | 0 |\n');
    expect(text).toContain('| nobody | 1 | 0 | 0 |');
    expect(text).toContain('- let through: `y.md` y.md is wrong. for now');
    expect(text).toContain('## Not judged by anybody\n\n- B.bin was not read.');
    expect(text).not.toContain('New since');
  });

  test('says what is new and what is gone, and the same bytes for as long as nothing changes', async () => {
    const one = drift(await report(first), '2026-01-31');
    const still = drift(await report(first), '2026-02-05', kept(one.history));
    expect(still.text).toBe(one.text);
    expect(still.history).toEqual(one.history);

    const next = [first[0]!, finding('docs/b', 'z.md', { severity: 'info' })];
    const two = drift(await report(next), '2026-02-07', kept(still.history));
    expect(two.text).toContain('## New since 2026-01-31\n\n- info: z.md is wrong. `z.md` (`docs/b`)');
    expect(two.text).toContain('## Gone since 2026-01-31\n\n- warning: db/1.sql is wrong. `db/1.sql` (`sql/c`)');
    expect(two.text).toContain('| 2026-01-31 | 1 | 1 | 0 | 0 | 0 |\n| 2026-02-07 | 1 | 0 | 1 | 0 | 0 |');
    const later = drift(await report(next), '2026-03-01', kept(two.history));
    expect(later.text).toBe(two.text);

    const clean = drift(await report([]), '2026-03-02', kept(later.history));
    expect(clean.text).toContain('**PASS**: nothing to report.');
    expect(clean.text).toContain('## New since 2026-02-07\n\nNothing.');
  });

  test('the same finding a second time is one more', async () => {
    const one = drift(await report([first[0]!]), '2026-01-31');
    const two = drift(
      await report([first[0]!, { ...first[0]!, at: { path: 'x.md', range: [0, 1] } }]),
      '2026-02-01',
      one.history,
    );
    expect(two.text).toContain('(`docs/a`)');
    expect(two.text).toContain('Gone since 2026-01-31\n\nNothing.');
  });

  test('names from outside make no Markdown', async () => {
    const { text } = drift(
      await report([finding('docs/a', '`x` <b>@all</b>\n# y', { message: '[a](b) | c' })]),
      '2026-01-31',
    );
    expect(text).toContain('\\[a\\](b) \\| c');
    expect(text).not.toContain('\n# y');
  });
});

test('audit --format markdown=FILE writes it, with its history beside it', () => {
  const repository = makeRepository();
  const policy = {
    identities: { docs: { owns: ['docs/**'] } },
    rules: { 'content/forbidden-text': ['error', { texts: [{ pattern: 'TODO', message: 'Do it.' }] }] },
  };
  repository.commit('start', { 'repolicy.json': JSON.stringify(policy), 'docs/a.md': 'TODO\n' });
  const audit = () =>
    spawnSync(
      process.execPath,
      [join(process.cwd(), 'dist/bin.cjs'), 'audit', '--rev', 'HEAD', '--format', 'markdown=reports/gaps.md'],
      {
        cwd: repository.dir,
        encoding: 'utf8',
      },
    );
  expect(audit()).toMatchObject({ status: 1, stdout: '', stderr: '' });
  const read = (name: string) => readFileSync(join(repository.dir, 'reports', name), 'utf8');
  const [text, history] = [read('gaps.md'), read('gaps.history.json')];
  expect(text).toContain('## content\n\n**FAIL**.');
  expect(text).toContain('| docs | 1 | 0 | 0 |');
  repository.commit('more', { 'b.txt': 'b' });
  audit();
  expect([read('gaps.md'), read('gaps.history.json')]).toEqual([text, history]);
  writeFileSync(join(repository.dir, 'reports/gaps.history.json'), '{}');
  expect(audit()).toMatchObject({ status: 2, stderr: expect.stringContaining('is no history of reports') as string });
});
