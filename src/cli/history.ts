import type { Snapshot } from '../core/snapshot.ts';
import type { ChangeSet } from '../core/change.ts';
import { matchesRule } from '../engine/allow.ts';
import { judge, type Terms, type Verdict } from '../engine/judge.ts';
import { credentials } from '../facts/credentials/credentials.ts';
import type { Repository } from '../repo/open.ts';
import { customFormats } from '../facts/credentials/ready.ts';
import type { JudgingFlags } from './flags.ts';
import { keptSearch, type Searched } from './search/kept.ts';
import { noticesOf, searchPast, type Hit } from './search/past.ts';
import { cacheFor, storeIn, type PastVerdict } from './verdict.ts';

interface HistoryFlags extends Pick<JudgingFlags, 'cache'> {
  readonly unreachable?: boolean;
}

/** Searches the past of a repository, or takes what an earlier run found there, and judges it. */
export async function judgePast(
  repository: Repository,
  change: ChangeSet,
  tree: Verdict,
  terms: Terms,
  flags: HistoryFlags,
): Promise<PastVerdict> {
  const custom = customFormats(terms.policy);
  const kept = keptSearch(() => cacheFor(flags, storeIn(repository)), JSON.stringify(custom));
  const searched = await searchPast(repository, custom, kept, flags.unreachable === true);
  const { objects, commits } = searched;
  return {
    verdict: await judgeWithPast(change, tree, searched, repository, terms),
    commits,
    also: objects > 0 ? [`${objects.toLocaleString('en-US')} ${objects === 1 ? 'version' : 'versions'} of files`] : [],
    readAt: async (path, commit) => (await repository.snapshot(commit)).read(path),
  };
}

/** The verdict on a tree, and on what the past holds beside it: each commit that brought something is judged by itself. */
async function judgeWithPast(
  { now, base, head }: ChangeSet,
  tree: Verdict,
  searched: Searched,
  repository: Repository,
  terms: Terms,
): Promise<Verdict> {
  const wanted = terms.only ?? ['*'];
  const only = terms.catalogue.rules.flatMap(({ id, over }) =>
    over === credentials && matchesRule(wanted, id) ? [id] : [],
  );
  const seen = new Set(tree.findings.map(({ fingerprint }) => fingerprint));
  const findings = [...tree.findings];
  const notices = [...tree.notices, ...noticesOf(searched, repository.shallow)];
  const { basePolicy: _, ...past } = terms;
  for (const [commit, hits] of byCommit(searched.hits)) {
    const then = commit === '' ? head : await repository.snapshot(commit);
    // What is let through is said today, not in the commit.
    const read: Snapshot['read'] = (path) => (path === '.gitleaksignore' ? head : then).read(path);
    const snapshot = { ...then, read };
    const paths = [...new Set(hits.flatMap(({ candidate: { at } }) => at.path ?? []))].sort();
    const changes = [];
    for (const path of paths) {
      const after = await snapshot.entry(path);
      if (after) changes.push({ path, kind: 'added' as const, after });
    }
    const given = new Map([[credentials, hits.map(({ candidate }) => candidate)]]);
    const verdict = await judge({ base, head: snapshot, changes, commits: [], now }, { ...past, only, given });
    notices.push(...verdict.notices);
    for (const finding of verdict.findings) {
      if (seen.has(finding.fingerprint)) continue;
      seen.add(finding.fingerprint);
      findings.push(finding);
    }
  }
  return { ...tree, findings, notices };
}

/** '' for what has none. */
function byCommit(hits: readonly Hit[]): Map<string, Hit[]> {
  const groups = new Map<string, Hit[]>();
  for (const hit of hits) {
    const group = groups.get(hit.commit ?? '');
    if (group) group.push(hit);
    else groups.set(hit.commit ?? '', [hit]);
  }
  return groups;
}
