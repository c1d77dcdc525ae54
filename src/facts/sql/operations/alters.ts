import type {
  AlterEnumStmt,
  AlterObjectSchemaStmt,
  AlterOwnerStmt,
  CommentStmt,
  ObjectType,
  RenameStmt,
  SecLabelStmt,
} from 'libpg-query';
import type { Range } from '../../../core/finding.ts';
import { objectKind, qualifiedName, relationName, roleName } from '../nodes.ts';
import type { Comment, Operation, Rename } from '../operation.ts';
import { findWords, rangeOf, type Source } from '../source.ts';
import { whole } from './at.ts';
import { objectOf } from './objects.ts';

// What every kind of object can have done to it: RENAME, SET SCHEMA, OWNER TO, COMMENT ON, SECURITY LABEL.

/** From the word that says what is done to the end of the statement. */
const from = (source: Source, ...words: readonly string[]): Range => {
  const start = findWords(source, source.first, source.end, ...words);
  return start < source.end ? rangeOf(source, start, source.end) : whole(source);
};

export function rename(source: Source, stmt: RenameStmt): Operation[] {
  const { renameType, relationType, relation, object, subname = '', newname = '' } = stmt;
  const common = { at: from(source, 'rename'), to: newname, ifExists: stmt.missing_ok ?? false };
  const on = relation && relationName(relation);
  const made = (kind: Rename['object'], name: Rename['name'], owner?: Rename['on']): Operation[] => [
    { kind: `rename ${kind}`, object: kind, name, on: owner, ...common },
  ];
  switch (renameType) {
    case 'OBJECT_COLUMN':
      return made(relationType === 'OBJECT_TYPE' ? 'attribute' : 'column', { name: subname }, on);
    case 'OBJECT_ATTRIBUTE':
      return made('attribute', { name: subname }, on);
    case 'OBJECT_TABCONSTRAINT':
      return made('constraint', { name: subname }, on);
    case 'OBJECT_DOMCONSTRAINT':
      return made('constraint', { name: subname }, objectOf(source, 'OBJECT_DOMAIN', object).name);
    case 'OBJECT_POLICY':
    case 'OBJECT_TRIGGER':
    case 'OBJECT_RULE':
      return made(objectKind(renameType), { name: subname }, on);
    default:
      return made(
        objectKind(renameType),
        on ?? (object ? objectOf(source, renameType, object).name : { name: subname }),
      );
  }
}

export const setSchema = (
  source: Source,
  { objectType, relation, object, newschema, missing_ok }: AlterObjectSchemaStmt,
): Operation[] => [
  {
    kind: 'set schema',
    at: from(source, 'set', 'schema'),
    object: objectKind(objectType),
    name: relation ? relationName(relation) : objectOf(source, objectType, object).name,
    schema: newschema ?? '',
    ifExists: missing_ok ?? false,
  },
];

export const changeOwner = (
  source: Source,
  { objectType, relation, object, newowner }: AlterOwnerStmt,
): Operation[] => [
  {
    kind: 'change owner',
    at: from(source, 'owner'),
    object: objectKind(objectType),
    name: relation ? relationName(relation) : objectOf(source, objectType, object).name,
    owner: roleName(newowner),
  },
];

export function comment(source: Source, { objtype, object, comment: text }: CommentStmt): Operation[] {
  const { name, on } = objectOf(source, objtype, object);
  return [{ kind: 'comment', at: whole(source), object: commented(objtype), name, on, text }];
}

export function securityLabel(source: Source, { objtype, object }: SecLabelStmt): Operation[] {
  const { name } = objectOf(source, objtype, object);
  const kind = commented(objtype);
  return [{ kind: 'security label', at: whole(source), object: kind === 'constraint' ? 'domain' : kind, name }];
}

const commented = (type: ObjectType | undefined): Comment['object'] =>
  type === 'OBJECT_COLUMN'
    ? 'column'
    : type === 'OBJECT_TABCONSTRAINT' || type === 'OBJECT_DOMCONSTRAINT'
      ? 'constraint'
      : type === 'OBJECT_LARGEOBJECT'
        ? 'large object'
        : objectKind(type);

/** ALTER TYPE ... ADD VALUE and RENAME VALUE. */
export function alterEnum(source: Source, stmt: AlterEnumStmt): Operation[] {
  const type = qualifiedName(stmt.typeName);
  if (stmt.oldVal !== undefined) {
    const at = from(source, 'rename');
    return [
      {
        kind: 'rename enum value',
        object: 'enum value',
        at,
        name: { name: stmt.oldVal },
        on: type,
        to: stmt.newVal ?? '',
        ifExists: false,
      },
    ];
  }
  return [
    {
      kind: 'add enum value',
      at: from(source, 'add'),
      type,
      value: stmt.newVal ?? '',
      ifNotExists: stmt.skipIfNewValExists ?? false,
      placed: stmt.newValNeighbor === undefined ? 'last' : stmt.newValIsAfter ? 'after' : 'before',
      neighbour: stmt.newValNeighbor,
    },
  ];
}
