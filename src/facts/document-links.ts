import type { Nodes, Root } from 'mdast';
import type { Range } from '../core/finding.ts';
import { nodesOf, rangeOf, slugger, textOf } from './markdown.ts';

/** A link or an image of a document. */
export interface Link {
  /** As written, its escapes resolved. */
  readonly url: string;
  readonly range: Range;
}

/** What a document links to, wherever its author wrote it: inline, as a reference's definition, or in HTML. */
export function* linksOf(root: Root): Iterable<Link> {
  for (const node of nodesOf(root)) {
    if (node.type === 'link' || node.type === 'image' || node.type === 'definition') {
      yield { url: node.url, range: rangeOf(node) };
    } else if (node.type === 'html') yield* linksInHtml(node.value, rangeOf(node)[0]);
  }
}

/** A tag that a browser would load from, or go to. Comments hold none. */
function* linksInHtml(html: string, start: number): Iterable<Link> {
  const visible = html.replace(/<!--[^]*?(?:-->|$)/g, (comment) => ' '.repeat(comment.length));
  for (const { 0: tag, 1: double, 2: single, index } of visible.matchAll(
    /<(?:a|img)\s(?:[^<>]*?\s)?(?:href|src)\s*=\s*(?:"([^"<>]*)"|'([^'<>]*)')/gi,
  )) {
    const url = double ?? single ?? '';
    yield { url: url.replaceAll('&amp;', '&'), range: [start + index, start + index + tag.length] };
  }
}

/** The anchors that a document has, in lower case: of its headings, and of ids and names in its HTML. */
export function anchorsOf(root: Root): ReadonlySet<string> {
  const anchors = new Set<string>();
  const slug = slugger();
  for (const node of nodesOf(root)) {
    if (node.type === 'heading') for (const anchor of headingAnchors(node, slug)) anchors.add(anchor);
    else if (node.type === 'html') {
      for (const { 1: double, 2: single, 3: bare } of node.value.matchAll(
        /\s(?:id|name)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'<>]+))/gi,
      ))
        anchors.add((double ?? single ?? bare ?? '').toLowerCase());
    } else if (node.type === 'footnoteDefinition') anchors.add(`fn-${node.identifier}`);
  }
  return anchors;
}

/** GitHub's anchor; GitLab's, which runs dashes together; and the one that generators of sites let people choose. */
function* headingAnchors(heading: Nodes, slug: (text: string) => string): Iterable<string> {
  const text = textOf(heading);
  const chosen = /\{:?\s*#([\w.:-]+)[^{}]*\}\s*$/.exec(text);
  if (chosen) yield chosen[1]!.toLowerCase();
  const anchor = slug(chosen ? text.slice(0, chosen.index).trimEnd() : text);
  yield anchor;
  yield anchor.replace(/-{2,}/g, '-').replace(/^-|-$/g, '');
}
