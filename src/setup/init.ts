import { GIT_FOLDER, planGit } from './folder.ts';
import { planHusky, usesHusky } from './husky.ts';
import {
  LEFTHOOK_FILES,
  planLefthook,
  planLintStaged,
  planPreCommit,
  PRE_COMMIT_FILES,
  type Manager,
} from './managers.ts';
import type { Plan, Wish, Write } from './plan.ts';
import { policyText, presetsFor } from './policy.ts';
import type { Refusal, Repository } from './repository.ts';

/** From the facts about a repository to everything that would be done to it. Reads and writes nothing. */
export async function planInit(repository: Repository, wish: Wish): Promise<Plan | Refusal> {
  const plan = await PLANNERS[wish.manager ?? detectManager(repository)](repository, wish);
  return 'refused' in plan ? plan : { ...plan, writes: [...plan.writes, ...planPolicy(repository)] };
}

type Planner = (repository: Repository, wish: Wish) => Promise<Plan | Refusal>;

const PLANNERS: Record<Manager, Planner> = {
  husky: planHusky,
  lefthook: planLefthook,
  'pre-commit': planPreCommit,
  // Formatters run first, and what they staged is judged: a hook of husky's does both, in that order.
  'lint-staged': (repository, wish) =>
    usesHusky(repository) ? planHusky(repository, wish) : planLintStaged(repository, wish),
  git: planGit,
};

/** Whatever runs the hooks already; husky where nothing does and Node's packages are at home. */
export function detectManager(repository: Repository): Manager {
  const { files, hooksPath, privateHooks, package: found } = repository;
  if (files.has(`${GIT_FOLDER}/repolicy`)) return 'git';
  if (usesHusky(repository)) return 'husky';
  if (LEFTHOOK_FILES.some((name) => files.has(name))) return 'lefthook';
  if (PRE_COMMIT_FILES.some((name) => files.has(name))) return 'pre-commit';
  return found && !hooksPath && privateHooks.size === 0 ? 'husky' : 'git';
}

function planPolicy({ policy, package: found, base, migrations }: Repository): Write[] {
  if (policy !== undefined) return [];
  const text = policyText({
    ...(found && { schema: `./${found.dir}node_modules/repolicy/schema.json` }),
    ...(base !== undefined && { base }),
    migrations,
  });
  const where = migrations.map(({ dir }) => dir).join(', ');
  const reason = `the policy: ${presetsFor(migrations).join(' and ')}${where && `, for the migrations in ${where}`}`;
  return [{ path: 'repolicy.jsonc', text, reason }];
}
