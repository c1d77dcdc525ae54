import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { hookLine, HOOKS, helperText } from '../src/setup/hooks.ts';
import { rememberEngine, rememberNode } from '../src/setup/node.ts';
import { makeFolder, makeRepository, type TestRepository } from './git.ts';

const BIN = join(process.cwd(), 'dist/bin.cjs');
interface Check {
  readonly about: string;
  readonly state: string;
  readonly says: string;
  readonly mend?: string;
}

function doctor({ dir, env }: TestRepository, more: NodeJS.ProcessEnv = {}, cwd = dir) {
  const { status, stdout } = spawnSync(process.execPath, [BIN, 'doctor', '--json'], {
    cwd,
    encoding: 'utf8',
    env: { ...env, ...more },
  });
  const { healthy, checks } = JSON.parse(stdout) as { healthy: boolean; checks: Check[] };
  expect(status).toBe(healthy ? 0 : 1);
  const of = (about: string) => checks.filter((check) => check.about === about);
  return { healthy, checks, of, wrong: checks.filter(({ state }) => state === 'problem').map(({ about }) => about) };
}

/** Hooks of ours in a committed folder, as init leaves them. */
function hooked(): TestRepository {
  const repository = makeRepository();
  repository.write({
    '.githooks/repolicy': helperText({ install: 'npm install', up: '..' }),
    ...Object.fromEntries(HOOKS.map((hook) => [`.githooks/${hook}`, `#!/bin/sh\n${hookLine(hook)}`])),
    '.github/workflows/repolicy.yml':
      'on: { pull_request: { types: [edited] }, merge_group: }\njobs: { x: { steps: [{ with: { fetch-depth: 0 } }] } }\n# x\n',
  });
  for (const hook of HOOKS) repository.executable(`.githooks/${hook}`);
  repository.git(['config', 'core.hooksPath', '.githooks']);
  rememberNode(join(repository.dir, '.git'));
  rememberEngine(join(repository.dir, '.git'), BIN);
  repository.commit('start', { 'repolicy.jsonc': '{ "extends": "recommended" }\n' });
  return repository;
}

