import type { Type } from '../sql/column.ts';
import type { Expression } from '../sql/expression.ts';
import { printColumn, printIdentifier, printName } from '../sql/name.ts';
import type { Drop } from '../sql/operation.ts';
import { removeIndex } from './constraints.ts';
import {
  again,
  change,
  childrenOf,
  end,
  entryOf,
  isTable,
  isView,
  keyOf,
  resolve,
  sameFull,
  tablesOf,
  viewsOf,
  type Entry,
  type History,
} from './history.ts';
import type { FullName, Gone, Table, Uses, View } from './objects.ts';
import { signatureOf, sameSignature } from './routines.ts';
import { gone, relationFor, tableFor, type Run } from './run.ts';

/** DROP of every kind. Without CASCADE nothing else can depend on it, or the statement fails. */
export function drop(run: Run, operation: Drop): void {
  const { history } = run;
  const { object, name, on } = operation;
  const mayLack = operation.ifExists;
  switch (object) {
    case 'table':
    case 'foreign table': {
      const table = tableFor(run, name, mayLack);
      if (table) dropTable(run, table, gone(run, 'dropped'), operation.cascade);
      return;
    }
    case 'view':
    case 'materialized view': {
      const view = entryOf(history, name);
      if (isView(view)) dropView(run, view, gone(run, 'dropped'));
      return;
    }
    case 'index': {
      const place = entryOf(history, name);
      if (place?.kind !== 'index') return;
      const index = indexAt(history, place.table, place.name);
      if (index) {
        for (const child of childIndexes(history, index))
          removeIndex(history, child, gone(run, 'dropped', { with: `index ${printName(name)}` }));
        removeIndex(history, index, gone(run, 'dropped'));
      }
      touch(run, place.table);
      return;
    }
    case 'sequence': {
      const sequence = entryOf(history, name);
      if (sequence?.kind !== 'sequence') return;
      end(history, sequence.name, gone(run, 'dropped'));
      for (const table of tablesOf(history)) {
        const using = [...table.columns.values()].filter(
          (column) => column.sequence && sameFull(column.sequence, sequence.name),
        );
        if (using.length === 0) continue;
        const columns = new Map(table.columns);
        for (const column of using) columns.set(column.name, { ...column, sequence: undefined });
        change(history, table, { columns }, run.at);
      }
      return;
    }
    case 'schema':
      return dropSchema(run, name.name);
    case 'type':
    case 'domain': {
      const full = resolve(history, history.types, name);
      if (full) dropType(run, full, gone(run, 'dropped'), operation.cascade);
      return;
    }
    case 'function':
    case 'procedure':
    case 'routine':
    case 'aggregate':
      return dropRoutine(run, operation);
    case 'policy':
    case 'trigger':
    case 'rule': {
      const table = on && relationFor(run, on, mayLack);
      if (table) dropFromTable(run, table, object, name.name);
      return;
    }
    case 'extension':
      return history.extensions.end(name.name, gone(run, 'dropped'), history.time);
    case 'role':
      return history.roles.end(name.name, gone(run, 'dropped'), history.time);
    case 'publication':
      return history.publications.end(name.name, gone(run, 'dropped'), history.time);
  }
}

const indexAt = (history: History, table: FullName, name: FullName) => {
  const entry = history.relations.now.get(keyOf(table));
  return isTable(entry) || entry?.kind === 'materialized view'
    ? entry.indexes.find((index) => sameFull(index.name, name))
    : undefined;
};

/** Partitions' indexes that came with one of their parent's. */
function childIndexes(
  history: History,
  { table, keys, unique }: NonNullable<ReturnType<typeof indexAt>>,
): NonNullable<ReturnType<typeof indexAt>>[] {
  const parent = history.relations.now.get(keyOf(table));
  if (!isTable(parent) || parent.kind !== 'partitioned table') return [];
  const shape = JSON.stringify(keys.map(({ column, expression }) => column ?? expression?.text));
  return childrenOf(history, parent).flatMap((child) => {
    const own = child.indexes.find(
      (index) =>
        index.unique === unique &&
        JSON.stringify(index.keys.map(({ column, expression }) => column ?? expression?.text)) === shape,
    );
    return own ? [own, ...childIndexes(history, own)] : [];
  });
}

function touch({ history, at }: Run, name: FullName): void {
  const entry = history.relations.now.get(keyOf(name));
  if (isTable(entry) || isView(entry)) change(history, entry, {}, at);
}

const usesTable = ({ relations }: Uses, name: FullName): boolean => relations.some((own) => sameFull(own, name));
const usesColumn = ({ columns }: Uses, name: FullName, column: string): boolean =>
  columns.some((own) => own.column === column && sameFull(own.table, name));
