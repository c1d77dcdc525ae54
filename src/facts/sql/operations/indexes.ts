import type { IndexStmt } from 'libpg-query';
import { expression } from '../expressions.ts';
import { as, relationName } from '../nodes.ts';
import type { Operation } from '../operation.ts';
import { findWords, nameRange, pastName, tokenAt, tokenRange, type Source } from '../source.ts';
import { whole } from './at.ts';
import { keysOf } from './tables.ts';

export function createIndex(source: Source, stmt: IndexStmt): Operation[] {
  const { idxname, relation, whereClause } = stmt;
  const table = tokenAt(source, relation?.location);
  const on = findWords(source, source.first, table, 'on');
  const where = whereClause ? findWords(source, table, source.end, 'where') : source.end;
  const { schema } = relationName(relation);
  return [
    {
      kind: 'create index',
      object: 'index',
      // An index lives in the schema of its table.
      name: schema === undefined ? { name: idxname ?? '' } : { schema, name: idxname ?? '' },
      nameAt: idxname === undefined ? nameRange(source, table) : tokenRange(source, on - 1),
      at: whole(source),
      ifNotExists: stmt.if_not_exists ?? false,
      orReplace: false,
      table: relationName(relation),
      named: idxname !== undefined,
      concurrently: stmt.concurrent ?? false,
      unique: stmt.unique ?? false,
      only: !relation?.inh,
      method: stmt.accessMethod ?? 'btree',
      keys: keysOf(source, stmt.indexParams, pastName(source, table)),
      include: (stmt.indexIncludingParams ?? []).flatMap((node) => as(node, 'IndexElem')?.name ?? []),
      where: whereClause && expression(source, whereClause, where + 1, source.end),
      nullsNotDistinct: stmt.nulls_not_distinct ?? false,
    },
  ];
}
