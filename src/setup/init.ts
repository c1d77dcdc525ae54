import { detectAgents, planAgent } from './agents.ts';
import { detectCi, planCi } from './ci-files.ts';
import { canConfigureHooks, hookName, planConfigured } from './configured.ts';
import { GIT_FOLDER, planGit, sharedFolder } from './folder.ts';
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
import { planSimpleGitHooks, usesSimpleGitHooks } from './simple-git-hooks.ts';

/** From the facts about a repository to everything that would be done to it. Reads and writes nothing. */
export async function planInit(repository: Repository, wish: Wish): Promise<Plan | Refusal> {
  const plan = await PLANNERS[wish.manager ?? detectManager(repository)](repository, wish);
  if ('refused' in plan) return plan;
  const provider = wish.ci ?? detectCi(repository);
  const others = [
    ...(provider && provider !== 'none' ? [await planCi(repository, provider, wish.version)] : []),
    ...(await Promise.all((wish.agents ?? detectAgents(repository)).map((agent) => planAgent(repository, agent)))),
  ];
  return {
    ...plan,
    writes: [...plan.writes, ...planPolicy(repository), ...others.flatMap(({ writes }) => writes)],
    left: [...plan.left, ...others.flatMap(({ left }) => left)],
  };
}

type Planner = (repository: Repository, wish: Wish) => Promise<Plan | Refusal>;

const PLANNERS: Record<Manager, Planner> = {
  husky: planHusky,
  lefthook: planLefthook,
  'pre-commit': planPreCommit,
  // Formatters run first, and what they staged is judged: a hook of husky's does both, in that order.
  'lint-staged': (repository, wish) =>
    usesHusky(repository) ? planHusky(repository, wish) : planLintStaged(repository, wish),
  'simple-git-hooks': async (repository, wish) =>
    repository.package
      ? planSimpleGitHooks(repository, wish)
      : { refused: 'simple-git-hooks needs a package.json. `--manager git` does without one.' },
  'git-config': planConfigured,
  git: planGit,
};

/** Whatever runs the hooks already; husky where nothing does and Node's packages are at home. */
export function detectManager(repository: Repository): Manager {
  const { files, hooksPath, privateHooks, package: found } = repository;
  if (files.has(`${GIT_FOLDER}/repolicy`)) return 'git';
  if (usesHusky(repository)) return 'husky';
  if (LEFTHOOK_FILES.some((name) => files.has(name))) return 'lefthook';
  if (PRE_COMMIT_FILES.some((name) => files.has(name))) return 'pre-commit';
  if (usesSimpleGitHooks(repository)) return 'simple-git-hooks';
  if (repository.hookConfig.has(`hook.${hookName('pre-commit')}.command`)) return 'git-config';
  // Beside what somebody has put into place for themselves, nothing needs to be moved or edited there.
  const theirs = hooksPath ? !sharedFolder(repository.top, hooksPath.value) : privateHooks.size > 0;
  if (theirs && canConfigureHooks(repository)) return 'git-config';
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
