import type { Heading, Nodes, RootContent } from 'mdast';
import type { Notice } from '../core/notice.ts';
import type { Snapshot } from '../core/snapshot.ts';
import { templateProblem } from '../core/templates.ts';
import { unread } from './files.ts';

/** Path templates written in a Markdown file, or why they cannot be had. */
export type WrittenList =
  | { readonly kind: 'list'; readonly templates: readonly string[] }
  | { readonly kind: 'broken'; readonly why: string }
  | { readonly kind: 'unread'; readonly notice: Notice };

const lists = new WeakMap<Snapshot, Map<string, Promise<WrittenList>>>();

/** The lines of the first fenced block under a heading, named as "docs/RULES.md#allowed-markdown". Blank lines and lines that begin with "#" say nothing. */
export function writtenList(snapshot: Snapshot, reference: string): Promise<WrittenList> {
  const known = lists.get(snapshot) ?? new Map<string, Promise<WrittenList>>();
  lists.set(snapshot, known);
  const list = known.get(reference) ?? readList(snapshot, reference);
  known.set(reference, list);
  return list;
}

async function readList(snapshot: Snapshot, reference: string): Promise<WrittenList> {
  const [path = '', anchor = ''] = reference.split('#');
  const broken = (why: string): WrittenList => ({ kind: 'broken', why });
  const content = await snapshot.content(path);
  if (content.kind === 'absent') return broken('there is no such file');
  if (content.kind === 'unreadable') return { kind: 'unread', notice: unread(path, content) };
  if (content.kind !== 'text') return broken('it is not text');
  const block = await fencedBlock(content.text, anchor);
  if (typeof block !== 'string') return broken(block.why);
  const templates = block.split(/\r?\n/).flatMap((line) => (/^\s*(?:#|$)/.test(line) ? [] : [line.trim()]));
  if (templates.length === 0) return broken('its fenced block is empty');
  for (const template of templates) {
    const problem = templateProblem(template);
    if (problem) return broken(`its line ${JSON.stringify(template.slice(0, 100))} ${problem}`);
  }
  return { kind: 'list', templates };
}

async function fencedBlock(text: string, anchor: string): Promise<string | { why: string }> {
  const { fromMarkdown } = await import('mdast-util-from-markdown');
  const nodes = fromMarkdown(text.replace(/^\ufeff/, '')).children;
  const index = headingAt(nodes, anchor);
  const heading = nodes[index] as Heading | undefined;
  if (!heading) return { why: `it has no heading #${anchor}` };
  for (const node of nodes.slice(index + 1)) {
    if (node.type === 'heading' && node.depth <= heading.depth) break;
    if (node.type === 'code') return node.value;
  }
  return { why: `there is no fenced block under its heading #${anchor}` };
}

/** Finds a heading by the anchor that GitHub and GitLab give it: the second "Notes" is #notes-1. */
function headingAt(nodes: readonly RootContent[], anchor: string): number {
  const seen = new Map<string, number>();
  return nodes.findIndex((node) => {
    if (node.type !== 'heading') return false;
    const slug = slugOf(textOf(node));
    const times = seen.get(slug) ?? 0;
    seen.set(slug, times + 1);
    return (times === 0 ? slug : `${slug}-${times}`) === anchor.toLowerCase();
  });
}

const slugOf = (text: string): string =>
  text
    .toLowerCase()
    .replace(/[^\p{L}\p{M}\p{N}\p{Pc}\- ]/gu, '')
    .replaceAll(' ', '-');

const textOf = (node: Nodes): string =>
  'value' in node
    ? node.type === 'html'
      ? ''
      : node.value
    : 'children' in node
      ? node.children.map(textOf).join('')
      : '';
