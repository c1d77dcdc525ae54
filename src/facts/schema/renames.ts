import type { Rename, SetSchema } from '../sql/operation.ts';
import { printColumn, printName, type Name } from '../sql/name.ts';
import { stored } from './autonames.ts';
import {
  again,
  change,
  childrenOf,
  end,
  entryOf,
  isTable,
  isView,
  keyOf,
  put,
  resolve,
  sameFull,
  tablesOf,
  type Entry,
  type History,
} from './history.ts';
import type { FullName, Gone, Index, Table, TableColumn, Uses } from './objects.ts';
import { addGap, gone, relationFor, tableFor, type Run } from './run.ts';

export function rename(run: Run, operation: Rename): void {
  const { history, at } = run;
  const { object, name, on } = operation;
  const to = stored(operation.to);
  switch (object) {
    case 'table':
    case 'foreign table':
    case 'view':
    case 'materialized view':
    case 'index':
    case 'sequence': {
      // ALTER TABLE renames whatever relation has the name.
      const entry =
        entryOf(history, name) ?? (object === 'table' ? tableFor(run, name, operation.ifExists) : undefined);
      if (entry) moveRelation(run, entry, { schema: entry.name.schema, name: to }, 'renamed');
      return;
    }
    case 'column': {
      const table = on && relationFor(run, on, operation.ifExists);
      if (isTable(table)) renameColumn(run, table, name.name, to);
      else if (table)
        change(history, table, { columns: table.columns.map((column) => (column === name.name ? to : column)) }, at);
      return;
    }
    case 'constraint':
      return on && renameConstraint(run, on, name.name, to);
    case 'policy':
    case 'trigger':
    case 'rule': {
      const table = on && relationFor(run, on, operation.ifExists);
      if (!table) return;
      const former = new Map([
        ...table.former,
        [`${object} ${name.name}`, gone(run, 'renamed', { to: { schema: table.name.schema, name: to } })],
      ]);
      const renamed = <T extends { readonly name: string }>(list: readonly T[]): T[] =>
        list.map((own) => (own.name === name.name ? { ...own, name: to, touched: at } : own));
      if (object === 'policy' && isTable(table))
        change(history, table, { policies: renamed(table.policies), former }, at);
      if (object === 'trigger') change(history, table, { triggers: renamed(table.triggers), former }, at);
      if (object === 'rule') change(history, table, { rules: renamed(table.rules), former }, at);
      return;
    }
    case 'type':
    case 'domain': {
      const full = resolve(history, history.types, name);
      if (full) moveType(run, full, { schema: full.schema, name: to }, 'renamed');
      return;
    }
    case 'attribute':
    case 'enum value': {
      const full = on && resolve(history, history.types, on);
      const type = full && history.types.now.get(keyOf(full));
      if (!full || !type) return;
      history.types.set(
        keyOf(full),
        {
          ...type,
          values: type.values.map((value) => (object === 'enum value' && value === name.name ? operation.to : value)),
          columns: new Map(
            [...type.columns].map(([own, column]) => [object === 'attribute' && own === name.name ? to : own, column]),
          ),
          touched: at,
        },
        history.time,
      );
      return;
    }
    case 'function':
    case 'procedure':
    case 'routine':
    case 'aggregate': {
      const full = resolve(history, history.routines, name);
      if (full) moveRoutines(run, full, { schema: full.schema, name: to }, 'renamed');
      return;
    }
    case 'schema':
      return renameSchema(run, name.name, to);
    case 'role':
    case 'publication':
    case 'extension': {
      const among =
        object === 'role' ? history.roles : object === 'publication' ? history.publications : history.extensions;
      const known = among.now.get(name.name);
      if (!known) return;
      among.end(name.name, gone(run, 'renamed', { to: { schema: '', name: to } }), history.time);
      among.set(to, { ...known, name: to, touched: at } as never, history.time);
    }
  }
}

