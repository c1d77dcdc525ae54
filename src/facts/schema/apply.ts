import { entryOf, isTable, isView, keyOf, placeFor, put, resolve } from './history.ts';
import type { AlterOther, CreateOther, Drop, Operation, Rename } from '../sql/operation.ts';
import type { Statement } from '../sql/statement.ts';
import { alterTable } from './alters.ts';
import { createIndex } from './constraints.ts';
import {
  addEnumValue,
  alterDomain,
  alterPolicy,
  alterPublication,
  createDomain,
  createPolicy,
  createSequence,
  createTrigger,
  createType,
  createView,
  ownerOf,
} from './creates.ts';
import { drop } from './drops.ts';
import { defaultPrivileges, grant } from './privileges.ts';
import { rename, setSchema } from './renames.ts';
import { createRoutine } from './routines.ts';
import { relationFor, type Run } from './run.ts';
import { createTable, createTableAs } from './tables.ts';

/** What one operation does to the schema. What changes data alone does nothing here. */
export function apply(run: Run, operation: Operation, by: Statement): void {
  const { history, at } = run;
  switch (operation.kind) {
    case 'create table':
    case 'create foreign table':
      return createTable(run, operation);
    case 'create table as':
      return createTableAs(run, operation);
    case 'create index':
      return createIndex(run, operation);
    case 'create view':
    case 'create materialized view':
      return createView(run, operation);
    case 'create function':
    case 'create procedure':
    case 'create aggregate':
      return createRoutine(run, operation, by);
    case 'create trigger':
      return createTrigger(run, operation);
    case 'create policy':
      return createPolicy(run, operation);
    case 'alter policy':
      return alterPolicy(run, operation);
    case 'create type':
      return createType(run, operation);
    case 'create domain':
      return createDomain(run, operation);
    case 'alter domain':
      return alterDomain(run, operation);
    case 'add enum value':
      return addEnumValue(run, operation);
    case 'create sequence':
      return createSequence(run, operation);
    case 'alter sequence': {
      const sequence = entryOf(history, operation.name);
      if (sequence?.kind !== 'sequence') return;
      const ownedBy = operation.ownedBy ? ownerOf(run, operation.ownedBy) : sequence.ownedBy;
      // OWNED BY NONE names nobody.
      put(history, {
        ...sequence,
        ownedBy: !operation.ownedBy && operation.changes.includes('owned_by') ? undefined : ownedBy,
        touched: at,
      });
      return;
    }
    case 'create extension': {
      const { name } = operation.name;
      if (history.extensions.now.has(name)) return;
      history.extensions.set(name, { name, schema: operation.schema, made: at, touched: at }, history.time);
      for (const schema of OF_EXTENSIONS[name] ?? []) {
        history.provided.add(schema);
        if (!history.namespaces.now.has(schema))
          history.namespaces.set(schema, { name: schema, grants: new Map(), made: at, touched: at }, history.time);
      }
      return;
    }
    case 'create publication': {
      const { name } = operation.name;
      const tables = operation.tables.map((table) => entryOf(history, table)?.name ?? placeFor(history, table));
      history.publications.set(
        name,
        { name, allTables: operation.allTables, tables, schemas: operation.schemas, made: at, touched: at },
        history.time,
      );
      return;
    }
    case 'alter publication':
      return alterPublication(run, operation);
    case 'create role': {
      const { name } = operation.name;
      if (!history.roles.now.has(name))
        history.roles.set(name, { name, options: operation.options, made: at, touched: at }, history.time);
      return;
    }
    case 'create schema': {
      const { name } = operation.name;
      if (!history.namespaces.now.has(name))
        history.namespaces.set(name, { name, grants: new Map(), made: at, touched: at }, history.time);
      return;
    }
    case 'create rule':
      return createRule(run, operation);
    case 'set schema':
      return setSchema(run, operation);
    case 'grant':
    case 'revoke':
      return grant(run, operation);
    case 'alter default privileges':
      return defaultPrivileges(run, operation);
    case 'change owner': {
      const entry = entryOf(history, operation.name);
      if (isTable(entry) || isView(entry)) put(history, { ...entry, owner: operation.owner });
      return;
    }
    case 'alter function':
    case 'alter procedure':
    case 'alter routine':
      return alterRoutine(run, operation);
    case 'alter role': {
      const role = history.roles.now.get(operation.name.name);
      if (role)
        history.roles.set(
          role.name,
          { ...role, options: new Map([...role.options, ...operation.options]), touched: at },
          history.time,
        );
      return;
    }
  }
  if (isDrop(operation)) return drop(run, operation);
  if (isRename(operation)) return rename(run, operation);
  if ('tableIfExists' in operation) return alterTable(run, operation);
}

const isDrop = (operation: Operation): operation is Drop =>
  operation.kind.startsWith('drop ') && !('tableIfExists' in operation);

const isRename = (operation: Operation): operation is Rename => operation.kind.startsWith('rename ');

/** Schemas that extensions fill. */
const OF_EXTENSIONS: Readonly<Record<string, readonly string[]>> = {
  pg_cron: ['cron'],
  pg_net: ['net'],
  pgsodium: ['pgsodium'],
  supabase_vault: ['vault'],
  pgmq: ['pgmq'],
  pg_graphql: ['graphql'],
  postgis_topology: ['topology'],
  postgis_tiger_geocoder: ['tiger', 'tiger_data'],
  pg_partman: ['partman'],
  timescaledb: ['_timescaledb_catalog', '_timescaledb_config', '_timescaledb_internal', 'timescaledb_information'],
  pgtap: ['tap'],
};

function createRule(run: Run, { name, on, orReplace }: CreateOther): void {
  const { history, at } = run;
  const table = on && relationFor(run, on);
  if (!table || (!orReplace && run.tolerant && table.rules.some((rule) => rule.name === name.name))) return;
  const rules = [...table.rules.filter((rule) => rule.name !== name.name), { name: name.name, made: at, touched: at }];
  put(history, { ...table, rules, touched: at });
}

/** The arguments are not among the operation's words: what is said of one is taken to hold for all of its name. */
function alterRoutine({ history, at }: Run, { name, changes, settings }: AlterOther): void {
  const full = resolve(history, history.routines, name);
  const routines = full && history.routines.now.get(keyOf(full));
  if (!full || !routines) return;
  const next = routines.map((routine) => {
    const own = new Map(routine.settings);
    for (const [setting, value] of settings) {
      if (value === '') own.delete(setting);
      else own.set(setting, value);
    }
    const securityDefiner =
      changes.includes('security definer') || (routine.securityDefiner && !changes.includes('security invoker'));
    return { ...routine, settings: own, securityDefiner, touched: at };
  });
  history.routines.set(keyOf(full), next, history.time);
}
