import { readFileSync } from 'node:fs';
import type { ChangeSet, PullRequest } from '../core/change.ts';
import type { Access } from './access.ts';
import { isZero } from './changes.ts';
import { auditOf, between, headCommit, mergeBase } from './committed.ts';
import { readHeader, resolve, type Header } from './commits.ts';
import { RepoError } from './git.ts';
import { printable } from './names.ts';

/** What a CI environment says about the run. It is only what it says: nothing has been looked up in Git. */
export interface CiRun {
  /** "GitHub Actions", for people. */
  readonly provider: string;
  readonly event: 'pull-request' | 'merge-queue' | 'push' | 'other';
  /** The commit to judge, where it is not HEAD. */
  readonly head?: string;
  /** The last commit of the pull request. Where HEAD is a merge of it, the provider made that merge, and its first parent is the base. */
  readonly source?: string;
  /** The commit to compare with, as it is. */
  readonly base?: string;
  /** Revisions to compare with from where they parted from head; the first that exists counts. */
  readonly since: readonly string[];
  readonly branch?: string;
  readonly tag?: string;
  readonly pullRequest?: PullRequest;
  /** What makes a missing base available: a sentence. */
  readonly mend: string;
}

type Env = Readonly<Record<string, string | undefined>>;

interface Provider {
  readonly name: string;
  readonly here: (env: Env) => boolean;
  readonly read: (env: Env, readFile: (path: string) => string) => Omit<CiRun, 'provider'>;
}

/** Undefined where no known CI is at work. */
export function ciRun(env: Env, readFile = (path: string) => readFileSync(path, 'utf8')): CiRun | undefined {
  const provider = PROVIDERS.find(({ here }) => here(env));
  return provider && { provider: provider.name, ...provider.read(env, readFile) };
}

/** The change that a CI run is about. Without a base to compare with, every file of head is new. */
export async function ciChange(access: Access, run: CiRun): Promise<ChangeSet> {
  const { objects, reader } = access;
  const head =
    run.head === undefined
      ? await headCommit(access)
      : await resolve(objects, run.head, missing(access, run.head, run));
  const said = {
    ...(run.branch !== undefined && { branch: run.branch }),
    ...(run.tag !== undefined && { tag: run.tag }),
    ...(run.pullRequest && { pullRequest: run.pullRequest }),
  };
  const merged = run.source !== undefined && head.parents.length === 2 && head.parents[1] === run.source;
  if (merged || run.base !== undefined) {
    const name = merged ? head.parents[0]! : run.base!;
    const base = await available(access, name, run);
    // The merge itself is the provider's work, not a commit of the pull request.
    const tip = merged ? (await available(access, head.parents[1]!, run)).oid : head.oid;
    const commits = await reader.select([tip, '--not', base.oid]);
    return { ...(await between(access, base.oid, head.oid, commits)), ...said };
  }
  for (const name of run.since) {
    const other = await readHeader(objects, name);
    if (!other) continue;
    let base: string | undefined = await mergeBase(access, other.oid, head.oid);
    let except = other.oid;
    if (base === head.oid && run.event !== 'pull-request') {
      // What was pushed is already what it would be compared with: then the last commit is the change.
      [base] = head.parents;
      if (base === undefined) break;
      except = (await available(access, base, run)).oid;
    }
    const commits = await reader.select([head.oid, '--not', except]);
    return { ...(await between(access, base, head.oid, commits)), ...said };
  }
  if (run.since.length > 0 && head.parents.length > 0) throw notInClone(access, run.since[0]!, run);
  return { ...(await auditOf(access, head.oid)), ...said };
}

async function available(access: Access, revision: string, run: CiRun): Promise<Header> {
  const header = await readHeader(access.objects, revision);
  if (header) return header;
  throw notInClone(access, revision, run);
}

const missing = (access: Access, revision: string, run: CiRun): string =>
  `${run.provider} says that this run is about ${printable(revision)}, and this ${access.place.shallow ? 'shallow ' : ''}clone does not have that commit. ${run.mend}`;

const notInClone = (access: Access, revision: string, run: CiRun): RepoError =>
  new RepoError(access.place.shallow ? 'shallow' : 'unknown-revision', missing(access, revision, run));

