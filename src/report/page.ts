import type { Range } from '../core/finding.ts';
import type { AnyRule, Example, Files, Zod } from '../core/rule.ts';
import { fileType } from '../core/comments.ts';
import { allowComment, allowEntry } from './allowing.ts';
import { markdownCode as code, markdownFence as fence, visible } from './escape.ts';
import { columns } from './look.ts';
import { optionRows, type OptionRow } from './page-options.ts';
import { unreadable } from './placeholders.ts';
import { capital, counted } from './sentences.ts';

/** How many bad and how many good examples a page shows. */
const EXAMPLES = 4;
/** Lines of one file. */
const LINES = 24;

/** A rule's page in Markdown, from the rule alone: the same bytes for the same rule. Ends in one newline. */
export function page(rule: AnyRule, z: Zod): string {
  const { id, title, why, instead, severity, sources = [], examples } = rule;
  const fixed = examples.bad.find((example) => example.fixed);
  return `${[
    `## ${id}`,
    `**${words(title)}.** Severity: ${severity}.`,
    `**Why.** ${words(why)}`,
    `**Instead.** ${words(instead)}`,
    ...optionTable(rule, z),
    ...knownTable(rule),
    ...shown('Found', examples.bad, rule),
    ...shown('Not found', examples.good, rule),
    ...(fixed?.fixed
      ? [
          '**Fixed** by `repolicy check --fix`: the first example that has a fix becomes',
          ...files(fixed.fixed, rule, fixed.head),
        ]
      : []),
    ...allowing(rule),
    ...(sources.length > 0 ? ['**Sources**', sources.map((source) => `- ${link(source)}`).join('\n')] : []),
  ].join('\n\n')}\n`;
}

/** The pages of one family (the part of an id before the slash), with a table of contents. Rules in the order given. */
export function familyPage(rules: readonly AnyRule[], z: Zod): string {
  const family = rules[0]?.id.split('/')[0] ?? '';
  return `${[
    `# ${family}`,
    '<!-- Written by `npm run docs` from the rules themselves: edit those. -->',
    rules.map(({ id, title }) => `- [${id}](#${anchor(id)}): ${words(title)}`).join('\n'),
    ...rules.map((rule) => page(rule, z).trimEnd()),
  ].join('\n\n')}\n`;
}

/** As GitHub makes them of headings. */
const anchor = (heading: string): string =>
  heading
    .toLowerCase()
    .replace(/[^\w\- ]/g, '')
    .replaceAll(' ', '-');

/** A rule's own words are Markdown, with code in backticks; a "<" in them is meant as one. */
const words = (text: string): string =>
  text
    .replace(/\s+/g, ' ')
    .split(/(`[^`]*`)/)
    .map((part) => (part.startsWith('`') ? part : part.replaceAll('<', '&lt;')))
    .join('');

const link = (source: string): string => (/^https?:\/\/[^\s<>]+$/.test(source) ? `<${source}>` : words(source));

function optionTable(rule: AnyRule, z: Zod): string[] {
  const rows = optionRows(rule, z);
  if (rows.length === 0) return [];
  const cells = ({ name, takes, fallback, required, meaning }: OptionRow) => [
    code(name, 'table'),
    words(takes).replaceAll('|', '\\|'),
    fallback === undefined ? (required ? 'required' : 'none') : code(fallback, 'table'),
    words(meaning).replaceAll('|', '\\|'),
  ];
  return [
    '**Options**',
    [
      '| Option | Takes | Default | |',
      '| --- | --- | --- | --- |',
      ...rows.map((row) => `| ${cells(row).join(' | ')} |`),
    ].join('\n'),
  ];
}

function knownTable({ table }: AnyRule): string[] {
  if (!table) return [];
  const row = (cells: readonly string[]) =>
    `| ${cells.map((cell) => words(cell).replaceAll('|', '\\|')).join(' | ')} |`;
  return [[row(table.columns), row(table.columns.map(() => '---')), ...table.rows.map(row)].join('\n')];
}

function shown(heading: string, examples: readonly Example[], rule: AnyRule): string[] {
  const left = examples.length - EXAMPLES;
  return [
    `**${heading}**`,
    ...examples.slice(0, EXAMPLES).flatMap((example) => one(example, rule)),
    ...(left > 0 ? [`… and ${counted(left, 'more example')} in the rule's own file.`] : []),
  ];
}

function one(example: Example, rule: AnyRule): string[] {
  const { title, base = {}, head, gone = [] } = example;
  const found = [
    ...gone.map((path) => `Found at ${code(path)}, which is gone.`),
    ...(Object.hasOwn(head, '«»') ? ['Found in the change as a whole.'] : []),
  ];
  const before = Object.fromEntries(
    Object.entries(base).filter(([path, text]) => bare(head[path] ?? head[`«${path}»`] ?? '') !== text),
  );
  const parts = [...circumstances(example, rule), ...files(before, rule, {}, 'before'), ...files(head, rule), ...found];
  return [`- ${title ? `${words(capital(title))}:` : 'For example:'}`, ...parts.map(indented)];
}

