import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Cache, Shelf } from '../core/cache.ts';
import { digestOf, openSegment, segmentBytes, type Segment } from './segment.ts';

export interface OpenCache extends Cache {
  /** Writes what the run has added. Never throws: a folder that cannot be written to costs time, and nothing else. */
  close(): void;
}

/** Bytes that a shelf may take on disk; what was not used for longest goes first. */
const SHELF_LIMIT = 64 * 1024 * 1024;
/** Segments below it are made into one when there are many. */
const SMALL = SHELF_LIMIT / 8;
const MANY = 8;
const DAY = 24 * 60 * 60 * 1000;

/**
 * The cache in a folder, which need not exist: each shelf is a folder of segments, named by their content and never
 * changed. Runs at the same time do not disturb each other. `build` names the engine: no other one's work is read.
 */
export function openCache(folder: string, build: string, limit = SHELF_LIMIT): OpenCache {
  const shelves = new Map<string, OpenShelf>();
  return {
    shelf(name) {
      if (!/^[a-z-]+$/.test(name)) throw new Error(`no name of a shelf: ${name}`);
      const known = shelves.get(name) ?? openShelf(join(folder, name), build, limit);
      shelves.set(name, known);
      return known;
    },
    close() {
      for (const shelf of shelves.values()) shelf.close();
      shelves.clear();
    },
  };
}

interface OpenShelf extends Shelf {
  close(): void;
}

interface File {
  readonly path: string;
  readonly size: number;
  /** Milliseconds since 1970. */
  readonly used: number;
  /** Undefined where another build wrote it, or where it is damaged. */
  readonly segment?: Segment | undefined;
}

function openShelf(folder: string, build: string, limit: number): OpenShelf {
  const digest = digestOf(build);
  const mark = `${digest.toString('hex').slice(0, 8)}-`;
  const added = new Map<string, Uint8Array>();
  const read = new Set<Segment>();
  let bytes = 0;
  let files: readonly File[] | undefined;
  const open = (): readonly File[] => (files ??= filesOf(folder, mark, digest));

  return {
    get(key) {
      const name = digestOf(key);
      const own = added.get(name.toString('hex'));
      if (own) return valueOf(own, key);
      for (const { segment } of open()) {
        const found = segment && attempt(() => segment.get(name));
        if (!found) continue;
        read.add(segment);
        return valueOf(found, key);
      }
      return undefined;
    },
    put(key, value) {
      if (bytes + value.length > limit / 2) return;
      bytes += value.length;
      added.set(digestOf(key).toString('hex'), withKey(key, value));
    },
    close() {
      attempt(() => {
        if (added.size > 0) write(folder, mark, digest, open(), added, limit);
        const now = Date.now();
        for (const { path, segment, used } of files ?? [])
          if (segment && read.has(segment) && now - used > DAY) attempt(() => utimesSync(path, now / 1000, now / 1000));
      });
      for (const { segment } of files ?? []) attempt(() => segment?.close());
    },
  };
}

/** A value is kept behind its whole key: two keys that one digest stands for are told apart. */
function withKey(key: string, value: Uint8Array): Buffer {
  const size = Buffer.alloc(4);
  size.writeUInt32LE(Buffer.byteLength(key));
  return Buffer.concat([size, Buffer.from(key), value]);
}

function valueOf(kept: Uint8Array, key: string): Uint8Array | undefined {
  const bytes = Buffer.from(kept.buffer, kept.byteOffset, kept.byteLength);
  const end = 4 + bytes.readUInt32LE(0);
  return bytes.toString('utf8', 4, end) === key ? bytes.subarray(end) : undefined;
}

/** The newest first. */
function filesOf(folder: string, mark: string, build: Buffer): File[] {
  const files: File[] = [];
  for (const name of attempt(() => readdirSync(folder)) ?? []) {
    const path = join(folder, name);
    const own = name.startsWith(mark);
    const known = attempt(() => statSync(path));
    if (known)
      files.push({
        path,
        size: known.size,
        used: known.mtimeMs,
        segment: own ? attempt(() => openSegment(path, build)) : undefined,
      });
  }
  return files.sort((a, b) => b.used - a.used);
}

function write(
  folder: string,
  mark: string,
  build: Buffer,
  files: readonly File[],
  added: ReadonlyMap<string, Uint8Array>,
  limit: number,
): void {
  mkdirSync(folder, { recursive: true });
  const small = files.filter(({ size, segment }) => segment && size < SMALL);
  const merged = small.length >= MANY ? small : [];
  const bytes = segmentBytes(build, merged.length === 0 ? added : union(merged, added));
  const path = join(folder, `${mark}${createHash('sha256').update(bytes).digest('hex').slice(0, 32)}`);
  const own = join(folder, `${process.pid}.part`);
  writeFileSync(own, bytes);
  renameSync(own, path);
  let left = limit - bytes.length;
  for (const file of files) {
    if (file.path === path) continue;
    left -= file.size;
    const abandoned = file.path.endsWith('.part') && Date.now() - file.used > DAY;
    if (left < 0 || abandoned || merged.includes(file)) attempt(() => rmSync(file.path));
  }
}

/** What is newer counts; all of it is the same, where two runs did the same work. */
function union(files: readonly File[], added: ReadonlyMap<string, Uint8Array>): Map<string, Uint8Array> {
  const values = new Map(added);
  for (const { segment } of files) {
    for (const key of segment?.keys() ?? []) {
      const name = key.toString('hex');
      const value = values.has(name) ? undefined : segment?.get(key);
      if (value) values.set(name, value);
    }
  }
  return values;
}

function attempt<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch {
    return undefined;
  }
}
