import { existsSync, readFileSync, statSync, symlinkSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parse } from 'yaml';
import { describe, expect, test } from 'vitest';
import { applyPlan } from '../src/setup/apply.ts';
import { detectManager, planInit } from '../src/setup/init.ts';
import { HOOKS, TELLING } from '../src/setup/hooks.ts';
import type { Manager } from '../src/setup/managers.ts';
import type { Plan, Write } from '../src/setup/plan.ts';
import { readRepository, type Repository } from '../src/setup/repository.ts';
import { applyUndo, planUndo, type UndoPlan } from '../src/setup/undo.ts';
import { makeFolder, makeRepository, type TestRepository } from './git.ts';

const VERSION = '1.2.3';
const HUSKY = resolve('node_modules/husky');

async function read(dir: string): Promise<Repository> {
  const repository = await readRepository(dir);
  if ('refused' in repository) throw new Error(repository.refused);
  return repository;
}

async function planned(dir: string, manager?: Manager): Promise<Plan> {
  const plan = await planInit(await read(dir), { version: VERSION, ...(manager && { manager }) });
  if ('refused' in plan) throw new Error(plan.refused);
  return plan;
}

/** Runs init without the package manager; gives what was said. */
async function init(dir: string, manager?: Manager): Promise<string[]> {
  const said: string[] = [];
  const doing = { install: false, engine: '/opt/repolicy/dist/bin.cjs' };
  for await (const step of applyPlan(await read(dir), await planned(dir, manager), doing)) {
    said.push('wrote' in step ? step.wrote.path : 'did' in step ? step.did : step.failed);
  }
  return said;
}

/** A repository with these files, and with husky and repolicy in node_modules. */
function repositoryWith(files: Record<string, string>, packages = ''): TestRepository {
  const repository = makeRepository();
  repository.write({
    '.gitignore': 'node_modules\n',
    [`${packages}node_modules/repolicy/package.json`]: '{}',
    ...files,
  });
  symlinkSync(HUSKY, join(repository.dir, packages, 'node_modules/husky'));
  return repository;
}

const text = ({ dir }: TestRepository, path: string): string => readFileSync(join(dir, path), 'utf8');
const write = ({ writes }: Plan, path: string): Write => writes.find((one) => one.path === path)!;
const hooksPath = (repository: TestRepository): string =>
  repository.git(['config', '--default', '', '--get', 'core.hooksPath']);
const unchanged = ({ writes, config, husky, install, left }: Plan) => [writes, config, husky, install, left];
const NOTHING = [[], undefined, undefined, undefined, []];

const PACKAGE =
  '{\n  "name": "shop",\n  "devDependencies": {\n    "husky": "^9.1.7",\n    "repolicy": "^1.0.0"\n  },\n  "scripts": {\n    "prepare": "husky"\n  }\n}\n';