/** What an example holds beside its files. */
function circumstances(example: Example, { id, severity }: AnyRule): string[] {
  const { options, declared, rules, modes = {}, commits = [], identity, message, branch, tag, pullRequest, now } = example;
  const settings = { ...(options === undefined ? {} : { [id]: [severity, options] }), ...rules };
  const policy = { ...declared, ...(Object.keys(settings).length > 0 && { rules: settings }) };
  return [
    ...(Object.keys(policy).length > 0
      ? ['with this policy', block(folded(JSON.parse(JSON.stringify(policy))), 'json', id)]
      : []),
    ...Object.entries(modes).map(([path, mode]) => `where ${code(path)} ${MODES.get(mode) ?? `has the mode ${mode}`}`),
    ...(branch === undefined ? [] : [`on the branch ${code(branch)}`]),
    ...(tag === undefined ? [] : [`with the tag ${code(tag)}`]),
    ...(identity ? [`by ${code(`${identity.name} <${identity.email}>`)}`] : []),
    ...(now === undefined ? [] : [`on ${code(now)}`]),
    ...(message === undefined ? [] : ['with this commit message', block(message, '', id)]),
    ...commits.flatMap(({ message: text, author }) => [
      ...(author
        ? [`with a commit by ${code(`${author.name} <${author.email}>`)}`]
        : text === undefined
          ? []
          : ['with this commit']),
      ...(text === undefined ? [] : [block(text, '', id)]),
    ]),
    ...(pullRequest
      ? ['in this pull request', block(`${pullRequest.title}\n\n${pullRequest.body}`.trim(), 'md', id)]
      : []),
  ];
}

const MODES = new Map([
  ['100755', 'is executable'],
  ['120000', 'is a symbolic link to what stands in it'],
  ['160000', 'is a submodule at the commit that stands in it'],
]);

/** JSON in which what fits on a line stands on one. */
function folded(value: unknown, indent = ''): string {
  const flat = onOneLine(value);
  if (indent.length + flat.length <= 88 || typeof value !== 'object' || value === null) return flat;
  const inner = `${indent}  `;
  const parts = Array.isArray(value)
    ? value.map((one) => folded(one, inner))
    : Object.entries(value).map(([key, one]) => `${JSON.stringify(key)}: ${folded(one, inner)}`);
  const [open, close] = Array.isArray(value) ? '[]' : '{}';
  return `${open}\n${parts.map((part) => inner + part).join(',\n')}\n${indent}${close}`;
}

function onOneLine(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(onOneLine).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const parts = Object.entries(value).map(([key, one]) => `${JSON.stringify(key)}: ${onOneLine(one)}`);
  return parts.length > 0 ? `{ ${parts.join(', ')} }` : '{}';
}

/** Each file with its path above it, its marks underlined, and nothing in it that looks like a secret. */
function files(head: Files, { id }: AnyRule, old: Files = {}, when = ''): string[] {
  return Object.entries(head).flatMap(([markedPath, text]) => {
    const path = bare(markedPath);
    if (path === '' || old[path] === text) return [];
    const label = `${code(path)}${path === markedPath ? '' : ' (found)'}${when ? ` ${when}` : ''}`;
    return text === '' ? [`${label}, empty`] : [label, block(text, fileType(path), id)];
  });
}

const bare = (text: string): string => text.replace(/[«»]/g, '');

function block(marked: string, type: string, id: string): string {
  const { text, marks } = unmarked(unreadable(marked, id.startsWith('secrets/')));
  const all = text.replace(/\r?\n$/, '').split('\n');
  let start = 0;
  const lines = all.flatMap((line) => {
    const [from, to] = [start, start + line.length];
    start = to + 1;
    const within = marks
      .filter((mark) => mark[0] < to && mark[1] > from)
      .map((mark): Range => [Math.max(0, mark[0] - from), Math.min(line.length, mark[1] - from)]);
    return [plain(line), ...(within.length > 0 ? [underline(line, within)] : [])];
  });
  const left = lines.length - LINES;
  const cut = left > 1 ? [...lines.slice(0, LINES), `… ${left} more lines`] : lines;
  return fence(cut.join('\n'), /^[a-z0-9]{1,12}$/.test(type) ? type : '');
}

/** Takes the «marks» out and says what they stood around. */
function unmarked(marked: string): { text: string; marks: readonly Range[] } {
  const marks: Range[] = [];
  let text = '';
  for (const part of marked.split(/(«[^»]*»)/)) {
    const clean = bare(part);
    if (part.startsWith('«')) marks.push([text.length, text.length + clean.length]);
    text += clean;
  }
  return { text, marks };
}

const plain = (line: string): string => visible(line.replace(/\r$/, '').replaceAll('\t', '  '));

function underline(line: string, marks: readonly Range[]): string {
  let row = '';
  for (const [start, end] of marks) {
    const from = columns(plain(line.slice(0, start)));
    const ink = /\S/.exec(line.slice(start, end));
    const indent = ink ? columns(plain(line.slice(start, start + ink.index))) : 0;
    row = row.padEnd(from + indent) + '^'.repeat(Math.max(1, columns(plain(line.slice(start, end))) - indent));
  }
  return row;
}

const indented = (part: string): string => part.replace(/^(?=.)/gm, '  ');

function allowing(rule: AnyRule): string[] {
  const { id, judgedBy, examples } = rule;
  const REASON = '<the reason>';
  if (judgedBy === 'base') {
    return [
      '**To let it stand:** no change can allow it for itself; the policy of the branch it goes to must be changed first.',
    ];
  }
  const marked = examples.bad.flatMap(({ head }) => Object.entries(head)).find(([, text]) => text.includes('«'));
  const path = marked && bare(marked[0]);
  const comment = path && allowComment(path, id, REASON);
  if (comment) return ['**To let it stand**, write on its line or the line above', fence(comment, fileType(path))];
  const anyPath = Object.keys(examples.bad[0]?.head ?? {})
    .map(bare)
    .find((name) => name !== '');
  const found = examples.bad.some(({ head }) => Object.hasOwn(head, '«»'));
  return [
    '**To let it stand**, write in the policy file',
    fence(allowEntry(found ? null : (anyPath ?? null), id, REASON), 'jsonc'),
  ];
}
