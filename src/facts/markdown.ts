import type { Heading, Nodes, Root, RootContent } from 'mdast';
import type { Range } from '../core/finding.ts';
import type { Content, Snapshot } from '../core/snapshot.ts';

/** A Markdown document as GitHub reads it: with tables, task lists and footnotes. `why` says why there is none. */
export type Markdown =
  | { readonly kind: 'page'; readonly root: Root; readonly text: string }
  | { readonly kind: 'unread'; readonly why: string };

/** Bounds on one document: its parser takes the square of the depth, and some 100 times a text's size in memory. */
export const MARKDOWN_LIMITS = { characters: 1_000_000, depth: 40 } as const;

/** Parses a text. Offsets in the result are those of the text, front matter and byte order mark included. */
export async function readMarkdown(text: string): Promise<Markdown> {
  const { characters, depth } = MARKDOWN_LIMITS;
  if (text.length > characters) return { kind: 'unread', why: `it has more than ${characters} characters` };
  const deep = tooDeep(text, depth);
  if (deep !== undefined) return { kind: 'unread', why: `its line ${deep} nests more than ${depth} deep` };
  const [core, table, tableTree, tasks, tasksTree, footnotes, footnotesTree] = await Promise.all([
    import('mdast-util-from-markdown'),
    import('micromark-extension-gfm-table'),
    import('mdast-util-gfm-table'),
    import('micromark-extension-gfm-task-list-item'),
    import('mdast-util-gfm-task-list-item'),
    import('micromark-extension-gfm-footnote'),
    import('mdast-util-gfm-footnote'),
  ]);
  const root = core.fromMarkdown(blanked(text), {
    extensions: [table.gfmTable(), tasks.gfmTaskListItem(), footnotes.gfmFootnote()],
    mdastExtensions: [
      tableTree.gfmTableFromMarkdown(),
      tasksTree.gfmTaskListItemFromMarkdown(),
      footnotesTree.gfmFootnoteFromMarkdown(),
    ],
  });
  return { kind: 'page', root, text };
}

const pages = new WeakMap<Snapshot, Map<string, Promise<Page>>>();

/** A document of a snapshot, or the content that stands there instead of text. */
export type Page = Markdown | { readonly kind: 'no-text'; readonly content: Exclude<Content, { kind: 'text' }> };

/** Reads a document once for each snapshot. */
export function markdownPage(snapshot: Snapshot, path: string): Promise<Page> {
  const known = pages.get(snapshot) ?? new Map<string, Promise<Page>>();
  pages.set(snapshot, known);
  const page = known.get(path) ?? readPage(snapshot, path);
  known.set(path, page);
  return page;
}

async function readPage(snapshot: Snapshot, path: string): Promise<Page> {
  const content = await snapshot.content(path);
  return content.kind === 'text' ? readMarkdown(content.text) : { kind: 'no-text', content };
}

/** The number of the first line that opens more than `most` quotes and lists in one another. */
function tooDeep(text: string, most: number): number | undefined {
  let number = 0;
  for (const line of text.split('\n')) {
    number++;
    // Each level takes a mark of its own, or two columns of indentation that only a list gives a meaning to.
    const opening = /^(?:[ \t>]|[-+*](?=[ \t])|\d{1,9}[.)](?=[ \t]))*/.exec(line)![0];
    const marks = opening.match(/[>*+-]|\d+/g)?.length ?? 0;
    const indent = /^[ \t]*/.exec(opening)![0].replaceAll('\t', '    ').length;
    if (marks > most || (marks > 0 && marks + indent / 2 > most * 2)) return number;
  }
  return undefined;
}

/** Front matter and a byte order mark as blanks of the same length: they are no Markdown. */
const blanked = (text: string): string =>
  text
    .replace(/^\ufeff/, ' ')
    .replace(/^ ?(---|\+\+\+)[ \t]*\r?\n(?:[^]*?\r?\n)?\1[ \t]*(?=\r?\n|$)/, (matter) =>
      matter.replace(/[^\r\n]/g, ' '),
    );

/** Every node, parents before children. No recursion: documents may nest deeper than the stack. */
export function* nodesOf(root: Nodes): Iterable<Nodes> {
  const left: Nodes[] = [root];
  for (let node = left.pop(); node; node = left.pop()) {
    yield node;
    if ('children' in node) for (const child of node.children.toReversed()) left.push(child);
  }
}

/** The text that a reader sees; of images, their description. */
export function textOf(node: Nodes): string {
  let text = '';
  for (const one of nodesOf(node)) {
    if ('value' in one && one.type !== 'html') text += one.value;
    else if ('alt' in one) text += one.alt ?? '';
    else if (one.type === 'break') text += '\n';
  }
  return text;
}

/** Where a node stands in its text. */
export const rangeOf = ({ position }: Nodes): Range => [position?.start.offset ?? 0, position?.end.offset ?? 0];

/** What stands under a heading, named by the anchor that GitHub gives it: down to the next heading of its rank. */
export interface Section {
  readonly heading: Heading;
  readonly content: readonly RootContent[];
}

export function sectionAt({ children }: Root, anchor: string): Section | undefined {
  const wanted = anchor.toLowerCase();
  const slugs = slugger();
  return sectionWhere(children, (heading) => slugs(textOf(heading)) === wanted);
}

/** The first section whose heading reads so, in letters of either case. */
export function sectionNamed({ children }: Root, title: string): Section | undefined {
  const wanted = title.trim().toLowerCase();
  return sectionWhere(children, (heading) => textOf(heading).trim().toLowerCase() === wanted);
}

function sectionWhere(nodes: readonly RootContent[], is: (heading: Heading) => boolean): Section | undefined {
  const start = nodes.findIndex((node) => node.type === 'heading' && is(node));
  if (start < 0) return undefined;
  const heading = nodes[start] as Heading;
  const length = nodes.slice(start + 1).findIndex((node) => node.type === 'heading' && node.depth <= heading.depth);
  return { heading, content: nodes.slice(start + 1, length < 0 ? undefined : start + 1 + length) };
}

/** Gives each heading of a document, asked in order, the anchor that GitHub gives it: the second "Notes" is "notes-1". */
export function slugger(): (text: string) => string {
  const times = new Map<string, number>();
  return (text) => {
    const plain = text
      .toLowerCase()
      .replace(/[^\p{L}\p{M}\p{N}\p{Pc}\- ]/gu, '')
      .replaceAll(' ', '-');
    let slug = plain;
    let count = times.get(plain) ?? 0;
    while (times.has(slug)) slug = `${plain}-${++count}`;
    times.set(plain, count);
    times.set(slug, 0);
    return slug;
  };
}
