import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SimpleGit } from 'simple-git';
import { bypass } from './bypass.ts';
import type { Repository } from './repository.ts';

/** Something outside the repository that passes the hooks over, in a sentence; and what to do. */
export interface Bypass {
  readonly says: string;
  readonly mend: string;
}

/** Of this shell, this user and this machine. What a single command line says (--no-verify) leaves no trace that could be found. */
export async function bypasses(repository: Repository, git: SimpleGit, env: NodeJS.ProcessEnv): Promise<Bypass[]> {
  const found: Bypass[] = [];
  for (const [name, value = ''] of Object.entries(env)) {
    const at = bypass(`${name}=${JSON.stringify(value)} git commit`);
    if (at)
      found.push({ says: `${name}=${value} is set here: hooks that heed it judge nothing.`, mend: `unset ${name}` });
  }
  const husky = join(env['XDG_CONFIG_HOME'] || join(env['HOME'] ?? '', '.config'), 'husky/init.sh');
  if (existsSync(husky) && bypass(readFileSync(husky, 'utf8'))) {
    found.push({
      says: `${husky} turns husky's hooks off in every repository.`,
      mend: `Take the line out of ${husky}.`,
    });
  }
  const aliases = await list(git, ['config', '-z', '--get-regexp', '^alias\\.']);
  for (const alias of aliases) {
    const at = alias.indexOf('\n');
    const [key, value] = [alias.slice(0, at), alias.slice(at + 1)];
    const passed = bypass(value.startsWith('!') ? value.slice(1) : `git ${value}`);
    if (passed)
      found.push({ says: `\`git ${key.slice('alias.'.length)}\` is ${passed}.`, mend: `git config --unset ${key}` });
  }
  for (const [key, value] of repository.hookConfig) {
    if (/\.enabled$/.test(key) && /^(?:false|no|off|0)$/i.test(value)) {
      found.push({ says: `${key} is ${value}: Git passes over what it names.`, mend: `git config --unset ${key}` });
    }
  }
  return found;
}

const list = async (git: SimpleGit, args: string[]): Promise<string[]> =>
  (await git.raw(args).catch(() => '')).split('\0').filter(Boolean);
