import type { Range } from '../../../core/finding.ts';
import { isSerial, type Column, type Constraint, type Type } from '../column.ts';
import type { Expression } from '../expression.ts';
import type { Name } from '../name.ts';
import type { CreateIndex, Drop, Operation, TableOperation } from '../operation.ts';
import { lex, QUOTED, SIGN, WORD } from '../lexer.ts';
import { columnsOf as columnsOfConstraint, constraintName, type Step } from '../past.ts';
import type { Statement, Use } from '../statement.ts';

/** An object as an operation names it. Two objects of one space and name are the same object. */
export interface Ref {
  /** 'relation' for tables, views, indexes and sequences; 'routine', 'type'; else the kind itself. */
  readonly space: string;
  /** In a message: "table", "view". */
  readonly label: string;
  readonly name: Name;
  /** The relation or type that it has its name from. */
  readonly on?: Ref | undefined;
  /** Argument types of a routine; absent where they are not written. */
  readonly signature?: string | undefined;
}

/** What an operation does to one object, as far as a second run can tell. */
export type Effect =
  | Make
  | {
      readonly does: 'take';
      readonly what: Ref;
      /** IF EXISTS. */
      readonly optional: boolean;
      readonly cascade: boolean;
    }
  | { readonly does: 'move'; readonly what: Ref; readonly to: Name; readonly optional: boolean }
  /** Changes a column's type: views, policies and triggers on it forbid that. */
  | { readonly does: 'retype'; readonly what: Ref }
  /** Takes rows out. */
  | { readonly does: 'empty'; readonly what: Ref }
  /** DROP OWNED: privileges and objects of a role are gone. */
  | { readonly does: 'disown'; readonly what: Ref }
  /** Fails unless one of these is there. */
  | { readonly does: 'need'; readonly oneOf: readonly Ref[] };

export interface Make {
  readonly does: 'make';
  readonly what: Ref;
  /** 'skip' with IF NOT EXISTS, 'replace' with OR REPLACE; 'again' where PostgreSQL makes another one beside it; 'drift' for a value. */
  readonly second: 'fail' | 'skip' | 'replace' | 'again' | 'drift';
  /** What cannot be dropped while it stands; each only where it is certain. */
  readonly needs?: readonly Ref[] | undefined;
  /** What takes it along when it goes. */
  readonly owner?: Ref | undefined;
  /** Those of its table that take it along when they go. */
  readonly columns?: readonly string[] | undefined;
  /** What OR REPLACE must not change: every item of the one that stands must begin the new one's. */
  readonly shape?: readonly string[] | undefined;
  readonly key?: Constraint | undefined;
  readonly temporary?: boolean | undefined;
  readonly parts?: readonly Make[] | undefined;
}

const ref = (space: string, name: Name | string, on?: Ref, label = space): Ref => ({
  space,
  label,
  name: typeof name === 'string' ? { name } : name,
  on,
});

export const relation = (name: Name, label = 'table'): Ref => ref('relation', name, undefined, label);
const column = (on: Ref, name: string): Ref => ref('column', name, on);
const constraint = (on: Ref, name: string): Ref => ref('constraint', name, on);

const RELATIONS: ReadonlySet<string> = new Set([
  'table',
  'foreign table',
  'view',
  'materialized view',
  'index',
  'sequence',
]);
const ROUTINES: ReadonlySet<string> = new Set(['function', 'procedure', 'aggregate', 'routine']);
const ON_TABLES: ReadonlySet<string> = new Set(['policy', 'trigger', 'rule']);

/** An object by its kind, as DROP, RENAME and their like name it. */
export function objectRef(object: string, name: Name, on?: Name, types?: readonly Type[]): Ref {
  if (RELATIONS.has(object)) return relation(name, object);
  if (ROUTINES.has(object))
    return { ...ref('routine', name, undefined, object), signature: types && signatureOf(types) };
  if (object === 'type' || object === 'domain') return ref('type', name, undefined, object);
  if (object === 'enum value' || object === 'attribute') return ref(object, name, on && ref('type', on));
  if (object === 'column' || object === 'constraint' || ON_TABLES.has(object))
    return ref(object, name, on && relation(on));
  return ref(object, name, object === 'user mapping' && on ? ref('server', on) : undefined);
}

