import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, afterEach } from 'vitest';
import type { Change } from '../src/core/change.ts';
import { openRepository, type OpenOptions, type Repository } from '../src/repo/open.ts';

const opened: Repository[] = [];
afterEach(async () => {
  for (const repository of opened.splice(0)) await repository.close();
});

/** Opens it for reading, until the test is over. */
export async function open(
  repository: TestRepository,
  { dir = repository.dir, env, ...options }: OpenOptions & { readonly dir?: string } = {},
): Promise<Repository> {
  const result = await openRepository(dir, { env: { ...repository.env, ...env }, ...options });
  opened.push(result);
  return result;
}

/** One line a change: "A path", "R old -> new". */
export const shown = ({ changes }: { readonly changes: readonly Change[] }): string[] =>
  changes.map(({ kind, path, from }) => `${kind[0]!.toUpperCase()} ${from === undefined ? '' : `${from} -> `}${path}`);

const made: string[] = [];
afterAll(() => {
  for (const dir of made.splice(0)) rmSync(dir, { recursive: true, force: true });
});

/** An empty folder that goes when the tests of this file are done. */
export function makeFolder(): string {
  const dir = realpathSync(mkdtempSync(join(tmpdir(), 'repolicy-')));
  made.push(dir);
  return dir;
}

export interface RunOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly input?: string | Uint8Array;
}

/** A real repository in a temporary folder: one author, a clock that advances a second with each command, no configuration but its own. */
export interface TestRepository {
  readonly dir: string;
  /** The environment of every command: no GIT_* variable but those named here. */
  readonly env: NodeJS.ProcessEnv;
  /** Runs git and returns what it printed, without the last newline. Throws when it fails. */
  git(args: readonly string[], options?: RunOptions): string;
  /** The same as bytes. */
  gitBytes(args: readonly string[], options?: RunOptions): Buffer;
  /** Writes files; null removes one. */
  write(files: Readonly<Record<string, string | Uint8Array | null>>): void;
  /** Writes files, stages everything, commits, returns the commit's id. */
  commit(message: string, files?: Readonly<Record<string, string | Uint8Array | null>>): string;
  link(path: string, target: string): void;
  executable(path: string): void;
  /** Installs a hook: a shell script without its first line. */
  hook(name: string, script: string): void;
  /** The id that a revision stands for. */
  id(revision: string): string;
}

export interface RepositoryOptions {
  readonly bare?: boolean;
  readonly sha256?: boolean;
  readonly branch?: string;
  /** An existing work tree or clone to take over. */
  readonly at?: string;
}

export function makeRepository({ bare, sha256, branch = 'main', at }: RepositoryOptions = {}): TestRepository {
  const dir = at ?? makeFolder();
  // A clone's clock is ahead of the repository's that it was cloned from.
  let seconds = at === undefined ? 0 : 1_000_000;
  const env: NodeJS.ProcessEnv = {
    ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^GIT(HEAD)?_/.test(name))),
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_TERMINAL_PROMPT: '0',
    XDG_CONFIG_HOME: '/dev/null',
    HOME: dir,
    LC_ALL: 'C',
  };
  const dated = (): NodeJS.ProcessEnv => {
    const date = new Date(Date.UTC(2026, 0, 1) + seconds++ * 1000).toISOString();
    return { ...env, GIT_AUTHOR_DATE: date, GIT_COMMITTER_DATE: date };
  };
  const gitBytes = (args: readonly string[], options: RunOptions = {}): Buffer =>
    execFileSync('git', args, {
      cwd: options.cwd ?? dir,
      env: { ...dated(), ...options.env },
      input: options.input ?? '',
      stdio: ['pipe', 'pipe', 'pipe'],
      maxBuffer: 1 << 28,
    });
  const repository: TestRepository = {
    dir,
    env,
    gitBytes,
    git: (args, options) => gitBytes(args, options).toString('utf8').replace(/\n$/, ''),
    write(files) {
      for (const [path, text] of Object.entries(files)) {
        const file = join(dir, path);
        if (text === null) {
          rmSync(file, { recursive: true, force: true });
          continue;
        }
        mkdirSync(dirname(file), { recursive: true });
        writeFileSync(file, text);
      }
    },
    commit(message, files = {}) {
      repository.write(files);
      repository.git(['add', '-A']);
      repository.git(['commit', '-q', '--allow-empty', '--no-verify', '-m', message]);
      return repository.id('HEAD');
    },
    link(path, target) {
      mkdirSync(dirname(join(dir, path)), { recursive: true });
      symlinkSync(target, join(dir, path));
    },
    executable: (path) => chmodSync(join(dir, path), 0o755),
    hook(name, script) {
      const file = join(dir, repository.git(['rev-parse', '--git-path', `hooks/${name}`]));
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
    },
    id: (revision) => repository.git(['rev-parse', '--verify', revision]),
  };
  if (at === undefined) {
    repository.git([
      'init',
      '-q',
      '-b',
      branch,
      ...(bare ? ['--bare'] : []),
      ...(sha256 ? ['--object-format=sha256'] : []),
    ]);
  }
  repository.git(['config', 'user.name', 'Ada']);
  repository.git(['config', 'user.email', 'ada@example.com']);
  repository.git(['config', 'commit.gpgsign', 'false']);
  return repository;
}
