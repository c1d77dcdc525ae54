import type { Node, ObjectType } from 'libpg-query';
import type { Type } from '../column.ts';
import type { Name } from '../name.ts';
import { as, listOf, nameOf, qualifiedName, roleName, stringOf, stringsOf, typeOf } from '../nodes.ts';
import type { Source } from '../source.ts';

/** An object as DROP, COMMENT, ALTER ... RENAME and their like name it. */
export interface Named {
  readonly name: Name;
  /** The relation, domain or type that it belongs to. */
  readonly on?: Name | undefined;
  readonly arguments?: readonly Type[] | undefined;
}

/** PostgreSQL writes the name of each kind of object in a way of its own. */
export function objectOf(source: Source, type: ObjectType | undefined, node: Node | undefined): Named {
  const routine = as(node, 'ObjectWithArgs');
  if (routine) {
    const types = (routine.objargs ?? []).flatMap((arg) => ('TypeName' in arg ? [typeOf(source, arg.TypeName)] : []));
    return { name: qualifiedName(routine.objname), arguments: routine.args_unspecified ? undefined : types };
  }
  const typeName = as(node, 'TypeName');
  if (typeName) return { name: printedType(source, node) };
  const role = as(node, 'RoleSpec');
  if (role) return { name: { name: roleName(role) } };
  if (!node || !('List' in node)) return { name: { name: stringOf(node) } };

  const items = listOf(node);
  switch (type) {
    case 'OBJECT_CAST':
    case 'OBJECT_TRANSFORM':
      return { name: { name: items.map((item) => printedType(source, item).name).join(' as ') } };
    case 'OBJECT_DOMCONSTRAINT':
      return { name: { name: stringOf(items[1]) }, on: printedType(source, items[0]) };
    case 'OBJECT_OPCLASS':
    case 'OBJECT_OPFAMILY':
      // The access method stands before the name.
      return { name: nameOf(stringsOf(items).slice(1)) };
    case 'OBJECT_POLICY':
    case 'OBJECT_TRIGGER':
    case 'OBJECT_RULE':
    case 'OBJECT_TABCONSTRAINT':
    case 'OBJECT_COLUMN': {
      const parts = stringsOf(items);
      return { name: { name: parts.at(-1) ?? '' }, on: nameOf(parts.slice(0, -1)) };
    }
    default:
      return { name: nameOf(stringsOf(items)) };
  }
}

function printedType(source: Source, node: Node | undefined): Name {
  const type = as(node, 'TypeName');
  if (!type) return { name: stringOf(node) };
  const { schema, name } = typeOf(source, type);
  return schema === undefined ? { name } : { schema, name };
}
