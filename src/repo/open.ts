import { realpathSync } from 'node:fs';
import type { ChangeSet } from '../core/change.ts';
import type { Notice } from '../core/notice.ts';
import type { Snapshot } from '../core/snapshot.ts';
import { openAccess, plain, type OpenOptions } from './access.ts';
import { ciChange } from './ci-change.ts';
import type { CiRun } from './ci.ts';
import { auditOf, between, commit, commitSnapshot, headCommit, since } from './committed.ts';
import { history } from './history.ts';
import { resolve } from './commits.ts';
import { sideOf } from './changes.ts';
import { attributes } from './conversion.ts';
import { noWorkTree } from './git.ts';
import { headsBeside } from './heads.ts';
import { messagesOf } from './messages.ts';
import { named, outsideOf, pathBelow, standIn } from './named.ts';
import { openPast, type Past } from './past.ts';
import { pushedRefs, pushes, receivedRefs, receptions, type Push } from './push.ts';
import { snapshotOf } from './snapshots.ts';
import { diffOfIndex, nextTree, parentsOfNext, readWorkTree, staged, uncommitted } from './uncommitted.ts';
import { wouldBeMerge, type WouldBeMerge } from './would-be-merge.ts';

export { RepoError, elsewhere, type RepoErrorKind } from './git.ts';
export { ciRun, type CiRun } from './ci.ts';
export { drain, type Push } from './push.ts';
export { openFolder, type Folder } from './named.ts';
export type { OpenOptions } from './access.ts';

/** A Git repository to read from. Nothing here writes. Every function may throw a RepoError. */
export interface Repository {
  /** Of this work tree. */
  readonly gitDir: string;
  /** Shared by all work trees: where caches belong. */
  readonly commonDir: string;
  /** The top of the work tree; undefined in a bare repository. */
  readonly topLevel: string | undefined;
  readonly bare: boolean;
  readonly shallow: boolean;
  /** What could not be judged, so far. */
  readonly notices: readonly Notice[];
  /** HEAD -> index. */
  staged(): Promise<ChangeSet>;
  /** HEAD -> work tree, untracked files included. */
  uncommitted(): Promise<ChangeSet>;
  /** merge-base(revision, HEAD) -> HEAD. */
  since(revision: string): Promise<ChangeSet>;
  /** A commit's parents -> the commit. */
  commit(revision: string): Promise<ChangeSet>;
  /** A revision -> what merging another (HEAD) into it would make. */
  mergeInto(revision: string, head?: string): Promise<ChangeSet>;
  /** One commit -> another, and the commits that only the second has. */
  range(base: string, head: string): Promise<ChangeSet>;
  /** The empty tree -> the work tree, or a revision. In a bare repository: HEAD. */
  audit(revision?: string): Promise<ChangeSet>;
  /** Files and folders, as the user typed them, as wholly new. */
  files(paths: readonly string[]): Promise<ChangeSet>;
  /** Bytes as the file at a path, as wholly new. */
  stdin(bytes: Uint8Array, path: string): Promise<ChangeSet>;
  /** The standard input of pre-push, and its two arguments. */
  push(input: string, remote: string, url?: string): Promise<Push[]>;
  /** The standard input of pre-receive. */
  receive(input: string): Promise<Push[]>;
  /** What a CI run is about. */
  ci(run: CiRun): Promise<ChangeSet>;
  /** What Git will store for the message file of commit-msg: most likely first, a second one where it depends. */
  messages(file: Uint8Array): Promise<readonly string[]>;
  /** The id of the tree that a commit of the index would hold. */
  nextTree(): Promise<string>;
  /** What `git branch --edit-description` keeps of a branch. */
  branchDescription(branch: string): Promise<string | undefined>;
  /** A revision's tree. */
  snapshot(revision: string): Promise<Snapshot>;
  /** Attributes of paths; `cached` reads .gitattributes from the index alone. */
  attributes(
    names: readonly string[],
    paths: readonly string[],
    options?: { readonly cached?: boolean },
  ): Promise<ReadonlyMap<string, ReadonlyMap<string, string>>>;
  /** What any ref, reflog or stash reached. */
  readonly past: Past;
  /** For threads that read on their own. */
  readonly reading: Reading;
  /** Ends the Git processes that stay open. */
  close(): Promise<void>;
}

