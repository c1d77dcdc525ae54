import type { CreateTableAsStmt, Node, ResTarget, SelectStmt, ViewStmt } from 'libpg-query';
import { expression } from '../expressions.ts';
import { as, relationName, stringsOf, typeOf } from '../nodes.ts';
import type { Operation, Output } from '../operation.ts';
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
      outputs: outputNames(stmt.query),
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
      outputs: outputNames(query),
      query: expression(source, query ?? [], start, pastQuery(source)),
      options: optionsOf(into?.options),
      withData: !into?.skipData,
    },
  ];
}

/** WITH [NO] DATA and WITH [CASCADED | LOCAL] CHECK OPTION are no part of the query. */
export function pastQuery(source: Source): number {
  const { end } = source;
  if (areWords(source, end - 2, 'with', 'data')) return end - 2;
  if (areWords(source, end - 3, 'with', 'no', 'data') || areWords(source, end - 3, 'with', 'check', 'option'))
    return end - 3;
  if (areWords(source, end - 2, 'check', 'option') && isWord(source, end - 4, 'with')) return end - 4;
  return end;
}

/** The names that a query gives its columns; '*' for a star, '' where none can be told. */
export const outputNames = (query: Node | undefined): string[] => targetsOf(query).map(outputName);

/** The columns that a query gives, as far as its words tell. Of a set operation, the first query names them. */
export function outputsOf(source: Source, query: Node | undefined): Output[] {
  const isUnion = as(query, 'SelectStmt')?.larg !== undefined;
  return targetsOf(query).map((target): Output => {
    const name = outputName(target);
    const { val } = target;
    const fields = stringsOf(as(val, 'ColumnRef')?.fields);
    // Another branch of a UNION may give the column a wider type.
    const column = !isUnion && fields.length > 0 ? { table: fields.at(-2), column: fields.at(-1)! } : undefined;
    const cast = isUnion ? undefined : as(val, 'TypeCast')?.typeName;
    return { name, column: name === '*' ? undefined : column, type: cast && typeOf(source, cast) };
  });
}

function targetsOf(query: Node | undefined): ResTarget[] {
  let select: SelectStmt | undefined = as(query, 'SelectStmt');
  while (select?.larg) select = select.larg;
  return (select?.targetList ?? []).flatMap((node) => as(node, 'ResTarget') ?? []);
}

function outputName({ name, val }: ResTarget): string {
  const field = as(val, 'ColumnRef')?.fields?.at(-1);
  return name ?? (field && 'A_Star' in field ? '*' : nameOfValue(val));
}

/** The name that PostgreSQL gives a column without an alias: that of a column, a function, a type, a construct. */
function nameOfValue(value: Node | undefined): string {
  if (!value) return '';
  if ('ColumnRef' in value) return stringsOf(value.ColumnRef.fields).at(-1) ?? '';
  if ('FuncCall' in value) return stringsOf(value.FuncCall.funcname).at(-1) ?? '';
  if ('TypeCast' in value) {
    const { arg, typeName } = value.TypeCast;
    const inner = nameOfValue(arg);
    return inner === '' || inner === UNNAMED ? (stringsOf(typeName?.names).at(-1) ?? '') : inner;
  }
  if ('CollateClause' in value) return nameOfValue(value.CollateClause.arg);
  if ('CoalesceExpr' in value) return 'coalesce';
  if ('CaseExpr' in value) {
    const inner = nameOfValue(value.CaseExpr.defresult);
    return inner === '' || inner === UNNAMED ? 'case' : inner;
  }
  if ('SubLink' in value) {
    const { subLinkType, subselect } = value.SubLink;
    if (subLinkType === 'EXISTS_SUBLINK') return 'exists';
    if (subLinkType === 'ARRAY_SUBLINK') return 'array';
    return subLinkType === 'EXPR_SUBLINK' ? (outputNames(subselect)[0] ?? '') : UNNAMED;
  }
  if ('A_ArrayExpr' in value) return 'array';
  if ('RowExpr' in value) return 'row';
  if ('A_Expr' in value) return value.A_Expr.kind === 'AEXPR_NULLIF' ? 'nullif' : UNNAMED;
  return 'A_Const' in value || 'BoolExpr' in value || 'NullTest' in value ? UNNAMED : '';
}

const UNNAMED = '?column?';
