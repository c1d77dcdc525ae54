import { defineFact } from '../../core/fact.ts';
import { isNotice } from '../../core/notice.ts';
import type { Snapshot } from '../../core/snapshot.ts';
import type { MigrationFolder } from '../migrations.ts';
import { NEAR, prefixNames, WORTH_KEEPING } from '../prefixes.ts';
import type { Column, Constraint } from './column.ts';
import { sqlFile } from './files.ts';
import { sameName, type Name } from './name.ts';
import type { CreateIndex, CreateTable, Operation } from './operation.ts';
import type { JudgedStatement } from './statement.ts';
import { stepsOf, type Step } from './steps.ts';

export { stepsOf, type Step };

/** What ran before a moment. */
export interface Past {
  /** In order; what stands from `end` on comes later. */
  readonly steps: readonly Step[];
  readonly end: number;
  /** The places of steps that are about a table, an index or an enum of that name, whatever its schema. */
  readonly about: (kind: 'table' | 'index' | 'type', name: string) => readonly number[];
}

/**
 * The migrations before a statement's own, and what stands before it in its file; of the migrations, at least what is about the tables
 * that are `asked` for by name.
 */
export async function pastOf(
  snapshot: Snapshot,
  { path, index, migration }: Pick<JudgedStatement, 'path' | 'index' | 'migration'>,
  asked: readonly Name[],
): Promise<Past> {
  const file = await sqlFile(snapshot, path);
  const own = isNotice(file) ? [] : stepsOf(file);
  const before = own.findIndex(({ by }) => by.index >= index);
  const count = before < 0 ? own.length : before;
  const place = migration && asked.length > 0 ? placesIn(migration.folder).get(path) : undefined;
  if (!migration || place === undefined) return { ...indexed(own), end: count };
  const { starts, ...folder } = await (await folders(snapshot))(migration.folder, place, asked);
  return { ...folder, end: starts.get(path)! + count };
}

function placesIn(folder: MigrationFolder): ReadonlyMap<string, number> {
  const known = PLACES.get(folder) ?? new Map(folder.migrations.map(({ path }, place) => [path, place]));
  PLACES.set(folder, known);
  return known;
}

const PLACES = new WeakMap<MigrationFolder, ReadonlyMap<string, number>>();

interface FolderPast extends Omit<Past, 'end'> {
  /** How many steps stand before a migration's own. */
  readonly starts: ReadonlyMap<string, number>;
}

const folders = defineFact(async (snapshot) => {
  const whole = new Map<string, Promise<FolderPast>>();
  const told = new Map<string, Promise<NameIndex | undefined>>();
  const pathsOf = ({ migrations: all }: MigrationFolder): string[] => all.map(({ path }) => path);
  return async (folder: MigrationFolder, place: number, asked: readonly Name[]): Promise<FolderPast> => {
    const { dir } = folder;
    const known = whole.get(dir);
    if (known) return known;
    const telling = told.get(dir) ?? recallNames(snapshot, folder, place);
    told.set(dir, telling);
    const names = await telling;
    if (names && names.count <= place) return readRelevant(snapshot, pathsOf(folder), names, asked);
    const read = readFolder(snapshot, pathsOf(folder));
    whole.set(dir, read);
    await keepNames(snapshot, folder, place, await read);
    return read;
  };
});

/** In which of the first `count` migrations something is about a name, by `subjectsOf`. */
interface NameIndex {
  readonly count: number;
  readonly about: Readonly<Record<string, readonly number[]>>;
}

async function recallNames(snapshot: Snapshot, folder: MigrationFolder, place: number): Promise<NameIndex | undefined> {
  if (!snapshot.cache || place < WORTH_KEEPING) return undefined;
  const shelf = snapshot.cache.shelf('names');
  const names = await prefixNames(snapshot, folder, place);
  const least = Math.max(WORTH_KEEPING, place - NEAR, folder.migrations.length - 2 * NEAR);
  for (let count = names.length - 1; count >= least; count--) {
    const kept = shelf.get(names[count]!);
    if (kept) return JSON.parse(Buffer.from(kept).toString()) as NameIndex;
  }
  return undefined;
}

