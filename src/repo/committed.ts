import type { ChangeSet, Commit } from '../core/change.ts';
import type { Entry, Snapshot } from '../core/snapshot.ts';
import { plain, type Access } from './access.ts';
import { changesOf, parsePairs, RAW, sideOf, type Pair } from './changes.ts';
import { readHeader, resolve, revisions, type Header } from './commits.ts';
import { RepoError } from './git.ts';
import { history } from './history.ts';
import { emptySnapshot, snapshotOf } from './snapshots.ts';
import { isUnborn } from './uncommitted.ts';

export async function headCommit(access: Access): Promise<Header> {
  const head = await readHeader(access.objects, 'HEAD');
  if (head) return head;
  if (await isUnborn(access)) {
    throw new RepoError(
      'no-commits',
      'This repository has no commit yet. Commit something, or check what is staged: --staged.',
    );
  }
  throw new RepoError('missing-object', 'The commit that HEAD names cannot be read. Run git fsck, or fetch it again.');
}

/** merge-base(revision, HEAD) -> HEAD, with the commits that the revision does not have. */
export async function since(access: Access, revision: string): Promise<ChangeSet> {
  const head = await headCommit(access);
  const other = await resolve(access.objects, revision);
  const base = await mergeBase(access, other.oid, head.oid);
  const { branch } = await access.state();
  const commits = await access.reader.select([head.oid, '--not', other.oid]);
  return { ...(await between(access, base, head.oid, commits)), ...(branch !== undefined && { branch }) };
}

/** Two commits, and the commits that count between them. Without a base, everything is new. `only` keeps some of the paths. */
export async function between(
  access: Access,
  base: string | undefined,
  head: string,
  commits: readonly Commit[],
  only: (pair: Pair) => boolean = () => true,
): Promise<ChangeSet> {
  const { git, emptyTree, emptyBlob } = access;
  const output = await git.run(['diff-tree', '-r', ...RAW, base ?? emptyTree, head]);
  const changes = changesOf([...parsePairs(output).values()].filter(only), emptyBlob);
  return {
    ...plain(access),
    base: commitSnapshot(access, base, sideOf(changes, 'before')),
    head: commitSnapshot(access, head, sideOf(changes, 'after')),
    changes,
    commits,
    ...(await madeAt(access, head, commits)),
    ...history(access, head),
    ...(commits.some(({ parents }) => parents.length > 1) && { joins: true }),
  };
}

async function madeAt({ objects }: Access, head: string, commits: readonly Commit[]): Promise<Pick<ChangeSet, 'made'>> {
  const made = (commits.find(({ oid }) => oid === head) ?? (await readHeader(objects, head)))?.committed;
  return made ? { made } : {};
}

export function commitSnapshot(access: Access, id: string | undefined, order?: readonly Entry[]): Snapshot {
  if (id === undefined) return emptySnapshot();
  return snapshotOf(`commit ${id.slice(0, 12)}`, access.ground(id), order);
}

/** A commit's parent -> the commit. Of a merge, the paths that differ from every parent. */
export async function commit(access: Access, revision: string): Promise<ChangeSet> {
  const { reader, objects, shallow } = access;
  const { oid, parents } = await resolve(objects, revision);
  if (shallow.has(oid) && parents.length > 0) {
    throw new RepoError(
      'shallow',
      `The parent of ${oid.slice(0, 12)} is not in this shallow clone. Fetch it: git fetch --deepen=1.`,
    );
  }
  const commits = await reader.commits([oid]);
  const { changes } = commits[0]!;
  return {
    ...plain(access),
    base: commitSnapshot(access, parents[0], sideOf(changes, 'before')),
    head: commitSnapshot(access, oid, sideOf(changes, 'after')),
    changes,
    commits,
    ...(parents.length > 1 && { joins: true }),
    made: commits[0]!.committed,
    ...history(access, oid),
  };
}

/** The empty tree -> a commit's tree. */
export async function auditOf(access: Access, revision: string): Promise<ChangeSet> {
  const head = revision === 'HEAD' ? await headCommit(access) : await resolve(access.objects, revision);
  const listed = [...(await access.ground(head.oid).list())];
  const changes = changesOf(
    listed.map((after) => ({ path: after.path, after })),
    access.emptyBlob,
  );
  return {
    ...plain(access),
    base: emptySnapshot(),
    head: commitSnapshot(access, head.oid, sideOf(changes, 'after')),
    changes,
    made: head.committed,
    ...history(access, head.oid),
  };
}

/**
 * Where two lines of history parted. In a shallow clone the answer can be missing, or be an older commit than the true one
 * without any sign of it: it is believed only when no commit on the way has lost its parents.
 */
export async function mergeBase(access: Access, a: string, b: string): Promise<string> {
  const { git, place, shallow } = access;
  const output = await git.run(['merge-base', '--all', a, b], { accept: [1] });
  const bases = output.toString('latin1').split('\n').filter(Boolean);
  if (place.shallow) {
    const way = await revisions(git, [a, b, '--not', ...bases]);
    if (way.some((id) => shallow.has(id))) {
      throw new RepoError(
        'shallow',
        'This clone is shallow and does not reach back to where the branches parted. Fetch the whole history: git fetch --unshallow (in CI: fetch-depth: 0).',
      );
    }
  }
  if (bases.length === 0) {
    throw new RepoError(
      'unrelated',
      `The commits ${a.slice(0, 12)} and ${b.slice(0, 12)} have no common ancestor. Name another revision to compare with.`,
    );
  }
  return bases[0]!;
}
