import { parse } from 'yaml';
import { describe, expect, test } from 'vitest';
import { detectAgents, planAgent } from '../src/setup/agents.ts';
import { bypass } from '../src/setup/bypass.ts';
import { CI_PROVIDERS, detectCi, planCi, wiredCi, type CiProvider } from '../src/setup/ci-files.ts';
import type { Repository } from '../src/setup/repository.ts';

/** A repository of Node's packages with these files. */
const repository = (files: Record<string, string> = {}, more: Partial<Repository> = {}): Repository => ({
  top: '/shop',
  commonDir: '/shop/.git',
  git: [2, 39],
  hookConfig: new Map(),
  package: { dir: '', text: '{}', fields: {}, installer: 'npm' },
  privateHooks: new Map(),
  files: new Map(Object.entries(files)),
  base: 'origin/trunk',
  migrations: [],
  installed: new Set(),
  ...more,
});

const written = async (provider: CiProvider, found = repository()) => {
  const { writes, left } = await planCi(found, provider, '1.2.3');
  return { text: writes[0]?.text ?? '', content: parse(writes[0]?.text ?? '') as any, left };
};

describe('the CI file', () => {
  test('for GitHub: also when words are edited and in a merge queue, with the whole history and no rights but reading', async () => {
    const { content, left } = await written('github');
    expect(content.on).toEqual({
      pull_request: { types: ['opened', 'reopened', 'synchronize', 'edited'] },
      merge_group: { types: ['checks_requested'] },
      push: { branches: ['trunk'] },
    });
    expect(content.permissions).toEqual({ contents: 'read' });
    const { steps } = content.jobs.repolicy;
    expect(steps[0].with).toEqual({ 'fetch-depth': 0, 'persist-credentials': false });
    expect(steps.slice(-2)).toEqual([{ run: 'npm ci --ignore-scripts' }, { run: 'npx --no-install repolicy ci' }]);
    expect(left[0]).toMatch(/required check/);
  });

  test('for GitLab: merge requests and the default branch, whole, and findings in the merge request', async () => {
    const { content } = await written('gitlab');
    expect(content.repolicy).toMatchObject({
      variables: { GIT_DEPTH: '0' },
      rules: [
        { if: '$CI_PIPELINE_SOURCE == "merge_request_event"' },
        { if: '$CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH' },
      ],
      artifacts: { when: 'always', reports: { codequality: 'gl-code-quality-report.json' } },
    });
    expect(content.repolicy.script.at(-1)).toBe(
      'npx --no-install repolicy ci --format text --format gitlab=gl-code-quality-report.json',
    );
  });

  test('for the others: the whole history, pull requests, the branch that everything is merged into', async () => {
    const bitbucket = (await written('bitbucket')).content.pipelines;
    expect(bitbucket['pull-requests']['**'][0].step).toMatchObject({ clone: { depth: 'full' } });
    expect(Object.keys(bitbucket.branches)).toEqual(['trunk']);
    const azure = (await written('azure')).content;
    expect([azure.trigger, azure.pr, azure.jobs[0].steps[0].fetchDepth]).toEqual([['trunk'], ['*'], 0]);
    const circle = (await written('circleci')).content;
    expect(circle.jobs.repolicy.steps[0]).toEqual({ checkout: { method: 'full' } });
    expect(circle.jobs.repolicy.environment).toEqual({ CIRCLE_BASE_REVISION: '<< pipeline.git.base_revision >>' });
    expect(circle.workflows.repolicy.jobs).toEqual(['repolicy']);
    expect((await written('buildkite')).content.steps[0].command.at(-1)).toBe('npx --no-install repolicy ci');
  });

  test.each(CI_PROVIDERS)('for %s: is known again, and not written twice', async (provider) => {
    const { writes } = await planCi(repository(), provider, '1.2.3');
    const again = repository({ [writes[0]!.path]: writes[0]!.text });
    expect(wiredCi(again)).toEqual([writes[0]!.path]);
    expect(detectCi(again)).toBe(provider);
    expect(await planCi(again, provider, '1.2.3')).toEqual({ writes: [], left: [] });
  });

  test.each<[CiProvider, string, string, string]>([
    [
      'gitlab',
      '.gitlab-ci.yml',
      '# ours\nstages: [lint, build]\nbuild:\n  stage: build # slow\n  script: [make]\n',
      'repolicy',
    ],
    [
      'bitbucket',
      'bitbucket-pipelines.yml',
      'pipelines:\n  default:\n    - step:\n        script: [make] # all\n',
      'pipelines',
    ],
    ['azure', 'azure-pipelines.yml', 'jobs:\n  - job: build # all\n    steps:\n      - script: make\n', 'jobs'],
    [
      'circleci',
      '.circleci/config.yml',
      'version: 2.1\njobs:\n  build:\n    docker: [{ image: x }]\n    steps: [checkout] # all\nworkflows:\n  main:\n    jobs: [build]\n',
      'jobs',
    ],
    ['buildkite', '.buildkite/pipeline.yml', 'steps:\n  - command: make # all\n', 'steps'],
  ])('for %s: a file that is there gets a job, and keeps every line', async (provider, path, before, key) => {
    const { text, content } = await written(provider, repository({ [path]: before }));
    for (const line of before.trimEnd().split('\n')) expect(text.split('\n')).toContain(line);
    expect(JSON.stringify(content[key])).toContain('repolicy ci');
    // A stage of its own choice would be refused where the stages are listed.
    if (provider === 'gitlab') expect(content.repolicy.stage).toBe('.pre');
  });

  test('a file that would lose its form is not edited: what to add is shown', async () => {
    for (const [provider, path, text] of [
      [
        'bitbucket',
        'bitbucket-pipelines.yml',
        'pipelines:\n  pull-requests:\n    "**":\n      - step: { script: [make] }\n',
      ],
      ['azure', 'azure-pipelines.yml', 'steps:\n  - script: make\n'],
      ['gitlab', '.gitlab-ci.yml', '{ build: { script: [make] } }\n'],
    ] as const) {
      const { writes, left } = await planCi(repository({ [path]: text }), provider, '1.2.3');
      expect(writes).toEqual([]);
      expect(left[0]).toMatch(new RegExp(`^Add this to ${path.replace(/\./g, '\\.')}:\n[^]*repolicy ci`));
    }
  });

  test('installs as the repository does, in the folder of its package, or without any', async () => {
    const github = async (more: Partial<Repository>) =>
      JSON.stringify((await written('github', repository({}, more))).content);
    const found = { text: '{}', fields: {} };
    expect(await github({ package: { dir: 'web/', installer: 'pnpm', ...found } })).toMatch(
      /"working-directory":"web".*pnpm install --frozen-lockfile --ignore-scripts/,
    );
    expect(await github({ package: { dir: '', installer: 'berry', ...found } })).toContain('yarn repolicy ci');
    const { package: _, ...bare } = repository();
    const { content } = await written('github', bare);
    expect(content.jobs.repolicy.steps.at(-1)).toEqual({ run: 'npx --yes repolicy@1.2.3 ci' });
  });

  test('goes where the remote is, and nowhere without one', () => {
    const at = (remote: string) => detectCi(repository({}, { remote }));
    expect(['git@github.com:a/b.git', 'https://github.com/a/b', 'ssh://git@gitlab.example.com/a/b'].map(at)).toEqual([
      'github',
      'github',
      'gitlab',
    ]);
    expect(
      ['https://x@bitbucket.org/a/b.git', 'git@ssh.dev.azure.com:v3/a/b/c', 'https://evil.com/github.com/'].map(at),
    ).toEqual(['bitbucket', 'azure', undefined]);
    expect(detectCi(repository())).toBeUndefined();
    expect(detectCi(repository({ '.github/workflows/test.yml': 'on: push\n' }))).toBe('github');
  });
});

