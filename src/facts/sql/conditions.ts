import type { Node } from 'libpg-query';
import type { Guard } from './guards.ts';
import { as, qualifiedName, stringsOf } from './nodes.ts';
import { walk } from './walk.ts';

/** What a condition in PL/pgSQL says about the database. */
export interface Condition {
  readonly expects: Extract<Guard, { kind: 'test' }>['expects'];
  readonly catalogues: readonly string[];
  readonly names: readonly string[];
}

/** Variables whose value came from a query, by lower-case name; 'found' is that of the last one. */
export type Known = ReadonlyMap<string, Condition>;

/** What holds in the branch in which the condition is not true. */
export const opposite = ({ expects, ...rest }: Condition): Condition => ({
  ...rest,
  expects: expects === 'absent' ? 'present' : expects === 'present' ? 'absent' : 'unknown',
});

/** Reads NOT EXISTS (SELECT ...), to_regclass(...) IS NULL, a count that is compared with 0, and what a variable holds of them. */
export function conditionOf(node: Node, known: Known): Condition {
  return { ...mentioned(node, known), expects: expectation(node, known) };
}

/** The catalogues and names that a query or condition looks for. */
export function mentioned(node: Node, known: Known = new Map()): Omit<Condition, 'expects'> {
  const catalogues = new Set<string>();
  const names = new Set<string>();
  walk(node, ({ kind, body }) => {
    if (kind === 'RangeVar') {
      const { schemaname, relname = '' } = body as { schemaname?: string; relname?: string };
      if (
        /^pg_/.test(relname) ||
        schemaname === 'information_schema' ||
        schemaname === 'pg_catalog' ||
        schemaname === 'cron'
      ) {
        catalogues.add(schemaname === undefined || schemaname === 'pg_catalog' ? relname : `${schemaname}.${relname}`);
      }
    } else if (kind === 'FuncCall') {
      const { name } = qualifiedName((body as { funcname?: Node[] }).funcname);
      if (/^to_reg/.test(name)) catalogues.add(name);
    } else if (kind === 'A_Const') {
      const text = (body as { sval?: { sval?: string } }).sval?.sval;
      if (text) names.add(text);
    } else if (kind === 'ColumnRef') {
      const variable = known.get(
        stringsOf((body as { fields?: Node[] }).fields)
          .join('.')
          .toLowerCase(),
      );
      for (const catalogue of variable?.catalogues ?? []) catalogues.add(catalogue);
      for (const name of variable?.names ?? []) names.add(name);
    }
  });
  return { catalogues: [...catalogues], names: [...names] };
}

function expectation(node: Node | undefined, known: Known): Condition['expects'] {
  if (!node) return 'unknown';
  if ('BoolExpr' in node) {
    const { boolop, args = [] } = node.BoolExpr;
    const parts = args.map((arg) => expectation(arg, known));
    if (boolop === 'NOT_EXPR') return flip(parts[0]);
    const told = parts.filter((part) => part !== 'unknown');
    const agree = told.every((part) => part === told[0]) ? told[0] : undefined;
    // Of "and", one part is enough; of "or", every part must say it.
    return agree !== undefined && (boolop === 'AND_EXPR' || told.length === parts.length) ? agree : 'unknown';
  }
  if ('SubLink' in node) {
    const { subLinkType, subselect, testexpr } = node.SubLink;
    if (subLinkType === 'EXISTS_SUBLINK' || (subLinkType === 'ANY_SUBLINK' && testexpr)) return 'present';
    if (subLinkType === 'ALL_SUBLINK') return 'absent';
    return output(subselect, known);
  }
  if ('NullTest' in node) {
    return node.NullTest.nulltesttype === 'IS_NULL'
      ? flip(found(node.NullTest.arg, known))
      : found(node.NullTest.arg, known);
  }
  if ('BooleanTest' in node) {
    const told = expectation(node.BooleanTest.arg, known);
    return node.BooleanTest.booltesttype === 'IS_FALSE' || node.BooleanTest.booltesttype === 'IS_NOT_TRUE'
      ? flip(told)
      : told;
  }
  if ('A_Expr' in node) {
    const { name, lexpr, rexpr } = node.A_Expr;
    const number = as(rexpr, 'A_Const');
    if (number && (number.ival || number.boolval)) {
      const told = isCount(lexpr) ? 'present' : found(lexpr, known);
      const operator = stringsOf(name)[0] ?? '';
      if (number.boolval) return number.boolval.boolval === (operator === '=') ? told : flip(told);
      const least = number.ival?.ival ?? 0;
      if (least === 0) return operator === '=' || operator === '<=' ? flip(told) : told;
      // How many there are of several is more than their being there.
      if (least > 1) return 'unknown';
      return operator === '<' ? flip(told) : told;
    }
  }
  if ('ColumnRef' in node || 'TypeCast' in node || 'SelectStmt' in node) return found(node, known);
  return 'unknown';
}

/** What it says that a value is there: a row was found, an identifier resolves. */
function found(node: Node | undefined, known: Known): Condition['expects'] {
  if (!node) return 'unknown';
  if ('TypeCast' in node) return found(node.TypeCast.arg, known);
  if ('ColumnRef' in node)
    return known.get(stringsOf(node.ColumnRef.fields).join('.').toLowerCase())?.expects ?? 'unknown';
  if ('SelectStmt' in node) return output(node, known);
  if ('FuncCall' in node) return /^to_reg/.test(qualifiedName(node.FuncCall.funcname).name) ? 'present' : 'unknown';
  if ('SubLink' in node) {
    const { subLinkType, subselect } = node.SubLink;
    return subLinkType === 'EXPR_SUBLINK' ? output(subselect, known) : expectation(node, known);
  }
  return expectation(node, known);
}

/** What it says that a query gives something: its rows exist, unless its only column says more. */
export function output(query: Node | undefined, known: Known): Condition['expects'] {
  const select = as(query, 'SelectStmt');
  if (!select) return 'unknown';
  const only = select.targetList?.length === 1 ? as(select.targetList[0], 'ResTarget')?.val : undefined;
  if (only && ('SubLink' in only || 'BoolExpr' in only || 'NullTest' in only || 'A_Expr' in only)) {
    const told = expectation(only, known);
    if (told !== 'unknown' || isComparison(only)) return told;
  }
  if (!select.fromClause) return only ? found(only, known) : 'unknown';
  return 'present';
}

const isCount = (node: Node | undefined): boolean => qualifiedName(as(node, 'FuncCall')?.funcname).name === 'count';

/** What it gives is true or false, and never tells whether a row is there. */
const isComparison = (node: Node): boolean => /^[<>=]+$/.test(stringsOf(as(node, 'A_Expr')?.name)[0] ?? '');

const flip = (told: Condition['expects'] | undefined): Condition['expects'] =>
  told === 'absent' ? 'present' : told === 'present' ? 'absent' : 'unknown';
