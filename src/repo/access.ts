import type { ChangeSet } from '../core/change.ts';
import type { Notice } from '../core/notice.ts';
import { commitReader, type CommitReader } from './commits.ts';
import { makeGit, type Git } from './git.ts';
import { openObjects, type Objects } from './objects.ts';
import { atTop, EMPTY, findPlace, headState, plainPlace, shallowCommits, type HeadState, type Place } from './place.ts';
import { NOTHING, openTrees, treeGround, type Ground, type Trees } from './snapshots.ts';

/** One repository, opened for reading: what every source of change sets needs. */
export interface Access {
  readonly place: Place;
  /** Where the user stands. */
  readonly cwd: string;
  /** As it was handed in, with what a hook put there. */
  readonly env: NodeJS.ProcessEnv;
  readonly now: Date;
  /** Runs at the top of the work tree. */
  readonly git: Git;
  readonly objects: Objects;
  readonly trees: Trees;
  readonly reader: CommitReader;
  readonly shallow: ReadonlySet<string>;
  readonly emptyTree: string;
  readonly emptyBlob: string;
  /** What could not be judged, for the report. */
  readonly notices: Notice[];
  /** `git diff-index --cached HEAD`, where it was started before anything else. */
  readonly early: Promise<Buffer> | undefined;
  state(): Promise<HeadState>;
  ground(treeish: string | undefined): Ground;
}

export interface OpenOptions {
  readonly env?: NodeJS.ProcessEnv;
  readonly now?: Date;
  /** What will be asked first: its Git process is then started along with the one that finds the repository. */
  readonly expect?: 'staged';
}

/** Arguments for the difference between a tree and the index. An entry of `git add -N` is not committed, so it is not seen. */
export const CACHED = ['diff-index', '--cached', '--ita-invisible-in-index'];

export async function openAccess(
  cwd: string,
  options: OpenOptions,
  early: (git: Git) => Promise<Buffer>,
): Promise<Access> {
  const { env = process.env, now = new Date(), expect } = options;
  const here = makeGit(cwd, env);
  const diff = expect === 'staged' ? early(here) : undefined;
  // Whoever waits for it hears of its failure; until then it is nobody's.
  diff?.catch(() => {});
  const notices: Notice[] = [];
  const objects = openObjects(here, unfetchedNotice(notices));
  // In a hook, HEAD's author will be asked for: this only gets the process going.
  if (diff && env['GIT_AUTHOR_DATE'] !== undefined) objects.object('HEAD^{commit}').catch(() => {});
  const place = (diff && plainPlace(cwd, env)) ?? (await findPlace(here));
  const git = atTop(here, place);
  const trees = openTrees(objects);
  const shallow = shallowCommits(place, env);
  const { tree: emptyTree, blob: emptyBlob } = EMPTY[place.hash];
  const cut = new Set<string>();
  const reader = commitReader(git, objects, emptyBlob, (commit) => {
    if (!shallow.has(commit.oid) || commit.parents.length === 0) return false;
    if (!cut.has(commit.oid)) notices.push(cutNotice(commit.oid));
    cut.add(commit.oid);
    return true;
  });
  // One listing each, however many snapshots stand on it.
  const grounds = new Map<string, Ground>();
  let state: Promise<HeadState> | undefined;
  return {
    place,
    cwd,
    env,
    now,
    git,
    objects,
    trees,
    reader,
    shallow,
    emptyTree,
    emptyBlob,
    notices,
    early: diff,
    state: () => (state ??= headState(git, place, env)),
    ground(treeish) {
      if (treeish === undefined) return NOTHING;
      const ground = grounds.get(treeish) ?? treeGround(treeish, git, trees, objects);
      grounds.set(treeish, ground);
      return ground;
    },
  };
}

const cutNotice = (oid: string): Notice => ({
  notice: 'not-judged',
  message: `This clone is shallow and ends at commit ${oid.slice(0, 12)}: what that commit changed, and the commits before it, cannot be judged. Fetch the whole history: git fetch --unshallow (in CI: fetch-depth: 0).`,
  needed: true,
});

/** One notice for all that a partial clone lacks: its count, and what brings it. */
function unfetchedNotice(notices: Notice[]): (name: string) => void {
  const lacking = new Set<string>();
  return (name) => {
    lacking.add(name);
    if (lacking.size > 1) return;
    notices.push({
      notice: 'not-judged',
      get message() {
        const what = lacking.size === 1 ? 'One object that this verdict needs was' : `${lacking.size} objects that this verdict needs were`;
        return `${what} never fetched into this partial clone. Fetch the rest: git fetch --refetch --no-filter origin (in CI: clone without --filter).`;
      },
      needed: true,
    });
  };
}

/** The part of a change set that every source fills in the same way. */
export const plain = (access: Access): Pick<ChangeSet, 'commits' | 'now'> => ({ commits: [], now: access.now });