async function keepNames(
  snapshot: Snapshot,
  folder: MigrationFolder,
  count: number,
  { steps, starts }: FolderPast,
): Promise<void> {
  if (!snapshot.cache || count < WORTH_KEEPING) return;
  const name = (await prefixNames(snapshot, folder, count))[count];
  const before = folder.migrations.slice(0, count);
  const files = await Promise.all(before.map(({ path }) => sqlFile(snapshot, path)));
  // What could not be read today may be there tomorrow.
  if (name === undefined || files.some(isNotice)) return;
  const about = new Map<string, Set<number>>();
  before.forEach(({ path }, place) => {
    const end = starts.get(folder.migrations[place + 1]?.path ?? '') ?? steps.length;
    for (const { operation } of steps.slice(starts.get(path), end)) {
      for (const key of subjectsOf(operation)) about.set(key, (about.get(key) ?? new Set()).add(place));
    }
  });
  const index: NameIndex = { count, about: Object.fromEntries([...about].map(([key, places]) => [key, [...places]])) };
  snapshot.cache.shelf('names').put(name, Buffer.from(JSON.stringify(index)));
}

/** The files behind the index, and those that tell of the tables and enums that are asked for, whatever their names were before. */
async function readRelevant(
  snapshot: Snapshot,
  paths: readonly string[],
  { count, about }: NameIndex,
  asked: readonly Name[],
): Promise<FolderPast> {
  const wanted = new Set(asked.flatMap(({ name }) => [`table ${name}`, `type ${name}`]));
  const places = new Set([...paths.keys()].slice(count));
  for (;;) {
    for (const key of wanted) for (const place of Object.hasOwn(about, key) ? about[key]! : []) places.add(place);
    const past = await readFolder(
      snapshot,
      [...places].sort((a, b) => a - b).map((place) => paths[place]!),
    );
    const known = wanted.size;
    for (const { operation } of past.steps) {
      const keys = subjectsOf(operation);
      if (keys.some((key) => wanted.has(key))) for (const key of [...keys, ...followedFrom(operation)]) wanted.add(key);
    }
    if (wanted.size === known) return past;
  }
}

/** Indexes, and types that may be enums, that are to be followed from here on. */
function followedFrom(operation: Operation): readonly string[] {
  switch (operation.kind) {
    case 'create index':
      return [`index ${operation.name.name}`];
    case 'rename index':
      return [`index ${operation.to}`];
    case 'create table':
      return operation.columns.map(({ type }) => `type ${type.name}`);
    case 'add column':
      return [`type ${operation.column.type.name}`];
    case 'alter column type':
      return [`type ${operation.type.name}`];
    default:
      return [];
  }
}

async function readFolder(snapshot: Snapshot, paths: readonly string[]): Promise<FolderPast> {
  const steps: Step[] = [];
  const starts = new Map<string, number>();
  for (const path of paths) {
    starts.set(path, steps.length);
    const file = await sqlFile(snapshot, path);
    if (!isNotice(file)) for (const step of stepsOf(file)) steps.push(step);
  }
  return { starts, ...indexed(steps) };
}

function indexed(steps: readonly Step[]): Omit<Past, 'end'> {
  let places: Map<string, number[]> | undefined;
  const build = (): Map<string, number[]> => {
    const found = new Map<string, number[]>();
    steps.forEach(({ operation }, place) => {
      for (const key of subjectsOf(operation)) {
        const known = found.get(key);
        if (known) known.push(place);
        else found.set(key, [place]);
      }
    });
    return found;
  };
  return { steps, about: (kind, name) => (places ??= build()).get(`${kind} ${name}`) ?? [] };
}

