import type { Snapshot } from '../core/snapshot.ts';
import { anchorsOf } from './document-links.ts';
import { markdownPage } from './markdown.ts';

/** Where a link points to in its repository. Undefined for one that leaves it, or whose meaning only a site knows. */
export interface Target {
  /** '' for the root. */
  readonly path: string;
  readonly anchor: string;
}

const MARKDOWN = /\.(?:md|markdown|mdown)$/i;
export const isMarkdown = (path: string): boolean => MARKDOWN.test(path);

/** Addresses, placeholders of template languages, and what a browser makes up. */
const ELSEWHERE = /^(?:[a-z][a-z\d+.-]*:|\/\/|\\\\|~|@|#$)|[{}<>$|]|^$/i;

/** Reads a link as GitHub does: from the document's folder, or, with a leading slash, from the root. */
export function targetOf(url: string, document: string): Target | undefined {
  if (ELSEWHERE.test(url)) return undefined;
  const [address = '', anchor = ''] = splitOnce(url, '#');
  const [written = ''] = splitOnce(address, '?');
  const decoded = decode(written);
  if (decoded === undefined) return undefined;
  const folder = document.split('/').slice(0, -1);
  if (decoded === '') return { path: document, anchor };
  const parts = decoded.startsWith('/') ? [] : folder;
  for (const part of decoded.replaceAll('\\', '/').split('/')) {
    if (part === '' || part === '.') continue;
    if (part !== '..') parts.push(part);
    // Above the root lie the pages that GitHub keeps beside the files: issues, wiki, releases.
    else if (parts.pop() === undefined) return undefined;
  }
  return { path: parts.join('/'), anchor };
}

function splitOnce(text: string, at: string): [string, string?] {
  const index = text.indexOf(at);
  return index < 0 ? [text] : [text.slice(0, index), text.slice(index + 1)];
}

/** Undefined for what is no percent-encoding: then nobody can say what was meant. */
function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

/** A tree as links see it: its files, and the folders that they make. */
export interface Places {
  readonly files: ReadonlySet<string>;
  readonly folders: ReadonlySet<string>;
  /** By the path in lower case. */
  readonly folded: ReadonlyMap<string, string>;
  /** Folders whose documents a generator makes into a site: there, only the site knows what a path without extension means. */
  readonly sites: readonly string[];
}

const SITE =
  /(?:^|\/)(?:docusaurus\.config\.[cm]?[jt]s|mkdocs\.ya?ml|\.vitepress\/config\.[cm]?[jt]s|_config\.ya?ml|astro\.config\.[cm]?[jt]s|gatsby-config\.[cm]?[jt]s|mint\.json|docs\.json|book\.toml|hugo\.(?:toml|ya?ml|json)|config\/_default\/[^/]+|antora\.ya?ml|\.eleventy\.c?js|eleventy\.config\.[cm]?js|source\.config\.ts|_meta\.(?:json|[jt]sx?)|theme\.config\.[jt]sx|velite\.config\.[jt]s|contentlayer\.config\.[jt]s|SUMMARY\.md|_sidebar\.md|conf\.py)$/;

const known = new WeakMap<Snapshot, Promise<Places>>();

export function placesIn(snapshot: Snapshot): Promise<Places> {
  const places = known.get(snapshot) ?? readPlaces(snapshot);
  known.set(snapshot, places);
  return places;
}

async function readPlaces(snapshot: Snapshot): Promise<Places> {
  const paths = await snapshot.paths();
  const folders = new Set<string>(['']);
  for (const path of paths) {
    for (let slash = path.lastIndexOf('/'); slash > 0 && !folders.has(path.slice(0, slash));) {
      folders.add(path.slice(0, slash));
      slash = path.lastIndexOf('/', slash - 1);
    }
  }
  const all = [...paths, ...folders];
  const folded = new Map(all.map((path) => [path.toLowerCase(), path]));
  const sites = paths.flatMap((path) => {
    const match = SITE.exec(path);
    return match ? [path.slice(0, match.index)] : [];
  });
  return { files: new Set(paths), folders, folded, sites: [...new Set(sites)] };
}

/** Whether a document is a page of a generated site. What GitHub itself shows (a README, .github) is none. */
export const isSitePage = ({ sites }: Places, path: string): boolean =>
  !/(?:^|\/)(?:README|CONTRIBUTING|CHANGELOG|SECURITY|CODE_OF_CONDUCT)\.\w+$|^\.github\//i.test(path) &&
  sites.some((site) => site === '' || path.startsWith(`${site}/`));

/** What is wrong with a target, in words that follow the link; undefined where it is there, or where nobody can tell. */
export async function brokenBy(
  snapshot: Snapshot,
  { path, anchor }: Target,
  { url, document }: { readonly url: string; readonly document: string },
): Promise<string | undefined> {
  const places = await placesIn(snapshot);
  const { files, folders, folded } = places;
  if (!files.has(path) && !folders.has(path)) {
    const site = isSitePage(places, document);
    if (await isBeyond(snapshot, path)) return undefined;
    if (path.split('/').includes('node_modules')) return undefined;
    const extension = /\.[a-z\d]{1,10}$/i.test(path);
    if (site && (!isMarkdown(path) || url.startsWith('/'))) return undefined;
    // A leading slash means the root of the repository on GitHub, and that of the site elsewhere.
    if (url.startsWith('/') && !(extension && folders.has(path.split('/')[0]!))) return undefined;
    // Generators write pages without their extension, or with that of the page that they make.
    const bare = path.replace(/\.html?$/, '');
    const pages = [`${bare}.md`, `${bare}.mdx`, `${bare}/index.md`, `${bare}/README.md`, `${bare}/index.mdx`];
    if (pages.some((page) => files.has(page))) return undefined;
    const other = folded.get(path.toLowerCase());
    return other === undefined ? `there is no ${path}` : `there is no ${path}, but ${other}`;
  }
  if (anchor === '' || !isMarkdown(path) || !files.has(path)) return undefined;
  return brokenAnchor(snapshot, path, anchor);
}

/** A path below a submodule or a symbolic link lies in a tree that is not this one. */
async function isBeyond(snapshot: Snapshot, path: string): Promise<boolean> {
  for (let slash = path.indexOf('/'); slash > 0; slash = path.indexOf('/', slash + 1)) {
    const entry = await snapshot.entry(path.slice(0, slash));
    if (entry && entry.kind !== 'file') return true;
  }
  return false;
}

async function brokenAnchor(snapshot: Snapshot, path: string, written: string): Promise<string | undefined> {
  const anchor = (decode(written) ?? written).toLowerCase().replace(/^user-content-|^markdown-header-/, '');
  // Places that a browser or GitHub knows without the document: the top, a text, lines of the source, footnotes.
  if (anchor === 'top' || /^(?::~:|l\d+(?:c\d+)?(?:-l\d+(?:c\d+)?)?$|fn|readme$)/.test(anchor)) return undefined;
  const page = await markdownPage(snapshot, path);
  if (page.kind !== 'page') return undefined;
  const anchors = anchorsOf(page.root);
  return anchors.has(anchor) ? undefined : `${path} has no heading #${anchor}`;
}
