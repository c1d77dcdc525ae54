import type { DefElem, Node, VariableSetStmt } from 'libpg-query';
import { as, nameOf, stringsOf } from '../nodes.ts';

/** WITH (...) and its like: lower-case names to values as text, 'true' where none is written. */
export function optionsOf(nodes: readonly Node[] | undefined): ReadonlyMap<string, string> {
  return new Map(
    elementsOf(nodes).map((element) => [
      (element.defname ?? '').toLowerCase(),
      element.arg ? valueOf(element.arg) : 'true',
    ]),
  );
}

export const elementsOf = (nodes: readonly Node[] | undefined): readonly DefElem[] =>
  (nodes ?? []).flatMap((node) => ('DefElem' in node ? [node.DefElem] : []));

/** One option's argument. */
export const elementOf = (nodes: readonly Node[] | undefined, name: string): DefElem | undefined =>
  elementsOf(nodes).find(({ defname }) => defname === name);

/** A literal, a name or a list of them, as text. */
export function valueOf(node: Node | undefined): string {
  if (!node) return '';
  if ('String' in node) return node.String.sval ?? '';
  if ('Integer' in node) return String(node.Integer.ival ?? 0);
  if ('Float' in node) return node.Float.fval ?? '';
  if ('Boolean' in node) return String(node.Boolean.boolval ?? false);
  if ('TypeName' in node) return nameOf(stringsOf(node.TypeName.names)).name;
  if ('List' in node) return (node.List.items ?? []).map(valueOf).join(', ');
  const constant = as(node, 'A_Const');
  if (constant?.sval) return constant.sval.sval ?? '';
  if (constant?.boolval) return String(constant.boolval.boolval ?? false);
  if (constant?.fval) return constant.fval.fval ?? '';
  return constant ? String(constant.ival?.ival ?? 0) : '';
}

/** The values of SET, joined by commas; an empty one is written as two quotes. */
export function settingValue({ kind, args }: VariableSetStmt): string | undefined {
  if (kind === 'VAR_SET_CURRENT') return 'from current';
  if (kind !== 'VAR_SET_VALUE' && kind !== 'VAR_SET_MULTI') return undefined;
  return (args ?? [])
    .map((node) => {
      const cast = as(node, 'TypeCast');
      const value = valueOf(cast ? cast.arg : node);
      return value === '' ? "''" : value;
    })
    .join(', ');
}
