import type { AlterDefaultPrivilegesStmt, GrantRoleStmt, GrantStmt, Node } from 'libpg-query';
import { as, objectKind, relationName, roleNames, stringsOf } from '../nodes.ts';
import type { Grant, Operation } from '../operation.ts';
import type { Source } from '../source.ts';
import { whole } from './at.ts';
import { objectOf } from './objects.ts';
import { elementOf } from './options.ts';

export function grant(source: Source, stmt: GrantStmt): Operation[] {
  const { objtype, objects = [], privileges } = stmt;
  const operation: Grant = {
    kind: stmt.is_grant ? 'grant' : 'revoke',
    at: whole(source),
    privileges: privilegesOf(privileges),
    object: objectOfGrant(objtype),
    target: stmt.targtype === 'ACL_TARGET_ALL_IN_SCHEMA' ? 'all in schema' : 'named',
    names: objects.map((node) =>
      'RangeVar' in node ? relationName(node.RangeVar) : objectOf(source, objtype, node).name,
    ),
    columns: (privileges ?? []).flatMap((node) => stringsOf(as(node, 'AccessPriv')?.cols)),
    roles: roleNames(stmt.grantees),
    grantOption: stmt.grant_option ?? false,
    cascade: stmt.behavior === 'DROP_CASCADE',
  };
  return [operation];
}

export const grantRole = (source: Source, { is_grant, granted_roles, grantee_roles }: GrantRoleStmt): Operation[] => [
  {
    kind: is_grant ? 'grant role' : 'revoke role',
    at: whole(source),
    granted: (granted_roles ?? []).map((node) => as(node, 'AccessPriv')?.priv_name ?? ''),
    roles: roleNames(grantee_roles),
  },
];

export function alterDefaultPrivileges(
  source: Source,
  { options, action = {} }: AlterDefaultPrivilegesStmt,
): Operation[] {
  return [
    {
      kind: 'alter default privileges',
      at: whole(source),
      grant: action.is_grant ?? false,
      privileges: privilegesOf(action.privileges),
      object: objectOfGrant(action.objtype),
      schemas: stringsOf(as(elementOf(options, 'schemas')?.arg, 'List')?.items),
      forRoles: roleNames(as(elementOf(options, 'roles')?.arg, 'List')?.items),
      roles: roleNames(action.grantees),
    },
  ];
}

const privilegesOf = (nodes: readonly Node[] | undefined): string[] =>
  nodes ? nodes.map((node) => as(node, 'AccessPriv')?.priv_name ?? 'all') : ['all'];

const objectOfGrant = (type: GrantStmt['objtype']): Exclude<Grant['object'], 'parameter'> =>
  type === 'OBJECT_LARGEOBJECT' ? 'large object' : objectKind(type);
