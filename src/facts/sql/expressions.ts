import type { A_Const, ColumnRef, FuncCall, Node, RangeVar, SQLValueFunction, TypeName } from 'libpg-query';
import type { ColumnUse, Expression, FunctionCall, Literal, RelationUse } from './expression.ts';
import type { Name } from './name.ts';
import { as, nameOf, qualifiedName, relationName, stringsOf, typeOf } from './nodes.ts';
import { nameRange, rangeOf, textBetween, tokenAt, type Source } from './source.ts';
import { walk } from './walk.ts';

/** The expression or query `node`, written between the tokens `from` and `to`. */
export function expression(source: Source, node: Node | readonly Node[], from: number, to: number): Expression {
  return {
    text: textBetween(source, from, to),
    at: rangeOf(source, from, to),
    literal: 'length' in node ? undefined : literalOf(node),
    calls: once(() => calls(source, node)),
    columns: once(() => columns(source, node)),
    relations: once(() => relations(source, node)),
    types: once(() => types(source, node)),
    strings: once(() => strings(node)),
    alwaysTrue: once(() => !('length' in node) && truth(node) === true),
  };
}

/** Remembers what `derive` gives. */
export function once<T>(derive: () => T): () => T {
  let known: { readonly value: T } | undefined;
  return () => (known ??= { value: derive() }).value;
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

function calls(source: Source, tree: unknown): FunctionCall[] {
  const found: FunctionCall[] = [];
  walk(tree, ({ kind, body, inScalarSelect }) => {
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
  });
  return found;
}

function columns(source: Source, tree: unknown): ColumnUse[] {
  const found: ColumnUse[] = [];
  walk(tree, ({ kind, body }) => {
    if (kind !== 'ColumnRef') return;
    const { fields = [], location } = body as ColumnRef;
    const parts = fields.map((field) => ('A_Star' in field ? '*' : (as(field, 'String')?.sval ?? '')));
    const table = parts.at(-2);
    found.push({ table, column: parts.at(-1) ?? '', at: nameRange(source, tokenAt(source, location)) });
  });
  return found;
}

/** Relations that are read or written anywhere below; what WITH names is left out. */
export function relations(source: Source, tree: unknown): RelationUse[] {
  const found: { name: Name; at: RelationUse['at'] }[] = [];
  const named = new Set<string>();
  walk(tree, ({ kind, body }) => {
    if (kind === 'CommonTableExpr') named.add((body as { ctename?: string }).ctename ?? '');
    if (kind !== 'RangeVar') return;
    const relation = body as RangeVar;
    if (relation.relname !== undefined) {
      found.push({ name: relationName(relation), at: nameRange(source, tokenAt(source, relation.location)) });
    }
  });
  return named.size === 0 ? found : found.filter(({ name }) => name.schema !== undefined || !named.has(name.name));
}

function types(source: Source, tree: unknown): Name[] {
  const found: Name[] = [];
  walk(tree, ({ kind, body }) => {
    if (kind !== 'TypeName') return;
    const { schema, name } = typeOf(source, body as TypeName);
    found.push(schema === undefined ? { name } : { schema, name });
  });
  return found;
}

function strings(tree: unknown): string[] {
  const found: string[] = [];
  walk(tree, ({ kind, body }) => {
    const text = kind === 'A_Const' ? (body as A_Const).sval : undefined;
    if (text) found.push(text.sval ?? '');
  });
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
