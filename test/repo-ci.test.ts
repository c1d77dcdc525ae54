import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ciRun } from '../src/repo/open.ts';
import { makeFolder, makeRepository, open, shown, type TestRepository } from './git.ts';

type Env = Record<string, string>;

const github = (name: string, event: object, env: Env = {}) =>
  ciRun({ GITHUB_ACTIONS: 'true', GITHUB_EVENT_NAME: name, GITHUB_EVENT_PATH: '/event.json', ...env }, () =>
    JSON.stringify(event),
  )!;

/** An origin whose topic branch was made before main went on, and the merge that GitHub makes of both. */
function origin() {
  const repository = makeRepository();
  repository.commit('one', { shared: '1', 'main.txt': '1' });
  const first = repository.id('HEAD');
  repository.git(['checkout', '-q', '-b', 'topic']);
  repository.commit('topic 1', { topic: '1' });
  const topic = repository.commit('topic 2', { topic: '2' });
  repository.git(['checkout', '-q', 'main']);
  const main = repository.commit('main 2', { 'main.txt': '2' });
  repository.git(['checkout', '-q', '--detach']);
  repository.git(['merge', '-q', '-m', `Merge ${topic} into ${main}`, 'topic']);
  repository.git(['update-ref', 'refs/pull/7/merge', 'HEAD']);
  repository.git(['update-ref', 'refs/pull/7/head', topic]);
  repository.git(['checkout', '-q', 'main']);
  const pull = {
    pull_request: {
      number: 7,
      title: 'Add a topic',
      body: null,
      labels: [{ name: 'ready' }, { name: 'sql' }],
      base: { sha: main, ref: 'main' },
      head: { sha: topic, ref: 'topic' },
    },
  };
  return { repository, first, topic, main, pull };
}

/** What actions/checkout does. */
function checkout({ dir, git }: TestRepository, ref: string, depth: number): TestRepository {
  const at = join(makeFolder(), 'checkout');
  git(['init', '-q', at]);
  const clone = makeRepository({ at });
  clone.git(['remote', 'add', 'origin', `file://${dir}`]);
  const deep = depth === 0 ? ['+refs/heads/*:refs/remotes/origin/*'] : [`--depth=${depth}`];
  clone.git([
    'fetch',
    '-q',
    ...deep.filter((arg) => arg.startsWith('-')),
    'origin',
    `+${ref}:refs/remotes/origin/judged`,
    ...deep.filter((arg) => arg.startsWith('+')),
  ]);
  clone.git(['checkout', '-q', '--detach', 'refs/remotes/origin/judged']);
  return clone;
}

/** What it says when it cannot judge: exit code 3 at the command line. */
async function refusal(change: Promise<unknown>): Promise<string> {
  const error: unknown = await change.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toMatchObject({ kind: expect.stringMatching(/^(?:shallow|missing-object)$/) });
  return (error as Error).message;
}

/** Does what the message says, by a shell, as its reader would. */
function repair({ dir, env }: TestRepository, message: string): void {
  const command = /(git fetch .*)$/.exec(message)![1]!;
  execFileSync('sh', ['-c', command], { cwd: dir, env, stdio: 'pipe' });
}

