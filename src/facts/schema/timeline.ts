import type { Gone } from './objects.ts';

/** Values by key, and what they were at any earlier moment. Moments are counted from 0 and never go back. */
export interface Timeline<T> {
  /** The values of the present, by key. */
  readonly now: ReadonlyMap<string, T>;
  readonly set: (key: string, value: T, time: number) => void;
  readonly end: (key: string, gone: Gone | undefined, time: number) => void;
  readonly at: (key: string, time: number) => T | undefined;
  /** What became of the last value before a moment; undefined where there is one at that moment, or was none. */
  readonly goneAt: (key: string, time: number) => Gone | undefined;
  /** The first value after a moment. */
  readonly after: (key: string, time: number) => T | undefined;
  /** The first value after a moment of which something holds. */
  readonly firstWhere: (key: string, time: number, holds: (value: T) => boolean) => T | undefined;
  readonly all: (time: number) => T[];
  /** Makes everything what it was at an earlier moment. */
  readonly restore: (then: number, time: number) => void;
}

interface Entry<T> {
  readonly time: number;
  readonly value?: T | undefined;
  readonly gone?: Gone | undefined;
}

export function timeline<T>(): Timeline<T> {
  const entries = new Map<string, Entry<T>[]>();
  const now = new Map<string, T>();
  let last = -1;
  const push = (key: string, entry: Entry<T>): void => {
    last = entry.time;
    const known = entries.get(key);
    if (!known) entries.set(key, [entry]);
    else if (known.at(-1)!.time === entry.time) known[known.length - 1] = entry;
    else known.push(entry);
    if (entry.value === undefined) now.delete(key);
    else now.set(key, entry.value);
  };
  const find = (known: readonly Entry<T>[] | undefined, time: number): Entry<T> | undefined => {
    if (!known) return undefined;
    let low = 0;
    let high = known.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (known[middle]!.time <= time) low = middle + 1;
      else high = middle;
    }
    return known[low - 1];
  };
  return {
    now,
    set: (key, value, time) => push(key, { time, value }),
    end: (key, gone, time) => {
      if (now.has(key)) push(key, { time, gone });
    },
    at: (key, time) => (time >= last ? now.get(key) : find(entries.get(key), time)?.value),
    goneAt: (key, time) => find(entries.get(key), time)?.gone,
    after: (key, time) => entries.get(key)?.find((entry) => entry.time > time && entry.value !== undefined)?.value,
    firstWhere: (key, time, holds) =>
      entries.get(key)?.find((entry) => entry.time > time && entry.value !== undefined && holds(entry.value))?.value,
    all: (time) => {
      if (time >= last) return [...now.values()];
      const found: T[] = [];
      for (const known of entries.values()) {
        const value = find(known, time)?.value;
        if (value !== undefined) found.push(value);
      }
      return found;
    },
    restore: (then, time) => {
      for (const [key, known] of entries) {
        if (known.at(-1)!.time <= then) continue;
        const old = find(known, then);
        push(key, { time, value: old?.value, gone: old?.gone });
      }
    },
  };
}
