import type { Type } from './column.ts';

const SERIALS: ReadonlyMap<string, string> = new Map([
  ['smallserial', 'int2'],
  ['serial2', 'int2'],
  ['serial', 'int4'],
  ['serial4', 'int4'],
  ['bigserial', 'int8'],
  ['serial8', 'int8'],
]);
const FRACTIONS: ReadonlySet<string> = new Set(['time', 'timetz', 'timestamp', 'timestamptz', 'interval']);
const SAME_BYTES: ReadonlySet<string> = new Set(['text varchar', 'varchar text', 'text citext', 'citext text', 'varchar citext', 'cidr inet']);

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
  if (old === 'numeric') return after.length > 0 && (before.length === 0 || (before[1] ?? 0) !== (after[1] ?? 0) || after[0]! < before[0]!);
  if (old === 'varchar' || old === 'varbit') return after.length > 0 && (before.length === 0 || after[0]! < before[0]!);
  if (FRACTIONS.has(old)) return (after.at(-1) ?? 6) < (before.at(-1) ?? 6);
  if (old === 'bpchar' || old === 'bit') return (after[0] ?? 1) !== (before[0] ?? 1);
  return before.join() !== after.join();
}
