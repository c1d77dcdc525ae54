import type { ChangeSet, Commit } from '../core/change.ts';
import type { Access } from './access.ts';
import { isZero } from './changes.ts';
import { between, mergeBase } from './committed.ts';
import { readHeader, type Header } from './commits.ts';
import { touched } from './history.ts';
import { RepoError } from './git.ts';

/** What is about to happen to one ref, as Git's hooks are told on standard input. */
export interface RefUpdate {
  /** The ref's name on the receiving side. */
  readonly ref: string;
  /** What it stands for now; undefined for a new ref. */
  readonly old: string | undefined;
  /** What it will stand for; undefined for one that goes away. */
  readonly new: string | undefined;
}

export type Push =
  | { readonly what: 'deleted'; readonly ref: string }
  /** A tag of a file or a tree: no commit comes with it. */
  | { readonly what: 'object'; readonly ref: string }
  | { readonly what: 'commits'; readonly ref: string; readonly change: ChangeSet };

/** Reads standard input to its end, so that Git never writes into a closed pipe. */
export async function drain(stream: AsyncIterable<Uint8Array | string>): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of stream) parts.push(Buffer.from(part as Uint8Array));
  return Buffer.concat(parts);
}

/** pre-push: "<local ref> <local id> <remote ref> <remote id>" a line. The first may hold spaces (":/some message"). */
export const pushedRefs = (input: string): RefUpdate[] =>
  lines(input, /^.* ([0-9a-f]{40,64}) (\S+) ([0-9a-f]{40,64})$/, ([, to, ref, from]) => update(ref!, from!, to!));

/** pre-receive and update-like hooks: "<old id> <new id> <ref>" a line. */
export const receivedRefs = (input: string): RefUpdate[] =>
  lines(input, /^([0-9a-f]{40,64}) ([0-9a-f]{40,64}) (\S+)$/, ([, from, to, ref]) => update(ref!, from!, to!));

function lines(input: string, pattern: RegExp, take: (match: RegExpExecArray) => RefUpdate): RefUpdate[] {
  return input
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const match = pattern.exec(line);
      if (match) return take(match);
      throw new RepoError(
        'git-failed',
        `Standard input is not what Git hands to this hook: ${JSON.stringify(line.slice(0, 200))}. Call the hook through Git, or pass its input on unchanged.`,
      );
    });
}

const update = (ref: string, from: string, to: string): RefUpdate => ({
  ref,
  old: isZero(from) ? undefined : from,
  new: isZero(to) ? undefined : to,
});

/** What a push to a remote brings to it. `remote` is the name that pre-push is given; for a bare address, it equals `url`. */
export async function pushes(
  access: Access,
  updates: readonly RefUpdate[],
  remote: string,
  url?: string,
): Promise<Push[]> {
  const named = remote !== url && /^[^*?[\]\\^~: ]+$/.test(remote);
  return refPushes(access, updates, {
    known: named ? `--remotes=${remote}` : '--remotes',
    trunk: named ? `refs/remotes/${remote}/HEAD` : undefined,
    prefix: `refs/remotes/${remote}/`,
  });
}

/** What a push brings to this repository, in its pre-receive hook: the objects are here, and no ref stands for them yet. */
export const receptions = (access: Access, updates: readonly RefUpdate[]): Promise<Push[]> =>
  refPushes(access, updates, { known: '--all', trunk: 'HEAD', prefix: 'refs/heads/' });

interface Receiver {
  /** For rev-list: everything that the receiver is known to have. */
  readonly known: string;
  /** The symbolic ref that names the branch where all work ends. */
  readonly trunk: string | undefined;
  readonly prefix: string;
}

async function refPushes(access: Access, updates: readonly RefUpdate[], receiver: Receiver): Promise<Push[]> {
  const trunk = await trunkRef(access, receiver);
  const result: Push[] = [];
  for (const { ref, old, new: next } of updates) {
    if (next === undefined) {
      result.push({ what: 'deleted', ref });
      continue;
    }
    const head = await readHeader(access.objects, next);
    if (head) result.push({ what: 'commits', ref, change: await pushed(access, ref, old, head, receiver, trunk) });
    else if (await isOther(access, next)) result.push({ what: 'object', ref });
    else throw new RepoError('missing-object', `The object ${next} that is pushed to ${ref} cannot be read.`);
  }
  return result;
}

async function pushed(
  access: Access,
  ref: string,
  old: string | undefined,
  head: Header,
  { known }: Receiver,
  trunk: (ref: string) => boolean,
): Promise<ChangeSet> {
  const before = old === undefined ? undefined : await readHeader(access.objects, old);
  // What another branch of the receiver already has was judged on its way there, except on its way into the trunk.
  const seen = before ? [before.oid, ...(trunk(ref) ? [] : [known])] : [known];
  const commits = await access.reader.select([head.oid, '--not', ...seen]);
  const base = before ? await parting(access, before.oid, head.oid) : undefined;
  const paths = new Set(commits.flatMap(touched));
  const change = await between(access, base ?? firstKnown(head.oid, commits), head.oid, commits, ({ path }) =>
    paths.has(path),
  );
  const branch = /^refs\/heads\/(.+)$/.exec(ref)?.[1];
  const tag = /^refs\/tags\/(.+)$/.exec(ref)?.[1];
  return { ...change, ...(branch !== undefined && { branch }), ...(tag !== undefined && { tag }) };
}

/** Undefined where a branch was replaced by one of another origin. */
async function parting(access: Access, before: string, head: string): Promise<string | undefined> {
  try {
    return await mergeBase(access, before, head);
  } catch (error) {
    if (error instanceof RepoError && error.kind === 'unrelated') return undefined;
    throw error;
  }
}

/** Back along the first parents to what the receiver has; undefined where the whole line is new. */
function firstKnown(head: string, commits: readonly Commit[]): string | undefined {
  const fresh = new Map(commits.map((commit) => [commit.oid, commit]));
  let at: string | undefined = head;
  for (let commit; at !== undefined && (commit = fresh.get(at));) at = commit.parents[0];
  return at;
}

async function isOther({ objects }: Access, id: string): Promise<boolean> {
  const found = await objects.object(`${id}^{}`);
  return found.found !== 'nothing' && found.type !== 'commit';
}

async function trunkRef({ git }: Access, { trunk, prefix }: Receiver): Promise<(ref: string) => boolean> {
  if (trunk !== undefined) {
    const target = (await git.run(['symbolic-ref', '-q', trunk], { accept: [1, 128] })).toString('utf8').trimEnd();
    if (target.startsWith(prefix)) return (ref) => ref === `refs/heads/${target.slice(prefix.length)}`;
  }
  return (ref) => ref === 'refs/heads/main' || ref === 'refs/heads/master';
}