const usesFunction = ({ functions }: Uses, name: FullName): boolean =>
  functions.some((own) => own.name === name.name && own.schema === name.schema);

export function dropTable(run: Run, table: Table, why: Gone, cascade: boolean): void {
  const { history } = run;
  const going = `table ${printName(table.name)}`;
  const cause = gone(run, 'dropped', { with: going });
  for (const child of childrenOf(history, table))
    if (child.isPartition || cascade) dropTable(run, child, cause, cascade);
  for (const index of again(history, table)?.indexes ?? []) end(history, index.name, cause);
  end(history, table.name, why);
  for (const entry of [...history.relations.now.values()]) {
    if (entry.kind === 'sequence' && entry.ownedBy && sameFull(entry.ownedBy.table, table.name))
      end(history, entry.name, cause);
  }
  for (const other of tablesOf(history)) {
    const left = other.constraints.filter(({ references }) => !references || !sameFull(references.table, table.name));
    if (left.length < other.constraints.length) {
      const lost = other.constraints.filter((constraint) => !left.includes(constraint));
      change(
        history,
        other,
        { constraints: left, former: formerly(other, cause, ...lost.map(({ name }) => `constraint ${name}`)) },
        run.at,
      );
    }
  }
  for (const publication of history.publications.now.values()) {
    const tables = publication.tables.filter((name) => !sameFull(name, table.name));
    if (tables.length < publication.tables.length)
      history.publications.set(publication.name, { ...publication, tables }, history.time);
  }
  dropUsers(run, cause, cascade, (uses) => usesTable(uses, table.name));
}

/** What reads something that goes: views, and the policies of other tables. */
function dropUsers(run: Run, cause: Gone, cascade: boolean, uses: (own: Uses) => boolean): void {
  const { history } = run;
  if (!cascade) return;
  for (const view of viewsOf(history)) {
    if (history.relations.now.has(keyOf(view.name)) && uses(view.uses)) dropView(run, view, cause);
  }
  for (const table of tablesOf(history)) {
    const lost = table.policies.filter((policy) => uses(policy.uses));
    if (lost.length === 0) continue;
    change(
      history,
      table,
      {
        policies: table.policies.filter((policy) => !lost.includes(policy)),
        former: formerly(table, cause, ...lost.map(({ name }) => `policy ${name}`)),
      },
      run.at,
    );
  }
}

function dropView(run: Run, view: View, why: Gone): void {
  const { history } = run;
  for (const index of view.indexes)
    end(history, index.name, gone(run, 'dropped', { with: `${view.kind} ${printName(view.name)}` }));
  end(history, view.name, why);
  const cause = gone(run, 'dropped', { with: `${view.kind} ${printName(view.name)}` });
  for (const other of viewsOf(history)) if (usesTable(other.uses, view.name)) dropView(run, other, cause);
}

export const formerly = (table: Table | View, cause: Gone, ...names: readonly string[]): ReadonlyMap<string, Gone> =>
  new Map([...table.former, ...names.map((name) => [name, cause] as const)]);

export function dropColumn(run: Run, { name }: Table, column: string, cascade: boolean, only: boolean): void {
  const { history, at } = run;
  const table = again(history, { name });
  const known = table?.columns.get(column);
  const what = `column ${printColumn(name, column)}`;
  const cause = gone(run, 'dropped', { with: what });
  if (!table || !known) {
    if (table) change(history, table, { former: formerly(table, gone(run, 'dropped'), `column ${column}`) }, at);
    return;
  }
  for (const child of childrenOf(history, table)) {
    const inherited = child.columns.get(column);
    if (!inherited?.inherited) continue;
    if (only)
      change(history, child, { columns: new Map(child.columns).set(column, { ...inherited, inherited: false }) });
    else dropColumn(run, child, column, cascade, only);
  }
  const columns = new Map(table.columns);
  columns.delete(column);
  const lost = table.constraints.filter((constraint) => constraint.columns.includes(column));
  const indexes = table.indexes.filter((index) => index.columns.includes(column));
  for (const index of indexes) end(history, index.name, cause);
  const now = change(
    history,
    table,
    {
      columns,
      constraints: table.constraints.filter((constraint) => !lost.includes(constraint)),
      indexes: table.indexes.filter((index) => !indexes.includes(index)),
      former: new Map([
        ...formerly(table, cause, ...lost.map((constraint) => `constraint ${constraint.name}`)),
        [`column ${column}`, gone(run, 'dropped')],
      ]),
    },
    at,
  );
  for (const entry of [...history.relations.now.values()]) {
    if (entry.kind === 'sequence' && entry.ownedBy?.column === column && sameFull(entry.ownedBy.table, name))
      end(history, entry.name, cause);
  }
  for (const other of tablesOf(history)) {
    const pointing = other.constraints.filter(
      ({ references }) => references && sameFull(references.table, name) && references.columns.includes(column),
    );
    if (pointing.length > 0)
      change(
        history,
        other,
        {
          constraints: other.constraints.filter((constraint) => !pointing.includes(constraint)),
          former: formerly(other, cause, ...pointing.map((key) => `constraint ${key.name}`)),
        },
        at,
      );
  }
  if (!cascade) return;
  for (const generated of now.columns.values()) {
    const left = again(history, now);
    if (left?.columns.has(generated.name) && generated.generated?.columns.includes(column))
      dropColumn(run, left, generated.name, true, only);
  }
  const left = again(history, now);
  const triggers = left?.triggers.filter((trigger) => trigger.columns.includes(column)) ?? [];
  if (left && triggers.length > 0)
    change(history, left, {
      triggers: left.triggers.filter((trigger) => !triggers.includes(trigger)),
      former: formerly(left, cause, ...triggers.map((trigger) => `trigger ${trigger.name}`)),
    });
  dropUsers(run, cause, true, (uses) => usesColumn(uses, name, column));
}