const signatureOf = (types: readonly Type[]): string =>
  types.map(({ name, dimensions }) => name + '[]'.repeat(dimensions)).join(' ');

/**
 * What one operation does, in order. `repeats`: it adds its rows, or changes its values, once more. `passing`: names of columns
 * that the file drops or renames somewhere.
 */
export function effectsOf({ operation, by }: Step, repeats: boolean, passing: ReadonlySet<string>): readonly Effect[] {
  const uses = by.uses();
  const own = uses.filter(({ at }) => isWithin(at, operation.at));
  const id = `${by.range[0]} ${operation.at[0]}`;
  const read = (): Effect[] => columnsRead(by, own, passing).map((oneOf) => ({ does: 'need', oneOf }));
  switch (operation.kind) {
    case 'create table':
    case 'create foreign table': {
      const table = relation(operation.name, operation.object);
      const constraints = [...operation.constraints, ...operation.columns.flatMap((c) => c.constraints)];
      const keys = constraints.flatMap((c) => constraintsOf(table, c, uses));
      const parents = operation.partitionOf ? [operation.partitionOf.parent] : operation.inherits;
      const parts = [
        ...operation.columns.flatMap((c) => columnsOf(table, c, uses)),
        ...keys.filter(({ what }) => what.space === 'constraint'),
        ...parents.map((parent) => made(ref('parent', parent.name, table))),
      ];
      const second = operation.ifNotExists ? 'skip' : 'fail';
      const { temporary } = operation;
      const needs = operation.partitionOf ? [] : parents.map((parent) => relation(parent));
      return [
        { does: 'make', what: table, second, temporary, parts, needs },
        ...keys.filter(isIndex),
        ...needed(own),
      ];
    }
    case 'create table as':
      return [
        {
          does: 'make',
          what: relation(operation.name),
          second: operation.ifNotExists ? 'skip' : 'fail',
          temporary: operation.temporary,
        },
        ...needed(own),
      ];
    case 'create index': {
      const table = relation(operation.table);
      const columns = [...operation.keys.flatMap((key) => key.column ?? []), ...operation.include];
      const name = operation.named ? operation.name : { ...operation.table, name: impliedIndexName(operation) };
      const second = operation.ifNotExists ? 'skip' : operation.named ? 'fail' : 'again';
      return [
        { does: 'need', oneOf: [table] },
        ...needed(own),
        { does: 'make', what: relation(name, 'index'), second, owner: table, columns, needs: routinesOf(own) },
      ];
    }
    case 'create view':
    case 'create materialized view': {
      const second =
        operation.kind === 'create view'
          ? operation.orReplace
            ? 'replace'
            : 'fail'
          : operation.ifNotExists
            ? 'skip'
            : 'fail';
      const outputs = operation.columns.length > 0 ? operation.columns : operation.outputs;
      const shape = outputs.some((name) => name === '*' || name === '') ? undefined : outputs;
      const needs = [...refsOf(own), ...columnNeeds(operation.query).flatMap(certain)];
      return [
        ...needed(own),
        {
          does: 'make',
          what: relation(operation.name, operation.object),
          second,
          shape,
          needs,
          temporary: operation.temporary,
        },
      ];
    }
    case 'create function':
    case 'create procedure':
    case 'create aggregate': {
      const inputs = operation.parameters.filter(
        ({ mode }) => mode === 'in' || mode === 'inout' || mode === 'variadic',
      );
      const types = operation.kind === 'create aggregate' ? undefined : inputs.map(({ type }) => type);
      // PostgreSQL may add a name to an argument, but neither change one nor change what comes back.
      const shape = [operation.returns?.text.toLowerCase() ?? '', ...inputs.map(({ name }) => name ?? '')];
      const second = operation.orReplace ? 'replace' : 'fail';
      return [
        ...needed(own),
        {
          does: 'make',
          what: objectRef(operation.object, operation.name, undefined, types),
          second,
          shape,
          needs: refsOf(own),
        },
      ];
    }
    case 'create trigger': {
      const table = relation(operation.table);
      const read = operation.when?.columns().map(({ column: name }) => name) ?? [];
      const needs = [...routinesOf(own), ...[...operation.columns, ...read].map((name) => column(table, name))];
      return [
        ...needed(own),
        {
          does: 'make',
          what: objectRef('trigger', operation.name, operation.table),
          second: operation.orReplace ? 'replace' : 'fail',
          needs,
        },
      ];
    }
    case 'create policy': {
      const table = operation.table;
      const columns = [operation.using, operation.withCheck].flatMap((e) =>
        e ? columnNeeds(e, table).flatMap(certain) : [],
      );
      const roles = operation.roles.map((role) => ref('role', role));
      const needs = [
        ...refsOf(own).filter((r) => r.space !== 'relation' || r.name.name !== table.name),
        ...columns,
        ...roles,
      ];
      return [...needed(own), made(objectRef('policy', operation.name, table), needs)];
    }
    case 'create type': {
      const type = ref('type', operation.name);
      const parts = [
        ...operation.values.map((value) => made(ref('enum value', value, type))),
        ...operation.columns.map(({ name }) => made(ref('attribute', name, type))),
      ];
      return [...needed(own), { ...made(type, refsOf(own)), parts }];
    }
    case 'create domain': {
      const type = ref('type', operation.name, undefined, 'domain');
      const parts = operation.constraints.flatMap(({ name }) =>
        name === undefined ? [] : [made(constraint(type, name))],
      );
      return [...needed(own), { ...made(type, refsOf(own)), parts }];
    }
    case 'create rule':
      return [
        ...needed(own),
        {
          does: 'make',
          what: objectRef('rule', operation.name, operation.on),
          second: operation.orReplace ? 'replace' : 'fail',
        },
      ];
    case 'create statistics':
      return operation.name.name === ''
        ? needed(own)
        : [
            ...needed(own),
            {
              does: 'make',
              what: ref('statistics', operation.name),
              second: operation.ifNotExists ? 'skip' : 'fail',
              owner: operation.on && relation(operation.on),
            },
          ];
    case 'add column': {
      const table = container(operation);
      if (operation.object === 'type') return [made(ref('attribute', operation.column.name, table))];
      const [self, ...parts] = columnsOf(table, operation.column, uses);
      const keys = operation.column.constraints.flatMap((c) => constraintsOf(table, c, uses));
      return [{ ...self!, second: operation.ifNotExists ? 'skip' : 'fail', parts }, ...keys, ...needed(own)];
    }
    case 'add constraint': {
      const table = container(operation);
      const { usingIndex } = operation.constraint;
      const index =
        usingIndex === undefined ? undefined : relation({ schema: operation.table.schema, name: usingIndex }, 'index');
      const [self, ...keys] = constraintsOf(table, operation.constraint, uses);
      if (!self) return needed(own);
      if (!index) return [self, ...keys, ...needed(own)];
      const name = operation.constraint.name ?? usingIndex!;
      // The index becomes the constraint's, and takes its name.
      const taken: Effect = {
        does: 'move',
        what: index,
        to: { schema: operation.table.schema, name },
        optional: name === usingIndex,
      };
      return [{ ...self, what: constraint(table, name), second: 'fail' }, taken];
    }
    case 'add identity':
      return [made({ ...ref('identity', operation.column, container(operation)), label: 'identity of column' })];
    case 'drop column':
      if (operation.object === 'type')
        return [take(ref('attribute', operation.column, container(operation)), operation)];
      return [take(column(container(operation), operation.column), operation)];
    case 'drop constraint':
      return [take(constraint(container(operation), operation.constraint), operation)];
    case 'drop identity':
    case 'drop expression':
      return [
        take(ref(operation.kind.slice('drop '.length), operation.column, container(operation)), {
          ...operation,
          cascade: false,
        }),
      ];
    case 'alter column type':
      return operation.object === 'type'
        ? needed(own)
        : [
            { does: 'retype', what: column(container(operation), operation.column) },
            ...needed(own),
          ];
    case 'attach partition':
    case 'detach partition': {
      const part = { ...ref('parent', operation.table.name, relation(operation.partition)), label: 'parent' };
      return [operation.kind === 'attach partition' ? made(part) : take(part, { ifExists: false, cascade: false })];
    }
    case 'inherit':
      return [made(ref('parent', operation.parent.name, container(operation)))];
    case 'no inherit':
      return [take(ref('parent', operation.parent.name, container(operation)), { ifExists: false, cascade: false })];
    case 'alter publication': {
      const publication = ref('publication', operation.name);
      const members = [...operation.tables.map(({ name }) => name), ...operation.schemas];
      if (operation.action === 'add')
        return members.map((name) => made({ ...ref('published table', name, publication) }));
      if (operation.action === 'drop')
        return members.map((name) =>
          take(ref('published table', name, publication), { ifExists: false, cascade: false }),
        );
      return [{ does: 'need', oneOf: [publication] }];
    }
    case 'alter domain': {
      const type = ref('type', operation.name, undefined, 'domain');
      const name = operation.constraintName;
      if (operation.action === 'add constraint') {
        return [
          {
            ...made(constraint(type, name ?? `${operation.name.name}_check`)),
            second: name === undefined ? 'again' : 'fail',
          },
        ];
      }
      if (operation.action === 'drop constraint' && name !== undefined)
        return [take(constraint(type, name), { ...operation, cascade: false })];
      return [{ does: 'need', oneOf: [type] }];
    }
    case 'add enum value':
      return [
        {
          ...made(ref('enum value', operation.value, ref('type', operation.type))),
          second: operation.ifNotExists ? 'skip' : 'fail',
        },
      ];
    case 'set schema':
      return [
        {
          does: 'move',
          what: objectRef(operation.object, operation.name),
          to: { schema: operation.schema, name: operation.name.name },
          optional: operation.ifExists,
        },
      ];
    case 'alter sequence': {
      const sequence = relation(operation.name, 'sequence');
      const owner = operation.ownedBy;
      const owned: Effect[] = owner
        ? [{ does: 'make', what: sequence, second: 'skip', owner: relation(owner.table), columns: [owner.column] }]
        : [];
      return operation.ifExists ? [] : [{ does: 'need', oneOf: [sequence] }, ...owned];
    }
    case 'change owner':
    case 'alter policy': {
      const object =
        operation.kind === 'alter policy'
          ? objectRef('policy', operation.name, operation.table)
          : objectRef(operation.object, operation.name);
      return [{ does: 'need', oneOf: [object] }, ...needed(own)];
    }
    case 'grant':
    case 'alter default privileges':
      // Privileges keep their roles from being dropped.
      return [
        ...needed(own),
        ...operation.roles.map((role) => ({
          ...made(ref('grant', `${id} ${role}`), [ref('role', role)]),
          second: 'skip' as const,
        })),
      ];
    case 'revoke':
      return needed(own);
    case 'insert':
    case 'copy': {
      if (!operation.table || (operation.kind === 'copy' && operation.direction === 'to')) return [...needed(own), ...read()];
      const rows: Make = { ...made({ ...ref('row', id, relation(operation.table)), label: 'rows of' }), second: 'again' };
      return [{ does: 'need', oneOf: [relation(operation.table)] }, ...needed(own), ...read(), ...(repeats ? [rows] : [])];
    }
    case 'update': {
      const drift: Make = { ...made(ref('drift', id, relation(operation.table))), second: 'drift' };
      return [{ does: 'need', oneOf: [relation(operation.table)] }, ...needed(own), ...read(), ...(repeats ? [drift] : [])];
    }
    case 'delete':
      return [...needed(own), ...read(), ...(operation.inWith ? [] : [{ does: 'empty' as const, what: relation(operation.table) }])];
    case 'merge':
      return [...needed(own), ...read()];
    case 'truncate':
      return [...needed(own), { does: 'empty', what: relation(operation.table) }];
    case 'select': {
      const drift: Make = { ...made(ref('drift', id)), second: 'drift' };
      return [...needed(own), ...read(), ...(repeats ? [drift] : [])];
    }
    case 'drop owned':
      return [{ does: 'disown', what: ref('role', operation.name) }];
    case 'rename enum value':
    case 'rename attribute':
      return [
        {
          does: 'move',
          what: objectRef(operation.object, operation.name, operation.on),
          to: { name: operation.to },
          optional: false,
        },
      ];
  }
  const { kind } = operation;
  if (kind.startsWith('create ')) {
    const { object, name, on, ifNotExists, orReplace } = operation as Operation & Made;
    const second = ifNotExists ? 'skip' : orReplace ? 'replace' : 'fail';
    return [
      ...needed(own),
      { does: 'make', what: objectRef(object, name, on), second, owner: ownerOf(operation) },
    ];
  }
  if (kind.startsWith('drop ') && 'cascade' in operation && 'of' in operation && 'name' in operation) {
    const { object, name, on, arguments: types } = operation as Drop;
    return [take(objectRef(object, name, on, types), operation as Drop)];
  }
  if (kind.startsWith('rename ') && 'to' in operation) {
    const { object, name, on, to, ifExists } = operation;
    return [{ does: 'move', what: objectRef(object, name, on), to: { ...name, name: to }, optional: ifExists }];
  }
  return needed(own);
}

