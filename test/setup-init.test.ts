import { existsSync, readFileSync, statSync, symlinkSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parse } from 'yaml';
import { describe, expect, test } from 'vitest';
import { applyPlan } from '../src/setup/apply.ts';
import { detectManager, planInit } from '../src/setup/init.ts';
import type { Manager } from '../src/setup/managers.ts';
import type { Plan, Write } from '../src/setup/plan.ts';
import { readRepository, type Repository } from '../src/setup/repository.ts';
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
const unchanged = ({ writes, hooksPath, husky, install, left }: Plan) => [writes, hooksPath, husky, install, left];
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
      '.husky/commit-msg',
      '.husky/pre-push',
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
      '.githooks/commit-msg',
      '.githooks/pre-push',
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
  test('in the folder that core.hooksPath names are left as they are', async () => {
    const repository = repositoryWith({
      'package.json': PACKAGE.replace(/"husky": "[^"]+",/, '').replace('"husky"', '"tsc"'),
    });
    repository.write({
      'tools/hooks/pre-commit': '#!/bin/sh\nmake lint\n',
      'tools/hooks/commit-msg': '#!/bin/sh\nrepolicy hook commit-msg "$1"\n',
    });
    repository.git(['config', 'core.hooksPath', 'tools/hooks']);
    const plan = await planned(repository.dir);
    expect(plan.manager).toBe('git');
    expect(plan.writes.map(({ path }) => path)).toEqual(['repolicy.jsonc']);
    expect([plan.hooksPath, plan.husky]).toEqual([undefined, undefined]);
    expect(plan.left).toEqual([
      [
        'Hooks stand in tools/hooks already, and they stay as they are. Add a line to each:',
        '    tools/hooks/pre-commit:  node node_modules/repolicy/dist/bin.cjs hook pre-commit "$@" || exit',
        '    tools/hooks/pre-merge-commit:  node node_modules/repolicy/dist/bin.cjs hook pre-merge-commit "$@" || exit',
        '    tools/hooks/pre-push:  node node_modules/repolicy/dist/bin.cjs hook pre-push "$@" || exit',
      ].join('\n'),
    ]);
  });

  test('in .git/hooks are left as they are', async () => {
    const repository = repositoryWith({ 'package.json': '{}\n' });
    repository.hook('pre-push', 'git lfs pre-push "$@"');
    const plan = await planned(repository.dir);
    expect([plan.manager, plan.hooksPath, plan.husky]).toEqual(['git', undefined, undefined]);
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
