import { chmodSync, readFileSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { leaveHook } from './hooks.ts';
import { forget, readJournal } from './journal.ts';
import type { Repository } from './repository.ts';
import { usesSimpleGitHooks } from './simple-git-hooks.ts';

/** A file as it will be without repolicy; undefined: it goes. */
export interface Unwrite {
  readonly path: string;
  readonly text?: string;
  /** It was not executable before. */
  readonly plain?: true;
}

/** What taking `init` back would do. Nothing has happened yet. */
export interface UndoPlan {
  readonly writes: readonly Unwrite[];
  /** Keys of Git's configuration in this clone, and the value they had before; undefined: they were not set. */
  readonly config: Readonly<Record<string, string | undefined>>;
  readonly left: readonly string[];
}

/**
 * By what `init` noted in this clone: a file that is still as it was written gets its old text, one that was changed since
 * loses the lines that were added, and where those cannot be told apart it is left to its owner. In a clone where `init` was
 * never run, our lines in the folders of hooks can be told all the same.
 */
export async function planUndo(repository: Repository): Promise<UndoPlan> {
  const { top, commonDir, hooksPath, hookConfig } = repository;
  const journal = readJournal(commonDir);
  const writes: Unwrite[] = [];
  const left: string[] = [];
  for (const [path, { before, after, executable }] of Object.entries(journal.files)) {
    const now = textOf(join(top, path));
    if (now === undefined) continue;
    const then =
      before === null && now === after ? undefined : now === after ? before! : await without(now, before, after);
    if (then === false) left.push(`${path} was changed since: take out by hand what repolicy added.`);
    else writes.push({ path, ...(then !== undefined && { text: then }), ...(executable && { plain: true }) });
  }
  for (const [path, text] of repository.files) {
    if (writes.some((one) => one.path === path) || path in journal.files) continue;
    if (isHelper(path, text)) writes.push({ path });
    else if (HOOK_FILE.test(path) && leaveHook(text) !== text) {
      const then = leaveHook(text);
      writes.push({ path, ...(then !== undefined && { text: then }) });
    }
  }
  const current = (key: string) => (key === 'core.hooksPath' ? hooksPath?.value : hookConfig.get(key));
  const config = Object.fromEntries(
    Object.entries(journal.config)
      .filter(([key, { after }]) => current(key) === after)
      .map(([key, { before }]) => [key, before ?? undefined]),
  );
  const packages = writes.some(({ path }) => /(?:^|\/)package\.json$/.test(path));
  if (packages) left.push('Run your package manager once, so that node_modules and the lock file follow package.json.');
  if (usesSimpleGitHooks(repository))
    left.push('Run `npx simple-git-hooks`: it has copied the commands into .git/hooks.');
  return { writes, config, left };
}

const HOOK_FILE = /(?:^|\/)(?:\.husky|\.githooks)\/[a-z-]+$/;
const isHelper = (path: string, text: string): boolean =>
  /\/repolicy$/.test(path) && text.includes('Written by `repolicy init`');

const textOf = (file: string): string | undefined => {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
};

/** The text of today without what was added then; undefined where nothing would be left of a file that was new; false where it cannot be told. */
async function without(now: string, before: string | null, after: string): Promise<string | undefined | false> {
  if (before === null) {
    const kept = leaveHook(now);
    return kept === now ? false : kept;
  }
  const { applyPatch, structuredPatch } = await import('diff');
  return applyPatch(now, structuredPatch('a', 'a', after, before, '', '', { context: 1 }), { fuzzFactor: 0 });
}

/** Carries it out. Gives the lines to say. */
export async function applyUndo(repository: Repository, { writes, config }: UndoPlan): Promise<string[]> {
  const { top, commonDir, hooksPath } = repository;
  const said: string[] = [];
  const { simpleGit } = await import('simple-git');
  const git = simpleGit({ baseDir: top, unsafe: { allowUnsafeHooksPath: true } });
  for (const [key, before] of Object.entries(config)) {
    if (before === undefined) await git.raw(['config', '--unset-all', key]);
    else await git.raw(['config', key, before]);
    said.push(before === undefined ? `unset ${key}` : `set ${key} to ${before}, as it was`);
  }
  for (const { path, text, plain } of writes) {
    const file = join(top, path);
    if (text === undefined) rmSync(file);
    else writeFileSync(file, text);
    if (plain) chmodSync(file, 0o644);
    said.push(text === undefined ? `removed ${path}` : `restored ${path}`);
  }
  // What husky made when it was switched on; it is nobody's work, and ignored.
  if ('core.hooksPath' in config && hooksPath?.value.endsWith('/_')) {
    rmSync(join(top, hooksPath.value), { recursive: true, force: true });
  }
  for (const { path } of writes) removeEmpty(top, dirname(path));
  forget(commonDir);
  return said;
}

/** Folders in which nothing is left. */
function removeEmpty(top: string, folder: string): void {
  if (folder === '.') return;
  try {
    rmdirSync(join(top, folder));
    removeEmpty(top, dirname(folder));
  } catch {
    // Not empty, or gone already.
  }
}
