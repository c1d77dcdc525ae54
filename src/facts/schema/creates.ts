import type { Constraint } from '../sql/column.ts';
import { printName } from '../sql/name.ts';
import type {
  AlterDomain,
  AlterPolicy,
  AlterPublication,
  CreateDomain,
  CreatePolicy,
  CreateSequence,
  CreateTrigger,
  CreateType,
  CreateView,
  AddEnumValue,
} from '../sql/operation.ts';
import { checkName, stored } from './autonames.ts';
import {
  change,
  childrenOf,
  entryOf,
  isTable,
  isView,
  keyOf,
  placeFor,
  put,
  resolve,
  type History,
} from './history.ts';
import type { FullName, Policy, Sequence, Table, TableConstraint, Trigger, UserType, View } from './objects.ts';
import { grantsFor } from './privileges.ts';
import { addGap, relationFor, tableFor, type Run } from './run.ts';
import { typeOf } from './tables.ts';
import { outputsOf, usesOf } from './uses.ts';

export function createView(run: Run, operation: CreateView): void {
  const { history, at } = run;
  const name = placeFor(history, operation.name, operation.temporary);
  const known = history.relations.now.get(keyOf(name));
  if (known && (operation.ifNotExists || (run.tolerant && !operation.orReplace))) return;
  const old = isView(known) && operation.orReplace ? known : undefined;
  const outputs = outputsOf(
    history,
    operation.query,
    operation.outputs.map((output) => ({ name: output })),
  );
  const given = outputs.columns.map((column) => column.name);
  const written = operation.columns;
  const view: View = {
    kind: operation.object,
    name,
    columns: written.length > 0 ? [...written, ...given.slice(written.length)] : given,
    columnsKnown: outputs.known,
    query: operation.query,
    uses: usesOf(history, [operation.query]),
    options: operation.options,
    indexes: [],
    triggers: old?.triggers ?? [],
    rules: old?.rules ?? [],
    temporary: operation.temporary,
    grants: old?.grants ?? grantsFor(history, 'table', name.schema),
    owner: old?.owner,
    made: old?.made ?? at,
    touched: at,
    former: old?.former ?? new Map(),
  };
  put(history, view);
}

export function createPolicy(run: Run, operation: CreatePolicy): void {
  const { history, at } = run;
  const table = tableFor(run, operation.table);
  if (!table) return;
  const name = stored(operation.name.name);
  if (table.policies.some((own) => own.name === name) && run.tolerant) return;
  const policy: Policy = {
    name,
    permissive: operation.permissive,
    command: operation.command,
    roles: operation.roles,
    using: operation.using,
    withCheck: operation.withCheck,
    uses: usesOf(history, [operation.using, operation.withCheck], table.name),
    made: at,
    touched: at,
  };
  change(history, table, { policies: [...table.policies.filter((own) => own.name !== name), policy] }, at);
}

export function alterPolicy(run: Run, operation: AlterPolicy): void {
  const { history, at } = run;
  const table = tableFor(run, operation.table);
  if (!table) return;
  const policies = table.policies.map((policy): Policy => {
    if (policy.name !== operation.name.name) return policy;
    const using = operation.using ?? policy.using;
    const withCheck = operation.withCheck ?? policy.withCheck;
    return {
      ...policy,
      roles: operation.roles ?? policy.roles,
      using,
      withCheck,
      uses: usesOf(history, [using, withCheck], table.name),
      touched: at,
    };
  });
  change(history, table, { policies }, at);
}

export function createTrigger(run: Run, operation: CreateTrigger): void {
  const { history, at } = run;
  const table = relationFor(run, operation.table);
  if (!table) return;
  const name = stored(operation.name.name);
  if (table.triggers.some((own) => own.name === name) && run.tolerant && !operation.orReplace) return;
  const trigger: Trigger = {
    name,
    timing: operation.timing,
    events: operation.events,
    columns: operation.columns,
    forEach: operation.forEach,
    function: resolve(history, history.routines, operation.function) ?? operation.function,
    enabled: true,
    made: at,
    touched: at,
  };
  const add = (owner: Table | View): void => {
    change(history, owner, { triggers: [...owner.triggers.filter((own) => own.name !== name), trigger] }, at);
    // Partitions get a copy of row triggers.
    if (isTable(owner) && owner.kind === 'partitioned table' && trigger.forEach === 'row')
      for (const child of childrenOf(history, owner)) add(child);
  };
  add(table);
}

export function createType(run: Run, operation: CreateType): void {
  const { columns } = operation;
  putType(run, operation.name, {
    kind: operation.form,
    values: operation.values,
    columns: new Map(columns.map((column) => [column.name, typeOf(run, column.type)])),
    base: undefined,
    notNull: false,
    constraints: [],
  });
}

export function createDomain(run: Run, operation: CreateDomain): void {
  const { name } = operation;
  const made: TableConstraint[] = [];
  for (const constraint of operation.constraints) {
    if (constraint.kind === 'check') made.push(domainCheck(run, name.name, constraint, made));
  }
  putType(run, name, {
    kind: 'domain',
    values: [],
    columns: new Map(),
    base: typeOf(run, operation.type),
    notNull: operation.notNull,
    constraints: made,
  });
}

