import type { A_Const, ColumnRef, FuncCall, Node, RangeVar, SQLValueFunction, TypeName } from 'libpg-query';
import type { ColumnUse, Expression, FunctionCall, Literal, RelationUse } from './expression.ts';
import type { Name } from './name.ts';
import { as, nameOf, qualifiedName, relationName, stringsOf, typeOf } from './nodes.ts';
import { nameRange, rangeOf, textBetween, tokenAt, type Source } from './source.ts';
import { walk, type Met } from './walk.ts';

/** The expression or query `node`, written between the tokens `from` and `to`. */
export function expression(source: Source, node: Node | readonly Node[], from: number, to: number): Expression {
  const met = once(() => telling(node));
  return {
    text: textBetween(source, from, to),
    at: rangeOf(source, from, to),
    literal: 'length' in node ? undefined : literalOf(node),
    calls: once(() => calls(source, met())),
    columns: once(() => columns(source, met())),
    relations: once(() => relations(source, met())),
    types: once(() => types(source, met())),
    strings: once(() => strings(met())),
    alwaysTrue: once(() => !('length' in node) && truth(node) === true),
  };
}

/** Remembers what `derive` gives. */
export function once<T>(derive: () => T): () => T {
  let known: { readonly value: T } | undefined;
  return () => (known ??= { value: derive() }).value;
}

const TELLING: ReadonlySet<string> = new Set([
  'A_Const',
  'ColumnRef',
  'CommonTableExpr',
  'FuncCall',
  'RangeVar',
  'SQLValueFunction',
  'TypeName',
]);

/** The nodes that anything is told from: whoever asks for calls asks for columns, too, and one walk serves both. */
function telling(tree: unknown): readonly Met[] {
  const found: Met[] = [];
  walk(tree, (node) => {
    if (TELLING.has(node.kind)) found.push(node);
  });
  return found;
}

function literalOf(node: Node): Literal | undefined {
  let inner: Node | undefined = node;
  while (inner && 'TypeCast' in inner) inner = inner.TypeCast.arg;
  const constant = as(inner, 'A_Const');
  return constant && constantOf(constant);
}

function constantOf(constant: A_Const): Literal {
  if (constant.isnull) return { kind: 'null', text: 'null' };
  if (constant.boolval) return { kind: 'boolean', text: String(constant.boolval.boolval ?? false) };
  if (constant.sval) return { kind: 'string', text: constant.sval.sval ?? '' };
  if (constant.bsval) return { kind: 'string', text: constant.bsval.bsval ?? '' };
  return { kind: 'number', text: constant.fval?.fval ?? String(constant.ival?.ival ?? 0) };
}

function calls(source: Source, met: readonly Met[]): FunctionCall[] {
  const found: FunctionCall[] = [];
  for (const { kind, body, inScalarSelect } of met) {
    if (kind === 'FuncCall') {
      const call = body as FuncCall;
      const { schema, name } = qualifiedName(call.funcname);
      const token = tokenAt(source, call.location);
      found.push({
        // EXTRACT, POSITION, TRIM and the like are written without a schema.
        name: call.funcformat === 'COERCE_SQL_SYNTAX' || schema === undefined ? { name } : { schema, name },
        at: nameRange(source, token),
        inScalarSelect,
        arguments: call.args?.length ?? 0,
        strings: (call.args ?? []).map((argument) => {
          const literal = literalOf(argument);
          return literal?.kind === 'string' ? literal.text : undefined;
        }),
      });
    } else if (kind === 'SQLValueFunction') {
      const { op, location } = body as SQLValueFunction;
      const name = (op ?? '').replace(/^SVFOP_|_N$/g, '').toLowerCase();
      const token = tokenAt(source, location);
      found.push({ name: { name }, at: rangeOf(source, token, token + 1), inScalarSelect, arguments: 0, strings: [] });
    }
  }
  return found;
}

function columns(source: Source, met: readonly Met[]): ColumnUse[] {
  const found: ColumnUse[] = [];
  for (const { kind, body } of met) {
    if (kind !== 'ColumnRef') continue;
    const { fields = [], location } = body as ColumnRef;
    const parts = fields.map((field) => ('A_Star' in field ? '*' : (as(field, 'String')?.sval ?? '')));
    const table = parts.at(-2);
    found.push({ table, column: parts.at(-1) ?? '', at: nameRange(source, tokenAt(source, location)) });
  }
  return found;
}

/** Relations that are read or written anywhere; what WITH names is left out. */
function relations(source: Source, met: readonly Met[]): RelationUse[] {
  const found: { name: Name; at: RelationUse['at'] }[] = [];
  const named = new Set<string>();
  for (const { kind, body } of met) {
    if (kind === 'CommonTableExpr') named.add((body as { ctename?: string }).ctename ?? '');
    if (kind !== 'RangeVar') continue;
    const relation = body as RangeVar;
    if (relation.relname !== undefined) {
      found.push({ name: relationName(relation), at: nameRange(source, tokenAt(source, relation.location)) });
    }
  }
  return named.size === 0 ? found : found.filter(({ name }) => name.schema !== undefined || !named.has(name.name));
}

function types(source: Source, met: readonly Met[]): Name[] {
  const found: Name[] = [];
  for (const { kind, body } of met) {
    if (kind !== 'TypeName') continue;
    const { schema, name } = typeOf(source, body as TypeName);
    found.push(schema === undefined ? { name } : { schema, name });
  }
  return found;
}

function strings(met: readonly Met[]): string[] {
  const found: string[] = [];
  for (const { kind, body } of met) {
    const text = kind === 'A_Const' ? (body as A_Const).sval : undefined;
    if (text) found.push(text.sval ?? '');
  }
  return found;
}

/** What a condition is for every row, where its form alone says so. */
function truth(node: Node | undefined): boolean | undefined {
  const literal = node && literalOf(node);
  if (literal) {
    if (literal.kind === 'boolean') return literal.text === 'true';
    return 'TypeCast' in node! && literal.kind === 'string' ? /^(t|true|y|yes|on|1)$/i.test(literal.text) : undefined;
  }
  const logic = as(node, 'BoolExpr');
  if (logic) {
    const parts = (logic.args ?? []).map(truth);
    if (logic.boolop === 'NOT_EXPR') return parts[0] === undefined ? undefined : !parts[0];
    if (logic.boolop === 'OR_EXPR')
      return parts.includes(true) ? true : parts.every((p) => p === false) ? false : undefined;
    return parts.includes(false) ? false : parts.every((p) => p === true) ? true : undefined;
  }
  const comparison = as(node, 'A_Expr');
  if (comparison?.kind === 'AEXPR_OP' && stringsOf(comparison.name)[0] === '=') {
    const [left, right] = [comparison.lexpr, comparison.rexpr].map(sign);
    if (left !== undefined && right !== undefined)
      return left === right ? true : left[0] === '=' && right[0] === '=' ? false : undefined;
  }
  const link = as(node, 'SubLink');
  const select = link?.subLinkType === 'EXPR_SUBLINK' ? as(link.subselect, 'SelectStmt') : undefined;
  if (select && !select.fromClause && !select.whereClause && select.targetList?.length === 1) {
    return truth(as(select.targetList[0], 'ResTarget')?.val);
  }
  return undefined;
}

/** Something that is the same on both sides of an equation: a constant (after '='), or a column. */
function sign(node: Node | undefined): string | undefined {
  const literal = node && literalOf(node);
  if (literal) return literal.kind === 'null' ? undefined : `=${literal.text}`;
  const column = as(node, 'ColumnRef');
  return column?.fields && `.${JSON.stringify(nameOf(stringsOf(column.fields)))}`;
}
