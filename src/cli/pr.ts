import type { ChangeSet, PullRequest } from '../core/change.ts';
import { draftOf } from '../facts/draft.ts';
import { openRepository, RepoError, type Repository } from '../repo/open.ts';
import { EXIT, UsageError, type ExitCode } from './exit.ts';
import type { JudgingFlags } from './flags.ts';
import { loadPolicies } from './policies.ts';
import { describe } from './pull-request.ts';
import { judgeAndReport, storeIn, TEXT } from './verdict.ts';

export interface PrFlags extends JudgingFlags {
  readonly since?: string;
}

/** Prints the pull request that this branch would make: the title, an empty line, the text. */
export async function prDraft(flags: PrFlags, cwd: string): Promise<ExitCode> {
  return withBranch(flags, cwd, async (repository, change) => {
    const { title, body } = await drafted(repository, change);
    process.stdout.write(`${title}\n\n${body.trimEnd()}\n`);
    return EXIT.clean;
  });
}

/** Judges this branch as a pull request: its files, its commits, its title and its text. */
export async function prCheck(flags: PrFlags, cwd: string): Promise<ExitCode> {
  return withBranch(flags, cwd, (repository, change) =>
    judgeAndReport(change, flags, {
      cwd,
      formats: TEXT,
      notices: repository.notices,
      ...storeIn(repository),
      commit: repository.commit,
      describe: () =>
        describe(flags, { cwd, env: process.env, live: !flags.offline, draft: () => drafted(repository, change) }),
    }),
  );
}

async function drafted(repository: Repository, { head, commits, branch }: ChangeSet): Promise<PullRequest> {
  const description = branch === undefined ? undefined : await repository.branchDescription(branch);
  return draftOf({ head, commits, branch, description });
}

async function withBranch(
  flags: PrFlags,
  cwd: string,
  work: (repository: Repository, change: ChangeSet) => Promise<ExitCode>,
): Promise<ExitCode> {
  const repository = await openRepository(cwd);
  try {
    return await work(repository, await branchChange(repository, flags));
  } finally {
    await repository.close();
  }
}

/** What the branch is merged into: as the flag says, or the policy, or else what the remote calls its own branch. */
async function branchChange(repository: Repository, flags: PrFlags): Promise<ChangeSet> {
  if (flags.since !== undefined) return repository.since(flags.since);
  const head = await repository.range('HEAD', 'HEAD');
  const { policy } = await loadPolicies(head, flags);
  const names = ['origin/HEAD', 'origin/main', 'origin/master', 'main', 'master'];
  for (const name of policy.base === undefined ? names : [policy.base]) {
    try {
      return await repository.since(name);
    } catch (error) {
      if (!(error instanceof RepoError && error.kind === 'unknown-revision') || policy.base !== undefined) throw error;
    }
  }
  throw new UsageError(
    'Nothing here says what this branch is merged into: name it with --since, as in --since origin/main.',
  );
}
