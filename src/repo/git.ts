import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { existsSync } from 'node:fs';
import { printable } from './names.ts';

export type RepoErrorKind =
  | 'not-a-repository'
  | 'no-commits'
  | 'bare'
  | 'unknown-revision'
  | 'unrelated'
  | 'dubious-ownership'
  | 'unmerged'
  | 'shallow'
  | 'missing-object'
  | 'no-such-path'
  | 'git-failed'
  | 'git-missing';

/** Why a repository could not be read. The message says what to do, in sentences. */
export class RepoError extends Error {
  override readonly name = 'RepoError';
  readonly kind: RepoErrorKind;
  constructor(kind: RepoErrorKind, message: string, options?: ErrorOptions) {
    super(message, options);
    this.kind = kind;
  }
}

export interface RunOptions {
  readonly input?: Uint8Array | string;
  /** Exit codes other than 0 that are answers, not failures. */
  readonly accept?: readonly number[];
  readonly env?: NodeJS.ProcessEnv;
  readonly cwd?: string;
}

export interface Git {
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  /** What git wrote to stdout. Throws a RepoError. */
  run(args: readonly string[], options?: RunOptions): Promise<Buffer>;
  start(args: readonly string[]): ChildProcessWithoutNullStreams;
  /** The same git, run elsewhere. */
  at(cwd: string, env?: NodeJS.ProcessEnv): Git;
}

/** What points git at one repository. Our own reads keep all of it: it is how hooks say which index is being committed. */
const LOCAL = [
  'GIT_ALTERNATE_OBJECT_DIRECTORIES',
  'GIT_COMMON_DIR',
  'GIT_CONFIG',
  'GIT_CONFIG_COUNT',
  'GIT_CONFIG_PARAMETERS',
  'GIT_DIR',
  'GIT_GRAFT_FILE',
  'GIT_IMPLICIT_WORK_TREE',
  'GIT_INDEX_FILE',
  'GIT_INTERNAL_SUPER_PREFIX',
  'GIT_NAMESPACE',
  'GIT_NO_REPLACE_OBJECTS',
  'GIT_OBJECT_DIRECTORY',
  'GIT_PREFIX',
  'GIT_QUARANTINE_PATH',
  'GIT_REPLACE_REF_BASE',
  'GIT_SHALLOW_FILE',
  'GIT_WORK_TREE',
];

/** For a command that works on another repository, or that belongs to the user: nothing in it points at this one. */
export function elsewhere(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const result = { ...env };
  for (const name of LOCAL) delete result[name];
  return result;
}

/** For our own reads: objects as they are, no network, no questions, no locks. */
export function readingEnvironment(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const result: NodeJS.ProcessEnv = {
    ...env,
    GIT_NO_REPLACE_OBJECTS: '1',
    GIT_OPTIONAL_LOCKS: '0',
    GIT_NO_LAZY_FETCH: '1',
    // Git before 2.45 does not know the line above and would fetch object by object.
    GIT_ALLOW_PROTOCOL: 'none',
    GIT_LITERAL_PATHSPECS: '1',
    GIT_TERMINAL_PROMPT: '0',
    // No such file: grafts would show a history that nobody else sees.
    GIT_GRAFT_FILE: '',
    LC_ALL: 'C',
  };
  // Git refuses to start when literal pathspecs meet one of these.
  for (const name of ['GIT_GLOB_PATHSPECS', 'GIT_NOGLOB_PATHSPECS', 'GIT_ICASE_PATHSPECS', 'LANGUAGE']) {
    delete result[name];
  }
  return result;
}

/** Configuration that could change what plumbing prints, or make it run a program. */
const CALM = [
  'core.quotePath=false',
  'core.fsmonitor=false',
  'core.warnAmbiguousRefs=false',
  'diff.relative=false',
  'diff.ignoreSubmodules=none',
  'submodule.recurse=false',
  'color.ui=false',
  'advice.graftFileDeprecated=false',
].flatMap((setting) => ['-c', setting]);

