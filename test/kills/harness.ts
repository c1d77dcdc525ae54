import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { cleanEnvironment } from '../../src/dev/story.ts';

// Kills the engine at random moments while somebody else keeps committing, and compares every byte.

export interface Outcome {
  /** How often the engine was killed before it had ended by itself. */
  readonly killed: number;
  readonly trials: number;
  /** Files of the work tree, the index, the refs and the rest of .git that are not what they were: "trial 7 (check): .git/index". */
  readonly changed: readonly string[];
  /** What the writer beside had committed, and what became of it. */
  readonly commits: number;
  readonly lost: number;
  /** What `git fsck` says is broken. */
  readonly broken: string;
}

export interface Options {
  /** The built engine: dist/bin.cjs. */
  readonly engine: string;
  readonly trials: number;
  /** Makes the moments repeatable, as far as the machine allows. */
  readonly seed: number;
  readonly log?: (line: string) => void;
}

const GOOD = 'CREATE TABLE IF NOT EXISTS public.berths (id uuid PRIMARY KEY, pier text);\n';
/** Under which no hook lets a bad commit through, --no-verify or not. */
const POLICY = '{ "extends": ["recommended"], "rules": { "change/bypassed-hook": ["error", { "strict": true }] } }\n';
const BAD = 'ALTER TABLE public.berths DROP COLUMN IF EXISTS pier;\n';

export async function killing({ engine, trials, seed, log = () => {} }: Options): Promise<Outcome> {
  const dir = realpathSync(mkdtempSync(join(tmpdir(), 'repolicy-kills-')));
  try {
    return await inFolder(dir, engine, trials, random(seed), log);
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

async function inFolder(
  parent: string,
  engine: string,
  trials: number,
  next: () => number,
  log: (line: string) => void,
): Promise<Outcome> {
  const dir = join(parent, 'work');
  const beside = join(parent, 'beside');
  mkdirSync(dir);
  const env = {
    ...cleanEnvironment(),
    GIT_AUTHOR_NAME: 'Ada',
    GIT_AUTHOR_EMAIL: 'ada@example.com',
    GIT_COMMITTER_NAME: 'Ada',
    GIT_COMMITTER_EMAIL: 'ada@example.com',
    // A temporary merge that is cut off may stay there, and nowhere else.
    TMPDIR: parent,
  };
  const git = (args: readonly string[], cwd = dir): string => {
    const { status, stdout, stderr } = spawnSync('git', args, { cwd, env, encoding: 'utf8' });
    if (status !== 0) throw new Error(`git ${args.join(' ')}: ${stderr}`);
    return stdout;
  };
  const write = (files: Record<string, string>) => {
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(dir, path)), { recursive: true });
      writeFileSync(join(dir, path), text);
    }
  };

  git(['init', '-q', '-b', 'main']);
  for (const setting of ['gc.auto=0', 'maintenance.auto=false', 'core.hooksPath=.hooks'])
    git(['config', ...setting.split('=')]);
  const migrations = Object.fromEntries(
    Array.from({ length: 40 }, (_, at) => [`supabase/migrations/202601010000${10 + at}_a.sql`, `-- ${at}\n`]),
  );
  write({
    'repolicy.json': POLICY,
    'supabase/migrations/20260101000000_berths.sql': GOOD,
    ...migrations,
  });
  const pid = join(parent, 'pid');
  for (const hook of ['pre-commit', 'prepare-commit-msg', 'commit-msg', 'pre-push', 'pre-merge-commit']) {
    write({
      [`.hooks/${hook}`]: `#!/bin/sh\necho $$ > "${pid}"\nexec "${process.execPath}" "${engine}" hook ${hook} "$@"\n`,
    });
    spawnSync('chmod', ['+x', join(dir, '.hooks', hook)]);
  }
  git(['add', '--all']);
  git(['commit', '-q', '--no-verify', '-m', 'feat: berths']);
  git(['branch', 'side']);
  git(['worktree', 'add', '-q', beside, '-b', 'beside']);
  git(['init', '-q', '--bare', join(parent, 'remote.git')]);
  git(['remote', 'add', 'origin', join(parent, 'remote.git')]);
  git(['push', '-q', '--no-verify', 'origin', 'main']);
  // Work in every state at once: staged, changed again since, untracked, stashed, and a commit that nobody has pushed.
  write({ 'notes.md': 'stashed\n' });
  git(['stash', '-q', '--include-untracked']);
  write({ 'pushed.sql': BAD, 'supabase/migrations/20260102000000_drop.sql': BAD });
  git(['add', '--all']);
  git(['-c', 'core.hooksPath=/dev/null', 'commit', '-q', '-m', 'feat: no piers']);
  write({
    'supabase/migrations/20260103000000_drop.sql': BAD,
  });
  git(['add', '--all']);
  write({ 'supabase/migrations/20260103000000_drop.sql': 'only on disk\n', 'untracked.txt': 'untracked\n' });

  const message = join(parent, 'message');
  writeFileSync(message, 'feat: piers\n');
  const engineOf = (...args: string[]) => [process.execPath, [engine, ...args]] as const;
  const operations: readonly (readonly [string, readonly string[]])[] = [
    engineOf('check'),
    engineOf('check', '--staged'),
    engineOf('check', '--since', 'side'),
    engineOf('check', '--merge-into', 'side'),
    engineOf('audit'),
    engineOf('hook', 'pre-commit'),
    engineOf('hook', 'commit-msg', message),
    engineOf('hook', 'prepare-commit-msg', message, 'message'),
    // These through Git: its hook is killed, and Git has to cope.
    ['git', ['commit', '-q', '-m', 'feat: piers']],
    ['git', ['commit', '-q', '--no-verify', '-m', 'feat: piers']],
    ['git', ['push', '-q', 'origin', 'main']],
  ];
  const nameOf = ([program, args]: (typeof operations)[number]) =>
    program === 'git' ? `git ${args[0]}` : args.slice(1, 3).join(' ');

  // Once to the end, so that what Git itself keeps up to date (the index's cache) is so, and to know how long each takes.
  const durations = operations.map(([program, args]) => {
    const started = performance.now();
    spawnSync(program, args, { cwd: dir, env, input: '' });
    return performance.now() - started;
  });
  const before = bytes(dir);
  const writer = startWriter(beside, env);
  const changed: string[] = [];
  let killed = 0;
  for (let trial = 1; trial <= trials; trial++) {
    const at = Math.floor(next() * operations.length);
    const operation = operations[at]!;
    const delay = next() * durations[at]! * 1.1;
    rmSync(pid, { force: true });
    if (await runAndKill(operation, { cwd: dir, env, delay, pid: operation[0] === 'git' ? pid : undefined })) killed++;
    const after = bytes(dir);
    for (const path of new Set([...before.keys(), ...after.keys()])) {
      if (before.get(path) !== after.get(path)) changed.push(`trial ${trial} (${nameOf(operation)}): ${path}`);
    }
    if (trial % 20 === 0) log(`${trial} of ${trials}: ${killed} killed, ${changed.length} files changed`);
  }
  const written = await writer.stop();
  const known = new Set(git(['rev-list', 'beside']).split('\n'));
  const lost = written.filter((oid) => !known.has(oid)).length;
  const fsck = spawnSync('git', ['fsck', '--no-dangling', '--no-progress'], { cwd: dir, env, encoding: 'utf8' });
  return {
    killed,
    trials,
    changed,
    commits: written.length,
    lost,
    broken: fsck.status === 0 ? '' : fsck.stdout + fsck.stderr,
  };
}