/** Where Git is run for a repository, and with which environment. Plain data. */
export interface Reading {
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
}

export async function openRepository(cwd: string, options: OpenOptions = {}): Promise<Repository> {
  const access = await openAccess(cwd, options, diffOfIndex);
  const { place, notices, objects } = access;

  const merges: WouldBeMerge[] = [];
  const workTree = async () => {
    if (place.topLevel === undefined) throw noWorkTree();
    return readWorkTree(access, await parentsOfNext(access));
  };
  const below = (path: string): string => {
    const found = pathBelow(place.topLevel!, realpathSync(cwd), path);
    if (found === undefined) throw outsideOf(place.topLevel!, path);
    return found;
  };
  const beside = (push: Push): Push => {
    const tip = push.what === 'commits' && push.change.commits.at(-1)?.oid;
    return tip ? { ...push, change: { ...push.change, ...headsBeside(access, tip, push.change.branch) } } : push;
  };
  const closed = (folder: string): void => {
    notices.push({
      notice: 'not-judged',
      message: 'The folder cannot be listed, so nothing in it was judged.',
      path: folder,
      needed: true,
    });
  };
  return {
    gitDir: place.gitDir,
    commonDir: place.commonDir,
    topLevel: place.topLevel,
    bare: place.bare,
    shallow: place.shallow,
    notices,
    staged: () => staged(access),
    uncommitted: () => uncommitted(access),
    async since(revision) {
      const change = await since(access, revision);
      return { ...change, ...headsBeside(access, 'HEAD', change.branch) };
    },
    commit: (revision) => commit(access, revision),
    async mergeInto(revision, head) {
      const merge = await wouldBeMerge(access, revision, head);
      merges.push(merge);
      return { ...merge.change, ...headsBeside(access, head ?? 'HEAD', merge.change.branch) };
    },
    async range(base, head) {
      const [from, to] = await Promise.all([resolve(objects, base), resolve(objects, head)]);
      return between(access, from.oid, to.oid, await access.reader.select([to.oid, '--not', from.oid]));
    },
    async audit(revision) {
      if (revision !== undefined || place.topLevel === undefined) return auditOf(access, revision ?? 'HEAD');
      const { ground, changes } = await readWorkTree(access, []);
      const head = await headCommit(access).catch(() => undefined);
      return {
        ...plain(access),
        base: commitSnapshot(access, undefined),
        head: snapshotOf('work tree', ground, sideOf(changes, 'after')),
        changes,
        ...(head && { made: head.committed, ...history(access, head.oid) }),
      };
    },
    async files(paths) {
      const { ground, disk } = await workTree();
      return { ...plain(access), ...(await named(ground, disk, paths.map(below), closed)) };
    },
    async stdin(bytes, path) {
      const { ground } = await workTree();
      return { ...plain(access), ...(await standIn(ground, below(path), Buffer.from(bytes))) };
    },
    push: async (input, remote, url) => (await pushes(access, pushedRefs(input), remote, url)).map(beside),
    receive: async (input) => (await receptions(access, receivedRefs(input))).map(beside),
    async ci(run) {
      const change = await ciChange(access, run);
      return { ...change, ...headsBeside(access, run.head ?? 'HEAD', change.branch) };
    },
    messages: (file) => messagesOf(access.git, file, access.env),
    nextTree: () => nextTree(access),
    async branchDescription(branch) {
      const output = await access.git.run(['config', '--get', `branch.${branch}.description`], { accept: [1] });
      return output.toString('utf8').trim() || undefined;
    },
    snapshot: async (revision) => commitSnapshot(access, (await resolve(objects, revision)).oid),
    attributes: (names, paths, how) => attributes(access.git, names, paths, how),
    past: openPast(access),
    reading: { cwd: access.git.cwd, env: access.git.env },
    async close() {
      await Promise.all([objects.close(), ...merges.map((merge) => merge.close())]);
    },
  };
}
