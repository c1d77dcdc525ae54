import type { Change } from '../core/change.ts';
import type { Snapshot } from '../core/snapshot.ts';
import { folded } from './path-names.ts';

/** Two names in one folder that are the same name on a file system which ignores case, or composes characters. */
export interface Collision {
  /** What came later: the path of the change. */
  readonly path: string;
  /** The path of the same depth that it meets; a folder where only the folders differ. */
  readonly other: string;
  /** Both are folders: their files are mixed, and none is lost. */
  readonly folders: boolean;
}

/** Collisions of new paths with the rest of the tree. Reads the folders on the way to each, and lists no tree. */
export async function* collisions(head: Snapshot, changes: readonly Change[]): AsyncIterable<Collision> {
  const added = changes.filter(({ kind }) => kind === 'added' || kind === 'renamed').map(({ path }) => path);
  const fresh = new Set(added);
  const namesIn = await folderReader(head, added.length > MANY);
  const said = new Set<string>();
  for (const path of added) {
    const names = path.split('/');
    /** The folders that are one folder where case does not count. */
    let dirs: readonly string[] = [''];
    for (let depth = 1; depth <= names.length; depth++) {
      const own = names.slice(0, depth).join('/');
      const alike = folded(names[depth - 1]!);
      const met = await Promise.all(
        dirs.map(async (dir) =>
          ((await namesIn(dir)).get(alike) ?? []).map((name) => (dir === '' ? name : `${dir}/${name}`)),
        ),
      );
      dirs = met.flat();
      for (const other of dirs) {
        const key = [own, other].sort().join('\0');
        // Of two that come together, the second in order is told about the first.
        if (other === own || said.has(key) || (fresh.has(other) && other > own)) continue;
        said.add(key);
        const folders = depth < names.length && (await head.entry(other)) === undefined;
        // Below two such folders, what else they share has been said with them.
        if (!folders || folderOf(own) === folderOf(other)) yield { path, other, folders };
      }
    }
  }
}

const folderOf = (path: string): string => path.slice(0, Math.max(path.lastIndexOf('/'), 0));

const MANY = 500;

type Names = ReadonlyMap<string, readonly string[]>;

/** By folder, its names under what they fold to. Where a change is about as large as the tree, one listing is cheaper. */
async function folderReader(head: Snapshot, whole: boolean): Promise<(dir: string) => Promise<Names>> {
  const known = new Map<string, Promise<Names>>();
  const children = new Map<string, Set<string>>();
  for (const path of whole ? await head.paths() : []) {
    for (let end = path.length; end > 0;) {
      const slash = path.lastIndexOf('/', end - 1);
      const dir = path.slice(0, Math.max(slash, 0));
      const names = children.get(dir) ?? new Set<string>();
      children.set(dir, names);
      const name = path.slice(slash + 1, end);
      if (names.has(name)) break;
      names.add(name);
      end = slash;
    }
  }
  const read = async (dir: string): Promise<Names> => {
    const byFold = new Map<string, string[]>();
    for (const name of whole ? (children.get(dir) ?? []) : await head.folder(dir)) {
      const key = folded(name);
      const names = byFold.get(key);
      if (names) names.push(name);
      else byFold.set(key, [name]);
    }
    return byFold;
  };
  return (dir) => {
    const names = known.get(dir) ?? read(dir);
    known.set(dir, names);
    return names;
  };
}
