import { json as escaped } from './escape.ts';
import type { Report, Reporter, ReportedFinding, ReportedNotice } from './report.ts';

/** The contract of CLI.md as data: keys are added, never taken away or given another meaning, while `version` is 1. */
export function jsonReport({ engine, policy, verdict, change, findings, notices, summary }: Report) {
  return {
    version: 1 as const,
    engine,
    policy,
    verdict,
    change: { base: change.base, head: change.head, files: change.files, commits: change.commits },
    findings: findings.map(jsonFinding),
    notices: notices.map(jsonNotice),
    summary,
  };
}

export type JsonReport = ReturnType<typeof jsonReport>;

/** `reason` is there for allowed findings alone. */
const jsonFinding = (finding: ReportedFinding) => ({
  rule: finding.rule,
  severity: finding.severity,
  message: finding.message,
  about: finding.about,
  path: finding.path,
  line: finding.line,
  column: finding.column,
  endLine: finding.endLine,
  endColumn: finding.endColumn,
  commit: finding.commit,
  fingerprint: finding.fingerprint,
  status: finding.status,
  ...(finding.reason !== null && { reason: finding.reason }),
  why: finding.why,
  instead: finding.instead,
  fix: finding.fix && {
    title: finding.fix.title,
    edits: finding.fix.edits.map(({ path, range, line, column, endLine, endColumn, text }) => ({
      path,
      line,
      column,
      endLine,
      endColumn,
      range,
      text,
    })),
  },
});

/** `needed` is there, and true, only where a verdict needed it. */
const jsonNotice = ({ kind, path, message, needed }: ReportedNotice) => ({
  kind,
  path,
  message,
  ...(needed && { needed: true as const }),
});

/** For scripts: one JSON document. */
export const json: Reporter = (report) => `${escaped(jsonReport(report), 2)}\n`;

/** For streams: one JSON document a line, of type "finding", "notice" and, last, "summary". */
export const jsonl: Reporter = (report) => {
  const { findings, notices, ...summary } = jsonReport(report);
  return [
    ...findings.map((finding) => ({ type: 'finding', ...finding })),
    ...notices.map((notice) => ({ type: 'notice', ...notice })),
    { type: 'summary', ...summary },
  ]
    .map((one) => `${escaped(one)}\n`)
    .join('');
};