describe('GitHub Actions', () => {
  test('a pull request, checked out as its merge with main', async () => {
    const { repository, pull } = origin();
    const source = await open(checkout(repository, 'refs/pull/7/merge', 0));
    const change = await source.ci(github('pull_request', pull));
    expect(shown(change)).toEqual(['A topic']);
    expect(change.commits.map(({ message }) => message)).toEqual(['topic 1\n', 'topic 2\n']);
    expect(await change.head.read('main.txt')).toBe('2');
    expect(change).toMatchObject({
      branch: 'topic',
      pullRequest: { title: 'Add a topic', body: '', labels: ['ready', 'sql'] },
    });
    expect(source.notices).toEqual([]);
  });

  test('a pull request, checked out as its own last commit', async () => {
    const { repository, pull } = origin();
    const change = await (await open(checkout(repository, 'refs/heads/topic', 0))).ci(github('pull_request', pull));
    expect(shown(change)).toEqual(['A topic']);
    expect(await change.head.read('main.txt')).toBe('1');
  });

  test('a shallow checkout: the base is named as missing, with the mend', async () => {
    const { repository, pull } = origin();
    const run = github('pull_request', pull);
    for (const ref of ['refs/pull/7/merge', 'refs/heads/topic']) {
      const clone = checkout(repository, ref, 1);
      const message = await refusal((await open(clone)).ci(run));
      expect(message).toContain('fetch-depth: 0 at actions/checkout');
      repair(clone, message);
      expect(shown(await (await open(clone)).ci(run)), ref).toEqual(['A topic']);
    }
    // With two levels the merge's parents are here: its files can be judged, its commits only in part.
    const source = await open(checkout(repository, 'refs/pull/7/merge', 2));
    const change = await source.ci(run);
    expect(shown(change)).toEqual(['A topic']);
    expect(change.commits.map((commit) => shown(commit))).toEqual([[]]);
    expect(source.notices).toMatchObject([
      { notice: 'not-judged', needed: true, message: expect.stringContaining('shallow') },
    ]);
  });

  test('pull_request_target: the pull request, not the branch that is checked out', async () => {
    const { repository, pull } = origin();
    const whole = checkout(repository, 'refs/heads/main', 0);
    expect(shown(await (await open(whole)).ci(github('pull_request_target', pull)))).toEqual(['A topic']);
    const narrow = checkout(repository, 'refs/heads/main', 1);
    const message = await refusal((await open(narrow)).ci(github('pull_request_target', pull)));
    expect(message).toMatch(/ refs\/pull\/7\/head$/);
    repair(narrow, message);
    expect(shown(await (await open(narrow)).ci(github('pull_request_target', pull)))).toEqual(['A topic']);
  });

  test('a push: what was there before counts; a rewritten or new branch starts where it left main', async () => {
    const { repository, first, topic, main } = origin();
    const push = (before: string, ref: string) =>
      github('push', { before, repository: { default_branch: 'main' } }, { GITHUB_REF: ref });
    const onMain = await open(checkout(repository, 'refs/heads/main', 0));
    expect(shown(await onMain.ci(push(first, 'refs/heads/main')))).toEqual(['M main.txt']);
    await expect(onMain.ci(push('5'.repeat(40), 'refs/heads/main'))).rejects.toMatchObject({
      kind: 'missing-object',
      message: expect.stringMatching(/git fetch origin 5{40}$/),
    });
    // The first push of all: everything is new.
    expect(shown(await onMain.ci(push('0'.repeat(40), 'refs/heads/main')))).toEqual(['A main.txt', 'A shared']);

    const onTopic = await open(checkout(repository, 'refs/heads/topic', 0));
    for (const before of ['0'.repeat(40), '5'.repeat(40)]) {
      const change = await onTopic.ci(push(before, 'refs/heads/topic'));
      expect(shown(change)).toEqual(['A topic']);
      expect(change.branch).toBe('topic');
    }
    const step = await onTopic.ci(push(repository.id(`${topic}^`), 'refs/heads/topic'));
    expect(shown(step)).toEqual(['M topic']);
    const tag = await onMain.ci(push('0'.repeat(40), 'refs/tags/v1'));
    expect(shown(tag)).toEqual(['M main.txt']);
    expect(tag.commits.map(({ oid }) => oid)).toEqual([main]);
  });

  test('a merge queue', async () => {
    const { repository, main } = origin();
    const group = { base_sha: main, head_sha: 'x', head_ref: 'refs/heads/gh-readonly-queue/main/pr-7' };
    const change = await (
      await open(checkout(repository, 'refs/pull/7/merge', 0))
    ).ci(github('merge_group', { merge_group: group }));
    expect(shown(change)).toEqual(['A topic']);
    expect(change.commits).toHaveLength(3);
    expect(change).toMatchObject({ branch: 'gh-readonly-queue/main/pr-7' });
    expect(change.pullRequest).toBeUndefined();
  });

  test('an event file that is not there', () => {
    const env = { GITHUB_ACTIONS: 'true', GITHUB_EVENT_PATH: join(makeFolder(), 'none.json') };
    expect(() => ciRun(env)).toThrow(/GITHUB_EVENT_PATH/);
  });
});

