import { engineCommand, type Plan, type Wish } from './plan.ts';
import { installCommand, planDependency } from './folder.ts';
import { HOOKS } from './hooks.ts';
import type { Refusal, Repository } from './repository.ts';

/** The first Git that runs hooks which its configuration names. */
const SINCE = [2, 54] as const;

export const canConfigureHooks = ({ git: [major, minor] }: Repository): boolean =>
  major > SINCE[0] || (major === SINCE[0] && minor >= SINCE[1]);

/** In `hook.<name>.command`. Git refuses the name of an event here. */
export const hookName = (event: string): string => `repolicy-${event}`;

/**
 * Git's own configured hooks, which run beside those of any folder. They live in the configuration of this clone: nothing
 * of them is committed, so that everybody runs `init` once.
 */
export async function planConfigured(repository: Repository, { version }: Wish): Promise<Plan | Refusal> {
  const { package: found, installed, git, hookConfig } = repository;
  if (!canConfigureHooks(repository)) {
    return {
      refused: `Git runs hooks from its configuration since version ${SINCE.join('.')}, and this is ${git.join('.')}. \`--manager git\` keeps them in a folder.`,
    };
  }
  const manifest = found ? await planDependency(found, version) : [];
  const config = Object.fromEntries(
    HOOKS.flatMap((event) => {
      const key = `hook.${hookName(event)}`;
      return Object.entries({
        [`${key}.event`]: event,
        [`${key}.command`]: `${engineCommand(repository)} hook ${event}`,
      });
    }).filter(([key, value]) => hookConfig.get(key) !== value),
  );
  return {
    manager: 'git-config',
    writes: manifest,
    ...(found &&
      (manifest.length > 0 || !installed.has('repolicy')) && { install: installCommand(found.installer).split(' ') }),
    ...(Object.keys(config).length > 0 && { config }),
    left:
      Object.keys(config).length > 0
        ? ['The configuration of a clone is not committed: everybody runs `repolicy init` once after cloning.']
        : [],
  };
}