interface Run {
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  /** Milliseconds after the start of the engine. */
  readonly delay: number;
  /** Where a hook leaves the number of its process: that one is killed, not the command. */
  readonly pid: string | undefined;
}

/** Whether it still ran when it was killed. */
async function runAndKill(
  [program, args]: readonly [string, readonly string[]],
  { cwd, env, delay, pid }: Run,
): Promise<boolean> {
  const child = spawn(program, args, { cwd, env, stdio: 'ignore' });
  const ended = new Promise<void>((resolve) => child.on('close', () => resolve()));
  let over = false;
  void ended.then(() => (over = true));
  if (pid !== undefined) while (!over && numberIn(pid) === undefined) await sleep(2);
  await Promise.race([sleep(delay), ended]);
  if (over) return false;
  const victim = pid === undefined ? child.pid! : numberIn(pid);
  try {
    process.kill(victim!, 'SIGKILL');
  } catch {
    // It ended a moment ago.
    await ended;
    return false;
  }
  await ended;
  return true;
}

function numberIn(file: string): number | undefined {
  try {
    return Number(readFileSync(file, 'utf8')) || undefined;
  } catch {
    return undefined;
  }
}

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** Somebody in a linked work tree who commits as fast as Git allows. */
function startWriter(cwd: string, env: NodeJS.ProcessEnv) {
  let going = true;
  const written: string[] = [];
  const git = (args: readonly string[]) =>
    new Promise<string>((resolve, reject) => {
      const child = spawn('git', ['-c', 'core.hooksPath=/dev/null', ...args], { cwd, env });
      let out = '';
      child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
      child.on('close', (code) =>
        code === 0 ? resolve(out.trim()) : reject(new Error(`git ${args.join(' ')} exits ${code}`)),
      );
    });
  const work = async () => {
    for (let count = 1; going; count++) {
      writeFileSync(join(cwd, 'file'), `${count}\n`);
      await git(['add', 'file']);
      await git(['commit', '-q', '-m', `${count}`]);
      written.push(await git(['rev-parse', 'HEAD']));
      await sleep(100);
    }
  };
  const done = work();
  return {
    async stop(): Promise<readonly string[]> {
      going = false;
      await done;
      return written;
    },
  };
}

/** Every byte below a folder, but for the engine's own folder, what the writer beside makes, and the message Git prepares. */
function bytes(dir: string, path = ''): Map<string, string> {
  const found = new Map<string, string>();
  const not =
    /^\.git\/(repolicy|objects\/[0-9a-f]{2}|worktrees|COMMIT_EDITMSG|refs\/heads\/beside(\.lock)?|logs\/refs\/heads\/beside)(\/|$)/;
  for (const entry of readdirSync(join(dir, path), { withFileTypes: true })) {
    const inner = path === '' ? entry.name : `${path}/${entry.name}`;
    if (not.test(inner)) continue;
    if (entry.isDirectory()) for (const [file, text] of bytes(dir, inner)) found.set(file, text);
    else found.set(inner, readFileSync(join(dir, inner), 'latin1'));
  }
  return found;
}

/** The same numbers for the same seed. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
    return state / 2 ** 31;
  };
}
