import type { Nodes, RootContent } from 'mdast';
import { readMarkdown } from './markdown.ts';

/** A piece of Markdown as its reader sees it: comments are not there, and code is not said but shown. */
export interface Prose {
  /** The source. */
  readonly source: string;
  /** In order; the first holds what stands above all headings. A section holds its sub-sections, too. */
  readonly sections: readonly ProseSection[];
}

export interface ProseSection {
  /** As its reader sees it; '' above all headings. */
  readonly heading: string;
  /** As written, '' above all headings. */
  readonly headingSource: string;
  readonly nodes: readonly RootContent[];
  /** The words in it, its sub-headings and code left out. */
  readonly text: string;
}

export interface Task {
  readonly text: string;
  readonly done: boolean;
  /** It is struck through: it does not apply. */
  readonly struck: boolean;
}

/** Why it could not be read, in place of what it says. */
export async function readProse(source: string): Promise<Prose | { readonly problem: string }> {
  // What looks like front matter is two lines across the text here: a blank line above it keeps it from being taken out.
  const written = `\n${source.replaceAll('\r\n', '\n')}`;
  const page = await readMarkdown(written);
  if (page.kind === 'unread') return { problem: page.why };
  const nodes = page.root.children;
  const hidden = commented(nodes);
  const sections: ProseSection[] = [];
  for (let at = -1; at < nodes.length; at++) {
    const heading = nodes[at];
    if (heading && heading.type !== 'heading') continue;
    const depth = heading?.depth ?? 0;
    const end = nodes.findIndex(
      (node, i) => i > at && node.type === 'heading' && node.depth <= Math.max(depth, at < 0 ? 6 : 0),
    );
    const inside = nodes.slice(at + 1, end < 0 ? undefined : end);
    const text = inside
      .flatMap((node) => (node.type === 'heading' ? [] : [said(node, hidden)]))
      .join('\n')
      .trim();
    const headingSource = heading ? written.slice(heading.position?.start.offset, heading.position?.end.offset) : '';
    sections.push({ heading: heading ? said(heading, hidden).trim() : '', headingSource, nodes: inside, text });
  }
  return { source: written, sections };
}

/** The sections under a heading, whatever its level, case, pictures and punctuation. */
export const sectionsNamed = ({ sections }: Prose, heading: string): readonly ProseSection[] =>
  sections.filter((section) => section.heading !== '' && plainWords(section.heading) === plainWords(heading));

/** "🧪 How to test?" is "how to test". */
export const plainWords = (text: string): string =>
  text
    .toLowerCase()
    .replace(/[^\p{L}\p{M}\p{N}]+/gu, ' ')
    .trim();

/** Everything that is said outside of code, headings and the targets of links included. */
export const wholeText = ({ sections }: Prose): string =>
  sections
    .filter(({ heading }, i) => i === 0 || heading !== '')
    .flatMap(({ heading, text, nodes }) => [heading, text, ...nodes.flatMap(targets)])
    .join('\n');

const targets = (node: Nodes): readonly string[] => [
  ...('url' in node ? [node.url] : []),
  ...('children' in node ? node.children.flatMap(targets) : []),
];

/** The items of GitHub's and GitLab's task lists: "- [ ] said" and "- [x] done". */
export function tasksOf(nodes: readonly Nodes[]): readonly Task[] {
  return nodes.flatMap((node): readonly Task[] => {
    const inner = 'children' in node ? tasksOf(node.children) : [];
    if (node.type !== 'listItem' || typeof node.checked !== 'boolean') return inner;
    const text = node.children[0] ? said(node.children[0]) : '';
    const plain = text.replace(/\s+/g, ' ').trim();
    return [{ text: plain.replace(/^~~|~~$/g, ''), done: node.checked, struck: /^~~.*~~/.test(plain) }, ...inner];
  });
}

/** A node's words without code, tags and what `hidden` holds. */
function said(node: Nodes, hidden: ReadonlyMap<Nodes, string> = NONE): string {
  const shown = hidden.get(node);
  if (shown !== undefined) return shown;
  if (node.type === 'code' || node.type === 'inlineCode' || node.type === 'definition') return '';
  if (node.type === 'html') return withoutTags(node.value);
  if (node.type === 'break') return '\n';
  if ('value' in node) return node.value;
  if (!('children' in node)) return '';
  const blocks = node.type === 'list' || node.type === 'listItem' || node.type === 'blockquote';
  return node.children.map((child) => said(child, hidden)).join(blocks ? '\n' : '');
}

const NONE: ReadonlyMap<Nodes, string> = new Map();

const withoutTags = (html: string): string =>
  html.replace(/<!--[^]*?(?:-->|$)/g, '').replace(/<\/?[a-z][^<>]*>/gi, ' ');

/** What is left of the nodes that a comment hides, though Markdown sees it end at a blank line and browsers do not. */
function commented(nodes: readonly RootContent[]): ReadonlyMap<Nodes, string> {
  const hidden = new Map<Nodes, string>();
  let open = false;
  const visit = (node: Nodes): void => {
    if ('children' in node) return node.children.forEach((child) => visit(child));
    if (!('value' in node) || (node.type !== 'html' && !open)) return;
    const text = open ? `<!--${node.value}` : node.value;
    const before = open;
    open = text.lastIndexOf('<!--') > text.lastIndexOf('-->');
    if (before) hidden.set(node, withoutTags(text));
  };
  nodes.forEach(visit);
  return hidden;
}
