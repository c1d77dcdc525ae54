import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import type { Person } from '../core/change.ts';
import type { Access } from './access.ts';
import { text } from './commits.ts';
import { failure, RepoError } from './git.ts';
import { makeIds, type Ids } from './ids.ts';
import { pathFromBytes } from './names.ts';
import { readHeader } from './commits.ts';

/** What can be read in the past. Each object is named once: where it was first met. */
export type PastObject =
  | { readonly kind: 'blob'; readonly oid: string; readonly path: string; readonly commit?: PastCommit }
  | { readonly kind: 'message'; readonly text: string; readonly commit: PastCommit }
  /** An annotated tag, by its ref's name. */
  | { readonly kind: 'tag'; readonly text: string; readonly name: string }
  /** No ref, reflog or stash leads there. */
  | { readonly kind: 'unreachable'; readonly oid: string; readonly type: 'blob' | 'commit' | 'tag' };

export interface PastCommit {
  readonly oid: string;
  readonly author: Person;
  /** The author's date. */
  readonly date: Date;
}

export interface Past {
  /** The commits at which all refs, reflogs, stashes and work trees stand now. */
  tips(): Promise<readonly string[]>;
  /** Of these commits, those that nothing leads to any more. */
  lost(commits: readonly string[], tips: readonly string[]): Promise<ReadonlySet<string>>;
  /**
   * Gives what `without` did not lead to and `seen` does not hold, the oldest first, some hundred objects at a time. The
   * ids of blobs go into `seen`. Waits while `take` does.
   */
  walk(options: WalkOptions): Promise<{ readonly commits: number }>;
  /** How many commits there are. */
  count(): Promise<number>;
  ids(): Ids;
}

export interface WalkOptions {
  readonly seen: Ids;
  readonly without: readonly string[];
  readonly unreachable?: boolean;
  readonly take: (objects: readonly PastObject[], commits: number) => Promise<void>;
}

export function openPast(access: Access): Past {
  const { git, place } = access;
  const revisions = async (args: readonly string[], input?: string): Promise<string[]> => {
    const output = await git.run(['rev-list', ...args], input === undefined ? {} : { input });
    return output.toString('latin1').split('\n').filter(Boolean);
  };
  return {
    count: async () => Number((await revisions(['--count', '--all', '--reflog']))[0]),
    ids: () => makeIds(place.hash),
    tips: async () => [...new Set(await revisions(['--no-walk=unsorted', '--all', '--reflog']))].sort(),
    async lost(commits, tips) {
      const now = new Set(tips);
      const moved = commits.filter((commit) => !now.has(commit));
      if (moved.length === 0) return new Set();
      return new Set(await revisions(['--stdin', '--not', '--all', '--reflog'], `${moved.join('\n')}\n`));
    },
    walk: (options) => walk(access, options),
  };
}

/** So many objects are handed on at a time. */
const AT_ONCE = 4096;

async function walk(access: Access, { seen, without, unreachable = false, take }: WalkOptions) {
  const { git, place } = access;
  let batch: PastObject[] = [];
  let commits = 0;
  const flush = async (): Promise<void> => {
    const full = batch;
    batch = [];
    if (full.length > 0) await take(full, commits);
  };
  const width = place.hash === 'sha1' ? 40 : 64;
  const list = git.start(['rev-list', '--reverse', '--topo-order', '--all', '--reflog', '--stdin']);
  list.stdin.end(without.map((oid) => `^${oid}\n`).join(''));
  const diff = git.start([
    ...['diff-tree', '--stdin', '-r', '-c', '--root', '--always', '--raw', '-z', '--no-renames', '--no-abbrev'],
    ...['--encoding=UTF-8', '--format=%x01%H%n%an%n%ae%n%at%n%B'],
  ]);
  list.stdout.pipe(diff.stdin);
  diff.stdin.on('error', () => {});
  const ends = Promise.all([ended(list, 'rev-list'), ended(diff, 'diff-tree')]);
  ends.catch(() => {});

  let commit: PastCommit | undefined;
  let meta: Buffer | undefined;
  const fields = splitter();
  for await (const chunk of diff.stdout as AsyncIterable<Buffer>) {
    for (const field of fields(chunk)) {
      if (meta) {
        const oid = newBlob(meta, width, seen);
        if (oid && commit) batch.push({ kind: 'blob', oid, path: pathFromBytes(field), commit });
        meta = undefined;
      } else if (field[0] === COLON) meta = field;
      else if (field[0] === NEWLINE && field[1] === COLON) meta = field.subarray(1);
      else if (field[0] === START) {
        const [head, message] = headOf(field);
        commit = head;
        commits++;
        batch.push({ kind: 'message', text: message, commit });
      }
    }
    if (batch.length >= AT_ONCE) await flush();
  }
  await ends;
  for await (const object of taggedThings(access, seen, without.length > 0)) batch.push(object);
  if (unreachable) {
    for await (const object of unreached(access, seen)) {
      batch.push(object);
      if (batch.length >= AT_ONCE) await flush();
    }
  }
  await flush();
  return { commits };
}

const COLON = 58;
const NEWLINE = 10;
const START = 1;

