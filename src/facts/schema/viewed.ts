import type { Name } from '../sql/name.ts';
import { isProvided } from './run.ts';
import { isTable, isView, keyOf, pathAt, resolve, sameFull, type Entry, type History } from './history.ts';
import type { FullName, Index, Relation, Table, View } from './objects.ts';
import type { Timeline } from './timeline.ts';
import type { Kind, Schema, Status } from './view.ts';

/** The schema as it is at a moment of a history. */
export function viewAt(history: History, time: number): Schema {
  const { relations } = history;
  const gaps = () => history.gaps.filter((gap) => gap.time <= time).map(({ gap }) => gap);
  const entry = (name: Name): Entry | undefined => {
    const full = resolve(history, relations, name, time);
    return full && relations.at(keyOf(full), time);
  };
  const indexOf = (place: Extract<Entry, { kind: 'index' }>): Index | undefined => {
    const owner = relations.at(keyOf(place.table), time);
    return owner && 'indexes' in owner ? owner.indexes.find(({ name }) => sameFull(name, place.name)) : undefined;
  };
  const relation = (name: Name): Relation | undefined => {
    const found = entry(name);
    return found?.kind === 'index' ? indexOf(found) : found;
  };
  const owner = (name: Name): Table | View | undefined => {
    const found = entry(name);
    return isTable(found) || isView(found) ? found : undefined;
  };
  const table = (name: Name): Table | undefined => {
    const found = entry(name);
    return isTable(found) ? found : undefined;
  };
  const among = <T>(timeline: Timeline<T>, name: Name): T | undefined => {
    const full = resolve(history, timeline, name, time);
    return full && timeline.at(keyOf(full), time);
  };
  const tables = () => relations.all(time).filter(isTable);
  const views = () => relations.all(time).filter(isView);
  return {
    get complete() {
      return !history.gaps.some((gap) => gap.time <= time);
    },
    get gaps() {
      return gaps();
    },
    get searchPath() {
      return pathAt(history, time);
    },
    relation,
    table,
    view: (name) => {
      const found = entry(name);
      return isView(found) ? found : undefined;
    },
    index: (name) => {
      const found = entry(name);
      return found?.kind === 'index' ? indexOf(found) : undefined;
    },
    sequence: (name) => {
      const found = entry(name);
      return found?.kind === 'sequence' ? found : undefined;
    },
    type: (name) => among(history.types, name),
    routines: (name) => among(history.routines, name) ?? [],
    namespace: (name) => history.namespaces.at(name, time),
    role: (name) => history.roles.at(name, time),
    extension: (name) => history.extensions.at(name, time),
    publication: (name) => history.publications.at(name, time),
    policy: (on, name) => table(on)?.policies.find((own) => own.name === name),
    trigger: (on, name) => owner(on)?.triggers.find((own) => own.name === name),
    constraint: (on, name) => table(on)?.constraints.find((own) => own.name === name),
    tables,
    views,
    sequences: () => relations.all(time).flatMap((found) => (found.kind === 'sequence' ? [found] : [])),
    types: () => history.types.all(time),
    allRoutines: () => history.routines.all(time).flat(),
    namespaces: () => history.namespaces.all(time),
    roles: () => history.roles.all(time),
    extensions: () => history.extensions.all(time),
    publications: () => history.publications.all(time),
    referencing: (name) => {
      const full = resolve(history, relations, name, time);
      if (!full) return [];
      return tables().flatMap((own) =>
        own.constraints.flatMap((constraint) =>
          constraint.references && sameFull(constraint.references.table, full) ? [{ table: own, constraint }] : [],
        ),
      );
    },
    viewsOn: (name, column) => {
      const full = resolve(history, relations, name, time);
      if (!full) return [];
      return views().filter(({ uses }) =>
        column === undefined
          ? uses.relations.some((own) => sameFull(own, full))
          : uses.columns.some((own) => own.column === column && sameFull(own.table, full)),
      );
    },
    children: (name) => {
      const full = resolve(history, relations, name, time);
      return full ? tables().filter(({ parents }) => parents.some((parent) => sameFull(parent, full))) : [];
    },
    status: (kind, name, on) => statusAt(history, time, kind, name, on),
  };
}

function statusAt(history: History, time: number, kind: Kind, name: Name, on?: Name): Status {
  switch (kind) {
    case 'relation':
      return ofTimeline(history, time, history.relations, name, 'relation');
    case 'type':
      return ofTimeline(history, time, history.types, name, 'type');
    case 'routine':
      return ofTimeline(history, time, history.routines, name, 'routine');
    case 'schema':
      return plain(history.namespaces, name.name, time, history.provided.has(name.name) || /^pg_/.test(name.name));
    case 'role':
      return plain(
        history.roles,
        name.name,
        time,
        /^pg_|^(?:postgres|public|current_user|session_user)$/.test(name.name),
      );
    case 'extension':
      return plain(history.extensions, name.name, time, name.name === 'plpgsql');
    case 'publication':
      return plain(history.publications, name.name, time, false);
    default:
      return on ? ofRelation(history, time, kind, name.name, on) : { is: 'unknown' };
  }
}

