import type { Node, ObjectType, RangeVar, RoleSpec, TypeName } from 'libpg-query';
import type { Type } from './column.ts';
import type { Name } from './name.ts';
import type { ObjectKind } from './operation.ts';
import {
  isSign,
  isWord,
  pastBrackets,
  pastName,
  rangeOf,
  textBetween,
  tokenAt,
  wordOf,
  type Source,
} from './source.ts';

// Small readings of the parse tree: it leaves out whatever is false, zero or empty.

/** A node of the parse tree without its wrapper, where it is of this kind. */
export function as<K extends string>(
  node: Node | undefined,
  kind: K,
): Extract<Node, Record<K, unknown>>[K & keyof Extract<Node, Record<K, unknown>>] | undefined {
  return node && kind in node ? (node as never)[kind] : undefined;
}

/** The kind of a node, and what it holds. */
export const kindOf = (node: Node): string => Object.keys(node)[0] ?? '';

export const stringOf = (node: Node | undefined): string => as(node, 'String')?.sval ?? '';

/** A list of strings; other nodes in it are left out. */
export const stringsOf = (nodes: readonly Node[] | undefined): string[] =>
  (nodes ?? []).flatMap((node) => ('String' in node ? [node.String.sval ?? ''] : []));

export const listOf = (node: Node | undefined): readonly Node[] => as(node, 'List')?.items ?? [];

export const relationName = ({ schemaname: schema, relname: name = '' }: RangeVar = {}): Name =>
  schema === undefined ? { name } : { schema, name };

/** [schema, name] or [name]; a database before them is left out. */
export function nameOf(parts: readonly string[]): Name {
  const name = parts.at(-1) ?? '';
  return parts.length > 1 ? { schema: parts.at(-2)!, name } : { name };
}

export const qualifiedName = (nodes: readonly Node[] | undefined): Name => nameOf(stringsOf(nodes));

/** A role as GRANT and TO name it: 'public', 'current_user' and its sisters in lower case. */
export function roleName(role: RoleSpec | undefined): string {
  switch (role?.roletype) {
    case 'ROLESPEC_PUBLIC':
      return 'public';
    case 'ROLESPEC_CURRENT_USER':
      return 'current_user';
    case 'ROLESPEC_SESSION_USER':
      return 'session_user';
    case 'ROLESPEC_CURRENT_ROLE':
      return 'current_role';
    default:
      return role?.rolename ?? '';
  }
}

export const roleNames = (nodes: readonly Node[] | undefined): string[] =>
  (nodes ?? []).map((node) => roleName(as(node, 'RoleSpec')));

/** The type that a name in the text stands for. */
export function typeOf(source: Source, type: TypeName | undefined): Type {
  const parts = stringsOf(type?.names);
  const { schema, name } = nameOf(parts);
  const from = type?.location === undefined && !type ? source.first : tokenAt(source, type?.location);
  const to = Math.max(from, pastType(source, from));
  const plain = schema === undefined || schema === 'pg_catalog' || type?.pct_type;
  return {
    schema: plain ? undefined : schema,
    name: type?.pct_type ? `${parts.join('.')}%type` : name,
    modifiers: (type?.typmods ?? []).flatMap((node) => {
      const value = as(node, 'A_Const')?.ival;
      return value ? [value.ival ?? 0] : [];
    }),
    dimensions: type?.arrayBounds?.length ?? 0,
    setof: type?.setof ?? false,
    text: textBetween(source, from, to),
    at: rangeOf(source, from, to),
  };
}

const TIME = new Set(['time', 'timestamp']);
const FIELDS = new Set(['year', 'month', 'day', 'hour', 'minute', 'second', 'to']);

/** One past the last token of a type that starts at `from`. */
function pastType(source: Source, from: number): number {
  let t = from;
  if (isWord(source, t, 'setof')) t++;
  const word = wordOf(source, t);
  t = pastName(source, t);
  if (word === 'double' && isWord(source, t, 'precision')) t++;
  if (
    (word === 'character' || word === 'char' || word === 'bit' || word === 'nchar' || word === 'national') &&
    isWord(source, t, 'varying', 'character', 'char')
  )
    t++;
  if (word === 'national' && isWord(source, t, 'varying')) t++;
  if (word === 'interval') while (FIELDS.has(wordOf(source, t))) t++;
  if (isSign(source, t, '(')) t = pastBrackets(source, t);
  if (TIME.has(word) && isWord(source, t, 'with', 'without') && isWord(source, t + 1, 'time')) t += 3;
  if (isSign(source, t, '%')) t += 2;
  while (isSign(source, t, '[')) t = pastBrackets(source, t);
  if (isWord(source, t, 'array') && !isSign(source, t, '(')) {
    t++;
    if (isSign(source, t, '[')) t = pastBrackets(source, t);
  }
  return Math.min(t, source.end);
}

const OBJECTS: Partial<Record<ObjectType, ObjectKind>> = {
  OBJECT_ACCESS_METHOD: 'access method',
  OBJECT_AGGREGATE: 'aggregate',
  OBJECT_CAST: 'cast',
  OBJECT_COLLATION: 'collation',
  OBJECT_CONVERSION: 'conversion',
  OBJECT_DATABASE: 'database',
  OBJECT_DOMAIN: 'domain',
  OBJECT_DOMCONSTRAINT: 'domain',
  OBJECT_EVENT_TRIGGER: 'event trigger',
  OBJECT_EXTENSION: 'extension',
  OBJECT_FDW: 'foreign data wrapper',
  OBJECT_FOREIGN_SERVER: 'server',
  OBJECT_FOREIGN_TABLE: 'foreign table',
  OBJECT_FUNCTION: 'function',
  OBJECT_INDEX: 'index',
  OBJECT_LANGUAGE: 'language',
  OBJECT_MATVIEW: 'materialized view',
  OBJECT_OPCLASS: 'operator class',
  OBJECT_OPERATOR: 'operator',
  OBJECT_OPFAMILY: 'operator family',
  OBJECT_POLICY: 'policy',
  OBJECT_PROCEDURE: 'procedure',
  OBJECT_PUBLICATION: 'publication',
  OBJECT_ROLE: 'role',
  OBJECT_ROUTINE: 'routine',
  OBJECT_RULE: 'rule',
  OBJECT_SCHEMA: 'schema',
  OBJECT_SEQUENCE: 'sequence',
  OBJECT_STATISTIC_EXT: 'statistics',
  OBJECT_SUBSCRIPTION: 'subscription',
  OBJECT_TABLE: 'table',
  OBJECT_TABLESPACE: 'tablespace',
  OBJECT_TRANSFORM: 'transform',
  OBJECT_TRIGGER: 'trigger',
  OBJECT_TSCONFIGURATION: 'text search configuration',
  OBJECT_TSDICTIONARY: 'text search dictionary',
  OBJECT_TSPARSER: 'text search parser',
  OBJECT_TSTEMPLATE: 'text search template',
  OBJECT_TYPE: 'type',
  OBJECT_USER_MAPPING: 'user mapping',
  OBJECT_VIEW: 'view',
};

export const objectKind = (type: ObjectType | undefined): ObjectKind => (type && OBJECTS[type]) ?? 'table';
