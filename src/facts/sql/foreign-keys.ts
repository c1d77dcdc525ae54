import type { Schema, Table } from '../schema/schema.ts';
import type { Constraint, Reference, Type } from './column.ts';
import { printColumn, printIdentifier, printName, type Name } from './name.ts';
import type { Operation } from './operation.ts';

/** A foreign key that an operation makes, and the table that it is on. */
export interface ForeignKey {
  readonly table: Name;
  readonly constraint: Constraint & { readonly references: Reference };
}

export function foreignKeysOf(operation: Operation): readonly ForeignKey[] {
  const keys = (table: Name, constraints: readonly Constraint[]): ForeignKey[] =>
    constraints.flatMap((constraint) =>
      constraint.references ? [{ table, constraint: { ...constraint, references: constraint.references } }] : [],
    );
  switch (operation.kind) {
    case 'create table':
      return keys(operation.name, [
        ...operation.columns.flatMap(({ constraints }) => constraints),
        ...operation.constraints,
      ]);
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

/** Holds a foreign key against the schema in which it is made; undefined where all agrees, or where not all is known. */
export function mismatch({ table, constraint }: ForeignKey, schema: Schema): Mismatch | undefined {
  const { references, columns } = constraint;
  const [source, target] = [schema.table(table), schema.table(references.table)];
  if (!target || !target.columnsKnown || target.assumed || constraint.temporal) return undefined;
  const primary = target.constraints.find(({ kind }) => kind === 'primary key');
  const [from, to] = [`The foreign key of ${printName(table)} (${list(columns)})`, printName(references.table)];
  if (references.columns.length === 0 && !primary) {
    return schema.complete
      ? { message: `${from} refers to ${to}, which has no primary key.`, refused: true }
      : undefined;
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
  if (isUnique(target, keys) || !schema.complete) return undefined;
  return { message: `${from} refers to ${to} (${list(keys)}), which nothing makes unique.`, refused: true };
}

const list = (columns: readonly string[]): string => columns.map(printIdentifier).join(', ');

const isUnique = ({ indexes }: Table, keys: readonly string[]): boolean =>
  indexes.some(
    ({ unique, where, keys: own }) =>
      unique && !where && own.length === keys.length && keys.every((key) => own.some(({ column }) => column === key)),
  );

/** Types that PostgreSQL compares with each other; of numbers, those that it takes for each other without being asked, in order. */
const FAMILIES: readonly (readonly string[])[] = [
  ['int2', 'int4', 'int8', 'numeric', 'float4', 'float8'],
  ['text', 'varchar', 'bpchar'],
  ['date', 'timestamp', 'timestamptz'],
  ['uuid'],
  ['bool'],
  ['inet', 'cidr'],
  ['bytea'],
];
const INTEGERS = ['int2', 'int4', 'int8'];
const EXACT = [...INTEGERS, 'numeric'];

function compare(own: Type, other: Type): 'refused' | 'narrower' | undefined {
  if (own.schema !== undefined || other.schema !== undefined || own.dimensions > 0 || other.dimensions > 0)
    return undefined;
  const [from, to] = [own.name, other.name];
  const [a, b] = [from, to].map((name) => FAMILIES.findIndex((family) => family.includes(name))) as [number, number];
  // Of domains and of types of one's own nothing is known here.
  if (from === to || a < 0 || b < 0) return undefined;
  if (a !== b) return 'refused';
  if (INTEGERS.includes(from) && INTEGERS.includes(to)) {
    return INTEGERS.indexOf(from) < INTEGERS.indexOf(to) ? 'narrower' : undefined;
  }
  const fits =
    a !== 0 || INTEGERS.includes(from) || (from === 'numeric' && to.startsWith('float')) || !EXACT.includes(to);
  return fits ? undefined : 'refused';
}