/** Cuts a stream into what stands between its NULs. */
function splitter(): (chunk: Buffer) => Iterable<Buffer> {
  let rest: Buffer | undefined;
  return function* (chunk) {
    let at = 0;
    for (let end: number; (end = chunk.indexOf(0, at)) >= 0; at = end + 1) {
      const field = chunk.subarray(at, end);
      const whole: Buffer = rest ? Buffer.concat([rest, field]) : field;
      rest = undefined;
      yield whole;
    }
    if (at < chunk.length) rest = rest ? Buffer.concat([rest, chunk.subarray(at)]) : chunk.subarray(at);
  };
}

/** ":<old mode> <new mode> <old id> <new id> M", and of a merge as many colons, modes and ids as it has parents. */
function newBlob(meta: Buffer, width: number, seen: Ids): string | undefined {
  let parents = 1;
  while (meta[parents] === COLON) parents++;
  const mode = parents + 7 * parents;
  // A deleted file, or a submodule: its object is another repository's.
  if (meta[mode] === 48 || (meta[mode] === 49 && meta[mode + 1] === 54)) return undefined;
  const at = mode + 7 + parents * (width + 1);
  return seen.add(meta, at) ? meta.toString('latin1', at, at + width) : undefined;
}

function headOf(field: Buffer): [PastCommit, string] {
  const said = field.toString('utf8', 1);
  const lines = said.split('\n', 4);
  const [oid = '', name = '', email = '', time = ''] = lines;
  const message = said.slice(lines.reduce((sum, line) => sum + line.length + 1, 0));
  return [{ oid, author: { name, email }, date: new Date(Number(time) * 1000) }, message];
}

function ended(child: ChildProcessWithoutNullStreams, name: string): Promise<void> {
  let complaint = '';
  child.stderr.on('data', (chunk: Buffer) => (complaint = (complaint + chunk.toString('utf8')).slice(-2000)));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => (code === 0 ? resolve() : reject(unread(name, code, complaint))));
  });
}

function unread(name: string, code: number | null, complaint: string): RepoError {
  if (/promisor|lazy fetch|unable to read tree|bad tree object|unable to read/i.test(complaint)) {
    return new RepoError(
      'missing-object',
      'The history cannot be walked, because trees or commits of it are missing from this clone. Fetch them first: git fetch --unshallow, or clone without --filter.',
    );
  }
  return failure([name], code, complaint);
}

/** Annotated tags; and the files of refs that stand for a blob or a tree, which no commit leads to. */
async function* taggedThings({ git, objects, ground }: Access, seen: Ids, known: boolean): AsyncIterable<PastObject> {
  const format = '--format=%(objectname) %(objecttype) %(refname)';
  const refs = (await git.run(['for-each-ref', format])).toString('utf8').split('\n').filter(Boolean);
  for (const ref of refs) {
    const [oid = '', type = '', ...rest] = ref.split(' ');
    const name = rest.join(' ').replace(/^refs\/(?:tags|heads)\//, '');
    let at: string | undefined = type === 'commit' ? undefined : oid;
    for (let depth = 0; at !== undefined && depth < 8; depth++) {
      const id: string = at;
      at = undefined;
      const found = await objects.object(id);
      if (found.found !== 'whole') continue;
      const mark = Buffer.from(id, 'latin1');
      if (found.type === 'tag') {
        if (!seen.add(mark, 0) && known) continue;
        const end = found.bytes.indexOf('\n\n');
        if (end >= 0) yield { kind: 'tag', name, text: text(found.bytes.subarray(end + 2), undefined) };
        at = /^object ([0-9a-f]+)$/m.exec(found.bytes.toString('latin1', 0, Math.max(end, 0)))?.[1];
      } else if (found.type === 'blob') {
        if (seen.add(mark, 0)) yield { kind: 'blob', oid: id, path: name };
      } else if (found.type === 'tree') {
        for (const { path, oid: blob, kind } of await ground(id).list()) {
          if (blob && kind !== 'gitlink' && seen.add(Buffer.from(blob, 'latin1'), 0))
            yield { kind: 'blob', oid: blob, path };
        }
      }
    }
  }
}

/** What is in the object database and was not met on the way. */
async function* unreached({ git, objects }: Access, seen: Ids): AsyncIterable<PastObject> {
  const format = '--batch-check=%(objectname) %(objecttype)';
  const reached = new Set((await git.run(['rev-list', '--all', '--reflog'])).toString('latin1').split('\n'));
  // Read from at once: what a process leaves behind when it ends is thrown away where nobody reads.
  const child = git.start(['cat-file', '--batch-all-objects', '--unordered', '--buffer', format]);
  child.stdin.end();
  let rest = '';
  for await (const chunk of child.stdout as AsyncIterable<Buffer>) {
    const lines = (rest + chunk.toString('latin1')).split('\n');
    rest = lines.pop()!;
    for (const line of lines) {
      const [oid = '', type = ''] = line.split(' ');
      if (type === 'tree' || seen.has(Buffer.from(oid, 'latin1'), 0)) continue;
      if (type === 'commit') {
        if (reached.has(oid)) continue;
        const header = await readHeader(objects, oid);
        const { author, date, message } = header ?? {};
        if (author && date && message !== undefined)
          yield { kind: 'message', text: message, commit: { oid, author, date } };
      } else if (type === 'blob' || type === 'tag') yield { kind: 'unreachable', oid, type };
    }
  }
}
