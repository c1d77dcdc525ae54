import { existsSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Person } from '../core/change.ts';
import type { Git } from './git.ts';

/** Where a repository is. Paths are absolute. */
export interface Place {
  /** Of this work tree: HEAD, index, MERGE_HEAD. */
  readonly gitDir: string;
  /** Of all its work trees: objects, refs, and the place for caches. */
  readonly commonDir: string;
  /** Undefined in a bare repository and inside .git. */
  readonly topLevel: string | undefined;
  readonly bare: boolean;
  readonly shallow: boolean;
  readonly hash: 'sha1' | 'sha256';
}

const QUESTIONS = [
  '--is-bare-repository',
  '--is-shallow-repository',
  '--show-object-format',
  '--git-dir',
  '--git-common-dir',
  // Last, since it prints no line at all where there is no work tree. (--show-toplevel would fail there.)
  '--show-cdup',
];

export async function findPlace(git: Git): Promise<Place> {
  let answers = (await git.run(['rev-parse', ...QUESTIONS])).toString('utf8').split('\n').slice(0, -1);
  if (answers.length > QUESTIONS.length) {
    // A newline in the name of a folder: one question at a time.
    const outputs = await Promise.all(QUESTIONS.map((question) => git.run(['rev-parse', question])));
    answers = outputs.map((output) => output.toString('utf8').slice(0, -1));
    if (outputs.at(-1)!.length === 0) answers.pop();
  }
  const [bare, shallow, hash, gitDir, commonDir, up] = answers;
  // '..' of a folder that was reached through a link is not where its name says.
  const cwd = realpathSync(git.cwd);
  return {
    gitDir: resolve(cwd, gitDir!),
    commonDir: resolve(cwd, commonDir!),
    topLevel: up === undefined ? undefined : resolve(cwd, up),
    bare: bare === 'true',
    shallow: shallow === 'true',
    hash: hash === 'sha256' ? 'sha256' : 'sha1',
  };
}

/** The same git, run at the top. Variables that are relative to where it was called are made absolute. */
export function atTop(git: Git, place: Place): Git {
  const { GIT_DIR, GIT_COMMON_DIR, GIT_WORK_TREE } = git.env;
  const env = { ...git.env };
  if (GIT_DIR !== undefined) {
    env['GIT_DIR'] = place.gitDir;
    if (GIT_COMMON_DIR !== undefined) env['GIT_COMMON_DIR'] = place.commonDir;
    if (GIT_WORK_TREE !== undefined && place.topLevel !== undefined) env['GIT_WORK_TREE'] = place.topLevel;
  }
  return git.at(place.topLevel ?? place.gitDir, env);
}

/**
 * The plain case without asking Git: a .git folder right here, which Git itself would take, and nothing in its
 * configuration or the environment that could point elsewhere. A hook saves a process by it. Whether this user may read
 * the repository is left to the Git that reads it.
 */
export function plainPlace(cwd: string, env: NodeJS.ProcessEnv): Place | undefined {
  if (['GIT_DIR', 'GIT_COMMON_DIR', 'GIT_WORK_TREE', 'GIT_OBJECT_DIRECTORY'].some((name) => env[name] !== undefined)) {
    return undefined;
  }
  try {
    const topLevel = realpathSync(cwd);
    const gitDir = join(topLevel, '.git');
    const has = (name: string) => statSync(join(gitDir, name), { throwIfNoEntry: false });
    const isTaken =
      has('objects')?.isDirectory() &&
      has('refs')?.isDirectory() &&
      /^(ref: refs\/|[0-9a-f]{40})/.test(readFileSync(join(gitDir, 'HEAD'), 'utf8'));
    const config = readFileSync(join(gitDir, 'config'), 'utf8');
    if (!isTaken || has('commondir') || /extensions|include|worktree|bare\s*=(?!\s*false\s)/i.test(config))
      return undefined;
    const shallow = env['GIT_SHALLOW_FILE'] !== undefined || (has('shallow')?.size ?? 0) > 0;
    return { gitDir, commonDir: gitDir, topLevel, bare: false, shallow, hash: 'sha1' };
  } catch {
    return undefined;
  }
}