export interface DropOptions {
  readonly cascade: boolean;
  readonly mayLack: boolean;
  readonly only: boolean;
}

export function dropConstraint(run: Run, { name }: Table, constraint: string, options: DropOptions): void {
  const { history, at } = run;
  const table = again(history, { name });
  const known = table?.constraints.find((own) => own.name === constraint);
  if (!table) return;
  if (!known) {
    // Since PostgreSQL 18 NOT NULL has a name of its own.
    const column = [...table.columns.keys()].find((own) => constraint === `${name.name}_${own}_not_null`);
    const own = column === undefined ? undefined : table.columns.get(column);
    if (own)
      change(
        history,
        table,
        { columns: new Map(table.columns).set(own.name, { ...own, notNull: false, touched: at }) },
        at,
      );
    return;
  }
  const index = table.indexes.find((own) => own.constraint === constraint);
  if (index) removeIndex(history, index, gone(run, 'dropped', { with: `constraint ${printIdentifier(constraint)}` }));
  const now = again(history, table) ?? table;
  change(
    history,
    now,
    {
      constraints: now.constraints.filter((own) => own.name !== constraint),
      former: formerly(now, gone(run, 'dropped'), `constraint ${constraint}`),
    },
    at,
  );
  if (known.kind === 'primary key' || known.kind === 'unique') {
    const set = String([...known.columns].sort());
    // Foreign keys stand on the key that they point at.
    const other = now.constraints.some(
      (own) =>
        own !== known &&
        own.name !== constraint &&
        (own.kind === 'unique' || own.kind === 'primary key') &&
        String([...own.columns].sort()) === set,
    );
    if (options.cascade && !other) dropForeignKeysTo(run, name, set);
  }
  if (options.only) return;
  for (const child of childrenOf(history, table)) {
    const inherited = child.constraints.find(
      (own) =>
        own.inherited &&
        own.kind === known.kind &&
        (own.name === constraint || (index !== undefined && String(own.columns) === String(known.columns))),
    );
    if (inherited) dropConstraint(run, child, inherited.name, options);
  }
}

function dropForeignKeysTo(run: Run, name: FullName, columns: string): void {
  const { history } = run;
  for (const table of tablesOf(history)) {
    const left = table.constraints.filter(
      ({ references }) =>
        !references || !sameFull(references.table, name) || String([...references.columns].sort()) !== columns,
    );
    if (left.length < table.constraints.length) change(history, table, { constraints: left }, run.at);
  }
}

function dropFromTable(run: Run, table: Table | View, object: 'policy' | 'trigger' | 'rule', name: string): void {
  const { history, at } = run;
  const former = formerly(table, gone(run, 'dropped'), `${object} ${name}`);
  const others = <T extends { readonly name: string }>(list: readonly T[]): T[] =>
    list.filter((own) => own.name !== name);
  if (isTable(table) && object === 'policy') change(history, table, { policies: others(table.policies), former }, at);
  else if (object === 'rule') change(history, table, { rules: others(table.rules), former }, at);
  else if (object === 'trigger') {
    change(history, table, { triggers: others(table.triggers), former }, at);
    if (table.kind === 'partitioned table')
      for (const child of childrenOf(history, table)) dropFromTable(run, child, object, name);
  }
}

