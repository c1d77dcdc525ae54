import type { Location } from '../../core/finding.ts';
import type { Name } from '../sql/name.ts';
import type { DefaultPrivileges } from '../sql/operation.ts';
import type {
  Extension,
  FullName,
  Gap,
  Gone,
  Namespace,
  Publication,
  Role,
  Routine,
  Sequence,
  Table,
  UserType,
  View,
} from './objects.ts';
import { timeline, type Beginning, type Timeline } from './timeline.ts';

/** An index stands with its table; its name only leads there. */
export interface IndexPlace {
  readonly kind: 'index';
  readonly name: FullName;
  readonly table: FullName;
}

export type Entry = Table | View | Sequence | IndexPlace;

/** Everything that was ever there, moment by moment. The replay writes at `time`; views read at any moment. */
export interface History {
  readonly relations: Timeline<Entry>;
  readonly types: Timeline<UserType>;
  /** All of one name. */
  readonly routines: Timeline<readonly Routine[]>;
  readonly namespaces: Timeline<Namespace>;
  readonly roles: Timeline<Role>;
  readonly extensions: Timeline<Extension>;
  readonly publications: Timeline<Publication>;
  readonly searchPaths: Timeline<readonly string[]>;
  readonly gaps: { readonly gap: Gap; readonly time: number }[];
  /** ALTER DEFAULT PRIVILEGES so far. */
  readonly defaults: DefaultPrivileges[];
  /** Schemas whose content the history does not make: the platform's, extensions', runners'. */
  readonly provided: Set<string>;
  /** How many constraints of a schema have a name, by `keyOf`. */
  readonly constraintNames: Map<string, number>;
  /** Some table has a parent: without one, nobody need look for children. */
  inherits: boolean;
  /** Something may be there that ends with its session. */
  temporary: boolean;
  /** What this moment is. */
  time: number;
}

export const newHistory = (): History => ({
  ...timelines(),
  gaps: [],
  defaults: [],
  provided: new Set(['pg_catalog', 'information_schema', 'pg_toast']),
  constraintNames: new Map(),
  inherits: false,
  temporary: false,
  time: 0,
});

/** Goes on where another one stood, with what its timelines held, in the order of `KEPT`. */
export const laterHistory = (standing: HistoryState, beginnings: readonly Beginning<unknown>[]): History => ({
  ...timelines(beginnings),
  ...standing,
});

/** A history without its timelines. */
export type HistoryState = Omit<History, (typeof KEPT)[number]>;

const TIMELINES = ['relations', 'types', 'routines', 'namespaces', 'roles', 'extensions', 'publications'] as const;
export const KEPT = [...TIMELINES, 'searchPaths'] as const;

const timelines = (beginnings: readonly Beginning<unknown>[] = []): Pick<History, (typeof KEPT)[number]> =>
  Object.fromEntries(KEPT.map((name, i) => [name, timeline(beginnings[i])])) as never;

/** ROLLBACK. */
export function restore(history: History, then: number): void {
  for (const name of TIMELINES) history[name].restore(then, history.time);
  history.constraintNames.clear();
  for (const table of tablesOf(history)) count(history, table, 1);
}

function count({ constraintNames }: History, { name: { schema }, constraints }: Table, by: 1 | -1): void {
  for (const { name } of constraints) {
    const key = keyOf({ schema, name });
    constraintNames.set(key, (constraintNames.get(key) ?? 0) + by);
  }
}

// NUL stands in no name.
export const keyOf = ({ schema, name }: FullName): string => `${schema}\0${name}`;

export const TEMPORARY = 'pg_temp';

export const DEFAULT_PATH: readonly string[] = ['public'];

export const pathAt = (history: History, time: number): readonly string[] =>
  history.searchPaths.at('', time) ?? DEFAULT_PATH;

/** The name of what `name` means at a moment; undefined where no such thing is there. */
export function resolve(
  history: History,
  among: Pick<Timeline<unknown>, 'at'>,
  { schema, name }: Name,
  time: number = history.time,
): FullName | undefined {
  if (schema !== undefined) {
    const full = { schema, name };
    return among.at(keyOf(full), time) === undefined ? undefined : full;
  }
  for (const candidate of [TEMPORARY, ...pathAt(history, time)]) {
    const full = { schema: candidate, name };
    if (among.at(keyOf(full), time) !== undefined) return full;
  }
  return undefined;
}

