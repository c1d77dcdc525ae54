import { spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { rememberEngine, rememberNode } from './node.ts';
import { note } from './journal.ts';
import type { Plan, Write } from './plan.ts';
import type { Repository } from './repository.ts';

export interface Doing {
  /** False: packages are left as they are. */
  readonly install: boolean;
  /** The file that is running, for repositories that have no packages. */
  readonly engine: string;
}

/** Something that was done, in words; or that was not, and what to do about it. */
export type Step = { readonly wrote: Write } | { readonly did: string } | { readonly failed: string };

/** Carries a plan out, step by step. Everything it touches is named. */
export async function* applyPlan(repository: Repository, plan: Plan, { install, engine }: Doing): AsyncIterable<Step> {
  const { top, commonDir } = repository;
  for (const write of plan.writes) {
    const { path, text, executable } = write;
    const file = join(top, path);
    const before = existsSync(file) ? readFileSync(file, 'utf8') : null;
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
    const changesMode = before !== null && executable && (statSync(file).mode & 0o111) === 0;
    if (executable) chmodSync(file, 0o755);
    note(commonDir, 'files', path, { before, after: text, ...(changesMode && { executable: true }) });
    yield { wrote: write };
  }
  rememberNode(commonDir);
  if (plan.noteEngine) rememberEngine(commonDir, engine);
  for (const [key, value] of Object.entries(plan.config ?? {})) {
    const { simpleGit } = await import('simple-git');
    const git = simpleGit({ baseDir: top, unsafe: { allowUnsafeHooksPath: true } });
    const before = (await git.raw(['config', '--local', '--default', '', '--get', key])).trimEnd() || null;
    await git.raw(['config', key, value]);
    note(commonDir, 'config', key, { before, after: value });
    if (key === 'core.hooksPath') yield { did: `Git runs the hooks in ${value} (core.hooksPath, set in this clone).` };
  }
  if (plan.manager === 'git-config' && plan.config)
    yield { did: `Git runs repolicy from its own configuration (hook.*, set in this clone).` };
  const dir = join(top, repository.package?.dir ?? '');
  if (plan.install) {
    const shown = plan.install.join(' ');
    if (!install) yield { failed: `Run \`${shown}\`.` };
    else if ((await run(plan.install, dir)) === 0) yield { did: `Ran ${shown}.` };
    else yield { failed: `\`${shown}\` failed; run it again. The hooks are switched on once it has ended well.` };
  }
  if (plan.husky) {
    const husky = join(dir, 'node_modules/husky/bin.js');
    if (!existsSync(husky)) yield { failed: `The hooks are switched on once husky is installed.` };
    else if ((await run([process.execPath, husky, plan.husky], top)) === 0) {
      note(commonDir, 'config', 'core.hooksPath', { before: null, after: `${plan.husky}/_` });
      yield { did: `Git runs the hooks in ${plan.husky} (through husky).` };
    } else yield { failed: `husky could not switch the hooks on: run \`npx husky ${plan.husky}\` to see why.` };
  }
  if (plan.activate) {
    const { run: command, otherwise } = plan.activate;
    const known = command[0] !== process.execPath || existsSync(join(top, command[1]!));
    if (install && known && (await run(command, top)) === 0) yield { did: `Ran ${shownCommand(command)}.` };
    else yield { failed: otherwise };
  }
}

const shownCommand = ([program, ...args]: readonly string[]): string =>
  [program === process.execPath ? 'node' : program, ...args].join(' ');

/** The exit code. What the command prints goes to standard error, so that standard output stays a list of what was done. */
const run = ([program, ...args]: readonly string[], cwd: string): Promise<number> =>
  new Promise((done) => {
    // On Windows, package managers are scripts, which only a shell starts.
    const shell = process.platform === 'win32' && program !== process.execPath;
    const child = spawn(program!, args, { cwd, shell, stdio: ['ignore', 2, 2] });
    child.on('error', () => done(1));
    child.on('close', (code) => done(code ?? 1));
  });
