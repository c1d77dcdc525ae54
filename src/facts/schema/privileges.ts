import type { DefaultPrivileges, Grant } from '../sql/operation.ts';
import { entryOf, isTable, isView, keyOf, put, resolve, type History } from './history.ts';
import type { Grants } from './objects.ts';
import type { Run } from './run.ts';

const ALL: Readonly<Record<string, readonly string[]>> = {
  table: ['select', 'insert', 'update', 'delete', 'truncate', 'references', 'trigger', 'maintain'],
  sequence: ['usage', 'select', 'update'],
  function: ['execute'],
  schema: ['usage', 'create'],
  type: ['usage'],
};

type Target = 'table' | 'sequence' | 'function' | 'schema' | 'type';

/** What everybody and the roles of ALTER DEFAULT PRIVILEGES may do with a new object. */
export function grantsFor({ defaults }: History, target: Target, schema: string): Grants {
  let grants: Grants =
    target === 'function' || target === 'type' ? new Map([['public', new Set(ALL[target])]]) : new Map();
  for (const operation of defaults) {
    if (kindOf(operation) !== target || (operation.schemas.length > 0 && !operation.schemas.includes(schema))) continue;
    // What a schema's defaults take away they never gave: PUBLIC's own rights come from the global ones.
    if (!operation.grant && operation.schemas.length > 0 && operation.roles.includes('public')) continue;
    grants = changed(grants, operation.grant, operation.roles, privilegesOf(operation.privileges, target, []));
  }
  return grants;
}

const kindOf = ({ object }: DefaultPrivileges): string =>
  object === 'procedure' || object === 'routine' ? 'function' : object;

const privilegesOf = (privileges: readonly string[], target: Target, columns: readonly string[]): string[] => {
  const plain = privileges.flatMap((privilege) => (privilege === 'all' ? (ALL[target] ?? []) : [privilege]));
  return columns.length === 0
    ? plain
    : plain.flatMap((privilege) => columns.map((column) => `${privilege}(${column})`));
};

function changed(grants: Grants, grant: boolean, roles: readonly string[], privileges: readonly string[]): Grants {
  const next = new Map(grants);
  for (const role of roles) {
    const held = new Set(next.get(role));
    for (const privilege of privileges) {
      if (grant) held.add(privilege);
      else {
        held.delete(privilege);
        // Taking the privilege of a table away takes those of its columns.
        if (!privilege.includes('(')) for (const own of held) if (own.startsWith(`${privilege}(`)) held.delete(own);
      }
    }
    if (held.size > 0) next.set(role, held);
    else next.delete(role);
  }
  return next;
}

export function grant(run: Run, operation: Grant): void {
  const { history, at } = run;
  const give = operation.kind === 'grant';
  const { object, names, roles, columns } = operation;
  const next = (grants: Grants, target: Target): Grants =>
    changed(grants, give, roles, privilegesOf(operation.privileges, target, columns));
  const inSchemas = new Set(operation.target === 'all in schema' ? names.map(({ name }) => name) : []);
  switch (object) {
    case 'table':
    case 'view':
    case 'materialized view':
    case 'foreign table':
    case 'sequence': {
      const entries =
        operation.target === 'named'
          ? names.map((name) => entryOf(history, name))
          : [...history.relations.now.values()].filter(
              (entry) => inSchemas.has(entry.name.schema) && (entry.kind === 'sequence') === (object === 'sequence'),
            );
      for (const entry of entries) {
        if (isTable(entry) || isView(entry))
          put(history, { ...entry, grants: next(entry.grants, 'table'), touched: at });
        else if (entry?.kind === 'sequence')
          put(history, { ...entry, grants: next(entry.grants, 'sequence'), touched: at });
      }
      return;
    }
    case 'function':
    case 'procedure':
    case 'routine':
    case 'aggregate': {
      const keys =
        operation.target === 'named'
          ? names.flatMap((name) => {
              const full = resolve(history, history.routines, name);
              return full ? [keyOf(full)] : [];
            })
          : [...history.routines.now]
              .filter(([, [routine]]) => routine && inSchemas.has(routine.name.schema))
              .map(([key]) => key);
      for (const key of keys) {
        const routines = history.routines.now.get(key) ?? [];
        // The arguments are not among the operation's words: what holds for one of the name holds for all.
        history.routines.set(
          key,
          routines.map((routine) => ({ ...routine, grants: next(routine.grants, 'function'), touched: at })),
          history.time,
        );
      }
      return;
    }
    case 'schema':
      for (const { name } of names) {
        const namespace = history.namespaces.now.get(name);
        if (namespace)
          history.namespaces.set(
            name,
            { ...namespace, grants: next(namespace.grants, 'schema'), touched: at },
            history.time,
          );
      }
      return;
    case 'type':
    case 'domain':
      for (const name of names) {
        const full = resolve(history, history.types, name);
        const type = full && history.types.now.get(keyOf(full));
        if (full && type)
          history.types.set(keyOf(full), { ...type, grants: next(type.grants, 'type'), touched: at }, history.time);
      }
  }
}

/** Without IN SCHEMA a default holds everywhere. */
export const defaultPrivileges = ({ history }: Run, operation: DefaultPrivileges): void => {
  history.defaults.push(operation);
};
