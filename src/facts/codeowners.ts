import type { Range } from '../core/finding.ts';
import { globProblem, matcher } from '../core/globs.ts';
import type { Snapshot } from '../core/snapshot.ts';

/** Where GitHub and GitLab look for it; the first that is there counts. */
export const CODEOWNERS = ['.github/CODEOWNERS', 'CODEOWNERS', 'docs/CODEOWNERS', '.gitlab/CODEOWNERS'];
/** Above this, GitHub loads none of it. */
export const CODEOWNERS_LIMIT = 3_000_000;

/** A line that says who owns what. */
export interface OwnersLine {
  /** As written: "/docs/", "*.js". */
  readonly pattern: string;
  /** As written: "@team/data", "ann@example.com". None: nobody owns it, on purpose. */
  readonly owners: readonly string[];
  readonly range: Range;
  /** GitLab's section in which it stands: the last match of each section counts. '' for none. */
  readonly section: string;
}

export interface CodeOwners {
  readonly path: string;
  readonly lines: readonly OwnersLine[];
  /** What is wrong: words that make a sentence of their own, with their place. */
  readonly problems: readonly { readonly says: string; readonly about: string; readonly range: Range }[];
}

/** The file that counts; undefined where there is none that is text. */
export async function codeOwnersOf(snapshot: Snapshot): Promise<CodeOwners | undefined> {
  for (const path of CODEOWNERS) {
    if (!(await snapshot.entry(path))) continue;
    const text = await snapshot.read(path);
    return text === undefined ? undefined : readCodeOwners(path, text);
  }
  return undefined;
}

export function readCodeOwners(path: string, text: string): CodeOwners {
  const lines: OwnersLine[] = [];
  const problems: { says: string; about: string; range: Range }[] = [];
  let section = { name: '', owners: [] as readonly string[] };
  let start = 0;
  for (const line of text.split('\n')) {
    const at = start;
    start += line.length + 1;
    const content = withoutComment(line.replace(/^\ufeff/, '')).trim();
    if (content === '') continue;
    const from = at + line.indexOf(content);
    const range: Range = [from, from + content.length];
    const problem = (says: string) => problems.push({ says, about: content, range });
    const [, name, defaults = ''] = /^\^?\[([^\]]+)\](?:\[\d+\])?(?:\s+(.*))?$/.exec(content) ?? [];
    const isSection =
      name !== undefined &&
      (name.includes(' ') ||
        content.startsWith('^') ||
        !/[*/.]/.test(content) ||
        defaults !== '' ||
        path.startsWith('.gitlab/'));
    const [pattern = '', ...owners] = isSection ? ['', ...words(defaults)] : words(content);
    for (const owner of owners) {
      if (!isOwner(owner))
        problem(`"${owner}" is no owner: an owner is @name, @organisation/team or an e-mail address`);
    }
    const valid = owners.filter(isOwner);
    if (isSection) {
      section = { name, owners: valid };
      continue;
    }
    const wrong = patternProblem(pattern);
    if (wrong) problem(`"${pattern}" ${wrong}`);
    else lines.push({ pattern, owners: owners.length > 0 ? valid : section.owners, range, section: section.name });
  }
  return { path, lines, problems };
}

/** A "#" opens a comment at the start of a line or after a space. */
const withoutComment = (line: string): string => line.replace(/(^|[ \t])#[^]*$/, '$1');

/** Words are parted by spaces, unless a backslash stands before them. */
const words = (text: string): string[] => text.match(/(?:\\.|[^\s\\]|\\$)+/g) ?? [];

const isOwner = (text: string): boolean =>
  /^@[\w.-]+(?:\/[\w.-]+)*$/.test(text) || /^@@[\w-]+$/.test(text) || /^[^\s@<>]+@[^\s@<>]+\.[^\s@<>]+$/.test(text);

/** What hosts refuse of Git's ignore patterns. */
function patternProblem(pattern: string): string | undefined {
  if (pattern.startsWith('!'))
    return 'takes paths out again, which CODEOWNERS cannot: write a later line without owners';
  if (/[[\]]/.test(pattern)) return 'has a choice of letters in brackets, which GitHub does not read';
  return globProblem(globsOf(pattern)[0]!);
}

/** The paths that a pattern stands for, by the rules of Git's ignore files. */
function globsOf(pattern: string): string[] {
  const written = pattern.replace(/\\(?=[ #])/g, '').replace(/[{}(),|@+!]/g, '\\$&');
  // Two stars that are not alone between slashes are one.
  const plain = written.replace(/[^/]+/g, (name) => (name === '**' ? name : name.replace(/\*{2,}/g, '*')));
  const folder = plain.endsWith('/');
  const body = plain.replace(/^\//, '').replace(/\/+$/, '');
  if (body === '') return ['**'];
  const anchored = plain.startsWith('/') || body.includes('/');
  const rooted = anchored ? body : `**/${body}`;
  // "docs/*" is what lies in docs itself; everything else takes in the folders that it names.
  if (folder) return [`${rooted}/**`];
  return /(?:^|\/)\*$/.test(body) && anchored ? [rooted] : [rooted, `${rooted}/**`];
}

export type OwnersMatch = (path: string) => readonly OwnersLine[];

const matches = new WeakMap<CodeOwners, Promise<OwnersMatch>>();

/** The lines that hold for a path: the last that matches, of each section. */
export function linesFor(file: CodeOwners): Promise<OwnersMatch> {
  const match = matches.get(file) ?? compile(file);
  matches.set(file, match);
  return match;
}

async function compile({ lines }: CodeOwners): Promise<OwnersMatch> {
  const tests = await Promise.all(lines.map(async (line) => ({ line, test: await matcherOf(line) })));
  return (path) => {
    const found = new Map<string, OwnersLine>();
    for (const { line, test } of tests) if (test(path)) found.set(line.section, line);
    return [...found.values()];
  };
}

/** Whether a pattern matches a path. */
export const matcherOf = ({ pattern }: OwnersLine): Promise<(path: string) => boolean> => matcher(globsOf(pattern));
