import type {
  AlterPublicationStmt,
  AlterRoleSetStmt,
  AlterRoleStmt,
  AlterSeqStmt,
  CreateCastStmt,
  CreateExtensionStmt,
  CreatePublicationStmt,
  CreateRoleStmt,
  CreateSchemaStmt,
  CreateSeqStmt,
  DefElem,
  Node,
} from 'libpg-query';
import type { Name } from '../name.ts';
import { as, nameOf, relationName, roleName, stringsOf, typeOf } from '../nodes.ts';
import type { AlterOther, CreateOther, CreateRole, Operation } from '../operation.ts';
import { nameRange, tokenAt, type Source } from '../source.ts';
import { rangeBehind, whole } from './at.ts';
import { elementOf, elementsOf, settingValue, valueOf } from './options.ts';

export const createSequence = (source: Source, { sequence, options, if_not_exists }: CreateSeqStmt): Operation[] => [
  {
    kind: 'create sequence',
    object: 'sequence',
    at: whole(source),
    name: relationName(sequence),
    nameAt: nameRange(source, tokenAt(source, sequence?.location)),
    ifNotExists: if_not_exists ?? false,
    orReplace: false,
    temporary: sequence?.relpersistence === 't',
    ownedBy: ownerOf(options),
  },
];

export const alterSequence = (source: Source, { sequence, options, missing_ok }: AlterSeqStmt): Operation[] => [
  {
    kind: 'alter sequence',
    at: whole(source),
    name: relationName(sequence),
    ifExists: missing_ok ?? false,
    ownedBy: ownerOf(options),
    changes: elementsOf(options).map(({ defname }) => defname ?? ''),
  },
];

/** OWNED BY table.column; undefined for OWNED BY NONE as well. */
function ownerOf(options: readonly Node[] | undefined): { readonly table: Name; readonly column: string } | undefined {
  const parts = stringsOf(as(elementOf(options, 'owned_by')?.arg, 'List')?.items);
  return parts.length > 1 ? { table: nameOf(parts.slice(0, -1)), column: parts.at(-1)! } : undefined;
}

export const createExtension = (
  source: Source,
  { extname, if_not_exists, options }: CreateExtensionStmt,
): Operation[] => [
  {
    kind: 'create extension',
    object: 'extension',
    at: whole(source),
    name: { name: extname ?? '' },
    nameAt: rangeBehind(source, 'extension'),
    ifNotExists: if_not_exists ?? false,
    orReplace: false,
    schema: optional(elementOf(options, 'schema')),
    version: optional(elementOf(options, 'new_version')),
    cascade: valueOf(elementOf(options, 'cascade')?.arg) === 'true',
  },
];

const optional = (element: DefElem | undefined): string | undefined => element && valueOf(element.arg);

export const createSchema = (
  source: Source,
  { schemaname, authrole, if_not_exists }: CreateSchemaStmt,
): Operation[] => {
  // CREATE SCHEMA AUTHORIZATION role takes the role's name.
  const name = schemaname ?? roleName(authrole);
  const operation: CreateOther = {
    kind: 'create schema',
    object: 'schema',
    at: whole(source),
    name: { name },
    nameAt: schemaname === undefined ? undefined : rangeBehind(source, 'schema'),
    ifNotExists: if_not_exists ?? false,
    orReplace: false,
  };
  return [operation];
};

export function createPublication(
  source: Source,
  { pubname, pubobjects, for_all_tables }: CreatePublicationStmt,
): Operation[] {
  return [
    {
      kind: 'create publication',
      object: 'publication',
      at: whole(source),
      name: { name: pubname ?? '' },
      nameAt: rangeBehind(source, 'publication'),
      ifNotExists: false,
      orReplace: false,
      allTables: for_all_tables ?? false,
      ...published(pubobjects),
    },
  ];
}

const PUBLISHING = { AP_AddObjects: 'add', AP_DropObjects: 'drop', AP_SetObjects: 'set' } as const;

export function alterPublication(
  source: Source,
  { pubname, pubobjects, for_all_tables, action }: AlterPublicationStmt,
): Operation[] {
  return [
    {
      kind: 'alter publication',
      at: whole(source),
      name: { name: pubname ?? '' },
      action: pubobjects && action ? PUBLISHING[action] : 'options',
      allTables: for_all_tables ?? false,
      ...published(pubobjects),
    },
  ];
}

const published = (objects: readonly Node[] | undefined): { tables: Name[]; schemas: string[] } => {
  const found = (objects ?? []).flatMap((node) => as(node, 'PublicationObjSpec') ?? []);
  return {
    tables: found.flatMap(({ pubtable }) => (pubtable?.relation ? [relationName(pubtable.relation)] : [])),
    schemas: found.flatMap(({ pubobjtype, name }) =>
      pubobjtype === 'PUBLICATIONOBJ_TABLES_IN_SCHEMA' && name !== undefined ? [name] : [],
    ),
  };
};

const FORMS = { ROLESTMT_ROLE: 'role', ROLESTMT_USER: 'user', ROLESTMT_GROUP: 'group' } as const;

export function createRole(source: Source, { role, stmt_type, options }: CreateRoleStmt): Operation[] {
  const form = FORMS[stmt_type ?? 'ROLESTMT_ROLE'];
  return [
    {
      kind: 'create role',
      object: 'role',
      at: whole(source),
      name: { name: role ?? '' },
      nameAt: rangeBehind(source, form),
      ifNotExists: false,
      orReplace: false,
      form,
      options: roleOptions(options),
    },
  ];
}

const LONG: Readonly<Record<string, string>> = { canlogin: 'login', isreplication: 'replication' };

function roleOptions(options: readonly Node[] | undefined): CreateRole['options'] {
  return new Map(
    elementsOf(options).map(({ defname = '', arg }) => {
      if (defname === 'password') return ['password', true];
      const value = valueOf(arg);
      return [LONG[defname] ?? defname, value === 'true' ? true : value === 'false' ? false : value];
    }),
  );
}

export function alterRole(source: Source, { role, options }: AlterRoleStmt): Operation[] {
  const operation: AlterOther = {
    kind: 'alter role',
    object: 'role',
    at: whole(source),
    name: { name: roleName(role) },
    changes: [...roleOptions(options).keys()],
    settings: new Map(),
    options: roleOptions(options),
  };
  return [operation];
}

export function alterRoleSettings(source: Source, { role, setstmt = {} }: AlterRoleSetStmt): Operation[] {
  const setting = setstmt.kind === 'VAR_RESET_ALL' ? 'all' : (setstmt.name ?? '').toLowerCase();
  const operation: AlterOther = {
    kind: 'alter role',
    object: 'role',
    at: whole(source),
    name: { name: role ? roleName(role) : 'all' },
    changes: [setstmt.kind?.startsWith('VAR_RESET') ? 'reset' : 'set'],
    settings: new Map([[setting, settingValue(setstmt) ?? '']]),
    options: new Map(),
  };
  return [operation];
}

export function createCast(source: Source, { sourcetype, targettype }: CreateCastStmt): Operation[] {
  const operation: CreateOther = {
    kind: 'create cast',
    object: 'cast',
    at: whole(source),
    name: { name: `${typeOf(source, sourcetype).name} as ${typeOf(source, targettype).name}` },
    ifNotExists: false,
    orReplace: false,
  };
  return [operation];
}
