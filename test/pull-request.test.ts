import { spawnSync } from 'node:child_process';
import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { describe as read, type Sources } from '../src/cli/pull-request.ts';
import { draftOf } from '../src/facts/draft.ts';
import { proposalIn, readProposalFile } from '../src/facts/proposal-file.ts';
import { readProse, sectionsNamed, tasksOf, wholeText, type Prose } from '../src/facts/prose.ts';
import { memorySnapshot } from '../src/repo/memory.ts';
import { makeFolder, makeRepository } from './git.ts';

async function prose(source: string): Promise<Prose> {
  const read = await readProse(source);
  if ('problem' in read) throw new Error(read.problem);
  return read;
}

describe('Markdown as its reader sees it', () => {
  test('comments are not there, code is not said, tags are not words', async () => {
    const text = wholeText(await prose('a <!-- b --> `c` <b>d</b>\n\n```\ne\n```\n\n<details>f\n\n[g](h "i")\n'));
    expect(text.split(/\s+/).filter(Boolean)).toEqual(['a', 'd', 'f', 'g', 'h']);
  });
  test('a comment that Markdown sees end at a blank line goes on in a browser', async () => {
    const text = wholeText(await prose('<div><!--\nclosed\n\nhidden\n\n- also\n\nto here --> shown\n\nand this\n'));
    expect(text).not.toMatch(/hidden|also|to here/);
    expect(text).toMatch(/shown\s+and this/);
  });
  test('headings are found whatever they are dressed in', async () => {
    const read = await prose('# 🧪 How to *test*?\n\na\n\n## Steps\n\nb\n\nSetext\n======\n\nc\r\n');
    expect(sectionsNamed(read, 'how to test').map(({ text }) => text)).toEqual(['a\nb']);
    expect(sectionsNamed(read, 'Setext').map(({ text }) => text)).toEqual(['c']);
  });
  test('a line across the text is no front matter', async () => {
    expect(wholeText(await prose('---\nCloses #1\n---\n'))).toContain('Closes #1');
  });
  test('tasks are items of lists, nested ones too', async () => {
    const { sections } = await prose('- [ ] a\n  1. [x] b\n- [ ] ~~c~~\n- [y] d\n\n[ ] e\n');
    expect(tasksOf(sections[0]!.nodes).map(({ text, done, struck }) => [text, done, struck])).toEqual([
      ['a', false, false],
      ['b', true, false],
      ['c', false, true],
    ]);
  });
  test.each([
    ['quotes', '> '.repeat(30_000)],
    ['quotes without spaces', `a\n${'>'.repeat(60_000)}`],
    ['lists', '- '.repeat(30_000)],
    ['indented lists', Array.from({ length: 200 }, (_, i) => `${' '.repeat(2 * i)}- a`).join('\n')],
    ['a library', 'x '.repeat(600_000)],
  ])('hostile text ends as words, not as a crash: %s', async (_, text) => {
    expect(await readProse(text)).toEqual({ problem: expect.stringMatching(/nests more than|characters/) as string });
  });
});

describe('the pull request in a file', () => {
  test.each([
    ['feat: berths\n\nAdds berths.\n', 'feat: berths', 'Adds berths.\n'],
    ['\ufefffeat: berths\r\n\r\nAdds.\r\n', 'feat: berths', 'Adds.\n'],
    ['feat: berths', 'feat: berths', ''],
    ['## Summary\n\nAdds.\n', '', '## Summary\n\nAdds.\n'],
    ['Two lines\nof text\n', '', 'Two lines\nof text\n'],
    ['<!-- x -->\n\na', '', '<!-- x -->\n\na'],
  ])('%j', (text, title, body) => expect(readProposalFile(text)).toEqual({ title, body }));

  test('events of GitHub and GitLab, and an API’s answer', () => {
    const github = { pull_request: { title: 'a', body: null, labels: [{ name: 'x' }] }, title: 'no' };
    expect(proposalIn(github)).toEqual({ title: 'a', body: '', labels: ['x'] });
    const gitlab = { object_attributes: { title: 'a', description: 'b' }, labels: [{ title: 'x' }] };
    expect(proposalIn(gitlab)).toEqual({ title: 'a', body: 'b', labels: ['x'] });
    expect(proposalIn({ title: 'a', description: 'b', labels: ['x'] })).toEqual({
      title: 'a',
      body: 'b',
      labels: ['x'],
    });
    expect(proposalIn({ before: '1', after: '2' })).toBeUndefined();
  });
});

