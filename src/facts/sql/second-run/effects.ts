import type { Range } from '../../../core/finding.ts';
import { isSerial, type Column, type Constraint } from '../column.ts';
import type { Name } from '../name.ts';
import type { CreateRoutine, CreateTable, CreateView, Operation, TableOperation } from '../operation.ts';
import type { Step } from '../past.ts';
import type { Use } from '../statement.ts';
import { columnsOfExpression, columnsRead } from './reads.ts';
import {
  column,
  constraint,
  domain,
  impliedIndexName,
  impliedName,
  objectRef,
  ref,
  relation,
  usedRefs,
  type Ref,
} from './refs.ts';

/** What an operation does to one object, as far as a second run can tell. */
export type Effect =
  | Make
  | { readonly does: 'take'; readonly what: Ref; readonly optional: boolean; readonly cascade: boolean }
  | { readonly does: 'move'; readonly what: Ref; readonly to: Name; readonly optional: boolean }
  /** Changes a column's type: views, policies and triggers on it forbid that. */
  | { readonly does: 'retype'; readonly what: Ref }
  /** Takes rows out. */
  | { readonly does: 'empty'; readonly what: Ref }
  /** DROP OWNED: a role loses its privileges. */
  | { readonly does: 'disown'; readonly what: Ref }
  /** EXECUTE of what only a run would tell drops objects of such kinds. */
  | { readonly does: 'sweep'; readonly labels: ReadonlySet<string> }
  /** Fails unless one of these is there. */
  | { readonly does: 'need'; readonly oneOf: readonly Ref[] };

export interface Make {
  readonly does: 'make';
  readonly what: Ref;
  /**
   * Where it is there already: 'skip' with IF NOT EXISTS, 'replace' with OR REPLACE; 'again' where PostgreSQL makes another one
   * beside it; 'drift' for a value that changes further.
   */
  readonly second: 'fail' | 'skip' | 'replace' | 'again' | 'drift';
  /** What cannot be dropped while it stands: of each list the one that is known. */
  readonly needs?: readonly (readonly Ref[])[] | undefined;
  /** What takes it along when it goes. */
  readonly owner?: Ref | undefined;
  /** Those of its table that take it along when they go. */
  readonly columns?: readonly string[] | undefined;
  /** OR REPLACE may add to it and change nothing of it. */
  readonly shape?: readonly string[] | undefined;
  readonly key?: Constraint | undefined;
  readonly temporary?: boolean | undefined;
  readonly parts?: readonly Make[] | undefined;
}

const make = (what: Ref, more: Partial<Make> = {}): Make => ({ does: 'make', what, second: 'fail', ...more });

const take = (
  what: Ref,
  { ifExists = false, cascade = false }: Partial<Record<'ifExists' | 'cascade', boolean>> = {},
): Effect => ({
  does: 'take',
  what,
  optional: ifExists,
  cascade,
});

const need = (...oneOf: readonly Ref[]): Effect => ({ does: 'need', oneOf });

const guarded = ({
  ifNotExists,
  orReplace,
}: {
  readonly ifNotExists: boolean;
  readonly orReplace?: boolean;
}): Make['second'] => (ifNotExists ? 'skip' : orReplace ? 'replace' : 'fail');

/**
 * What one operation does, in order. `repeats`: it adds its rows, or changes its values, once more. `passing`: names of columns
 * that the file drops or renames somewhere.
 */