/** The objects that Git knows without having them: the empty tree, the empty file. */
export const EMPTY: Readonly<Record<Place['hash'], { readonly tree: string; readonly blob: string }>> = {
  sha1: { tree: '4b825dc642cb6eb9a060e54bf8d69288fbee4904', blob: 'e69de29bb2d1d6434b8b29ae775ad8c2e48c5391' },
  sha256: {
    tree: '6ef19b41225c5369f1c104d45d8d85efa9b057b53b14b4b9b939dd74decc5321',
    blob: '473a0f4c3be8a93681a267e3b1e9a7dcda1185436fe141f7749120a303721813',
  },
};

/** What HEAD is in the middle of. */
export interface HeadState {
  /** Undefined when HEAD is detached and no rebase says where it came from. */
  readonly branch?: string;
  /** The commits that are being merged into HEAD. */
  readonly mergeHeads: readonly string[];
  /** The same as `git merge` tells it to pre-merge-commit, in GITHEAD_<id>: it writes MERGE_HEAD only after that hook. */
  readonly announcedHeads: readonly string[];
  readonly picking: boolean;
  /** The commit that is being picked, by a rebase as well: its author stays. */
  readonly picked?: string;
  /** Who wrote the patch that `git am` is applying. */
  readonly patchAuthor?: Person;
}

export async function headState(git: Git, place: Place, env: NodeJS.ProcessEnv): Promise<HeadState> {
  const read = (name: string): string | undefined => {
    try {
      return readFileSync(join(place.gitDir, name), 'utf8');
    } catch {
      return undefined;
    }
  };
  let ref = /^ref: (.*)\n$/.exec(read('HEAD') ?? '')?.[1];
  if (ref === 'refs/heads/.invalid') {
    // The reftable format keeps HEAD elsewhere.
    ref = (await git.run(['symbolic-ref', '-q', 'HEAD'], { accept: [1] })).toString('utf8').trimEnd() || undefined;
  }
  ref ??= (read('rebase-merge/head-name') ?? read('rebase-apply/head-name'))?.trimEnd();
  const branch = ref?.startsWith('refs/heads/') ? ref.slice('refs/heads/'.length) : undefined;
  const picked = read('CHERRY_PICK_HEAD')?.trimEnd();
  const patchAuthor = authorOf(read('rebase-apply/author-script'));
  return {
    ...(branch !== undefined && { branch }),
    mergeHeads: read('MERGE_HEAD')?.match(/^[0-9a-f]{40,64}$/gm) ?? [],
    announcedHeads: Object.keys(env).flatMap((name) => /^GITHEAD_([0-9a-f]{40,64})$/.exec(name)?.[1] ?? []),
    picking: ['CHERRY_PICK_HEAD', 'REVERT_HEAD'].some((name) => existsSync(join(place.gitDir, name))),
    ...(picked && { picked }),
    ...(patchAuthor && { patchAuthor }),
  };
}

/** `git am` keeps the author as a script for a shell: GIT_AUTHOR_NAME='Ada', a quote in it as '\\''. */
function authorOf(script: string | undefined): Person | undefined {
  const value = (name: string) =>
    new RegExp(`^GIT_AUTHOR_${name}='((?:[^']|'\\\\['!]')*)'$`, 'm').exec(script ?? '')?.[1]?.replace(/'\\(['!])'/g, '$1');
  const [name, email] = [value('NAME'), value('EMAIL')];
  return name === undefined || email === undefined ? undefined : { name, email };
}

/** Commits whose parents a shallow clone does not have. */
export function shallowCommits(place: Place, env: NodeJS.ProcessEnv): ReadonlySet<string> {
  if (!place.shallow) return new Set();
  const file = env['GIT_SHALLOW_FILE'] || join(place.commonDir, 'shallow');
  try {
    return new Set(readFileSync(file, 'utf8').split('\n').filter(Boolean));
  } catch {
    return new Set();
  }
}