type Made = Pick<CreateIndex, 'ifNotExists' | 'orReplace'> & {
  readonly object: string;
  readonly name: Name;
  readonly on?: Name;
};

const made = (what: Ref, needs?: readonly Ref[]): Make => ({ does: 'make', what, second: 'fail', needs });

const take = (what: Ref, { ifExists, cascade }: { readonly ifExists: boolean; readonly cascade: boolean }): Effect => ({
  does: 'take',
  what,
  optional: ifExists,
  cascade,
});

const isIndex = ({ what }: Make): boolean => what.space === 'relation';

const container = ({ table, object }: TableOperation): Ref =>
  object === 'type' ? ref('type', table) : relation(table, object);

const ownerOf = (operation: Operation): Ref | undefined =>
  operation.kind === 'create sequence' && operation.ownedBy ? relation(operation.ownedBy.table) : undefined;

/** A column, and its default where that needs something. */
function columnsOf(table: Ref, { name, at, type, default: value }: Column, uses: readonly Use[]): Make[] {
  const types = uses.filter((use) => use.object === 'type' && type.at !== undefined && isWithin(use.at, type.at));
  const defaults = value ? uses.filter((use) => use.object === 'function' && isWithin(use.at, at)) : [];
  const self = made(column(table, name), isSerial(type) ? [] : types.map(refOf));
  if (defaults.length === 0) return [self];
  return [self, { ...made(ref('default', name, table, 'default of column'), defaults.map(refOf)), columns: [name] }];
}

