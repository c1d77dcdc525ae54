import { readFileSync } from 'node:fs';
import type { PullRequest } from '../core/change.ts';
import { isZero } from './changes.ts';
import { RepoError } from './git.ts';
import { printable } from './names.ts';

/** What a CI environment says about the run. It is only what it says: nothing has been looked up in Git. */
export interface CiRun {
  /** "GitHub Actions", for people. */
  readonly provider: string;
  readonly event: 'pull-request' | 'merge-queue' | 'push' | 'other';
  /** The commit to judge, where it is not HEAD. */
  readonly head?: string;
  /** The ref at the remote where that commit is to be had. */
  readonly headRef?: string;
  /**
   * The last commit of the pull request, as a revision; 'HEAD^2' where HEAD is known to be a merge with the target branch.
   * Where HEAD has it for a parent, the provider made HEAD, and the other parent is the base.
   */
  readonly source?: string;
  /** The commit to compare with, as it is. */
  readonly base?: string;
  /** Revisions to compare with from where they parted from head; the first that exists counts. */
  readonly since: readonly string[];
  readonly branch?: string;
  readonly tag?: string;
  readonly pullRequest?: PullRequest;
  /** How this CI is told to fetch the whole history: "fetch-depth: 0 at actions/checkout". */
  readonly depth: string;
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

/** For providers that do not name the default branch. Git knows it after a clone, and not after a fetch into an empty repository. */
const TRUNKS = ['refs/remotes/origin/HEAD', ...named('main'), ...named('master')];

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
      const depth = 'GIT_DEPTH: 0 among the variables of the job';
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
          depth,
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
        depth,
        ...some({ branch, tag: env['CI_COMMIT_TAG'] || undefined }),
      };
    },
  },
  {
    name: 'Bitbucket Pipelines',
    here: (env) => env['BITBUCKET_BUILD_NUMBER'] !== undefined,
    read(env) {
      const isPull = Boolean(env['BITBUCKET_PR_ID']);
      const target = env['BITBUCKET_PR_DESTINATION_BRANCH'];
      return {
        event: isPull ? 'pull-request' : env['BITBUCKET_TAG'] ? 'other' : 'push',
        // The tip of the destination branch, often cut to twelve digits.
        since: isPull ? [...list(env['BITBUCKET_PR_DESTINATION_COMMIT']), ...named(target)] : TRUNKS,
        depth: 'clone: depth: full in bitbucket-pipelines.yml',
        ...some({
          // A pull request's pipeline begins with a merge of the destination into the source.
          source: isPull ? oid(env['BITBUCKET_COMMIT']) : undefined,
          branch: branchOf(env['BITBUCKET_BRANCH']),
          tag: env['BITBUCKET_TAG'] || undefined,
        }),
      };
    },
  },
  {
    name: 'Azure Pipelines',
    here: (env) => env['TF_BUILD'] === 'True',
    read(env) {
      const target = branchOf(env['SYSTEM_PULLREQUEST_TARGETBRANCH']);
      const ref = env['BUILD_SOURCEBRANCH'] ?? '';
      const branch = ref.startsWith('refs/heads/') ? branchOf(ref) : undefined;
      return {
        event: target ? 'pull-request' : branch ? 'push' : 'other',
        since: target ? named(target) : TRUNKS,
        depth: 'fetchDepth: 0 at the checkout step',
        ...some({
          source: oid(env['SYSTEM_PULLREQUEST_SOURCECOMMITID']),
          branch: branchOf(env['SYSTEM_PULLREQUEST_SOURCEBRANCH']) ?? branch,
          tag: /^refs\/tags\/(.+)$/.exec(ref)?.[1],
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
        event: queue ? 'merge-queue' : isPull ? 'pull-request' : env['BUILDKITE_TAG'] ? 'other' : 'push',
        since: isPull
          ? named(env['BUILDKITE_PULL_REQUEST_BASE_BRANCH'])
          : trunk
            ? pushTo(branch, undefined, trunk)
            : TRUNKS,
        depth: 'no --depth among the agent’s git-clone-flags',
        ...some({
          base: queue,
          branch,
          tag: env['BUILDKITE_TAG'] || undefined,
          source: isPull && env['BUILDKITE_PULL_REQUEST_USING_MERGE_REFSPEC'] === 'true' ? 'HEAD^2' : undefined,
        }),
      };
    },
  },
  {
    name: 'CircleCI',
    here: (env) => env['CIRCLECI'] === 'true',
    read(env) {
      const isPull = Boolean(env['CIRCLE_PULL_REQUEST']);
      const before = oid(env['CIRCLE_BASE_REVISION']);
      return {
        event: isPull ? 'pull-request' : env['CIRCLE_TAG'] ? 'other' : 'push',
        // CircleCI tells a job neither its target nor what was there before; the second can be handed on, as `init` does.
        since: isPull || before === undefined ? TRUNKS : [before, ...TRUNKS],
        depth: 'method: full at the checkout step',
        ...some({ branch: branchOf(env['CIRCLE_BRANCH']), tag: env['CIRCLE_TAG'] || undefined }),
      };
    },
  },
  {
    name: 'Jenkins',
    here: (env) => env['JENKINS_URL'] !== undefined || env['JENKINS_HOME'] !== undefined,
    read(env) {
      const isPull = env['CHANGE_ID'] !== undefined;
      const before = oid(env['GIT_PREVIOUS_SUCCESSFUL_COMMIT'] ?? env['GIT_PREVIOUS_COMMIT']);
      return {
        event: isPull ? 'pull-request' : env['TAG_NAME'] ? 'other' : 'push',
        since: isPull ? named(env['CHANGE_TARGET']) : before === undefined ? TRUNKS : [before, ...TRUNKS],
        depth: 'no shallow clone among the behaviours of the job',
        ...some({
          branch: branchOf(env['CHANGE_BRANCH'] ?? env['BRANCH_NAME']),
          tag: env['TAG_NAME'] || undefined,
          // Jenkins fetches a pull request under the name of its job, and may merge it into its target.
          source: isPull && env['BRANCH_NAME'] ? `refs/remotes/origin/${env['BRANCH_NAME']}` : undefined,
        }),
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
    readonly number?: number;
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
  const depth = 'fetch-depth: 0 at actions/checkout';
  const { pull_request: pull, merge_group: queue } = event;
  if (pull) {
    // This event checks out the target branch: the pull request has to be fetched beside it.
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
      depth,
      ...some({
        source: pull.head?.sha,
        branch: pull.head?.ref ?? env['GITHUB_HEAD_REF'],
        head: target ? pull.head?.sha : undefined,
        headRef: target && pull.number !== undefined ? `refs/pull/${pull.number}/head` : undefined,
      }),
    };
  }
  if (queue) {
    return {
      event: 'merge-queue',
      since: [],
      depth,
      ...some({ base: queue.base_sha, branch: branchOf(queue.head_ref) }),
    };
  }
  const branch = env['GITHUB_REF']?.startsWith('refs/heads/') ? branchOf(env['GITHUB_REF']) : undefined;
  const [, tag] = /^refs\/tags\/(.+)$/.exec(env['GITHUB_REF'] ?? '') ?? [];
  const trunk = event.repository?.default_branch;
  const isPush = env['GITHUB_EVENT_NAME'] === 'push';
  return {
    event: isPush && branch ? 'push' : 'other',
    since: pushTo(branch, isPush ? oid(event.before) : undefined, trunk),
    depth,
    ...some({ branch, tag }),
  };
}
