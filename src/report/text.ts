import { allowComment, allowEntry } from './allowing.ts';
import { commandless, visible } from './escape.ts';
import { drawFrame } from './frame.ts';
import { columns, looking, severityPaint, wrap, type Look } from './look.ts';
import type { Place, Report, Reporter, ReportedFinding, ReportedNotice } from './report.ts';
import {
  capital,
  digest,
  gravestFirst,
  groupedBy,
  isReported,
  letThrough,
  NOTICE_KINDS,
  noticeSentence,
  outcome,
  spot,
  subject,
} from './sentences.ts';

/** For a person at a terminal: what is wrong and where, the line, why it matters, what to do. */
export const text: Reporter = (report, partly) => {
  const look = looking(partly);
  const reported = report.findings.filter(isReported);
  const sections = [
    ...files(reported, look),
    look.quiet ? '' : letThroughLines(report, look),
    ...noticeSections(report.notices, look),
    lastLines(report, reported, look),
  ];
  return `${commandless(sections.filter((section) => section !== '').join('\n\n'))}\n`;
};

/** One section a file, its findings in reading order. Why and instead are said where they are first true. */
function files(findings: readonly ReportedFinding[], look: Look): string[] {
  const said = new Set<string>();
  const isNew = (words: string) => look.verbose || (!said.has(words) && said.add(words) !== undefined);
  return [...groupedBy(findings, subject)].map(([name, group]) => {
    const parts = group.map((finding) => {
      const { rule, instead } = finding;
      const first = isNew(rule);
      return one(finding, isNew(`${rule}\0${instead}`) ? (first ? finding : { instead }) : {}, look);
    });
    const title = group[0]!.path === null ? capital(name) : name;
    return [look.paint.bold(look.paint.underline(visible(title))), ...parts].join('\n\n');
  });
}

function one(finding: ReportedFinding, words: Partial<Words>, look: Look): string {
  const { severity, line, column, message, rule, frame } = finding;
  const point = severityPaint(look.paint, severity);
  const where = line === null ? '' : ` ${line}:${column}`;
  const indent = 2 + severity.length + where.length + 2;
  const said = wrap(visible(message), look.width - indent);
  const fits = indent + columns(said.at(-1)!) + 2 + rule.length <= look.width;
  const lines = said.map((words) => look.paint.bold(words));
  const id = look.paint.dim(visible(rule));
  if (fits) lines[lines.length - 1] += `  ${id}`;
  else lines.push(id);
  const head = `  ${point(severity)}${look.paint.dim(where)}  ${lines.join(`\n${' '.repeat(indent)}`)}`;

  const drawn = drawFrame(frame, { ...look, width: look.width - 4 }, point).map((row) => `    ${row}`);
  const notes = [...told(words, look), ...beside(finding, look)].join('\n');
  return [[head, ...drawn].join('\n'), notes].filter((part) => part !== '').join(drawn.length > 0 ? '\n\n' : '\n');
}

type Words = Pick<ReportedFinding, 'why' | 'instead' | 'url'>;

const told = ({ why = '', instead = '', url = '' }: Partial<Words>, look: Look): string[] => [
  ...labelled('why', why, look),
  ...labelled('instead', instead, look),
  ...labelled('more', url ?? '', look),
];

function beside({ path, commit, fix, related, fingerprint }: ReportedFinding, look: Look): string[] {
  const first = related.slice(0, look.verbose ? undefined : 3);
  const near = (other: Place) => other.path === path && other.commit === commit && other.line !== null;
  return [
    ...labelled('fix', fix ? `${fix.title} (--fix does it)` : '', look),
    ...labelled('also', first.map((other) => (near(other) ? `line ${other.line}` : spot(other))).join(', '), look),
    ...labelled('id', look.verbose ? fingerprint : '', look),
  ];
}

const LABEL = 9;

