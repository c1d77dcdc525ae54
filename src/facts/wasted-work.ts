import type { Subjects } from '../core/fact.ts';
import { isNotice } from '../core/notice.ts';
import { newMigrations } from './claims.ts';
import { fateOf, moments } from './dependencies.ts';
import type { Schema, Status } from './schema/schema.ts';
import { printColumn, printName } from './sql/name.ts';
import type { Operation } from './sql/operation.ts';
import type { JudgedStatement } from './sql/statement.ts';

/** Something that one migration of a change builds, and that the same change drops. */
export interface WastedWork {
  readonly statement: JudgedStatement;
  readonly operation: Operation;
  readonly what: string;
  /** "dropped in 3_b.sql". */
  readonly fate: string;
}

export const wastedWork: Subjects<WastedWork> = async function* (change) {
  const pending = new Set((await newMigrations(change)).map(({ path }) => path));
  // An audit has no change in which two steps would meet. Asked last, since it lists the tree.
  if (pending.size === 0 || (await change.base.paths()).length === 0) return;
  for await (const moment of moments(change)) {
    if (isNotice(moment) || !pending.has(moment.statement.path)) continue;
    const { statement, operation, replay } = moment;
    const found = built(operation, replay.after(moment.by, operation), replay.end);
    if (!found || found.status.is !== 'gone') continue;
    const { gone } = found.status;
    if (gone.what !== 'dropped' || !pending.has(gone.by.path ?? '')) continue;
    // Data may have gone through a table before the end of its file.
    if (operation.kind !== 'create index' && gone.by.path === statement.path) continue;
    yield {
      statement,
      operation,
      what: found.what,
      fate: fateOf(gone, statement.path).replace(/ above\b/, ' further down'),
    };
  }
};

/** What it made, and what has become of that in the end. */
function built(
  operation: Operation,
  after: Schema,
  end: Schema,
): { readonly what: string; readonly status: Status } | undefined {
  switch (operation.kind) {
    case 'create index': {
      const table = after.table(operation.table);
      if (!operation.named || !table) return undefined;
      const name = { schema: table.name.schema, name: operation.name.name };
      return { what: `index ${printName(operation.name)}`, status: end.status('relation', name) };
    }
    case 'create table': {
      const table = operation.temporary || operation.ifNotExists ? undefined : after.table(operation.name);
      return table && { what: `table ${printName(operation.name)}`, status: end.status('relation', table.name) };
    }
    case 'add column': {
      const table = operation.ifNotExists ? undefined : after.table(operation.table);
      const { name } = operation.column;
      return (
        table && {
          what: `column ${printColumn(operation.table, name)}`,
          status: end.status('column', { name }, table.name),
        }
      );
    }
    default:
      return undefined;
  }
}
