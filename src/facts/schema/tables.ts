import type { Column, Type } from '../sql/column.ts';
import { isSerial } from '../sql/column.ts';
import type { CreateTable, CreateTableAs } from '../sql/operation.ts';
import { sequenceName, stored } from './autonames.ts';
import { addConstraints, cloneIndex, inheritCheck, inheritForeignKey } from './constraints.ts';
import { change, isTable, keyOf, placeFor, put, resolve, type History } from './history.ts';
import type { Sequence, Table, TableColumn } from './objects.ts';
import { grantsFor } from './privileges.ts';
import { newTable, relationFor, tableFor, type Run } from './run.ts';
import { outputsOf, ownColumns } from './uses.ts';

export function createTable(run: Run, operation: CreateTable): void {
  const { history, at } = run;
  const name = placeFor(history, stripped(operation.name), operation.temporary);
  if (isTaken(run, name, operation.ifNotExists)) return;
  const columns = new Map<string, TableColumn>();
  const { partitionOf } = operation;
  let columnsKnown = true;
  const parents: Table[] = [];
  for (const wanted of partitionOf ? [partitionOf.parent] : operation.inherits) {
    const parent = tableFor(run, wanted);
    if (!parent) continue;
    parents.push(parent);
    columnsKnown &&= parent.columnsKnown;
    for (const column of parent.columns.values()) {
      // An inheriting table has no identity of its own; a partition shares its parent's. A serial's default is one like any other.
      const { identity, sequence, ...rest } = column;
      const more = identity === undefined ? { sequence } : partitionOf ? { identity, sequence } : {};
      columns.set(column.name, { ...rest, ...more, inherited: true, made: at, touched: at });
    }
  }
  const kind = operation.partitionBy ? 'partitioned table' : operation.object;
  const base: Table = {
    ...newTable(name),
    kind,
    parents: parents.map((parent) => parent.name),
    isPartition: partitionOf !== undefined,
    partitionBy: operation.partitionBy,
    temporary: operation.temporary,
    unlogged: operation.unlogged,
    grants: grantsFor(history, 'table', name.schema),
    made: at,
    touched: at,
  };
  const likes = operation.like.map((like) => ({
    ...like,
    words: run.textAt(like.at),
    source: relationFor(run, like.table),
  }));
  const elements = [...operation.columns, ...likes].sort((a, b) => a.at[0] - b.at[0]);
  const serials: Column[] = [];
  for (const element of elements) {
    if (!('source' in element)) {
      columns.set(stored(element.name), columnOf(run, element, columns.get(element.name)));
      if (isSerial(element.type) || element.identity) serials.push(element);
      continue;
    }
    const { source } = element;
    columnsKnown &&= isTable(source) && source.columnsKnown;
    if (!isTable(source)) continue;
    const including = includes(operation, element);
    for (const { identity, generated, default: value, sequence, ...column } of source.columns.values()) {
      columns.set(column.name, {
        ...column,
        inherited: false,
        made: at,
        touched: at,
        ...(including('defaults') && sequence && !identity && { sequence }),
        ...(including('defaults') && value && { default: value }),
        ...(including('identity') && identity && { identity }),
        ...(including('generated') && generated && { generated }),
      });
      if (including('identity') && identity) serials.push({ name: column.name } as Column);
    }
  }
  if (operation.ofType) {
    const type = history.types.now.get(
      keyOf(resolve(history, history.types, operation.ofType) ?? { schema: '', name: '' }),
    );
    columnsKnown &&= type !== undefined;
    for (const [own, type_] of type?.columns ?? []) columns.set(own, plainColumn(run, own, type_));
  }
  // The columns' sequences are named before the table is there.
  for (const { name: column } of serials) ownSequence(run, name, columns, column);
  put(history, { ...base, columns: resolvedGenerated(columns), columnsKnown });
  for (const parent of parents) {
    for (const constraint of parent.constraints) {
      if (constraint.kind === 'check' && !constraint.noInherit) inheritCheck(run, name, constraint);
    }
  }
  for (const { source, ...like } of likes) {
    if (!isTable(source)) continue;
    if (includes(operation, like)('constraints')) {
      const own = tableNow(history, name);
      const copied = source.constraints
        .filter(({ kind: type }) => type === 'check')
        .map((check) => ({ ...check, made: at, touched: at, inherited: false }));
      if (own) change(history, own, { constraints: [...own.constraints, ...copied] });
    }
  }
  const written = [...operation.columns.flatMap(({ constraints }) => constraints), ...operation.constraints];
  addConstraints(
    run,
    name,
    written.filter(({ kind: type }) => type !== 'foreign key'),
  );
  for (const { source, ...like } of likes) {
    if (isTable(source) && includes(operation, like)('indexes')) copyIndexes(run, source, name, false);
  }
  if (partitionOf) for (const parent of parents) adopt(run, parent, name);
  addConstraints(
    run,
    name,
    written.filter(({ kind: type }) => type === 'foreign key'),
  );
  notNullFrom(run, name, operation);
}

const stripped = ({ schema, name }: CreateTable['name']) => ({ schema, name: stored(name) });

const tableNow = (history: History, name: Table['name']): Table | undefined => {
  const entry = history.relations.now.get(keyOf(name));
  return isTable(entry) ? entry : undefined;
};