describe('a draft', () => {
  const commit = (message: string, parents = ['1']) => ({
    oid: '2',
    parents,
    author: { name: '', email: '' },
    committer: { name: '', email: '' },
    date: new Date(0),
    committed: new Date(0),
    message,
    changes: [],
  });
  const template = '<!-- Hello -->\n\n## Summary\n\n<!-- what -->\n\n## How to test\n\n## Checklist\n\n- [ ] Tests\n';
  const head = memorySnapshot({ '.github/PULL_REQUEST_TEMPLATE.md': template });

  test('of one commit is that commit', async () => {
    const draft = await draftOf({ head: memorySnapshot({}), commits: [commit('feat: a\n\nBecause.\n\nCloses #3\n')] });
    expect(draft).toMatchObject({ title: 'feat: a', body: 'Because.\n\nCloses #3', labels: [] });
  });
  test('of several fills the template; merges and what will be folded away say nothing', async () => {
    const commits = [
      commit('feat: a\n'),
      commit("Merge branch 'main'\n", ['1', '2']),
      commit('fixup! feat: a\n'),
      commit('fix: b\n\nFixes #4\n'),
    ];
    const { title, body } = await draftOf({ head, commits });
    expect(title).toBe('feat: a');
    expect(body).toBe(
      '<!-- Hello -->\n\n## Summary\n\n- feat: a\n- fix: b\n\nFixes #4\n\n## How to test\n\n## Checklist\n\n- [ ] Tests',
    );
  });
  test('of a branch that is described goes where its headings say', async () => {
    const description = 'Berths\n\nFor boats.\n\n# How to test\n\nOpen it.\n\n## Checklist\n\n- [x] Tests\n';
    const { title, body } = await draftOf({ head, commits: [commit('wip\n')], description });
    expect(title).toBe('Berths');
    expect(body).toBe(
      '<!-- Hello -->\n\n## Summary\n\nFor boats.\n\n## How to test\n\nOpen it.\n\n## Checklist\n\n- [x] Tests',
    );
  });
});

describe('where it is read', () => {
  const dir = makeFolder();
  const program = (name: string, script: string) => {
    writeFileSync(join(dir, name), `#!/bin/sh\n${script}\n`);
    chmodSync(join(dir, name), 0o755);
  };
  const sources = (more: Partial<Sources> & { env?: NodeJS.ProcessEnv } = {}): Sources => ({
    cwd: dir,
    live: true,
    ...more,
    env: { PATH: `${dir}:${process.env['PATH']}`, ...more.env },
  });
  const told = { title: 'told', body: '', labels: [] };
  const draft = async () => ({ title: 'drafted', body: '', labels: [] });
  const titleOf = async (flags: Parameters<typeof read>[0], from: Sources) =>
    (await read(flags, from)).pullRequest?.title;

  test('the nearer source wins', async () => {
    program('gh', 'echo \'{"title":"live","body":"b","labels":[]}\'');
    writeFileSync(join(dir, 'pr.md'), 'file\n\ntext');
    writeFileSync(join(dir, 'event.json'), '{"pull_request":{"title":"event"}}');
    const env = { PR_BODY: 'x', PR_TITLE: 'variable', PR_LABELS: 'a, b' };
    expect(await titleOf({ prFile: 'pr.md', prEvent: 'event.json' }, sources({ env, told, draft }))).toBe('file');
    expect(await titleOf({ prEvent: 'event.json' }, sources({ env, told, draft }))).toBe('event');
    expect((await read({}, sources({ env, told, draft }))).pullRequest).toMatchObject({
      title: 'variable',
      labels: ['a', 'b'],
    });
    expect(await titleOf({}, sources({ told, draft }))).toBe('live');
    expect(await titleOf({}, sources({ told, draft, live: false }))).toBe('told');
    expect(await titleOf({}, sources({ draft, live: false }))).toBe('drafted');
    await expect(read({ prFile: 'none.md' }, sources())).rejects.toThrow('none.md cannot be read');
    await expect(read({ prEvent: 'pr.md' }, sources())).rejects.toThrow('pr.md is not JSON');
  });
  test('in CI, live is asked for with the run’s own token and number; a failure is told', async () => {
    program('gh', 'echo "$*" "$GH_TOKEN" >&2; exit 1');
    const env = {
      GITHUB_ACTIONS: 'true',
      GITHUB_REF: 'refs/pull/7/merge',
      GITHUB_REPOSITORY: 'o/r',
      GITHUB_TOKEN: 'once',
    };
    const { pullRequest, notices } = await read({}, sources({ env, told }));
    expect(pullRequest).toBe(told);
    expect(notices.map(({ message }) => message)).toEqual([
      'The pull request was not read live (gh: pr view 7 --repo o/r --json title,body,labels once). It is taken from the event that started this run, which knows no later edit.',
    ]);
    const without = await read({}, sources({ env: { ...env, GITHUB_TOKEN: '' }, told }));
    expect(without.notices).toEqual([]);
  });
  test('a branch without a pull request is no failure, and GitLab’s cut is told', async () => {
    program('gh', 'echo "no pull requests found for branch x" >&2; exit 1');
    program('glab', 'echo "no open merge request available for x" >&2; exit 1');
    expect(await read({}, sources({ draft }))).toMatchObject({ pullRequest: { title: 'drafted' }, notices: [] });
    const cut = await read(
      {},
      sources({ env: { CI_MERGE_REQUEST_DESCRIPTION_IS_TRUNCATED: 'true' }, told, live: false }),
    );
    expect(cut.notices).toMatchObject([{ needed: true }]);
  });
});