/** What `tableAt`, and whoever follows an enum, has to look at this operation for. */
function subjectsOf(operation: Operation): readonly string[] {
  switch (operation.kind) {
    case 'create table':
    case 'drop table':
    case 'set schema':
      return [`table ${operation.name.name}`];
    case 'rename table':
      return [`table ${operation.name.name}`, `table ${operation.to}`];
    case 'rename column':
    case 'rename constraint':
      return operation.on ? [`table ${operation.on.name}`] : [];
    case 'create type':
      return operation.form === 'enum' ? [`type ${operation.name.name}`] : [];
    case 'rename type':
      return [`type ${operation.name.name}`, `type ${operation.to}`];
    case 'add enum value':
      return [`type ${operation.type.name}`];
    case 'rename enum value':
      return operation.on ? [`type ${operation.on.name}`] : [];
    case 'create index':
      return [`table ${operation.table.name}`];
    case 'rename index':
    case 'drop index':
      return [`index ${operation.name.name}`];
    default:
      return 'tableIfExists' in operation ? [`table ${operation.table.name}`] : [];
  }
}

/** What is known of one table at the end of a past; undefined where the past does not make it, or drops it. */
export interface TablePast {
  readonly made: CreateTable;
  readonly columns: ReadonlyMap<string, Column>;
  /** Those of columns included; without NOT NULL. */
  readonly constraints: readonly Constraint[];
  readonly indexes: readonly CreateIndex[];
}

/** Follows a table through renames, moves and changes. Columns that LIKE, INHERITS or OF give are not known. */
export function tableAt(past: Past, table: Name): TablePast | undefined {
  const start = birthOf(past, table, past.end);
  if (start === undefined) return undefined;
  const made = past.steps[start]!.operation as CreateTable;
  let name = made.name;
  const columns = new Map(made.columns.map((column) => [column.name, column]));
  let constraints = [...made.constraints, ...made.columns.flatMap((column) => column.constraints)].filter(isTold);
  let indexes: CreateIndex[] = [];
  const dropColumn = (gone: string): void => {
    columns.delete(gone);
    constraints = constraints.filter((constraint) => !columnsOf(constraint).includes(gone));
    indexes = indexes.filter(
      (index) => !index.keys.some(({ column }) => column === gone) && !index.include.includes(gone),
    );
  };
  const next = (after: number): number =>
    Math.min(
      firstFrom(past.about('table', name.name), after + 1),
      ...indexes.map((index) => firstFrom(past.about('index', index.name.name), after + 1)),
    );
  for (let i = next(start); i < past.end; i = next(i)) {
    const { operation } = past.steps[i]!;
    switch (operation.kind) {
      case 'rename table':
        if (sameName(operation.name, name)) name = { ...name, name: operation.to };
        break;
      case 'set schema':
        if (operation.object === 'table' && sameName(operation.name, name))
          name = { schema: operation.schema, name: name.name };
        break;
      case 'rename column': {
        const column = operation.on && sameName(operation.on, name) ? columns.get(operation.name.name) : undefined;
        if (!column) break;
        columns.delete(column.name);
        columns.set(operation.to, { ...column, name: operation.to });
        const renamed = (old: string): string => (old === column.name ? operation.to : old);
        constraints = constraints.map((constraint) => ({ ...constraint, columns: constraint.columns.map(renamed) }));
        indexes = indexes.map((index) => ({
          ...index,
          keys: index.keys.map((key) => (key.column === undefined ? key : { ...key, column: renamed(key.column) })),
          include: index.include.map(renamed),
        }));
        break;
      }
      case 'rename constraint':
        if (operation.on && sameName(operation.on, name)) {
          constraints = constraints.map((constraint) =>
            constraint.name === operation.name.name ? { ...constraint, name: operation.to } : constraint,
          );
        }
        break;
      case 'add column':
        if (!sameName(operation.table, name) || columns.has(operation.column.name)) break;
        columns.set(operation.column.name, operation.column);
        constraints.push(...operation.column.constraints.filter(isTold));
        break;
      case 'drop column':
        if (sameName(operation.table, name)) dropColumn(operation.column);
        break;
      case 'alter column type': {
        const column = sameName(operation.table, name) ? columns.get(operation.column) : undefined;
        if (column) columns.set(column.name, { ...column, type: operation.type });
        break;
      }
      case 'add constraint':
        if (sameName(operation.table, name) && isTold(operation.constraint)) constraints.push(operation.constraint);
        break;
      case 'validate constraint':
        if (sameName(operation.table, name)) {
          constraints = constraints.map((constraint) =>
            constraint.name === operation.constraint ? { ...constraint, notValid: false } : constraint,
          );
        }
        break;
      case 'drop constraint':
        if (sameName(operation.table, name)) {
          constraints = constraints.filter((constraint) => constraintName(name, constraint) !== operation.constraint);
        }
        break;
      case 'create index':
        if (sameName(operation.table, name)) indexes.push(operation);
        break;
      case 'rename index':
        indexes = indexes.map((index) =>
          sameName(index.name, operation.name) ? { ...index, name: { ...index.name, name: operation.to } } : index,
        );
        break;
      case 'drop index':
        indexes = indexes.filter((index) => index.name.name !== operation.name.name);
        break;
    }
  }
  return { made, columns, constraints, indexes };
}