export function setSchema(run: Run, operation: SetSchema): void {
  const { history } = run;
  const { object, name, schema } = operation;
  switch (object) {
    case 'table':
    case 'foreign table':
    case 'view':
    case 'materialized view':
    case 'sequence': {
      const entry =
        entryOf(history, name) ?? (object === 'table' ? tableFor(run, name, operation.ifExists) : undefined);
      if (!entry) return;
      moveRelation(run, entry, { schema, name: entry.name.name }, 'moved');
      if (!isTable(entry)) return;
      for (const own of [...history.relations.now.values()]) {
        if (
          own.kind === 'sequence' &&
          own.ownedBy &&
          sameFull(own.ownedBy.table, { schema, name: entry.name.name }) &&
          own.name.schema !== schema
        )
          moveRelation(run, own, { schema, name: own.name.name }, 'moved');
      }
      return;
    }
    case 'type':
    case 'domain': {
      const full = resolve(history, history.types, name);
      if (full) moveType(run, full, { schema, name: full.name }, 'moved');
      return;
    }
    case 'function':
    case 'procedure':
    case 'routine':
    case 'aggregate': {
      const full = resolve(history, history.routines, name);
      if (full) moveRoutines(run, full, { schema, name: full.name }, 'moved');
      return;
    }
    case 'extension': {
      const known = history.extensions.now.get(name.name);
      if (known) history.extensions.set(name.name, { ...known, schema, touched: run.at }, history.time);
    }
  }
}

/** Gives a relation another name or schema; whatever points at it follows. Indexes stay in their table's schema. */
function moveRelation(run: Run, entry: Entry, to: FullName, what: Gone['what']): void {
  const { history, at } = run;
  const from = entry.name;
  if (sameFull(from, to)) return;
  const why = gone(run, what, { to });
  if (entry.kind === 'index') {
    const owner = history.relations.now.get(keyOf(entry.table));
    if (!isTable(owner) && owner?.kind !== 'materialized view') return;
    const index = owner.indexes.find(({ name }) => sameFull(name, from));
    // The constraint that stands on an index shares its name.
    const renamed = (own: Index): Index =>
      own === index
        ? { ...own, name: to, ...(own.constraint !== undefined && { constraint: to.name }), touched: at }
        : own;
    end(history, from, why);
    put(history, { ...entry, name: to });
    if (!isTable(owner)) return void change(history, owner, { indexes: owner.indexes.map(renamed) }, at);
    const constraints = owner.constraints.map((constraint) =>
      constraint.name === index?.constraint ? { ...constraint, name: to.name, touched: at } : constraint,
    );
    change(history, owner, { indexes: owner.indexes.map(renamed), constraints }, at);
    return;
  }
  end(history, from, why);
  if (entry.kind === 'sequence') {
    put(history, { ...entry, name: to, touched: at });
    const owner = entry.ownedBy && history.relations.now.get(keyOf(entry.ownedBy.table));
    if (isTable(owner))
      change(history, owner, {
        columns: mapColumns(owner, (column) =>
          column.sequence && sameFull(column.sequence, from) ? { ...column, sequence: to } : column,
        ),
      });
    return;
  }
  const indexes = entry.indexes.map((index) => ({
    ...index,
    table: to,
    name: { schema: to.schema, name: index.name.name },
  }));
  for (const [i, index] of indexes.entries()) {
    const old = entry.indexes[i]!.name;
    if (!sameFull(old, index.name)) end(history, old, why);
    put(history, { kind: 'index', name: index.name, table: to });
  }
  put(history, { ...entry, name: to, indexes, touched: at });
  pointElsewhere(history, from, to);
}

const mapColumns = ({ columns }: Table, map: (column: TableColumn) => TableColumn): ReadonlyMap<string, TableColumn> =>
  new Map([...columns].map(([name, column]) => [name, map(column)]));

/** Everything that names a relation names it anew. */
function pointElsewhere(history: History, from: FullName, to: FullName): void {
  const moved = (name: FullName): FullName => (sameFull(name, from) ? to : name);
  const uses = (own: Uses): Uses => {
    if (!own.relations.some((name) => sameFull(name, from)) && !own.columns.some(({ table }) => sameFull(table, from)))
      return own;
    return {
      ...own,
      relations: own.relations.map(moved),
      columns: own.columns.map(({ table, column }) => ({ table: moved(table), column })),
    };
  };
  for (const entry of [...history.relations.now.values()]) {
    if (entry.kind === 'sequence') {
      if (entry.ownedBy && sameFull(entry.ownedBy.table, from))
        put(history, { ...entry, ownedBy: { ...entry.ownedBy, table: to } });
    } else if (isView(entry)) {
      const next = uses(entry.uses);
      if (next !== entry.uses) put(history, { ...entry, uses: next });
    } else if (isTable(entry)) {
      const affected =
        entry.parents.some((name) => sameFull(name, from)) ||
        entry.constraints.some(({ references }) => references && sameFull(references.table, from)) ||
        entry.policies.some((policy) => uses(policy.uses) !== policy.uses);
      if (!affected) continue;
      put(history, {
        ...entry,
        parents: entry.parents.map(moved),
        constraints: entry.constraints.map((own) =>
          own.references ? { ...own, references: { ...own.references, table: moved(own.references.table) } } : own,
        ),
        policies: entry.policies.map((policy) => ({ ...policy, uses: uses(policy.uses) })),
      });
    }
  }
  for (const publication of [...history.publications.now.values()]) {
    if (publication.tables.some((name) => sameFull(name, from)))
      history.publications.set(
        publication.name,
        { ...publication, tables: publication.tables.map(moved) },
        history.time,
      );
  }
}

