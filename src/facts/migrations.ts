import type { ChangeSet } from '../core/change.ts';
import { defineFact, type Subjects } from '../core/fact.ts';
import type { Range } from '../core/finding.ts';
import type { Snapshot } from '../core/snapshot.ts';
import { layoutNamed, type Layout } from './layouts.ts';
import { foldersByShape } from './sql/shapes.ts';

/** A file that a migration runner applies. */
export interface Migration {
  readonly path: string;
  /** As written; '' for one that runs again whenever it changes. */
  readonly version: string;
  readonly name: string;
  readonly layout: Layout;
  readonly folder: MigrationFolder;
  /** It has no version and runs again whenever it changes (Flyway's R__, graphile-migrate's current.sql), after all others. */
  readonly repeatable: boolean;
  /** The file that undoes it, where it has one of its own. */
  readonly down?: string | undefined;
}

export interface MigrationFolder {
  /** '' for the root of the repository, else without a slash at its end. */
  readonly dir: string;
  readonly layout: Layout;
  /** The policy says so; otherwise it was recognised by its shape. */
  readonly declared: boolean;
  /** PostgreSQL's major version, where the policy declares it. */
  readonly postgres?: number | undefined;
  /** The version up to which every migration has run in production. */
  readonly applied?: string | undefined;
  /** In the order in which they run. */
  readonly migrations: readonly Migration[];
  /** Files that undo others. */
  readonly downs: readonly string[];
  /** Other .sql files in the folder: the runner does not apply them. */
  readonly unmatched: readonly string[];
  /** Drizzle's. */
  readonly journal?: Journal | undefined;
}

/** Drizzle's meta/_journal.json: it alone decides what runs, and in which order. */
export interface Journal {
  readonly path: string;
  /** As the file has them. */
  readonly entries: readonly JournalEntry[];
}

export interface JournalEntry {
  readonly idx: number;
  readonly tag: string;
  /** Milliseconds since 1970. */
  readonly when: number;
  readonly at: Range;
  /** Where the two numbers stand; absent where they are not written. */
  readonly whenAt?: Range | undefined;
  readonly idxAt?: Range | undefined;
}

/**
 * The change set, once, where it touches a file that a runner may read: SQL, a journal, a lock. Whoever asks for the
 * migrations of a tree lists the whole tree, and most commits touch none.
 */
export const migrationChange: Subjects<ChangeSet> = async function* (change) {
  const mayMatter = (path: string | undefined) =>
    path !== undefined && /\.sql$|(?:^|\/)(?:_journal\.json|atlas\.sum|migration_lock\.toml)$/.test(path);
  if (change.joins || change.changes.some(({ path, from }) => mayMatter(path) || mayMatter(from))) yield change;
};

export interface Migrations {
  readonly folders: readonly MigrationFolder[];
  /** Every other .sql file, where a folder of layout "files" is declared: SQL to judge that no runner orders. */
  readonly loose?: MigrationFolder | undefined;
  /** Of all folders: folder by folder, each in the order in which it runs. */
  readonly migrations: readonly Migration[];
  readonly at: (path: string) => Migration | undefined;
}

/** Every folder of migrations: those that the policy declares, or, where it is silent, those that have a runner's shape. */
export const migrations = defineFact(async (snapshot): Promise<Migrations> => {
  const paths = await snapshot.paths();
  const declared = (snapshot.declared.migrations ?? []).map(({ layout, dir, ...more }): Declaration => ({
    ...more,
    dir: plainDir(dir),
    layout: layoutNamed(layout) ?? PLAIN,
    declared: true,
  }));
  const silent = snapshot.declared.migrations === undefined || (declared.length > 0 && declared.every(isLoose));
  const shapes = silent ? await foldersByShape(snapshot, paths) : [];
  const found = [...declared, ...shapes.map((shape): Declaration => ({ ...shape, declared: false }))];
  const sql = paths.filter((path) => path.endsWith('.sql'));
  const claimed = new Set<string>();
  const folders: MigrationFolder[] = [];
  let loose: MigrationFolder | undefined;
  // The innermost folder owns a file; a catch-all takes what is left.
  for (const folder of [...found].sort((a, b) => rank(b) - rank(a))) {
    const start = folder.dir === '' ? '' : `${folder.dir}/`;
    const own = sql.filter((path) => path.startsWith(start) && !claimed.has(path));
    for (const path of own) claimed.add(path);
    const made = await folderOf(snapshot, folder, own);
    if (isLoose(made)) loose = made;
    else folders.push(made);
  }
  folders.sort((a, b) => (a.dir < b.dir ? -1 : 1));
  const byPath = new Map(
    folders.flatMap((folder) => folder.migrations.map((migration) => [migration.path, migration] as const)),
  );
  return { folders, loose, migrations: [...byPath.values()], at: (path) => byPath.get(path) };
});

type Declaration = Pick<MigrationFolder, 'dir' | 'layout' | 'declared' | 'postgres' | 'applied'>;

const PLAIN = layoutNamed('plain')!;

const plainDir = (dir: string): string => dir.replace(/^(?:\.\/)+|\/+$/g, '').replace(/^\.$/, '');

const isLoose = ({ layout }: Pick<Declaration, 'layout'>): boolean => layout.name === 'files';

