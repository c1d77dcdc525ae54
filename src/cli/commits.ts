import type { ChangeSet } from '../core/change.ts';
import { matchesRule } from '../engine/allow.ts';
import { judge, type Terms, type Verdict } from '../engine/judge.ts';

/** A commit on the way to head, as a change of its own. */
export interface PassedCommit {
  readonly oid: string;
  readonly change: ChangeSet;
}

/** The commits between base and head, where there are several: a single one is the change itself. */
export async function eachCommit({ commits }: ChangeSet, read: (oid: string) => Promise<ChangeSet>): Promise<PassedCommit[]> {
  if (commits.length < 2) return [];
  const passed: PassedCommit[] = [];
  for (const { oid } of commits) passed.push({ oid, change: await read(oid) });
  return passed;
}

/** The verdict on the change, and, of rules that ask each commit, what head does not show any more. */
export async function judgeWithCommits(change: ChangeSet, commits: readonly PassedCommit[], terms: Terms): Promise<Verdict> {
  const whole = await judge(change, terms);
  const wanted = terms.only ?? ['*'];
  const only = terms.catalogue.rules.flatMap(({ id, eachCommit }) =>
    eachCommit && matchesRule(wanted, id) ? [id] : [],
  );
  if (commits.length === 0 || only.length === 0) return whole;
  const seen = new Set(whole.findings.map(({ fingerprint }) => fingerprint));
  const findings = [...whole.findings];
  const notices = [...whole.notices];
  for (const { oid, change: one } of commits) {
    const verdict = await judge({ ...one, commits: [] }, { ...terms, only });
    notices.push(...verdict.notices);
    for (const finding of verdict.findings) {
      if (seen.has(finding.fingerprint)) continue;
      seen.add(finding.fingerprint);
      findings.push({ ...finding, at: { ...finding.at, commit: oid } });
    }
  }
  return { ...whole, findings, notices };
}