/** Where a new object goes: its own schema, or the first of search_path that is there. A temporary one has its own. */
export function placeFor(history: History, { schema, name }: Name, temporary = false): FullName {
  if (temporary || schema === TEMPORARY) {
    history.temporary = true;
    return { schema: TEMPORARY, name };
  }
  if (schema !== undefined) {
    // A schema that nobody makes is made by whoever runs the migrations.
    if (!history.namespaces.now.has(schema))
      history.namespaces.set(schema, { name: schema, grants: new Map(), assumed: true }, history.time);
    return { schema, name };
  }
  const path = pathAt(history, history.time);
  return { schema: path.find((own) => history.namespaces.now.has(own)) ?? path[0] ?? 'public', name };
}

export const entryOf = (history: History, name: Name, time: number = history.time): Entry | undefined => {
  const full = resolve(history, history.relations, name, time);
  return full && history.relations.at(keyOf(full), time);
};

export const isTable = (entry: Entry | undefined): entry is Table =>
  entry?.kind === 'table' || entry?.kind === 'partitioned table' || entry?.kind === 'foreign table';

export const isView = (entry: Entry | undefined): entry is View =>
  entry?.kind === 'view' || entry?.kind === 'materialized view';

export function put(history: History, entry: Entry): void {
  const key = keyOf(entry.name);
  const old = history.relations.now.get(key);
  if (old) displace(history, old, entry);
  if (isTable(entry)) {
    if (entry.parents.length > 0) history.inherits = true;
    if (!isTable(old) || old.constraints !== entry.constraints) {
      if (isTable(old)) count(history, old, -1);
      count(history, entry, 1);
    }
  } else if (isTable(old)) count(history, old, -1);
  history.relations.set(key, entry, history.time);
}

/** Something else may take a name only where it was free: what the replay still saw there went out of its sight. */
function displace(history: History, old: Entry, next: Entry): void {
  const { now, end: stop } = history.relations;
  if (old.kind === 'index') {
    const owner = now.get(keyOf(old.table));
    if (!owner || !('indexes' in owner) || (next.kind === 'index' && sameFull(next.table, old.table))) return;
    const indexes = owner.indexes.filter(({ name }) => !sameFull(name, old.name));
    if (indexes.length < owner.indexes.length)
      history.relations.set(keyOf(owner.name), { ...owner, indexes }, history.time);
  } else if ('indexes' in old && (!('indexes' in next) || next.indexes !== old.indexes)) {
    const left = 'indexes' in next ? next.indexes : [];
    for (const { name } of old.indexes) {
      const place = now.get(keyOf(name));
      const lost =
        place?.kind === 'index' && sameFull(place.table, old.name) && !left.some((index) => sameFull(index.name, name));
      if (lost) stop(keyOf(name), undefined, history.time);
    }
  }
}

export function end(history: History, name: FullName, gone: Gone | undefined): void {
  const key = keyOf(name);
  const old = history.relations.now.get(key);
  if (isTable(old)) count(history, old, -1);
  history.relations.end(key, gone, history.time);
}

/** The table as it is now: another step of the same operation may have changed it. */
export const again = (history: History, { name }: Pick<Table, 'name'>): Table | undefined => {
  const entry = history.relations.now.get(keyOf(name));
  return isTable(entry) ? entry : undefined;
};

export const sameFull = (a: FullName, b: FullName): boolean => a.name === b.name && a.schema === b.schema;

export function tablesOf(history: History): Table[] {
  const found: Table[] = [];
  for (const entry of history.relations.now.values()) if (isTable(entry)) found.push(entry);
  return found;
}

export function viewsOf(history: History): View[] {
  const found: View[] = [];
  for (const entry of history.relations.now.values()) if (isView(entry)) found.push(entry);
  return found;
}

/** Changes a table or view that is there. */
export function change<T extends Table | View>(history: History, entry: T, changes: Partial<T>, touched?: Location): T {
  const changed = { ...entry, ...changes, ...(touched && { touched }) };
  put(history, changed);
  return changed;
}

/** Tables that inherit from a table or are parts of it. */
export const childrenOf = (history: History, { name }: Pick<Table, 'name'>): Table[] =>
  history.inherits ? tablesOf(history).filter(({ parents }) => parents.some((parent) => sameFull(parent, name))) : [];

/** The table and everything below it. */
export const familyOf = (history: History, table: Table): Table[] => [
  table,
  ...childrenOf(history, table).flatMap((child) => familyOf(history, child)),
];