function renameColumn(run: Run, { name }: Table, from: string, to: string): void {
  const { history, at } = run;
  const table = again(history, { name });
  if (!table) return;
  const known = table.columns.get(from);
  if (!known && table.columnsKnown) {
    if (!run.tolerant)
      addGap(
        run,
        'unknown object',
        `${run.at.path ?? ''} needs the column ${printColumn(name, from)}, which no migration makes before it`,
      );
    return;
  }
  const renamed = (column: string): string => (column === from ? to : column);
  const list = (columns: readonly string[]): readonly string[] =>
    columns.includes(from) ? columns.map(renamed) : columns;
  const uses = (own: Uses): Uses =>
    own.columns.some(({ table: of, column }) => column === from && sameFull(of, name))
      ? {
          ...own,
          columns: own.columns.map(({ table: of, column }) => ({
            table: of,
            column: sameFull(of, name) ? renamed(column) : column,
          })),
        }
      : own;
  const former = new Map([
    ...table.former,
    [`column ${from}`, gone(run, 'renamed', { to: { schema: name.schema, name: to } })],
  ]);
  former.delete(`column ${to}`);
  change(
    history,
    table,
    {
      columns: new Map(
        [...table.columns].map(([own, column]) => {
          const { generated } = column;
          const next = generated?.columns.includes(from)
            ? { ...column, generated: { ...generated, columns: list(generated.columns) } }
            : column;
          return own === from ? [to, { ...next, name: to, touched: at }] : [own, next];
        }),
      ),
      constraints: table.constraints.map((constraint) => ({ ...constraint, columns: list(constraint.columns) })),
      indexes: table.indexes.map((index) => ({
        ...index,
        keys: index.keys.map((key) => (key.column === from ? { ...key, column: to } : key)),
        include: list(index.include),
        columns: list(index.columns),
      })),
      triggers: table.triggers.map((trigger) => ({ ...trigger, columns: list(trigger.columns) })),
      former,
    },
    at,
  );
  for (const entry of [...history.relations.now.values()]) {
    if (entry.kind === 'sequence') {
      if (entry.ownedBy?.column === from && sameFull(entry.ownedBy.table, name))
        put(history, { ...entry, ownedBy: { table: name, column: to } });
    } else if (isView(entry)) {
      const next = uses(entry.uses);
      if (next !== entry.uses) put(history, { ...entry, uses: next });
    } else if (isTable(entry)) {
      const pointing = entry.constraints.some(
        ({ references }) => references && sameFull(references.table, name) && references.columns.includes(from),
      );
      const policies = entry.policies.map((policy) => {
        const next = uses(policy.uses);
        return next === policy.uses ? policy : { ...policy, uses: next };
      });
      if (!pointing && policies.every((policy, i) => policy === entry.policies[i])) continue;
      put(history, {
        ...entry,
        policies,
        constraints: entry.constraints.map((own) =>
          own.references && sameFull(own.references.table, name)
            ? { ...own, references: { ...own.references, columns: list(own.references.columns) } }
            : own,
        ),
      });
    }
  }
  for (const child of childrenOf(history, { name }))
    if (child.columns.get(from)?.inherited) renameColumn(run, child, from, to);
}

