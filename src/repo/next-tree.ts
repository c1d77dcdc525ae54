import { createHash } from 'node:crypto';
import type { Entry } from '../core/snapshot.ts';
import { RepoError } from './git.ts';
import { pathToBytes } from './names.ts';
import type { Objects } from './objects.ts';
import { parseTree } from './snapshots.ts';

type Over = ReadonlyMap<string, Entry | undefined>;

/**
 * The id of the tree that Git will make of a tree and what lies over it: an entry replaces or adds a path, undefined takes
 * one away. `git write-tree` would say the same, and write objects and the index to do so. Of the tree, only the folders
 * with changes in them are read.
 */
export async function treeWith(
  objects: Objects,
  hash: 'sha1' | 'sha256',
  tree: string | undefined,
  over: Over,
): Promise<string> {
  return (await folderWith(objects, hash, tree, over)) ?? idOf(hash, Buffer.alloc(0));
}

/** Undefined where nothing is left in the folder: Git keeps no empty ones. */
async function folderWith(
  objects: Objects,
  hash: 'sha1' | 'sha256',
  tree: string | undefined,
  over: Over,
): Promise<string | undefined> {
  const items = new Map(tree === undefined ? [] : await itemsOf(objects, tree));
  const folders = new Map<string, Map<string, Entry | undefined>>();
  const files = new Map<string, Entry | undefined>();
  for (const [path, entry] of over) {
    const slash = path.indexOf('/');
    if (slash < 0) files.set(path, entry);
    else {
      const name = path.slice(0, slash);
      const inner = folders.get(name) ?? new Map<string, Entry | undefined>();
      folders.set(name, inner.set(path.slice(slash + 1), entry));
    }
  }
  for (const [name, entry] of files) {
    if (entry?.oid !== undefined) items.set(name, { mode: entry.mode, oid: entry.oid });
    else if (items.get(name)?.mode !== FOLDER) items.delete(name);
  }
  for (const [name, inner] of folders) {
    // A file that has taken the place of a folder stays: what was in the folder is gone.
    if (files.get(name)) continue;
    const before = items.get(name);
    const oid = await folderWith(objects, hash, before?.mode === FOLDER ? before.oid : undefined, inner);
    if (oid !== undefined) items.set(name, { mode: FOLDER, oid });
    else if (before?.mode === FOLDER) items.delete(name);
  }
  if (items.size === 0) return undefined;
  const sorted = [...items]
    .map(([name, item]) => ({ ...item, bytes: pathToBytes(name) }))
    .sort((a, b) => Buffer.compare(sortingName(a), sortingName(b)));
  return idOf(
    hash,
    Buffer.concat(
      sorted.flatMap(({ mode, bytes, oid }) => [Buffer.from(`${mode} `), bytes, NUL, Buffer.from(oid, 'hex')]),
    ),
  );
}

const FOLDER = '40000';
const NUL = Buffer.of(0);

/** Git sorts a folder as if its name ended in a slash. */
const sortingName = ({ mode, bytes }: { readonly mode: string; readonly bytes: Buffer }): Buffer =>
  mode === FOLDER ? Buffer.concat([bytes, Buffer.from('/')]) : bytes;

async function itemsOf(objects: Objects, tree: string): Promise<ReturnType<typeof parseTree>> {
  const found = await objects.object(`${tree}^{tree}`);
  if (found.found === 'whole') return parseTree(found.bytes, found.oid.length / 2);
  throw new RepoError('missing-object', `The tree ${tree.slice(0, 12)} cannot be read from this clone.`);
}

const idOf = (hash: 'sha1' | 'sha256', bytes: Buffer): string =>
  createHash(hash).update(`tree ${bytes.length}\0`).update(bytes).digest('hex');
