import type { Guard } from '../sql/guards.ts';
import type { Name } from '../sql/name.ts';
import { entryOf, isTable, isView, resolve, tablesOf, type History } from './history.ts';
import type { Table } from './objects.ts';

/** What the tests around a statement come to. 'perhaps': it runs where it can, as with IF [NOT] EXISTS. */
export function decide(history: History, guards: readonly Guard[]): 'runs' | 'perhaps' | 'skips' {
  let told: 'runs' | 'perhaps' = 'runs';
  for (const guard of guards) {
    if (guard.kind === 'handler') told = 'perhaps';
    if (guard.kind !== 'test') continue;
    told = 'perhaps';
    if (guard.expects === 'unknown') continue;
    const found = finds(history, guard.catalogues, guard.names);
    if (found !== undefined && found !== (guard.expects === 'present')) return 'skips';
  }
  return told;
}

type Test = (history: History, names: readonly string[]) => boolean | undefined;

/** Whether a query of the catalogues finds something; undefined where the replay cannot tell. The most telling catalogue comes first. */
function finds(history: History, catalogues: readonly string[], names: readonly string[]): boolean | undefined {
  if (names.length === 0) return undefined;
  for (const [wanted, test] of TESTS) {
    if (catalogues.some((catalogue) => wanted.includes(catalogue))) return test(history, names);
  }
  return undefined;
}

const nameOf = (text: string): Name => {
  const [last = '', schema] = text
    .split('.')
    .map((part) => part.trim().replace(/^"|"$/g, ''))
    .reverse();
  return schema === undefined ? { name: last } : { schema, name: last };
};

/** Schemas among the words of a test say where to look. */
function relationAmong(history: History, names: readonly string[]): (name: string) => ReturnType<typeof entryOf> {
  const schemas = names.filter((name) => history.namespaces.now.has(name));
  return (text) => {
    const name = nameOf(text);
    if (name.schema !== undefined || schemas.length === 0) return entryOf(history, name);
    return (
      schemas.map((schema) => entryOf(history, { schema, name: name.name })).find((entry) => entry) ??
      entryOf(history, name)
    );
  };
}

const relation: Test = (history, names) => names.some(relationAmong(history, names));

const column: Test = (history, names) => {
  const entries = names.map(relationAmong(history, names));
  let unknown = false;
  for (const [i, entry] of entries.entries()) {
    if (isView(entry)) unknown = true;
    if (!isTable(entry)) continue;
    const found = names.filter((name, j) => j !== i && entry.columns.has(name));
    if (!entry.columnsKnown) unknown = true;
    if (found.length === 0) continue;
    // A word that is neither tells more about the column than that it is there.
    const rest = names.filter((name, j) => j !== i && !found.includes(name) && !history.namespaces.now.has(name));
    return rest.length === 0 ? true : undefined;
  }
  return unknown ? undefined : false;
};

const ofTables =
  (has: (table: Table, name: string) => boolean): Test =>
  (history, names) => {
    const owners = names.map(relationAmong(history, names)).filter(isTable);
    return (owners.length > 0 ? owners : tablesOf(history)).some((table) => names.some((name) => has(table, name)));
  };

const constraint: Test = (history, names) => {
  if (ofTables((table, name) => table.constraints.some((own) => own.name === name))(history, names)) return true;
  const owners = names.map(relationAmong(history, names)).filter(isTable);
  const kind = names.includes('PRIMARY KEY') || names.includes('p') ? 'primary key' : undefined;
  if (owners.length === 1 && kind) return owners[0]!.constraints.some((own) => own.kind === kind);
  // Only types and tables are named: which constraints it looks for is more than names tell.
  const told = names.filter(
    (name) =>
      name.length > 1 &&
      !/^[A-Z ]+$/.test(name) &&
      !history.namespaces.now.has(name) &&
      !entryOf(history, nameOf(name)),
  );
  return told.length > 0 ? false : undefined;
};

const enumValue: Test = (history, names) => {
  for (const name of names) {
    const full = resolve(history, history.types, nameOf(name));
    const type = full && history.types.now.get(`${full.schema}\0${full.name}`);
    if (type?.kind === 'enum') return names.some((value) => type.values.includes(value));
  }
  return undefined;
};

const published: Test = (history, names) => {
  const publication = names.map((name) => history.publications.now.get(name)).find((own) => own);
  if (!publication) return undefined;
  return publication.allTables || publication.tables.some(({ name }) => names.includes(name));
};

const TESTS: readonly (readonly [catalogues: readonly string[], test: Test])[] = [
  [['pg_publication_tables', 'pg_publication_rel'], published],
  [['pg_policies', 'pg_policy'], ofTables((table, name) => table.policies.some((own) => own.name === name))],
  [
    ['pg_trigger', 'information_schema.triggers'],
    ofTables((table, name) => table.triggers.some((own) => own.name === name)),
  ],
  [['pg_constraint', 'information_schema.table_constraints'], constraint],
  [['pg_enum'], enumValue],
  [['information_schema.columns', 'pg_attribute'], column],
  [
    ['pg_proc', 'information_schema.routines', 'to_regproc', 'to_regprocedure'],
    (history, names) =>
      names.some((name) => resolve(history, history.routines, nameOf(name.replace(/\(.*/s, ''))) !== undefined),
  ],
  [
    ['pg_type', 'to_regtype'],
    (history, names) =>
      names.some(
        (name) =>
          resolve(history, history.types, nameOf(name)) !== undefined || isTable(entryOf(history, nameOf(name))),
      ),
  ],
  [['pg_extension'], (history, names) => names.some((name) => history.extensions.now.has(name))],
  [['pg_publication'], (history, names) => names.some((name) => history.publications.now.has(name))],
  [['pg_roles', 'pg_authid', 'pg_user'], (history, names) => names.some((name) => history.roles.now.has(name))],
  [
    [
      'pg_class',
      'pg_tables',
      'pg_views',
      'pg_matviews',
      'pg_indexes',
      'pg_sequences',
      'pg_index',
      'to_regclass',
      'information_schema.tables',
      'information_schema.views',
      'information_schema.sequences',
    ],
    relation,
  ],
  [
    ['pg_namespace', 'information_schema.schemata', 'to_regnamespace'],
    (history, names) => names.some((name) => history.namespaces.now.has(name)),
  ],
];
