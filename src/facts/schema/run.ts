import type { Location, Range } from '../../core/finding.ts';
import { printName, type Name } from '../sql/name.ts';
import { entryOf, isTable, isView, keyOf, pathAt, placeFor, put, TEMPORARY, type History } from './history.ts';
import type { Gap, Gone, Table, View } from './objects.ts';

/** One operation at work. */
export interface Run {
  readonly history: History;
  /** The statement that does it. */
  readonly at: Location;
  /** What stands in a stretch of its file. */
  readonly textAt: (range: Range) => string;
  /** Something around it lets what is missing, or what is there already, pass. */
  readonly tolerant: boolean;
  /** No migration ran before it. */
  readonly first: boolean;
}

export function addGap({ history, at, first }: Run, kind: Gap['kind'], reason: string): void {
  // What the first migration takes for granted was there from the beginning.
  const time = first && kind === 'unknown object' ? -1 : history.time;
  history.gaps.push({ gap: { kind, reason, at }, time });
}

export const gone = ({ at }: Run, what: Gone['what'], more: Omit<Gone, 'what' | 'by'> = {}): Gone => ({
  what,
  ...more,
  by: at,
});

/** The table that a statement is about. One that nobody made is taken to be there, and said to be a gap. */
export function tableFor(run: Run, name: Name, mayLack = false): Table | undefined {
  const { history } = run;
  const entry = entryOf(history, name);
  if (isTable(entry)) return entry;
  if (entry || mayLack || run.tolerant) return undefined;
  return assume(run, name);
}

export function relationFor(run: Run, name: Name, mayLack = false): Table | View | undefined {
  const entry = entryOf(run.history, name);
  return isView(entry) ? entry : tableFor(run, name, mayLack);
}

function assume(run: Run, name: Name): Table | undefined {
  const { history, at } = run;
  const full = placeFor(history, name);
  const former = history.relations.goneAt(keyOf(full), history.time);
  if (full.schema === TEMPORARY || isCatalogue(history, name)) return undefined;
  if (!isProvided(history, full.schema, full.name)) {
    addGap(
      run,
      'unknown object',
      `${at.path ?? ''} needs ${printName(name)}, ${former ? 'which was gone by then' : 'which no migration makes before it'}`,
    );
  }
  const table: Table = { ...newTable(full), made: at, touched: at, columnsKnown: false, assumed: true };
  put(history, table);
  return table;
}

/** In a schema that others fill, or one of the tables that runners keep for themselves. */
export const isProvided = (history: History, schema: string, name: string): boolean =>
  history.provided.has(schema) || RUNNERS.test(name);

const RUNNERS =
  /^(?:schema_migrations|_prisma_migrations|flyway_schema_history|goose_db_version|__drizzle_migrations|__diesel_schema_migrations|_sqlx_migrations|knex_migrations(?:_lock)?|pgmigrations|atlas_schema_revisions|databasechangelog(?:lock)?|refinery_schema_history|spatial_ref_sys|geometry_columns|geography_columns)$/i;

/** pg_class without a schema, and whatever stands in pg_catalog. */
export const isCatalogue = (history: History, { schema, name }: Name): boolean =>
  schema === undefined
    ? /^pg_/.test(name) &&
      !pathAt(history, history.time).some((own) => history.relations.now.has(keyOf({ schema: own, name })))
    : schema === 'pg_catalog' || schema === 'information_schema';

export const newTable = (name: Table['name']): Table => ({
  kind: 'table',
  name,
  columns: new Map(),
  columnsKnown: true,
  constraints: [],
  indexes: [],
  policies: [],
  triggers: [],
  rules: [],
  rowSecurity: false,
  forceRowSecurity: false,
  parents: [],
  isPartition: false,
  temporary: false,
  unlogged: false,
  replicaIdentity: 'default',
  grants: new Map(),
  assumed: false,
  former: new Map(),
});