const isTold = ({ kind }: Constraint): boolean => kind !== 'not null' && kind !== 'null';

/** Every column that a constraint is about: a check names them in its expression. */
export const columnsOf = ({ columns, expression }: Constraint): readonly string[] =>
  expression ? [...new Set([...columns, ...expression.columns().map(({ column }) => column)])] : columns;

/** A constraint's name, or the one that PostgreSQL gives it. */
export function constraintName({ name: table }: Name, constraint: Constraint): string {
  if (constraint.name !== undefined) return constraint.name;
  switch (constraint.kind) {
    case 'primary key':
      return `${table}_pkey`;
    case 'check':
      return [table, ...columnsOf(constraint).slice(0, 1), 'check'].join('_');
    case 'exclude':
      return [table, ...constraint.columns, 'excl'].join('_');
    default:
      return [table, ...constraint.columns, constraint.kind === 'foreign key' ? 'fkey' : 'key'].join('_');
  }
}

/** The first of ascending numbers that is not below `least`; Infinity where there is none. */
function firstFrom(numbers: readonly number[], least: number): number {
  return numbers[countBelow(numbers, least)] ?? Infinity;
}

function countBelow(numbers: readonly number[], limit: number): number {
  let low = 0;
  let high = numbers.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (numbers[middle]! < limit) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Where the table that has this name before `end` was made. */
function birthOf(past: Past, { schema, name }: Name, end: number): number | undefined {
  let wanted: Name = { schema, name };
  let i = end;
  const previous = (): number | undefined => {
    const places = past.about('table', wanted.name);
    return places[countBelow(places, i) - 1];
  };
  for (let place = previous(); place !== undefined; place = previous()) {
    i = place;
    const { operation } = past.steps[i]!;
    switch (operation.kind) {
      case 'create table':
        // IF NOT EXISTS may have found an older one.
        if (sameName(operation.name, wanted)) return operation.ifNotExists ? (birthOf(past, wanted, i) ?? i) : i;
        break;
      case 'rename table':
        if (sameName({ ...operation.name, name: operation.to }, wanted))
          wanted = { ...wanted, name: operation.name.name };
        else if (sameName(operation.name, wanted)) return undefined;
        break;
      case 'set schema':
        if (operation.object === 'table' && sameName({ schema: operation.schema, name: operation.name.name }, wanted)) {
          wanted = operation.name;
        }
        break;
      case 'drop table':
        if (sameName(operation.name, wanted)) return undefined;
        break;
    }
  }
  return undefined;
}