export function effectsOf({ operation, by }: Step, repeats: boolean, passing: ReadonlySet<string>): readonly Effect[] {
  const uses = by.uses().filter(({ at }) => isWithin(at, operation.at));
  const needs = uses.map(usedRefs).filter(({ length }) => length > 0);
  const needed = needs.map((oneOf) => need(...oneOf));
  const read = (): Effect[] => columnsRead(by, uses, passing).map((oneOf) => need(...oneOf));
  const id = `${by.range[0]} ${operation.at[0]}`;
  const drift = (on?: Ref, columns?: readonly string[]): Effect[] =>
    repeats ? [make(ref('drift', id, on), { second: 'drift', columns })] : [];

  switch (operation.kind) {
    case 'create table':
    case 'create foreign table':
      return [...tableMade(operation, uses), ...needed];
    case 'create table as':
      return [
        ...needed,
        ...read(),
        make(relation(operation.name), { second: guarded(operation), temporary: operation.temporary }),
      ];
    case 'create index': {
      const owner = relation(operation.table);
      const expressions = [...operation.keys.map((key) => key.expression), operation.where];
      const computed = expressions.flatMap((e) => e?.columns() ?? []).map((use) => use.column);
      const columns = [...operation.keys.flatMap((key) => key.column ?? []), ...operation.include, ...computed];
      const name = operation.named ? operation.name : { ...operation.table, name: impliedIndexName(operation) };
      const second = operation.named ? guarded(operation) : 'again';
      return [
        need(owner),
        ...needed,
        ...read(),
        make(relation(name, 'index'), { second, owner, columns, needs: ofRoutines(uses) }),
      ];
    }
    case 'create view':
    case 'create materialized view':
      return [...needed, ...read(), viewMade(operation, needs)];
    case 'create function':
    case 'create procedure':
    case 'create aggregate':
      return [...needed, routineMade(operation, needs)];
    case 'create trigger': {
      const table = relation(operation.table);
      const names = [...operation.columns, ...(operation.when?.columns().map((use) => use.column) ?? [])];
      const on = [...ofRoutines(uses), ...names.map((name) => [column(table, name)])];
      return [
        ...needed,
        make(objectRef('trigger', operation.name, operation.table), { second: guarded(operation), needs: on }),
      ];
    }
    case 'create policy': {
      const { table, using, withCheck, roles } = operation;
      const others = needs.filter(([first]) => first?.space !== 'relation' || first.name.name !== table.name);
      const columns = [using, withCheck].flatMap((e) => (e ? columnsOfExpression(e, table) : []));
      const on = [...others, ...columns, ...roles.map((role) => [ref('role', role)])];
      return [...needed, ...read(), make(objectRef('policy', operation.name, table), { needs: on })];
    }
    case 'create type': {
      const type = ref('type', operation.name);
      const values = operation.values.map((value) => make(ref('enum value', value, type)));
      const attributes = operation.columns.map(({ name }) => make(ref('attribute', name, type)));
      return [...needed, make(type, { needs, parts: [...values, ...attributes] })];
    }
    case 'create domain': {
      const type = domain(operation.name);
      const parts = operation.constraints.flatMap(({ name }) =>
        name === undefined ? [] : [make(constraint(type, name))],
      );
      return [...needed, make(type, { needs, parts })];
    }
    case 'create statistics': {
      const owner = operation.on && relation(operation.on);
      const isNamed = operation.name.name !== '';
      return isNamed
        ? [...needed, make(ref('statistics', operation.name), { second: guarded(operation), owner })]
        : needed;
    }
    case 'add column': {
      const table = container(operation);
      if (operation.object === 'type') return [make(ref('attribute', operation.column.name, table))];
      const [self, ...parts] = columnMade(table, operation.column, by.uses());
      const keys = operation.column.constraints.flatMap((c) => constraintMade(table, c, uses));
      return [{ ...self!, second: guarded(operation), parts }, ...keys, ...needed];
    }
    case 'add constraint':
      return [...constraintAdded(operation, uses), ...needed, ...checked(operation)];
    case 'add identity':
      return [make(ref('identity', operation.column, container(operation), 'identity of column'))];
    case 'drop column':
      return operation.object === 'type'
        ? [take(ref('attribute', operation.column, container(operation)), operation)]
        : [take(column(container(operation), operation.column), operation)];
    case 'drop constraint':
      return [take(constraint(container(operation), operation.constraint), operation)];
    case 'drop identity':
    case 'drop expression':
      return [take(ref(operation.kind.slice('drop '.length), operation.column, container(operation)), operation)];
    case 'alter column type': {
      const table = container(operation);
      if (operation.object === 'type') return needed;
      return [
        { does: 'retype', what: column(table, operation.column) },
        ...needed,
        ...drift(table, [operation.column]),
      ];
    }
    case 'attach partition':
      return [make(ref('parent', operation.table.name, relation(operation.partition)))];
    case 'detach partition':
      return [take(ref('parent', operation.table.name, relation(operation.partition)))];
    case 'inherit':
      return [make(ref('parent', operation.parent.name, container(operation)))];
    case 'no inherit':
      return [take(ref('parent', operation.parent.name, container(operation)))];
    case 'alter publication': {
      const publication = ref('publication', operation.name);
      const members = [...operation.tables.map(({ name }) => name), ...operation.schemas];
      const published = members.map((name) => ref('published table', name, publication));
      if (operation.action === 'add') return published.map((what) => make(what));
      return operation.action === 'drop' ? published.map((what) => take(what)) : [need(publication)];
    }
    case 'alter domain': {
      const type = domain(operation.name);
      const name = operation.constraintName;
      if (operation.action === 'add constraint') {
        const what = constraint(type, name ?? `${operation.name.name}_check`);
        return [make(what, { second: name === undefined ? 'again' : 'fail' })];
      }
      if (operation.action === 'drop constraint' && name !== undefined)
        return [take(constraint(type, name), operation)];
      return [need(type)];
    }
    case 'add enum value':
      return [make(ref('enum value', operation.value, ref('type', operation.type)), { second: guarded(operation) })];
    case 'rename enum value':
    case 'rename attribute': {
      const what = objectRef(operation.object, operation.name, operation.on);
      return [{ does: 'move', what, to: { name: operation.to }, optional: false }];
    }
    case 'set schema': {
      const to = { schema: operation.schema, name: operation.name.name };
      return [{ does: 'move', what: objectRef(operation.object, operation.name), to, optional: operation.ifExists }];
    }
    case 'alter sequence': {
      const sequence = relation(operation.name, 'sequence');
      if (operation.ifExists) return [];
      const { ownedBy } = operation;
      const owned =
        ownedBy && make(sequence, { second: 'skip', owner: relation(ownedBy.table), columns: [ownedBy.column] });
      return [need(sequence), ...(owned ? [owned] : [])];
    }
    case 'alter policy':
      return [need(objectRef('policy', operation.name, operation.table)), ...needed];
    case 'change owner':
      return [need(objectRef(operation.object, operation.name)), ...needed];
    case 'grant':
    case 'alter default privileges': {
      // Privileges keep their roles from being dropped.
      const roles = operation.roles.map((role) => ref('role', role));
      return [
        ...needed,
        ...roles.map((role) => make(ref('grant', `${id} ${role.name.name}`), { second: 'skip', needs: [[role]] })),
      ];
    }
    case 'insert':
    case 'copy': {
      const isReading = operation.kind === 'copy' && operation.direction === 'to';
      if (!operation.table || isReading) return [...needed, ...read()];
      const table = relation(operation.table);
      const rows = repeats ? [make(ref('row', id, table), { second: 'again' })] : [];
      return [need(table), ...needed, ...read(), ...rows];
    }
    case 'update':
      return [need(relation(operation.table)), ...needed, ...read(), ...drift(relation(operation.table))];
    case 'delete':
      return [
        ...needed,
        ...read(),
        ...(operation.inWith ? [] : [{ does: 'empty' as const, what: relation(operation.table) }]),
      ];
    case 'truncate':
      return [...needed, { does: 'empty', what: relation(operation.table) }];
    case 'merge':
    case 'select':
      return [...needed, ...read(), ...drift()];
    case 'do':
      return sweptBy(operation.body);
    case 'drop owned':
      return [{ does: 'disown', what: ref('role', operation.name) }];
  }
  if ('orReplace' in operation) {
    const on = 'on' in operation ? operation.on : undefined;
    const owner =
      operation.kind === 'create sequence' && operation.ownedBy ? relation(operation.ownedBy.table) : undefined;
    const temporary = operation.kind === 'create sequence' && operation.temporary;
    return [
      ...needed,
      make(objectRef(operation.object, operation.name, on), { second: guarded(operation), owner, temporary }),
    ];
  }
  if ('of' in operation && 'ifExists' in operation && 'name' in operation) {
    return [take(objectRef(operation.object, operation.name, operation.on, operation.arguments), operation)];
  }
  if ('tableIfExists' in operation) return [...onTable(operation), ...needed];
  if ('to' in operation) {
    const what = objectRef(operation.object, operation.name, operation.on);
    return [{ does: 'move', what, to: { ...operation.name, name: operation.to }, optional: operation.ifExists }];
  }
  return needed;
}

