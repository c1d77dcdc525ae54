import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { openCache, type OpenCache } from '../cache/open.ts';
import type { Cache } from '../core/cache.ts';
import type { ChangeSet } from '../core/change.ts';
import { matcher } from '../core/globs.ts';
import type { Finding, Severity } from '../core/finding.ts';
import type { Notice } from '../core/notice.ts';
import type { ResolvedPolicy } from '../core/policy.ts';
import type { Snapshot } from '../core/snapshot.ts';
import { BASELINE_FILE, readBaseline, type Baseline } from '../engine/baseline.ts';
import { matchesRule } from '../engine/allow.ts';
import { judge, type Terms, type Verdict } from '../engine/judge.ts';
import { variants } from '../engine/policy/settings.ts';
import { proposals } from '../facts/proposal.ts';
import { makeReport, type Report } from '../report/report.ts';
import { appliedMigrations } from './applied.ts';
import { eachCommit, judgeWithCommits, type PassedCommit } from './commits.ts';
import { catalogue } from './catalogue.ts';
import { EXIT, UsageError, type ExitCode } from './exit.ts';
import type { JudgingFlags } from './flags.ts';
import { readFormats, writeReport, type Format } from './output.ts';
import { loadPolicies, type Policies } from './policies.ts';
import type { Described } from './pull-request.ts';
import { BUILD, VERSION } from './version.ts';

/** Where a judging command runs, and what it may write. */
export interface Setting {
  readonly cwd: string;
  /** The folder in the Git directory where work may be kept for the next run; absent outside a repository. */
  readonly store?: string;
  /** Somebody named the files: SQL among them is judged wherever it lies. */
  readonly named?: boolean;
  /** Formats where the flags name none. */
  readonly formats: readonly Format[];
  /** What reading the change already left unjudged. */
  readonly notices: readonly Notice[];
  /** Nothing is printed where nothing is found and nothing was left unjudged that matters. */
  readonly silent?: boolean;
  /** A commit of the change as a change set of its own. */
  readonly commit?: (oid: string) => Promise<ChangeSet>;
  /** In an audit: the paths that the base branch has. */
  readonly merged?: (base: string | undefined) => Promise<ReadonlySet<string>>;
  /** Whether the file on disk is what was judged: only then may a fix touch it. */
  readonly mayEdit?: (path: string) => Promise<boolean>;
  /** Writes a fixed file; absent where nothing on disk corresponds to what was judged. */
  readonly write?: (path: string, text: string) => Promise<void>;
  /** The pull request of the change. `wanted`: a rule that is on judges it. */
  readonly describe?: (wanted: boolean) => Promise<Described>;
  /** Formats that are written in a way of this command's own. */
  readonly written?: (report: Report, format: Format) => boolean;
  /** In an audit of the past: finds what the tree no longer shows. */
  readonly past?: (change: ChangeSet, verdict: Verdict, terms: Terms) => Promise<PastVerdict>;
  /** Puts the report somewhere else as well. */
  readonly also?: (report: Report) => void;
}

/** A verdict that counts the past, and what a report must know of it. */
export interface PastVerdict {
  readonly verdict: Verdict;
  readonly commits: number;
  /** "12,043 versions of files". */
  readonly also: readonly string[];
  readonly readAt: (path: string, commit: string) => Promise<string | undefined>;
}

/** Of a repository, or of a folder outside any. */
export const storeIn = (source: object): { readonly store?: string } =>
  'commonDir' in source && typeof source.commonDir === 'string' ? { store: join(source.commonDir, 'repolicy') } : {};

export const TEXT: readonly Format[] = [{ name: 'text' }];

/** From a change set to a printed report and an exit code: the same way for every command. */
export async function judgeAndReport(change: ChangeSet, flags: JudgingFlags, setting: Setting): Promise<ExitCode> {
  const formats = flags.format ? readFormats(flags.format) : setting.formats;
  const cache = cacheFor(flags, setting);
  try {
    const { code, verdict, report } = await judged(change, flags, setting, cache);
    if (flags.fixDryRun || (setting.silent && code === EXIT.clean && !verdict.findings.some(({ status }) => status === 'reported'))) return code;
    const made = await report();
    await writeReport(made, formats.filter((format) => !setting.written?.(made, format)), flags, setting.cwd);
    setting.also?.(made);
    return code;
  } finally {
    cache?.close();
  }
}

/** None where the engine runs from its source: nothing tells that one from what it was a moment ago. */
export const cacheFor = (flags: Pick<JudgingFlags, 'cache'>, { store }: Pick<Setting, 'store'>): OpenCache | undefined =>
  flags.cache === false || store === undefined || BUILD === 'source' ? undefined : openCache(store, BUILD);

export interface Judged {
  readonly code: ExitCode;
  readonly verdict: Verdict;
  /** Reads the places of the findings, which nobody needs who prints nothing. */
  report(): Promise<Report>;
}

