import type { ChangeSet, Person } from '../core/change.ts';
import type { Entry } from '../core/snapshot.ts';
import { CACHED, plain, type Access } from './access.ts';
import { changesOf, differingFromAll, parsePairs, RAW, sideOf, type Pair } from './changes.ts';
import { parsePerson, readHeader } from './commits.ts';
import { AS_IT_IS, conversions, diskSettings, withoutFilters } from './conversion.ts';
import { openDisk, type Disk } from './disk.ts';
import { elsewhere, noWorkTree, RepoError, type Git } from './git.ts';
import { headsBeside } from './heads.ts';
import { history } from './history.ts';
import { fields } from './names.ts';
import { treeWith } from './next-tree.ts';
import { overlay, snapshotOf, type Ground } from './snapshots.ts';

/** What the next commit will be measured against: the first is the base, more than one makes it a merge, none the first commit. */
type Parents = readonly string[];

export const diffOfIndex = (git: Git, parent = 'HEAD'): Promise<Buffer> => git.run([...CACHED, ...RAW, parent]);

/** HEAD -> index, from Git's objects alone. In a hook of `git commit --amend` the base is the commit before HEAD. */
export async function staged(access: Access): Promise<ChangeSet> {
  const { git, place, early, emptyTree, emptyBlob, objects } = access;
  if (place.bare) throw noWorkTree();
  const speculative = early ?? diffOfIndex(git);
  speculative.catch(() => {});
  const [parents, identity, state] = await Promise.all([parentsOfNext(access), author(access), access.state()]);
  const against = (parent: string) => (parent === 'HEAD' ? speculative : diffOfIndex(git, parent));
  const { diffs, base } = await diffsAgainst(access, parents, against, () => diffOfIndex(git, emptyTree));
  const ground = access.ground(base);
  const over = new Map([...diffs[0]!].map(([path, { after }]) => [path, after]));
  const changes = changesOf(differingFromAll(diffs).values(), emptyBlob);
  return {
    ...plain(access),
    base: snapshotOf(baseName(base), ground, sideOf(changes, 'before')),
    head: snapshotOf('index', overlay(ground, over, objects.content), sideOf(changes, 'after')),
    changes,
    ...making(access, identity, base),
    ...(state.branch !== undefined && { branch: state.branch }),
    ...(parents.length > 1 && { joins: true }),
    ...headsBeside(access, 'HEAD', state.branch),
  };
}

/** HEAD -> work tree: every tracked file as it is on disk, and the untracked ones that no ignore file names. */
export async function uncommitted(access: Access): Promise<ChangeSet> {
  const [parents, identity, state] = await Promise.all([parentsOfNext(access), author(access), access.state()]);
  const { base, ground, below, changes } = await readWorkTree(access, parents);
  return {
    ...plain(access),
    base: snapshotOf(baseName(base), below, sideOf(changes, 'before')),
    head: snapshotOf('work tree', ground, sideOf(changes, 'after')),
    changes,
    ...making(access, identity, base),
    ...(state.branch !== undefined && { branch: state.branch }),
    ...(parents.length > 1 && { joins: true }),
    ...headsBeside(access, 'HEAD', state.branch),
  };
}

/** The id of the tree that the next commit will hold, whatever it is measured against. Nothing is written to know it. */
export async function nextTree({ git, place, objects, early, emptyTree }: Access): Promise<string> {
  const over = (diff: Buffer) => new Map([...parsePairs(diff)].map(([path, { after }]) => [path, after]));
  const head = await readHeader(objects, 'HEAD');
  const diff = head ? await (early ?? diffOfIndex(git)) : await diffOfIndex(git, emptyTree);
  return treeWith(objects, place.hash, head?.tree, over(diff));
}

/** Who is making a change that is not committed yet, and what it stands on. */
const making = (access: Access, identity: Person | undefined, base: string | undefined): Partial<ChangeSet> => ({
  ...(identity && { identity }),
  variable: (name) => access.env[name],
  ...(base !== undefined && history(access, base)),
});