/** What a sub-command of ALTER TABLE needs that makes and takes nothing. */
function onTable(operation: TableOperation): Effect[] {
  if (operation.tableIfExists) return [];
  const table = container(operation);
  switch (operation.kind) {
    case 'validate constraint':
    case 'alter constraint':
      return [need(constraint(table, operation.constraint))];
    case 'enable trigger':
    case 'disable trigger':
      return [need(operation.many ? table : ref('trigger', operation.trigger, table))];
    default:
      return [need(table)];
  }
}

const container = ({ table, object }: TableOperation): Ref =>
  object === 'type' ? ref('type', table) : relation(table, object);

const ofRoutines = (uses: readonly Use[]): Ref[][] =>
  uses.filter(({ object }) => object === 'function').map((use) => [...usedRefs(use)]);

function tableMade(operation: CreateTable, uses: readonly Use[]): Effect[] {
  const table = relation(operation.name, operation.object);
  const constraints = [...operation.constraints, ...operation.columns.flatMap((c) => c.constraints)];
  const made = constraints.flatMap((c) => constraintMade(table, c, uses));
  const parents = operation.partitionOf ? [operation.partitionOf.parent] : operation.inherits;
  const parts = [
    ...operation.columns.flatMap((c) => columnMade(table, c, uses)),
    ...made.filter(({ what }) => what.on),
    ...parents.map((parent) => make(ref('parent', parent.name, table))),
  ];
  // A partition goes with its parent; another child stands in its way.
  const needs = operation.partitionOf ? [] : parents.map((parent) => [relation(parent)]);
  const self = make(table, { second: guarded(operation), temporary: operation.temporary, parts, needs });
  return [self, ...made.filter(({ what }) => !what.on)];
}

