import { NOTHING_DECLARED } from '../core/policy.ts';
import type { Content, Entry, Snapshot } from '../core/snapshot.ts';
import { RepoError, type Git } from './git.ts';
import { fields, pathFromBytes } from './names.ts';
import type { Objects } from './objects.ts';

/** What a snapshot stands on. */
export interface Ground {
  list(): Promise<Iterable<Entry>>;
  /** `find` knows files that `list` leaves out on purpose. */
  readonly beyond?: true;
  find(path: string): Promise<Entry | undefined>;
  /** The names in a folder. Without it, they are taken from `list`. */
  folder?(dir: string): Promise<readonly string[]>;
  load(entry: Entry): Promise<Content>;
}

/** The names in a folder, by the paths of a whole tree in order. */
export function namesIn(dir: string, sorted: readonly string[]): readonly string[] {
  const start = dir === '' ? '' : `${dir}/`;
  const names = new Set<string>();
  for (const path of sorted) if (path.startsWith(start)) names.add(path.slice(start.length).split('/', 1)[0]!);
  return [...names];
}

/** How many files are read ahead of a rule that walks them in order. */
const AHEAD = 48;

/** `order`: the entries that will most likely be read one after the other. Without it, that is the list, once it was asked for. */
export function snapshotOf(name: string, ground: Ground, order?: readonly Entry[]): Snapshot {
  let listed: Promise<{ paths: readonly string[]; entries: ReadonlyMap<string, Entry> }> | undefined;
  const ahead = readAhead(ground.load);
  if (order) ahead.expect(order);

  const list = async () => {
    const entries = new Map<string, Entry>();
    for (const entry of await ground.list()) entries.set(entry.path, entry);
    const paths = [...entries.keys()].sort();
    ahead.expect(paths.map((path) => entries.get(path)!));
    return { paths, entries };
  };
  const entry = async (path: string): Promise<Entry | undefined> =>
    listed && !ground.beyond ? (await listed).entries.get(path) : ground.find(path);
  const content = async (path: string): Promise<Content> => {
    const found = await entry(path);
    if (!found) return { kind: 'absent' };
    const loading = ground.load(found);
    ahead.reading(path);
    return loading;
  };
  return {
    name,
    declared: NOTHING_DECLARED,
    paths: async () => (await (listed ??= list())).paths,
    folder: async (dir) => ground.folder?.(dir) ?? namesIn(dir, (await (listed ??= list())).paths),
    entry,
    content,
    async read(path) {
      const found = await content(path);
      return found.kind === 'text' ? found.text : undefined;
    },
  };
}

/** Waiting for one blob at a time costs a round trip each: once a walk in order shows, the next ones are asked for with it. */
function readAhead(load: Ground['load']) {
  let order: readonly Entry[] = [];
  let position: Map<string, number> | undefined;
  let last = -1;
  let streak = 0;
  let asked = 0;
  return {
    expect(entries: readonly Entry[]): void {
      order = entries;
      position = undefined;
      last = -1;
      asked = streak = 0;
    },
    reading(path: string): void {
      if (order.length < 8) return;
      position ??= new Map(order.map((entry, index) => [entry.path, index]));
      const at = position.get(path);
      // Another rule at the same place, or behind: nothing new.
      if (at === undefined || (at <= last && last - at < AHEAD)) return;
      streak = at === last + 1 ? streak + 1 : 0;
      if (at < last) asked = 0;
      last = at;
      if (streak < 3 || asked > at + AHEAD / 2) return;
      const end = Math.min(at + AHEAD, order.length);
      for (let next = Math.max(asked, at + 1); next < end; next++) {
        const entry = order[next]!;
        // Only what comes from Git: reading the disk ahead gains nothing.
        if (entry.oid !== undefined && entry.kind === 'file') load(entry).catch(() => {});
      }
      asked = end;
    },
  };
}

export const NOTHING: Ground = {
  list: async () => [],
  find: async () => undefined,
  folder: async () => [],
  load: async () => ({ kind: 'absent' }),
};

export const emptySnapshot = (): Snapshot => snapshotOf('empty tree', NOTHING);

/** `treeish`: a commit or a tree, by id or by any other name. */
export function treeGround(treeish: string, git: Git, trees: Trees, objects: Objects): Ground {
  let listing: Promise<readonly Entry[]> | undefined;
  const list = async (): Promise<readonly Entry[]> =>
    parseListing(await git.run(['ls-tree', '-r', '-z', '--full-tree', await trees.root(treeish)]));
  return {
    list: () => (listing ??= list()),
    find: async (path) => trees.find(await trees.root(treeish), path),
    folder: async (dir) => trees.names(await trees.root(treeish), dir),
    load: objects.content,
  };
}

const parseListing = (output: Buffer): Entry[] =>
  fields(output).map((line) => {
    const tab = line.indexOf('\t');
    const [mode, , oid] = line.slice(0, tab).split(' ');
    return entryOf(line.slice(tab + 1), mode!, oid);
  });

