import type { Range } from '../../core/finding.ts';
import type { Constraint } from './column.ts';
import type { Name } from './name.ts';
import { qualifiedName, relationName, typeOf } from './nodes.ts';
import type { Operation } from './operation.ts';
import { nameRange, tokenAt, type Source } from './source.ts';
import type { Use } from './statement.ts';
import { walk, type Met } from './walk.ts';

/** What a statement needs to exist before it runs. */
export function usesOf(source: Source, operations: readonly Operation[]): readonly Use[] {
  const uses: Use[] = [];
  const add = (object: Use['object'], name: Name, at: Range, column?: string): void => {
    uses.push({ object, name, at, ...(column === undefined ? {} : { column }) });
    if (name.schema !== undefined && object !== 'schema' && object !== 'column')
      uses.push({ object: 'schema', name: { name: name.schema }, at });
  };
  const made = madeBy(operations);
  const named = new Set<string>();
  const met: Pick<Met, 'kind' | 'body'>[] = [];
  walk(source.node, (node) => {
    if (node.kind === 'CommonTableExpr') named.add((node.body as { ctename?: string }).ctename ?? '');
    else if (node.kind === 'RangeVar' || node.kind === 'FuncCall' || node.kind === 'TypeName') met.push(node);
  });
  for (const { kind, body } of met) {
    const { location } = body as { location?: number };
    if (kind === 'RangeVar') {
      const name = relationName(body);
      if (name.schema === undefined && named.has(name.name)) continue;
      if (made.some((own) => own.name === name.name && own.schema === name.schema)) {
        if (name.schema !== undefined)
          add('schema', { name: name.schema }, nameRange(source, tokenAt(source, location)));
        continue;
      }
      add('relation', name, nameRange(source, tokenAt(source, location)));
    } else if (kind === 'FuncCall') {
      const { funcname, funcformat } = body as { funcname?: never[]; funcformat?: string };
      if (funcformat !== 'COERCE_SQL_SYNTAX')
        add('function', qualifiedName(funcname), nameRange(source, tokenAt(source, location)));
    } else if (kind === 'TypeName') {
      const { schema, name, at } = typeOf(source, body);
      if (!name.endsWith('%type')) add('type', schema === undefined ? { name } : { schema, name }, at!);
    }
  }
  for (const operation of operations) ownUses(operation, add);
  return uses;
}

/** Relations that the statement itself brings, or that it tolerates to be missing. */
function madeBy(operations: readonly Operation[]): Name[] {
  return operations.flatMap((operation) => {
    if ('tableIfExists' in operation && operation.tableIfExists) return [operation.table];
    switch (operation.kind) {
      case 'create table':
      case 'create foreign table':
      case 'create table as':
      case 'create view':
      case 'create materialized view':
      case 'create sequence':
      case 'create type':
        return [operation.name];
      case 'alter sequence':
      case 'rename table':
      case 'rename view':
      case 'rename index':
        return operation.ifExists ? [operation.name] : [];
      default:
        return [];
    }
  });
}

type Add = (object: Use['object'], name: Name, at: Range, column?: string) => void;

/** What the parse tree keeps as plain strings: dropped objects, columns, trigger functions, roles. */
function ownUses(operation: Operation, add: Add): void {
  const { at } = operation;
  const column = (table: Name, name: string): void => add('column', table, at, name);
  const roles = (names: readonly string[]): void => {
    for (const name of names) if (!EVERYBODY.has(name)) add('role', { name }, at);
  };
  switch (operation.kind) {
    case 'create table':
    case 'create foreign table':
      for (const constraint of [...operation.constraints, ...operation.columns.flatMap((c) => c.constraints)])
        references(constraint, add);
      return;
    case 'add column':
      for (const constraint of operation.column.constraints) references(constraint, add);
      return;
    case 'add constraint':
      for (const name of operation.constraint.columns) column(operation.table, name);
      references(operation.constraint, add);
      return;
    case 'create index':
      for (const { column: name } of operation.keys) if (name !== undefined) column(operation.table, name);
      for (const name of operation.include) column(operation.table, name);
      return;
    case 'create trigger':
      add('function', operation.function, at);
      for (const name of operation.columns) column(operation.table, name);
      return;
    case 'create policy':
    case 'alter policy':
      roles(operation.roles ?? []);
      return;
    case 'grant':
    case 'revoke':
      roles(operation.roles);
      if (operation.target === 'all in schema' || operation.object === 'schema')
        for (const name of operation.names) add('schema', name, at);
      else if (operation.object === 'function' || operation.object === 'procedure' || operation.object === 'routine') {
        for (const name of operation.names) add('function', name, at);
      } else if (operation.object === 'type' || operation.object === 'domain')
        for (const name of operation.names) add('type', name, at);
      return;
    case 'alter default privileges':
      roles([...operation.roles, ...operation.forRoles]);
      for (const name of operation.schemas) add('schema', { name }, at);
      return;
    case 'grant role':
    case 'revoke role':
      roles([...operation.granted, ...operation.roles]);
      return;
    case 'change owner':
      roles([operation.owner]);
      return;
    case 'create extension':
      if (operation.schema !== undefined) add('schema', { name: operation.schema }, at);
      return;
    case 'set schema':
      if (!operation.ifExists) of(operation.object, operation.name, at, add);
      add('schema', { name: operation.schema }, at);
      return;
    case 'comment':
      if (operation.object === 'column') column(operation.on ?? operation.name, operation.name.name);
      else if (operation.on) add('relation', operation.on, at);
      else if (operation.object !== 'constraint' && operation.object !== 'large object')
        of(operation.object, operation.name, at, add);
      return;
    case 'rename column':
      if (operation.on && !operation.ifExists) column(operation.on, operation.name.name);
      return;
    case 'add enum value':
      add('type', operation.type, at);
      return;
    case 'rename enum value':
      if (operation.on) add('type', operation.on, at);
      return;
    case 'insert':
      for (const name of operation.columns) column(operation.table, name);
      return;
    case 'update':
      for (const set of operation.sets) column(operation.table, set.column);
      return;
    case 'drop column':
      if (!operation.ifExists && !operation.tableIfExists) column(operation.table, operation.column);
      return;
  }
  if (
    'column' in operation &&
    typeof operation.column === 'string' &&
    'table' in operation &&
    operation.table &&
    !('tableIfExists' in operation && operation.tableIfExists)
  ) {
    column(operation.table, operation.column);
  }
  if (
    operation.kind.startsWith('drop ') &&
    'ifExists' in operation &&
    !operation.ifExists &&
    'object' in operation &&
    'name' in operation
  ) {
    if ('on' in operation && operation.on) add('relation', operation.on, at);
    else of(operation.object, operation.name, at, add);
  }
}

const EVERYBODY: ReadonlySet<string> = new Set(['public', 'current_user', 'session_user', 'current_role']);

function references({ references: target, at }: Constraint, add: Add): void {
  for (const name of target?.columns ?? []) add('column', target!.table, at, name);
}

function of(object: string, name: Name, at: Range, add: Add): void {
  if (['table', 'view', 'materialized view', 'index', 'sequence', 'foreign table'].includes(object))
    add('relation', name, at);
  else if (['function', 'procedure', 'routine', 'aggregate'].includes(object)) add('function', name, at);
  else if (object === 'type' || object === 'domain') add('type', name, at);
  else if (object === 'schema' || object === 'role' || object === 'extension') add(object, name, at);
}
