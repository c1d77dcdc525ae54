import type { ChangeSet } from '../core/change.ts';
import type { Snapshot } from '../core/snapshot.ts';
import { POLICY_NAMES } from '../engine/policy/resolve.ts';
import type { Repository } from '../repo/open.ts';
import { EXIT } from './exit.ts';
import { DEFAULT_FLAGS } from './flags.ts';
import { writeReport } from './output.ts';
import { judged, storeIn, TEXT } from './verdict.ts';

// What is said after the fact. Git does not ask these hooks for leave: whatever they find, nothing is stopped.

/** After `git checkout` or `git switch` between two commits: the hooks judge by another policy from here on. */
export async function afterCheckout(repository: Repository, before: string, after: string): Promise<void> {
  const [was, is] = await Promise.all([repository.snapshot(before), repository.snapshot(after)]);
  const differing: string[] = [];
  for (const name of POLICY_NAMES.filter((name) => name !== 'package.json'))
    if (await differs(was, is, name)) differing.push(name);
  if (differing.length > 0)
    say(
      `${differing.join(' and ')} is not what it was before: \`repolicy policy\` shows what the hooks judge by from here on.`,
    );
}

const differs = async (was: Snapshot, is: Snapshot, path: string): Promise<boolean> =>
  (await was.entry(path))?.oid !== (await is.entry(path))?.oid;

/** After a merge, or a rebase, in which no hook was asked for leave: what would have stopped it. */
export async function afterwards(repository: Repository, change: ChangeSet, cwd: string, what: string): Promise<void> {
  const setting = {
    cwd,
    ...storeIn(repository),
    formats: TEXT,
    notices: repository.notices,
    commit: repository.commit,
  };
  const { code, report } = await judged(change, DEFAULT_FLAGS, setting);
  if (code !== EXIT.findings) return;
  say(`${what}, and no hook could stop this:`);
  await writeReport(await report(), TEXT, DEFAULT_FLAGS, cwd);
}

const say = (text: string): void => void process.stderr.write(`repolicy: ${text}\n`);
