import { closeSync, openSync, readSync } from 'node:fs';

/**
 * A file of values by key, written once: a head, the rows sorted by key, the values. Every part carries a checksum, and only
 * what is asked for is read.
 */
export interface Segment {
  /** Undefined where it is not there or is damaged. */
  get(key: Buffer): Buffer | undefined;
  /** The keys that are there. */
  keys(): Iterable<Buffer>;
  close(): void;
}

const MAGIC = Buffer.from('repolicy', 'latin1');
const FORMAT = 1;
/** Magic, format, build, number of rows, checksum of the rows. */
const HEAD = 8 + 4 + 16 + 4 + 4;
/** Key, offset, length, checksum of the value. */
const ROW = 16 + 4 + 4 + 4;
/** More than any run writes: a head that claims more is damaged. */
const MOST_ROWS = 4_000_000;

/**
 * 16 bytes that stand for a text. No cryptography, which would cost a hook more than all that it reads here: whoever relies on
 * them holds the whole text against it.
 */
export function digestOf(text: string): Buffer {
  const lanes = new Uint32Array([0x811c9dc5, 0x9e3779b9, 0x85ebca6b, 0xc2b2ae35]);
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    lanes[0] = Math.imul(lanes[0]! ^ unit, 0x01000193);
    lanes[1] = Math.imul(lanes[1]! ^ (unit + i), 0x85ebca6b) ^ (lanes[0]! >>> 15);
    lanes[2] = Math.imul(lanes[2]! ^ (unit * 31), 0xcc9e2d51) ^ (lanes[1]! >>> 13);
    lanes[3] = Math.imul(lanes[3]! ^ lanes[2]!, 0x1b873593) ^ (unit << 7);
  }
  return Buffer.from(lanes.buffer);
}

/** A checksum against damage: no change of a single byte leaves it as it was. */
function checksum(bytes: Uint8Array): number {
  let sum = 0x811c9dc5;
  for (let i = 0; i < bytes.length; i++) sum = Math.imul(sum ^ bytes[i]!, 0x01000193);
  return sum >>> 0;
}

export function segmentBytes(build: Buffer, values: ReadonlyMap<string, Uint8Array>): Buffer {
  const keys = [...values.keys()].map((key) => Buffer.from(key, 'hex')).sort(Buffer.compare);
  const rows = Buffer.alloc(keys.length * ROW);
  const parts: Uint8Array[] = [];
  let offset = HEAD + rows.length;
  keys.forEach((key, i) => {
    const value = values.get(key.toString('hex'))!;
    key.copy(rows, i * ROW);
    rows.writeUInt32LE(offset, i * ROW + 16);
    rows.writeUInt32LE(value.length, i * ROW + 20);
    rows.writeUInt32LE(checksum(value), i * ROW + 24);
    parts.push(value);
    offset += value.length;
  });
  const head = Buffer.alloc(HEAD);
  MAGIC.copy(head);
  head.writeUInt32LE(FORMAT, 8);
  build.copy(head, 12, 0, 16);
  head.writeUInt32LE(keys.length, 28);
  head.writeUInt32LE(checksum(rows), 32);
  return Buffer.concat([head, rows, ...parts]);
}

/** Undefined for a file of another build, or one that is damaged. */
export function openSegment(file: string, build: Buffer): Segment | undefined {
  const descriptor = openSync(file, 'r');
  const read = (position: number, length: number): Buffer | undefined => {
    const bytes = Buffer.allocUnsafe(length);
    for (let got = 0; got < length;) {
      const more = readSync(descriptor, bytes, got, length - got, position + got);
      if (more === 0) return undefined;
      got += more;
    }
    return bytes;
  };
  const rows = rowsOf(read, build);
  if (!rows) {
    closeSync(descriptor);
    return undefined;
  }
  const count = rows.length / ROW;
  return {
    get(key) {
      let low = 0;
      let high = count;
      while (low < high) {
        const middle = (low + high) >> 1;
        if (rows.compare(key, 0, 16, middle * ROW, middle * ROW + 16) < 0) low = middle + 1;
        else high = middle;
      }
      const at = low * ROW;
      if (low === count || rows.compare(key, 0, 16, at, at + 16) !== 0) return undefined;
      const value = read(rows.readUInt32LE(at + 16), rows.readUInt32LE(at + 20));
      return value && checksum(value) === rows.readUInt32LE(at + 24) ? value : undefined;
    },
    *keys() {
      for (let i = 0; i < count; i++) yield rows.subarray(i * ROW, i * ROW + 16);
    },
    close: () => closeSync(descriptor),
  };
}

function rowsOf(read: (position: number, length: number) => Buffer | undefined, build: Buffer): Buffer | undefined {
  const head = read(0, HEAD);
  if (!head || head.compare(MAGIC, 0, 8, 0, 8) !== 0 || head.readUInt32LE(8) !== FORMAT) return undefined;
  if (head.compare(build, 0, 16, 12, 28) !== 0) return undefined;
  const count = head.readUInt32LE(28);
  if (count > MOST_ROWS) return undefined;
  const rows = read(HEAD, count * ROW);
  return rows && checksum(rows) === head.readUInt32LE(32) ? rows : undefined;
}