function labelled(label: string, words: string, { paint, width }: Look): string[] {
  if (words === '') return [];
  const [first = '', ...rest] = wrap(visible(words.replace(/\s+/g, ' ')), width - 4 - LABEL);
  return [`    ${paint.cyan(label.padEnd(LABEL))}${first}`, ...rest.map((line) => ' '.repeat(4 + LABEL) + line)];
}

/** Each on one line, with the reason: whoever reads the output sees what was waved through. */
function letThroughLines({ findings }: Report, { paint, verbose }: Look): string {
  const shown = findings.filter(({ status }) => status === 'allowed' || (verbose && status === 'baselined'));
  if (shown.length === 0) return '';
  const lines = shown.map((finding) => {
    const reason = finding.reason ?? (finding.status === 'baselined' ? 'in the baseline' : 'no reason given');
    return `  ${visible(spot(finding))}  ${paint.dim(visible(finding.rule))}  ${visible(reason)}`;
  });
  return [paint.bold('Allowed'), ...lines].join('\n');
}

const NOTICES_SHOWN = 10;

function noticeSections(notices: readonly ReportedNotice[], look: Look): string[] {
  const needed = notices.filter((notice) => notice.needed);
  const kinds = [...NOTICE_KINDS].map(([kind, heading]) => {
    const group = notices.filter((notice) => notice.kind === kind && !notice.needed);
    const shown = group.slice(0, look.verbose || look.quiet ? undefined : NOTICES_SHOWN);
    const more = group.length - shown.length;
    return section(heading, shown, look) + (more > 0 ? `\n  … and ${more} more (--verbose lists them all)` : '');
  });
  return [...(look.quiet ? [] : kinds), section('Not judged, and needed for a verdict', needed, look)];
}

function section(heading: string, notices: readonly ReportedNotice[], { paint, width }: Look): string {
  if (notices.length === 0) return '';
  const lines = notices.map((notice) => {
    return `  ${wrap(visible(noticeSentence(notice)), width - 4).join('\n    ')}`;
  });
  return [paint.bold(paint.yellow(heading)), ...lines].join('\n');
}

function lastLines(report: Report, reported: readonly ReportedFinding[], look: Look): string {
  const { paint, quiet, width } = look;
  const { error, warning } = report.summary;
  const waiting = report.notices.some(({ needed }) => needed);
  const gravest =
    error > 0 || waiting ? paint.red : warning > 0 ? paint.yellow : reported.length > 0 ? paint.blue : paint.green;
  const sentences = outcome(report)
    .flatMap((sentence) => wrap(sentence, width))
    .map((line) => paint.bold(gravest(line)));
  const fixable = reported.filter(({ fix }) => fix).length;
  const aside = [letThrough(report), fixable > 0 ? `repolicy check --fix can mend ${fixable} of them.` : ''];
  const hint = quiet || reported.length === 0 ? [] : ['', ...hints(reported, look)];
  const proof = quiet ? [] : digest(report).map(paint.dim);
  return [...sentences, ...aside.filter((sentence) => sentence !== ''), ...proof, ...hint].join('\n');
}

/** Said once: how to let something stand, and where more is to be read. */
function hints(reported: readonly ReportedFinding[], { paint }: Look): string[] {
  const graves = gravestFirst(reported);
  // Nobody is shown how to let a secret in while there is anything else to show it by.
  const candidates = [...graves.filter(({ secret }) => !secret), ...graves.filter(({ secret }) => secret)];
  const commented = ({ path, line, rule }: ReportedFinding) =>
    path === null || line === null ? undefined : allowComment(path, rule, REASON);
  const inFile = candidates.find((finding) => commented(finding) !== undefined);
  const { path, rule } = inFile ?? candidates[0]!;
  const [how, example] = inFile
    ? ['To let a finding stand, say why in a comment on its line or the line above:', commented(inFile)!]
    : ['To let a finding stand, say why in the policy file:', allowEntry(path, rule, REASON)];
  return [paint.dim(how), `  ${visible(example)}`, paint.dim(`More about a rule: repolicy explain ${visible(rule)}`)];
}

const REASON = '<the reason>';
