import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { cleanEnvironment } from '../src/dev/story.ts';
import type { TestRepository } from './git.ts';

// The package as it is published: packed and installed once for each build, whichever test file asks for it first.

/** Made again where the build is another one. The others wait for whoever came first. */
export function installed(): string {
  return (folder ??= install());
}

let folder: string | undefined;

function install(): string {
  if (!existsSync('dist/bin.cjs')) throw new Error('There is no build: run `npm test`, or `npm run build` first.');
  const place = join(tmpdir(), `repolicy-installed-${digestOfBuild()}`);
  const lock = `${place}.lock`;
  for (const end = Date.now() + 300_000; !existsSync(place);) {
    try {
      mkdirSync(lock);
    } catch {
      if (Date.now() > end)
        throw new Error(`Somebody else has been installing the package for minutes: remove ${lock}.`);
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 100);
      continue;
    }
    try {
      if (!existsSync(place)) installInto(`${place}.new`, place);
    } finally {
      rmSync(lock, { recursive: true });
    }
  }
  return place;
}

function installInto(work: string, place: string): void {
  for (const name of readdirSync(tmpdir())) {
    const old = join(tmpdir(), name);
    // What earlier builds left behind. Younger ones may be in use.
    if (/^repolicy-installed-[0-9a-f]+$/.test(name) && Date.now() - statSync(old).mtimeMs > 3_600_000)
      rmSync(old, { recursive: true, force: true });
  }
  rmSync(work, { recursive: true, force: true });
  mkdirSync(work);
  const npm = (args: readonly string[], cwd: string): string => {
    const shell = process.platform === 'win32';
    const { status, stdout, stderr } = spawnSync('npm', args, {
      cwd,
      shell,
      env: cleanEnvironment(),
      encoding: 'utf8',
    });
    if (status !== 0) throw new Error(`npm ${args.join(' ')}: ${stderr}`);
    return stdout;
  };
  const [{ filename }] = JSON.parse(
    npm(['pack', '--json', '--ignore-scripts', '--pack-destination', work], process.cwd()),
  ) as [{ filename: string }];
  writeFileSync(join(work, 'package.json'), '{ "private": true }\n');
  const { devDependencies } = JSON.parse(readFileSync('package.json', 'utf8')) as {
    devDependencies: Record<string, string>;
  };
  const tools = ['husky', 'lint-staged'].map((name) => `${name}@${devDependencies[name]}`);
  npm(['install', '--prefer-offline', '--no-audit', '--no-fund', `./${filename}`, ...tools], work);
  renameSync(work, place);
}

/** Of all that is packed. */
function digestOfBuild(): string {
  const hash = createHash('sha256').update(process.version);
  for (const name of ['package.json', 'dist/bin.cjs', 'dist/hook.cjs', 'dist/repolicy.cjs'])
    hash.update(readFileSync(name));
  return hash.digest('hex').slice(0, 16);
}

export const engine = (): string => join(installed(), 'node_modules/repolicy/dist/bin.cjs');

/** The packed package itself. */
export const tarball = (): string =>
  resolve(
    installed(),
    readdirSync(installed()).find((name) => name.endsWith('.tgz'))!,
  );

/** The environment of a developer's terminal: the commands of the packages are at hand. */
export const terminal = (env: NodeJS.ProcessEnv, dir: string): NodeJS.ProcessEnv => ({
  ...env,
  PATH: `${join(dir, 'node_modules/.bin')}:${process.env['PATH']}`,
});

export function withPackages(dir: string): void {
  mkdirSync(dir, { recursive: true });
  symlinkSync(join(installed(), 'node_modules'), join(dir, 'node_modules'), 'junction');
}

export interface Outcome {
  readonly status: number | null;
  readonly stdout: string;
  /** Both streams. */
  readonly output: string;
}

export interface AttemptOptions {
  readonly env?: NodeJS.ProcessEnv;
  readonly cwd?: string;
  readonly input?: string;
}

/** Runs a program in a repository as a developer does. It may fail. */
export function attempt(
  { dir, env }: Pick<TestRepository, 'dir' | 'env'>,
  program: string,
  args: readonly string[],
  { env: more, cwd = dir, input = '' }: AttemptOptions = {},
): Outcome {
  const { status, stdout, stderr } = spawnSync(program, args, {
    cwd,
    input,
    env: { ...terminal(env, dir), ...more },
    encoding: 'utf8',
  });
  return { status, stdout, output: stdout + stderr };
}

/** Every byte below a folder, but for what the engine keeps for itself. */
export function bytesBelow(dir: string, path = ''): Map<string, string> {
  const found = new Map<string, string>();
  for (const entry of readdirSync(join(dir, path), { withFileTypes: true })) {
    const inner = path === '' ? entry.name : `${path}/${entry.name}`;
    if (inner === '.git/repolicy' || inner === 'node_modules') continue;
    if (entry.isDirectory()) for (const [file, bytes] of bytesBelow(dir, inner)) found.set(file, bytes);
    else found.set(inner, entry.isSymbolicLink() ? 'a link' : readFileSync(join(dir, inner), 'latin1'));
  }
  return found;
}
