import type { Change, ChangeSet } from '../core/change.ts';
import { isNotice } from '../core/notice.ts';
import type { Snapshot } from '../core/snapshot.ts';
import { trunkMigrations } from './claims.ts';
import { compareVersions, migrations, type Migration } from './migrations.ts';
import { sqlFile } from './sql/files.ts';
import { lex } from './sql/lexer.ts';

/** What a change does to a migration that databases may have run. */
export interface Edit {
  /** As it was. */
  readonly migration: Migration;
  readonly change: Change;
  /** 'rewrites': its statements, or for a runner with checksums any byte. 'renames': its path, and nothing else. */
  readonly does: 'rewrites' | 'renames' | 'deletes';
  /** What the runner makes of it: a clause without a full stop. */
  readonly effect: string;
}

/** Edits of migrations that are merged already, as far as they do harm. */
export async function* editsOfApplied(change: ChangeSet): AsyncIterable<Edit> {
  const touched = change.changes.filter(({ before }) => before !== undefined);
  if (!touched.some(({ path, from = path }) => from.endsWith('.sql'))) return;
  const { at } = await migrations(change.base);
  for (const one of touched) {
    const migration = at(one.from ?? one.path);
    if (!migration || migration.repeatable || (await isStillOpen(change, migration))) continue;
    const edit = one.kind === 'modified' ? await rewrite(change, migration) : await removal(change, migration, one);
    if (edit) yield { migration, change: one, ...edit };
  }
}

/** Nobody has run it in production: the policy says up to where they have, or it is not yet on the branch of all work. */
async function isStillOpen(change: ChangeSet, { folder, layout, version, path }: Migration): Promise<boolean> {
  if (folder.applied !== undefined && version !== '') return compareVersions(layout, version, folder.applied) > 0;
  const trunk = await trunkMigrations(change, folder);
  return trunk !== undefined && !trunk.migrations.some((merged) => merged.path === path);
}

async function rewrite(
  { base, head }: ChangeSet,
  { path, layout }: Migration,
): Promise<Pick<Edit, 'does' | 'effect'> | undefined> {
  // Without checksums, a comment or another indentation changes nothing for anybody.
  if (layout.edited.does === 'ignores' && (await meaning(base, path)) === (await meaning(head, path))) return undefined;
  return { does: 'rewrites', effect: layout.edited.words };
}

/** Every token of the way up, comments and white space left out. */
async function meaning(snapshot: Snapshot, path: string): Promise<string | undefined> {
  const file = await sqlFile(snapshot, path);
  if (isNotice(file)) return undefined;
  const texts =
    file.errors.length > 0
      ? [file.text]
      : file.statements.flatMap(({ section, text }) => (section === 'up' ? [text] : []));
  return texts
    .map((text) => {
      const { count, starts, ends } = lex(text);
      return Array.from({ length: count }, (_, t) => text.slice(starts[t], ends[t])).join('\0');
    })
    .join('\0;\0');
}

async function removal(
  { head }: ChangeSet,
  { layout, version, path, folder }: Migration,
  { kind, path: now }: Change,
): Promise<Pick<Edit, 'does' | 'effect'> | undefined> {
  const { at, folders } = await migrations(head);
  const heir =
    kind === 'renamed'
      ? at(now)
      : sameVersion(folders.find(({ dir }) => dir === folder.dir)?.migrations ?? [], layout, version);
  const gone = GONE.get(layout.name);
  if (!heir) return { does: 'deletes', effect: gone ?? 'a database that is built anew lacks what it made' };
  // The name behind the version is there for people, except where the whole name counts.
  const sameToRunner = layout.key === 'version' && compareVersions(layout, heir.version, version) === 0;
  if (heir.folder.dir === folder.dir && sameToRunner && !NAMED.has(layout.name)) return undefined;
  if (heir.folder.dir !== folder.dir && below(heir) === path.slice(folder.dir.length)) return undefined;
  return { does: 'renames', effect: gone ?? 'databases that have run it take it for a new one and run it again' };
}

const sameVersion = (
  migrations: readonly Migration[],
  layout: Migration['layout'],
  version: string,
): Migration | undefined =>
  layout.key === 'version'
    ? migrations.find((other) => compareVersions(layout, other.version, version) === 0)
    : undefined;

const below = ({ path, folder }: Migration): string => path.slice(folder.dir.length);

/** Runners that hold the description, or the whole file name, against what was run. */
const NAMED: ReadonlySet<string> = new Set(['flyway', 'graphile-migrate', 'atlas']);

/** What a runner does when a migration that a database has run is no longer there under its name. */
const GONE: ReadonlyMap<string, string> = new Map([
  ['supabase', '`supabase db push` stops with "Remote migration versions not found in local migrations directory"'],
  ['golang-migrate', 'golang-migrate stops at a database whose version has no file'],
  ['flyway', 'Flyway stops with "Detected applied migration not resolved locally"'],
  ['prisma', '`prisma migrate dev` finds it in the database and not in the folder, and wants to reset the database'],
  ['node-pg-migrate', 'node-pg-migrate stops, because its list no longer agrees with the database'],
  ['graphile-migrate', 'the chain of `--! Previous:` hashes breaks'],
  ['atlas', 'atlas.sum no longer agrees with the folder'],
  ['sqlx', 'sqlx stops with "was previously applied but is missing in the resolved migrations"'],
]);
