import { isSerial } from '../sql/column.ts';
import { printColumn } from '../sql/name.ts';
import type { TableOperation } from '../sql/operation.ts';
import { addConstraints } from './constraints.ts';
import {
  again,
  change,
  childrenOf,
  end,
  entryOf,
  familyOf,
  isTable,
  isView,
  keyOf,
  resolve,
  sameFull,
  type History,
} from './history.ts';
import type { Table, TableColumn } from './objects.ts';
import { dropColumn, dropConstraint } from './drops.ts';
import { addGap, gone, isProvided, tableFor, type Run } from './run.ts';
import { adopt, columnOf, ownSequence, resolvedGenerated, typeOf } from './tables.ts';

/** One sub-command of ALTER TABLE and its sisters. */
export function alterTable(run: Run, operation: TableOperation): void {
  const { history, at } = run;
  if (operation.object === 'type') return alterComposite(run, operation);
  const entry = entryOf(history, operation.table);
  if (isView(entry)) {
    if (operation.kind === 'set options' || operation.kind === 'reset options') {
      const options = new Map(entry.options);
      for (const [name, value] of operation.options) {
        if (operation.kind === 'set options') options.set(name, value);
        else options.delete(name);
      }
      change(history, entry, { options }, at);
    } else if (operation.kind === 'set default') change(history, entry, {}, at);
    return;
  }
  if (entry?.kind === 'index') {
    if (operation.kind === 'attach partition') {
      const parent = history.relations.now.get(keyOf(entry.table));
      if (isTable(parent)) change(history, parent, {}, at);
    }
    return;
  }
  if (entry?.kind === 'sequence') return;
  const table = tableFor(run, operation.table, operation.tableIfExists);
  if (table) alter(run, table, operation);
}

function alter(run: Run, table: Table, operation: TableOperation): void {
  const { history, at } = run;
  const family = operation.only ? [table] : familyOf(history, table);
  const set = (changes: Partial<Table>): void => void change(history, table, changes, at);
  switch (operation.kind) {
    case 'add column':
      return addColumn(run, table, operation, false);
    case 'drop column': {
      if (!has(run, table, operation.column, operation.ifExists)) return;
      return dropColumn(run, table, operation.column, operation.cascade, operation.only);
    }
    case 'alter column type': {
      if (!has(run, table, operation.column)) return;
      for (const own of family) changeColumn(run, own, operation.column, { type: typeOf(run, operation.type) });
      return;
    }
    case 'set default':
      for (const own of family) changeColumn(run, own, operation.column, { default: operation.default });
      return void has(run, table, operation.column);
    case 'drop default':
      for (const own of family)
        changeColumn(run, own, operation.column, { default: undefined, sequenceDefault: false });
      return;
    case 'set not null':
    case 'drop not null':
      for (const own of family)
        changeColumn(run, own, operation.column, { notNull: operation.kind === 'set not null' });
      return void has(run, table, operation.column);
    case 'set expression': {
      const { generated } = table.columns.get(operation.column) ?? {};
      changeColumn(run, table, operation.column, {
        generated: { stored: generated?.stored ?? true, expression: operation.expression, columns: [] },
      });
      const now = again(history, table);
      if (now) change(history, now, { columns: resolvedGenerated(now.columns) });
      return;
    }
    case 'drop expression':
      return changeColumn(run, table, operation.column, { generated: undefined });
    case 'add identity': {
      const columns = new Map(table.columns);
      ownSequence(run, table.name, columns, operation.column);
      set({ columns });
      return changeColumn(run, again(history, table) ?? table, operation.column, {
        identity: operation.identity ?? 'always',
        notNull: true,
      });
    }
    case 'set identity':
      return operation.identity && changeColumn(run, table, operation.column, { identity: operation.identity });
    case 'drop identity': {
      const { sequence, identity } = table.columns.get(operation.column) ?? {};
      if (identity && sequence)
        end(
          history,
          sequence,
          gone(run, 'dropped', { with: `identity of ${printColumn(table.name, operation.column)}` }),
        );
      return changeColumn(run, table, operation.column, identity ? { identity: undefined, sequence: undefined } : {});
    }
    case 'add constraint': {
      const { constraint } = operation;
      if (constraint.kind === 'not null') {
        for (const own of family)
          for (const column of constraint.columns) changeColumn(run, own, column, { notNull: true });
        return;
      }
      const known = table.constraints.some(({ name }) => name === constraint.name);
      if (known && run.tolerant) return;
      return addConstraints(run, table.name, [constraint]);
    }
    case 'drop constraint':
      return dropConstraint(run, table, operation.constraint, {
        cascade: operation.cascade,
        mayLack: operation.ifExists,
        only: operation.only,
      });
    case 'validate constraint':
      for (const own of family) {
        change(history, own, {
          constraints: own.constraints.map((constraint) =>
            constraint.name === operation.constraint ? { ...constraint, validated: true, touched: at } : constraint,
          ),
        });
      }
      return;
    case 'enable trigger':
    case 'disable trigger':
      return set({
        triggers: table.triggers.map((trigger) =>
          operation.many || trigger.name === operation.trigger
            ? { ...trigger, enabled: operation.kind === 'enable trigger', touched: at }
            : trigger,
        ),
      });
    case 'enable row level security':
    case 'disable row level security':
      return set({ rowSecurity: operation.kind === 'enable row level security' });
    case 'force row level security':
    case 'no force row level security':
      return set({ forceRowSecurity: operation.kind === 'force row level security' });
    case 'set logged':
    case 'set unlogged':
      return set({ unlogged: operation.kind === 'set unlogged' });
    case 'replica identity':
      return set({ replicaIdentity: operation.value });
    case 'inherit': {
      const parent = tableFor(run, operation.parent);
      if (!parent || isBelow(history, table, parent)) return;
      const columns = new Map(
        [...table.columns].map(([name, column]) => [
          name,
          parent.columns.has(name) ? { ...column, inherited: true } : column,
        ]),
      );
      return set({ columns, parents: [...table.parents, parent.name] });
    }
    case 'no inherit': {
      const parent = resolve(history, history.relations, operation.parent);
      return set({ columns: own(table), parents: table.parents.filter((name) => !parent || !sameFull(name, parent)) });
    }
    case 'attach partition': {
      const partition = tableFor(run, operation.partition);
      if (!partition || isBelow(history, partition, table)) return;
      const columns = new Map([...partition.columns].map(([name, column]) => [name, { ...column, inherited: true }]));
      const checks = new Set(table.constraints.filter(({ kind }) => kind === 'check').map(({ name }) => name));
      const constraints = partition.constraints.map((own) =>
        checks.has(own.name) ? { ...own, inherited: true } : own,
      );
      change(history, partition, { columns, constraints, parents: [table.name], isPartition: true }, at);
      adopt(run, table, partition.name);
      return set({});
    }
    case 'detach partition': {
      const partition = tableFor(run, operation.partition);
      if (partition)
        change(
          history,
          partition,
          {
            columns: own(partition),
            parents: [],
            isPartition: false,
            constraints: partition.constraints.map((constraint) => ({ ...constraint, inherited: false })),
          },
          at,
        );
      return set({});
    }
    case 'set column options':
    case 'reset column options':
    case 'set statistics':
    case 'set storage':
    case 'set compression':
      return void has(run, table, operation.column);
    default:
      return set({});
  }
}

