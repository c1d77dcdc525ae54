import { readFile } from 'node:fs/promises';
import type { Cache } from '../core/cache.ts';
import type { ChangeSet } from '../core/change.ts';
import type { Notice } from '../core/notice.ts';
import type { ResolvedPolicy } from '../core/policy.ts';
import type { Snapshot } from '../core/snapshot.ts';
import { foldersAround, readPolicy, resolvePolicy, type PolicyProblem, type Resolution } from '../engine/policy/resolve.ts';
import { LAYOUTS } from '../facts/layouts.ts';
import { RepoError } from '../repo/open.ts';
import { catalogue } from './catalogue.ts';
import { UsageError } from './exit.ts';
import type { JudgingFlags } from './flags.ts';
import { remembering } from './kept-policies.ts';

/** What a change set is judged by. */
export interface Policies {
  readonly policy: ResolvedPolicy;
  readonly basePolicy?: ResolvedPolicy;
  readonly notices: readonly Notice[];
}

type PolicyFlags = Pick<JudgingFlags, 'policy' | 'preset'>;

const layouts = LAYOUTS.map(({ name }) => name);

/** Head's policy judges the change, base's the change of the policy; a flag stands in place of both. */
export async function loadPolicies(change: ChangeSet, flags: PolicyFlags, cache?: Cache): Promise<Policies> {
  const resolve = remembering(resolvePolicy, cache);
  const folders = foldersAround(change.changes.flatMap(({ path, from }) => (from === undefined ? [path] : [path, from])));
  const policy = await policyFor(change.head, folders, flags, resolve);
  if (flags.policy !== undefined || flags.preset) return { policy, notices: [] };
  const base = await readPolicy(change.base, catalogue, folders, { layouts }, resolve);
  if (!base) return { policy, notices: [] };
  return 'ok' in base ? { policy, basePolicy: base.ok, notices: [] } : { policy, notices: [unusableBase(base.problems)] };
}

/** A snapshot's own policy, or what the flags name; without either, the recommended preset. */
export async function policyFor(
  snapshot: Snapshot,
  folders: readonly string[],
  { policy: file, preset }: PolicyFlags,
  resolve = resolvePolicy,
): Promise<ResolvedPolicy> {
  if (file !== undefined || preset) {
    const files = file === undefined ? [] : [{ path: file, text: await textOf(file) }];
    const baseDir = file === undefined ? '' : file.slice(0, file.lastIndexOf('/') + 1);
    return usable(await resolvePolicy({ files, catalogue, layouts, baseDir, ...(preset && { presets: preset }) }));
  }
  const own = await readPolicy(snapshot, catalogue, folders, { layouts }, resolve);
  return usable(own ?? (await resolve({ files: [], catalogue, layouts, presets: ['recommended'] })));
}

async function textOf(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch {
    throw new UsageError(`The policy file ${file} cannot be read. Name an existing file with --policy.`);
  }
}

function usable(resolution: Resolution): ResolvedPolicy {
  if ('ok' in resolution) return resolution.ok;
  const unreadable = resolution.problems.find((problem) => problem.unreadable);
  if (unreadable) throw new RepoError('missing-object', `${unreadable.path}: ${unreadable.message}`);
  throw new UsageError(`The policy cannot be used:\n${resolution.problems.map(problemText).join('\n')}`);
}

const problemText = ({ path, line, column, message }: PolicyProblem): string =>
  `  ${[path, line, column].filter((part) => part !== undefined).join(':')}: ${message}`;

const unusableBase = (problems: readonly PolicyProblem[]): Notice => ({
  notice: 'not-judged',
  message: `What this change loosens was not judged, because the policy before it cannot be used:${problemText(problems[0]!)}`,
  path: problems[0]!.path,
});
