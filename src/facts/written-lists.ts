import type { List } from 'mdast';
import type { Range } from '../core/finding.ts';
import type { Notice } from '../core/notice.ts';
import type { Snapshot } from '../core/snapshot.ts';
import { templateProblem } from '../core/templates.ts';
import { unread } from './files.ts';
import { markdownPage, nodesOf, rangeOf, sectionAt, textOf } from './markdown.ts';

/** One line of a list that people and checks both read. */
export interface WrittenEntry {
  readonly template: string;
  /** In the document. */
  readonly range: Range;
}

/** Path templates written in a Markdown file, or why they cannot be had. */
export type WrittenList =
  | { readonly kind: 'list'; readonly templates: readonly string[]; readonly entries: readonly WrittenEntry[] }
  /** `range`: the line at fault, where there is one. */
  | { readonly kind: 'broken'; readonly why: string; readonly range?: Range }
  | { readonly kind: 'unread'; readonly notice: Notice };

/** A reference to a section of a document: "docs/RULES.md#allowed-markdown". */
export const REFERENCE = /^[^#]+#[^#]+$/;

const lists = new WeakMap<Snapshot, Map<string, Promise<WrittenList>>>();

/**
 * The list under a heading, named as "docs/RULES.md#allowed-markdown": the lines of its first fenced block, where blank
 * lines and lines that begin with "#" say nothing; or, without a block, the items of its lists, each of which begins with
 * its path in backticks.
 */
export function writtenList(snapshot: Snapshot, reference: string): Promise<WrittenList> {
  const known = lists.get(snapshot) ?? new Map<string, Promise<WrittenList>>();
  lists.set(snapshot, known);
  const list = known.get(reference) ?? readList(snapshot, reference);
  known.set(reference, list);
  return list;
}

/** The document that a reference names. */
export const pageOf = (reference: string): string => reference.slice(0, reference.indexOf('#'));

async function readList(snapshot: Snapshot, reference: string): Promise<WrittenList> {
  const path = pageOf(reference);
  const anchor = reference.slice(path.length + 1);
  const broken = (why: string, range?: Range): WrittenList => ({ kind: 'broken', why, ...(range && { range }) });
  const page = await markdownPage(snapshot, path);
  if (page.kind === 'unread') return broken(page.why);
  if (page.kind === 'no-text') {
    if (page.content.kind === 'absent') return broken('there is no such file');
    if (page.content.kind === 'unreadable') return { kind: 'unread', notice: unread(path, page.content) };
    return broken('it is not text');
  }
  const section = sectionAt(page.root, anchor);
  if (!section) return broken(`it has no heading #${anchor}`);
  const block = section.content.find((node) => node.type === 'code');
  const bullets = section.content.filter((node) => node.type === 'list');
  if (!block && bullets.length === 0) {
    return broken(`there is no fenced block and no list under its heading #${anchor}`);
  }
  const entries = block ? linesOf(page.text, rangeOf(block)) : itemsOf(bullets);
  if ('why' in entries) return broken(entries.why, entries.range);
  if (entries.length === 0) return broken(`its ${block ? 'fenced block' : 'list'} is empty`);
  for (const { template, range } of entries) {
    const problem = templateProblem(template);
    if (!problem) continue;
    const line = page.text.slice(0, range[0]).split('\n').length;
    const column = range[0] - page.text.lastIndexOf('\n', range[0] - 1);
    const what = `${JSON.stringify(template.slice(0, 100))} in line ${line}, column ${column}, ${problem}`;
    return broken(what, range);
  }
  return { kind: 'list', templates: entries.map(({ template }) => template), entries };
}

/** The lines between the fences; of an indented block, all. */
function linesOf(text: string, [start, end]: Range): WrittenEntry[] {
  const entries: WrittenEntry[] = [];
  const fenced = /^[ \t>]*(?:```|~~~)/.test(text.slice(start, end));
  let at = start;
  for (const [index, line] of text.slice(start, end).split('\n').entries()) {
    const template = line.replace(/^[ \t>]+/, '').trimEnd();
    const from = at + line.indexOf(template);
    at += line.length + 1;
    if (template === '' || template.startsWith('#') || (fenced && index === 0) || /^(?:```|~~~)/.test(template))
      continue;
    entries.push({ template, range: [from, from + template.length] });
  }
  return entries;
}

/** The path at the head of each item. */
function itemsOf(bullets: readonly List[]): WrittenEntry[] | { readonly why: string; readonly range: Range } {
  const entries: WrittenEntry[] = [];
  for (const item of bullets.flatMap(({ children }) => children)) {
    const [code] = [...nodesOf(item)].filter((node) => node.type === 'inlineCode');
    if (code) entries.push({ template: code.value, range: [rangeOf(code)[0] + 1, rangeOf(code)[1] - 1] });
    else {
      const said = textOf(item).trim().split('\n')[0]!.slice(0, 60);
      return { why: `its item ${JSON.stringify(said)} has no path in backticks`, range: rangeOf(item) };
    }
  }
  return entries;
}
