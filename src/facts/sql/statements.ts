import type { ChangeSet } from '../../core/change.ts';
import type { Subjects } from '../../core/fact.ts';
import type { Range } from '../../core/finding.ts';
import { isNotice, type Notice } from '../../core/notice.ts';
import { migrations, type Migration } from '../migrations.ts';
import { birthRegister, type Births } from './births.ts';
import { sqlFile } from './files.ts';
import { hintFor } from './hints.ts';
import type { SqlFile } from './read.ts';
import type { JudgedStatement } from './statement.ts';

/** Statements of changed migrations on their way up, in the order in which they run. Those inside DO blocks are `nested`. */
export const statements: Subjects<JudgedStatement> = async function* (change) {
  for await (const item of changedFiles(change)) {
    if (isNotice(item)) yield item;
    else if (item.births) yield* judged(item.file, item.migration, item.births);
  }
};

/** Something that PostgreSQL would refuse to read in a changed migration. */
export interface SqlError {
  readonly path: string;
  /** Exactly what it stumbles over; empty at the end of the text. */
  readonly range: Range;
  /** The statement that it is in. */
  readonly within: Range;
  /** In PostgreSQL's own words, without a full stop. */
  readonly message: string;
  /** A sentence of our own about a mistake that many make. */
  readonly hint?: string | undefined;
}

export const sqlErrors: Subjects<SqlError> = async function* (change) {
  for await (const item of changedFiles(change)) {
    if (isNotice(item)) yield item;
    else {
      const { path, text, errors, bodyErrors } = item.file;
      for (const error of [...errors, ...bodyErrors()]) yield { path, ...error, hint: hintFor(text, error) };
    }
  }
};

function* judged(file: SqlFile, migration: Migration | undefined, births: Births): Iterable<JudgedStatement> {
  for (const statement of file.statements) {
    if (statement.section === 'up') yield { migration, fresh: births.next(statement), ...statement };
  }
}

interface ChangedFile {
  readonly file: SqlFile;
  readonly migration: Migration | undefined;
  /** Absent for a file that undoes another. */
  readonly births?: Births;
}

/** Every changed file of a migration folder; notices for those that cannot be read or judged in full. */
async function* changedFiles({ base, head, changes }: ChangeSet): AsyncIterable<ChangedFile | Notice> {
  const touched = new Map(
    changes
      .filter(({ path, after }) => after !== undefined && path.endsWith('.sql'))
      .map(({ path, kind }) => [path, kind]),
  );
  if (touched.size === 0) return;
  // In an audit every file is added, but what one of them made was long there when the next one ran.
  const audit = (await base.paths()).length === 0;
  const { folders, loose } = await migrations(head);
  for (const folder of loose ? [...folders, loose] : folders) {
    const ofChange = birthRegister();
    for (const migration of folder.migrations) {
      const kind = touched.get(migration.path);
      if (kind === undefined) continue;
      const named = folder === loose;
      const births = kind === 'added' && !audit && !named ? ofChange : birthRegister();
      const file = await sqlFile(head, migration.path);
      if (isNotice(file)) yield file;
      else yield* [...file.notices, { file, migration: named ? undefined : migration, births }];
    }
    // What the runner passes over is judged all the same: somebody means to run it.
    for (const path of [...folder.unmatched, ...folder.downs]) {
      const file = touched.has(path) ? await sqlFile(head, path) : undefined;
      if (!file) continue;
      if (isNotice(file)) yield file;
      else if (folder.downs.includes(path)) yield { file, migration: undefined };
      else yield* [...file.notices, { file, migration: undefined, births: birthRegister() }];
    }
  }
}
