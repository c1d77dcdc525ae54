import type { Constraint } from '../sql/column.ts';
import type { CreateIndex } from '../sql/operation.ts';
import { checkName, foreignKeyName, indexColumnNames, indexName, stored } from './autonames.ts';
import {
  again,
  change,
  childrenOf,
  end,
  entryOf,
  isTable,
  keyOf,
  put,
  resolve,
  sameFull,
  type History,
} from './history.ts';
import type { FullName, Index, Table, TableConstraint } from './objects.ts';
import { tableFor, type Run } from './run.ts';
import { ownColumns } from './uses.ts';

// Constraints and indexes come with names of PostgreSQL's choice, and reach partitions and inheriting tables.

/** Adds the constraints of one statement in the order in which PostgreSQL makes them, which decides the names. */
export function addConstraints(run: Run, table: FullName, list: readonly Constraint[]): void {
  const of = (...kinds: readonly Constraint['kind'][]): Constraint[] => list.filter(({ kind }) => kinds.includes(kind));
  for (const constraint of of('check')) addCheck(run, table, constraint);
  for (const constraint of withoutTwins([...of('primary key'), ...list.filter(isIndexed)]))
    addIndexed(run, table, constraint);
  for (const constraint of of('foreign key')) addForeignKey(run, table, constraint);
}

const isIndexed = ({ kind }: Constraint): boolean => kind === 'unique' || kind === 'exclude';

/** Of two that ask for the same index, one is made. */
function withoutTwins(list: readonly Constraint[]): Constraint[] {
  const kept: Constraint[] = [];
  for (const constraint of list) {
    const twin = kept.findIndex(
      (other) =>
        other.usingIndex === undefined &&
        constraint.kind !== 'exclude' &&
        other.kind !== 'exclude' &&
        String(other.columns) === String(constraint.columns) &&
        String(other.include) === String(constraint.include) &&
        other.nullsNotDistinct === constraint.nullsNotDistinct &&
        other.deferrable === constraint.deferrable &&
        other.initiallyDeferred === constraint.initiallyDeferred,
    );
    if (twin < 0) kept.push(constraint);
    else if (kept[twin]!.name === undefined) kept[twin] = { ...kept[twin]!, name: constraint.name };
  }
  return kept;
}

const tableNow = ({ history }: Run, name: FullName): Table | undefined => again(history, { name });

const add = (run: Run, table: Table, constraint: TableConstraint): Table =>
  change(run.history, table, { constraints: [...table.constraints, constraint] }, run.at);

const common = ({ at }: Run, constraint: Constraint) => ({
  validated: !constraint.notValid && !constraint.notEnforced,
  enforced: !constraint.notEnforced,
  deferrable: constraint.deferrable,
  noInherit: constraint.noInherit,
  inherited: false,
  made: at,
  touched: at,
});

function addCheck(run: Run, name: FullName, constraint: Constraint): void {
  const table = tableNow(run, name);
  if (!table) return;
  const { expression } = constraint;
  const columns = ownColumns(expression, table.columns, table.columnsKnown);
  const made: TableConstraint = {
    kind: 'check',
    name: constraint.name === undefined ? checkName(run.history, name, columns) : stored(constraint.name),
    columns,
    expression,
    ...common(run, constraint),
  };
  add(run, table, made);
  if (!made.noInherit) for (const child of childrenOf(run.history, table)) inheritCheck(run, child.name, made);
}

/** A child that has a check of that name keeps its own. */
export function inheritCheck(run: Run, name: FullName, check: TableConstraint): void {
  const table = tableNow(run, name);
  if (!table) return;
  const own = table.constraints.find((constraint) => constraint.name === check.name);
  if (!own) add(run, table, { ...check, inherited: true });
  for (const child of childrenOf(run.history, table)) inheritCheck(run, child.name, check);
}

