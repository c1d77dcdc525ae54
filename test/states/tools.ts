import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A tool that has hooks judge what is committed and pushed. */
export interface Tool {
  readonly name: string;
  /** Undefined where it is not installed here. */
  readonly version: string | undefined;
  /** The files with which a team sets it up. */
  readonly files: Readonly<Record<string, string>>;
  /** Switches its hooks on in a repository that holds those files. */
  install(dir: string, env: NodeJS.ProcessEnv): void;
}

export interface Installed {
  /** The built engine: dist/bin.cjs. */
  readonly engine: string;
  /** node_modules with lint-staged, lefthook and prek. */
  readonly packages: string;
  /** A script that fails, and says so, when one of the files that it is given holds what nobody may commit. */
  readonly check: string;
}

const DEFAULT = ['pre-commit', 'pre-merge-commit', 'commit-msg', 'pre-push'];

export function tools({ engine, packages, check }: Installed): readonly Tool[] {
  const bin = (name: string) => join(packages, '.bin', name);
  const ours = version(process.execPath, [engine, '--version']);
  const command = (hook: string) => `exec "${process.execPath}" "${engine}" hook ${hook} "$@"`;
  const policy = (more: object) => JSON.stringify({ rules: { 'secrets/github-token': 'error', ...more } });
  const strict = { 'change/bypassed-hook': ['error', { strict: true }] };
  return [
    {
      name: 'repolicy, strict',
      version: ours,
      files: { 'repolicy.json': policy(strict) },
      install: (dir) => scripts(dir, [...DEFAULT, 'prepare-commit-msg', 'applypatch-msg', 'pre-applypatch'], command),
    },
    {
      name: 'repolicy',
      version: ours,
      files: { 'repolicy.json': policy({}) },
      install: (dir) => scripts(dir, DEFAULT, command),
    },
    {
      name: 'lint-staged',
      version: version(bin('lint-staged'), ['--version']),
      files: { '.lintstagedrc.json': JSON.stringify({ '*': check }) },
      install: (dir) =>
        scripts(dir, ['pre-commit', 'pre-merge-commit', 'pre-push'], (hook) =>
          hook === 'pre-push'
            ? `exec "${bin('lint-staged')}" --diff="origin/main...HEAD"`
            : `exec "${bin('lint-staged')}"`,
        ),
    },
    {
      name: 'lefthook',
      version: version(bin('lefthook'), ['version']),
      files: {
        'lefthook.yml': ['pre-commit', 'pre-merge-commit', 'pre-push']
          .map(
            (hook) =>
              `${hook}:\n  commands:\n    check:\n      run: ${check} {${hook === 'pre-push' ? 'push' : 'staged'}_files}\n`,
          )
          .join(''),
      },
      install: (dir, env) => run(bin('lefthook'), ['install', '--force'], dir, env),
    },
    ...['pre-commit', 'prek'].map((name): Tool => {
      const program = name === 'prek' ? bin('prek') : 'pre-commit';
      return {
        name,
        version: version(program, ['--version']),
        files: {
          '.pre-commit-config.yaml': `repos:\n- repo: local\n  hooks:\n  - id: check\n    name: check\n    entry: ${check}\n    language: system\n`,
        },
        install: (dir, env) =>
          run(
            program,
            ['install', ...['pre-commit', 'pre-merge-commit', 'pre-push'].flatMap((hook) => ['-t', hook])],
            dir,
            env,
          ),
      };
    }),
  ];
}

function scripts(dir: string, hooks: readonly string[], line: (hook: string) => string): void {
  mkdirSync(join(dir, '.git/hooks'), { recursive: true });
  for (const hook of hooks) writeFileSync(join(dir, '.git/hooks', hook), `#!/bin/sh\n${line(hook)}\n`, { mode: 0o755 });
}

function run(program: string, args: readonly string[], cwd: string, env: NodeJS.ProcessEnv): void {
  const { status, stdout, stderr } = spawnSync(program, args, { cwd, env, encoding: 'utf8' });
  if (status !== 0) throw new Error(`${program} ${args.join(' ')}: ${stdout}${stderr}`);
}

function version(program: string, args: readonly string[]): string | undefined {
  if (program.includes('/') && !existsSync(program)) return undefined;
  const { status, stdout } = spawnSync(program, args, { encoding: 'utf8' });
  return status === 0 ? /\d+\.\d+\.\d+/.exec(stdout)?.[0] : undefined;
}
