import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { cleanEnvironment } from '../../src/dev/story.ts';

/** What nobody may commit, made here: the same for every tool. */
export interface Words {
  readonly bad: string;
  readonly good: string;
}

export interface Attempt {
  readonly env?: NodeJS.ProcessEnv;
  readonly cwd?: string;
}

/** A repository in which a tool's hooks are on. */
export interface Work extends Words {
  readonly dir: string;
  /** With no hook but Git's own: to get into a state. */
  git(...args: string[]): string;
  /** Writes files; null removes one. */
  write(files: Readonly<Record<string, string | Uint8Array | null>>): void;
  stage(files: Readonly<Record<string, string | Uint8Array | null>>): void;
  /** A commit that no hook has seen. */
  commit(message: string, files?: Readonly<Record<string, string | Uint8Array | null>>): void;
  link(path: string, target: string): void;
  executable(path: string): void;
  /** As a developer does it, hooks and all. */
  attempt(args: readonly string[], options?: Attempt): boolean;
  /** What the hooks said. */
  said(): string;
}

export function openWork(dir: string, words: Words, environment: NodeJS.ProcessEnv = {}): Work {
  const env: NodeJS.ProcessEnv = { ...cleanEnvironment(), HOME: dirname(dir), TERM: 'dumb', ...environment };
  let output = '';
  let seconds = 0;
  const run = (args: readonly string[], more: NodeJS.ProcessEnv = {}, cwd = dir) =>
    spawnSync('git', args, { cwd, env: { ...env, ...more }, encoding: 'utf8', input: '', timeout: 120_000 });
  const work: Work = {
    ...words,
    dir,
    git(...args) {
      const when = `@${1_767_225_600 + seconds++} +0000`;
      const dates = { GIT_AUTHOR_DATE: when, GIT_COMMITTER_DATE: when };
      const { status, stdout, stderr } = run(['-c', 'core.hooksPath=/dev/null', ...args], dates);
      if (status !== 0) throw new Error(`git ${args.join(' ')}: ${stderr}`);
      return stdout.trimEnd();
    },
    write(files) {
      for (const [path, text] of Object.entries(files)) {
        if (text === null) rmSync(join(dir, path), { recursive: true, force: true });
        else {
          mkdirSync(dirname(join(dir, path)), { recursive: true });
          writeFileSync(join(dir, path), text);
        }
      }
    },
    stage(files) {
      work.write(files);
      work.git('add', '--all', '--', ...Object.keys(files).map((path) => `:(literal)${path}`));
    },
    commit(message, files = {}) {
      if (Object.keys(files).length > 0) work.stage(files);
      work.git('commit', '-q', '--allow-empty', '-m', message);
    },
    link: (path, target) => symlinkSync(target, join(dir, path)),
    executable: (path) => chmodSync(join(dir, path), 0o755),
    attempt(args, { env: more, cwd } = {}) {
      const { status, stdout, stderr } = run(args, more, cwd);
      output += stdout + stderr;
      return status === 0;
    },
    said: () => output,
  };
  return work;
}

/** Path to content of all that lies on disk, Git's own folder and the tools' packages aside. */
export function onDisk(dir: string, path = ''): Map<string, string> {
  const found = new Map<string, string>();
  for (const entry of readdirSync(bytesOf(dir, path), { withFileTypes: true, encoding: 'buffer' })) {
    const name = entry.name.toString('latin1');
    if (path === '' && (name === '.git' || name === 'node_modules')) continue;
    const inner = path === '' ? name : `${path}/${name}`;
    const file = bytesOf(dir, inner);
    if (entry.isDirectory()) for (const [one, text] of onDisk(dir, inner)) found.set(one, text);
    else found.set(inner, entry.isSymbolicLink() ? readlinkSync(file) : readFileSync(file, 'latin1'));
  }
  return found;
}

/** A name of any bytes, each as one character, below a folder. */
const bytesOf = (dir: string, path: string): Buffer =>
  Buffer.concat([Buffer.from(`${dir}/`), Buffer.from(path, 'latin1')]);