function addForeignKey(run: Run, name: FullName, constraint: Constraint): void {
  const { history } = run;
  const table = tableNow(run, name);
  const { references } = constraint;
  if (!table || !references) return;
  const target =
    references.table.name === name.name && !resolve(history, history.relations, references.table)
      ? table
      : tableFor(run, references.table);
  const made: TableConstraint = {
    kind: 'foreign key',
    name: constraint.name === undefined ? foreignKeyName(history, name, constraint.columns) : stored(constraint.name),
    columns: constraint.columns,
    references: {
      table: target?.name ?? { schema: references.table.schema ?? 'public', name: references.table.name },
      columns:
        references.columns.length > 0
          ? references.columns
          : (target?.constraints.find(({ kind }) => kind === 'primary key')?.columns ?? []),
      onDelete: references.onDelete,
      onUpdate: references.onUpdate,
    },
    ...common(run, constraint),
  };
  add(run, tableNow(run, name) ?? table, made);
  if (table.kind === 'partitioned table')
    for (const child of childrenOf(history, table)) inheritForeignKey(run, child.name, made);
}

/** A partition has its parent's foreign key under the same name, where that is free. */
export function inheritForeignKey(run: Run, name: FullName, key: TableConstraint): void {
  const table = tableNow(run, name);
  if (!table) return;
  const taken = table.constraints.some((constraint) => constraint.name === key.name);
  const made = { ...key, inherited: true, name: taken ? foreignKeyName(run.history, name, key.columns) : key.name };
  add(run, table, made);
  for (const child of childrenOf(run.history, table)) inheritForeignKey(run, child.name, made);
}

function addIndexed(run: Run, name: FullName, constraint: Constraint): void {
  const { history, at } = run;
  const table = tableNow(run, name);
  if (!table) return;
  const { kind } = constraint;
  if (kind !== 'primary key' && kind !== 'unique' && kind !== 'exclude') return;
  const taken = table.indexes.find((index) => index.name.name === constraint.usingIndex);
  const keys = taken?.keys ?? constraint.columns.map((column) => ({ column, descending: false }));
  const columns = keys.flatMap(({ column }) => (column === undefined ? [] : [column]));
  const label = kind === 'primary key' ? 'pkey' : kind === 'unique' ? 'key' : 'excl';
  const columnNames = taken?.columnNames ?? indexColumnNames(keys, constraint.include);
  const chosen =
    (constraint.name && stored(constraint.name)) ?? taken?.name.name ?? indexName(history, name, label, columnNames);
  const index: Index = {
    kind: 'index',
    name: { schema: name.schema, name: chosen },
    table: name,
    unique: kind !== 'exclude',
    method: taken?.method ?? (kind === 'exclude' ? 'gist' : 'btree'),
    keys,
    include: taken?.include ?? constraint.include,
    columns: taken?.columns ?? [
      ...new Set([
        ...columns,
        ...constraint.include,
        ...ownColumns(constraint.expression, table.columns, table.columnsKnown),
      ]),
    ],
    columnNames,
    nullsNotDistinct: taken?.nullsNotDistinct ?? constraint.nullsNotDistinct,
    only: false,
    made: taken?.made ?? at,
    touched: at,
    constraint: chosen,
  };
  if (taken) removeIndex(history, taken);
  let now = tableNow(run, name) ?? table;
  if (kind === 'primary key') {
    now = change(history, now, {
      columns: new Map(
        [...now.columns].map(([own, column]) => [
          own,
          columns.includes(own) && !column.notNull ? { ...column, notNull: true, touched: at } : column,
        ]),
      ),
    });
  }
  const made: TableConstraint = {
    kind,
    name: chosen,
    columns,
    expression: constraint.expression,
    ...common(run, constraint),
  };
  putIndex(history, add(run, now, made), index);
  if (table.kind === 'partitioned table')
    for (const child of childrenOf(history, table)) cloneIndex(run, child.name, index, made);
}

