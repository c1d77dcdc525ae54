import { catalogue } from './cli/catalogue.ts';
import { VERSION } from './cli/version.ts';
import type { Commit, Person, PullRequest } from './core/change.ts';
import type { Files } from './core/rule.ts';
import { judge as judgeChange } from './engine/judge.ts';
import { foldersAround, readPolicy, resolvePolicy, type Resolution } from './engine/policy/resolve.ts';
import { LAYOUTS } from './facts/layouts.ts';
import { memoryChangeSet } from './repo/memory.ts';
import { jsonReport, type JsonReport } from './report/json.ts';
import { makeReport } from './report/report.ts';

export type { Change, ChangeSet, Commit, Person, PullRequest } from './core/change.ts';
export type { Draft, Edit, Finding, Fix, Location, Range, Severity } from './core/finding.ts';
export type { Notice } from './core/notice.ts';
export type { AnyRule, Example, Files, Rule, RuleContext, Zod } from './core/rule.ts';
export type { Content, Entry, Snapshot } from './core/snapshot.ts';
export type { JsonReport } from './report/json.ts';
export { defineRule } from './core/rule.ts';

/** What `judge` is asked about. */
export interface Asked {
  /** Path to text, with '/' between folders: the files as they would be. */
  readonly head: Files;
  /** The files as they are; without them every file of `head` is new. */
  readonly base?: Files;
  /** As a policy file holds it. Without it, the policy among the files of `head`; without that, the recommended preset. */
  readonly policy?: Readonly<Record<string, unknown>>;
  /** The time that dates are held against; now, where it is not given. */
  readonly now?: Date;
  readonly commits?: readonly Commit[];
  readonly message?: string;
  readonly identity?: Person;
  readonly branch?: string;
  readonly pullRequest?: PullRequest;
}

/**
 * Gives the verdict on files in memory, by the same way as every command: for editors, tests and other tools.
 * Reads no disk and runs no Git. Rejects with an Error that lists every problem where the policy cannot be used.
 */
export async function judge({ head, base, policy, ...rest }: Asked): Promise<JsonReport> {
  const started = Date.now();
  const change = memoryChangeSet(head, base, rest);
  const layouts = LAYOUTS.map(({ name }) => name);
  const folders = foldersAround(change.changes.map(({ path }) => path));
  const files = policy && [{ path: 'repolicy.json', text: JSON.stringify(policy, null, 2) }];
  const given = files ? await resolvePolicy({ files, catalogue, layouts }) : await readPolicy(change.head, catalogue, folders, { layouts });
  const resolved = usable(given ?? (await resolvePolicy({ files: [], catalogue, layouts, presets: ['recommended'] })));
  const before = policy ? undefined : await readPolicy(change.base, catalogue, folders, { layouts });
  const verdict = await judgeChange(change, {
    catalogue,
    policy: resolved,
    ...(before && 'ok' in before && { basePolicy: before.ok }),
  });
  return jsonReport(
    await makeReport({
      findings: verdict.findings,
      notices: verdict.notices,
      change: { base: change.base.name, head: change.head.name, files: change.changes.length, commits: change.commits.length },
      policy: resolved.digest,
      engine: VERSION,
      rules: catalogue.rules,
      asked: verdict.rules,
      ms: Date.now() - started,
      read: async (path) => (await change.head.read(path)) ?? change.base.read(path),
    }),
  );
}

function usable(resolution: Resolution) {
  if ('ok' in resolution) return resolution.ok;
  throw new Error(resolution.problems.map(({ path, line, message }) => `${path}${line ? `:${line}` : ''}: ${message}`).join('\n'));
}
