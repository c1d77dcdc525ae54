import type { Severity } from '../core/finding.ts';
import { json, uri, visible } from './escape.ts';
import type { Place, Report, Reporter, ReportedFinding, ReportedFix, ReportedNotice, RuleWords } from './report.ts';
import { counted, gravestFirst, isReported, noticeSentence, placedMessage, subject } from './sentences.ts';

/** GitHub shows no more of one run. */
const RESULTS = 5000;

/**
 * SARIF 2.1.0, as GitHub takes it in: it refuses a whole file when one result has no file. So findings about a commit or the
 * change lie on the first line of the policy file, and say in `logicalLocations` what they are about.
 */
export const sarif: Reporter = (report) => {
  const { engine, rules, notices, policy, verdict, change } = report;
  const ruleIndex = new Map(rules.map(({ id }, index) => [id, index]));
  const { kept, left } = cut(report.findings);
  return `${json(
    {
      $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
      version: '2.1.0',
      runs: [
        {
          tool: {
            driver: { name: 'repolicy', version: engine, semanticVersion: engine, rules: rules.map(descriptor) },
          },
          columnKind: 'utf16CodeUnits',
          invocations: [
            {
              executionSuccessful: !notices.some(({ needed }) => needed),
              toolExecutionNotifications: [...(left > 0 ? [tooMany(left)] : []), ...notices.map(notification)],
            },
          ],
          results: kept.map((finding) => result(finding, ruleIndex.get(finding.rule)!, report)),
          properties: { policy, verdict, base: change.base, head: change.head },
        },
      ],
    },
    2,
  )}\n`;
};

/** The gravest that fit, reported before let through, in the report's order. */
function cut(findings: readonly ReportedFinding[]): { kept: readonly ReportedFinding[]; left: number } {
  if (findings.length <= RESULTS) return { kept: findings, left: 0 };
  const ranked = [
    ...gravestFirst(findings.filter(isReported)),
    ...gravestFirst(findings.filter((one) => !isReported(one))),
  ];
  const kept = new Set(ranked.slice(0, RESULTS));
  return { kept: findings.filter((finding) => kept.has(finding)), left: findings.length - RESULTS };
}

const tooMany = (left: number) => ({
  level: 'warning',
  message: {
    text: `${counted(left, 'finding')} left out: a run shows ${counted(RESULTS, 'result')} at most, the gravest first.`,
  },
});

const LEVELS: Record<Severity, 'error' | 'warning' | 'note'> = { error: 'error', warning: 'warning', info: 'note' };

function descriptor({ id, title, why, instead, severity, url }: RuleWords) {
  const [family = id] = id.split('/');
  const advice = [why, instead].filter((words) => words !== '');
  return {
    id: visible(id),
    name: visible(id),
    shortDescription: { text: plain(title) },
    fullDescription: { text: plain(why || title) },
    help: {
      text: advice.map(plain).join('\n\n') || plain(title),
      markdown:
        [...(why ? [`**Why.** ${visible(why)}`] : []), ...(instead ? [`**Instead.** ${visible(instead)}`] : [])].join(
          '\n\n',
        ) || visible(title),
    },
    ...(url && { helpUri: url }),
    defaultConfiguration: { level: LEVELS[severity] },
    properties: { tags: [visible(family)], 'problem.severity': severity === 'info' ? 'recommendation' : severity },
  };
}

function result(finding: ReportedFinding, ruleIndex: number, report: Report) {
  const { rule, severity, about, fingerprint, lineHash, line, related, fix, commit } = finding;
  const changes = fix && artifactChanges(fix);
  return {
    ruleId: visible(rule),
    ruleIndex,
    level: LEVELS[severity],
    message: { text: plain(placedMessage(finding)) },
    locations: [location(finding, report.policyFile)],
    ...(related.length > 0 && {
      relatedLocations: related.map((place, id) => ({ id, ...location(place, report.policyFile) })),
    }),
    partialFingerprints: {
      // Without a line of its own, GitHub would take two findings of one rule on the same file for one.
      primaryLocationLineHash: line === null || lineHash === null ? `${fingerprint}:1` : lineHash,
      'repolicy/v1': fingerprint,
    },
    ...suppressions(finding),
    ...(changes &&
      changes.length > 0 && { fixes: [{ description: { text: plain(fix.title) }, artifactChanges: changes }] }),
    properties: { about: visible(about), ...(commit !== null && { commit }) },
  };
}

function location(place: Place, policyFile: string) {
  const { path, commit } = place;
  return {
    physicalLocation: { artifactLocation: { uri: uri(path ?? policyFile) }, region: region(place) },
    ...((path === null || commit !== null) && {
      logicalLocations: [{ name: visible(subject(place)), kind: commit === null ? 'change' : 'commit' }],
    }),
  };
}

const region = ({ line, column, endLine, endColumn }: Pick<Place, 'line' | 'column' | 'endLine' | 'endColumn'>) =>
  line === null ? { startLine: 1 } : { startLine: line, startColumn: column, endLine, endColumn };

function suppressions({ status, reason }: ReportedFinding) {
  if (status === 'reported') return {};
  const kind = status === 'allowed' ? 'inSource' : 'external';
  return {
    suppressions: [
      { kind, status: 'accepted', justification: reason === null ? 'Accepted in the baseline.' : plain(reason) },
    ],
  };
}

function artifactChanges({ edits }: ReportedFix) {
  const paths = [...new Set(edits.map(({ path }) => path))];
  return paths.map((path) => ({
    artifactLocation: { uri: uri(path) },
    replacements: edits
      .filter((edit) => edit.path === path)
      .map((edit) => ({ deletedRegion: region(edit), insertedContent: { text: edit.text } })),
  }));
}

const notification = (notice: ReportedNotice) => ({
  level: notice.needed ? 'error' : notice.kind === 'applied' ? 'note' : 'warning',
  message: { text: plain(noticeSentence(notice)) },
  ...(notice.path !== null && { locations: [{ physicalLocation: { artifactLocation: { uri: uri(notice.path) } } }] }),
  properties: { kind: notice.kind },
});

/** A message in which "[text](1)" makes no link. */
const plain = (text: string): string => visible(text).replace(/\[(?=[^\]]*\]\()/g, '\\[');
