import type { Severity } from '../core/finding.ts';
import { workflowData, workflowProperty } from './escape.ts';
import { markdownWithin } from './markdown.ts';
import type { Report, Reporter, ReportedFinding, ReportedNotice } from './report.ts';
import { digest, gravestFirst, isReported, noticeSentence, outcome, placedMessage } from './sentences.ts';

/** GitHub keeps ten annotations of a kind for each step, and drops the rest without a word: the tenth place is the summary's. */
const ANNOTATIONS = 9;

const COMMANDS: Record<Severity, string> = { error: 'error', warning: 'warning', info: 'notice' };

/** Annotations for a GitHub workflow, errors first, and a last line with the outcome. */
export const github: Reporter = (report) => {
  const waiting = report.notices.filter(({ needed }) => needed).map(waits);
  const found = gravestFirst(report.findings.filter(isReported));
  const isError = ({ severity }: ReportedFinding) => severity === 'error';
  const all = [
    ...found.filter(isError).map(annotation),
    ...waiting,
    ...found.filter((one) => !isError(one)).map(annotation),
  ];
  const shown = all.slice(0, ANNOTATIONS);
  return `${[...shown, last(report, all.length - shown.length)].join('\n')}\n`;
};

/** Less than the MiB at which GitHub refuses a job summary. */
const SUMMARY_BYTES = 900 * 1024;

/** For $GITHUB_STEP_SUMMARY. */
export const githubSummary: Reporter = (report) => markdownWithin(report, SUMMARY_BYTES);

function annotation(finding: ReportedFinding): string {
  const { rule, severity, path, line, column, endLine, endColumn, why, instead } = finding;
  const place: Record<string, string | number | null> = {
    file: path,
    line: path === null ? null : (line ?? 1),
    // GitHub shows columns within one line alone.
    ...(line === endLine && { col: column, endColumn }),
    endLine,
  };
  return command(COMMANDS[severity], { ...place, title: rule }, [placedMessage(finding), why, instead]);
}

const waits = (notice: ReportedNotice): string =>
  command('error', { file: notice.path, title: 'Not judged, and needed for a verdict' }, [noticeSentence(notice)]);

function last(report: Report, left: number): string {
  const sentences = [...outcome(report), ...digest(report)].join(' ');
  if (left === 0) return `repolicy: ${sentences}`;
  return command('notice', { title: 'repolicy' }, [
    `${sentences} ${left} more than GitHub shows here: the job summary has them all.`,
  ]);
}

/** Each part stands on a line of its own; a newline inside of one is no line. */
function command(
  name: string,
  properties: Readonly<Record<string, string | number | null>>,
  parts: readonly string[],
): string {
  const given = Object.entries(properties).flatMap(([key, value]) =>
    value === null ? [] : [`${key}=${workflowProperty(String(value))}`],
  );
  const data = parts
    .filter((part) => part !== '')
    .map(workflowData)
    .join('%0A');
  return `::${name}${given.length > 0 ? ` ${given.join(',')}` : ''}::${data}`;
}
