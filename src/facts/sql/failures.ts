import type { Operation } from './operation.ts';

export interface Failure {
  readonly when: 'present' | 'absent';
  readonly conditions: readonly string[];
}

/** How an operation fails the second time: because something is there already, or no longer; and with which conditions. */
export function failureOf(operation: Operation): Failure {
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
export const CODES: Readonly<Record<string, string>> = {
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