/** A column, and its default where that needs something. */
function columnMade(table: Ref, { name, at, type, default: value }: Column, uses: readonly Use[]): Make[] {
  const types = uses.filter((use) => use.object === 'type' && type.at !== undefined && isWithin(use.at, type.at));
  const self = make(column(table, name), { needs: isSerial(type) ? [] : types.map(usedRefs) });
  const calls = value ? ofRoutines(uses.filter((use) => isWithin(use.at, at))) : [];
  return calls.length === 0
    ? [self]
    : [self, make(ref('default', name, table, 'default of column'), { needs: calls, columns: [name] })];
}

/** A constraint, and the index behind it. */
function constraintMade(table: Ref, key: Constraint, uses: readonly Use[]): Make[] {
  if (key.kind === 'null' || (key.kind === 'not null' && key.name === undefined)) return [];
  const what = constraint(table, impliedName(table.name, key));
  const columns = [...key.columns, ...(key.expression?.columns().map((use) => use.column) ?? [])];
  const needs = ofRoutines(uses.filter(({ at }) => isWithin(at, key.at)));
  if (key.references) needs.push([relation(key.references.table)]);
  // A table has one primary key: PostgreSQL does not make another beside it.
  const second = key.name === undefined && key.kind !== 'primary key' ? 'again' : 'fail';
  const self = make(what, { second, columns, needs, key });
  const hasIndex = key.kind === 'primary key' || key.kind === 'unique' || key.kind === 'exclude';
  // Names that PostgreSQL chooses avoid those that are taken.
  if (!hasIndex || key.name === undefined || key.usingIndex !== undefined) return [self];
  return [self, make(relation({ ...table.name, name: key.name }, 'index'), { owner: what })];
}