/** NOT NULL among the table's own constraints. */
function notNullFrom(run: Run, name: Table['name'], { constraints }: Pick<CreateTable, 'constraints'>): void {
  const named = new Set(constraints.filter(({ kind }) => kind === 'not null').flatMap(({ columns }) => columns));
  const table = tableNow(run.history, name);
  if (!table || named.size === 0) return;
  const columns = new Map(
    [...table.columns].map(([own, column]) => [own, named.has(own) ? { ...column, notNull: true } : column]),
  );
  change(run.history, table, { columns });
}

/** Something of that name is there, and the statement lets it be. An assumed table was none. */
function isTaken(run: Run, name: Table['name'], ifNotExists: boolean): boolean {
  const known = run.history.relations.now.get(keyOf(name));
  return known !== undefined && (ifNotExists || run.tolerant);
}

/** Which parts of a table LIKE copies: the operation keeps only ALL, the rest is read from the text. */
function includes(
  operation: CreateTable,
  { all, words }: { readonly all: boolean; readonly words: string },
): (what: string) => boolean {
  return (what) => {
    const last = [...words.matchAll(/\b(including|excluding)\s+(\w+)/gi)].findLast(
      ([, , part]) => part?.toLowerCase() === what || part?.toLowerCase() === 'all',
    );
    return last ? last[1]!.toLowerCase() === 'including' : all;
  };
}

/** What a partition has from its parent: indexes, keys and triggers. */
export function adopt(run: Run, parent: Table, name: Table['name']): void {
  copyIndexes(run, parent, name, true);
  for (const constraint of parent.constraints) {
    if (constraint.kind === 'foreign key') inheritForeignKey(run, name, constraint);
  }
  const table = tableNow(run.history, name);
  const rows = parent.triggers.filter(
    ({ forEach, name: own }) => forEach === 'row' && !table?.triggers.some((trigger) => trigger.name === own),
  );
  if (table && rows.length > 0)
    change(run.history, table, {
      triggers: [...table.triggers, ...rows.map((trigger) => ({ ...trigger, made: run.at, touched: run.at }))],
    });
}

function copyIndexes(run: Run, source: Table, name: Table['name'], asPartition: boolean): void {
  for (const index of source.indexes) {
    const constraint = source.constraints.find((own) => own.name === index.constraint);
    cloneIndex(run, name, index, constraint && index.constraint !== undefined ? constraint : undefined, asPartition);
  }
}

const plainColumn = ({ at }: Run, name: string, type: Type): TableColumn => ({
  name,
  type,
  notNull: false,
  inherited: false,
  made: at,
  touched: at,
});

const INTEGERS: Readonly<Record<string, string>> = {
  serial: 'int4',
  serial4: 'int4',
  bigserial: 'int8',
  serial8: 'int8',
  smallserial: 'int2',
  serial2: 'int2',
};

export function columnOf(run: Run, column: Column, inherited?: TableColumn): TableColumn {
  const { at } = run;
  const { default: value, generated, identity } = column;
  return {
    name: stored(column.name),
    type: typeOf(run, column.type),
    notNull: column.notNull || (inherited?.notNull ?? false),
    default: value ?? inherited?.default,
    generated: generated ? { ...generated, columns: [] } : inherited?.generated,
    identity,
    inherited: inherited !== undefined,
    made: at,
    touched: at,
  };
}

/** A type with the schema of the one that the history makes, and a serial as the integer behind it. */
export function typeOf({ history }: Run, type: Type): Type {
  if (isSerial(type)) return { ...type, name: INTEGERS[type.name] ?? 'int4' };
  const full = resolve(history, history.types, type);
  return full ? { ...type, ...full } : type;
}

/** Fills in what generated columns are made from, now that all columns are known. */
export const resolvedGenerated = (columns: ReadonlyMap<string, TableColumn>): ReadonlyMap<string, TableColumn> =>
  new Map(
    [...columns].map(([name, column]) => {
      const { generated } = column;
      if (!generated || generated.columns.length > 0) return [name, column];
      return [name, { ...column, generated: { ...generated, columns: ownColumns(generated.expression, columns) } }];
    }),
  );

/** The sequence behind a serial or an identity. */
export function ownSequence(run: Run, table: Table['name'], columns: Map<string, TableColumn>, column: string): void {
  const { history, at } = run;
  const own = columns.get(stored(column));
  if (!own) return;
  const name = { schema: table.schema, name: sequenceName(history, table, own.name) };
  const sequence: Sequence = {
    kind: 'sequence',
    name,
    ownedBy: { table, column: own.name },
    temporary: table.schema === 'pg_temp',
    grants: grantsFor(history, 'sequence', table.schema),
    made: at,
    touched: at,
  };
  put(history, sequence);
  columns.set(own.name, { ...own, sequence: name });
}

export function createTableAs(run: Run, operation: CreateTableAs): void {
  const { history, at } = run;
  const name = placeFor(history, operation.name, operation.temporary);
  if (isTaken(run, name, operation.ifNotExists)) return;
  const given = outputsOf(history, operation.query, operation.outputs);
  const named = given.columns.map((column, i) => ({ ...column, name: operation.columns[i] ?? column.name }));
  const columns = named.map(({ name: own, type }): TableColumn => {
    const stands = type && typeOf(run, type);
    return { name: stored(own), type: stands, notNull: false, inherited: false, made: at, touched: at };
  });
  put(history, {
    ...newTable(name),
    columns: new Map(columns.flatMap((column) => (column.name === '' ? [] : [[column.name, column]]))),
    columnsKnown: given.known && columns.every((column) => column.name !== ''),
    temporary: operation.temporary,
    unlogged: operation.unlogged,
    grants: grantsFor(history, 'table', name.schema),
    made: at,
    touched: at,
  });
}
