import { defineFact } from '../../core/fact.ts';
import type { Snapshot } from '../../core/snapshot.ts';
import { migrations, type Migration, type MigrationFolder } from '../migrations.ts';
import type { Operation } from '../sql/operation.ts';
import type { JudgedStatement, Statement } from '../sql/statement.ts';
import { replayFile, replayFolder, type Replay } from './replay.ts';
import type { Schema } from './view.ts';

export type * from './objects.ts';
export type { Kind, Schema, Status } from './view.ts';
export type { Replay, ReplayStep } from './replay.ts';

/**
 * What all migrations of a folder make together, and every step on the way. Replayed once for each snapshot. Where `from` is given,
 * nothing may be asked about the migrations before it: they may have been replayed in another run.
 */
export const replay = async (snapshot: Snapshot, folder: MigrationFolder, from?: string): Promise<Replay> =>
  (await replays(snapshot)).ofFolder(folder, from);

/** The state after all migrations of a folder. */
export const schemaAt = async (snapshot: Snapshot, folder: MigrationFolder): Promise<Schema> =>
  (await replay(snapshot, folder)).end;

/** The state before a migration's first statement. */
export const schemaBeforeMigration = async (snapshot: Snapshot, { folder, path }: Migration): Promise<Schema> =>
  (await replay(snapshot, folder, path)).beforeFile(path);

/** The state after a migration's last statement. */
export const schemaAfterMigration = async (snapshot: Snapshot, { folder, path }: Migration): Promise<Schema> =>
  (await replay(snapshot, folder, path)).afterFile(path);

/**
 * The state before a statement, or before one of its operations, those inside its DO block included. A file that is no
 * migration is replayed alone, on a database of which nothing is known.
 */
export const schemaBefore = async (snapshot: Snapshot, statement: Judged, operation?: Operation): Promise<Schema> =>
  (await replayOf(snapshot, statement)).before(statement, operation);

/** The state after a statement, or after one of its operations. */
export const schemaAfter = async (snapshot: Snapshot, statement: Judged, operation?: Operation): Promise<Schema> =>
  (await replayOf(snapshot, statement)).after(statement, operation);

type Judged = Pick<Statement, 'path' | 'index'> & Pick<JudgedStatement, 'migration'>;

const replayOf = async (snapshot: Snapshot, { path, migration }: Judged): Promise<Replay> => {
  const known = await replays(snapshot);
  return migration ? known.ofFolder(migration.folder, path) : known.ofFile(path);
};

const replays = defineFact(async (snapshot) => {
  const { folders } = await migrations(snapshot);
  const byFolder = new Map<string, { readonly unasked: number; readonly replay: Promise<Replay> }>();
  const byPath = new Map<string, Promise<Replay>>();
  return {
    ofFolder: ({ dir }: MigrationFolder, from?: string): Promise<Replay> => {
      // A folder of another snapshot is asked for by its place.
      const folder = folders.find((own) => own.dir === dir);
      const unasked = Math.max(folder?.migrations.findIndex(({ path }) => path === from) ?? 0, 0);
      const known = byFolder.get(dir);
      if (known && known.unasked <= unasked) return known.replay;
      const found = replayFolder(snapshot, folder, unasked);
      byFolder.set(dir, { unasked, replay: found });
      return found;
    },
    ofFile: (path: string): Promise<Replay> => {
      const found = byPath.get(path) ?? replayFile(snapshot, path);
      byPath.set(path, found);
      return found;
    },
  };
});
