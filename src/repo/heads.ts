import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { ChangeSet, Head, Heads } from '../core/change.ts';
import type { Access } from './access.ts';
import { parseTree } from './snapshots.ts';

/** More branches than this were never looked at by a person either. */
const LIMIT = 500;
/** Folders below a folder of migrations that are entered. */
const DEPTH = 4;

const TRUNKS = [
  'refs/remotes/origin/HEAD',
  ...['refs/remotes/origin/', 'refs/heads/'].flatMap((where) => [`${where}main`, `${where}master`]),
];

interface Tip {
  readonly name: string;
  readonly oid: string;
  readonly tree: string;
}

/** Lets a change ask what is under way elsewhere. Nothing is read before it does. `head`: the commit that the change ends in, or grows on. */
export function headsBeside(access: Access, head: string, branch?: string): Pick<ChangeSet, 'heads'> {
  const listing = once(() => list(access, head, branch));
  const folderOf = folderReader(access);
  const headAt = ({ name, tree }: Tip): Head => ({ name, folder: (dir) => folderOf(tree, dir) });
  const answers = new Map<string | undefined, Promise<Heads>>();
  const answer = async (wanted: string | undefined): Promise<Heads> => {
    const { own, tips, more } = await listing();
    const trunk = await trunkOf(access, wanted, tips);
    const others = tips.filter(({ name }) => name !== trunk?.name).map(headAt);
    return { ...(trunk && trunk.oid !== own && { trunk: headAt(trunk) }), others, more };
  };
  return { heads: remembered(answers, answer) };
}

async function list(access: Access, head: string, branch: string | undefined) {
  const { git, objects } = access;
  const found = await objects.object(`${head}^{commit}`);
  const own = found.found === 'nothing' ? undefined : found.oid;
  const format = '--format=%(objectname) %(tree) %(refname) %(symref)';
  const merged = own === undefined ? [] : [`--no-merged=${own}`];
  const [output, above] = await Promise.all([
    git.run([
      'for-each-ref',
      '--sort=-committerdate',
      `--count=${LIMIT + 1}`,
      ...merged,
      format,
      'refs/heads',
      'refs/remotes',
    ]),
    branch === undefined ? undefined : git.run(['for-each-ref', '--format=%(upstream)', `refs/heads/${branch}`]),
  ]);
  const upstream = above?.toString('utf8').trim();
  const lines = output.toString('utf8').split('\n').filter(Boolean);
  const tips = lines.slice(0, LIMIT).flatMap((line): Tip[] => {
    const [oid = '', tree = '', ref = '', target = ''] = line.split(' ');
    const [, below] = /^refs\/(?:heads|remotes\/[^/]+)\/(.+)$/.exec(ref) ?? [];
    // What the same branch was before it was rebased or amended is this change itself.
    const same = branch !== undefined && (below === branch || ref === upstream);
    return same || target !== '' || below === undefined ? [] : [{ name: shortened(ref), oid, tree }];
  });
  return { own, tips: [...tips, ...(await detached(access, own))], more: lines.length > LIMIT };
}

const shortened = (ref: string): string => ref.replace(/^refs\/(?:heads|remotes)\//, '');

/** Work trees that stand on no branch: no ref leads to them. */
async function detached({ place, objects }: Access, own: string | undefined): Promise<Tip[]> {
  const folder = join(place.commonDir, 'worktrees');
  const dirs = [place.commonDir, ...namesIn(folder).map((name) => join(folder, name))].filter(
    (dir) => dir !== place.gitDir,
  );
  const tips: Tip[] = [];
  for (const dir of dirs) {
    const oid = /^[0-9a-f]{40,64}$/.exec(textOf(join(dir, 'HEAD')).trim())?.[0];
    if (oid === undefined || oid === own) continue;
    const tree = await objects.object(`${oid}^{tree}`);
    const name = dir === place.commonDir ? 'the main work tree' : `work tree ${basename(dir)}`;
    if (tree.found !== 'nothing') tips.push({ name, oid, tree: tree.oid });
  }
  return tips;
}

async function trunkOf(
  { objects, place, git }: Access,
  wanted: string | undefined,
  tips: readonly Tip[],
): Promise<Tip | undefined> {
  for (const name of [...(wanted === undefined ? [] : [wanted]), ...(place.bare ? ['HEAD'] : []), ...TRUNKS]) {
    const commit = await objects.object(`${name}^{commit}`);
    if (commit.found === 'nothing') continue;
    const tree = await objects.object(`${commit.oid}^{tree}`);
    if (tree.found === 'nothing') continue;
    const target = name.endsWith('HEAD')
      ? (await git.run(['symbolic-ref', '-q', name], { accept: [1, 128] })).toString('utf8').trim()
      : '';
    const known = target || tips.find((tip) => tip.name === name)?.name || name;
    return { name: shortened(known), oid: commit.oid, tree: tree.oid };
  }
  return undefined;
}

type Folder = ReadonlyMap<string, string>;
const NOTHING: Folder = new Map();

/** Branches share most of their trees: each is read once. */
function folderReader({ objects }: Access) {
  type Items = ReturnType<typeof parseTree>;
  const trees = new Map<string, Promise<Items | undefined>>();
  const listings = new Map<string, Promise<Folder | undefined>>();
  const tree = remembered(trees, async (oid): Promise<Items | undefined> => {
    const found = await objects.object(oid);
    return found.found === 'whole' && found.type === 'tree' ? parseTree(found.bytes, oid.length / 2) : undefined;
  });
  const listing = remembered(listings, async (oid): Promise<Folder | undefined> => {
    const files = new Map<string, string>();
    const walk = async (at: string, prefix: string, depth: number): Promise<boolean> => {
      const items = await tree(at);
      for (const [name, { mode, oid: item }] of items ?? []) {
        if (mode === '40000') {
          if (depth > 0 && !(await walk(item, `${prefix}${name}/`, depth - 1))) return false;
        } else files.set(prefix + name, item);
      }
      return items !== undefined;
    };
    return (await walk(oid, '', DEPTH)) ? files : undefined;
  });
  return async (root: string, dir: string): Promise<Folder | undefined> => {
    let at = root;
    for (const name of dir === '' ? [] : dir.split('/')) {
      const items = await tree(at);
      if (!items) return undefined;
      const item = items.get(name);
      if (item?.mode !== '40000') return NOTHING;
      at = item.oid;
    }
    return dir === '' ? topOf(await tree(at)) : listing(at);
  };
}

/** The root of a repository is never walked. */
const topOf = (items: ReturnType<typeof parseTree> | undefined): Folder | undefined =>
  items && new Map([...items].flatMap(([name, { mode, oid }]) => (mode === '40000' ? [] : [[name, oid] as const])));

function remembered<K, T>(known: Map<K, Promise<T>>, read: (key: K) => Promise<T>): (key: K) => Promise<T> {
  return (key) => {
    const value = known.get(key) ?? read(key);
    known.set(key, value);
    return value;
  };
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => (made ??= make());
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