describe('a repository with a package.json and no hooks', () => {
  test('gets husky, and a line in each hook', async () => {
    const repository = repositoryWith({ 'package.json': '{\n  "name": "shop"\n}\n' });
    expect(await init(repository.dir)).toEqual([
      'package.json',
      '.husky/repolicy',
      '.husky/pre-commit',
      '.husky/pre-merge-commit',
      '.husky/prepare-commit-msg',
      '.husky/commit-msg',
      '.husky/applypatch-msg',
      '.husky/pre-applypatch',
      '.husky/pre-push',
      '.husky/post-checkout',
      '.husky/post-merge',
      '.husky/post-rewrite',
      '.gitattributes',
      'repolicy.jsonc',
      'Run `npm install`.',
      'Git runs the hooks in .husky (through husky).',
    ]);
    expect(JSON.parse(text(repository, 'package.json'))).toEqual({
      name: 'shop',
      devDependencies: { husky: '^9.1.7', repolicy: '^1.2.3' },
      scripts: { prepare: 'husky' },
    });
    expect(text(repository, '.husky/pre-commit')).toBe('#!/bin/sh\n. "${0%/*}/repolicy" # judges what is staged\n');
    expect(statSync(join(repository.dir, '.husky/pre-push')).mode & 0o111).toBe(0o111);
    expect(text(repository, '.gitattributes')).toBe('/.husky/* text eol=lf\n');
    expect(hooksPath(repository)).toBe('.husky/_');
    expect(text(repository, '.git/repolicy/node')).toBe(`${process.execPath}\n`);
  });

  test('a second time, nothing is left to do', async () => {
    const repository = repositoryWith({ 'package.json': '{}\n' });
    await init(repository.dir);
    expect(unchanged(await planned(repository.dir))).toEqual(NOTHING);
  });

  test('a clone of it only switches the hooks on', async () => {
    const repository = repositoryWith({ 'package.json': '{}\n' });
    await init(repository.dir);
    repository.git(['config', '--unset', 'core.hooksPath']);
    const { writes, husky } = await planned(repository.dir);
    expect([writes, husky]).toEqual([[], '.husky']);
  });

  test('keeps the look of package.json, the order of its packages and what prepare did', async () => {
    const before =
      '{\n\t"scripts": {\n\t\t"prepare": "tsc -b; echo built"\n\t},\n\t"devDependencies": {\n\t\t"eslint": "^9",\n\t\t"typescript": "^5"\n\t}\n}\n';
    const repository = repositoryWith({ 'package.json': before });
    await init(repository.dir);
    expect(text(repository, 'package.json')).toBe(
      '{\n\t"scripts": {\n\t\t"prepare": "husky && tsc -b; echo built"\n\t},\n\t"devDependencies": {\n\t\t"eslint": "^9",\n\t\t"husky": "^9.1.7",\n\t\t"repolicy": "^1.2.3",\n\t\t"typescript": "^5"\n\t}\n}\n',
    );
  });

  test.each([
    ['package-lock.json', 'npm install'],
    ['pnpm-lock.yaml', 'pnpm install'],
    ['yarn.lock', 'yarn install'],
    ['bun.lock', 'bun install'],
  ])('with %s, packages are installed by %s', async (lock, command) => {
    const repository = repositoryWith({ 'package.json': '{}\n', [lock]: '' });
    const plan = await planned(repository.dir);
    expect(plan.install?.join(' ')).toBe(command);
    expect(write(plan, '.husky/repolicy').text).toContain(`Run \`${command}\`, then try again.`);
  });

  test('Yarn 2 and later run no prepare', async () => {
    const repository = repositoryWith({ 'package.json': '{"packageManager":"yarn@4.9.2"}\n' });
    const { scripts } = JSON.parse(write(await planned(repository.dir), 'package.json').text) as { scripts: unknown };
    expect(scripts).toEqual({ postinstall: 'husky' });
  });

  test('a package below the top has its hooks beside it', async () => {
    const repository = repositoryWith({ 'web/package.json': '{}\n', 'api/go.mod': '' }, 'web/');
    await init(join(repository.dir, 'web'));
    expect(JSON.parse(text(repository, 'web/package.json')).scripts).toEqual({ prepare: 'cd .. && husky web/.husky' });
    expect(hooksPath(repository)).toBe('web/.husky/_');
    expect(text(repository, 'repolicy.jsonc')).toContain('"$schema": "./web/node_modules/repolicy/schema.json"');
    expect(unchanged(await planned(join(repository.dir, 'web')))).toEqual(NOTHING);
  });

  test('in a folder with a space in its name, too', async () => {
    const repository = repositoryWith({ 'web app/package.json': '{}\n' }, 'web app/');
    await init(join(repository.dir, 'web app'));
    const { scripts } = JSON.parse(text(repository, 'web app/package.json')) as { scripts: { prepare: string } };
    expect(scripts.prepare).toBe('cd .. && husky "web app/.husky"');
    const attribute = repository.git(['check-attr', 'eol', 'web app/.husky/pre-commit']);
    expect(attribute).toBe('web app/.husky/pre-commit: eol: lf');
    expect(unchanged(await planned(join(repository.dir, 'web app')))).toEqual(NOTHING);
  });

  test('a package.json that is none is refused', async () => {
    const repository = repositoryWith({ 'package.json': '{ "name": }' });
    expect(await readRepository(repository.dir)).toEqual({ refused: 'package.json is not a JSON object.' });
  });
});