describe('repolicy pr', () => {
  const run = (cwd: string, args: string[], env: NodeJS.ProcessEnv = {}) =>
    spawnSync(process.execPath, [join(process.cwd(), 'dist/bin.cjs'), ...args], {
      cwd,
      encoding: 'utf8',
      env: { ...process.env, PATH: '/usr/bin:/bin', ...env },
    });
  const policy = JSON.stringify({
    rules: {
      'change/missing-issue': 'error',
      'change/missing-section': ['error', { sections: ['Summary'] }],
      'change/too-many-files': ['error', { maxFiles: 1 }],
    },
  });
  let dir: string;
  beforeAll(() => {
    const repository = makeRepository();
    dir = repository.dir;
    repository.commit('start', { 'repolicy.json': policy, '.github/pull_request_template.md': '## Summary\n' });
    repository.git(['checkout', '-q', '-b', 'berths']);
    repository.commit('feat: berths\n\nFor boats.\n\nCloses #5\nLarge-Change: two files are one thing\n', {
      a: '1',
      b: '2',
    });
    repository.commit('fix: piers\n', { a: '2' });
  });

  test('draft prints what check judges, and its answer is the same from a file', () => {
    const draft = run(dir, ['pr', 'draft']);
    expect(draft.stdout).toBe(
      'feat: berths\n\n## Summary\n\n- feat: berths\n- fix: piers\n\nFor boats.\n\nCloses #5\nLarge-Change: two files are one thing\n',
    );
    const check = run(dir, ['pr', 'check', '--offline']);
    expect(check).toMatchObject({ status: 0 });
    expect(check.stdout.replace(/\s+/g, ' ')).toContain(
      'the pull request (drafted from the template, the description of',
    );
    expect(check.stdout).toContain('two files are one thing (Large-Change of a commit)');
    expect(check.stdout).toContain('1 allowed');
    writeFileSync(join(dir, '.git/pr.md'), draft.stdout);
    expect(run(dir, ['pr', 'check', '--pr-file', '.git/pr.md'])).toMatchObject({ status: 0 });
  });
  test('what is missing is found, and where there is no base it is asked for', () => {
    const { status, stdout } = run(dir, ['pr', 'check'], { PR_BODY: 'Adds berths.' });
    expect(status).toBe(1);
    expect(stdout).toContain('The pull request names no issue.');
    expect(stdout).toContain('The section "Summary" is missing.');
    const alone = makeRepository({ branch: 'work' });
    alone.commit('start', { a: '1' });
    expect(run(alone.dir, ['pr', 'check'])).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('--since') as string,
    });
  });
});
