import type { Table } from '../schema/schema.ts';
import { sameName, type Name } from './name.ts';
import type { Operation } from './operation.ts';
import type { Step } from './steps.ts';

/** Columns of a table that are to have no value twice. */
export interface Unique {
  readonly table: Name;
  readonly columns: readonly string[];
}

/** What an operation makes unique; expressions are left out, and nothing is left of an index of expressions alone. */
export function uniqueOf(operation: Operation): Unique | undefined {
  if (operation.kind === 'create index' && operation.unique) {
    if (operation.keys.some(({ column }) => column === undefined)) return undefined;
    return { table: operation.table, columns: operation.keys.flatMap(({ column }) => column ?? []) };
  }
  if (
    operation.kind === 'add constraint' &&
    operation.constraint.kind === 'unique' &&
    operation.constraint.usingIndex === undefined
  ) {
    return { table: operation.table, columns: operation.constraint.columns };
  }
  if (operation.kind !== 'add column' || !operation.column.constraints.some(({ kind }) => kind === 'unique'))
    return undefined;
  // Empty in every row, NULLs differ from each other; a constant default does not.
  const given = operation.column.default?.literal;
  return given && given.kind !== 'null' ? { table: operation.table, columns: [operation.column.name] } : undefined;
}

/** The file has deleted rows of the table, has given the columns new values, or has added one of them without a value. */
export const isSettled = ({ table, columns }: Unique, before: readonly Operation[]): boolean =>
  before.some((operation) => {
    if (!('table' in operation) || !operation.table || !sameName(operation.table, table)) return false;
    if (operation.kind === 'delete' || operation.kind === 'truncate' || operation.kind === 'merge') return true;
    if (operation.kind === 'update') return operation.sets.some(({ column }) => columns.includes(column));
    if (operation.kind !== 'add column' || !columns.includes(operation.column.name)) return false;
    const given = operation.column.default;
    return !given || given.literal === undefined || given.literal.kind === 'null';
  });

/** A DO block that looks at the table may raise an exception. */
export const isTested = (table: Name, before: readonly Step[]): boolean =>
  before.some(
    ({ operation }) =>
      operation.kind === 'do' && /\braise\s+exception\b/i.test(operation.body) && operation.body.includes(table.name),
  );

/** Some of the columns were unique already. */
export const wasUnique = ({ columns }: Unique, table: Table | undefined): boolean =>
  table?.indexes.some(
    ({ unique, where, keys }) =>
      unique && !where && keys.every(({ column }) => column !== undefined && columns.includes(column)),
  ) ?? false;
