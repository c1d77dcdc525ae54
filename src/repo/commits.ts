import { isUtf8 } from 'node:buffer';
import type { Commit, Person } from '../core/change.ts';
import { changesOf, parseCommits, RAW } from './changes.ts';
import { RepoError, type Git } from './git.ts';
import type { Objects } from './objects.ts';

/** A commit object, without what it changed. */
export interface Header extends Omit<Commit, 'changes'> {
  readonly tree: string;
  /** The author's moment as Git writes it: "1767225600 +0100". */
  readonly authored: string;
}

export async function readHeader(objects: Objects, name: string): Promise<Header | undefined> {
  const found = await objects.object(`${name}^{commit}`);
  return found.found === 'whole' && found.type === 'commit' ? parseCommit(found.oid, found.bytes) : undefined;
}

/** Throws a RepoError when Git cannot make a commit of it. */
export async function resolve(objects: Objects, revision: string, ifNot?: string): Promise<Header> {
  const header = await readHeader(objects, revision);
  if (header) return header;
  const said = JSON.stringify(revision);
  throw new RepoError(
    'unknown-revision',
    ifNot ?? `Git knows no commit ${said} here. Check its name, and fetch it if it is on a remote: git fetch origin.`,
  );
}

export function parseCommit(oid: string, bytes: Buffer): Header {
  const end = bytes.indexOf('\n\n');
  const head = bytes.subarray(0, end < 0 ? bytes.length : end);
  const body = end < 0 ? Buffer.alloc(0) : bytes.subarray(end + 2);
  // Values that go over several lines (signatures) continue with a space, which no name below begins with.
  const lines = head.toString('latin1').split('\n');
  const values = (name: string): string[] =>
    lines.filter((line) => line.startsWith(`${name} `)).map((line) => line.slice(name.length + 1));
  const encoding = values('encoding')[0];
  const person = (name: string) => parsePerson(text(Buffer.from(values(name)[0] ?? '', 'latin1'), encoding));
  const [author, committer] = [person('author'), person('committer')];
  return {
    oid,
    tree: values('tree')[0] ?? '',
    parents: values('parent'),
    author: author.person,
    committer: committer.person,
    authored: author.moment,
    date: dateOf(author.moment),
    committed: dateOf(committer.moment),
    message: text(body, encoding),
    ...signatureIn(bytes, head),
  };
}

/** A signature goes over several lines of the header, each after the first with a space before it. It signs the rest. */
function signatureIn(bytes: Buffer, head: Buffer): Pick<Commit, 'signed'> {
  const start = head.indexOf('\ngpgsig ');
  if (start < 0) return {};
  let end = head.indexOf('\n', start + 1);
  while (end >= 0 && head[end + 1] === 0x20) end = head.indexOf('\n', end + 1);
  const stop = end < 0 ? head.length : end;
  const signature = head.subarray(start + '\ngpgsig '.length, stop).toString('latin1').replaceAll('\n ', '\n');
  return { signed: { signature, payload: Buffer.concat([bytes.subarray(0, start), bytes.subarray(stop)]) } };
}

const dateOf = (moment: string): Date => new Date((Number.parseInt(moment, 10) || 0) * 1000);

/** "Ada <ada@example.com> 1767225600 +0100" */
export function parsePerson(line: string): { readonly person: Person; readonly moment: string } {
  const from = line.indexOf('<');
  const to = line.indexOf('>', from);
  if (from < 0 || to < 0) return { person: { name: line.trim(), email: '' }, moment: '' };
  return {
    person: { name: line.slice(0, from).trim(), email: line.slice(from + 1, to) },
    moment: line.slice(line.lastIndexOf('>') + 1).trim(),
  };
}

/** Text in the encoding that a commit names; Git's default is UTF-8, and what is neither is taken byte by byte. */
export function text(bytes: Buffer, encoding: string | undefined): string {
  if (encoding !== undefined && !/^utf-?8$/i.test(encoding)) {
    if (/^(iso[-_]?8859-1|latin-?1)$/i.test(encoding)) return bytes.toString('latin1');
    try {
      return new TextDecoder(encoding, { fatal: true }).decode(bytes);
    } catch {
      // An encoding that nobody knows, or that the bytes do not keep to.
    }
  }
  return bytes.toString(isUtf8(bytes) ? 'utf8' : 'latin1');
}

export interface CommitReader {
  /** The commits that `rev-list` selects, parents before children. */
  select(args: readonly string[]): Promise<Commit[]>;
  /** These commits, in this order, with what each changed. */
  commits(ids: readonly string[]): Promise<Commit[]>;
}

/** `cut`: is this a commit whose parents the clone does not have? What it changed cannot be known then. */
export function commitReader(
  git: Git,
  objects: Objects,
  emptyBlob: string,
  cut: (commit: Header) => boolean,
): CommitReader {
  const commits: CommitReader['commits'] = async (ids) => {
    if (ids.length === 0) return [];
    const args = ['diff-tree', '--stdin', '-r', '-c', '--root', ...RAW];
    const [output, headers] = await Promise.all([
      git.run(args, { input: `${ids.join('\n')}\n` }),
      Promise.all(ids.map((id) => resolve(objects, id, `The commit ${id} cannot be read from this clone.`))),
    ]);
    const pairs = parseCommits(output);
    return headers.map((header) => {
      const { authored: _authored, ...commit } = header;
      return { ...commit, changes: cut(header) ? [] : changesOf(pairs.get(header.oid) ?? [], emptyBlob) };
    });
  };
  return {
    commits,
    select: async (args) => commits(await revisions(git, ['--reverse', '--topo-order', ...args])),
  };
}

/** The ids that `rev-list` prints. */
export async function revisions(git: Git, args: readonly string[], input?: string): Promise<string[]> {
  const output = await git.run(['rev-list', ...args], input === undefined ? {} : { input });
  return output.toString('latin1').split('\n').filter(Boolean);
}