const oid = (text: string | undefined): string | undefined => (text && !isZero(text) ? text : undefined);
const branchOf = (ref: string | undefined): string | undefined => ref?.replace(/^refs\/heads\//, '') || undefined;
const named = (name: string | undefined): string[] =>
  name ? [`refs/remotes/origin/${name}`, `refs/heads/${name}`] : [];
const list = (text: string | undefined): string[] =>
  (text ?? '')
    .split(',')
    .map((item) => item.trim())
    .filter(Boolean);
/** Leaves out what is undefined. */
const some = <T extends object>(value: T): { [K in keyof T]?: NonNullable<T[K]> } =>
  Object.fromEntries(Object.entries(value).filter(([, item]) => item !== undefined)) as never;

/** A push to `branch` that found `before` there; without it, a new branch is compared with the default one. */
const pushTo = (branch: string | undefined, before: string | undefined, trunk: string | undefined): string[] => [
  ...(before === undefined ? [] : [before]),
  ...(branch === trunk ? [] : named(trunk)),
];

const PROVIDERS: readonly Provider[] = [
  {
    name: 'GitHub Actions',
    here: (env) => env['GITHUB_ACTIONS'] === 'true',
    read: (env, readFile) => github(env, env['GITHUB_EVENT_PATH'] ? event(env['GITHUB_EVENT_PATH'], readFile) : {}),
  },
  {
    name: 'GitLab CI',
    here: (env) => env['GITLAB_CI'] === 'true',
    read(env) {
      const mend = 'Set GIT_DEPTH: 0 for this job, so that the whole history is fetched.';
      if (env['CI_MERGE_REQUEST_IID']) {
        return {
          event: env['CI_MERGE_REQUEST_EVENT_TYPE'] === 'merge_train' ? 'merge-queue' : 'pull-request',
          since: named(env['CI_MERGE_REQUEST_TARGET_BRANCH_NAME']),
          pullRequest: {
            title: env['CI_MERGE_REQUEST_TITLE'] ?? '',
            body: env['CI_MERGE_REQUEST_DESCRIPTION'] ?? '',
            labels: list(env['CI_MERGE_REQUEST_LABELS']),
            from: 'as GitLab tells it',
          },
          mend,
          ...some({
            // Set where the pipeline runs on a merge with the target branch.
            source: oid(env['CI_MERGE_REQUEST_SOURCE_BRANCH_SHA']),
            base: oid(env['CI_MERGE_REQUEST_DIFF_BASE_SHA']),
            branch: branchOf(env['CI_MERGE_REQUEST_SOURCE_BRANCH_NAME']),
          }),
        };
      }
      const branch = branchOf(env['CI_COMMIT_BRANCH']);
      const before = oid(env['CI_COMMIT_BEFORE_SHA']);
      return {
        event: branch ? 'push' : 'other',
        since: pushTo(branch, before, env['CI_DEFAULT_BRANCH']),
        mend,
        ...some({ branch, tag: env['CI_COMMIT_TAG'] || undefined }),
      };
    },
  },
  {
    name: 'Bitbucket Pipelines',
    here: (env) => env['BITBUCKET_BUILD_NUMBER'] !== undefined,
    read(env) {
      const branch = branchOf(env['BITBUCKET_BRANCH']);
      const isPull = Boolean(env['BITBUCKET_PR_ID']);
      const target = env['BITBUCKET_PR_DESTINATION_BRANCH'];
      return {
        event: isPull ? 'pull-request' : 'push',
        since: [
          ...list(env['BITBUCKET_PR_DESTINATION_COMMIT']),
          ...named(target),
          ...(isPull ? [] : ['refs/remotes/origin/HEAD']),
        ],
        mend: 'Set clone: depth: full in bitbucket-pipelines.yml, so that the whole history is fetched.',
        ...some({ branch, tag: env['BITBUCKET_TAG'] || undefined }),
      };
    },
  },
  {
    name: 'Azure Pipelines',
    here: (env) => env['TF_BUILD'] === 'True',
    read(env) {
      const target = branchOf(env['SYSTEM_PULLREQUEST_TARGETBRANCH']);
      return {
        event: target ? 'pull-request' : 'push',
        since: target ? named(target) : ['refs/remotes/origin/HEAD'],
        mend: 'Set fetchDepth: 0 at the checkout step, so that the whole history is fetched.',
        ...some({
          source: oid(env['SYSTEM_PULLREQUEST_SOURCECOMMITID']),
          branch: branchOf(env['SYSTEM_PULLREQUEST_SOURCEBRANCH'] ?? env['BUILD_SOURCEBRANCH']),
          tag: /^refs\/tags\/(.+)$/.exec(env['BUILD_SOURCEBRANCH'] ?? '')?.[1],
        }),
      };
    },
  },
  {
    name: 'Buildkite',
    here: (env) => env['BUILDKITE'] === 'true',
    read(env) {
      const queue = oid(env['BUILDKITE_MERGE_QUEUE_BASE_COMMIT']);
      const isPull = /^\d+$/.test(env['BUILDKITE_PULL_REQUEST'] ?? '');
      const branch = branchOf(env['BUILDKITE_BRANCH']);
      const trunk = env['BUILDKITE_PIPELINE_DEFAULT_BRANCH'];
      return {
        event: queue ? 'merge-queue' : isPull ? 'pull-request' : 'push',
        since: isPull ? named(env['BUILDKITE_PULL_REQUEST_BASE_BRANCH']) : pushTo(branch, undefined, trunk),
        mend: 'Fetch the whole history in this step: git fetch --unshallow origin.',
        ...some({ base: queue, branch, tag: env['BUILDKITE_TAG'] || undefined }),
      };
    },
  },
  {
    name: 'CircleCI',
    here: (env) => env['CIRCLECI'] === 'true',
    read: (env) => ({
      event: env['CIRCLE_PULL_REQUEST'] ? 'pull-request' : 'push',
      since: ['refs/remotes/origin/HEAD', ...named('main'), ...named('master')],
      mend: 'Use the checkout step with method: full, so that the whole history is fetched.',
      ...some({ branch: branchOf(env['CIRCLE_BRANCH']), tag: env['CIRCLE_TAG'] || undefined }),
    }),
  },
  {
    name: 'Jenkins',
    here: (env) => env['JENKINS_URL'] !== undefined,
    read(env) {
      const isPull = env['CHANGE_ID'] !== undefined;
      const before = oid(env['GIT_PREVIOUS_SUCCESSFUL_COMMIT'] ?? env['GIT_PREVIOUS_COMMIT']);
      return {
        event: isPull ? 'pull-request' : 'push',
        since: isPull ? named(env['CHANGE_TARGET']) : [...(before ? [before] : []), 'refs/remotes/origin/HEAD'],
        mend: 'Turn off the shallow clone in the job, and let it fetch the target branch.',
        ...some({ branch: branchOf(env['CHANGE_BRANCH'] ?? env['BRANCH_NAME']), tag: env['TAG_NAME'] || undefined }),
        ...(isPull && { pullRequest: { title: env['CHANGE_TITLE'] ?? '', body: '', labels: [] } }),
      };
    },
  },
];

/** As much of GitHub's event file as is read here. */
interface GitHubEvent {
  readonly before?: string;
  readonly after?: string;
  readonly repository?: { readonly default_branch?: string };
  readonly pull_request?: {
    readonly title?: string;
    readonly body?: string | null;
    readonly labels?: readonly { readonly name?: string }[];
    readonly base?: { readonly sha?: string; readonly ref?: string };
    readonly head?: { readonly sha?: string; readonly ref?: string };
  };
  readonly merge_group?: { readonly base_sha?: string; readonly head_sha?: string; readonly head_ref?: string };
}

function event(path: string, readFile: (path: string) => string): GitHubEvent {
  try {
    return JSON.parse(readFile(path)) as GitHubEvent;
  } catch (cause) {
    throw new RepoError(
      'git-failed',
      `The event file ${printable(path)} that GITHUB_EVENT_PATH names cannot be read. Run this inside the workflow, or name a revision with --since.`,
      { cause },
    );
  }
}

function github(env: Env, event: GitHubEvent): Omit<CiRun, 'provider'> {
  const mend = 'Set fetch-depth: 0 at actions/checkout, so that the whole history is fetched.';
  const { pull_request: pull, merge_group: queue } = event;
  if (pull) {
    const target = env['GITHUB_EVENT_NAME']?.startsWith('pull_request_target');
    return {
      event: 'pull-request',
      since: [...list(pull.base?.sha), ...named(pull.base?.ref)],
      pullRequest: {
        title: pull.title ?? '',
        body: pull.body ?? '',
        labels: (pull.labels ?? []).flatMap(({ name }) => name ?? []),
        from: 'as its event tells it',
      },
      // This event checks out the target branch: the pull request has to be fetched beside it.
      mend: target ? 'Fetch the pull request first: git fetch origin "refs/pull/<number>/head".' : mend,
      ...some({
        source: pull.head?.sha,
        branch: pull.head?.ref ?? env['GITHUB_HEAD_REF'],
        head: target ? pull.head?.sha : undefined,
      }),
    };
  }
  if (queue) {
    return {
      event: 'merge-queue',
      since: [],
      mend,
      ...some({ base: queue.base_sha, branch: branchOf(queue.head_ref) }),
    };
  }
  const branch = env['GITHUB_REF']?.startsWith('refs/heads/') ? branchOf(env['GITHUB_REF']) : undefined;
  const [, tag] = /^refs\/tags\/(.+)$/.exec(env['GITHUB_REF'] ?? '') ?? [];
  const trunk = event.repository?.default_branch;
  const isPush = env['GITHUB_EVENT_NAME'] === 'push';
  return {
    event: isPush ? 'push' : 'other',
    since: pushTo(branch, isPush ? oid(event.before) : undefined, trunk),
    mend,
    ...some({ branch, tag }),
  };
}