function dropSchema(run: Run, schema: string): void {
  const { history } = run;
  if (!history.namespaces.now.has(schema)) return;
  const cause = gone(run, 'dropped', { with: `schema ${printIdentifier(schema)}` });
  const entries = (): Entry[] => [...history.relations.now.values()].filter(({ name }) => name.schema === schema);
  for (const entry of entries()) {
    if (!history.relations.now.has(keyOf(entry.name))) continue;
    if (isTable(entry)) dropTable(run, entry, cause, true);
    else if (isView(entry)) dropView(run, entry, cause);
  }
  for (const entry of entries()) end(history, entry.name, cause);
  for (const type of [...history.types.now.values()])
    if (type.name.schema === schema) dropType(run, type.name, cause, true);
  for (const [key, [routine]] of [...history.routines.now]) {
    if (routine?.name.schema !== schema) continue;
    history.routines.end(key, cause, history.time);
    dropCallers(run, routine.name, cause);
  }
  history.namespaces.end(schema, gone(run, 'dropped'), history.time);
}

function dropType(run: Run, name: FullName, why: Gone, cascade: boolean): void {
  const { history } = run;
  history.types.end(keyOf(name), why, history.time);
  if (!cascade) return;
  const isIt = (type: Type): boolean => type.name === name.name && type.schema === name.schema;
  for (const table of tablesOf(history)) {
    for (const column of table.columns.values()) {
      const now = again(history, table);
      if (now && column.type && isIt(column.type)) dropColumn(run, now, column.name, true, false);
    }
  }
  for (const domain of [...history.types.now.values()]) {
    if (domain.base && isIt(domain.base))
      dropType(run, domain.name, gone(run, 'dropped', { with: `type ${printName(name)}` }), true);
  }
  const printed = printName(name);
  for (const [key, routines] of [...history.routines.now]) {
    const left = routines.filter(
      ({ signature, returns }) =>
        !signature.some((type) => type.replace('[]', '') === printed) && !(returns && isIt(returns)),
    );
    keepRoutines(run, key, left, routines.length, gone(run, 'dropped', { with: `type ${printed}` }));
  }
}

function keepRoutines(
  { history }: Run,
  key: string,
  left: Parameters<History['routines']['set']>[1],
  before: number,
  why: Gone,
): void {
  if (left.length === before) return;
  if (left.length > 0) history.routines.set(key, left, history.time);
  else history.routines.end(key, why, history.time);
}

function dropRoutine(run: Run, operation: Drop): void {
  const { history } = run;
  const full = resolve(history, history.routines, operation.name);
  const routines = full && history.routines.now.get(keyOf(full));
  if (!full || !routines) return;
  const signature = operation.arguments && signatureOf(history, operation.arguments);
  const left = signature ? routines.filter((routine) => !sameSignature(routine, signature)) : [];
  keepRoutines(run, keyOf(full), left, routines.length, gone(run, 'dropped'));
  if (operation.cascade && left.length < routines.length) {
    dropCallers(run, full, gone(run, 'dropped', { with: `function ${printName(full)}` }));
  }
}

/** Triggers, policies, views and defaults that call a function. */
function dropCallers(run: Run, name: FullName, cause: Gone): void {
  const { history, at } = run;
  for (const entry of [...history.relations.now.values()]) {
    if (!isTable(entry) && !isView(entry)) continue;
    const lost = entry.triggers.filter(
      (trigger) => trigger.function.name === name.name && trigger.function.schema === name.schema,
    );
    if (lost.length > 0)
      change(
        history,
        entry,
        {
          triggers: entry.triggers.filter((trigger) => !lost.includes(trigger)),
          former: formerly(entry, cause, ...lost.map((trigger) => `trigger ${trigger.name}`)),
        },
        at,
      );
  }
  const calls = (value: Expression | undefined): boolean =>
    // The text is looked at first: finding the calls of an expression costs a walk through it.
    value !== undefined &&
    value.text.toLowerCase().includes(name.name.toLowerCase()) &&
    value.calls().some((call) => call.name.name === name.name && (call.name.schema ?? name.schema) === name.schema);
  for (const table of tablesOf(history)) {
    const losing = [...table.columns.values()].filter((column) => calls(column.default));
    if (losing.length === 0) continue;
    const columns = new Map(table.columns);
    for (const column of losing) columns.set(column.name, { ...column, default: undefined, touched: at });
    change(history, table, { columns }, at);
  }
  dropUsers(run, cause, true, (uses) => usesFunction(uses, name));
}