describe('coding agents', () => {
  test('get a hook before each shell command and one before they are done, beside what is there', async () => {
    const before =
      '{\n    "model": "x",\n    "hooks": {\n        "PreToolUse": [{ "matcher": "Edit", "hooks": [] }]\n    }\n}\n';
    const found = repository({ '.claude/settings.json': before });
    expect(detectAgents(found)).toEqual(['claude']);
    const { writes } = await planAgent(found, 'claude');
    const hooks = [
      { type: 'command', command: 'node "$CLAUDE_PROJECT_DIR"/node_modules/repolicy/dist/bin.cjs agent claude' },
    ];
    expect(JSON.parse(writes[0]!.text)).toEqual({
      model: 'x',
      hooks: {
        PreToolUse: [
          { matcher: 'Edit', hooks: [] },
          { matcher: 'Bash', hooks },
        ],
        Stop: [{ hooks }],
      },
    });
    expect(await planAgent(repository({ '.claude/settings.json': writes[0]!.text }), 'claude')).toEqual({
      writes: [],
      left: [],
    });
  });

  test('Codex and Cursor, in their own words', async () => {
    const codex = await planAgent(repository(), 'codex');
    expect(Object.keys(JSON.parse(codex.writes[0]!.text).hooks)).toEqual(['PreToolUse', 'Stop']);
    expect(codex.left[0]).toMatch(/trusts/);
    const cursor = await planAgent(repository(), 'cursor');
    const command = 'node node_modules/repolicy/dist/bin.cjs agent cursor';
    expect(JSON.parse(cursor.writes[0]!.text)).toEqual({
      version: 1,
      hooks: { beforeShellExecution: [{ command }], stop: [{ command }] },
    });
    expect((await planAgent(repository({ '.cursor/hooks.json': '{ nothing' }), 'cursor')).left[0]).toMatch(
      /^Add this to/,
    );
  });

  test.each([
    'git commit --no-verify -m x',
    'git commit --no-verif',
    'git commit -nm "x"',
    'git commit -anm x',
    'cd sub && git -C .. commit -m "a; b" -n',
    'git push --no-verify origin main',
    'git am -n x.patch',
    'git rebase --no-verify main',
    'git -c core.hooksPath=/dev/null commit -m x',
    'git -c core.hookspath= commit',
    'git -c hook.repolicy-pre-commit.enabled=false commit',
    'git config core.hooksPath /dev/null',
    'git config --unset core.hooksPath',
    'git config set core.hooksPath x',
    'HUSKY=0 git commit -m x',
    'export HUSKY=0; git commit -m x',
    'LEFTHOOK=false git push',
    'SKIP=repolicy git commit',
    'SKIP_SIMPLE_GIT_HOOKS=1 git commit',
    'GIT_CONFIG_COUNT=1 GIT_CONFIG_KEY_0=core.hooksPath GIT_CONFIG_VALUE_0=/x git commit',
    'env HUSKY=0 git commit',
    "bash -lc 'git commit --no-verify -m x'",
    'eval "git commit -n"',
    'echo $(git commit --no-verify)',
    'rm -rf .husky',
    'chmod -x .githooks/pre-commit',
    'mv .git/hooks .git/off',
  ])('%s is refused', (command) => {
    expect(bypass(command)).toBeDefined();
  });

  test.each([
    'git commit -m "--no-verify is not to be used"',
    'git commit -m -n',
    'git commit -mn',
    'git commit --message --no-verify',
    'git commit -F notes -a',
    'git commit -- -n',
    'git commit --no-edit --amend',
    'git push -n',
    'git merge -n topic',
    'git log -n 3',
    'git config core.hooksPath',
    'git config --get core.hooksPath',
    'git config user.name x',
    'HUSKY=1 git commit -m x',
    'SKIP=flake8 git commit -m x',
    'cat .husky/pre-commit',
    'rm -rf node_modules',
    'grep -rn "no-verify" docs',
    'echo "git commit --no-verify"',
    'npm test # git commit -n',
  ])('%s is not', (command) => {
    expect(bypass(command)).toBeUndefined();
  });
});
