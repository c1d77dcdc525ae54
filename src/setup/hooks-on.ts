import { accessSync, constants, existsSync, readFileSync } from 'node:fs';
import { dirname, isAbsolute, join, relative, resolve } from 'node:path';
import type { SimpleGit } from 'simple-git';
import { canConfigureHooks, hookName } from './configured.ts';
import { callsRepolicy } from './hooks.ts';
import { LEFTHOOK_FILES, PRE_COMMIT_FILES } from './managers.ts';
import type { Repository } from './repository.ts';

/** What Git will do at one event, in this work tree and for this user. */
export interface HookState {
  readonly event: string;
  /** Whether repolicy is asked. */
  readonly on: boolean;
  /** One sentence: which file runs, and through what; or why nothing does. */
  readonly says: string;
  /** What to do, where it is not on. */
  readonly mend?: string;
}

/** Follows Git from an event to the file that it would run, and through the hook manager that stands there. */
export async function hookState(repository: Repository, git: SimpleGit, event: string): Promise<HookState> {
  const configured = configuredHook(repository, event);
  if (configured) return { event, on: true, says: `runs ${configured} (from Git's configuration).` };
  const file = resolve(repository.top, (await git.raw(['rev-parse', '--git-path', `hooks/${event}`])).trimEnd());
  const shown = shownIn(repository.top, file);
  if (!existsSync(file))
    return {
      event,
      on: false,
      says: `Git looks for ${shown}, and there is no such file.`,
      ...missing(repository, file),
    };
  if (!isExecutable(file)) {
    return { event, on: false, says: `${shown} is not executable, so Git passes it over.`, mend: `chmod +x ${shown}` };
  }
  const text = readFileSync(file, 'utf8');
  if (callsRepolicy(text)) return { event, on: true, says: `runs ${shown}.` };
  const manager = throughManager(repository, file, event, text);
  if (manager) return { event, ...manager };
  return { event, on: false, says: `runs ${shown}, which never asks repolicy.`, mend: 'repolicy init' };
}

function configuredHook(repository: Repository, event: string): string | undefined {
  const { hookConfig } = repository;
  if (!canConfigureHooks(repository)) return undefined;
  const off = (name: string) => /^(?:false|no|off|0)$/i.test(hookConfig.get(`hook.${name}.enabled`) ?? '');
  const name = hookName(event);
  const command = hookConfig.get(`hook.${name}.command`);
  return command && hookConfig.get(`hook.${name}.event`) === event && !off(name) && !off(event) ? command : undefined;
}

const shownIn = (top: string, file: string): string => {
  const inside = relative(top, file);
  return inside.startsWith('..') || isAbsolute(inside) ? file : inside.replaceAll('\\', '/');
};

/** Windows knows no such bit, and Git there looks at the first line. */
function isExecutable(file: string): boolean {
  if (process.platform === 'win32') return true;
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function missing({ top, package: found, hooksPath }: Repository, file: string): { readonly mend: string } {
  const folder = dirname(file);
  // husky keeps its part of the folder out of Git: each clone and each work tree makes its own.
  if (/[\\/]_$/.test(folder) && existsSync(join(folder, '..', 'repolicy'))) {
    return { mend: `${found?.dir ? `cd ${found.dir} && ` : ''}npx husky ${shownIn(top, dirname(folder))}` };
  }
  if (hooksPath && !existsSync(folder)) return { mend: `git config --unset core.hooksPath, then repolicy init` };
  return { mend: 'repolicy init' };
}

type Through = Omit<HookState, 'event'>;

/** What husky, lefthook or pre-commit make of the event, where the file is theirs. */
function throughManager({ top, files }: Repository, file: string, event: string, text: string): Through | undefined {
  if (/[\\/]_[\\/][^\\/]+$/.test(file) && /\/h"?\s*$/m.test(text)) {
    const own = join(dirname(file), '..', event);
    const shown = shownIn(top, own);
    if (!existsSync(own))
      return { on: false, says: `husky looks for ${shown}, and there is no such file.`, mend: 'repolicy init' };
    return callsRepolicy(readFileSync(own, 'utf8'))
      ? { on: true, says: `runs ${shown} (through husky).` }
      : { on: false, says: `husky runs ${shown}, which never asks repolicy.`, mend: 'repolicy init' };
  }
  const config = /\blefthook\b/.test(text)
    ? LEFTHOOK_FILES
    : /\b(?:pre-commit|pre_commit|prek)\b/.test(text)
      ? PRE_COMMIT_FILES
      : [];
  const path = config.find((name) => files.has(name));
  if (!path) return undefined;
  const manager = config === LEFTHOOK_FILES ? 'lefthook' : 'pre-commit';
  const asks = config === LEFTHOOK_FILES ? asksLefthook(files.get(path)!, event) : callsRepolicy(files.get(path)!);
  return asks
    ? { on: true, says: `runs the jobs of ${path} (through ${manager}).` }
    : {
        on: false,
        says: `${manager} runs the jobs of ${path}, and none of them asks repolicy.`,
        mend: 'repolicy init',
      };
}

/** The lines below "pre-commit:" up to the next hook. */
const asksLefthook = (text: string, event: string): boolean =>
  callsRepolicy(new RegExp(`^${event}:(.*(?:\\n(?:[ \\t].*)?$)*)`, 'm').exec(text)?.[1] ?? '');