describe('other providers', () => {
  const { repository, topic, main, first } = origin();
  /** Nothing writes to these, so each is made once. */
  const clones = new Map<string, TestRepository>();
  const clone = (ref: string, depth = 0): TestRepository => {
    const key = `${ref} ${depth}`;
    if (!clones.has(key)) clones.set(key, checkout(repository, ref, depth));
    return clones.get(key)!;
  };

  test.each<[string, Env, string]>([
    [
      'GitLab CI',
      {
        GITLAB_CI: 'true',
        CI_MERGE_REQUEST_IID: '7',
        CI_MERGE_REQUEST_TITLE: 'T',
        CI_MERGE_REQUEST_DESCRIPTION: 'D',
        CI_MERGE_REQUEST_LABELS: 'a, b',
        CI_MERGE_REQUEST_DIFF_BASE_SHA: first,
        CI_MERGE_REQUEST_TARGET_BRANCH_NAME: 'main',
        CI_MERGE_REQUEST_SOURCE_BRANCH_NAME: 'topic',
      },
      'refs/heads/topic',
    ],
    [
      'GitLab CI',
      {
        GITLAB_CI: 'true',
        CI_MERGE_REQUEST_IID: '7',
        CI_MERGE_REQUEST_EVENT_TYPE: 'merged_result',
        CI_MERGE_REQUEST_SOURCE_BRANCH_SHA: topic,
        CI_MERGE_REQUEST_DIFF_BASE_SHA: first,
      },
      'refs/pull/7/merge',
    ],
    ['GitLab CI', { GITLAB_CI: 'true', CI_COMMIT_BRANCH: 'topic', CI_DEFAULT_BRANCH: 'main' }, 'refs/heads/topic'],
    [
      'Bitbucket Pipelines',
      { BITBUCKET_BUILD_NUMBER: '1', BITBUCKET_PR_ID: '7', BITBUCKET_PR_DESTINATION_COMMIT: main.slice(0, 12) },
      'refs/heads/topic',
    ],
    ['Bitbucket Pipelines', { BITBUCKET_BUILD_NUMBER: '1', BITBUCKET_BRANCH: 'topic' }, 'refs/heads/topic'],
    [
      'Azure Pipelines',
      {
        TF_BUILD: 'True',
        SYSTEM_PULLREQUEST_TARGETBRANCH: 'refs/heads/main',
        SYSTEM_PULLREQUEST_SOURCECOMMITID: topic,
      },
      'refs/pull/7/merge',
    ],
    ['Azure Pipelines', { TF_BUILD: 'True', BUILD_SOURCEBRANCH: 'refs/heads/topic' }, 'refs/heads/topic'],
    [
      'Buildkite',
      { BUILDKITE: 'true', BUILDKITE_PULL_REQUEST: '7', BUILDKITE_PULL_REQUEST_BASE_BRANCH: 'main' },
      'refs/heads/topic',
    ],
    [
      'Buildkite',
      {
        BUILDKITE: 'true',
        BUILDKITE_PULL_REQUEST: '7',
        BUILDKITE_PULL_REQUEST_BASE_BRANCH: 'main',
        BUILDKITE_PULL_REQUEST_USING_MERGE_REFSPEC: 'true',
      },
      'refs/pull/7/merge',
    ],
    [
      'Buildkite',
      { BUILDKITE: 'true', BUILDKITE_PULL_REQUEST: 'false', BUILDKITE_BRANCH: 'topic' },
      'refs/heads/topic',
    ],
    ['CircleCI', { CIRCLECI: 'true', CIRCLE_BRANCH: 'topic' }, 'refs/heads/topic'],
    [
      'Jenkins',
      { JENKINS_URL: 'x', CHANGE_ID: '7', CHANGE_TARGET: 'main', CHANGE_BRANCH: 'topic', CHANGE_TITLE: 'T' },
      'refs/heads/topic',
    ],
    ['Jenkins', { JENKINS_HOME: 'x', BRANCH_NAME: 'topic' }, 'refs/heads/topic'],
  ])('%s %#: judges the branch, and says how a shallow clone becomes whole', async (provider, env, ref) => {
    const run = ciRun(env)!;
    expect(run.provider).toBe(provider);
    const change = await (await open(clone(ref))).ci(run);
    expect(shown(change)).toEqual(['A topic']);
    expect(change.commits.map(({ message }) => message)).toEqual(['topic 1\n', 'topic 2\n']);
    const message = await refusal((await open(clone(ref, 1))).ci(run));
    expect(message).toContain(run.depth);
    expect(message).toContain("git fetch --unshallow origin '+refs/heads/*:refs/remotes/origin/*'");
  });

  test('Bitbucket merges the destination into the source, and that merge is not the author’s', async () => {
    const clone = checkout(repository, 'refs/heads/topic', 0);
    clone.git(['merge', '-q', '-m', 'Merge by Bitbucket', 'origin/main']);
    const env = {
      BITBUCKET_BUILD_NUMBER: '1',
      BITBUCKET_PR_ID: '7',
      BITBUCKET_COMMIT: topic,
      BITBUCKET_PR_DESTINATION_COMMIT: main.slice(0, 12),
    };
    const change = await (await open(clone)).ci(ciRun(env)!);
    expect(shown(change)).toEqual(['A topic']);
    expect(await change.head.read('main.txt')).toBe('2');
    expect(change.commits.map(({ message }) => message)).toEqual(['topic 1\n', 'topic 2\n']);
  });

  test('Jenkins merges the source into the target, and that merge is not the author’s', async () => {
    const clone = checkout(repository, 'refs/heads/main', 0);
    clone.git(['update-ref', 'refs/remotes/origin/PR-7', topic]);
    clone.git(['merge', '-q', '-m', `Merge commit '${topic}' into HEAD`, topic]);
    const env = { JENKINS_URL: 'x', CHANGE_ID: '7', CHANGE_TARGET: 'main', BRANCH_NAME: 'PR-7' };
    const change = await (await open(clone)).ci(ciRun(env)!);
    expect(shown(change)).toEqual(['A topic']);
    expect(change.commits.map(({ message }) => message)).toEqual(['topic 1\n', 'topic 2\n']);
  });

  test('a merge queue and a merge train', async () => {
    const queue = ciRun({ BUILDKITE: 'true', BUILDKITE_MERGE_QUEUE_BASE_COMMIT: main })!;
    expect(queue.event).toBe('merge-queue');
    expect(shown(await (await open(clone('refs/pull/7/merge'))).ci(queue))).toEqual(['A topic']);
    const train = ciRun({
      GITLAB_CI: 'true',
      CI_MERGE_REQUEST_IID: '7',
      CI_MERGE_REQUEST_EVENT_TYPE: 'merge_train',
      CI_MERGE_REQUEST_SOURCE_BRANCH_SHA: topic,
    })!;
    expect(train.event).toBe('merge-queue');
    expect(shown(await (await open(clone('refs/pull/7/merge'))).ci(train))).toEqual(['A topic']);
  });

  test('a tag is judged by its last commit', async () => {
    const tags: Env[] = [
      { GITLAB_CI: 'true', CI_COMMIT_TAG: 'v1', CI_DEFAULT_BRANCH: 'main' },
      { BITBUCKET_BUILD_NUMBER: '1', BITBUCKET_TAG: 'v1' },
      { TF_BUILD: 'True', BUILD_SOURCEBRANCH: 'refs/tags/v1' },
      { BUILDKITE: 'true', BUILDKITE_TAG: 'v1', BUILDKITE_PIPELINE_DEFAULT_BRANCH: 'main' },
      { CIRCLECI: 'true', CIRCLE_TAG: 'v1' },
      { JENKINS_URL: 'x', TAG_NAME: 'v1', BRANCH_NAME: 'v1' },
    ];
    const source = await open(clone('refs/heads/main'));
    for (const env of tags) {
      const run = ciRun(env)!;
      expect([run.event, shown(await source.ci(run))], run.provider).toEqual(['other', ['M main.txt']]);
    }
  });

  test('what was there before a push: CircleCI when it is handed on, Jenkins by itself', async () => {
    const source = await open(clone('refs/heads/topic'));
    const before = repository.id(`${topic}^`);
    for (const env of [
      { CIRCLECI: 'true', CIRCLE_BASE_REVISION: before },
      { JENKINS_URL: 'x', GIT_PREVIOUS_SUCCESSFUL_COMMIT: before },
    ]) {
      expect(shown(await source.ci(ciRun(env)!))).toEqual(['M topic']);
    }
    // Forced away, or empty as on a branch's first pipeline: the branch is judged from where it left the default one.
    for (const gone of ['5'.repeat(40), '']) {
      expect(shown(await source.ci(ciRun({ CIRCLECI: 'true', CIRCLE_BASE_REVISION: gone })!))).toEqual(['A topic']);
    }
  });

  test('a clone without the target branch: the command that brings it', async () => {
    const clone = checkout(repository, 'refs/heads/topic', 0);
    for (const ref of ['main', 'topic']) clone.git(['update-ref', '-d', `refs/remotes/origin/${ref}`]);
    const run = ciRun({ GITLAB_CI: 'true', CI_COMMIT_BRANCH: 'topic', CI_DEFAULT_BRANCH: 'main' })!;
    const message = await refusal((await open(clone)).ci(run));
    expect(message).toMatch(/Fetch it: git fetch origin \+refs\/heads\/main:refs\/remotes\/origin\/main$/);
    repair(clone, message);
    expect(shown(await (await open(clone)).ci(run))).toEqual(['A topic']);
  });

  test('a default branch that no provider names: the command that finds it out', async () => {
    const trunk = makeRepository({ branch: 'trunk' });
    trunk.commit('one', { shared: '1' });
    trunk.git(['switch', '-q', '-c', 'topic']);
    trunk.commit('topic', { topic: '1' });
    trunk.git(['switch', '-q', 'trunk']);
    const clone = checkout(trunk, 'refs/heads/topic', 0);
    const run = ciRun({ TF_BUILD: 'True', BUILD_SOURCEBRANCH: 'refs/heads/topic' })!;
    const message = await refusal((await open(clone)).ci(run));
    expect(message).toMatch(/git remote set-head origin --auto$/);
    repair(clone, message);
    expect(shown(await (await open(clone)).ci(run))).toEqual(['A topic']);
  });

  test('the name of a branch cannot break out of the command that is shown', async () => {
    const run = ciRun({ JENKINS_URL: 'x', CHANGE_ID: '7', CHANGE_TARGET: "a;touch${IFS}b'c" })!;
    expect(await refusal((await open(clone('refs/heads/topic'))).ci(run))).toContain(
      `git fetch origin '+refs/heads/a;touch\${IFS}b'\\''c:refs/remotes/origin/a;touch\${IFS}b'\\''c'`,
    );
  });

  test('a pull request’s words, and none outside of a CI', () => {
    const env = {
      GITLAB_CI: 'true',
      CI_MERGE_REQUEST_IID: '7',
      CI_MERGE_REQUEST_TITLE: 'T',
      CI_MERGE_REQUEST_LABELS: 'a, b',
    };
    expect(ciRun(env)).toMatchObject({ pullRequest: { title: 'T', body: '', labels: ['a', 'b'] } });
    expect(ciRun({ CI: 'true' })).toBeUndefined();
  });
});