/** A constraint, and the index behind it. */
function constraintsOf(table: Ref, c: Constraint, uses: readonly Use[]): Make[] {
  if (c.kind === 'null' || (c.kind === 'not null' && c.name === undefined)) return [];
  const name = impliedName(table.name, c);
  // A table has one primary key: PostgreSQL does not make another beside it.
  const second = c.name === undefined && c.kind !== 'primary key' ? 'again' : 'fail';
  const what = constraint(table, name);
  const columns = c.expression ? [...c.columns, ...c.expression.columns().map((use) => use.column)] : c.columns;
  const own = uses.filter(({ at }) => isWithin(at, c.at));
  const needs = [...routinesOf(own), ...(c.references ? [relation(c.references.table)] : [])];
  const self: Make = { does: 'make', what, second, columns, needs, key: c };
  const hasIndex = c.kind === 'primary key' || c.kind === 'unique' || c.kind === 'exclude';
  // Names that PostgreSQL chooses avoid those that are taken.
  if (!hasIndex || c.name === undefined || c.usingIndex !== undefined) return [self];
  return [self, { ...made(relation({ ...table.name, name }, 'index')), owner: what }];
}

/** The name of a constraint, or the one that PostgreSQL gives it: a check on several columns is the table's. */
export function impliedName(table: Name, c: Constraint): string {
  const isOnTable = c.kind === 'check' && c.name === undefined && columnsOfConstraint(c).length !== 1;
  return isOnTable ? `${table.name}_check` : constraintName(table, c);
}

