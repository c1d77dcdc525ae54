import type {
  AlterDomainStmt,
  CompositeTypeStmt,
  CreateDomainStmt,
  CreateEnumStmt,
  CreateRangeStmt,
  DefineStmt,
} from 'libpg-query';
import { columnOf, constraintOf } from '../columns.ts';
import { expression } from '../expressions.ts';
import { as, objectKind, qualifiedName, relationName, stringsOf, typeOf } from '../nodes.ts';
import type { CreateOther, CreateType, Operation } from '../operation.ts';
import { findWords, isSign, nameRange, pastBrackets, splitAtCommas, tokenAt, type Source } from '../source.ts';
import { behind, whole } from './at.ts';

const typed = (source: Source, word: string) => {
  // An operator is no name, but signs.
  const token = word === 'operator' ? undefined : behind(source, word);
  return {
    nameAt: token === undefined ? undefined : nameRange(source, token),
    at: whole(source),
    ifNotExists: false,
    orReplace: false,
  };
};

const type = (
  source: Source,
  name: CreateType['name'],
  form: CreateType['form'],
  more: Partial<CreateType> = {},
): Operation[] => [
  { kind: 'create type', object: 'type', ...typed(source, 'type'), name, form, values: [], columns: [], ...more },
];

export const createEnum = (source: Source, { typeName, vals }: CreateEnumStmt): Operation[] =>
  type(source, qualifiedName(typeName), 'enum', { values: stringsOf(vals) });

export const createRange = (source: Source, { typeName }: CreateRangeStmt): Operation[] =>
  type(source, qualifiedName(typeName), 'range');

export function createComposite(source: Source, { typevar, coldeflist = [] }: CompositeTypeStmt): Operation[] {
  let open = tokenAt(source, typevar?.location);
  while (open < source.end && !isSign(source, open, '(')) open++;
  const places = splitAtCommas(source, open + 1, pastBrackets(source, open) - 1);
  const columns = coldeflist.map((node, i) =>
    columnOf(source, as(node, 'ColumnDef') ?? {}, ...(places[i] ?? [open, source.end])),
  );
  return type(source, relationName(typevar), 'composite', { columns });
}

export function createDomain(
  source: Source,
  { domainname, typeName, constraints = [] }: CreateDomainStmt,
): Operation[] {
  const nodes = constraints.flatMap((node) => ('Constraint' in node ? [node.Constraint] : []));
  const starts = nodes.map(({ location }) => tokenAt(source, location));
  const endOf = (start: number): number => Math.min(source.end, ...starts.filter((s) => s > start));
  const value = nodes.findIndex(({ contype }) => contype === 'CONSTR_DEFAULT');
  const node = nodes[value];
  return [
    {
      kind: 'create domain',
      object: 'domain',
      ...typed(source, 'domain'),
      name: qualifiedName(domainname),
      type: typeOf(source, typeName),
      constraints: nodes.flatMap((n, i) => constraintOf(source, n, starts[i]!, endOf(starts[i]!)) ?? []),
      notNull: nodes.some(({ contype }) => contype === 'CONSTR_NOTNULL'),
      default: node?.raw_expr && expression(source, node.raw_expr, starts[value]! + 1, endOf(starts[value]!)),
    },
  ];
}

const ACTIONS = {
  T: 'set default',
  N: 'drop not null',
  O: 'set not null',
  C: 'add constraint',
  X: 'drop constraint',
  V: 'validate constraint',
} as const;

export function alterDomain(
  source: Source,
  { subtype = 'T', typeName, name, def, missing_ok }: AlterDomainStmt,
): Operation[] {
  const action = subtype === 'T' && !def ? 'drop default' : (ACTIONS[subtype as keyof typeof ACTIONS] ?? 'set default');
  const start = findWords(source, source.first, source.end, 'add');
  const node = as(def, 'Constraint');
  const constraint = node && constraintOf(source, node, start + 1, source.end);
  return [
    {
      kind: 'alter domain',
      at: whole(source),
      name: qualifiedName(typeName),
      action,
      constraint,
      constraintName: name ?? constraint?.name,
      ifExists: missing_ok ?? false,
    },
  ];
}

/** CREATE AGGREGATE, OPERATOR, TYPE, COLLATION and TEXT SEARCH ...: all are written name (key = value, ...). */
export function define(
  source: Source,
  { kind, defnames, if_not_exists, replace, definition }: DefineStmt,
): Operation[] {
  const object = objectKind(kind);
  const name = qualifiedName(defnames);
  if (object === 'type') return type(source, name, definition ? 'base' : 'shell');
  const said = {
    ...typed(source, object.split(' ').at(-1)!),
    name,
    ifNotExists: if_not_exists ?? false,
    orReplace: replace ?? false,
  };
  if (object === 'aggregate') {
    return [
      {
        ...said,
        kind: 'create aggregate',
        object,
        parameters: [],
        language: 'internal',
        securityDefiner: false,
        volatility: 'immutable',
        settings: new Map(),
      },
    ];
  }
  const other = { ...said, kind: `create ${object}`, object } as CreateOther;
  return [other];
}
