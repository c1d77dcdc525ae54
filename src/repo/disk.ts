import type { Hash } from 'node:crypto';
import {
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  openSync,
  readSync,
  readdirSync,
  readlinkSync,
  type Stats,
} from 'node:fs';
import { sep } from 'node:path';
import { READING_LIMIT, type Content, type Entry } from '../core/snapshot.ts';
import { AS_IT_IS, toGit, type Conversion } from './conversion.ts';
import { decode, lfsPointer } from './decode.ts';
import { pathFromBytes, pathToBytes } from './names.ts';
import { entryOf } from './snapshots.ts';

/** Files below one folder, as Git would see them: links are never followed, neither the last one nor one on the way. */
export interface Disk {
  /** Undefined where there is nothing that Git could store. */
  entry(path: string): Entry | undefined;
  isFolder(path: string): boolean;
  /** What Git would store for it. */
  content(entry: Entry): Promise<Content>;
  /** The object id that Git would give it; undefined where that cannot be known without running somebody's filter. */
  id(entry: Entry): Promise<string | undefined>;
  /** Every file below a folder ('' for the top), without .git and node_modules, and the folders that could not be listed. */
  walk(folder: string): { readonly paths: readonly string[]; readonly closed: readonly string[] };
}

export interface DiskOptions {
  readonly fileMode?: boolean;
  readonly hash?: 'sha1' | 'sha256';
  /** What Git does to a file on its way in. */
  readonly conversion?: (path: string) => Promise<Conversion>;
  /** The bytes that the index holds for a path now. */
  readonly stored?: (path: string) => Promise<Buffer | undefined>;
}

type Raw =
  | { readonly raw: 'bytes'; readonly bytes: Buffer }
  | { readonly raw: 'large'; readonly size: number }
  | { readonly raw: 'lfs'; readonly oid: string; readonly size: number }
  | { readonly raw: 'filtered'; readonly filter: string }
  | { readonly raw: 'unreadable'; readonly why: string };

export function openDisk(root: string, options: DiskOptions = {}): Disk {
  const { fileMode = process.platform !== 'win32', hash = 'sha1' } = options;
  const conversion = options.conversion ?? (async () => AS_IT_IS);
  const stored = options.stored ?? (async () => undefined);
  const safeFolders = new Map<string, boolean>([['', true]]);

  const at = (path: string): string | Buffer =>
    path.includes('\ufffd')
      ? Buffer.concat([Buffer.from(`${root}${sep}`), pathToBytes(path)])
      : path === ''
        ? root
        : `${root}${root.endsWith(sep) ? '' : sep}${path}`;

  const status = (path: string): Stats | undefined => {
    if (path.includes('\0')) return undefined;
    try {
      return lstatSync(at(path));
    } catch {
      return undefined;
    }
  };
  /** Every folder on the way is a real one, inside the root, and no repository's own. */
  const safe = (folder: string): boolean => {
    const known = safeFolders.get(folder);
    if (known !== undefined) return known;
    const cut = folder.lastIndexOf('/');
    const name = folder.slice(cut + 1);
    const result =
      !/^(\.{0,2}|\.git)$/i.test(name) &&
      safe(folder.slice(0, Math.max(cut, 0))) &&
      status(folder)?.isDirectory() === true;
    safeFolders.set(folder, result);
    return result;
  };
  const parent = (path: string): string => path.slice(0, Math.max(path.lastIndexOf('/'), 0));

  const entry = (path: string): Entry | undefined => {
    if (!safe(parent(path))) return undefined;
    const found = status(path);
    if (found?.isSymbolicLink()) return entryOf(path, '120000');
    if (!found?.isFile()) return undefined;
    return entryOf(path, fileMode && (found.mode & 0o100) !== 0 ? '100755' : '100644');
  };

  async function raw(entry: Entry): Promise<Raw> {
    if (!safe(parent(entry.path))) return { raw: 'unreadable', why: 'it is not there any more' };
    const file = at(entry.path);
    try {
      const found = lstatSync(file);
      if (found.isSymbolicLink()) return { raw: 'bytes', bytes: readlinkSync(file, { encoding: 'buffer' }) };
      if (!found.isFile()) return { raw: 'unreadable', why: 'it is neither a file nor a link' };
      const how = entry.kind === 'file' ? await conversion(entry.path) : AS_IT_IS;
      if (how.filter === 'lfs') return await lfs(file);
      if (how.filter !== undefined) return { raw: 'filtered', filter: how.filter };
      if (found.size > READING_LIMIT) return { raw: 'large', size: found.size };
      const bytes = await toGit(readAll(file), how, () => stored(entry.path));
      return { raw: 'bytes', bytes };
    } catch (error) {
      return { raw: 'unreadable', why: reason(error) };
    }
  }

  return {
    entry,
    isFolder: (path) => safe(path),
    async content(entry) {
      const found = await raw(entry);
      switch (found.raw) {
        case 'bytes':
          return decode(found.bytes, entry.kind);
        case 'large':
          return { kind: 'large', size: found.size };
        case 'lfs':
          return { kind: 'lfs', oid: found.oid, size: found.size };
        case 'filtered':
          return {
            kind: 'unreadable',
            why: `the filter "${found.filter}" rewrites this file on its way into Git, and filters are not run here: stage it, then check what is staged`,
          };
        case 'unreadable':
          return { kind: 'unreadable', why: found.why };
      }
    },
    async id(entry) {
      const found = await raw(entry);
      const name = async (bytes: Buffer) => (await blobHash(hash, bytes.length)).update(bytes).digest('hex');
      try {
        if (found.raw === 'bytes') return await name(found.bytes);
        if (found.raw === 'lfs') return await name(Buffer.from(pointerText(found.oid, found.size)));
        // Line ends of a file this large are left alone unless the attributes insist; then its id stays unknown.
        if (found.raw === 'large' && (await conversion(entry.path)).lineEnds === 'kept') {
          return digest(at(entry.path), await blobHash(hash, found.size));
        }
      } catch {
        // It went away, or may not be read: reading it for a rule will say so.
      }
      return undefined;
    },
    walk(folder) {
      const paths: string[] = [];
      const closed: string[] = [];
      const visit = (dir: string): void => {
        let items;
        try {
          items = readdirSync(at(dir), { withFileTypes: true, encoding: 'buffer' });
        } catch {
          closed.push(dir);
          return;
        }
        for (const item of items) {
          const name = pathFromBytes(item.name);
          const path = dir === '' ? name : `${dir}/${name}`;
          if (item.isDirectory()) {
            if (name !== '.git' && name !== 'node_modules') visit(path);
          } else if (name !== '.git' && (item.isFile() || item.isSymbolicLink())) paths.push(path);
        }
      };
      if (safe(folder)) visit(folder);
      return { paths, closed };
    },
  };
}

