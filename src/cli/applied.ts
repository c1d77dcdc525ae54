import type { ChangeSet } from '../core/change.ts';
import type { ResolvedPolicy } from '../core/policy.ts';
import { compareVersions, migrations } from '../facts/migrations.ts';

/** The migrations that have already run: those that the base branch has, and those up to the version that the policy declares. */
export async function appliedMigrations(
  { head }: ChangeSet,
  { base, declared }: ResolvedPolicy,
  merged: (base: string | undefined) => Promise<ReadonlySet<string>>,
): Promise<ReadonlySet<string>> {
  const { folders } = await migrations({ ...head, declared });
  const applied = new Set<string>();
  if (folders.length === 0) return applied;
  const there = await merged(base);
  for (const { applied: last, layout, migrations: inFolder } of folders) {
    for (const { path, version } of inFolder) {
      const upTo = last !== undefined && version !== '' && compareVersions(layout, version, last) <= 0;
      if (upTo || there.has(path)) applied.add(path);
    }
  }
  return applied;
}