const baseName = (base: string | undefined): string =>
  base === undefined ? 'empty tree' : base === 'HEAD' ? base : `commit ${base.slice(0, 12)}`;

export interface WorkTree {
  readonly disk: Disk;
  /** The files of the work tree. */
  readonly ground: Ground;
  /** The files of the first parent. */
  readonly below: Ground;
  readonly base: string | undefined;
  readonly changes: ChangeSet['changes'];
}

/** Paths in conflict are files like others here: they are read from disk, markers and all. */
export async function readWorkTree(access: Access, parents: Parents): Promise<WorkTree> {
  const { git, place, objects, emptyTree, emptyBlob } = access;
  if (place.topLevel === undefined) throw noWorkTree();
  const settings = await diskSettings(git);
  // What lies uncommitted in a submodule's folder is no part of this repository; asking would start Git in there.
  const diffIndex = [...withoutFilters(settings), 'diff-index', ...RAW, '--ignore-submodules=dirty'];
  const against = (tree: string) => git.run([...diffIndex, tree]);
  const [{ diffs, base }, others] = await Promise.all([
    diffsAgainst(access, parents, against, () => against(emptyTree)),
    git.run(['ls-files', '--others', '--exclude-standard', '-z']),
  ]);
  // A folder that is a repository of its own ends in a slash: it is not part of this one before somebody adds it.
  const untracked = fields(others).filter((path) => !path.endsWith('/'));

  const dirty = new Set(untracked);
  for (const diff of diffs) {
    for (const { path, after } of diff.values()) if (after && after.oid === undefined) dirty.add(path);
  }
  let converted: ReturnType<typeof conversions> | undefined;
  const disk = openDisk(place.topLevel, {
    fileMode: settings.fileMode,
    hash: place.hash,
    conversion: async (path) => (await (converted ??= conversions(git, [...dirty], settings))).get(path) ?? AS_IT_IS,
    async stored(path) {
      const found = await objects.object(`:0:${path}`);
      return found.found === 'whole' ? found.bytes : undefined;
    },
  });

  const ids = new Map<string, string>();
  const idOf = async (entry: Entry): Promise<string | undefined> => {
    const id = ids.get(entry.path) ?? (await disk.id(entry));
    if (id !== undefined) ids.set(entry.path, id);
    return id;
  };
  const real: Map<string, Pair>[] = [];
  for (const diff of diffs) {
    for (const path of untracked) {
      const after = disk.entry(path);
      const before = diff.get(path)?.before;
      if (after) diff.set(path, { path, ...(before && { before }), after });
    }
    real.push(await withoutSame(diff, idOf, git, place.topLevel));
  }
  const first = real[0]!;
  const pairs = differingFromAll(real);
  if ([...pairs.values()].some(({ after }) => !after)) {
    // Something is gone: what is new on disk may be the same file at another place.
    for (const { before, after } of pairs.values()) if (!before && after && after.oid === undefined) await idOf(after);
  }
  const below = access.ground(base);
  const over = new Map([...first].map(([path, { after }]) => [path, after]));
  // A file that Git calls unchanged is read from Git: the disk may lack it (sparse checkout) or hold it with other line ends.
  const ground = overlay(below, over, (entry) =>
    entry.oid === undefined ? disk.content(entry) : objects.content(entry),
  );
  return { disk, ground, below, base, changes: changesOf(pairs.values(), emptyBlob, ids) };
}

/** Git looks at a file's status, not at its bytes: a touched file is in its list although nothing in it changed. */
async function withoutSame(
  diff: ReadonlyMap<string, Pair>,
  idOf: (entry: Entry) => Promise<string | undefined>,
  git: Git,
  top: string,
): Promise<Map<string, Pair>> {
  const result = new Map<string, Pair>();
  for (const [path, pair] of diff) {
    let { after } = pair;
    const { before } = pair;
    if (after && after.oid === undefined && after.kind === 'gitlink') after = await checkedOut(after, git, top);
    if (before && after && before.mode === after.mode) {
      const id = after.oid ?? (await idOf(after));
      if (id === before.oid) continue;
    }
    result.set(path, { path, ...(before && { before }), ...(after && { after }) });
  }
  return result;
}