export async function judged(given: ChangeSet, flags: JudgingFlags, setting: Setting, cache?: Cache): Promise<Judged> {
  checkRules(flags.rule);
  const started = Date.now();
  const loaded = await loadPolicies(given, flags, cache);
  const policies = setting.named ? { ...loaded, policy: judgingAllSql(loaded.policy) } : loaded;
  const described = await setting.describe?.(judgesPullRequests(policies.policy, flags.rule));
  const change = described?.pullRequest ? { ...given, pullRequest: described.pullRequest } : given;
  const subject =
    setting.merged && !flags.applied
      ? { ...change, applied: await appliedMigrations(change, policies.policy, setting.merged) }
      : change;
  const terms = await termsOf(subject, flags, policies, setting.cwd, cache);
  const commits = setting.commit ? await eachCommit(subject, setting.commit) : [];
  let verdict = await judgeWithCommits(subject, commits, terms);
  if (flags.fix || flags.fixDryRun) {
    const { fix } = await import('./fix.ts');
    verdict = await fix(subject, terms, verdict, flags, setting);
  }
  const past = await setting.past?.(subject, verdict, terms);
  if (past) verdict = past.verdict;
  verdict = { ...verdict, notices: [...setting.notices, ...policies.notices, ...(described?.notices ?? []), ...verdict.notices] };
  const ms = Date.now() - started;
  return { code: exitCode(verdict, flags.failOn), verdict, report: () => reportOf(subject, verdict, policies, ms, commits, past) };
}

/** Whether a rule that is asked judges pull requests. */
const judgesPullRequests = (policy: ResolvedPolicy, only: readonly string[] = ['*']): boolean =>
  catalogue.rules.some(({ id, over }) => over === proposals && matchesRule(only, id) && variants(policy, id).length > 0);

function judgingAllSql(policy: ResolvedPolicy): ResolvedPolicy {
  const { declared } = policy;
  return { ...policy, declared: { ...declared, migrations: [...(declared.migrations ?? []), { layout: 'files', dir: '' }] } };
}

async function termsOf(change: ChangeSet, flags: JudgingFlags, policies: Policies, cwd: string, cache?: Cache): Promise<Terms> {
  const baseline = await baselineOf(change, flags.baseline, cwd);
  const { policy, basePolicy } = policies;
  return {
    catalogue,
    policy,
    allow: flags.allow,
    ...(basePolicy && { basePolicy }),
    ...(flags.rule && { only: flags.rule }),
    ...(baseline && { baseline }),
    ...(cache && { cache }),
  };
}

export async function baselineOf({ head }: ChangeSet, file: string | undefined, cwd: string): Promise<Baseline | undefined> {
  const text = file === undefined ? await head.read(BASELINE_FILE) : await readFile(resolve(cwd, file), 'utf8').catch(() => undefined);
  if (text === undefined) {
    if (file !== undefined) throw new UsageError(`The baseline ${file} cannot be read. Write one with \`repolicy baseline\`.`);
    return undefined;
  }
  try {
    return readBaseline(text);
  } catch (error) {
    throw new UsageError(`The baseline ${file ?? BASELINE_FILE} ${(error as Error).message}.`);
  }
}

export async function reportOf(change: ChangeSet, verdict: Verdict, { policy }: Policies, ms: number, passed: readonly PassedCommit[] = [], past?: PastVerdict): Promise<Report> {
  const { base, head, changes, commits, pullRequest } = change;
  return makeReport({
    findings: verdict.findings,
    notices: verdict.notices,
    change: { base: base.name, head: head.name, files: changes.length, commits: commits.length + (past?.commits ?? 0) },
    also: [...(past?.also ?? []), ...(pullRequest ? [`the pull request${pullRequest.from === undefined ? '' : ` (${pullRequest.from})`}`] : [])],
    policy: policy.digest,
    ...(policy.files[0] !== undefined && { policyFile: policy.files[0] }),
    engine: VERSION,
    rules: catalogue.rules,
    asked: verdict.rules,
    askedIds: verdict.asked,
    ownerOf: await ownersOf(policy),
    ms,
    read: async (path) => (await shownText(head, path)) ?? shownText(base, path),
    readAt: async (path, commit) => past?.readAt(path, commit) ?? passed.find(({ oid }) => oid === commit)?.change.head.read(path),
  });
}

/** The identities whose paths the policy says these are. */
async function ownersOf({ declared: { identities } }: ResolvedPolicy): Promise<(path: string) => string | undefined> {
  const tests = await Promise.all(
    Object.entries(identities)
      .filter(([, { owns }]) => owns.length > 0)
      .map(async ([name, { owns }]) => ({ name, owns: await matcher(owns) })),
  );
  return (path) => tests.flatMap(({ name, owns }) => (owns(path) ? [name] : [])).join(', ') || undefined;
}

/** A NUL makes SQL binary to Git; whoever wrote it wants to see where it stands. */
async function shownText(snapshot: Snapshot, path: string): Promise<string | undefined> {
  const text = await snapshot.read(path);
  if (text !== undefined || !path.endsWith('.sql')) return text;
  const content = await snapshot.content(path);
  return content.kind === 'binary' ? Buffer.from(content.bytes).toString('utf8') : undefined;
}

const RANK: Record<Severity, number> = { info: 0, warning: 1, error: 2 };

/** Findings speak before what could not be judged: both fail the run, and a finding is the more useful answer. */
export function exitCode({ findings, notices }: Pick<Verdict, 'findings' | 'notices'>, failOn: Severity): ExitCode {
  const fails = ({ status, severity }: Finding) => status === 'reported' && RANK[severity] >= RANK[failOn];
  if (findings.some(fails)) return EXIT.findings;
  return notices.some(({ needed }) => needed) ? EXIT.notJudged : EXIT.clean;
}

function checkRules(wanted: readonly string[] = []): void {
  for (const id of wanted) {
    const known = id.endsWith('*') ? catalogue.rules.some((rule) => rule.id.startsWith(id.slice(0, -1))) : catalogue.rules.some((rule) => rule.id === id);
    if (!known) throw new UsageError(`There is no rule ${id}. \`repolicy rules\` lists them all.`);
  }
}
