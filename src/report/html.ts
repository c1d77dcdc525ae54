import type { Severity } from '../core/finding.ts';
import { html as escaped } from './escape.ts';
import type { FrameLine } from './frame.ts';
import type { Report, Reporter, ReportedFinding, ReportedNotice, RuleWords } from './report.ts';
import {
  counted,
  groupedBy,
  isReported,
  letThrough,
  NOTICE_KINDS,
  noticeSentence,
  outcome,
  SEVERITIES,
  severities,
  subject,
} from './sentences.ts';

/**
 * One file that shows itself: no script, nothing from elsewhere, light or dark as the reader's screen is. The policy in its
 * head forbids all that, should anything hostile ever get past the escapes.
 */
export const html: Reporter = (report) => {
  const reported = report.findings.filter(isReported);
  const files = groupedBy(reported, subject);
  const general = new Set(report.rules.map(({ id, instead }) => `${id}\0${instead}`));
  const found = report.rules.filter(({ id }) => reported.some(({ rule }) => rule === id));
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; form-action 'none'; base-uri 'none'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>repolicy: ${escaped(severities(report) || outcome(report)[0]!)}</title>
<style>${STYLE}</style>
</head>
<body>
${['<header>', ...header(report), ...filters(report), '</header>', '<main>']
  .concat([...files].flatMap(([name, findings]) => file(name, findings, general)))
  .concat(rules(found, reported))
  .concat(allowed(report.findings.filter(({ status }) => status === 'allowed')))
  .concat(
    [...NOTICE_KINDS].flatMap(([kind, heading]) =>
      notices(
        heading,
        report.notices.filter((notice) => notice.kind === kind),
      ),
    ),
  )
  .join('\n')}
</main>
</body>
</html>
`;
};

const STYLE = `
:root { color-scheme: light dark; --ink: #1d2127; --soft: #5c6570; --paper: #fff; --panel: #f5f6f8; --rule: #d9dde2; --error: #b3261e; --warning: #8a5a00; --info: #1e5fb3; --fine: #1d7a3a; }
@media (prefers-color-scheme: dark) { :root { --ink: #e4e7eb; --soft: #9aa4af; --paper: #14171b; --panel: #1d2126; --rule: #343a42; --error: #ff8a80; --warning: #f0b84a; --info: #82b4ff; --fine: #7bd394; } }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 2rem 1rem 4rem; max-width: 60rem; font: 16px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper); overflow-wrap: anywhere; }
h1 { font-size: 1.4rem; margin: 0 0 .25rem; }
h2 { font-size: 1.05rem; margin: 2.5rem 0 .5rem; padding-bottom: .25rem; border-bottom: 1px solid var(--rule); }
h3 { font-size: 1rem; margin: 1.5rem 0 .25rem; }
p { margin: .25rem 0; }
a { color: var(--info); }
.soft, dt { color: var(--soft); }
.error { color: var(--error); } .warning { color: var(--warning); } .info { color: var(--info); } .fine { color: var(--fine); }
.severity { font-weight: 600; }
code, pre { font: .875rem/1.5 ui-monospace, monospace; }
pre { margin: .5rem 0; padding: .5rem .75rem; overflow-x: auto; overflow-wrap: normal; background: var(--panel); border-radius: 6px; }
mark { color: inherit; background: none; border-bottom: 2px solid currentColor; }
.finding { margin: 1rem 0; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: 0 1rem; margin: .5rem 0; } dd { margin: 0; }
.filter { margin-right: .25rem; } .filter + label { margin-right: 1rem; }
${SEVERITIES.flatMap((severity) => [`.finding:not(.of-${severity})`, `.file:not(:has(.of-${severity}))`].map((hidden) => `body:has(#only-${severity}:checked) ${hidden}`)).join(', ')} { display: none; }
@media print { .filter, .filter + label { display: none; } }
`;

/** Which severities are shown: buttons that CSS alone reads. */
function filters({ summary }: Report): string[] {
  const present = SEVERITIES.filter((severity) => summary[severity] > 0);
  if (present.length < 2) return [];
  const total = present.reduce((sum, severity) => sum + summary[severity], 0);
  const button = (id: string, label: string, checked = '') =>
    `<input class="filter" type="radio" name="only" id="${id}"${checked}><label for="${id}">${label}</label>`;
  return [
    button('all', `all ${total}`, ' checked'),
    ...present.map((severity) => button(`only-${severity}`, counted(summary[severity], severity))),
  ];
}

function header(report: Report): string[] {
  const { change, engine, policy, verdict, notices, summary } = report;
  const { error, warning, info, rules } = summary;
  const waiting = notices.some(({ needed }) => needed);
  const judged = rules > 0 && summary.files + change.commits + report.also.length > 0;
  const colour =
    error > 0 || waiting ? 'error' : warning > 0 ? 'warning' : info > 0 ? 'info' : judged ? 'fine' : 'soft';
  const facts = [
    ['change', `${change.base} → ${change.head}`],
    ['policy', policy],
    ['verdict', verdict],
    ['engine', engine],
  ] as const;
  return [
    '<h1>repolicy</h1>',
    ...outcome(report).map(
      (sentence, index) => `<p${index === 0 ? ` class="severity ${colour}"` : ''}>${escaped(sentence)}</p>`,
    ),
    ...[letThrough(report)].filter((words) => words !== '').map((words) => `<p>${escaped(words)}</p>`),
    `<dl class="soft">${facts.map(([name, value]) => `<dt>${name}</dt><dd><code>${escaped(value)}</code></dd>`).join('')}</dl>`,
  ];
}

const file = (name: string, findings: readonly ReportedFinding[], general: ReadonlySet<string>): string[] => [
  '<section class="file">',
  `<h2><code>${escaped(name)}</code></h2>`,
  ...findings.map((one) => finding(one, general.has(`${one.rule}\0${one.instead}`))),
  '</section>',
];

/** What to do instead is said below, with the rule, unless this case has words of its own. */
function finding(one: ReportedFinding, saidBelow: boolean): string {
  const { severity, line, column, message, rule, frame, fix, instead } = one;
  const where = line === null ? '' : ` <span class="soft">${line}:${column}</span>`;
  return [
    `<article class="finding of-${severity}">`,
    `<p><span class="severity ${severity}">${severity}</span>${where} ${escaped(message)} <a href="#${anchor(rule)}"><code>${escaped(rule)}</code></a></p>`,
    ...(frame.length > 0 ? [`<pre>${lines(frame, severity)}</pre>`] : []),
    ...(saidBelow || instead === '' ? [] : [`<p>${told(instead)}</p>`]),
    ...(fix ? [`<p class="soft">Fix: ${escaped(fix.title)} (<code>repolicy check --fix</code>)</p>`] : []),
    '</article>',
  ].join('\n');
}

const anchor = (rule: string): string => `rule-${escaped(rule).replace(/[^\w-]/g, '-')}`;

function lines(frame: readonly FrameLine[], severity: Severity): string {
  const gutter = String(frame.at(-1)!.line).length;
  return frame
    .map(({ line, text, mark: [start, end] }, index) => {
      const gap = index > 0 && line > frame[index - 1]!.line + 1 ? `${' '.repeat(gutter)} ⋮\n` : '';
      const marked = start === end ? '‸' : escaped(text.slice(start, end));
      const shown = `${escaped(text.slice(0, start))}<mark class="${severity}">${marked}</mark>${escaped(text.slice(end))}`;
      return `${gap}<span class="soft">${String(line).padStart(gutter)} │</span> ${shown}`;
    })
    .join('\n');
}

/** What each rule that found something stands for, said once for all its findings. */
function rules(found: readonly RuleWords[], findings: readonly ReportedFinding[]): string[] {
  if (found.length === 0) return [];
  const counts = groupedBy(findings, ({ rule }) => rule);
  return [
    '<section>',
    '<h2>Rules</h2>',
    ...found.map(({ id, title, why, instead, url }) =>
      [
        `<h3 id="${anchor(id)}"><code>${escaped(id)}</code> ${escaped(title)}</h3>`,
        `<p class="soft">${counted(counts.get(id)!.length, 'finding')}</p>`,
        ...[why, instead].filter((words) => words !== '').map((words) => `<p>${told(words)}</p>`),
        ...(url && /^https?:\/\//.test(url)
          ? [`<p><a rel="noreferrer" href="${escaped(url)}">More about it</a></p>`]
          : []),
      ].join('\n'),
    ),
    '</section>',
  ];
}

/** A rule's words, in which backticks stand around code. */
const told = (words: string): string =>
  words
    .split(/`([^`]+)`/)
    .map((part, index) => (index % 2 === 1 ? `<code>${escaped(part)}</code>` : escaped(part.replace(/\s+/g, ' '))))
    .join('');

function allowed(findings: readonly ReportedFinding[]): string[] {
  if (findings.length === 0) return [];
  const items = findings.map((finding) => {
    const { rule, message, reason, line } = finding;
    const where = escaped(subject(finding)) + (line === null ? '' : `:${line}`);
    return `<li><code>${where}</code> ${escaped(message)} <code>${escaped(rule)}</code>: ${escaped(reason ?? 'no reason given')}</li>`;
  });
  return ['<section>', '<h2>Allowed</h2>', '<ul>', ...items, '</ul>', '</section>'];
}

function notices(heading: string, group: readonly ReportedNotice[]): string[] {
  if (group.length === 0) return [];
  const items = group.map((notice) => {
    const needed = notice.needed ? ' <span class="severity error">needed for a verdict</span>' : '';
    return `<li>${escaped(noticeSentence(notice))}${needed}</li>`;
  });
  return ['<section>', `<h2>${heading}</h2>`, '<ul>', ...items, '</ul>', '</section>'];
}
