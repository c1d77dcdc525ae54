import type { Range } from '../../core/finding.ts';
import type { Schema } from '../schema/schema.ts';
import type { Constraint } from './column.ts';
import type { Expression } from './expression.ts';
import { sameName, type Name } from './name.ts';
import type { Operation } from './operation.ts';
import type { Step } from './steps.ts';

/** A column whose type is the enum in question. */
interface EnumColumn {
  readonly table: Name;
  readonly column: string;
}

/** The steps of a file that add a value to an enum. Few files have any, so the answer is kept for the many statements that ask. */
export function enumAdditions(steps: readonly Step[]): readonly Step[] {
  const known = ADDITIONS.get(steps) ?? steps.filter(({ operation }) => operation.kind === 'add enum value');
  ADDITIONS.set(steps, known);
  return known;
}

const ADDITIONS = new WeakMap<readonly Step[], readonly Step[]>();

/** The columns of a type, as far as the schema knows them. */
export function columnsOfType(schema: Schema, type: Name): readonly EnumColumn[] {
  return schema
    .tables()
    .flatMap((table) =>
      [...table.columns.values()]
        .filter((column) => column.type !== undefined && sameName(column.type, type))
        .map(({ name }) => ({ table: table.name, column: name })),
    );
}

/** Where an operation makes PostgreSQL read the text `value` as one of the enum `type`, whose columns are `columns`. */
export function useOfValue(
  operation: Operation,
  value: string,
  type: Name,
  columns: readonly EnumColumn[],
): Range | undefined {
  const isEnum = (table: Name, column: string): boolean =>
    columns.some((one) => one.column === column && sameName(one.table, table));
  const says = (expression: Expression | undefined): expression is Expression =>
    expression?.strings().includes(value) ?? false;
  const casts = (expression: Expression): boolean => expression.types().some((name) => sameName(name, type));
  /** An expression that compares, casts or gives the value, in a place that names no target. */
  const inside = (expression: Expression | undefined, ...tables: readonly Name[]): Range | undefined => {
    if (!says(expression)) return undefined;
    const all = [...tables, ...expression.relations().map(({ name }) => name)];
    const compares = expression.columns().some(({ column }) => all.some((table) => isEnum(table, column)));
    return compares || casts(expression) ? expression.at : undefined;
  };
  /** A value that goes into a column. */
  const into = (expression: Expression | undefined, goes: boolean): Range | undefined =>
    says(expression) && (goes || casts(expression)) ? expression.at : undefined;
  const check = (table: Name, constraints: readonly Constraint[]): Range | undefined =>
    first(constraints, ({ expression }) => inside(expression, table));

  switch (operation.kind) {
    case 'insert': {
      const { table, query } = operation;
      const goes = columns.some(
        (one) =>
          sameName(one.table, table) && (operation.columns.length === 0 || operation.columns.includes(one.column)),
      );
      return into(query, goes) ?? inside(query);
    }
    case 'update': {
      const { table, sets, where } = operation;
      return (
        first(sets, (set) => into(set.value, isEnum(table, set.column)) ?? inside(set.value, table)) ??
        inside(where, table)
      );
    }
    case 'delete':
      return inside(operation.where, operation.table);
    case 'set default':
      return into(operation.default, isEnum(operation.table, operation.column));
    case 'alter column type':
      return inside(operation.using, operation.table);
    case 'add column': {
      const { column, table } = operation;
      return into(column.default, sameName(column.type, type)) ?? check(table, column.constraints);
    }
    case 'create table': {
      const { name, columns: own, constraints } = operation;
      return (
        first(own, (column) => into(column.default, sameName(column.type, type)) ?? check(name, column.constraints)) ??
        check(name, constraints)
      );
    }
    case 'add constraint':
      return check(operation.table, [operation.constraint]);
    case 'create index': {
      const { table, where, keys } = operation;
      return inside(where, table) ?? first(keys, ({ expression }) => inside(expression, table));
    }
    case 'create policy':
    case 'alter policy':
      return inside(operation.using, operation.table) ?? inside(operation.withCheck, operation.table);
    case 'create trigger':
      return inside(operation.when, operation.table);
    case 'create view':
    case 'create materialized view':
    case 'select':
      return inside(operation.query);
    default:
      return undefined;
  }
}

function first<T>(items: readonly T[], find: (item: T) => Range | undefined): Range | undefined {
  for (const item of items) {
    const found = find(item);
    if (found) return found;
  }
  return undefined;
}