/** Adds an index to its table, and its name to the relations. */
export function putIndex(history: History, table: Table, index: Index): void {
  change(history, table, { indexes: [...table.indexes, index] });
  put(history, { kind: 'index', name: index.name, table: table.name });
}

export function removeIndex(history: History, index: Index, gone?: Parameters<typeof end>[2]): void {
  end(history, index.name, gone);
  const entry = history.relations.now.get(keyOf(index.table));
  if (entry && entry.kind !== 'index' && entry.kind !== 'sequence')
    change(history, entry, { indexes: entry.indexes.filter(({ name }) => !sameFull(name, index.name)) });
}

export function createIndex(run: Run, operation: CreateIndex): void {
  const { history, at } = run;
  const { name: wanted } = operation;
  const entry = entryOf(history, operation.table);
  const table = entry?.kind === 'materialized view' ? entry : tableFor(run, operation.table);
  if (!table) return;
  const { schema } = table.name;
  if (operation.named && history.relations.now.has(keyOf({ schema, name: stored(wanted.name) }))) {
    if (operation.ifNotExists || run.tolerant) return;
  }
  const names = indexColumnNames(operation.keys, operation.include);
  const known = isTable(table) ? table.columns : new Map(table.columns.map((column) => [column, column]));
  const expressions = [operation.where, ...operation.keys.map(({ expression }) => expression)];
  const index: Index = {
    kind: 'index',
    name: { schema, name: operation.named ? stored(wanted.name) : indexName(history, table.name, 'idx', names) },
    table: table.name,
    unique: operation.unique,
    method: operation.method,
    keys: operation.keys,
    include: operation.include,
    where: operation.where,
    columns: [
      ...new Set([
        ...operation.keys.flatMap(({ column }) => (column === undefined ? [] : [column])),
        ...operation.include,
        ...expressions.flatMap((expression) => ownColumns(expression, known, table.columnsKnown)),
      ]),
    ],
    columnNames: names,
    nullsNotDistinct: operation.nullsNotDistinct,
    only: operation.only,
    made: at,
    touched: at,
  };
  if (!isTable(table)) {
    change(history, table, { indexes: [...table.indexes, index] });
    put(history, { kind: 'index', name: index.name, table: table.name });
    return;
  }
  putIndex(history, table, index);
  if (table.kind === 'partitioned table' && !operation.only) {
    for (const child of childrenOf(history, table)) cloneIndex(run, child.name, index);
  }
}

const sameShape = (a: Index, b: Index): boolean =>
  a.unique === b.unique &&
  a.method === b.method &&
  a.where?.text === b.where?.text &&
  a.keys.length === b.keys.length &&
  a.keys.every((key, i) => key.column === b.keys[i]!.column && key.expression?.text === b.keys[i]!.expression?.text);

/** Gives a table an index like another one's, under a name of its own. A partition's own index of that shape serves. */
export function cloneIndex(run: Run, name: FullName, index: Index, constraint?: TableConstraint, reuse = true): void {
  const { history, at } = run;
  const table = tableNow(run, name);
  if (!table || table.kind === 'foreign table') return;
  const serving =
    reuse &&
    table.indexes.some((own) => sameShape(own, index) && (own.constraint !== undefined) === (constraint !== undefined));
  if (serving) return;
  const label =
    constraint?.kind === 'primary key' ? 'pkey' : constraint?.kind === 'unique' ? 'key' : constraint ? 'excl' : 'idx';
  const chosen = indexName(history, name, label, index.columnNames);
  const own: Index = {
    ...index,
    name: { schema: name.schema, name: chosen },
    table: name,
    made: at,
    touched: at,
    constraint: constraint && chosen,
  };
  const now = constraint
    ? add(run, table, { ...constraint, name: chosen, inherited: reuse, made: at, touched: at })
    : table;
  putIndex(history, now, own);
  if (reuse && table.kind === 'partitioned table')
    for (const child of childrenOf(history, table)) cloneIndex(run, child.name, own, constraint);
}
