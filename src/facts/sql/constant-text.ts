import type { Node } from 'libpg-query';
import { as, qualifiedName } from './nodes.ts';

/** The text of a constant expression: a literal, literals joined by ||, format() of literals. */
export function constantText(node: Node): string | undefined {
  const literal = as(node, 'A_Const')?.sval;
  if (literal) return literal.sval ?? '';
  const cast = as(node, 'TypeCast');
  if (cast?.arg) return constantText(cast.arg);
  const joined = as(node, 'A_Expr');
  if (joined?.lexpr && joined.rexpr && as(joined.name?.[0], 'String')?.sval === '||') {
    const [left, right] = [constantText(joined.lexpr), constantText(joined.rexpr)];
    return left === undefined || right === undefined ? undefined : left + right;
  }
  const call = as(node, 'FuncCall');
  if (!call || qualifiedName(call.funcname).name !== 'format') return undefined;
  const [pattern, ...values] = (call.args ?? []).map(constantText);
  if (pattern === undefined || values.includes(undefined)) return undefined;
  let next = 0;
  return pattern.replace(/%(?:(\d+)\$)?(-?\d*)([sIL%])/g, (_, position: string | undefined, _width, type: string) => {
    if (type === '%') return '%';
    const given = values[position === undefined ? next++ : Number(position) - 1] ?? '';
    if (type === 'I') return /^[a-z_][a-z0-9_]*$/.test(given) ? given : `"${given.replaceAll('"', '""')}"`;
    return type === 'L' ? `'${given.replaceAll("'", "''")}'` : given;
  });
}