const rank = (folder: Declaration): number => (isLoose(folder) ? -1 : folder.dir.length);

async function folderOf(
  snapshot: Snapshot,
  declaration: Declaration,
  paths: readonly string[],
): Promise<MigrationFolder> {
  const { dir, layout } = declaration;
  const journal = layout.order === 'journal' ? await readJournal(snapshot, dir) : undefined;
  const migrations: Migration[] = [];
  const downs: string[] = [];
  const unmatched: string[] = [];
  const folder: MigrationFolder = { ...declaration, migrations, downs, unmatched, journal };
  const undoing = new Map<string, string>();
  for (const path of paths) {
    const below = dir === '' ? path : path.slice(dir.length + 1);
    const groups = layout.file.exec(below)?.groups;
    if (!groups) {
      // Folders below one without a runner of its own hold whatever they hold.
      if (layout.name !== 'plain' || !below.includes('/')) unmatched.push(path);
      continue;
    }
    const version = groups['version'] ?? '';
    const name = groups['name'] ?? '';
    if (groups['down'] !== undefined) {
      downs.push(path);
      undoing.set(`${version} ${name}`, path);
    } else migrations.push({ path, version, name, layout, folder, repeatable: groups['repeat'] !== undefined });
  }
  migrations.sort(journal ? byJournal(journal) : (a, b) => compareMigrations(a, b));
  if (journal) {
    const listed = new Set(journal.entries.map(({ tag }) => tag));
    for (const { path } of removeWhere(migrations, (migration) => !listed.has(tagOf(migration)))) unmatched.push(path);
  }
  const first = migrations[0];
  if (
    layout.leavesOut &&
    first?.name === layout.leavesOut.name &&
    first.version.length === 14 &&
    first.version < layout.leavesOut.before
  ) {
    unmatched.push(migrations.shift()!.path);
  }
  migrations.forEach((migration, i) => {
    const down = undoing.get(`${migration.version} ${migration.name}`);
    if (down !== undefined) migrations[i] = { ...migration, down };
  });
  return folder;
}

/** The order in which a runner applies two migrations of one layout. */
export function compareMigrations(a: Migration, b: Migration): number {
  if (a.repeatable !== b.repeatable) return a.repeatable ? 1 : -1;
  if (a.layout.order !== 'name') return compareVersions(a.layout, a.version, b.version) || compareText(a.path, b.path);
  return compareText(entryOf(a), entryOf(b)) || compareText(a.path, b.path);
}

/** What the runner finds in its folder: a file, or a folder of its own. */
function entryOf({ path, folder: { dir } }: Migration): string {
  const below = dir === '' ? path : path.slice(dir.length + 1);
  const slash = below.indexOf('/');
  return slash < 0 ? below : below.slice(0, slash);
}

/** Negative where `a` is the earlier one; 0 where the versions are the same to the runner. */
export function compareVersions(layout: Layout, a: string, b: string): number {
  if (layout.order === 'text') return compareText(a.replaceAll('-', ''), b.replaceAll('-', ''));
  if (layout.order === 'name' || layout.order === 'journal') return compareText(a, b);
  const [left, right] = [a, b].map((version) =>
    version.split(/[._]/).map((part) => BigInt(/^\d+$/.test(part) ? part : 0)),
  );
  for (let i = 0; i < Math.max(left!.length, right!.length); i++) {
    const [x, y] = [left![i] ?? 0n, right![i] ?? 0n];
    if (x !== y) return x < y ? -1 : 1;
  }
  return 0;
}

const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

const tagOf = ({ path }: Migration): string => path.slice(path.lastIndexOf('/') + 1, -'.sql'.length);

function byJournal({ entries }: Journal): (a: Migration, b: Migration) => number {
  const places = new Map(entries.map(({ tag }, i) => [tag, i]));
  const place = (migration: Migration): number => places.get(tagOf(migration)) ?? entries.length;
  return (a, b) => place(a) - place(b) || compareText(a.path, b.path);
}

function removeWhere<T>(list: T[], unwanted: (item: T) => boolean): T[] {
  const removed = list.filter(unwanted);
  list.splice(0, list.length, ...list.filter((item) => !unwanted(item)));
  return removed;
}

async function readJournal(snapshot: Snapshot, dir: string): Promise<Journal | undefined> {
  const path = `${dir === '' ? '' : `${dir}/`}meta/_journal.json`;
  const text = await snapshot.read(path);
  if (text === undefined) return undefined;
  const { findNodeAtLocation, getNodeValue, parseTree } = await import('jsonc-parser');
  const root = parseTree(text);
  const nodes = (root && findNodeAtLocation(root, ['entries'])?.children) ?? [];
  const entries = nodes.map((node, i): JournalEntry => {
    const { idx, tag, when } = getNodeValue(node) as Readonly<Record<string, unknown>>;
    const placeOf = (key: string): Range | undefined => {
      const value = findNodeAtLocation(node, [key]);
      return value && [value.offset, value.offset + value.length];
    };
    return {
      idx: typeof idx === 'number' ? idx : i,
      tag: typeof tag === 'string' ? tag : '',
      when: typeof when === 'number' ? when : Number.NaN,
      at: [node.offset, node.offset + node.length],
      whenAt: placeOf('when'),
      idxAt: placeOf('idx'),
    };
  });
  return { path, entries };
}