/** `env` is the caller's own, as Git's hooks get it. */
export function makeGit(cwd: string, env: NodeJS.ProcessEnv): Git {
  return gitAt(cwd, readingEnvironment(env));
}

function gitAt(cwd: string, env: NodeJS.ProcessEnv): Git {
  const start: Git['start'] = (args) => spawn('git', ['--no-pager', ...CALM, ...args], { cwd, env, windowsHide: true });
  return {
    cwd,
    env,
    start,
    at: (elsewhere, otherEnv = env) => gitAt(elsewhere, otherEnv),
    run: (args, options = {}) =>
      new Promise((resolve, reject) => {
        const { input, accept = [] } = options;
        const child = spawn('git', ['--no-pager', ...CALM, ...args], {
          cwd: options.cwd ?? cwd,
          env: options.env ?? env,
          windowsHide: true,
          stdio: [input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
        });
        const out: Buffer[] = [];
        const complaints: Buffer[] = [];
        child.stdout!.on('data', (chunk: Buffer) => out.push(chunk));
        child.stderr!.on('data', (chunk: Buffer) => complaints.push(chunk));
        child.on('error', (error) => reject(notStarted(cwd, error)));
        child.on('close', (code) => {
          if (code === 0 || (code !== null && accept.includes(code))) resolve(Buffer.concat(out));
          else reject(failure(args, code, Buffer.concat(complaints).toString('utf8')));
        });
        // Git may end without reading all of its input; its exit code tells.
        child.stdin?.on('error', () => {});
        child.stdin?.end(input);
      }),
  };
}

export const notStarted = (cwd: string, cause: Error): RepoError =>
  existsSync(cwd)
    ? new RepoError('git-missing', 'Git could not be started. Install Git, or put it on the PATH.', { cause })
    : new RepoError('not-a-repository', `The folder ${cwd} does not exist.`, { cause });

/** Git speaks English here: LC_ALL is C. */
export function failure(args: readonly string[], code: number | null, stderr: string): RepoError {
  const lines = stderr.split('\n').filter((line) => line !== '' && !/^(hint|warning):/.test(line));
  const said = printable(lines.join(' ').slice(0, 1000));
  if (/dubious ownership|unsafe repository/.test(stderr)) {
    const where = /(?:repository at|unsafe repository \()\s*'([^']*)'/.exec(stderr)?.[1] ?? '<path>';
    return new RepoError(
      'dubious-ownership',
      `Git refuses to read ${where} because it belongs to another user. If you trust it, run: git config --global --add safe.directory '${where}'`,
    );
  }
  if (/not a git repository/.test(stderr)) {
    return new RepoError(
      'not-a-repository',
      'This is not a Git repository. Run it inside one, or name the files to check.',
    );
  }
  if (/must be run in a work tree|work tree of a bare/.test(stderr)) return noWorkTree();
  if (/bad object|unable to read|could not fetch|promisor|missing (blob|tree|commit)|unable to find/.test(stderr)) {
    return new RepoError(
      'missing-object',
      `This clone lacks objects that are needed here (git ${args[0]}: ${said}). Fetch them first: git fetch --refetch --no-filter origin (in CI: clone without --filter).`,
    );
  }
  if (/bad revision|unknown revision|Not a valid object name|ambiguous argument/.test(stderr)) {
    return new RepoError('unknown-revision', `Git does not know this revision (${said}).`);
  }
  return new RepoError(
    'git-failed',
    `git ${args[0]} failed (${code === null ? 'killed' : `exit ${code}`}): ${said || 'it gave no reason'}`,
  );
}

export const noWorkTree = (): RepoError =>
  new RepoError(
    'bare',
    'There is no work tree here (a bare repository, or the inside of .git). Judge a revision instead: --commit, --since or --rev.',
  );
