import type { ChangeSet, Head } from '../core/change.ts';
import type { Notice } from '../core/notice.ts';
import { compareMigrations, migrations, type Migration, type MigrationFolder } from './migrations.ts';
import { versionKey } from './versions.ts';

/** A version that a new migration has, and that somebody else took first. */
export interface Claim {
  readonly migration: Migration;
  /** The branch or work tree, as people name it. */
  readonly by: string;
  /** Their file. */
  readonly path: string;
  /** It is on the branch that all work is merged into. */
  readonly merged: boolean;
}

/** Claims on the versions of the migrations that a change adds, one for each; nothing is asked where it adds none. */
export async function* claims(change: ChangeSet): AsyncIterable<Claim | Notice> {
  const fresh = (await newMigrations(change)).filter(
    ({ layout, version }) => layout.key === 'version' && version !== '',
  );
  const heads = fresh.length > 0 ? await headsOf(change) : undefined;
  if (!heads) return;
  const [before, after] = [await migrations(change.base), await migrations(change.head)];
  const asked = heads.trunk ? [heads.trunk, ...heads.others] : heads.others;
  for (const migration of fresh) {
    const wanted = versionKey(migration);
    const versions = await Promise.all(asked.map((head) => versionsOf(head, migration.folder)));
    for (const [i, head] of asked.entries()) {
      const other = (versions[i]!.get(wanted) ?? []).find(
        // The same path is the same migration, at another stage: where it is not, Git itself stops the merge.
        ({ path }) => !after.at(path) && !before.at(path),
      );
      if (!other) continue;
      yield { migration, by: head.name, path: other.path, merged: head === heads.trunk };
      break;
    }
  }
  if (heads.more) {
    const message = `Claimed versions were looked for on the ${heads.others.length} newest branches that are not merged; older ones were left out.`;
    yield { notice: 'not-judged', message };
  }
}

/** The migrations that the branch of all work has in a folder, in order, and its name; undefined where head is its tip, or nothing is known of it. */
export async function trunkMigrations(
  change: ChangeSet,
  folder: MigrationFolder,
): Promise<{ readonly name: string; readonly migrations: readonly Migration[] } | undefined> {
  const trunk = (await headsOf(change))?.trunk;
  if (!trunk || !(await trunk.folder(folder.dir))) return undefined;
  const found = [...(await versionsOf(trunk, folder)).values()].flat();
  return { name: trunk.name, migrations: found.sort(compareMigrations) };
}

/** Migrations of head whose files the change brings, under this name at least. */
export async function newMigrations({ head, changes }: Pick<ChangeSet, 'head' | 'changes'>): Promise<Migration[]> {
  const added = changes.filter(({ path, kind }) => (kind === 'added' || kind === 'renamed') && path.endsWith('.sql'));
  if (added.length === 0) return [];
  const { at } = await migrations(head);
  return added.flatMap(({ path }) => at(path) ?? []);
}

const headsOf = async ({ heads, policies }: ChangeSet) => heads?.(policies?.head.base);

type Versions = ReadonlyMap<string, readonly Migration[]>;

/** Branches share most listings: each is read once for a folder. */
const known = new WeakMap<ReadonlyMap<string, string>, Map<string, Versions>>();

async function versionsOf(head: Head, folder: MigrationFolder): Promise<Versions> {
  const files = await head.folder(folder.dir);
  if (!files) return new Map();
  const byFolder = known.get(files) ?? new Map<string, Versions>();
  known.set(files, byFolder);
  const place = `${folder.layout.name} ${folder.dir}`;
  const found = byFolder.get(place) ?? readVersions([...files.keys()], folder);
  byFolder.set(place, found);
  return found;
}

function readVersions(files: readonly string[], folder: MigrationFolder): Versions {
  const { dir, layout } = folder;
  const found = new Map<string, Migration[]>();
  for (const below of files) {
    const groups = below.endsWith('.sql') ? layout.file.exec(below)?.groups : undefined;
    if (!groups || groups['down'] !== undefined || groups['repeat'] !== undefined) continue;
    const path = dir === '' ? below : `${dir}/${below}`;
    const migration: Migration = {
      path,
      version: groups['version'] ?? '',
      name: groups['name'] ?? '',
      layout,
      folder,
      repeatable: false,
    };
    const key = versionKey(migration);
    found.set(key, [...(found.get(key) ?? []), migration]);
  }
  return found;
}
