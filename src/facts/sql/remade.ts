import type { Guard } from './guards.ts';
import { sameName, type Name } from './name.ts';
import type { ObjectKind, Operation } from './operation.ts';

export type Earlier = Extract<Guard, { readonly name: Name }>;

/** The guard that an operation leaves behind for what follows it in the file. */
export function leftBehind(operation: Operation): Earlier | undefined {
  const { at } = operation;
  if (operation.kind === 'drop column' || operation.kind === 'add column') {
    const name = operation.kind === 'drop column' ? operation.column : operation.column.name;
    return {
      kind: operation.kind === 'drop column' ? 'dropped before' : 'made before',
      object: 'column',
      name: { name },
      on: operation.table,
      at,
    };
  }
  if (operation.kind === 'drop constraint' || operation.kind === 'add constraint') {
    const name = operation.kind === 'drop constraint' ? operation.constraint : operation.constraint.name;
    if (name === undefined) return undefined;
    return {
      kind: operation.kind === 'drop constraint' ? 'dropped before' : 'made before',
      object: 'constraint',
      name: { name },
      on: operation.table,
      at,
    };
  }
  if (!('object' in operation) || !('name' in operation) || operation.name === undefined) return undefined;
  const kind = operation.kind.startsWith('drop ')
    ? 'dropped before'
    : operation.kind.startsWith('create ')
      ? 'made before'
      : undefined;
  if (kind === undefined) return undefined;
  const table = 'table' in operation && operation.kind !== 'create index' ? operation.table : undefined;
  return {
    kind,
    object: operation.object as ObjectKind,
    name: operation.name,
    on: 'on' in operation ? operation.on : table,
    at,
  };
}

/** Whether the operation drops what was made. */
export function isSameDrop({ object, name, on }: Earlier, operation: Operation): boolean {
  const drop = leftBehind(operation);
  if (drop?.kind !== 'dropped before' || !sameKind(drop.object, object) || !sameName(drop.name, name)) return false;
  return on === undefined || drop.on === undefined || sameName(on, drop.on);
}

/** Whether the operation makes again what was dropped: the object itself, or something that went with its table, type or schema. */
export function isMadeAgain(guard: Earlier, operation: Operation): boolean {
  const { object, name, on } = guard;
  const gone = (kind: string, other: Name | undefined): boolean =>
    other !== undefined && sameKind(object, kind) && sameName(name, other);
  const inSchema = (other: Name): boolean => object === 'schema' && other.schema === name.name;
  if ('object' in operation && operation.kind.startsWith('create ') && 'name' in operation) {
    const made = operation.name;
    if ('table' in operation && operation.kind !== 'create index') {
      // Policies and triggers have their names from their tables.
      if (gone(operation.object, made) && on && sameName(on, operation.table)) return true;
      return gone('table', operation.table) || gone('view', operation.table) || inSchema(operation.table);
    }
    if (operation.kind === 'create index' && (gone('table', operation.table) || inSchema(operation.table))) return true;
    return gone(operation.object, made) || inSchema(made);
  }
  if (operation.kind === 'add column' || operation.kind === 'add constraint') {
    if (gone('table', operation.table) || inSchema(operation.table)) return true;
    const own = operation.kind === 'add column' ? operation.column.name : operation.constraint.name;
    const kind = operation.kind === 'add column' ? 'column' : 'constraint';
    return (
      own !== undefined && object === kind && name.name === own && on !== undefined && sameName(on, operation.table)
    );
  }
  if (operation.kind === 'insert' || operation.kind === 'copy')
    return operation.table !== undefined && gone('table', operation.table);
  return 'table' in operation && operation.table !== undefined && gone('table', operation.table);
}

/** DROP FUNCTION, PROCEDURE and ROUTINE reach each other, DROP TYPE reaches domains. */
const sameKind = (dropped: string, made: string): boolean =>
  dropped === made ||
  (ROUTINES.has(dropped) && ROUTINES.has(made)) ||
  (made === 'domain' && dropped === 'type') ||
  (made === 'foreign table' && dropped === 'table');

const ROUTINES: ReadonlySet<string> = new Set(['function', 'procedure', 'routine', 'aggregate']);
