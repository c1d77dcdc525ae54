import type { ChangeSet } from '../core/change.ts';
import type { Location } from '../core/finding.ts';
import type { Notice } from '../core/notice.ts';
import { anchorsOf, linksOf, type Link } from './document-links.ts';
import { brokenBy, isMarkdown, targetOf } from './link-targets.ts';
import { markdownPage, readMarkdown } from './markdown.ts';
import { matching } from './paths.ts';

export interface BrokenLink {
  /** A sentence. */
  readonly says: string;
  readonly about: string;
  readonly at: Location;
}

export interface Documents {
  readonly where: readonly string[];
  readonly except: readonly string[];
}

/** Links of touched documents that lead nowhere, and links of all others that the change has broken. */
export async function* brokenLinks(
  change: ChangeSet,
  { where, except }: Documents,
): AsyncIterable<BrokenLink | Notice> {
  const { head, changes } = change;
  const [included, excluded] = [await matching(where), await matching(except)];
  const isDocument = (path: string) => included(path) && !excluded(path);
  const touched = new Set<string>();
  for (const { path, after } of changes) {
    if (after?.kind !== 'file' || !isDocument(path)) continue;
    touched.add(path);
    const page = await markdownPage(head, path);
    if (page.kind === 'unread')
      yield { notice: 'not-judged', message: `The links of ${path} were not followed: ${page.why}.`, path };
    if (page.kind !== 'page') continue;
    for (const link of linksOf(page.root)) {
      const why = await wrongWith(change, link, path);
      if (why)
        yield {
          says: `The link to ${link.url} leads nowhere: ${why}.`,
          about: link.url,
          at: { path, range: link.range },
        };
    }
  }
  yield* brokenElsewhere(change, isDocument, touched);
}

async function wrongWith({ head }: ChangeSet, { url }: Link, document: string): Promise<string | undefined> {
  const target = targetOf(url, document);
  return target && brokenBy(head, target, { url, document });
}

/** Something that links may have pointed to, and that is gone from head. */
interface Loss {
  readonly path: string;
  /** '' where the file itself is gone. */
  readonly anchor: string;
  /** What every link to it must have in it, in lower case. */
  readonly sign: string;
}

/** Documents that nobody touched are read only where the change takes away a file or a heading that they may point to. */
async function* brokenElsewhere(
  change: ChangeSet,
  isDocument: (path: string) => boolean,
  touched: ReadonlySet<string>,
): AsyncIterable<BrokenLink> {
  const losses: Loss[] = [];
  for await (const loss of lossesOf(change, isDocument)) losses.push(loss);
  if (losses.length === 0) return;
  const { head, base } = change;
  const hits = new Map<Loss, string[]>();
  for (const path of await head.paths()) {
    if (touched.has(path) || !isDocument(path)) continue;
    const text = await head.read(path);
    const decoded = text?.toLowerCase().replaceAll('%20', ' ');
    const wanted = losses.filter(({ sign }) => decoded?.includes(sign));
    if (wanted.length === 0) continue;
    const page = await markdownPage(head, path);
    if (page.kind !== 'page') continue;
    for (const { url, range } of linksOf(page.root)) {
      const target = targetOf(url, path);
      const loss =
        target &&
        wanted.find(
          (one) => one.path === target.path && (one.anchor === '' || one.anchor === target.anchor.toLowerCase()),
        );
      // What was broken before is nobody's doing here.
      if (
        !loss ||
        !(await brokenBy(head, target, { url, document: path })) ||
        (await brokenBy(base, target, { url, document: path }))
      )
        continue;
      const line = page.text.slice(0, range[0]).split('\n').length;
      hits.set(loss, [...(hits.get(loss) ?? []), `line ${line} of ${path}`]);
    }
  }
  for (const [{ path, anchor }, places] of hits) {
    const what = anchor === '' ? path : `${path}#${anchor}`;
    const shown = places.slice(0, 3).join(', ') + (places.length > 3 ? ` and ${places.length - 3} more` : '');
    yield { says: `${what} is gone, and links lead there: ${shown}.`, about: what, at: { path } };
  }
}

async function* lossesOf(
  { base, head, changes }: ChangeSet,
  isDocument: (path: string) => boolean,
): AsyncIterable<Loss> {
  for (const { path, kind, from } of changes) {
    const left = kind === 'deleted' ? path : from;
    if (left !== undefined && !(await head.entry(left))) yield { path: left, anchor: '', sign: nameOf(left) };
    if (kind !== 'modified' || !isMarkdown(path) || !isDocument(path)) continue;
    const [before, after] = [await base.read(path), await head.read(path)];
    if (before === undefined || after === undefined) continue;
    const [old, now] = [await readMarkdown(before), await readMarkdown(after)];
    if (old.kind !== 'page' || now.kind !== 'page') continue;
    const anchors = anchorsOf(now.root);
    for (const anchor of anchorsOf(old.root)) if (!anchors.has(anchor)) yield { path, anchor, sign: anchor };
  }
}

const nameOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1).toLowerCase();
