import { spawnSync } from 'node:child_process';
import type { ChangeSet } from '../core/change.ts';
import { variants } from '../engine/policy/settings.ts';
import { isOf, readStamps, STAMP, stampValue, withoutStamps, type Outcome } from '../facts/stamps.ts';
import type { Report } from '../report/report.ts';
import { RepoError, type Repository } from '../repo/open.ts';
import { EXIT, type ExitCode } from './exit.ts';
import { failed } from './failure.ts';
import { DEFAULT_FLAGS } from './flags.ts';
import { writeReport } from './output.ts';
import { loadPolicies } from './policies.ts';
import { cacheFor, judged, storeIn, TEXT } from './verdict.ts';

/** The commit that is being made. */
export interface Making {
  readonly repository: Repository;
  readonly change: ChangeSet;
  /** Its message. */
  readonly file: string;
  readonly cwd: string;
}

/** The rule for whose sake commits are stamped: where it is on, the policy asks for stamps. */
const RULE = 'change/bypassed-hook';

const OUTCOME: Partial<Record<ExitCode, Outcome>> = { [EXIT.clean]: 'clean', [EXIT.findings]: 'findings' };

/**
 * Git asks prepare-commit-msg for every commit but those of `git am`, also for a rebase, a cherry-pick, and under
 * --no-verify. The stamp says what was judged and how it came out; a strict policy has the judgement itself here. Where an
 * editor opens on nothing, commit-msg stamps what was written: a message that is left empty must stay so.
 */
export async function prepare(making: Making, opensOnNothing: boolean): Promise<ExitCode> {
  const wanted = await askedFor(making.change, making.repository);
  if (!wanted || (opensOnNothing && !wanted.strict)) return EXIT.clean;
  try {
    const { code, report } = await judgedContent(making);
    if (wanted.strict && code !== EXIT.clean) {
      await writeReport(report, TEXT, DEFAULT_FLAGS, making.cwd);
      return code;
    }
    if (opensOnNothing) return EXIT.clean;
    if (code === EXIT.findings)
      say('A hook would have stopped what this commit holds. `repolicy check --commit HEAD` shows why.');
    await stamp(making, OUTCOME[code] ?? 'not-judged', report.verdict);
  } catch (error) {
    if (wanted.strict) throw error;
    // Whoever said --no-verify must not be held up by a judge that cannot judge: the missing stamp tells.
    failed(error, false);
  }
  return EXIT.clean;
}

const say = (text: string): void => void process.stderr.write(`repolicy: ${text}\n`);

/** In commit-msg: what was written in an editor has no stamp yet, and what was left empty must not have one. `message`: as Git will store it. */
export async function stampWritten(making: Making, message: string): Promise<void> {
  if (withoutStamps(message).trim() === '' || !(await askedFor(making.change, making.repository))) return;
  const tree = await making.repository.nextTree();
  if (readStamps(message).some((one) => isOf(one, tree))) return;
  const { code, report } = await judgedContent(making);
  await stamp(making, OUTCOME[code] ?? 'not-judged', report.verdict);
}

/** Base's policy says it: no change may take itself out. */
async function askedFor(change: ChangeSet, repository: Repository): Promise<{ readonly strict: boolean } | undefined> {
  const cache = cacheFor(DEFAULT_FLAGS, storeIn(repository));
  const { policy, basePolicy } = await loadPolicies(change, DEFAULT_FLAGS, cache);
  cache?.close();
  const settings = variants(basePolicy ?? policy, RULE);
  if (settings.length === 0) return undefined;
  return { strict: settings.some(({ options }) => (options as { readonly strict?: boolean }).strict) };
}

async function judgedContent({
  repository,
  change,
  cwd,
}: Making): Promise<{ readonly code: ExitCode; readonly report: Report }> {
  const setting = { cwd, ...storeIn(repository), formats: [], notices: repository.notices };
  const cache = cacheFor(DEFAULT_FLAGS, setting);
  try {
    const { code, report } = await judged(change, DEFAULT_FLAGS, setting, cache);
    return { code, report: await report() };
  } finally {
    cache?.close();
  }
}

/** Git itself knows where in a message a trailer belongs: above the comments and the diff of --verbose. */
async function stamp({ repository, file, cwd }: Making, outcome: Outcome, verdict: string): Promise<void> {
  const value = stampValue(outcome, verdict, await repository.nextTree());
  const how = ['--no-divider', '--where', 'end', '--if-exists', 'replace', '--if-missing', 'add'];
  const args = ['interpret-trailers', '--in-place', ...how, '--trailer', `${STAMP}: ${value}`, file];
  const { status, stderr } = spawnSync('git', args, { cwd, encoding: 'utf8' });
  if (status !== 0) throw new RepoError('git-failed', `The stamp could not be added to the message: ${stderr.trim()}`);
}
