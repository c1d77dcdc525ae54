import type { Constraint, Reference, Type } from './column.ts';
import { printColumn, printIdentifier, printName, type Name } from './name.ts';
import type { Operation } from './operation.ts';
import { tableAt, type Step, type TablePast } from './past.ts';

/** A foreign key that an operation makes, and the table that it is on. */
export interface ForeignKey {
  readonly table: Name;
  readonly constraint: Constraint & { readonly references: Reference };
}

export function foreignKeysOf(operation: Operation): readonly ForeignKey[] {
  const keys = (table: Name, constraints: readonly Constraint[]): ForeignKey[] =>
    constraints.flatMap((constraint) => (constraint.references ? [{ table, constraint: { ...constraint, references: constraint.references } }] : []));
  switch (operation.kind) {
    case 'create table':
      return keys(operation.name, [...operation.columns.flatMap(({ constraints }) => constraints), ...operation.constraints]);
    case 'add column':
      return keys(operation.table, operation.column.constraints);
    case 'add constraint':
      return keys(operation.table, [operation.constraint]);
    default:
      return [];
  }
}

/** What is wrong between a foreign key and what it refers to. `refused`: PostgreSQL does not make it. */
export interface Mismatch {
  readonly message: string;
  readonly refused: boolean;
}

/** Holds a foreign key against the tables at the end of a past; undefined where all agrees, or where not all is known. */
export function mismatch({ table, constraint }: ForeignKey, past: readonly Step[]): Mismatch | undefined {
  const { references, columns } = constraint;
  const target = tableAt(past, references.table);
  const source = tableAt(past, table);
  if (!target || !isComplete(target) || constraint.temporal) return undefined;
  const primary = target.constraints.find(({ kind }) => kind === 'primary key');
  const name = printName(references.table);
  if (references.columns.length === 0 && !primary) {
    return { message: `The foreign key of ${printName(table)} (${list(columns)}) refers to ${name}, which has no primary key.`, refused: true };
  }
  const keys = references.columns.length > 0 ? references.columns : (primary?.columns ?? []);
  if (keys.length !== columns.length) return undefined;
  for (const [i, key] of keys.entries()) {
    const [own, other] = [source?.columns.get(columns[i]!)?.type, target.columns.get(key)?.type];
    const verdict = own && other && compare(own, other);
    if (!verdict) continue;
    const message = `The type of ${printColumn(table, columns[i]!)} is ${own.text}, and that of ${printColumn(references.table, key)}, which it refers to, is ${other.text}.`;
    return { message, refused: verdict === 'refused' };
  }
  if (references.columns.length === 0 || isUnique(target, keys)) return undefined;
  return { message: `The foreign key of ${printName(table)} (${list(columns)}) refers to ${name} (${list(keys)}), which nothing makes unique.`, refused: true };
}

const list = (columns: readonly string[]): string => columns.map(printIdentifier).join(', ');

/** All its columns and keys are written where it was made. */
const isComplete = ({ made, constraints }: TablePast): boolean =>
  made.like.length === 0 && made.inherits.length === 0 && !made.partitionOf && !made.ofType && !constraints.some(({ usingIndex }) => usingIndex !== undefined);

function isUnique({ constraints, indexes }: TablePast, keys: readonly string[]): boolean {
  const same = (columns: readonly (string | undefined)[]): boolean => columns.length === keys.length && keys.every((key) => columns.includes(key));
  return (
    constraints.some(({ kind, columns }) => (kind === 'primary key' || kind === 'unique') && same(columns)) ||
    indexes.some((index) => index.unique && !index.where && same(index.keys.map(({ column }) => column)))
  );
}

/** Types that PostgreSQL compares with each other. */
const FAMILIES: readonly (readonly string[])[] = [
  ['int2', 'int4', 'int8', 'numeric', 'float4', 'float8'],
  ['text', 'varchar', 'bpchar', 'name', 'citext'],
  ['date', 'timestamp', 'timestamptz'],
  ['uuid'],
  ['bool'],
  ['inet', 'cidr'],
  ['bytea'],
];
const SERIALS: ReadonlyMap<string, string> = new Map([
  ['smallserial', 'int2'],
  ['serial2', 'int2'],
  ['serial', 'int4'],
  ['serial4', 'int4'],
  ['bigserial', 'int8'],
  ['serial8', 'int8'],
]);

function compare(own: Type, other: Type): 'refused' | 'cast' | undefined {
  if (own.schema !== undefined || other.schema !== undefined || own.dimensions > 0 || other.dimensions > 0) return undefined;
  const [left, right] = [own, other].map(({ name }) => SERIALS.get(name) ?? name) as [string, string];
  const [a, b] = [left, right].map((name) => FAMILIES.findIndex((family) => family.includes(name))) as [number, number];
  // Of domains and of types of one's own nothing is known here.
  if (left === right || a < 0 || b < 0) return undefined;
  if (a !== b) return 'refused';
  return a === 1 ? undefined : 'cast';
}
