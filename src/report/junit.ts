import { commandless, xml } from './escape.ts';
import type { Report, Reporter, ReportedFinding, ReportedNotice } from './report.ts';
import { groupedBy, judged, noticeSentence, outcome, spot, subject } from './sentences.ts';

/**
 * JUnit: a suite a file, a case a finding. Errors fail; warnings and infos pass with their text as output, as they do at
 * the command line; what was let through is skipped; what a verdict waits for is an error.
 */
export const junit: Reporter = (report) => {
  const suites = [...groupedBy(report.findings, subject)].map(([name, findings]) =>
    suite(name, findings.map(findingCase)),
  );
  const cases = report.notices.map(noticeCase);
  if (cases.length > 0) suites.push(suite('What could not be judged', cases));
  if (suites.length === 0) suites.push(suite('repolicy', [nothing(report)]));
  const all = suites.flatMap((one) => one.cases);
  const body = suites.flatMap(({ name, cases }) => [
    `  <testsuite name="${xml(name)}" ${totals(cases)}>`,
    ...cases.flatMap(({ name: title, classname, line, body }) => [
      `    <testcase classname="${xml(classname)}" name="${xml(title)}"${line === null ? '' : ` line="${line}"`}>`,
      ...(body === '' ? [] : [`      ${body}`]),
      '    </testcase>',
    ]),
    '  </testsuite>',
  ]);
  const head = ['<?xml version="1.0" encoding="UTF-8"?>', `<testsuites name="repolicy" ${totals(all)}>`];
  return `${commandless([...head, ...body, '</testsuites>'].join('\n'))}\n`;
};

interface Case {
  readonly name: string;
  readonly classname: string;
  readonly line: number | null;
  readonly outcome: 'failure' | 'error' | 'skipped' | 'passed';
  /** XML. */
  readonly body: string;
}

const suite = (name: string, cases: readonly Case[]) => ({ name, cases });

const totals = (cases: readonly Case[]): string => {
  const count = (wanted: Case['outcome']) => cases.filter(({ outcome }) => outcome === wanted).length;
  return `tests="${cases.length}" failures="${count('failure')}" errors="${count('error')}" skipped="${count('skipped')}"`;
};

function findingCase(finding: ReportedFinding): Case {
  const { rule, severity, message, why, instead, status, reason, line } = finding;
  const details = [`at ${spot(finding)}`, why, instead]
    .filter((words) => words !== '')
    .map(xml)
    .join('\n');
  const shared = { name: message, classname: rule, line };
  if (status !== 'reported') {
    const words = status === 'allowed' ? `allowed: ${reason ?? 'no reason given'}` : 'accepted in the baseline';
    return { ...shared, outcome: 'skipped', body: `<skipped message="${xml(words)}"/>` };
  }
  if (severity === 'error') {
    return {
      ...shared,
      outcome: 'failure',
      body: `<failure type="${severity}" message="${xml(message)}">${details}</failure>`,
    };
  }
  return { ...shared, outcome: 'passed', body: `<system-out>${severity}: ${xml(message)}\n${details}</system-out>` };
}

function noticeCase(notice: ReportedNotice): Case {
  const message = noticeSentence(notice);
  const shared = { name: message, classname: `repolicy/${notice.kind}`, line: null };
  return notice.needed
    ? { ...shared, outcome: 'error', body: `<error type="${notice.kind}" message="${xml(message)}"/>` }
    : { ...shared, outcome: 'skipped', body: `<skipped message="${xml(message)}"/>` };
}

/** So that a run without findings is seen to have run. */
const nothing = (report: Report): Case => ({
  name: outcome(report).join(' '),
  classname: 'repolicy',
  line: null,
  outcome: 'passed',
  body: `<system-out>${xml(judged(report))}</system-out>`,
});