/** Its columns as its own. */
const own = ({ columns }: Table): ReadonlyMap<string, TableColumn> =>
  new Map([...columns].map(([name, column]) => [name, { ...column, inherited: false }]));

/** Whether the column is there, as far as one can know. A missing one is a gap: the statement would have failed. */
function has(run: Run, table: Table, column: string, mayLack = false): boolean {
  if (table.columns.has(column)) return true;
  const now = again(run.history, table);
  if (now?.columns.has(column) || !table.columnsKnown) return !table.columnsKnown;
  if (!mayLack && !run.tolerant && !SYSTEM.has(column) && !isProvided(run.history, table.name.schema, table.name.name))
    addGap(
      run,
      'unknown object',
      `${run.at.path ?? ''} needs the column ${printColumn(table.name, column)}, which no migration makes before it`,
    );
  return false;
}

const SYSTEM: ReadonlySet<string> = new Set(['ctid', 'xmin', 'xmax', 'cmin', 'cmax', 'tableoid']);

type Changes = Partial<TableColumn> & { readonly sequenceDefault?: false };

function changeColumn(run: Run, { name }: Table, column: string, { sequenceDefault, ...changes }: Changes): void {
  const table = again(run.history, { name });
  const known = table?.columns.get(column);
  if (!table || !known) return;
  // Without its default a serial is a plain integer; the sequence stays, owned.
  const next = {
    ...known,
    ...changes,
    ...(sequenceDefault === false && !known.identity && { sequence: undefined }),
    touched: run.at,
  };
  change(run.history, table, { columns: new Map(table.columns).set(column, next) }, run.at);
}

function addColumn(
  run: Run,
  { name }: Table,
  operation: Extract<TableOperation, { kind: 'add column' }>,
  inherited: boolean,
): void {
  const { history, at } = run;
  const table = again(history, { name });
  if (!table) return;
  const { column } = operation;
  const known = table.columns.get(column.name);
  if (known && (operation.ifNotExists || run.tolerant || inherited)) return;
  const columns = new Map(table.columns);
  const made = columnOf(run, column);
  columns.set(made.name, { ...made, inherited });
  if (column.identity || isSerial(column.type)) ownSequence(run, name, columns, made.name);
  const former = new Map(table.former);
  former.delete(`column ${made.name}`);
  change(history, table, { columns: resolvedGenerated(columns), former }, at);
  for (const child of childrenOf(history, table)) addColumn(run, child, operation, true);
  // A child's share of the constraints comes with them.
  if (!inherited) addConstraints(run, name, column.constraints);
}

/** ALTER TYPE ... ADD, DROP and ALTER ATTRIBUTE. */
function alterComposite(run: Run, operation: TableOperation): void {
  const { history, at } = run;
  const full = resolve(history, history.types, operation.table);
  const type = full && history.types.now.get(keyOf(full));
  if (!full || !type) return;
  const columns = new Map(type.columns);
  if (operation.kind === 'add column') columns.set(operation.column.name, operation.column.type);
  else if (operation.kind === 'drop column') columns.delete(operation.column);
  else if (operation.kind === 'alter column type') columns.set(operation.column, operation.type);
  history.types.set(keyOf(full), { ...type, columns, touched: at }, history.time);
}

/** PostgreSQL refuses inheritance in a circle, and whoever walks it would never come to an end. */
const isBelow = (history: History, table: Table, other: Table): boolean =>
  familyOf(history, table).some(({ name }) => sameFull(name, other.name));
