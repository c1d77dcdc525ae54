import type { Severity } from '../core/finding.ts';
import type { Place, Report, ReportedFinding, ReportedNotice } from './report.ts';

/** The sentences that several formats share. None of them holds text from outside unescaped. */

export const SEVERITIES: readonly Severity[] = ['error', 'warning', 'info'];

const IRREGULAR: ReadonlyMap<string, string> = new Map([['info', 'infos']]);

/** "1 error", "2 errors". */
export const counted = (count: number, noun: string): string =>
  `${count.toLocaleString('en-US')} ${count === 1 ? noun : (IRREGULAR.get(noun) ?? `${noun}s`)}`;

/** "a", "a and b", "a, b and c". */
export const listed = (parts: readonly string[]): string =>
  parts.length < 2 ? (parts[0] ?? '') : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}`;

export const isReported = ({ status }: ReportedFinding): boolean => status === 'reported';

/** "2 errors and 1 warning"; empty where nothing is reported. */
export const severities = ({ summary }: Report): string =>
  listed(
    SEVERITIES.filter((severity) => summary[severity] > 0).map((severity) => counted(summary[severity], severity)),
  );

/** "3 files, 1 commit, 41 rules". */
export const judged = ({ summary, change, also }: Report): string =>
  [
    ...(summary.files > 0 || also.length === 0 ? [counted(summary.files, 'file')] : []),
    ...(change.commits > 0 ? [counted(change.commits, 'commit')] : []),
    ...also,
    counted(summary.rules, 'rule'),
  ].join(', ');

const isNothing = ({ summary, change, also }: Report): boolean =>
  summary.files === 0 && change.commits === 0 && also.length === 0;

/** The outcome in a sentence or three. It never calls a change fine that nobody looked at. */
export function outcome(report: Report): string[] {
  const { summary, notices } = report;
  const found = severities(report);
  const needed = notices.filter((notice) => notice.needed).length;
  const left = notices.filter((notice) => notice.kind === 'not-judged' && !notice.needed).length;
  const sentences: string[] = [];
  if (found) sentences.push(`${judged(report)}: ${found}.`);
  else if (summary.rules === 0) sentences.push('Nothing was judged: no rule is on.');
  else if (needed === 0 && isNothing(report)) sentences.push('Nothing was judged: there is no change to look at.');
  else if (needed === 0) sentences.push(`${judged(report)}: nothing to report.`);
  const unjudged = `${counted(needed, 'thing')} that a verdict needs could not be judged.`;
  if (needed > 0) sentences.push(found ? unjudged : `${judged(report)}: no verdict. ${unjudged}`);
  if (left > 0) sentences.push(`${counted(left, needed > 0 ? 'other thing' : 'thing')} could not be judged.`);
  return sentences.map(capital);
}

/** Digits enough to compare by eye what a hook printed with what CI printed. */
const DIGITS = 12;

/** "Verdict 3f2a91c0b1de.": the same for the same findings, wherever they were made. None where there is no verdict. */
export const digest = (report: Report): string[] =>
  report.summary.rules === 0 || isNothing(report) || report.notices.some(({ needed }) => needed)
    ? []
    : [`Verdict ${report.verdict.slice(0, DIGITS)}.`];

/** "the change" -> "The change". */
export const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** "Let through: 2 allowed, 12 in the baseline." Empty where nothing was. */
export function letThrough({ summary: { allowed, baselined } }: Report): string {
  const parts = [
    ...(allowed > 0 ? [`${allowed} allowed`] : []),
    ...(baselined > 0 ? [`${baselined} in the baseline`] : []),
  ];
  return parts.length > 0 ? `Let through: ${parts.join(', ')}.` : '';
}

/** What a finding is about: a path, a commit, the change. Unescaped. */
export function subject({ path, commit }: Pick<Place, 'path' | 'commit'>): string {
  const short = commit?.slice(0, 10);
  if (path !== null) return short ? `${path} (commit ${short})` : path;
  return short ? `commit ${short}` : 'the change as a whole';
}

/** The message, with the commit it is about where the place shown beside it cannot say so. Unescaped. */
export const placedMessage = ({ message, commit }: ReportedFinding): string =>
  commit === null ? message : `Commit ${commit.slice(0, 10)}: ${message}`;

/** "path:2:23", as terminals and editors make links of. Unescaped. */
export const spot = (place: Place): string =>
  place.line === null ? subject(place) : `${subject(place)}:${place.line}:${place.column}`;

/** Headings for notices, in the order of their weight. */
export const NOTICE_KINDS: ReadonlyMap<ReportedNotice['kind'], string> = new Map([
  ['not-judged', 'Not judged'],
  ['degraded', 'Judged less closely'],
  ['applied', 'Already applied'],
]);

/** A notice as one sentence that names its path once. Unescaped. */
export const noticeSentence = ({ path, message }: ReportedNotice): string =>
  path === null || message.includes(path) ? message : `${path}: ${message}`;

/** Errors first, else as they come. */
export const gravestFirst = (findings: readonly ReportedFinding[]): ReportedFinding[] =>
  SEVERITIES.flatMap((severity) => findings.filter((finding) => finding.severity === severity));

/** In order of first appearance. */
export function groupedBy<T>(items: readonly T[], key: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(key(item));
    if (group) group.push(item);
    else groups.set(key(item), [item]);
  }
  return groups;
}