describe('doctor', () => {
  test('says which file and which Node run at each hook, and that all is well', () => {
    const found = doctor(hooked());
    expect([found.healthy, found.wrong]).toEqual([true, []]);
    expect(found.of('pre-commit')).toEqual([{ about: 'pre-commit', state: 'ok', says: 'runs .githooks/pre-commit.' }]);
    expect(found.of('node')[0]?.says).toBe(`is ${process.version} (${process.execPath}, as init noted).`);
    expect(found.of('engine')[0]?.says).toBe(`is ${BIN}, as init noted.`);
    expect(found.of('clone')[0]?.says).toBe('is whole.');
    expect(found.of('policy')[0]?.says).toBe('is repolicy.jsonc.');
    expect(found.of('stamps')[0]?.says).toMatch(/^None are asked for/);
  });

  test('hooks that are not on, each for its own reason', () => {
    const bare = makeRepository();
    bare.commit('start', { 'a.txt': '' });
    const none = doctor(bare);
    expect(none.wrong).toEqual([
      'pre-commit',
      'pre-merge-commit',
      'prepare-commit-msg',
      'commit-msg',
      'pre-push',
      'engine',
    ]);
    expect(none.of('pre-commit')[0]).toMatchObject({
      says: 'Git looks for .git/hooks/pre-commit, and there is no such file.',
      mend: 'repolicy init',
    });
    expect([none.of('ci')[0]?.state, none.of('node')[0]?.state]).toEqual(['warning', 'warning']);

    const repository = hooked();
    repository.write({ '.githooks/commit-msg': null, '.githooks/pre-push': '#!/bin/sh\nnpm test\n' });
    repository.write({ '.githooks/pre-commit': null });
    repository.write({ '.githooks/pre-commit': `#!/bin/sh\n${hookLine('pre-commit')}` });
    repository.executable('.githooks/pre-push');
    const { of, wrong } = doctor(repository);
    expect(wrong).toEqual(['pre-commit', 'commit-msg', 'pre-push']);
    expect(of('pre-commit')[0]).toMatchObject({
      says: expect.stringMatching(/not executable/),
      mend: 'chmod +x .githooks/pre-commit',
    });
    expect(of('pre-push')[0]?.says).toBe('runs .githooks/pre-push, which never asks repolicy.');
  });

  test('a fresh work tree under husky has no hooks at all, and nobody else says so', () => {
    const repository = hooked();
    repository.git(['mv', '.githooks', '.husky']);
    repository.commit('husky', { '.gitignore': '.husky/_\n' });
    repository.git(['config', 'core.hooksPath', '.husky/_']);
    for (const hook of HOOKS) {
      repository.write({ [`.husky/_/${hook}`]: '#!/usr/bin/env sh\n. "$(dirname "$0")/h"\n' });
      repository.executable(`.husky/_/${hook}`);
    }
    expect(doctor(repository).of('pre-push')[0]?.says).toBe('runs .husky/pre-push (through husky).');
    const linked = join(makeFolder(), 'linked');
    repository.git(['worktree', 'add', '-q', linked]);
    const { of, healthy } = doctor(repository, {}, linked);
    expect(healthy).toBe(false);
    expect(of('pre-commit')[0]).toMatchObject({
      says: 'Git looks for .husky/_/pre-commit, and there is no such file.',
      mend: 'npx husky .husky',
    });
  });

  test('what passes the hooks over: variables, husky’s own file, aliases, configuration', () => {
    const repository = hooked();
    repository.write({ '.config/husky/init.sh': 'export HUSKY=0\n' });
    repository.git(['config', 'alias.ci', 'commit --no-verify']);
    repository.git(['config', 'alias.st', 'status']);
    repository.git(['config', 'hook.pre-commit.enabled', 'false']);
    const { of } = doctor(repository, { HUSKY: '0', XDG_CONFIG_HOME: '' });
    expect(of('bypass').map(({ says }) => says)).toEqual([
      'HUSKY=0 is set here: hooks that heed it judge nothing.',
      `${repository.dir}/.config/husky/init.sh turns husky's hooks off in every repository.`,
      '`git ci` is git commit --no-verify.',
      'hook.pre-commit.enabled is false: Git passes over what it names.',
    ]);
  });

  test('a shallow or a partial clone, CI that would hang, a policy that cannot be read', () => {
    const repository = hooked();
    repository.write({
      '.github/workflows/repolicy.yml': 'on: [pull_request]\njobs: { a: { steps: [{ run: repolicy ci }] } }\n',
    });
    repository.git(['config', 'core.hooksPath', '/none']);
    repository.commit('ci', { 'repolicy.jsonc': '{ "extends": "recomended" }\n' });
    const dir = join(makeFolder(), 'clone');
    repository.git(['clone', '-q', '--depth=1', '--filter=blob:none', `file://${repository.dir}`, dir]);
    const { of, wrong } = doctor(makeRepository({ at: dir }));
    expect(of('clone').map(({ says }) => says.slice(0, 11))).toEqual(['is shallow:', 'is partial:']);
    expect(of('ci').map(({ state }) => state)).toEqual(['ok', 'warning', 'warning', 'warning']);
    expect(of('policy')[0]).toMatchObject({
      state: 'problem',
      says: expect.stringMatching(/did you mean "recommended"/i),
    });
    expect(wrong).toContain('policy');
  });

  test('whether hooks have seen what was pushed last', () => {
    const repository = hooked();
    repository.commit('policy', { 'repolicy.jsonc': '{ "rules": { "change/bypassed-hook": "warning" } }\n' });
    const remote = makeRepository({ bare: true });
    repository.git(['config', 'core.hooksPath', '/none']);
    repository.git(['remote', 'add', 'origin', remote.dir]);
    repository.git(['push', '-q', '-u', 'origin', 'main']);
    const tree = repository.id('HEAD^{tree}').slice(0, 12);
    repository.git([
      'commit',
      '-q',
      '--allow-empty',
      '-m',
      `judged\n\nRepolicy-Verdict: clean 0123456789ab, tree ${tree}`,
    ]);
    repository.git(['push', '-q']);
    expect(doctor(repository).of('stamps')[0]).toMatchObject({
      state: 'ok',
      says: 'All of 1 commit pushed last to origin/main carry a stamp of what they hold.',
    });
    repository.commit('slipped through', { 'a.txt': 'a' });
    repository.git(['push', '-q']);
    expect(doctor(repository).of('stamps')[0]).toMatchObject({
      state: 'warning',
      says: expect.stringMatching(/^1 of 1 commit .*\(slipped through\)/),
    });
  });

  test('for people: one line each, and what to do below it', () => {
    const { dir, env } = makeRepository();
    const { stdout } = spawnSync(process.execPath, [BIN, 'doctor'], { cwd: dir, encoding: 'utf8', env });
    expect(stdout).toMatch(
      /^WRONG {2}pre-commit +Git looks for \.git\/hooks\/pre-commit, and there is no such file\.\n/,
    );
    // What to do is said once, below the last line that it would mend.
    expect(stdout.match(/→ repolicy init$/gm)).toHaveLength(2);
    expect(stdout).toMatch(/\n\n6 things wrong here\.\n$/);
    expect(readFileSync(join(dir, '.git/HEAD'), 'utf8')).toBe('ref: refs/heads/main\n');
  });
});
