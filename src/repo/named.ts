import { statSync, realpathSync } from 'node:fs';
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import type { ChangeSet } from '../core/change.ts';
import type { Notice } from '../core/notice.ts';
import type { Entry, Snapshot } from '../core/snapshot.ts';
import { decode } from './decode.ts';
import { openDisk, type Disk } from './disk.ts';
import { RepoError } from './git.ts';
import { printable } from './names.ts';
import { byPath, entryOf, NOTHING, overlay, snapshotOf, type Ground } from './snapshots.ts';

// Change sets that somebody names instead of Git: files, standard input, a folder without a repository.

type Sides = Pick<ChangeSet, 'base' | 'head' | 'changes'>;

/** The path that an argument stands for, below `root`; undefined where it lies outside. */
export function pathBelow(root: string, cwd: string, argument: string): string | undefined {
  const full = resolve(cwd, argument);
  let real = full;
  try {
    // The folder may have been reached through a link; the last name is judged as what it is, a link included.
    real = dirname(full) === full ? full : join(realpathSync(dirname(full)), basename(full));
  } catch {
    // Then there is no such folder, and finding the file will say so.
  }
  const path = relative(root, real);
  if (path === '..' || path.startsWith(`..${sep}`) || isAbsolute(path)) return undefined;
  return sep === '/' ? path : path.replaceAll(sep, '/');
}

/** `paths` (files, and folders with all their files) as wholly new, in the midst of the files of `ground`. */
export async function named(
  ground: Ground,
  disk: Disk,
  paths: readonly string[],
  closed: (folder: string) => void,
): Promise<Sides> {
  const chosen = new Map<string, Entry>();
  for (const path of paths) {
    const entry = path === '' ? undefined : ((await ground.find(path)) ?? disk.entry(path));
    const found = entry ? [entry] : await within(path, ground, disk, closed);
    if (found.length === 0) {
      throw new RepoError(
        'no-such-path',
        `There is no file ${printable(path || '.')} to check. Links to folders are not followed.`,
      );
    }
    for (const each of found) chosen.set(each.path, each);
  }
  const order = [...chosen.values()].sort(byPath);
  // A file that an ignore rule hides is in nobody's tree, and is judged because somebody named it.
  const known = await Promise.all(order.map(({ path }) => ground.find(path)));
  const hidden = new Map(order.filter((_, index) => !known[index]).map((entry) => [entry.path, entry]));
  const without = new Map(order.map(({ path }) => [path, undefined]));
  return {
    base: snapshotOf('the same files without these', overlay(ground, without)),
    head: snapshotOf('named files', overlay(ground, hidden, disk.content), order),
    changes: order.map((after) => ({ path: after.path, kind: 'added', after })),
  };
}

async function within(folder: string, ground: Ground, disk: Disk, closed: (folder: string) => void): Promise<Entry[]> {
  if (!disk.isFolder(folder)) return [];
  const prefix = folder === '' ? '' : `${folder}/`;
  const listed = [...(await ground.list())].filter(({ path }) => path.startsWith(prefix));
  if (listed.length > 0) return listed;
  const found = disk.walk(folder);
  found.closed.forEach(closed);
  return found.paths.flatMap((path) => disk.entry(path) ?? []);
}

/** Bytes that stand in for the file at `path`, as wholly new. */
export async function standIn(ground: Ground, path: string, bytes: Buffer): Promise<Sides> {
  const after = entryOf(path, (await ground.find(path))?.mode === '100755' ? '100755' : '100644');
  const content = decode(bytes);
  return {
    base: snapshotOf('the same files without this', overlay(ground, new Map([[path, undefined]]))),
    head: snapshotOf(
      'standard input',
      overlay(ground, new Map([[path, after]]), async () => content),
    ),
    changes: [{ path, kind: 'added', after }],
  };
}

/** A folder that need not be in any repository. */
export interface Folder {
  readonly root: string;
  readonly notices: readonly Notice[];
  /** Every file in it, as new, without .git and node_modules. */
  audit(): Promise<ChangeSet>;
  /** These files alone; arguments as the user typed them. Other files can be read by their path, but are not listed. */
  files(paths: readonly string[]): Promise<ChangeSet>;
  /** Text that is to lie at a path. */
  stdin(bytes: Uint8Array, path: string): Promise<ChangeSet>;
  snapshot(): Snapshot;
}

export function openFolder(cwd: string, { now = new Date() }: { readonly now?: Date } = {}): Folder {
  return folderAt(cwd, now, []);
}

function folderAt(cwd: string, now: Date, notices: Notice[]): Folder {
  let root: string;
  try {
    root = realpathSync(cwd);
    if (!statSync(root).isDirectory()) throw new Error('not a folder');
  } catch (cause) {
    throw new RepoError('no-such-path', `There is no folder ${printable(cwd)}.`, { cause });
  }
  const closed = (folder: string) =>
    notices.push({
      notice: 'not-judged',
      message: 'The folder cannot be listed, so nothing in it was judged.',
      path: folder || '.',
      needed: true,
    });
  const disk = openDisk(root);
  const everything = (): Entry[] => {
    const found = disk.walk('');
    found.closed.forEach(closed);
    return found.paths.flatMap((path) => disk.entry(path) ?? []).sort(byPath);
  };
  let listed: readonly Entry[] | undefined;
  const ground: Ground = {
    list: async () => (listed ??= everything()),
    find: async (path) => disk.entry(path),
    load: disk.content,
  };
  // Nobody wants a whole home folder listed because one file in it was named; a policy beside that file must be found.
  const alone: Ground = { ...ground, list: async () => [], beyond: true };
  return {
    root,
    notices,
    async audit() {
      listed ??= everything();
      return {
        base: snapshotOf('empty tree', NOTHING),
        head: snapshotOf('folder', ground),
        changes: listed.map((after) => ({ path: after.path, kind: 'added', after })),
        commits: [],
        now,
      };
    },
    async files(paths) {
      const full = paths.map((path) => resolve(root, path));
      const outside = full.some((path) => pathBelow(root, root, path) === undefined);
      // Files elsewhere: the nearest folder that holds them all.
      if (outside) return folderAt(commonFolder(full), now, notices).files(full);
      const inside = full.map((path) => pathBelow(root, root, path)!);
      const sides = await named(alone, disk, inside, closed);
      const mine = new Map(sides.changes.map(({ path, after }) => [path, after]));
      const head = snapshotOf(
        'named files',
        overlay(alone, mine, disk.content),
        [...mine.values()].map((entry) => entry!),
      );
      return { ...sides, head, commits: [], now };
    },
    async stdin(bytes, path) {
      const inside = pathBelow(root, root, path);
      if (inside === undefined) throw outsideOf(root, path);
      return { ...(await standIn(alone, inside, Buffer.from(bytes))), commits: [], now };
    },
    snapshot: () => snapshotOf('folder', ground),
  };
}

function commonFolder(paths: readonly string[]): string {
  let folder = dirname(paths[0]!);
  while (!paths.every((path) => path.startsWith(folder.endsWith(sep) ? folder : folder + sep))) {
    const up = dirname(folder);
    if (up === folder) break;
    folder = up;
  }
  return folder;
}

export const outsideOf = (root: string, path: string): RepoError =>
  new RepoError(
    'no-such-path',
    `${printable(path)} lies outside of ${printable(root)}. Run this in the folder that it belongs to, or with -C.`,
  );
