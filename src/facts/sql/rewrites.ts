import type { Schema } from '../schema/schema.ts';
import type { Type } from './column.ts';
import type { Operation } from './operation.ts';

const SERIALS: ReadonlyMap<string, string> = new Map([
  ['smallserial', 'int2'],
  ['serial2', 'int2'],
  ['serial', 'int4'],
  ['serial4', 'int4'],
  ['bigserial', 'int8'],
  ['serial8', 'int8'],
]);
const FRACTIONS: ReadonlySet<string> = new Set(['time', 'timetz', 'timestamp', 'timestamptz', 'interval']);
const SAME_BYTES: ReadonlySet<string> = new Set([
  'text varchar',
  'varchar text',
  'text citext',
  'citext text',
  'varchar citext',
  'cidr inet',
]);

/**
 * Whether ALTER COLUMN ... TYPE reads and rewrites every row. PostgreSQL only changes its catalogue where each old value is a new
 * one byte for byte: a longer varchar, text, a numeric with more digits before the point, more of a fraction of a second.
 */
export function rewrites(from: Type, to: Type): boolean {
  if (from.dimensions !== to.dimensions) return true;
  const [old, now] = [from, to].map(({ name }) => SERIALS.get(name) ?? name) as [string, string];
  if (SAME_BYTES.has(`${old} ${now}`)) return to.modifiers.length > 0;
  if (old !== now || (from.schema !== undefined && to.schema !== undefined && from.schema !== to.schema)) return true;
  const [before, after] = [from.modifiers, to.modifiers];
  if (old === 'numeric')
    return after.length > 0 && (before.length === 0 || (before[1] ?? 0) !== (after[1] ?? 0) || after[0]! < before[0]!);
  if (old === 'varchar' || old === 'varbit') return after.length > 0 && (before.length === 0 || after[0]! < before[0]!);
  if (FRACTIONS.has(old)) return (after.at(-1) ?? 6) < (before.at(-1) ?? 6);
  if (old === 'bpchar' || old === 'bit') return (after[0] ?? 1) !== (before[0] ?? 1);
  return before.join() !== after.join();
}

/** Whether PostgreSQL rewrites or tests every row for it, in the one walk over the rows that an ALTER TABLE has; `schema` is the one before. */
export function readsRows(operation: Operation, schema: Schema): boolean {
  switch (operation.kind) {
    case 'alter column type': {
      const from = schema.table(operation.table)?.columns.get(operation.column)?.type;
      return from !== undefined && (operation.using !== undefined || rewrites(from, operation.type));
    }
    case 'set not null':
    case 'set logged':
    case 'set unlogged':
    case 'set access method':
      return true;
    case 'add constraint':
      return operation.constraint.kind === 'check' && !operation.constraint.notValid;
    case 'add column': {
      const { generated, identity, default: given, constraints } = operation.column;
      const computed =
        given?.calls().some(({ name }) => /random|uuid|nextval|clock_timestamp/.test(name.name)) ?? false;
      return (
        generated?.stored === true ||
        identity !== undefined ||
        computed ||
        constraints.some(({ kind }) => kind === 'check')
      );
    }
    default:
      return false;
  }
}
