import type { Migration, MigrationFolder } from './migrations.ts';
import { stampOf } from './versions.ts';

/** A version that is written with another number of digits than those around it. */
export interface OddWidth {
  readonly migration: Migration;
  /** Another one that it runs in the wrong order with, or that shows how versions are written here. */
  readonly beside: Migration;
  /** 'disorder': text puts the two the wrong way round. 'trap': it will, with some later version. */
  readonly does: 'disorder' | 'trap';
}

/** In a folder whose files run in the order of their names as text, versions of a width that few others have. */
export function oddWidths({ layout, migrations }: MigrationFolder): readonly OddWidth[] {
  if (layout.order !== 'name' && layout.order !== 'text') return [];
  const numbered = migrations.filter(({ version }) => /^\d+$/.test(version));
  const byWidth = new Map<number, Migration[]>();
  for (const migration of numbered) {
    const { length } = migration.version;
    byWidth.set(length, [...(byWidth.get(length) ?? []), migration]);
  }
  if (byWidth.size < 2) return [];
  const [usual = [], ...rest] = [...byWidth.values()].sort((a, b) => b.length - a.length);
  return rest.flatMap((odd) =>
    odd.flatMap((migration): OddWidth[] => {
      const wrong = numbered.find(
        (other) => other.version.length !== migration.version.length && isDisorder(other, migration),
      );
      if (wrong) return [{ migration, beside: wrong, does: 'disorder' }];
      const sample = usual.at(-1)!;
      return stampOf(migration.version) && stampOf(sample.version) ? [{ migration, beside: sample, does: 'trap' }] : [];
    }),
  );
}

/** Names as text say the opposite of what the numbers, or the moments, mean. */
function isDisorder(a: Migration, b: Migration): boolean {
  const [left, right] = [meaning(a.version), meaning(b.version)];
  // A count and a moment cannot be compared: whoever went over to moments meant them to come later.
  if (left.stamp !== right.stamp || left.value === right.value) return false;
  return left.value < right.value !== a.path < b.path;
}

function meaning(version: string): { readonly stamp: boolean; readonly value: bigint } {
  const stamp = stampOf(version);
  return stamp?.is === 'moment'
    ? { stamp: true, value: BigInt(stamp.date.getTime()) }
    : { stamp: false, value: BigInt(version) };
}