/** PostgreSQL's own name for an index that is given none. */
const impliedIndexName = ({ table, keys }: CreateIndex): string =>
  [table.name, ...keys.map((key) => key.column ?? 'expr'), 'idx'].join('_');

/** What the operation's statement needs to be there, apart from what the operation itself makes or takes. */
function needed(uses: readonly Use[]): Effect[] {
  return uses.flatMap((use): Effect[] => {
    if (use.object === 'column') {
      return use.column === undefined || use.column === '*'
        ? []
        : [{ does: 'need', oneOf: [column(relation(use.name), use.column)] }];
    }
    // A table's row type has its name.
    return [{ does: 'need', oneOf: use.object === 'type' ? [refOf(use), relation(use.name)] : [refOf(use)] }];
  });
}

const refOf = ({ object, name }: Use): Ref => objectRef(object === 'relation' ? 'table' : object, name);

const refsOf = (uses: readonly Use[]): Ref[] =>
  uses.flatMap((use) =>
    use.object === 'type'
      ? [refOf(use), relation(use.name)]
      : use.object === 'relation' || use.object === 'function'
        ? [refOf(use)]
        : [],
  );

const routinesOf = (uses: readonly Use[]): Ref[] => uses.filter(({ object }) => object === 'function').map(refOf);

const certain = (candidates: readonly Ref[]): readonly Ref[] => (candidates.length === 1 ? candidates : []);

