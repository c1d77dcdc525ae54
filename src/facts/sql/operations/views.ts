import type { CreateTableAsStmt, Node, SelectStmt, ViewStmt } from 'libpg-query';
import { expression } from '../expressions.ts';
import { as, relationName, stringsOf } from '../nodes.ts';
import type { Operation } from '../operation.ts';
import { areWords, findWords, isWord, nameRange, pastName, tokenAt, type Source } from '../source.ts';
import { whole } from './at.ts';
import { optionsOf } from './options.ts';

export function createView(source: Source, stmt: ViewStmt): Operation[] {
  const name = tokenAt(source, stmt.view?.location);
  const start = findWords(source, pastName(source, name), source.end, 'as') + 1;
  let recursive = false;
  for (let t = source.first; t < name; t++) recursive ||= isWord(source, t, 'recursive');
  return [
    {
      kind: 'create view',
      object: 'view',
      name: relationName(stmt.view),
      nameAt: nameRange(source, name),
      at: whole(source),
      ifNotExists: false,
      orReplace: stmt.replace ?? false,
      temporary: stmt.view?.relpersistence === 't',
      recursive,
      columns: stringsOf(stmt.aliases),
      outputs: outputsOf(stmt.query),
      query: expression(source, stmt.query ?? [], start, pastQuery(source)),
      options: optionsOf(stmt.options),
      withData: false,
    },
  ];
}

export function createMaterializedView(source: Source, { query, into, if_not_exists }: CreateTableAsStmt): Operation[] {
  const name = tokenAt(source, into?.rel?.location);
  const start = findWords(source, pastName(source, name), source.end, 'as') + 1;
  return [
    {
      kind: 'create materialized view',
      object: 'materialized view',
      name: relationName(into?.rel),
      nameAt: nameRange(source, name),
      at: whole(source),
      ifNotExists: if_not_exists ?? false,
      orReplace: false,
      temporary: false,
      recursive: false,
      columns: stringsOf(into?.colNames),
      outputs: outputsOf(query),
      query: expression(source, query ?? [], start, pastQuery(source)),
      options: optionsOf(into?.options),
      withData: !into?.skipData,
    },
  ];
}

/** WITH [NO] DATA and WITH [CASCADED | LOCAL] CHECK OPTION are no part of the query. */
function pastQuery(source: Source): number {
  const { end } = source;
  if (areWords(source, end - 2, 'with', 'data')) return end - 2;
  if (areWords(source, end - 3, 'with', 'no', 'data') || areWords(source, end - 3, 'with', 'check', 'option'))
    return end - 3;
  if (areWords(source, end - 2, 'check', 'option') && isWord(source, end - 4, 'with')) return end - 4;
  return end;
}

/** The names that a query gives its columns: an alias, a column's own name, a function's; '*' for a star, '' where none can be told. */
export function outputsOf(query: Node | undefined): string[] {
  let select: SelectStmt | undefined = as(query, 'SelectStmt');
  while (select?.larg) select = select.larg;
  return (select?.targetList ?? []).map((node) => {
    const { name, val } = as(node, 'ResTarget') ?? {};
    if (name !== undefined) return name;
    const fields = as(val, 'ColumnRef')?.fields;
    const field = fields?.at(-1);
    if (field) return 'A_Star' in field ? '*' : (as(field, 'String')?.sval ?? '');
    return stringsOf(as(val, 'FuncCall')?.funcname).at(-1) ?? '';
  });
}