describe('a repository that has husky', () => {
  test('keeps its hooks, and is judged after its formatters', async () => {
    const repository = repositoryWith({
      'package.json': PACKAGE.replace('"name": "shop"', '"lint-staged": { "*": "prettier --write" }'),
      '.husky/pre-commit': 'npx lint-staged\n',
      '.husky/pre-push': 'npm test\n',
    });
    const plan = await planned(repository.dir);
    expect(write(plan, '.husky/pre-commit')).toMatchObject({
      text: 'npx lint-staged\n. "${0%/*}/repolicy" # judges what is staged\n',
      reason: 'judges what is staged, after what stands there',
    });
    expect(write(plan, '.husky/pre-push').text).toMatch(/^\. .*repolicy.*\nnpm test\n$/);
    expect(plan.writes.map(({ path }) => path)).not.toContain('package.json');
    await init(repository.dir);
    expect(unchanged(await planned(repository.dir))).toEqual(NOTHING);
  });

  test('in a folder of its own choice', async () => {
    const repository = repositoryWith({
      'package.json': PACKAGE.replace('"prepare": "husky"', '"prepare": "husky .config/husky"'),
    });
    await init(repository.dir);
    expect(hooksPath(repository)).toBe('.config/husky/_');
    expect(existsSync(join(repository.dir, '.config/husky/pre-commit'))).toBe(true);
  });

  test('of version 8, whose hooks Git calls itself', async () => {
    const repository = repositoryWith({
      'package.json':
        '{"devDependencies":{"husky":"^8.0.0","repolicy":"^1.0.0"},"scripts":{"prepare":"husky install"}}',
      '.husky/pre-commit': '#!/usr/bin/env sh\n. "$(dirname -- "$0")/_/husky.sh"\n\nnpm test\n',
    });
    repository.git(['config', 'core.hooksPath', '.husky']);
    const plan = await planned(repository.dir);
    expect(plan.husky).toBeUndefined();
    expect(write(plan, '.husky/pre-commit').text).toMatch(/npm test\n\. .*repolicy.*\n$/);
    expect(write(plan, '.husky/commit-msg')).toMatchObject({ executable: true, text: expect.stringMatching(/^#!/) });
  });

  test('a hook in another language is left to its owner', async () => {
    const script = '#!/usr/bin/env node\nconsole.log(1)\n';
    const repository = repositoryWith({ 'package.json': PACKAGE, '.husky/commit-msg': script });
    const plan = await planned(repository.dir);
    expect(write(plan, '.husky/commit-msg')).toBeUndefined();
    expect(plan.left).toEqual([
      '.husky/commit-msg is not a shell script. Have it run this, too:\n    node node_modules/repolicy/dist/bin.cjs hook commit-msg <its arguments>',
    ]);
  });
});

describe('a repository without a package.json', () => {
  test('gets a committed folder of hooks', async () => {
    const repository = makeRepository();
    repository.write({ 'go.mod': 'module shop\n' });
    expect(await init(repository.dir)).toEqual([
      '.githooks/repolicy',
      '.githooks/pre-commit',
      '.githooks/pre-merge-commit',
      '.githooks/prepare-commit-msg',
      '.githooks/commit-msg',
      '.githooks/applypatch-msg',
      '.githooks/pre-applypatch',
      '.githooks/pre-push',
      '.githooks/post-checkout',
      '.githooks/post-merge',
      '.githooks/post-rewrite',
      '.gitattributes',
      'repolicy.jsonc',
      'Git runs the hooks in .githooks (core.hooksPath, set in this clone).',
    ]);
    expect(hooksPath(repository)).toBe('.githooks');
    expect(statSync(join(repository.dir, '.githooks/commit-msg')).mode & 0o111).toBe(0o111);
    expect(text(repository, '.git/repolicy/engine')).toBe('/opt/repolicy/dist/bin.cjs\n');
    expect(text(repository, 'repolicy.jsonc')).not.toContain('$schema');
    expect(unchanged(await planned(repository.dir))).toEqual(NOTHING);
  });

  test('and husky cannot be had', async () => {
    const repository = makeRepository();
    expect(await planInit(await read(repository.dir), { version: VERSION, manager: 'husky' })).toEqual({
      refused: 'husky needs a package.json. `--manager git` does without one.',
    });
  });
});

describe('hooks that somebody else has put in place', () => {
  test('in the folder of this repository that core.hooksPath names get our line', async () => {
    const repository = repositoryWith({
      'package.json': PACKAGE.replace(/"husky": "[^"]+",/, '').replace('"husky"', '"tsc"'),
      'tools/hooks/pre-commit': '#!/bin/sh\nmake lint\n',
      'tools/hooks/commit-msg': '#!/bin/sh\nrepolicy hook commit-msg "$1"\n',
    });
    for (const path of ['tools/hooks', join(repository.dir, 'tools/hooks')]) {
      repository.git(['config', 'core.hooksPath', path]);
      const plan = await planned(repository.dir);
      expect([plan.manager, plan.config, plan.husky, plan.left]).toEqual(['git', undefined, undefined, []]);
      expect(write(plan, 'tools/hooks/pre-commit').text).toMatch(/make lint\n\. .*repolicy.*\n$/);
      expect(write(plan, 'tools/hooks/commit-msg')).toBeUndefined();
    }
    // The packages lie two folders up from these hooks.
    expect(write(await planned(repository.dir), 'tools/hooks/repolicy').text).toContain(
      'packages=${0%/*}/../../node_modules',
    );
    await init(repository.dir);
    expect(unchanged(await planned(repository.dir))).toEqual(NOTHING);
  });

  test('in a folder outside of the repository are left as they are', async () => {
    const repository = repositoryWith({
      'package.json': PACKAGE.replace(/"husky": "[^"]+",/, '').replace('"husky"', '"tsc"'),
    });
    const folder = makeFolder();
    repository.git(['config', 'core.hooksPath', folder]);
    const plan = await planned(repository.dir);
    expect(plan.writes.map(({ path }) => path)).toEqual(['repolicy.jsonc']);
    expect(plan.config).toBeUndefined();
    expect(plan.left[0]).toContain(
      `${folder}/pre-push:  node node_modules/repolicy/dist/bin.cjs hook pre-push "$@" || exit`,
    );
  });

  test('in .git/hooks are left as they are', async () => {
    const repository = repositoryWith({ 'package.json': '{}\n' });
    repository.hook('pre-push', 'git lfs pre-push "$@"');
    const plan = await planned(repository.dir);
    expect([plan.manager, plan.config, plan.husky]).toEqual(['git', undefined, undefined]);
    expect(plan.left[0]).toContain(
      '.git/hooks/pre-push:  node node_modules/repolicy/dist/bin.cjs hook pre-push "$@" || exit',
    );
    await init(repository.dir);
    expect(text(repository, '.git/hooks/pre-push')).toBe('#!/bin/sh\ngit lfs pre-push "$@"\n');
    expect(hooksPath(repository)).toBe('');
  });

  test('husky is never put over another core.hooksPath', async () => {
    const repository = repositoryWith({ 'package.json': PACKAGE });
    repository.git(['config', 'core.hooksPath', 'tools/hooks']);
    expect(await planInit(await read(repository.dir), { version: VERSION })).toEqual({
      refused: expect.stringContaining('core.hooksPath names tools/hooks'),
    });
  });

  test('husky, asked for by name, says which hooks no longer run', async () => {
    const repository = repositoryWith({ 'package.json': '{}\n' });
    repository.hook('post-merge', 'true');
    expect((await planned(repository.dir, 'husky')).left).toEqual([
      'Git no longer runs your .git/hooks/post-merge: move what it does into .husky/post-merge.',
    ]);
  });
});

describe('other hook managers', () => {
  test('lefthook.yml gets a job for each hook, and keeps everything else', async () => {
    const before =
      '# our hooks\npre-commit:\n  parallel: true # quick\n  commands:\n    lint:\n      run: eslint {staged_files}\n\npre-push:\n  jobs:\n    - name: test\n      run: npm test\n';
    const repository = repositoryWith({
      'package.json': '{"devDependencies":{"repolicy":"1"}}',
      'lefthook.yml': before,
    });
    expect(detectManager(await read(repository.dir))).toBe('lefthook');
    await init(repository.dir);
    const after = text(repository, 'lefthook.yml');
    for (const line of before.trimEnd().split('\n')) expect(after.split('\n')).toContain(line);
    const engine = 'node node_modules/repolicy/dist/bin.cjs hook';
    expect(parse(after)).toEqual({
      'pre-commit': {
        parallel: true,
        commands: { lint: { run: 'eslint {staged_files}' }, repolicy: { run: `${engine} pre-commit` } },
      },
      'pre-push': {
        jobs: [
          { name: 'test', run: 'npm test' },
          { name: 'repolicy', run: `${engine} pre-push {0}`, use_stdin: true },
        ],
      },
      'pre-merge-commit': { commands: { repolicy: { run: `${engine} pre-merge-commit` } } },
      'commit-msg': { commands: { repolicy: { run: `${engine} commit-msg {1}` } } },
    });
    expect(unchanged(await planned(repository.dir))).toEqual(NOTHING);
  });

  test('.pre-commit-config.yaml gets a local repository, and keeps everything else', async () => {
    const before =
      'repos:\n- repo: https://example.com/hooks  # ours\n  rev: v5.0.0\n  hooks:\n  - id: trailing-whitespace\n';
    const repository = makeRepository();
    repository.write({ '.pre-commit-config.yaml': before });
    await init(repository.dir);
    const after = text(repository, '.pre-commit-config.yaml');
    expect(after.startsWith(before)).toBe(true);
    const { repos, default_install_hook_types: types } = parse(after) as {
      repos: { repo: string; hooks: object[] }[];
      default_install_hook_types: string[];
    };
    expect(types).toEqual(['pre-commit', 'pre-merge-commit', 'commit-msg']);
    expect(repos[1]).toMatchObject({
      repo: 'local',
      hooks: [
        { entry: 'repolicy hook pre-commit', pass_filenames: false, always_run: true },
        { entry: 'repolicy hook commit-msg', stages: ['commit-msg'] },
      ],
    });
    expect(unchanged(await planned(repository.dir))).toEqual(NOTHING);
  });

  test('a file that would lose its form is not edited: what to add is shown', async () => {
    const repository = repositoryWith({
      'package.json': '{"devDependencies":{"repolicy":"1"}}',
      'lefthook.yml': 'pre-commit: {commands: {lint: {run: eslint}}}\n',
    });
    const plan = await planned(repository.dir);
    expect(plan.writes.map(({ path }) => path)).toEqual(['repolicy.jsonc']);
    expect(plan.left[0]).toMatch(/^Add this to lefthook\.yml:\n    pre-commit:\n      commands:\n        repolicy:\n/);
  });

  test('YAML that does not parse is not edited', async () => {
    const repository = makeRepository();
    repository.write({ '.pre-commit-config.yaml': 'repos: [\n' });
    expect((await planned(repository.dir)).left[0]).toMatch(/^Add this to \.pre-commit-config\.yaml:\n    repos:\n/);
  });

  test('lint-staged without husky is only told what to add', async () => {
    const repository = repositoryWith({ 'package.json': '{"devDependencies":{"repolicy":"1"}}' });
    const plan = await planned(repository.dir, 'lint-staged');
    expect(plan.writes.map(({ path }) => path)).toEqual(['repolicy.jsonc']);
    expect(plan.left[0]).toContain(`"*": "sh -c 'node node_modules/repolicy/dist/bin.cjs check --staged'"`);
  });
});

describe('simple-git-hooks', () => {
  test('keeps its commands, which stand before ours, but for pushes', async () => {
    const repository = repositoryWith({
      'package.json':
        '{\n  "devDependencies": {\n    "repolicy": "1",\n    "simple-git-hooks": "2"\n  },\n  "simple-git-hooks": {\n    "pre-commit": "npx lint-staged",\n    "pre-push": "npm test"\n  }\n}\n',
    });
    expect(detectManager(await read(repository.dir))).toBe('simple-git-hooks');
    expect((await init(repository.dir)).at(-1)).toMatch(/Run `npx simple-git-hooks`/);
    const engine = 'node node_modules/repolicy/dist/bin.cjs hook';
    expect(JSON.parse(text(repository, 'package.json'))['simple-git-hooks']).toEqual({
      'pre-commit': `npx lint-staged && ${engine} pre-commit "$@"`,
      'pre-push': `${engine} pre-push "$@" && npm test`,
      'pre-merge-commit': `${engine} pre-merge-commit "$@"`,
      'prepare-commit-msg': `${engine} prepare-commit-msg "$@"`,
      'commit-msg': `${engine} commit-msg "$@"`,
      'applypatch-msg': `${engine} applypatch-msg "$@"`,
      'pre-applypatch': `${engine} pre-applypatch "$@"`,
    });
    expect(unchanged(await planned(repository.dir))).toEqual(NOTHING);
  });

  test('in a file of its own; and one that is code is not edited', async () => {
    const fields = '{"devDependencies":{"repolicy":"1","simple-git-hooks":"2"}}';
    const own = repositoryWith({ 'package.json': fields, '.simple-git-hooks.json': '{ "pre-commit": "npm test" }\n' });
    const plan = await planned(own.dir);
    expect(write(plan, 'package.json')).toBeUndefined();
    expect(JSON.parse(write(plan, '.simple-git-hooks.json').text)['pre-commit']).toMatch(
      /^npm test && node .* hook pre-commit/,
    );
    const code = repositoryWith({ 'package.json': fields, '.simple-git-hooks.cjs': 'module.exports = {};\n' });
    expect((await planned(code.dir)).left[0]).toMatch(/^\.simple-git-hooks\.cjs is code, .*\n    "pre-commit": "node /);
  });
});

describe('Git’s own configured hooks', () => {
  const newer = async (dir: string): Promise<Repository> => ({ ...(await read(dir)), git: [2, 54] });

  test('are refused by a Git that would not run them', async () => {
    const repository = makeRepository();
    const plan = await planInit(
      { ...(await read(repository.dir)), git: [2, 53] },
      { version: VERSION, manager: 'git-config' },
    );
    expect(plan).toEqual({ refused: expect.stringMatching(/since version 2\.54, and this is 2\.53\./) });
  });

  test('run beside the hooks that somebody has put in place, which stay as they are', async () => {
    const repository = repositoryWith({ 'package.json': '{"devDependencies":{"repolicy":"1"}}' });
    repository.hook('pre-push', 'git lfs pre-push "$@"');
    expect(detectManager(await read(repository.dir))).toBe('git');
    expect(detectManager(await newer(repository.dir))).toBe('git-config');
    const plan = await planInit(await newer(repository.dir), { version: VERSION });
    if ('refused' in plan) throw new Error(plan.refused);
    for await (const step of applyPlan(await newer(repository.dir), plan, { install: false, engine: '' })) void step;
    expect(repository.git(['config', '--local', '--get-regexp', '^hook\\.repolicy-pre-push'])).toBe(
      'hook.repolicy-pre-push.event pre-push\nhook.repolicy-pre-push.command node node_modules/repolicy/dist/bin.cjs hook pre-push',
    );
    expect(hooksPath(repository)).toBe('');
    const again = await planInit(await newer(repository.dir), { version: VERSION });
    expect('refused' in again ? again : unchanged(again)).toEqual(NOTHING);
  });
});

describe('taking it back', () => {
  const snapshot = (repository: TestRepository) => [
    repository.git(['status', '--porcelain', '--ignored']),
    repository.git(['config', '--local', '--list']),
  ];
  async function undone(repository: TestRepository): Promise<UndoPlan> {
    const found = await read(repository.dir);
    const plan = await planUndo(found);
    await applyUndo(found, plan);
    return plan;
  }

  test.each<[string, Record<string, string>, string[]]>([
    ['a repository without a package.json', { 'go.mod': 'module shop\n', '.gitattributes': '*.sql text\n' }, []],
    ['a repository with a package.json', { 'package.json': '{\n  "name": "shop"\n}\n' }, []],
    ['a repository with husky', { 'package.json': PACKAGE, '.husky/pre-commit': 'npx lint-staged\n' }, []],
    ['a repository with lefthook', { 'lefthook.yml': 'pre-commit:\n  commands:\n    lint:\n      run: eslint\n' }, []],
    ['a folder of hooks', { 'tools/hooks/pre-commit': '#!/bin/sh\nmake lint\n' }, ['core.hooksPath', 'tools/hooks']],
    [
      'GitLab and Claude Code',
      { '.gitlab-ci.yml': 'test:\n  script: [make]\n', '.claude/settings.json': '{\n  "model": "x"\n}\n' },
      [],
    ],
  ])('leaves %s as it was', async (_, files, config) => {
    const repository = 'package.json' in files ? repositoryWith(files) : makeRepository();
    repository.write(files);
    repository.commit('start');
    if (config.length > 0) repository.git(['config', ...config]);
    const before = snapshot(repository);
    await init(repository.dir);
    expect(snapshot(repository)).not.toEqual(before);
    if ('go.mod' in files) await init(repository.dir);
    await undone(repository);
    expect(snapshot(repository)).toEqual(before);
    expect((await planUndo(await read(repository.dir))).writes).toEqual([]);
  });

  test('takes our lines alone out of files that were changed since, and leaves what it cannot tell apart', async () => {
    const repository = repositoryWith({ 'package.json': '{\n  "name": "shop"\n}\n' });
    await init(repository.dir);
    const before = JSON.parse(text(repository, 'package.json')) as { devDependencies: Record<string, string> };
    before.devDependencies['eslint'] = '^9';
    repository.write({
      'package.json': `${JSON.stringify(before, undefined, 2)}\n`,
      '.husky/pre-commit': `${text(repository, '.husky/pre-commit')}npm test\n`,
      'repolicy.jsonc': '{ "extends": "recommended" }\n',
    });
    const { left } = await undone(repository);
    expect(text(repository, '.husky/pre-commit')).toBe('#!/bin/sh\nnpm test\n');
    expect(existsSync(join(repository.dir, '.husky/commit-msg'))).toBe(false);
    expect(left).toContain('repolicy.jsonc was changed since: take out by hand what repolicy added.');
    expect(left).toContain('package.json was changed since: take out by hand what repolicy added.');
    expect(text(repository, 'package.json')).toContain('"eslint"');
  });

  test('in another clone, our hooks can be told all the same', async () => {
    const repository = makeRepository();
    await init(repository.dir);
    repository.commit('start');
    const dir = join(makeFolder(), 'clone');
    repository.git(['clone', '-q', repository.dir, dir]);
    const { writes } = await planUndo(await read(dir));
    expect(writes.map(({ path }) => path).sort()).toEqual(
      [...HOOKS, ...TELLING, 'repolicy'].map((name) => `.githooks/${name}`).sort(),
    );
  });
});

describe('the first policy file', () => {
  test('declares the migrations that are there, with the version that Supabase names', async () => {
    const repository = makeRepository();
    repository.write({
      'supabase/migrations/20260902093000_berths.sql': 'select 1;\n',
      'supabase/config.toml': '[db]\nport = 54322\nmajor_version = 17\n',
      'api/prisma/migrations/20260902093000_x/migration.sql': 'select 1;\n',
      'api/prisma/migrations/migration_lock.toml': 'provider = "postgresql"\n',
    });
    const { text, reason } = write(await planned(repository.dir), 'repolicy.jsonc');
    expect(text).toContain('"extends": ["recommended", "supabase", "prisma"],');
    expect(text).toContain('{ "layout": "supabase", "dir": "supabase/migrations", "postgres": 17 },');
    expect(text).toContain('{ "layout": "prisma", "dir": "api/prisma/migrations" },');
    expect(text).toContain('"base": "main"');
    expect(reason).toBe(
      'the policy: recommended and supabase and prisma, for the migrations in api/prisma/migrations, supabase/migrations',
    );
  });

  test('holds changes against the branch of the remote', async () => {
    const remote = makeRepository({ branch: 'trunk' });
    remote.commit('start', { 'a.txt': '' });
    const dir = join(makeFolder(), 'clone');
    remote.git(['clone', '-q', remote.dir, dir]);
    expect(write(await planned(dir), 'repolicy.jsonc').text).toContain('"base": "origin/trunk"');
  });

  test.each(['repolicy.jsonc', 'repolicy.json', '.repolicy.jsonc'])('is not written beside %s', async (path) => {
    const repository = makeRepository();
    repository.write({ [path]: '{}' });
    expect(write(await planned(repository.dir), 'repolicy.jsonc')).toBeUndefined();
  });

  test('is not written beside the key of package.json', async () => {
    const repository = repositoryWith({ 'package.json': '{"repolicy":{"extends":"recommended"}}' });
    expect(write(await planned(repository.dir), 'repolicy.jsonc')).toBeUndefined();
  });
});

describe('where init is called', () => {
  test('outside a repository it is refused', async () => {
    expect(await readRepository(makeFolder())).toEqual({
      refused: 'There is no Git repository here. Run `git init` first.',
    });
  });

  test('in a linked work tree, hooks are those of the whole repository', async () => {
    const repository = repositoryWith({ 'package.json': PACKAGE });
    repository.commit('start');
    const linked = join(makeFolder(), 'linked');
    repository.git(['worktree', 'add', '-q', linked]);
    const found = await read(linked);
    expect([found.top, found.commonDir]).toEqual([linked, join(repository.dir, '.git')]);
  });
});
