import type {
  CallStmt,
  ClusterStmt,
  ConstraintsSetStmt,
  DiscardStmt,
  LockStmt,
  RefreshMatViewStmt,
  ReindexStmt,
  TransactionStmt,
  VacuumStmt,
  VariableSetStmt,
} from 'libpg-query';
import { as, qualifiedName, relationName } from '../nodes.ts';
import type { Operation, Reindex, TransactionControl } from '../operation.ts';
import { nameRange, tokenAt, type Source } from '../source.ts';
import { whole } from './at.ts';
import { elementsOf, settingValue, valueOf } from './options.ts';

const CONTROLS: Readonly<Record<string, TransactionControl['kind']>> = {
  TRANS_STMT_BEGIN: 'begin',
  TRANS_STMT_START: 'begin',
  TRANS_STMT_COMMIT: 'commit',
  TRANS_STMT_ROLLBACK: 'rollback',
  TRANS_STMT_SAVEPOINT: 'savepoint',
  TRANS_STMT_RELEASE: 'release savepoint',
  TRANS_STMT_ROLLBACK_TO: 'rollback to savepoint',
  TRANS_STMT_PREPARE: 'prepare transaction',
  TRANS_STMT_COMMIT_PREPARED: 'commit prepared',
  TRANS_STMT_ROLLBACK_PREPARED: 'rollback prepared',
};

export const transaction = (source: Source, { kind, chain, savepoint_name, gid }: TransactionStmt): Operation[] => [
  { kind: CONTROLS[kind ?? ''] ?? 'begin', at: whole(source), chain: chain ?? false, name: savepoint_name ?? gid },
];

export const setConstraints = (source: Source, _: ConstraintsSetStmt): Operation[] => [
  { kind: 'set constraints', at: whole(source), chain: false },
];

export function set(source: Source, stmt: VariableSetStmt): Operation[] {
  const { kind, name = '', is_local: local } = stmt;
  const at = whole(source);
  // SET TRANSACTION and SET SESSION CHARACTERISTICS AS TRANSACTION are settings to the grammar.
  if (kind === 'VAR_SET_MULTI' && name.startsWith('TRANSACTION'))
    return [{ kind: 'set transaction', at, chain: false }];
  if (kind === 'VAR_RESET_ALL') return [{ kind: 'reset', at, setting: 'all', byFunction: false }];
  const setting = name.toLowerCase();
  if (kind === 'VAR_RESET') return [{ kind: 'reset', at, setting, byFunction: false }];
  return [{ kind: local ? 'set local' : 'set', at, setting, value: settingValue(stmt), byFunction: false }];
}

export const call = (source: Source, { funccall }: CallStmt): Operation[] => [
  { kind: 'call', at: whole(source), procedure: qualifiedName(funccall?.funcname) },
];

export const refresh = (source: Source, { relation, concurrent, skipData }: RefreshMatViewStmt): Operation[] => [
  {
    kind: 'refresh materialized view',
    at: whole(source),
    name: relationName(relation),
    concurrently: concurrent ?? false,
    withData: !skipData,
  },
];

const REINDEXED: Readonly<Record<string, Reindex['object']>> = {
  REINDEX_OBJECT_INDEX: 'index',
  REINDEX_OBJECT_TABLE: 'table',
  REINDEX_OBJECT_SCHEMA: 'schema',
  REINDEX_OBJECT_SYSTEM: 'system',
  REINDEX_OBJECT_DATABASE: 'database',
};

export const reindex = (source: Source, { kind, relation, name, params }: ReindexStmt): Operation[] => [
  {
    kind: 'reindex',
    at: whole(source),
    object: REINDEXED[kind ?? ''] ?? 'table',
    name: relation ? relationName(relation) : { name: name ?? '' },
    concurrently: isOn(params, 'concurrently'),
  },
];

/** VACUUM and ANALYZE: one operation for each table, one in all where no table is named. */
export function vacuum(source: Source, { is_vacuumcmd, options, rels }: VacuumStmt): Operation[] {
  const common = { kind: is_vacuumcmd ? ('vacuum' as const) : ('analyze' as const), full: isOn(options, 'full') };
  if (!rels) return [{ ...common, at: whole(source) }];
  return rels.map((node) => {
    const relation = as(node, 'VacuumRelation')?.relation;
    const at = rels.length === 1 ? whole(source) : nameRange(source, tokenAt(source, relation?.location));
    return { ...common, at, table: relationName(relation) };
  });
}

export const cluster = (source: Source, { relation }: ClusterStmt): Operation[] => [
  { kind: 'cluster', at: whole(source), table: relation && relationName(relation), full: false },
];

const MODES = ['', 'access share', 'row share', 'row exclusive', 'share update exclusive', 'share', 'share row exclusive', 'exclusive', 'access exclusive']; // prettier-ignore

export function lock(source: Source, { relations = [], mode = 8, nowait }: LockStmt): Operation[] {
  return relations.map((node) => {
    const relation = as(node, 'RangeVar');
    return {
      kind: 'lock',
      at: relations.length === 1 ? whole(source) : nameRange(source, tokenAt(source, relation?.location)),
      table: relationName(relation),
      mode: MODES[mode] ?? 'access exclusive',
      nowait: nowait ?? false,
    };
  });
}

export const discard = (source: Source, { target }: DiscardStmt): Operation[] => [
  {
    kind: 'other',
    at: whole(source),
    tag: `discard ${(target ?? 'DISCARD_ALL').slice('DISCARD_'.length).toLowerCase()}`,
  },
];

/** An option that is written without a value is on. */
const isOn = (options: VacuumStmt['options'], name: string): boolean =>
  elementsOf(options).some(
    ({ defname, arg }) => defname === name && (!arg || !/^(?:false|off|0)$/i.test(valueOf(arg))),
  );
