import { markdown as prose, markdownCode as code } from './escape.ts';
import type { Report, ReportedFinding, ReportedNotice } from './report.ts';
import {
  capital,
  counted,
  gravestFirst,
  groupedBy,
  isReported,
  listed,
  noticeSentence,
  SEVERITIES,
  spot,
  subject,
} from './sentences.ts';

// The report of an audit that is kept in the repository and written again and again: one section a family, what has come and
// gone, whose it is, how it went. Nothing in it changes while nothing of that changes: no clock, no commit, no duration.

/** What the last reports said, kept in a file beside the report. */
export interface DriftHistory {
  readonly version: 1;
  readonly now: DriftState;
  /** The last one that said something else. */
  readonly before: DriftState | null;
  /** One a day on which something changed, oldest first. */
  readonly trend: readonly DriftCounts[];
}

export interface DriftState {
  /** The day on which it was first so: "2026-01-31". */
  readonly on: string;
  /** Sorted, so that the file's bytes are stable. */
  readonly findings: readonly KeptFinding[];
}

export interface KeptFinding {
  readonly fingerprint: string;
  readonly count: number;
  readonly severity: ReportedFinding['severity'];
  readonly rule: string;
  readonly path: string | null;
  readonly message: string;
}

export interface DriftCounts {
  readonly on: string;
  readonly error: number;
  readonly warning: number;
  readonly info: number;
  readonly allowed: number;
  readonly notJudged: number;
}

export interface Drift {
  readonly text: string;
  readonly history: DriftHistory;
}

const MOST_IN_A_FAMILY = 200;
const MOST_NEW_OR_GONE = 100;
const DAYS_KEPT = 400;
const DAYS_SHOWN = 15;

/** `today`: "2026-01-31". Without a history everything is said as it is, and nothing is called new. */
export function drift(report: Report, today: string, last?: DriftHistory): Drift {
  const history = continued(report, today, last);
  const { now, before } = history;
  const families = groupedBy([...report.asked].sort(), familyOf);
  const counts = history.trend.at(-1)!;
  const sections = [
    `# Drift report`,
    [
      `**${verdictOf(report.findings, report.notices)}**: ${found(counts)}.`,
      `${counted(report.asked.length, 'rule')} in ${families.size} ${families.size === 1 ? 'family' : 'families'} judged the whole repository. So since ${now.on}.`,
    ].join(' '),
    overview(report, families),
    ...(before ? [changes('New', now, before, before.on), changes('Gone', before, now, before.on)] : []),
    byOwner(report),
    ...[...families].map(([family, rules]) => section(family, rules, report)),
    elsewhere(report.notices.filter(({ rule }) => rule === null)),
    trend(history.trend),
  ];
  return { text: `${sections.filter(Boolean).join('\n\n')}\n`, history };
}

/** What is as it was keeps its day. */
function continued(report: Report, today: string, last: DriftHistory | undefined): DriftHistory {
  const findings = kept(report);
  const counts = countsOf(report);
  const rows = last?.trend ?? [];
  const newest = rows.at(-1);
  const isNewest = newest !== undefined && sameJson({ ...newest, on: '' }, { on: '', ...counts });
  const trend = isNewest
    ? rows
    : [...rows.filter(({ on }) => on !== today), { on: today, ...counts }].slice(-DAYS_KEPT);
  if (last && sameJson(last.now.findings, findings)) return { ...last, trend };
  return { version: 1, now: { on: today, findings }, before: last?.now ?? null, trend };
}

const sameJson = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

function kept({ findings }: Report): readonly KeptFinding[] {
  const groups = groupedBy(findings.filter(isReported), ({ fingerprint }) => fingerprint);
  return [...groups.values()]
    .map(([first, ...more]) => {
      const { fingerprint, severity, rule, path, message } = first!;
      return { fingerprint, count: 1 + more.length, severity, rule, path, message };
    })
    .sort((a, b) => (a.fingerprint < b.fingerprint ? -1 : 1));
}

const countsOf = ({ summary, notices }: Report): Omit<DriftCounts, 'on'> => ({
  error: summary.error,
  warning: summary.warning,
  info: summary.info,
  allowed: summary.allowed + summary.baselined,
  notJudged: notices.filter(isUnjudged).length,
});

const isUnjudged = ({ kind }: ReportedNotice): boolean => kind === 'not-judged';
const familyOf = (rule: string): string => rule.slice(0, rule.indexOf('/'));

type Verdict = 'PASS' | 'FAIL' | 'NOT JUDGED';

/** An info is worth knowing and no failure. What could not be judged is no pass. */
const verdictOf = (findings: readonly ReportedFinding[], notices: readonly ReportedNotice[]): Verdict =>
  findings.some((finding) => isReported(finding) && finding.severity !== 'info')
    ? 'FAIL'
    : notices.some(isUnjudged)
      ? 'NOT JUDGED'
      : 'PASS';

const found = (counts: DriftCounts): string =>
  listed([
    ...SEVERITIES.flatMap((severity) => (counts[severity] > 0 ? [counted(counts[severity], severity)] : [])),
    ...(counts.allowed > 0 ? [`${counts.allowed} let through`] : []),
    ...(counts.notJudged > 0 ? [`${counted(counts.notJudged, 'thing')} not judged`] : []),
  ]) || 'nothing to report';

