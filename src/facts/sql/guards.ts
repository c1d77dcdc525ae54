import type { Range } from '../../core/finding.ts';
import { sameName, type Name } from './name.ts';
import type { ObjectKind, Operation } from './operation.ts';
import type { Statement } from './statement.ts';

/** Something that lets a statement pass when the file runs a second time. */
export type Guard =
  | {
      /** IF NOT EXISTS (SELECT ... FROM pg_policies ...) THEN, IF to_regclass('t') IS NULL THEN, or an early RETURN. */
      readonly kind: 'test';
      /** What the test must find for the statement to run; 'unknown' for a condition that says nothing about a catalogue. */
      readonly expects: 'absent' | 'present' | 'unknown';
      /** pg_policies, pg_type, information_schema.columns, to_regclass ...; empty where it reads none. */
      readonly catalogues: readonly string[];
      /** String literals in it: the names that it looks for. */
      readonly names: readonly string[];
      readonly at: Range;
    }
  | {
      /** EXCEPTION WHEN duplicate_object THEN ..., unless the handler raises again. */
      readonly kind: 'handler';
      /** Condition names in lower case ('others' catches all), or SQLSTATE codes. */
      readonly conditions: readonly string[];
      readonly at: Range;
    }
  | {
      /** Earlier in the same file it was dropped, so it can be made; or made, so it can be dropped. */
      readonly kind: 'dropped before' | 'made before';
      readonly object: ObjectKind | 'column' | 'constraint';
      readonly name: Name;
      readonly on?: Name | undefined;
      readonly at: Range;
    };

/** What protects one operation when its statement runs a second time; undefined where nothing does. */
export function guardOf({ guards, text }: Pick<Statement, 'guards' | 'text'>, operation: Operation): Guard | undefined {
  if (guards.length === 0) return undefined;
  const failure = failureOf(operation);
  return guards.find((guard) => protects(guard, failure, operation, text));
}

function protects(guard: Guard, { when, conditions }: Failure, operation: Operation, text: string): boolean {
  switch (guard.kind) {
    case 'handler':
      return guard.conditions.some(
        (condition) => condition === 'others' || conditions.includes(CODES[condition] ?? condition),
      );
    case 'test':
      return guard.expects !== when && isAbout(guard.names, guard.catalogues, text);
    case 'dropped before':
      return when === 'present' && isMadeAgain(guard, operation);
    case 'made before':
      return when === 'absent' && isSameDrop(guard, operation);
  }
}

/** What a file has dropped and made so far. */
export interface EarlierGuards {
  readonly add: (operations: readonly Operation[]) => void;
  /** Those that protect one of these operations. */
  readonly of: (operations: readonly Operation[]) => readonly Guard[];
}

const NONE: readonly Guard[] = [];

export function earlierGuards(around?: EarlierGuards): EarlierGuards {
  const byName = new Map<string, Earlier[]>();
  return {
    add: (operations) => {
      for (const operation of operations) {
        const guard = leftBehind(operation);
        if (!guard) continue;
        const known = byName.get(guard.name.name);
        if (known) known.push(guard);
        else byName.set(guard.name.name, [guard]);
      }
    },
    of: (operations) => {
      const outer = around?.of(operations) ?? NONE;
      if (byName.size === 0) return outer;
      const found = new Set<Guard>(outer);
      for (const operation of operations) {
        const candidates = namesIn(operation).flatMap((name) => byName.get(name) ?? []);
        if (candidates.length === 0) continue;
        const failure = failureOf(operation);
        for (const guard of candidates) if (protects(guard, failure, operation, '')) found.add(guard);
      }
      return found.size === 0 ? NONE : [...found];
    },
  };
}

/** The names under which something that protects the operation may have been dropped or made: its own, its table's, its schema's. */
function namesIn(operation: Operation): string[] {
  const own = leftBehind(operation)?.name;
  const table = 'table' in operation ? operation.table : undefined;
  return [own?.name, own?.schema, table?.name, table?.schema].filter((name) => name !== undefined);
}

/** A test that looks for other things than the statement names says nothing about it. */
function isAbout(names: readonly string[], catalogues: readonly string[], text: string): boolean {
  if (catalogues.length === 0 || names.length === 0) return true;
  const lower = text.toLowerCase();
  return names.some((name) => lower.includes(name.toLowerCase().split('.').at(-1)!.replaceAll('"', '')));
}

