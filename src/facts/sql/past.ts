import { defineFact } from '../../core/fact.ts';
import { isNotice } from '../../core/notice.ts';
import type { Snapshot } from '../../core/snapshot.ts';
import { migrations, type MigrationFolder } from '../migrations.ts';
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
  /** The places of steps that are about a table or an index of that name, whatever its schema. */
  readonly about: (kind: 'table' | 'index', name: string) => readonly number[];
}

/** The migrations before a statement's own, and what stands before it in its file. */
export async function pastOf(
  snapshot: Snapshot,
  { path, index, migration }: Pick<JudgedStatement, 'path' | 'index' | 'migration'>,
): Promise<Past> {
  const file = await sqlFile(snapshot, path);
  const own = isNotice(file) ? [] : stepsOf(file);
  const before = own.findIndex(({ by }) => by.index >= index);
  const count = before < 0 ? own.length : before;
  const folder = migration && (await (await folders(snapshot))(migration.folder));
  const start = folder?.starts.get(path);
  return folder && start !== undefined ? { ...folder, end: start + count } : { ...indexed(own), end: count };
}

interface FolderPast extends Omit<Past, 'end'> {
  /** How many steps stand before a migration's own. */
  readonly starts: ReadonlyMap<string, number>;
}

const folders = defineFact(async (snapshot) => {
  const known = new Map<string, Promise<FolderPast>>();
  await migrations(snapshot);
  return (folder: MigrationFolder): Promise<FolderPast> => {
    const past = known.get(folder.dir) ?? readFolder(snapshot, folder);
    known.set(folder.dir, past);
    return past;
  };
});

async function readFolder(snapshot: Snapshot, folder: MigrationFolder): Promise<FolderPast> {
  const steps: Step[] = [];
  const starts = new Map<string, number>();
  for (const { path } of folder.migrations) {
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

/** What `tableAt` has to look at this operation for. */
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