/** The columns of a check. */
const checked = (operation: TableOperation & { readonly kind: 'add constraint' }): Effect[] =>
  (operation.constraint.expression?.columns() ?? []).map((use) => need(column(container(operation), use.column)));

function constraintAdded(
  operation: TableOperation & { readonly kind: 'add constraint' },
  uses: readonly Use[],
): Effect[] {
  const table = container(operation);
  const made = constraintMade(table, operation.constraint, uses);
  const { usingIndex, name = usingIndex } = operation.constraint;
  if (!made[0] || usingIndex === undefined || name === undefined) return made;
  // The index becomes the constraint's, and takes its name.
  const { schema } = operation.table;
  const index = relation({ schema, name: usingIndex }, 'index');
  return [
    { ...made[0], what: constraint(table, name), second: 'fail' },
    need(index),
    { does: 'move', what: index, to: { schema, name }, optional: true },
  ];
}

function viewMade(operation: CreateView, needs: readonly (readonly Ref[])[]): Make {
  const outputs = operation.columns.length > 0 ? operation.columns : operation.outputs;
  return make(relation(operation.name, operation.object), {
    second: guarded(operation),
    shape: outputs.some((name) => name === '*' || name === '') ? undefined : outputs,
    needs: [...needs, ...columnsOfExpression(operation.query)],
    temporary: operation.temporary,
  });
}

function routineMade(operation: CreateRoutine, needs: readonly (readonly Ref[])[]): Make {
  const inputs = operation.parameters.filter(({ mode }) => mode === 'in' || mode === 'inout' || mode === 'variadic');
  const types = operation.kind === 'create aggregate' ? undefined : inputs.map(({ type }) => type);
  const shape = [operation.returns?.text.toLowerCase() ?? '', ...inputs.map(({ name }) => name ?? '')];
  return make(objectRef(operation.object, operation.name, undefined, types), {
    second: guarded(operation),
    shape,
    needs,
  });
}

const DYNAMIC_DROP = /\bexecute\b[^;]*?\bdrop\s+(policy|trigger|function|procedure|routine|aggregate|materialized\s+view|view|index|table|constraint|rule|type|sequence|column)\b[^;]*/gi; // prettier-ignore

/** A text that is put together and kept before EXECUTE runs it. */
const KEPT_DROP = new RegExp(DYNAMIC_DROP.source.replace(/^\\bexecute\\b/, "'"), 'gi');

/** EXECUTE format('DROP POLICY %I ...'): such objects may be gone, and nobody knows which. */
function sweptBy(body: string): Effect[] {
  const labels = new Set<string>();
  const isKept = /\bexecute\s+\w+\s*;/i.test(body);
  for (const [text, kind = ''] of [...body.matchAll(DYNAMIC_DROP), ...(isKept ? body.matchAll(KEPT_DROP) : [])]) {
    if (!isKept && !/%|\|\|/.test(text)) continue;
    labels.add(kind.toLowerCase().replace(/\s+/g, ' '));
    if (/\bcascade\b/i.test(text))
      for (const label of ['policy', 'trigger', 'view', 'constraint', 'default of column']) labels.add(label);
  }
  return labels.size === 0 ? [] : [{ does: 'sweep', labels }];
}

const isWithin = (inner: Range, outer: Range): boolean => outer[0] <= inner[0] && inner[1] <= outer[1];