/** The commit that a submodule's own work tree stands at. */
async function checkedOut(entry: Entry, git: Git, top: string): Promise<Entry> {
  try {
    const env = elsewhere(git.env);
    const output = await git.run(['rev-parse', '--verify', 'HEAD'], { cwd: `${top}/${entry.path}`, env });
    return { ...entry, oid: output.toString('latin1').trim() };
  } catch {
    return entry;
  }
}

/** The differences to each parent, or to the empty tree where HEAD has no commit yet. */
async function diffsAgainst(
  access: Access,
  parents: Parents,
  against: (parent: string) => Promise<Buffer>,
  againstNothing: () => Promise<Buffer>,
): Promise<{ readonly diffs: readonly Map<string, Pair>[]; readonly base: string | undefined }> {
  if (parents.length > 0) {
    try {
      return { diffs: (await Promise.all(parents.map(against))).map(parsePairs), base: parents[0]! };
    } catch (error) {
      const unborn = error instanceof RepoError && error.kind === 'unknown-revision' && (await isUnborn(access));
      if (!unborn) throw error;
    }
  }
  return { diffs: [parsePairs(await againstNothing())], base: undefined };
}

/** HEAD names a branch that has no commit yet. */
export async function isUnborn({ git }: Access): Promise<boolean> {
  return (await git.run(['rev-parse', '--verify', '--quiet', 'HEAD'], { accept: [1] })).length === 0;
}

export async function parentsOfNext(access: Access): Promise<Parents> {
  const { env, objects } = access;
  const state = await access.state();
  if (state.mergeHeads.length > 0) return ['HEAD', ...state.mergeHeads];
  const announced = await Promise.all(state.announcedHeads.map((id) => readHeader(objects, id)));
  if (announced.length > 0 && announced.every((header) => header)) return ['HEAD', ...state.announcedHeads];
  // git commit hands the author to its hooks in exactly this form, and an amended commit has HEAD's own, to the second.
  const { GIT_AUTHOR_NAME: name, GIT_AUTHOR_EMAIL: email, GIT_AUTHOR_DATE: date } = env;
  if (name !== undefined && email !== undefined && date?.startsWith('@') && !state.picking) {
    const head = await readHeader(objects, 'HEAD');
    const same = head?.authored === date.slice(1) && head.author.name === name && head.author.email === email;
    if (same && !isJustNow(head.authored)) return head.parents;
  }
  return ['HEAD'];
}

/**
 * A script can commit twice within a second. Taken for an amendment, the second commit would count what the first one made
 * as its own; whereas what is amended this soon was judged a moment ago.
 */
const isJustNow = (authored: string): boolean => Math.abs(Date.now() / 1000 - Number.parseInt(authored, 10)) < 10;

/** Whose the next commit will be. Undefined where Git could not say either. */
async function author(access: Access): Promise<Person | undefined> {
  const { env, git } = access;
  const { GIT_AUTHOR_NAME: name, GIT_AUTHOR_EMAIL: email, GIT_AUTHOR_DATE: date } = env;
  // In a hook, Git has already worked it out, --author included.
  if (name && email !== undefined && date?.startsWith('@')) return { name, email };
  const { picked, patchAuthor } = await access.state();
  // Whoever rebases, picks or applies somebody's commit does not become its author.
  if (patchAuthor) return patchAuthor;
  const origin = picked === undefined ? undefined : await readHeader(access.objects, picked);
  if (origin) return origin.author;
  try {
    return parsePerson((await git.run(['var', 'GIT_AUTHOR_IDENT'])).toString('utf8').trimEnd()).person;
  } catch {
    return undefined;
  }
}