function plain<T extends object>(timeline: Timeline<T>, name: string, time: number, provided: boolean): Status {
  if (timeline.at(name, time) !== undefined) return { is: 'there' };
  const gone = timeline.goneAt(name, time);
  if (gone) return { is: 'gone', gone };
  return later(timeline.after(name, time)) ?? { is: provided ? 'provided' : 'unknown' };
}

const later = (value: unknown): Status | undefined => {
  const first: unknown = Array.isArray(value) ? value[0] : value;
  const { made } = (first ?? {}) as { readonly made?: Extract<Status, { is: 'later' }>['made'] };
  return made && { is: 'later', made };
};

/** Where a name may be meant: its schema, or every schema on the path. */
const candidates = (history: History, time: number, { schema, name }: Name): readonly FullName[] =>
  schema === undefined ? pathAt(history, time).map((own) => ({ schema: own, name })) : [{ schema, name }];

function ofTimeline<T extends object>(
  history: History,
  time: number,
  timeline: Timeline<T>,
  name: Name,
  kind: 'relation' | 'type' | 'routine',
): Status {
  if (resolve(history, timeline, name, time)) return { is: 'there' };
  // A table's name is the name of its row type.
  if (kind === 'type' && resolve(history, history.relations, name, time)) return { is: 'there' };
  const places = candidates(history, time, name).map(keyOf);
  for (const place of places) {
    const gone = timeline.goneAt(place, time);
    if (gone) return { is: 'gone', gone };
  }
  if (isBuiltIn(name, kind)) return { is: 'provided' };
  for (const place of places) {
    const value = timeline.after(place, time);
    const told = value && !('assumed' in value && value.assumed) ? later(value) : undefined;
    if (told) return told;
  }
  if (name.schema !== undefined && isProvided(history, name.schema, name.name)) return { is: 'provided' };
  return { is: kind === 'relation' && isProvided(history, '', name.name) ? 'provided' : 'unknown' };
}

function ofRelation(history: History, time: number, kind: Kind, name: string, on: Name): Status {
  const full = resolve(history, history.relations, on, time);
  if (!full) return { is: 'unknown' };
  const entry = history.relations.at(keyOf(full), time);
  if (!isTable(entry) && !isView(entry)) return { is: 'unknown' };
  if (membersOf(entry, kind).includes(name)) return { is: 'there' };
  const gone = entry.former.get(`${kind} ${name}`);
  if (gone) return { is: 'gone', gone };
  if (kind === 'column' && !entry.columnsKnown) return { is: 'provided' };
  const next = history.relations.firstWhere(
    keyOf(full),
    time,
    (value) => (isTable(value) || isView(value)) && membersOf(value, kind).includes(name),
  );
  if (next && (isTable(next) || isView(next))) {
    const told = later(memberOf(next, kind, name) ?? next);
    if (told) return told;
  }
  return { is: isProvided(history, full.schema, full.name) ? 'provided' : 'unknown' };
}

const memberOf = (entry: Table | View, kind: Kind, name: string): unknown => {
  if (isView(entry)) return [...entry.triggers, ...entry.rules].find((own) => own.name === name);
  if (kind === 'column') return entry.columns.get(name);
  const list =
    kind === 'constraint'
      ? entry.constraints
      : kind === 'policy'
        ? entry.policies
        : kind === 'trigger'
          ? entry.triggers
          : entry.rules;
  return (list as readonly { readonly name: string }[]).find((own) => own.name === name);
};

function membersOf(entry: Table | View, kind: Kind): readonly string[] {
  if (kind === 'column') return isView(entry) ? entry.columns : [...entry.columns.keys()];
  if (kind === 'trigger') return entry.triggers.map((own) => own.name);
  if (kind === 'rule') return entry.rules.map((own) => own.name);
  if (isView(entry)) return [];
  if (kind === 'constraint') return entry.constraints.map((own) => own.name);
  return kind === 'policy' ? entry.policies.map((own) => own.name) : [];
}

const TYPES: ReadonlySet<string> = new Set(
  (
    'bit bool box bpchar bytea char cidr circle date float4 float8 inet int2 int4 int8 interval json jsonb jsonpath line ' +
    'lseg macaddr macaddr8 money name numeric oid path point polygon text time timestamp timestamptz timetz tsquery ' +
    'tsvector txid_snapshot uuid varbit varchar xml int4range int8range numrange tsrange tstzrange daterange ' +
    'int4multirange int8multirange nummultirange tsmultirange tstzmultirange datemultirange regclass regcollation ' +
    'regconfig regdictionary regnamespace regoper regoperator regproc regprocedure regrole regtype record trigger ' +
    'event_trigger void any anyarray anyelement anyenum anynonarray anyrange anymultirange anycompatible ' +
    'anycompatiblearray anycompatiblenonarray anycompatiblerange cstring internal language_handler fdw_handler ' +
    'refcursor unknown xid xid8 cid tid int2vector oidvector pg_lsn pg_snapshot aclitem gtsvector serial bigserial ' +
    'smallserial serial2 serial4 serial8'
  ).split(' '),
);

function isBuiltIn({ schema, name }: Name, kind: 'relation' | 'type' | 'routine'): boolean {
  if (schema === 'pg_catalog' || schema === 'information_schema') return true;
  if (schema !== undefined) return false;
  if (kind === 'type') return TYPES.has(name);
  return /^pg_/.test(name);
}