function renameConstraint(run: Run, on: Name, from: string, to: string): void {
  const { history, at } = run;
  const domain = resolve(history, history.types, on);
  const entry = entryOf(history, on);
  if (!entry && domain) {
    const type = history.types.now.get(keyOf(domain))!;
    history.types.set(
      keyOf(domain),
      {
        ...type,
        constraints: type.constraints.map((own) => (own.name === from ? { ...own, name: to } : own)),
        touched: at,
      },
      history.time,
    );
    return;
  }
  const table = tableFor(run, on);
  if (!table) return;
  const index = table.indexes.find((own) => own.constraint === from);
  const former = new Map([
    ...table.former,
    [`constraint ${from}`, gone(run, 'renamed', { to: { schema: table.name.schema, name: to } })],
  ]);
  if (index) {
    moveRelation(
      run,
      { kind: 'index', name: index.name, table: table.name },
      { schema: index.name.schema, name: to },
      'renamed',
    );
    const now = again(history, table);
    if (now) change(history, now, { former });
    return;
  }
  const known = table.constraints.find((own) => own.name === from);
  change(
    history,
    table,
    {
      constraints: table.constraints.map((own) => (own.name === from ? { ...own, name: to, touched: at } : own)),
      former,
    },
    at,
  );
  if (known?.kind !== 'check') return;
  for (const child of childrenOf(history, table)) renameConstraint(run, child.name, from, to);
}

function moveType(run: Run, from: FullName, to: FullName, what: Gone['what']): void {
  const { history, at } = run;
  const type = history.types.now.get(keyOf(from));
  if (!type || sameFull(from, to)) return;
  history.types.end(keyOf(from), gone(run, what, { to }), history.time);
  history.types.set(keyOf(to), { ...type, name: to, touched: at }, history.time);
  const isIt = (own: { readonly schema?: string | undefined; readonly name: string } | undefined): boolean =>
    own?.name === from.name && own.schema === from.schema;
  for (const table of tablesOf(history)) {
    if (![...table.columns.values()].some((column) => isIt(column.type))) continue;
    change(history, table, {
      columns: mapColumns(table, (column) =>
        column.type && isIt(column.type) ? { ...column, type: { ...column.type, ...to } } : column,
      ),
    });
  }
  for (const domain of [...history.types.now.values()]) {
    if (isIt(domain.base))
      history.types.set(keyOf(domain.name), { ...domain, base: { ...domain.base!, ...to } }, history.time);
  }
  const [old, next] = [printName(from), printName(to)];
  for (const [key, routines] of [...history.routines.now]) {
    if (!routines.some(({ signature }) => signature.some((own) => own.replace('[]', '') === old))) continue;
    const moved = routines.map((routine) => ({
      ...routine,
      signature: routine.signature.map((own) => (own.replace('[]', '') === old ? own.replace(old, () => next) : own)),
    }));
    history.routines.set(key, moved, history.time);
  }
}

function moveRoutines(run: Run, from: FullName, to: FullName, what: Gone['what']): void {
  const { history, at } = run;
  const routines = history.routines.now.get(keyOf(from)) ?? [];
  history.routines.end(keyOf(from), gone(run, what, { to }), history.time);
  const there = history.routines.now.get(keyOf(to)) ?? [];
  history.routines.set(
    keyOf(to),
    [...there, ...routines.map((routine) => ({ ...routine, name: to, touched: at }))],
    history.time,
  );
  for (const entry of [...history.relations.now.values()]) {
    if (!isTable(entry) && !isView(entry)) continue;
    const isIt = (own: { readonly schema?: string | undefined; readonly name: string }): boolean =>
      own.name === from.name && own.schema === from.schema;
    const uses = (own: Uses): Uses =>
      own.functions.some(isIt) ? { ...own, functions: own.functions.map((name) => (isIt(name) ? to : name)) } : own;
    const triggers = entry.triggers.map((trigger) => (isIt(trigger.function) ? { ...trigger, function: to } : trigger));
    if (isView(entry)) put(history, { ...entry, triggers, uses: uses(entry.uses) });
    else
      put(history, {
        ...entry,
        triggers,
        policies: entry.policies.map((policy) => ({ ...policy, uses: uses(policy.uses) })),
      });
  }
}

function renameSchema(run: Run, from: string, to: string): void {
  const { history, at } = run;
  const namespace = history.namespaces.now.get(from);
  if (!namespace) return;
  history.namespaces.end(from, gone(run, 'renamed', { to: { schema: to, name: to } }), history.time);
  history.namespaces.set(to, { ...namespace, name: to, touched: at }, history.time);
  for (const entry of [...history.relations.now.values()]) {
    if (entry.name.schema !== from || entry.kind === 'index') continue;
    moveRelation(run, entry, { schema: to, name: entry.name.name }, 'moved');
  }
  for (const type of [...history.types.now.values()])
    if (type.name.schema === from) moveType(run, type.name, { schema: to, name: type.name.name }, 'moved');
  for (const [routine] of [...history.routines.now.values()])
    if (routine?.name.schema === from)
      moveRoutines(run, routine.name, { schema: to, name: routine.name.name }, 'moved');
}
