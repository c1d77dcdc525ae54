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
  repository.git(['checkout', '-q', 'main']);
  const pull = {
    pull_request: {
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
      await expect((await open(checkout(repository, ref, 1))).ci(run), ref).rejects.toMatchObject({
        kind: 'shallow',
        message: expect.stringContaining('fetch-depth: 0'),
      });
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
    await expect((await open(narrow)).ci(github('pull_request_target', pull))).rejects.toMatchObject({
      message: expect.stringContaining('refs/pull/<number>/head'),
    });
  });

  test('a push: what was there before counts; a rewritten or new branch starts where it left main', async () => {
    const { repository, first, topic, main } = origin();
    const push = (before: string, ref: string) =>
      github('push', { before, repository: { default_branch: 'main' } }, { GITHUB_REF: ref });
    const onMain = await open(checkout(repository, 'refs/heads/main', 0));
    expect(shown(await onMain.ci(push(first, 'refs/heads/main')))).toEqual(['M main.txt']);
    await expect(onMain.ci(push('5'.repeat(40), 'refs/heads/main'))).rejects.toMatchObject({
      kind: 'unknown-revision',
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
    [
      'Azure Pipelines',
      {
        TF_BUILD: 'True',
        SYSTEM_PULLREQUEST_TARGETBRANCH: 'refs/heads/main',
        SYSTEM_PULLREQUEST_SOURCECOMMITID: topic,
      },
      'refs/pull/7/merge',
    ],
    [
      'Buildkite',
      { BUILDKITE: 'true', BUILDKITE_PULL_REQUEST: '7', BUILDKITE_PULL_REQUEST_BASE_BRANCH: 'main' },
      'refs/heads/topic',
    ],
    ['CircleCI', { CIRCLECI: 'true', CIRCLE_BRANCH: 'topic' }, 'refs/heads/topic'],
    [
      'Jenkins',
      { JENKINS_URL: 'x', CHANGE_ID: '7', CHANGE_TARGET: 'main', CHANGE_BRANCH: 'topic', CHANGE_TITLE: 'T' },
      'refs/heads/topic',
    ],
  ])('%s %#', async (provider, env, ref) => {
    const run = ciRun(env)!;
    expect(run.provider).toBe(provider);
    const clone = checkout(repository, ref, 0);
    expect(shown(await (await open(clone)).ci(run))).toEqual(['A topic']);
    await expect((await open(checkout(repository, ref, 1))).ci(run)).rejects.toMatchObject({
      kind: 'shallow',
      message: expect.stringContaining(run.mend),
    });
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
