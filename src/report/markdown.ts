import { markdown as prose, markdownCode as code, markdownFence, visible } from './escape.ts';
import { drawFrame } from './frame.ts';
import { PLAIN } from './look.ts';
import type { Report, Reporter, ReportedFinding, ReportedNotice } from './report.ts';
import {
  counted,
  digest,
  gravestFirst,
  groupedBy,
  isReported,
  letThrough,
  NOTICE_KINDS,
  noticeSentence,
  outcome,
  severities,
  spot,
} from './sentences.ts';

/** What fits into a comment on GitHub, which refuses more than 65,536 characters. */
const COMMENT_BYTES = 60_000;

/** For comments on pull requests and for reports of drift: a table, the gravest first, then each rule with its places. */
export const markdown: Reporter = (report) => markdownWithin(report, COMMENT_BYTES);

/** The same, cut at so many bytes of UTF-8, with a word on what is left out. */
export function markdownWithin(report: Report, bytes: number): string {
  const findings = gravestFirst(report.findings.filter(isReported));
  const aside = letThrough(report);
  const head = [
    `## repolicy: ${severities(report) || (isFine(report) ? 'nothing to report' : 'no verdict')}`,
    [...outcome(report), ...(aside ? [aside] : []), ...digest(report)].join('\n'),
  ];
  // The table may take half; what is left out must still find room to say so.
  const whole = bytes - 400 - Buffer.byteLength(head.join('\n\n'));
  const needed = notices(
    report.notices.filter((notice) => notice.needed),
    'Not judged, and needed for a verdict',
    room(whole / 4),
  );
  const table = room(whole / 2);
  const rows = table.fill(findings, row);
  const rest = room(whole / 4 + table.left());
  let detailed = 0;
  const details = [...groupedBy(findings, ({ rule, instead }) => `${rule}\0${instead}`).values()].flatMap((group) => {
    const words = rest.fill([group[0]!], rule);
    const places = rest.fill(group, place);
    detailed += places.length;
    return [...words, ...places];
  });
  const kinds = [...NOTICE_KINDS].map(([kind, heading]) =>
    notices(
      report.notices.filter((notice) => notice.kind === kind && !notice.needed),
      heading,
      rest,
    ),
  );
  return `${[
    ...head,
    needed,
    rows.length > 0 ? ['| | Where | What | Rule |', '| --- | --- | --- | --- |', ...rows].join('\n') : '',
    leftOut(findings.length - rows.length, 'in this table'),
    ...details,
    leftOut(findings.length - detailed, 'with their details'),
    allowed(report.findings, rest),
    ...kinds,
  ]
    .filter((part) => part !== '')
    .join('\n\n')}\n`;
}

const leftOut = (count: number, where: string): string =>
  count > 0
    ? `${counted(count, 'finding')} found no room ${where}: \`--format html\` and \`--format json\` hold all.`
    : '';

interface Room {
  /** Draws one after the other until one does not fit. After that nothing does: a report that skips in the middle misleads. */
  readonly fill: <T>(items: readonly T[], draw: (item: T) => string) => string[];
  readonly left: () => number;
}

function room(bytes: number): Room {
  let left = Math.floor(bytes);
  let full = false;
  const fill: Room['fill'] = (items, draw) => {
    const drawn: string[] = [];
    for (const item of items) {
      if (full) break;
      const part = draw(item);
      const size = Buffer.byteLength(part) + 2;
      full = size > left;
      if (full) break;
      left -= size;
      drawn.push(part);
    }
    return drawn;
  };
  return { fill, left: () => left };
}

const isFine = ({ summary, change, also, notices }: Report): boolean =>
  summary.rules > 0 && summary.files + change.commits + also.length > 0 && !notices.some(({ needed }) => needed);

const row = (finding: ReportedFinding): string => {
  const { severity, rule, url, message } = finding;
  const id = code(rule, 'table');
  return `| ${severity} | ${code(spot(finding), 'table')} | ${prose(message)} | ${url ? `[${id}](<${link(url)}>)` : id} |`;
};

const link = (url: string): string => visible(url).replace(/[<>|\\]/g, encodeURIComponent);

const rule = ({ rule, title, why, instead }: ReportedFinding): string =>
  [
    `### ${code(rule)}: ${prose(title)}`,
    ...(why ? [`**Why.** ${told(why)}`] : []),
    ...(instead ? [`**Instead.** ${told(instead)}`] : []),
  ].join('\n\n');

/** A rule's own words may hold code in backticks, and nothing else that Markdown would obey. */
const told = (words: string): string =>
  words
    .replace(/\s+/g, ' ')
    .split(/(`[^`]+`)/)
    .map((part) => (part.startsWith('`') ? code(part.slice(1, -1)) : prose(part)))
    .join('');

function place(finding: ReportedFinding): string {
  const { frame, message, fix } = finding;
  const drawn = drawFrame(frame, { paint: PLAIN, width: 120 }, (text) => text).join('\n');
  return [
    `${code(spot(finding))} ${prose(message)}`,
    ...(drawn ? [markdownFence(drawn)] : []),
    ...(fix ? [`Fix: ${prose(fix.title)} (\`repolicy check --fix\`)`] : []),
  ].join('\n\n');
}

function allowed(findings: readonly ReportedFinding[], room: Room): string {
  const lines = findings
    .filter(({ status }) => status === 'allowed')
    .map((finding) => `- ${code(spot(finding))} ${code(finding.rule)}: ${prose(finding.reason ?? 'no reason given')}`);
  return list('Allowed', lines, room);
}

const notices = (group: readonly ReportedNotice[], heading: string, room: Room): string =>
  list(
    heading,
    group.map((notice) => `- ${prose(noticeSentence(notice))}`),
    room,
  );

function list(heading: string, lines: readonly string[], { fill }: Room): string {
  const shown = fill(lines, (line) => line);
  if (lines.length === 0) return '';
  const left = lines.length - shown.length;
  return [`### ${heading}`, [...shown, ...(left > 0 ? [`- … and ${left} more`] : [])].join('\n')].join('\n\n');
}