// A hook, which reads no disk, need not load it.
const newHash = async (name: string): Promise<Hash> => (await import('node:crypto')).createHash(name);

const blobHash = async (name: string, size: number): Promise<Hash> => (await newHash(name)).update(`blob ${size}\0`);

const pointerText = (oid: string, size: number): string =>
  `version https://git-lfs.github.com/spec/v1\noid sha256:${oid}\nsize ${size}\n`;

/** What `git lfs clean` would store: a pointer as it is, anything else as the pointer to it. */
async function lfs(file: string | Buffer): Promise<Raw> {
  const { size } = lstatSync(file);
  const pointer = size <= 1024 ? lfsPointer(readAll(file)) : undefined;
  if (pointer) return { raw: 'lfs', oid: pointer.oid, size: pointer.size };
  // An empty file stays one.
  if (size === 0) return { raw: 'bytes', bytes: Buffer.alloc(0) };
  return { raw: 'lfs', oid: digest(file, await newHash('sha256')), size };
}

// No link that has just taken the file's place, and no waiting for a pipe that has.
const SAFELY = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

function inChunks(file: string | Buffer, take: (chunk: Buffer) => void): void {
  const handle = openSync(file, SAFELY);
  try {
    const { size } = fstatSync(handle);
    const chunk = Buffer.allocUnsafe(Math.min(Math.max(size, 1), 1 << 20));
    for (let count; (count = readSync(handle, chunk, 0, chunk.length, null)) > 0;) take(chunk.subarray(0, count));
  } finally {
    closeSync(handle);
  }
}

function readAll(file: string | Buffer): Buffer {
  const parts: Buffer[] = [];
  inChunks(file, (chunk) => parts.push(Buffer.from(chunk)));
  return parts.length === 1 ? parts[0]! : Buffer.concat(parts);
}

function digest(file: string | Buffer, hash: Hash): string {
  inChunks(file, (chunk) => hash.update(chunk));
  return hash.digest('hex');
}

function reason(error: unknown): string {
  const code = (error as NodeJS.ErrnoException).code;
  if (code === 'EACCES' || code === 'EPERM') return 'this user may not read it';
  if (code === 'ENOENT') return 'it is not there any more';
  return `it cannot be read (${code ?? String(error)})`;
}
