import type { ChangeSet } from '../core/change.ts';

/** When a change was made: by its commit, so that the verdict is the same tomorrow; now, while it is not committed. */
export function momentOf({ commits, identity, made, now }: ChangeSet): Date {
  const last = commits.reduce<Date | undefined>(
    (latest, { committed }) => (latest && latest > committed ? latest : committed),
    undefined,
  );
  return last ?? (identity ? now : (made ?? now));
}