const ofRules = (rules: readonly string[], { findings, notices }: Report) => {
  const known = new Set(rules);
  return {
    findings: findings.filter(({ rule }) => known.has(rule)),
    notices: notices.filter(({ rule }) => rule !== null && known.has(rule)),
  };
};

function overview(report: Report, families: ReadonlyMap<string, readonly string[]>): string {
  const rows = [...families].map(([family, rules]) => {
    const { findings, notices } = ofRules(rules, report);
    const reported = findings.filter(isReported);
    const failing = new Set(reported.map(({ rule }) => rule)).size;
    const numbers = [
      ...SEVERITIES.map((severity) => reported.filter((finding) => finding.severity === severity).length),
      findings.length - reported.length,
      notices.filter(isUnjudged).length,
    ];
    return `| [${family}](#${family}) | ${verdictOf(findings, notices)} | ${rules.length - failing} of ${rules.length} | ${numbers.join(' | ')} |`;
  });
  return [
    '| Family | Verdict | Rules that pass | Errors | Warnings | Infos | Let through | Not judged |',
    '| --- | --- | --- | --- | --- | --- | --- | --- |',
    ...rows,
  ].join('\n');
}

/** What one state has more of than another. */
function changes(heading: string, state: DriftState, other: DriftState, since: string): string {
  const known = new Map(other.findings.map(({ fingerprint, count }) => [fingerprint, count]));
  const more = state.findings.flatMap((finding) => {
    const count = finding.count - (known.get(finding.fingerprint) ?? 0);
    return count > 0 ? [{ ...finding, count }] : [];
  });
  const lines = SEVERITIES.flatMap((severity) => more.filter((one) => one.severity === severity)).map(
    ({ severity, rule, path, message, count }) =>
      `- ${severity}: ${prose(message)} ${path === null ? '' : `${code(path)} `}(${code(rule)}${count > 1 ? `, ${count} times` : ''})`,
  );
  return [`## ${heading} since ${since}`, lines.length > 0 ? cut(lines, MOST_NEW_OR_GONE) : 'Nothing.'].join('\n\n');
}

function byOwner({ findings }: Report): string {
  const reported = findings.filter(isReported);
  if (reported.length === 0 || reported.every(({ owner }) => owner === null)) return '';
  const groups = groupedBy(reported, ({ owner }) => owner ?? '');
  const rows = [...groups.keys()].sort().map((owner) => {
    const own = groups.get(owner)!;
    const numbers = SEVERITIES.map((severity) => own.filter((finding) => finding.severity === severity).length);
    return `| ${owner === '' ? 'nobody' : prose(owner)} | ${numbers.join(' | ')} |`;
  });
  return [
    '## By owner',
    ['| Owner | Errors | Warnings | Infos |', '| --- | --- | --- | --- |', ...rows].join('\n'),
  ].join('\n\n');
}

function section(family: string, rules: readonly string[], report: Report): string {
  const { findings, notices } = ofRules(rules, report);
  const reported = gravestFirst(findings.filter(isReported));
  const aside = findings.filter((finding) => !isReported(finding));
  const byRule = [...groupedBy(reported, ({ rule }) => rule)].flatMap(([rule, group]) => [
    `- ${code(rule)}: ${prose(group[0]!.title)}`,
    ...group.map((finding) => `  - ${finding.severity}: ${placed(finding)}`),
  ]);
  return [
    `## ${family}`,
    `**${verdictOf(findings, notices)}**${reported.length === 0 ? `: ${counted(rules.length, 'rule')}, nothing to report.` : '.'}`,
    cut(byRule, MOST_IN_A_FAMILY),
    cut(
      aside.map(
        (finding) =>
          `- let through: ${placed(finding)} ${finding.reason === null ? 'In the baseline.' : prose(finding.reason)}`,
      ),
      MOST_IN_A_FAMILY,
    ),
    cut(
      notices.map(
        (notice) =>
          `- ${notice.kind === 'not-judged' ? 'not judged' : 'judged less closely'}: ${prose(noticeSentence(notice))}`,
      ),
      MOST_IN_A_FAMILY,
    ),
  ]
    .filter(Boolean)
    .join('\n\n');
}

const placed = (finding: ReportedFinding): string =>
  `${code(finding.line === null ? subject(finding) : spot(finding))} ${prose(finding.message)}`;

function elsewhere(notices: readonly ReportedNotice[]): string {
  const unjudged = notices.filter(isUnjudged);
  if (unjudged.length === 0) return '';
  return [
    '## Not judged by anybody',
    cut(
      unjudged.map((notice) => `- ${prose(capital(noticeSentence(notice)))}`),
      MOST_IN_A_FAMILY,
    ),
  ].join('\n\n');
}

function trend(rows: readonly DriftCounts[]): string {
  const shown = rows.slice(-DAYS_SHOWN);
  return [
    '## Trend',
    [
      '| From | Errors | Warnings | Infos | Let through | Not judged |',
      '| --- | --- | --- | --- | --- | --- |',
      ...shown.map(
        ({ on, error, warning, info, allowed, notJudged }) =>
          `| ${on} | ${[error, warning, info, allowed, notJudged].join(' | ')} |`,
      ),
    ].join('\n'),
  ].join('\n\n');
}

const cut = (lines: readonly string[], most: number): string =>
  [
    ...lines.slice(0, most),
    ...(lines.length > most ? [`- … and ${lines.length - most} more: \`--format json\` holds all`] : []),
  ].join('\n');