interface Failure {
  readonly when: 'present' | 'absent';
  readonly conditions: readonly string[];
}

/** How an operation fails the second time: because something is there already, or no longer; and with which conditions. */
function failureOf(operation: Operation): Failure {
  const present = (...conditions: string[]) => ({ when: 'present' as const, conditions });
  const absent = (...conditions: string[]) => ({ when: 'absent' as const, conditions });
  switch (operation.kind) {
    case 'create table':
    case 'create foreign table':
    case 'create table as':
    case 'create index':
    case 'create view':
    case 'create materialized view':
    case 'create sequence':
      return present('duplicate_table');
    case 'create schema':
      return present('duplicate_schema');
    case 'create function':
    case 'create procedure':
    case 'create aggregate':
    case 'create operator':
      return present('duplicate_function');
    case 'create database':
      return present('duplicate_database');
    case 'add column':
      return present('duplicate_column');
    case 'add constraint':
      // The index behind it is a relation: that is what already exists.
      if (operation.constraint.kind === 'primary key') return present('invalid_table_definition', 'duplicate_table');
      return present(
        operation.constraint.kind === 'unique' || operation.constraint.kind === 'exclude'
          ? 'duplicate_table'
          : 'duplicate_object',
      );
    case 'add identity':
      return present('object_not_in_prerequisite_state');
    case 'add enum value':
    case 'grant role':
      return present('duplicate_object');
    case 'attach partition':
      return present('wrong_object_type');
    case 'inherit':
      return present('duplicate_table');
    case 'alter publication':
      return operation.action === 'drop' ? absent('undefined_object', 'undefined_table') : present('duplicate_object');
    case 'insert':
    case 'copy':
    case 'merge':
      return present('unique_violation');
    case 'rename column':
    case 'drop column':
      return absent('undefined_column', 'duplicate_column');
    case 'drop table':
    case 'drop foreign table':
    case 'rename table':
      return absent('undefined_table', 'duplicate_table');
    case 'drop function':
    case 'drop procedure':
    case 'drop aggregate':
    case 'drop routine':
    case 'drop operator':
      return absent('undefined_function');
    case 'drop schema':
      return absent('invalid_schema_name');
    case 'rename enum value':
      return absent('invalid_parameter_value');
  }
  if (operation.kind.startsWith('create ')) return present('duplicate_object');
  if (operation.kind.startsWith('drop ')) {
    return absent(
      ...(RELATIONS.has(operation.kind.slice(5))
        ? ['undefined_table']
        : ['undefined_object', 'undefined_column', 'undefined_table']),
    );
  }
  return absent(
    'undefined_object',
    'undefined_table',
    'undefined_column',
    'undefined_function',
    'duplicate_object',
    'duplicate_table',
  );
}

const RELATIONS: ReadonlySet<string> = new Set(['index', 'view', 'materialized view', 'sequence']);

/** SQLSTATE codes of the same conditions. */
const CODES: Readonly<Record<string, string>> = {
  '22023': 'invalid_parameter_value',
  '23505': 'unique_violation',
  '3F000': 'invalid_schema_name',
  '3f000': 'invalid_schema_name',
  '42701': 'duplicate_column',
  '42703': 'undefined_column',
  '42704': 'undefined_object',
  '42710': 'duplicate_object',
  '42723': 'duplicate_function',
  '42809': 'wrong_object_type',
  '42883': 'undefined_function',
  '42p01': 'undefined_table',
  '42p04': 'duplicate_database',
  '42p06': 'duplicate_schema',
  '42p07': 'duplicate_table',
  '42p16': 'invalid_table_definition',
  '55000': 'object_not_in_prerequisite_state',
};

type Earlier = Extract<Guard, { readonly name: Name }>;

/** Whether the operation drops what was made. */
function isSameDrop({ object, name, on }: Earlier, operation: Operation): boolean {
  const drop = leftBehind(operation);
  if (drop?.kind !== 'dropped before' || !sameKind(drop.object, object) || !sameName(drop.name, name)) return false;
  return on === undefined || drop.on === undefined || sameName(on, drop.on);
}

/** Whether the operation makes again what was dropped: the object itself, or something that went with its table, type or schema. */
function isMadeAgain(guard: Earlier, operation: Operation): boolean {
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
