import type { Constraint, Type } from '../column.ts';
import type { Name } from '../name.ts';
import type { CreateIndex } from '../operation.ts';
import { columnsOf, constraintName } from '../past.ts';
import type { Use } from '../statement.ts';

/** An object as an operation names it. Two objects of one space and name are the same object. */
export interface Ref {
  /** 'relation' for tables, views, indexes and sequences; 'routine', 'type'; else the kind itself. */
  readonly space: string;
  /** In a message: "table", "view". */
  readonly label: string;
  readonly name: Name;
  /** The relation or type that it has its name from. */
  readonly on?: Ref | undefined;
  /** Argument types of a routine; absent where they are not written. */
  readonly signature?: string | undefined;
}

export const ref = (space: string, name: Name | string, on?: Ref, label = space): Ref => ({
  space,
  label,
  name: typeof name === 'string' ? { name } : name,
  on,
});

export const relation = (name: Name, label = 'table'): Ref => ref('relation', name, undefined, label);
export const column = (on: Ref, name: string): Ref => ref('column', name, on);
export const constraint = (on: Ref, name: string): Ref => ref('constraint', name, on);
export const domain = (name: Name): Ref => ref('type', name, undefined, 'domain');

const RELATIONS: ReadonlySet<string> = new Set([
  'table',
  'foreign table',
  'view',
  'materialized view',
  'index',
  'sequence',
]);
const ROUTINES: ReadonlySet<string> = new Set(['function', 'procedure', 'aggregate', 'routine']);
const ON_RELATIONS: ReadonlySet<string> = new Set(['column', 'constraint', 'policy', 'trigger', 'rule']);

/** An object by its kind, as DROP, RENAME and their like name it. */
export function objectRef(object: string, name: Name, on?: Name, types?: readonly Type[]): Ref {
  if (RELATIONS.has(object)) return relation(name, object);
  if (ROUTINES.has(object)) return { ...ref('routine', name, undefined, object), signature: types && signature(types) };
  if (object === 'type' || object === 'domain') return ref('type', name, undefined, object);
  if (object === 'enum value' || object === 'attribute') return ref(object, name, on && ref('type', on));
  if (ON_RELATIONS.has(object)) return ref(object, name, on && relation(on));
  return ref(object, name, object === 'user mapping' && on ? ref('server', on) : undefined);
}

const signature = (types: readonly Type[]): string =>
  types.map(({ name, dimensions }) => name + '[]'.repeat(dimensions)).join(' ');

/** What a statement uses: one of these is there. A table's row type has its name. */
export function usedRefs({ object, name, column: of }: Use): readonly Ref[] {
  if (object === 'column') return of === undefined || of === '*' ? [] : [column(relation(name), of)];
  const own = objectRef(object === 'relation' ? 'table' : object, name);
  return object === 'type' ? [own, relation(name)] : [own];
}

/** The name of a constraint, or the one that PostgreSQL gives it: a check on several columns has its table's. */
export function impliedName(table: Name, c: Constraint): string {
  const isOnTable = c.kind === 'check' && c.name === undefined && columnsOf(c).length !== 1;
  return isOnTable ? `${table.name}_check` : constraintName(table, c);
}

/** PostgreSQL's own name for an index that is given none. */
export const impliedIndexName = ({ table, keys }: CreateIndex): string =>
  [table.name, ...keys.map((key) => key.column ?? 'expr'), 'idx'].join('_');
