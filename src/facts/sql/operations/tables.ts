import type {
  CreateForeignTableStmt,
  CreateStmt,
  CreateTableAsStmt,
  IndexElem,
  Node,
  PartitionElem,
} from 'libpg-query';
import type { Column, Constraint } from '../column.ts';
import { columnOf, constraintOf } from '../columns.ts';
import { expression } from '../expressions.ts';
import { as, nameOf, qualifiedName, relationName, stringsOf } from '../nodes.ts';
import type { CreateTable, CreateTableAs, IndexKey, Operation } from '../operation.ts';
import {
  findWords,
  isSign,
  nameRange,
  pastBrackets,
  pastName,
  rangeOf,
  splitAtCommas,
  tokenAt,
  type Source,
} from '../source.ts';
import { whole } from './at.ts';
import { outputsOf, pastQuery } from './views.ts';

export const createTable = (source: Source, stmt: CreateStmt): Operation[] => [tableOf(source, stmt)];

export const createForeignTable = (source: Source, { base = {}, servername }: CreateForeignTableStmt): Operation[] => [
  { ...tableOf(source, base), kind: 'create foreign table', object: 'foreign table', server: servername },
];

function tableOf(source: Source, stmt: CreateStmt): CreateTable {
  const nameToken = tokenAt(source, stmt.relation?.location);
  const elements = stmt.tableElts ?? [];
  const columns: Column[] = [];
  const constraints: Constraint[] = [];
  const like: CreateTable['like'][number][] = [];
  let open = pastName(source, nameToken);
  if (elements.length > 0) while (open < source.end && !isSign(source, open, '(')) open++;
  const places = elements.length > 0 ? splitAtCommas(source, open + 1, pastBrackets(source, open) - 1) : [];
  elements.forEach((element, i) => {
    const [from, to] = places[i] ?? [open, source.end];
    if ('ColumnDef' in element) columns.push(columnOf(source, element.ColumnDef, from, to));
    else if ('Constraint' in element) {
      const constraint = constraintOf(source, element.Constraint, from, to);
      if (constraint) constraints.push(constraint);
    } else if ('TableLikeClause' in element) {
      const { relation, options = 0 } = element.TableLikeClause;
      like.push({ table: relationName(relation), all: options === ALL_OPTIONS, at: rangeOf(source, from, to) });
    }
  });
  const parents = (stmt.inhRelations ?? []).map((node) => relationName(as(node, 'RangeVar')));
  return {
    kind: 'create table',
    object: 'table',
    name: relationName(stmt.relation),
    nameAt: nameRange(source, nameToken),
    at: whole(source),
    ifNotExists: stmt.if_not_exists ?? false,
    orReplace: false,
    temporary: stmt.relation?.relpersistence === 't',
    unlogged: stmt.relation?.relpersistence === 'u',
    columns,
    constraints,
    partitionBy: stmt.partspec && {
      strategy: STRATEGIES[stmt.partspec.strategy ?? ''] ?? 'range',
      keys: keysOf(source, stmt.partspec.partParams, tokenAt(source, stmt.partspec.location)),
    },
    partitionOf: stmt.partbound && { parent: parents[0] ?? { name: '' }, default: stmt.partbound.is_default ?? false },
    inherits: stmt.partbound ? [] : parents,
    like,
    ofType: stmt.ofTypename && qualifiedName(stmt.ofTypename.names),
    accessMethod: stmt.accessMethod,
    tablespace: stmt.tablespacename,
  };
}

/** INCLUDING ALL, as PostgreSQL's CREATE_TABLE_LIKE_ALL has it. */
const ALL_OPTIONS = 0x7fffffff;

const STRATEGIES: Readonly<Record<string, 'range' | 'list' | 'hash'>> = {
  PARTITION_STRATEGY_RANGE: 'range',
  PARTITION_STRATEGY_LIST: 'list',
  PARTITION_STRATEGY_HASH: 'hash',
};

/** The keys of an index or a partitioning, in the first brackets behind `from`. */
export function keysOf(source: Source, nodes: readonly Node[] | undefined, from: number): IndexKey[] {
  let open = from;
  while (open < source.end && !isSign(source, open, '(')) open++;
  const places = splitAtCommas(source, open + 1, pastBrackets(source, open) - 1);
  return (nodes ?? []).map((node, i) => {
    const key: IndexElem & PartitionElem = as(node, 'IndexElem') ?? as(node, 'PartitionElem') ?? {};
    const [start, end] = places[i] ?? [open, open + 1];
    return {
      column: key.name,
      // An expression in brackets ends with them; a bare call ends with its own.
      expression:
        key.expr &&
        expression(
          source,
          key.expr,
          start,
          isSign(source, start, '(') ? pastBrackets(source, start) : pastCall(source, start, end),
        ),
      collation: key.collation && nameOf(stringsOf(key.collation)),
      operatorClass: key.opclass && nameOf(stringsOf(key.opclass)),
      descending: key.ordering === 'SORTBY_DESC',
    };
  });
}

function pastCall(source: Source, start: number, end: number): number {
  const open = pastName(source, start);
  return isSign(source, open, '(') ? pastBrackets(source, open, end) : end;
}

/** CREATE TABLE ... AS and SELECT ... INTO. */
export function createTableAs(
  source: Source,
  { into, if_not_exists, is_select_into, query }: CreateTableAsStmt,
): Operation[] {
  const name = tokenAt(source, into?.rel?.location);
  const start = findWords(source, pastName(source, name), source.end, 'as') + 1;
  const operation: CreateTableAs = {
    kind: 'create table as',
    object: 'table',
    form: is_select_into ? 'select into' : 'create table as',
    name: relationName(into?.rel),
    nameAt: nameRange(source, name),
    at: whole(source),
    ifNotExists: if_not_exists ?? false,
    orReplace: false,
    temporary: into?.rel?.relpersistence === 't',
    unlogged: into?.rel?.relpersistence === 'u',
    withData: !into?.skipData,
    columns: stringsOf(into?.colNames),
    outputs: outputsOf(source, query),
    query: expression(source, query ?? [], start, pastQuery(source)),
  };
  return [operation];
}
