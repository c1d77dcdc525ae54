import type { Schema } from '../schema/schema.ts';
import { printIdentifier, printName, sameName, type Name } from './name.ts';
import type { Operation } from './operation.ts';

/** Views and foreign keys that are known to go with what an operation drops, as "view v". */
export function dependants(operation: Operation, schema: Schema): string[] {
  const views = (table: Name, column?: string) =>
    schema.viewsOn(table, column).map(({ kind, name }) => `${kind} ${printName(name)}`);
  const keys = (table: Name, column?: string) =>
    schema
      .referencing(table)
      .filter(
        (one) =>
          !sameName(one.table.name, table) &&
          (column === undefined || one.constraint.references?.columns.includes(column)),
      )
      .map((one) => `foreign key ${printIdentifier(one.constraint.name)} of ${printName(one.table.name)}`);
  if (operation.kind === 'drop column')
    return [...views(operation.table, operation.column), ...keys(operation.table, operation.column)];
  if (operation.kind === 'drop table') return [...views(operation.name), ...keys(operation.name)];
  return operation.kind === 'drop view' || operation.kind === 'drop materialized view' ? views(operation.name) : [];
}
