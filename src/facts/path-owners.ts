import type { ChangeSet } from '../core/change.ts';
import { matcher } from '../core/globs.ts';
import type { Notice } from '../core/notice.ts';
import type { Declared } from '../core/policy.ts';
import { codeOwnersOf, linesFor } from './codeowners.ts';
import { identitiesNamed } from './identities.ts';
import { named } from './option-changes.ts';
import type { OwnerReader } from './owners.ts';
import { ownershipTable } from './ownership-table.ts';

export interface OwnerSources {
  /** A table in a document: "docs/RULES.md#folders". */
  readonly from?: string | undefined;
  readonly codeowners: boolean;
}

/** Everything that says who owns which paths, and what kept it from being read. */
export interface PathOwners {
  readonly readers: readonly OwnerReader[];
  readonly problems: readonly (string | Notice)[];
}

/** By the "owns" of a roster, by a table, by CODEOWNERS. The documents are base's, so that no change gives itself a path. */
export async function pathOwners(change: ChangeSet, declared: Declared, sources: OwnerSources): Promise<PathOwners> {
  const readers: OwnerReader[] = [await ownerByRoster(declared)];
  const problems: (string | Notice)[] = [];
  const { from, codeowners } = sources;
  for (const snapshot of [change.base, change.head]) {
    if (from !== undefined) {
      const table = await ownershipTable(snapshot, from, declared);
      if (table.kind === 'table') readers.push(table.ownerOf);
      else if (snapshot === change.head)
        problems.push(
          table.kind === 'unread'
            ? { ...table.notice, needed: true }
            : `The table ${from} cannot be used: ${table.why}.`,
        );
    }
    const file = codeowners ? await codeOwnersOf(snapshot) : undefined;
    if (!file) continue;
    const linesAt = await linesFor(file);
    readers.push((path) => {
      const owners = linesAt(path).flatMap((line) => line.owners);
      const names = owners.flatMap((owner) => identitiesNamed(declared, owner));
      return names.length === 0 ? undefined : { names, written: owners.join(' or ') };
    });
    const strangers = file.lines
      .flatMap(({ owners }) => owners)
      .filter((owner) => identitiesNamed(declared, owner).length === 0);
    if (snapshot === change.head && strangers.length > 0)
      problems.push(unknownOwners(file.path, [...new Set(strangers)]));
  }
  return { readers, problems };
}

const unknownOwners = (path: string, owners: readonly string[]): Notice => ({
  notice: 'not-judged',
  message: `${path} names ${named(owners, String)}, whom no identity of the policy has among its handles: what is theirs alone was not judged.`,
  path,
});

async function ownerByRoster({ identities }: Declared): Promise<OwnerReader> {
  const owning = await Promise.all(
    Object.entries(identities)
      .filter(([, { owns }]) => owns.length > 0)
      .map(async ([name, { owns }]) => ({ name, owned: await matcher(owns) })),
  );
  return (path) => {
    const names = owning.filter(({ owned }) => owned(path)).map(({ name }) => name);
    return names.length === 0 ? undefined : { names, written: names.join(' or ') };
  };
}
