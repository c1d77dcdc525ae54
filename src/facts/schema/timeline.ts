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
  /** Every key there ever was, in the order of the first time, with what holds of it in the present. */
  readonly present: () => Iterable<readonly [key: string, value: T | undefined, gone: Gone | undefined]>;
  /** Makes everything what it was at an earlier moment. */
  readonly restore: (then: number, time: number) => void;
}

/** Where a timeline goes on from: what an earlier replay found, told when it is asked for. */
export interface Beginning<T> {
  readonly time: number;
  /** Every key, in the order of the first time. */
  readonly keys: readonly string[];
  /** In the order of `now`. */
  readonly values: ReadonlyMap<string, () => T>;
  readonly gone: ReadonlyMap<string, Gone>;
}

interface Entry<T> {
  readonly time: number;
  readonly value?: T | undefined;
  readonly gone?: Gone | undefined;
}

export function timeline<T>(beginning?: Beginning<T>): Timeline<T> {
  const entries = new Map<string, Entry<T>[]>();
  const now = beginning ? new ToldMap(beginning.values) : new Map<string, T>();
  let last = beginning?.time ?? -1;
  const entriesOf = (key: string): Entry<T>[] | undefined => {
    const known = entries.get(key);
    if (known || !beginning) return known;
    const { time, values, gone } = beginning;
    if (!values.has(key) && !gone.has(key)) return undefined;
    const first = [{ time, value: now.get(key), gone: gone.get(key) }];
    entries.set(key, first);
    return first;
  };
  const push = (key: string, entry: Entry<T>): void => {
    last = entry.time;
    const known = entriesOf(key);
    if (!known) entries.set(key, [entry]);
    else if (known.at(-1)!.time === entry.time) known[known.length - 1] = entry;
    else known.push(entry);
    if (entry.value === undefined) now.delete(key);
    else now.set(key, entry.value);
  };
  function* allKeys(): Iterable<string> {
    const first = new Set(beginning?.keys);
    yield* first;
    for (const key of [...entries.keys()]) if (!first.has(key)) yield key;
  }
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
    at: (key, time) => (time >= last ? now.get(key) : find(entriesOf(key), time)?.value),
    goneAt: (key, time) => find(entriesOf(key), time)?.gone,
    after: (key, time) => entries.get(key)?.find((entry) => entry.time > time && entry.value !== undefined)?.value,
    firstWhere: (key, time, holds) =>
      entries.get(key)?.find((entry) => entry.time > time && entry.value !== undefined && holds(entry.value))?.value,
    all: (time) => {
      if (time >= last) return [...now.values()];
      const found: T[] = [];
      for (const key of allKeys()) {
        const value = find(entriesOf(key), time)?.value;
        if (value !== undefined) found.push(value);
      }
      return found;
    },
    *present() {
      for (const key of allKeys()) yield [key, now.get(key), entriesOf(key)?.at(-1)?.gone];
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

/** A map whose first values are told when they are asked for. */
class ToldMap<T> extends Map<string, T> {
  readonly #untold: Map<string, () => T>;

  constructor(values: ReadonlyMap<string, () => T>) {
    super();
    this.#untold = new Map(values);
    // In their places, so that the order is that of a replay from the start.
    for (const key of values.keys()) super.set(key, undefined as T);
  }

  override get(key: string): T | undefined {
    const tell = this.#untold.get(key);
    if (tell) this.set(key, tell());
    return super.get(key);
  }

  override set(key: string, value: T): this {
    this.#untold.delete(key);
    return super.set(key, value);
  }

  override delete(key: string): boolean {
    this.#untold.delete(key);
    return super.delete(key);
  }

  override values(): MapIterator<T> {
    this.#tellAll();
    return super.values();
  }

  override entries(): MapIterator<[string, T]> {
    this.#tellAll();
    return super.entries();
  }

  override [Symbol.iterator](): MapIterator<[string, T]> {
    return this.entries();
  }

  #tellAll(): void {
    for (const [key, tell] of [...this.#untold]) this.set(key, tell());
  }
}
