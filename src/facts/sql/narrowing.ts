import type { Schema } from '../schema/schema.ts';
import type { Type } from './column.ts';
import type { Expression } from './expression.ts';
import { printIdentifier, sameName } from './name.ts';
import type { Op } from './operation.ts';
import type { Step } from './steps.ts';

const INTEGERS: ReadonlyMap<string, { readonly rank: number; readonly digits: number }> = new Map(
  [
    ['int2', 1, 5],
    ['smallserial', 1, 5],
    ['serial2', 1, 5],
    ['int4', 2, 10],
    ['serial', 2, 10],
    ['serial4', 2, 10],
    ['int8', 3, 19],
    ['bigserial', 3, 19],
    ['serial8', 3, 19],
  ].map(([name, rank, digits]) => [name as string, { rank: rank as number, digits: digits as number }]),
);
const FLOATS: ReadonlySet<string> = new Set(['float4', 'float8']);
const TEXTS: ReadonlySet<string> = new Set(['text', 'varchar', 'bpchar', 'citext', 'name']);
/** What text can be turned into, if it happens to say one. */
const PARSED: ReadonlySet<string> = new Set([...INTEGERS.keys(), ...FLOATS, 'numeric', 'bool', 'uuid', 'json', 'jsonb', 'date', 'time', 'timetz', 'timestamp', 'timestamptz', 'interval', 'inet', 'cidr']); // prettier-ignore
const MOMENTS: ReadonlySet<string> = new Set(['timestamp', 'timestamptz']);

/**
 * What a change of type does to some values that the old type could hold, in words that follow the names of both types;
 * undefined where every value fits, or where nothing is known. `cut`: a cast in USING cuts text off where an assignment fails.
 */
export function narrowing(from: Type, to: Type, cut: boolean): string | undefined {
  if (from.dimensions !== to.dimensions || isOwn(from) || isOwn(to)) return undefined;
  const [before, after] = [INTEGERS.get(from.name), INTEGERS.get(to.name)];
  if (before && after) return after.rank < before.rank ? 'greater numbers make it fail' : undefined;
  if (after && (from.name === 'numeric' || FLOATS.has(from.name)))
    return 'fractions are rounded away, and greater numbers make it fail';
  if (to.name === 'numeric') return toNumeric(from, to);
  if (from.name === 'float8' && to.name === 'float4') return 'digits are lost';
  if (TEXTS.has(from.name)) return fromText(from, to, cut);
  if (MOMENTS.has(from.name) && to.name === 'date') return 'the time of day is lost';
  if (MOMENTS.has(from.name) && /^time(?:tz)?$/.test(to.name)) return 'the day is lost';
  if (/^(?:time|interval)/.test(from.name) && /^(?:time|interval)/.test(to.name)) {
    return (to.modifiers.at(-1) ?? 6) < (from.modifiers.at(-1) ?? 6) && from.name !== 'interval'
      ? 'parts of a second are rounded away'
      : undefined;
  }
  return undefined;
}

const isOwn = ({ schema }: Type): boolean => schema !== undefined && schema !== 'pg_catalog' && schema !== 'extensions';

function toNumeric(from: Type, to: Type): string | undefined {
  const [precision, scale = 0] = to.modifiers;
  if (precision === undefined) return undefined;
  const integer = INTEGERS.get(from.name);
  if (integer) return precision - scale < integer.digits ? 'greater numbers make it fail' : undefined;
  if (FLOATS.has(from.name)) return 'digits are rounded away, and greater numbers make it fail';
  if (from.name !== 'numeric') return TEXTS.has(from.name) ? 'text that is no number makes it fail' : undefined;
  const [old, oldScale = 0] = from.modifiers;
  if (old === undefined) return 'digits are rounded away, and greater numbers make it fail';
  if (precision - scale < old - oldScale) return 'greater numbers make it fail';
  return scale < oldScale ? 'digits behind the point are rounded away' : undefined;
}

function fromText(from: Type, to: Type, cut: boolean): string | undefined {
  if (TEXTS.has(to.name)) {
    const [most, room] = [longest(from), longest(to)];
    if (room >= most) return undefined;
    return cut ? 'longer values are cut off' : 'longer values make it fail';
  }
  return PARSED.has(to.name) ? `text that is no ${to.text.toLowerCase()} makes it fail` : undefined;
}

/** Characters that a type has room for. */
function longest({ name, modifiers }: Type): number {
  if (name === 'varchar') return modifiers[0] ?? Infinity;
  if (name === 'bpchar') return modifiers[0] ?? 1;
  return Infinity;
}

type TypeChange = Op<'alter column type'>;

/** A change after which some old values no longer fit, with both types as people know them; undefined where somebody has seen to it. */
export function narrowingChange(
  operation: TypeChange,
  schema: Schema,
  steps: readonly Step[],
): { readonly from: string; readonly to: string; readonly loss: string } | undefined {
  const { column, type, using } = operation;
  const table = schema.table(operation.table);
  const from = table?.columns.get(column)?.type;
  if (!table || !from || isConverted(using) || isMended(operation, steps)) return undefined;
  if (table.constraints.some((one) => one.kind === 'check' && one.validated && one.columns.includes(column)))
    return undefined;
  const loss = narrowing(from, type, using !== undefined) ?? lostValues(from, type, schema);
  return loss === undefined ? undefined : { from: printType(from, schema), to: printType(type, schema), loss };
}

/** As written; a type of one's own under its present name. */
const printType = (type: Type, schema: Schema): string =>
  schema.type(type) ? `${printIdentifier(type.name)}${'[]'.repeat(type.dimensions)}` : type.text;

/** More than a cast: somebody has thought of the values that do not fit. */
const isConverted = (using: Expression | undefined): boolean =>
  using !== undefined && (using.calls().length > 0 || /\bcase\b/i.test(using.text) || using.literal !== undefined);

/** In the same file, rows are changed or deleted for the sake of this column. */
const isMended = ({ table, column }: TypeChange, steps: readonly Step[]): boolean =>
  steps.some(({ operation }) => {
    if ((operation.kind !== 'update' && operation.kind !== 'delete') || !sameName(operation.table, table)) return false;
    const sets = operation.kind === 'update' && operation.sets.some((set) => set.column === column);
    return sets || (operation.where?.columns().some((use) => use.column === column) ?? false);
  });

/** Values of an enum that its successor does not have. */
function lostValues(from: Type, to: Type, schema: Schema): string | undefined {
  const [before, after] = [from, to].map((type) => schema.type(type));
  if (before?.kind !== 'enum' || after?.kind !== 'enum' || from.dimensions !== to.dimensions) return undefined;
  const lost = before.values.filter((value) => !after.values.includes(value)).map((value) => `'${value}'`);
  if (lost.length === 0) return undefined;
  return `rows with ${lost.slice(0, 3).join(' or ')}${lost.length > 3 ? ' and others' : ''} make it fail`;
}
