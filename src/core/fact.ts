import type { ChangeSet } from './change.ts';
import type { Notice } from './notice.ts';
import type { Snapshot } from './snapshot.ts';

/** Something worth knowing about a snapshot. */
export type Fact<T> = (snapshot: Snapshot) => Promise<T>;

/** Derives a fact once for each snapshot, however many rules ask. */
export function defineFact<T>(derive: Fact<T>): Fact<T> {
  const known = new WeakMap<Snapshot, Promise<T>>();
  return (snapshot) => {
    const value = known.get(snapshot) ?? derive(snapshot);
    known.set(snapshot, value);
    return value;
  };
}

/** A stream of things to judge. The engine walks each stream once, for all the rules that judge it. */
export type Subjects<S> = (change: ChangeSet) => AsyncIterable<S | Notice>;
