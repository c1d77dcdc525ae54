import { ciRun, openRepository } from '../repo/open.ts';
import { githubSummary } from '../report/github.ts';
import { UsageError, type ExitCode } from './exit.ts';
import type { JudgingFlags } from './flags.ts';
import { appendTo, type Format } from './output.ts';
import { judgeAndReport, storeIn } from './verdict.ts';

/** The change that the CI environment names, reported where that CI shows findings. */
export async function ci(flags: JudgingFlags, cwd: string): Promise<ExitCode> {
  const run = ciRun(process.env);
  if (!run) {
    throw new UsageError(
      'No CI is recognised here. `repolicy ci` reads the variables of GitHub Actions and its like; elsewhere, name the change: `repolicy check --since origin/main`.',
    );
  }
  const repository = await openRepository(cwd);
  try {
    const summary = process.env['GITHUB_STEP_SUMMARY'];
    return await judgeAndReport(await repository.ci(run), flags, {
      cwd,
      formats: formatsOf(run.provider),
      notices: repository.notices,
      ...storeIn(repository),
      commit: repository.commit,
      ...(summary && { also: (report) => appendTo(summary, githubSummary(report)) }),
    });
  } finally {
    await repository.close();
  }
}

/** Text for whoever reads the log; annotations for whoever reads the change. */
const formatsOf = (provider: string): Format[] =>
  provider === 'GitHub Actions' ? [{ name: 'text' }, { name: 'github' }] : [{ name: 'text' }];
