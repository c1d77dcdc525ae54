/** Object ids by the million: 20 or 32 bytes each, and no string for any of them. */
export interface Ids {
  readonly size: number;
  /** Whether it is new. `hex` holds its digits from `at` on. */
  add(hex: Uint8Array, at: number): boolean;
  has(hex: Uint8Array, at: number): boolean;
  /** Those that were added after the first `from`, one behind the other. */
  since(from: number): Buffer;
  /** Takes what `since` gave. */
  load(bytes: Uint8Array): void;
}

export function makeIds(hash: 'sha1' | 'sha256'): Ids {
  const width = hash === 'sha1' ? 20 : 32;
  let ids = Buffer.alloc(width * 1024);
  let size = 0;
  /** For each place that an id's first bytes lead to: one more than its number, or 0. */
  let places = new Uint32Array(4096);
  const id = Buffer.alloc(width);

  const find = (): number => {
    const mask = places.length - 1;
    let place = id.readUInt32LE(0) & mask;
    for (let number; (number = places[place]!) !== 0; place = (place + 1) & mask) {
      if (id.compare(ids, (number - 1) * width, number * width) === 0) return place;
    }
    return place;
  };
  const insert = (): boolean => {
    let place = find();
    if (places[place] !== 0) return false;
    if ((size + 1) * 2 > places.length) {
      grow();
      place = find();
    }
    if ((size + 1) * width > ids.length) ids = Buffer.concat([ids], ids.length * 2);
    id.copy(ids, size * width);
    places[place] = ++size;
    return true;
  };
  const grow = (): void => {
    places = new Uint32Array(places.length * 2);
    const mask = places.length - 1;
    for (let number = 1; number <= size; number++) {
      let place = ids.readUInt32LE((number - 1) * width) & mask;
      while (places[place] !== 0) place = (place + 1) & mask;
      places[place] = number;
    }
  };
  const read = (hex: Uint8Array, at: number): void => {
    for (let i = 0; i < width; i++) id[i] = (DIGIT[hex[at + 2 * i]!]! << 4) | DIGIT[hex[at + 2 * i + 1]!]!;
  };
  return {
    get size() {
      return size;
    },
    add(hex, at) {
      read(hex, at);
      return insert();
    },
    has(hex, at) {
      read(hex, at);
      return places[find()] !== 0;
    },
    since: (from) => Buffer.from(ids.subarray(from * width, size * width)),
    load(bytes) {
      for (let at = 0; at + width <= bytes.length; at += width) {
        id.set(bytes.subarray(at, at + width));
        insert();
      }
    },
  };
}

const DIGIT = Uint8Array.from({ length: 256 }, (_, code) =>
  Math.max(0, '0123456789abcdef'.indexOf(String.fromCharCode(code))),
);