function domainCheck(
  { at, history }: Run,
  domain: string,
  constraint: Constraint,
  others: readonly TableConstraint[],
): TableConstraint {
  let name = constraint.name ?? checkName(history, { schema: '', name: domain }, []);
  for (let i = 1; constraint.name === undefined && others.some((own) => own.name === name); i++)
    name = `${domain}_check${i}`;
  return {
    kind: 'check',
    name,
    columns: [],
    expression: constraint.expression,
    validated: !constraint.notValid,
    enforced: true,
    deferrable: false,
    inherited: false,
    noInherit: false,
    made: at,
    touched: at,
  };
}

function putType(
  run: Run,
  wanted: CreateType['name'],
  type: Omit<UserType, 'name' | 'grants' | 'made' | 'touched'>,
): void {
  const { history, at } = run;
  const name = placeFor(history, wanted);
  const known = history.types.now.get(keyOf(name));
  if (known && known.kind !== 'shell' && run.tolerant) return;
  history.types.set(
    keyOf(name),
    { ...type, name, grants: grantsFor(history, 'type', name.schema), made: at, touched: at },
    history.time,
  );
}

const typeNow = (
  history: History,
  name: CreateType['name'],
): { readonly full: FullName; readonly type: UserType } | undefined => {
  const full = resolve(history, history.types, name);
  const type = full && history.types.now.get(keyOf(full));
  return full && type && { full, type };
};

export function alterDomain(run: Run, operation: AlterDomain): void {
  const { history, at } = run;
  const known = typeNow(history, operation.name);
  if (!known) return;
  const { full, type } = known;
  const { constraint, constraintName } = operation;
  let { constraints, notNull } = type;
  switch (operation.action) {
    case 'set not null':
    case 'drop not null':
      notNull = operation.action === 'set not null';
      break;
    case 'add constraint':
      if (constraint?.kind === 'not null') notNull = true;
      else if (constraint) constraints = [...constraints, domainCheck(run, full.name, constraint, constraints)];
      break;
    case 'drop constraint':
      constraints = constraints.filter(({ name }) => name !== constraintName);
      break;
    case 'validate constraint':
      constraints = constraints.map((own) => (own.name === constraintName ? { ...own, validated: true } : own));
  }
  history.types.set(keyOf(full), { ...type, constraints, notNull, touched: at }, history.time);
}

export function addEnumValue(run: Run, operation: AddEnumValue): void {
  const { history, at } = run;
  const known = typeNow(history, operation.type);
  if (!known) {
    if (!run.tolerant)
      addGap(
        run,
        'unknown object',
        `${at.path ?? ''} needs the type ${printName(operation.type)}, which no migration makes before it`,
      );
    return;
  }
  const { full, type } = known;
  if (type.values.includes(operation.value)) return;
  const values = [...type.values];
  const neighbour = operation.neighbour === undefined ? -1 : values.indexOf(operation.neighbour);
  if (operation.placed === 'last' || neighbour < 0) values.push(operation.value);
  else values.splice(operation.placed === 'before' ? neighbour : neighbour + 1, 0, operation.value);
  history.types.set(keyOf(full), { ...type, values, touched: at }, history.time);
}

export function createSequence(run: Run, operation: CreateSequence): void {
  const { history, at } = run;
  const name = placeFor(history, operation.name, operation.temporary);
  if (history.relations.now.has(keyOf(name)) && (operation.ifNotExists || run.tolerant)) return;
  put(history, {
    kind: 'sequence',
    name,
    ownedBy: ownerOf(run, operation.ownedBy),
    temporary: operation.temporary,
    grants: grantsFor(history, 'sequence', name.schema),
    made: at,
    touched: at,
  });
}

export function ownerOf({ history }: Run, ownedBy: CreateSequence['ownedBy']): Sequence['ownedBy'] {
  const entry = ownedBy && entryOf(history, ownedBy.table);
  return ownedBy && isTable(entry) ? { table: entry.name, column: ownedBy.column } : undefined;
}

export function alterPublication({ history, at }: Run, operation: AlterPublication): void {
  const known = history.publications.now.get(operation.name.name);
  if (!known) return;
  const named = operation.tables.map(
    (name) => entryOf(history, name)?.name ?? { schema: name.schema ?? 'public', name: name.name },
  );
  const isNamed = (table: FullName): boolean =>
    named.some((name) => name.name === table.name && name.schema === table.schema);
  const tables =
    operation.action === 'set'
      ? named
      : operation.action === 'add'
        ? [...known.tables.filter((table) => !isNamed(table)), ...named]
        : operation.action === 'drop'
          ? known.tables.filter((table) => !isNamed(table))
          : known.tables;
  const schemas =
    operation.action === 'set'
      ? operation.schemas
      : operation.action === 'add'
        ? [...known.schemas, ...operation.schemas]
        : operation.action === 'drop'
          ? known.schemas.filter((schema) => !operation.schemas.includes(schema))
          : known.schemas;
  history.publications.set(known.name, { ...known, tables, schemas, touched: at }, history.time);
}
