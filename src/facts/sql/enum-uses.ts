import type { Range } from '../../core/finding.ts';
import type { Column, Constraint } from './column.ts';
import type { Expression } from './expression.ts';
import { sameName, type Name } from './name.ts';
import type { Operation } from './operation.ts';
import type { Step } from './past.ts';

/** A column whose type is the enum in question. */
interface EnumColumn {
  readonly table: Name;
  readonly column: string;
}

/** The columns of a type, as far as the past shows them; tables and columns that went or changed since are still among them. */
export function columnsOfType(past: readonly Step[], type: Name): readonly EnumColumn[] {
  const found: EnumColumn[] = [];
  const take = (table: Name, { name, type: own }: Pick<Column, 'name' | 'type'>): void => {
    if (sameName(own, type)) found.push({ table, column: name });
  };
  for (const { operation } of past) {
    if (operation.kind === 'create table') for (const column of operation.columns) take(operation.name, column);
    else if (operation.kind === 'add column') take(operation.table, operation.column);
    else if (operation.kind === 'alter column type')
      take(operation.table, { name: operation.column, type: operation.type });
    else if (operation.kind === 'rename table') {
      const { name, to } = operation;
      found.push(
        ...found
          .filter(({ table }) => sameName(table, name))
          .map(({ column }) => ({ table: { ...name, name: to }, column })),
      );
    } else if (operation.kind === 'rename column') {
      const { name, on, to } = operation;
      if (on && found.some(({ table, column }) => sameName(table, on) && column === name.name))
        found.push({ table: on, column: to });
    }
  }
  return found;
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