/** For each column that an expression or query names, the columns that it may be: those of the relations in sight. */
function columnNeeds(expression: Expression, table?: Name): (readonly Ref[])[] {
  const seen = expression.relations().map(({ name, at }) => ({ name, alias: aliasAt(expression, at) }));
  const inSight = table ? [...seen, { name: table, alias: undefined }] : seen;
  return expression.columns().flatMap(({ table: written, column: name }) => {
    if (name === '*') return [];
    const candidates = inSight.filter((r) => written === undefined || (r.alias ?? r.name.name) === written);
    return candidates.length === 0 ? [] : [candidates.map((r) => column(relation(r.name), name))];
  });
}

// What may stand behind a relation in FROM and is no alias.
const NO_ALIAS =
  /^(?:where|on|using|join|inner|left|right|full|cross|natural|group|order|having|limit|offset|union|except|intersect|for|set|returning|window|fetch|tablesample|with)$/i;

/** The alias that is written behind a relation. */
function aliasAt({ text, at }: Expression, place: Range): string | undefined {
  const [, quoted, plain] =
    /^\s+(?:as\s+)?(?:"((?:[^"]|"")+)"|([a-z_][\w$]*))/i.exec(text.slice(place[1] - at[0])) ?? [];
  if (quoted !== undefined) return quoted.replaceAll('""', '"');
  return plain === undefined || NO_ALIAS.test(plain) ? undefined : plain.toLowerCase();
}

/**
 * The columns that a statement may mean where it writes one of these names: those of the relations that it uses, by the alias or
 * name before the dot. Read from the text, since queries inside queries are no operations.
 */
function columnsRead(by: Statement, uses: readonly Use[], passing: ReadonlySet<string>): (readonly Ref[])[] {
  if (passing.size === 0) return [];
  const { text, kinds, starts, ends, count } = lex(by.text);
  const nameAt = (token: number): string | undefined => {
    if (token < 0 || token >= count) return undefined;
    const written = text.slice(starts[token], ends[token]);
    return kinds[token] === WORD ? written.toLowerCase() : kinds[token] === QUOTED ? written.slice(1, -1).replaceAll('""', '"') : undefined;
  };
  const signAt = (token: number): string => (token >= 0 && token < count && kinds[token] === SIGN ? text[starts[token]!]! : '');
  const written = Array.from({ length: count }, (_, t) => t).filter((t) => passing.has(nameAt(t) ?? ''));
  if (written.length === 0) return [];
  const relations = uses.filter(({ object }) => object === 'relation').map(({ name }) => name);
  const aliases = (relationName: Name): (string | undefined)[] => {
    const found: (string | undefined)[] = [];
    for (let t = 0; t < count; t++) {
      if (nameAt(t) !== relationName.name || signAt(t + 1) === '.') continue;
      const alias = nameAt(t + 1) === 'as' ? nameAt(t + 2) : nameAt(t + 1);
      found.push(alias === undefined || NO_ALIAS.test(alias) ? undefined : alias);
    }
    return found;
  };
  const known = relations.map((name) => ({ name, names: [name.name, ...aliases(name)] }));
  return written.flatMap((t) => {
    // A function, an alias, a relation, or what a dot follows is no column.
    if (signAt(t + 1) === '(' || signAt(t + 1) === '.' || nameAt(t - 1) === 'as') return [];
    const name = nameAt(t)!;
    const qualifier = signAt(t - 1) === '.' ? nameAt(t - 2) : undefined;
    const candidates = known.filter(({ names }) => qualifier === undefined || names.includes(qualifier));
    return candidates.length === 0 ? [] : [candidates.map((r) => column(relation(r.name), name))];
  });
}

const isWithin = (inner: Range, outer: Range): boolean => outer[0] <= inner[0] && inner[1] <= outer[1];
