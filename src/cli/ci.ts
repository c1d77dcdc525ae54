import type { Notice } from '../core/notice.ts';
import { ciRun, openRepository, type CiRun } from '../repo/open.ts';
import { githubSummary } from '../report/github.ts';
import { UsageError, type ExitCode } from './exit.ts';
import type { JudgingFlags } from './flags.ts';
import { appendTo, type Format } from './output.ts';
import { describe, type Described } from './pull-request.ts';
import { judgeAndReport, storeIn } from './verdict.ts';

/** The change that the CI environment names, reported where that CI shows findings. */
export async function ci(flags: JudgingFlags & { readonly mergeInto?: string }, cwd: string): Promise<ExitCode> {
  const run = ciRun(process.env);
  if (!run) {
    throw new UsageError(
      'No CI is recognised here. `repolicy ci` reads the variables of GitHub Actions and its like; elsewhere, name the change: `repolicy check --since origin/main`.',
    );
  }
  const repository = await openRepository(cwd);
  try {
    const summary = process.env['GITHUB_STEP_SUMMARY'];
    const named = await repository.ci(run);
    const merged = flags.mergeInto !== undefined && (await repository.mergeInto(flags.mergeInto, run.source ?? run.head));
    return await judgeAndReport(merged ? { ...named, ...merged } : named, flags, {
      cwd,
      formats: formatsOf(run.provider),
      notices: repository.notices,
      ...storeIn(repository),
      commit: repository.commit,
      describe: (wanted) => describePullRequest(run, flags, cwd, wanted),
      ...(summary && { also: (report) => appendTo(summary, githubSummary(report)) }),
    });
  } finally {
    await repository.close();
  }
}

/** In a merge queue nobody can change the text any more: what it says was judged on the way in. */
async function describePullRequest(run: CiRun, flags: JudgingFlags, cwd: string, wanted: boolean): Promise<Described> {
  const isPull = run.event === 'pull-request';
  if (!wanted || (!isPull && flags.prFile === undefined && flags.prEvent === undefined)) {
    return {
      ...(run.pullRequest && { pullRequest: run.pullRequest }),
      notices: wanted && run.event === 'merge-queue' ? [QUEUED] : [],
    };
  }
  const live = isPull && !flags.offline;
  const described = await describe(flags, { cwd, env: process.env, live, told: run.pullRequest });
  if (described.pullRequest) return described;
  const message = `${run.provider} does not hand over the text of the pull request: give it with --pr-file or PR_BODY.`;
  return { notices: [...described.notices, { notice: 'not-judged', message, needed: true }] };
}

const QUEUED: Notice = {
  notice: 'not-judged',
  message: 'The text of the pull request was judged before it came into this queue, and is not judged again.',
};

/** Text for whoever reads the log; annotations for whoever reads the change. */
const formatsOf = (provider: string): Format[] =>
  provider === 'GitHub Actions' ? [{ name: 'text' }, { name: 'github' }] : [{ name: 'text' }];