/** `over` lies on `below`: an entry there replaces or adds a path, undefined takes one away. */
export const overlay = (
  below: Ground,
  over: ReadonlyMap<string, Entry | undefined>,
  load: Ground['load'] = below.load,
): Ground => ({
  ...(below.beyond && { beyond: true }),
  ...(below.folder && { folder: foldersOver(below.folder, over) }),
  async list() {
    const kept = [...(await below.list())].filter(({ path }) => !over.has(path));
    return [...kept, ...[...over.values()].filter((entry) => entry !== undefined)];
  },
  find: async (path) => (over.has(path) ? over.get(path) : below.find(path)),
  load: (entry) => (over.has(entry.path) ? load(entry) : below.load(entry)),
});

/** The names in a folder once paths have come and gone. A folder of which every file has gone is not there any more. */
function foldersOver(
  below: NonNullable<Ground['folder']>,
  over: ReadonlyMap<string, Entry | undefined>,
): NonNullable<Ground['folder']> {
  let sides: { readonly came: readonly string[]; readonly gone: readonly string[] } | undefined;
  const split = () => ({
    came: [...over].flatMap(([path, entry]) => (entry ? [path] : [])),
    gone: [...over].flatMap(([path, entry]) => (entry ? [] : [path])),
  });
  const folder = async (dir: string): Promise<readonly string[]> => {
    const { came, gone } = (sides ??= split());
    const kept: string[] = [];
    for (const name of await below(dir)) {
      const path = dir === '' ? name : `${dir}/${name}`;
      if (over.has(path) && !over.get(path)) continue;
      const emptied = gone.some((one) => one.startsWith(`${path}/`)) && (await folder(path)).length === 0;
      if (!emptied) kept.push(name);
    }
    return [...new Set([...kept, ...namesIn(dir, came)])];
  };
  return folder;
}

/** By code unit, as everything that leaves this room is sorted. */
export const byPath = (a: { readonly path: string }, b: { readonly path: string }): number =>
  a.path < b.path ? -1 : a.path > b.path ? 1 : 0;

export function entryOf(path: string, mode: string, oid?: string): Entry {
  const kind = mode === '120000' ? 'symlink' : mode === '160000' ? 'gitlink' : 'file';
  // Old trees hold modes such as 100664.
  const plain = kind === 'file' ? ((Number.parseInt(mode, 8) & 0o100) === 0 ? '100644' : '100755') : mode;
  return { path, mode: plain, kind, ...(oid !== undefined && { oid }) };
}

/** Tree objects, each parsed once. Finding one path reads as many as it has folders, and lists nothing. */
export interface Trees {
  /** The id of the tree that a commit or tree stands for. Throws a RepoError. */
  root(treeish: string): Promise<string>;
  find(root: string, path: string): Promise<Entry | undefined>;
  /** None where there is no such folder. */
  names(root: string, dir: string): Promise<readonly string[]>;
}

export function openTrees(objects: Objects): Trees {
  const roots = new Map<string, Promise<string>>();
  const folders = new Map<string, Promise<ReadonlyMap<string, TreeItem>>>();

  const readRoot = async (treeish: string): Promise<string> => {
    const tree = await objects.object(`${treeish}^{tree}`);
    if (tree.found === 'nothing') throw missingTree(treeish, tree.why);
    return tree.oid;
  };
  const readFolder = async (oid: string): Promise<ReadonlyMap<string, TreeItem>> => {
    const tree = await objects.object(oid);
    if (tree.found === 'whole' && tree.type === 'tree') return parseTree(tree.bytes, oid.length / 2);
    throw missingTree(oid, tree.found === 'nothing' ? tree.why : 'it is no tree that can be read');
  };
  const once = <T>(known: Map<string, Promise<T>>, key: string, read: (key: string) => Promise<T>): Promise<T> => {
    const value = known.get(key) ?? read(key);
    known.set(key, value);
    return value;
  };
  /** Undefined where there is no such folder. */
  const folderAt = async (
    root: string,
    names: readonly string[],
  ): Promise<ReadonlyMap<string, TreeItem> | undefined> => {
    let folder = root;
    for (const name of names) {
      const item = (await once(folders, folder, readFolder)).get(name);
      if (item?.mode !== '40000') return undefined;
      folder = item.oid;
    }
    return once(folders, folder, readFolder);
  };
  return {
    root: (treeish) => once(roots, treeish, readRoot),
    async find(root, path) {
      const names = path.split('/');
      const last = names.pop()!;
      const item = (await folderAt(root, names))?.get(last);
      return item === undefined || item.mode === '40000' ? undefined : entryOf(path, item.mode, item.oid);
    },
    names: async (root, dir) => [...((await folderAt(root, dir === '' ? [] : dir.split('/')))?.keys() ?? [])],
  };
}

interface TreeItem {
  readonly mode: string;
  readonly oid: string;
}

export function parseTree(bytes: Buffer, idLength: number): ReadonlyMap<string, TreeItem> {
  const items = new Map<string, TreeItem>();
  for (let at = 0; at < bytes.length;) {
    const space = bytes.indexOf(32, at);
    const end = bytes.indexOf(0, space);
    const oid = bytes.toString('hex', end + 1, end + 1 + idLength);
    items.set(pathFromBytes(bytes.subarray(space + 1, end)), { mode: bytes.toString('latin1', at, space), oid });
    at = end + 1 + idLength;
  }
  return items;
}

const missingTree = (treeish: string, why: string): RepoError =>
  new RepoError(
    'missing-object',
    `The tree of ${treeish} cannot be read: ${why}. Fetch it first: git fetch --refetch --no-filter origin (in CI: clone without --filter).`,
  );
