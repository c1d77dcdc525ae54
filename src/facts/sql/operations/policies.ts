import type { AlterPolicyStmt, CreatePolicyStmt, CreateTrigStmt, Node } from 'libpg-query';
import type { Expression } from '../expression.ts';
import { expression } from '../expressions.ts';
import { qualifiedName, relationName, roleNames, stringsOf } from '../nodes.ts';
import type { CreatePolicy, CreateTrigger, Operation } from '../operation.ts';
import { findWords, isSign, pastBrackets, type Source } from '../source.ts';
import { rangeBehind, whole } from './at.ts';

// PostgreSQL's bits of pg_trigger.tgtype.
const EVENTS = [
  ['insert', 4],
  ['delete', 8],
  ['update', 16],
  ['truncate', 32],
] as const;
const BEFORE = 2;
const INSTEAD = 64;

export function createTrigger(source: Source, stmt: CreateTrigStmt): Operation[] {
  const { events = 0, timing = 0 } = stmt;
  const operation: CreateTrigger = {
    kind: 'create trigger',
    object: 'trigger',
    name: { name: stmt.trigname ?? '' },
    nameAt: rangeBehind(source, 'trigger'),
    at: whole(source),
    ifNotExists: false,
    orReplace: stmt.replace ?? false,
    table: relationName(stmt.relation),
    constraint: stmt.isconstraint ?? false,
    timing: timing === BEFORE ? 'before' : timing === INSTEAD ? 'instead of' : 'after',
    events: EVENTS.flatMap(([event, bit]) => ((events & bit) === 0 ? [] : [event])),
    columns: stringsOf(stmt.columns),
    forEach: stmt.row ? 'row' : 'statement',
    function: qualifiedName(stmt.funcname),
    when: bracketed(source, stmt.whenClause, 'when'),
  };
  return [operation];
}

export function createPolicy(source: Source, stmt: CreatePolicyStmt): Operation[] {
  const operation: CreatePolicy = {
    kind: 'create policy',
    object: 'policy',
    name: { name: stmt.policy_name ?? '' },
    nameAt: rangeBehind(source, 'policy'),
    at: whole(source),
    ifNotExists: false,
    orReplace: false,
    table: relationName(stmt.table),
    permissive: stmt.permissive ?? false,
    command: (stmt.cmd_name ?? 'all') as CreatePolicy['command'],
    roles: roleNames(stmt.roles),
    rolesWritten: findWords(source, source.first, source.end, 'to') < source.end,
    using: bracketed(source, stmt.qual, 'using'),
    withCheck: bracketed(source, stmt.with_check, 'with', 'check'),
  };
  return [operation];
}

export const alterPolicy = (source: Source, stmt: AlterPolicyStmt): Operation[] => [
  {
    kind: 'alter policy',
    at: whole(source),
    name: { name: stmt.policy_name ?? '' },
    table: relationName(stmt.table),
    roles: stmt.roles && roleNames(stmt.roles),
    using: bracketed(source, stmt.qual, 'using'),
    withCheck: bracketed(source, stmt.with_check, 'with', 'check'),
  },
];

/** An expression in the brackets behind these words. */
function bracketed(source: Source, node: Node | undefined, ...words: readonly string[]): Expression | undefined {
  if (!node) return undefined;
  const open = findWords(source, source.first, source.end, ...words) + words.length;
  return isSign(source, open, '(') ? expression(source, node, open + 1, pastBrackets(source, open) - 1) : undefined;
}
