import type { Heading, Nodes, RootContent } from 'mdast';
import type { Range } from '../core/finding.ts';
import { rangeOf, textOf, type Markdown } from './markdown.ts';

/** One entry of a report: "## 2026-01-15T10:00:00Z — data: Moving on", and what stands below it. */
export interface Entry {
  /** Of its heading. */
  readonly range: Range;
  /** The heading as a reader sees it. */
  readonly heading: string;
  /** Undefined for a heading that is not written so. */
  readonly said: Said | undefined;
  readonly fields: readonly Field[];
}

export interface Said {
  /** As written: "2026-01-15T10:00:00+01:00". */
  readonly written: string;
  /** Undefined for a moment that no calendar and no clock has, or that has no offset. */
  readonly time: Date | undefined;
  readonly who: string;
  readonly title: string;
}

export interface Field {
  readonly name: string;
  readonly range: Range;
  /** Lines of its text that are not blank, without the fences of code. */
  readonly lines: number;
}

const HEADING = /^(\d{4}-\d\d-\d\d[Tt ][\d:.]+(?:[Zz]|[+-]\d\d:?\d\d)?)\s+[—–-]\s+([^:]+?)\s*:\s+(\S.*)$/s;
const TIME = /^(\d{4})-(\d\d)-(\d\d)[Tt ](\d\d):(\d\d)(?::(\d\d)(?:\.\d+)?)?([Zz]|[+-]\d\d:?\d\d)$/;

/** The entries of a document: one for each heading of the second rank. */
export function entriesOf({ root, text }: Extract<Markdown, { kind: 'page' }>): Entry[] {
  const entries: Entry[] = [];
  const headings = root.children.flatMap((node, index) =>
    node.type === 'heading' && node.depth === 2 ? [{ node, index }] : [],
  );
  for (const [place, { node, index }] of headings.entries()) {
    const end = headings[place + 1]?.index;
    const heading = textOf(node).trim();
    const stop = end === undefined ? text.length : rangeOf(root.children[end]!)[0];
    entries.push({
      range: rangeOf(node),
      heading,
      said: readHeading(heading),
      fields: fieldsOf(root.children.slice(index + 1, end), text, stop),
    });
  }
  return entries;
}

function readHeading(heading: string): Said | undefined {
  const [, written, who, title] = HEADING.exec(heading) ?? [];
  return written === undefined ? undefined : { written, time: momentOf(written), who: who!, title: title! };
}

function momentOf(written: string): Date | undefined {
  const [, year, month, day, hour, minute, second = '00', zone] = TIME.exec(written) ?? [];
  if (year === undefined) return undefined;
  const offset = zone!.toUpperCase() === 'Z' ? 'Z' : `${zone!.slice(0, 3)}:${zone!.slice(-2)}`;
  const local = new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  // A day that the calendar lacks is moved on by the parser of dates, and so is no longer what was written.
  if (Number.isNaN(local.getTime()) || local.getUTCDate() !== Number(day)) return undefined;
  const time = new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}${offset}`);
  return Number.isNaN(time.getTime()) ? undefined : time;
}

/** Fields are written "Name: text" at the start of a paragraph or of an item, in bold or not, or as a deeper heading. */
function fieldsOf(content: readonly RootContent[], text: string, stop: number): Field[] {
  const starts: { name: string; node: Nodes; from: number }[] = [];
  for (const node of content.flatMap(partsOf)) {
    const said = textOf(node);
    const name = node.type === 'heading' ? said.replace(/:\s*$/, '') : /^([^:\n]{1,60}):(?:\s|$)/.exec(said)?.[1];
    if (name) starts.push({ name: name.trim(), node, from: rangeOf(node)[0] });
  }
  return starts.map(({ name, node, from }, i) => {
    const body = text.slice(from, starts[i + 1]?.from ?? stop);
    const written = body.split('\n').filter((line) => line.trim() !== '' && !/^[ \t>]*(?:```|~~~)/.test(line));
    const own = node.type === 'heading' ? '' : textOf(node).slice(textOf(node).indexOf(':') + 1);
    // A line that holds nothing but the name is none of the text.
    const lines = written.length - (own.trim() === '' ? 1 : 0);
    return { name, range: rangeOf(node), lines };
  });
}

/** Where a field may begin: a paragraph, each line of one, a heading, the first paragraph of an item. */
function partsOf(node: RootContent): Nodes[] {
  if (node.type === 'list') {
    return node.children.flatMap(({ children: [first] }) => (first?.type === 'paragraph' ? [first] : []));
  }
  return node.type === 'paragraph' || (node.type === 'heading' && (node as Heading).depth > 2) ? [node] : [];
}

/** Whether an entry has a field of this name, in letters of either case. */
export const fieldNamed = ({ fields }: Entry, name: string): Field | undefined =>
  fields.find((field) => field.name.toLowerCase() === name.toLowerCase());
