import type {
  CopyStmt,
  DeleteStmt,
  InsertStmt,
  MergeStmt,
  Node,
  SelectStmt,
  TruncateStmt,
  UpdateStmt,
  WithClause,
} from 'libpg-query';
import type { Range } from '../../../core/finding.ts';
import type { Expression } from '../expression.ts';
import { expression } from '../expressions.ts';
import { as, qualifiedName, relationName } from '../nodes.ts';
import type { CreateTableAs, Insert, Merge, Operation, SetSetting, Update } from '../operation.ts';
import {
  findAnyWord,
  findWords,
  isSign,
  nameRange,
  pastBrackets,
  rangeOf,
  splitAtCommas,
  tokenAt,
  type Source,
} from '../source.ts';
import { walk } from '../walk.ts';
import { valueOf } from './options.ts';
import { outputsOf } from './views.ts';

/** Where a data statement stands: the statement itself, or the brackets of a query in WITH. */
interface Stretch {
  readonly from: number;
  readonly to: number;
  readonly inWith: boolean;
}

const all = (source: Source): Stretch => ({ from: source.first, to: source.end, inWith: false });
const at = (source: Source, { from, to }: Stretch): Range => rangeOf(source, from, to);

export const insert = (source: Source, stmt: InsertStmt): Operation[] => [
  ...inWith(source, stmt.withClause),
  insertOf(source, stmt, all(source)),
];

export const update = (source: Source, stmt: UpdateStmt): Operation[] => [
  ...inWith(source, stmt.withClause),
  updateOf(source, stmt, all(source)),
];

export const remove = (source: Source, stmt: DeleteStmt): Operation[] => [
  ...inWith(source, stmt.withClause),
  deleteOf(source, stmt, all(source)),
];

export const merge = (source: Source, stmt: MergeStmt): Operation[] => [
  ...inWith(source, stmt.withClause),
  mergeOf(source, stmt, all(source)),
];

/** A query. SELECT ... INTO makes a table, set_config() sets, WITH may write. */
export function select(source: Source, stmt: SelectStmt): Operation[] {
  let left: SelectStmt = stmt;
  while (left.larg) left = left.larg;
  const into = left.intoClause;
  const query = expression(source, { SelectStmt: stmt }, source.first, source.end);
  const operations = inWith(source, stmt.withClause);
  if (into) {
    const { intoClause: _, ...reading } = stmt;
    const made: CreateTableAs = {
      kind: 'create table as',
      object: 'table',
      form: 'select into',
      name: relationName(into.rel),
      nameAt: nameRange(source, tokenAt(source, into.rel?.location)),
      at: at(source, all(source)),
      ifNotExists: false,
      orReplace: false,
      temporary: into.rel?.relpersistence === 't',
      unlogged: into.rel?.relpersistence === 'u',
      withData: true,
      columns: [],
      outputs: outputsOf(source, { SelectStmt: stmt }),
      query: expression(source, { SelectStmt: reading }, source.first, source.end),
    };
    return [...operations, made];
  }
  return [
    ...operations,
    { kind: 'select', at: at(source, all(source)), query, locksRows: stmt.lockingClause !== undefined },
    ...settings(source, query, stmt),
  ];
}

/** set_config(name, value, local) in a query that reads nothing. */
function settings(source: Source, query: Expression, stmt: SelectStmt): SetSetting[] {
  if (!/set_config/i.test(query.text)) return [];
  const found: SetSetting[] = [];
  walk(stmt, ({ kind, body }) => {
    const { funcname, args = [] } = kind === 'FuncCall' ? (body as { funcname?: Node[]; args?: Node[] }) : {};
    if (!funcname || qualifiedName(funcname).name !== 'set_config' || args.length !== 3) return;
    const [name, value, local] = args.map((node) => (as(node, 'A_Const') ? valueOf(node) : undefined));
    if (name === undefined) return;
    found.push({
      kind: local === 'true' ? 'set local' : 'set',
      at: at(source, all(source)),
      setting: name.toLowerCase(),
      value: value === '' ? "''" : value,
      byFunction: true,
    });
  });
  return found;
}

/** WITH x AS (DELETE ...): what its queries write. */
export function inWith(source: Source, clause: WithClause | undefined): Operation[] {
  return (clause?.ctes ?? []).flatMap((node): Operation[] => {
    const { ctequery, location } = as(node, 'CommonTableExpr') ?? {};
    if (!ctequery || 'SelectStmt' in ctequery) return [];
    let open = findWords(source, tokenAt(source, location), source.end, 'as');
    while (open < source.end && !isSign(source, open, '(')) open++;
    const stretch = { from: open + 1, to: pastBrackets(source, open) - 1, inWith: true };
    if ('InsertStmt' in ctequery) return [insertOf(source, ctequery.InsertStmt, stretch)];
    if ('UpdateStmt' in ctequery) return [updateOf(source, ctequery.UpdateStmt, stretch)];
    if ('DeleteStmt' in ctequery) return [deleteOf(source, ctequery.DeleteStmt, stretch)];
    return 'MergeStmt' in ctequery ? [mergeOf(source, ctequery.MergeStmt, stretch)] : [];
  });
}

function insertOf(source: Source, stmt: InsertStmt, stretch: Stretch): Insert {
  const { relation, cols, selectStmt, onConflictClause: conflict } = stmt;
  const table = tokenAt(source, relation?.location);
  const values = as(selectStmt, 'SelectStmt')?.valuesLists;
  const start = findAnyWord(source, table, stretch.to, VALUES);
  // The rows of VALUES need no search: what follows them does.
  const end = conflict
    ? tokenAt(source, conflict.location)
    : stmt.returningClause
      ? findWords(source, start, stretch.to, 'returning')
      : stretch.to;
  return {
    kind: 'insert',
    at: at(source, stretch),
    table: relationName(relation),
    columns: (cols ?? []).map((node) => as(node, 'ResTarget')?.name ?? ''),
    source: !selectStmt ? 'default values' : values ? 'values' : 'select',
    rows: values?.length ?? 0,
    query: selectStmt && expression(source, selectStmt, start, end),
    onConflict: conflict && {
      action: conflict.action === 'ONCONFLICT_UPDATE' ? 'update' : 'nothing',
      columns: (conflict.infer?.indexElems ?? []).flatMap((node) => as(node, 'IndexElem')?.name ?? []),
      constraint: conflict.infer?.conname,
      target: conflict.infer !== undefined,
    },
    inWith: stretch.inWith,
  };
}

const VALUES = new Set(['values', 'select', 'with', 'table', 'default']);
const AFTER_SET = new Set(['from', 'where', 'returning']);

function updateOf(source: Source, stmt: UpdateStmt, stretch: Stretch): Update {
  const { relation, targetList = [], fromClause, whereClause } = stmt;
  const start = findWords(source, tokenAt(source, relation?.location), stretch.to, 'set') + 1;
  const end = findAnyWord(source, start, stretch.to, AFTER_SET);
  const places = splitAtCommas(source, start, end);
  return {
    kind: 'update',
    at: at(source, stretch),
    table: relationName(relation),
    sets: targetList.flatMap((node) => {
      const { name = '', val, location } = as(node, 'ResTarget') ?? {};
      const token = tokenAt(source, location);
      const [from, to] = places.find(([a, b]) => a <= token && token < b) ?? [start, end];
      let equals = from;
      while (equals < to && !isSign(source, equals, '=')) equals++;
      const value = as(val, 'MultiAssignRef')?.source ?? val;
      return value ? [{ column: name, value: expression(source, value, equals + 1, to) }] : [];
    }),
    where: whereOf(source, whereClause, end, stretch),
    joined: fromClause !== undefined,
    inWith: stretch.inWith,
  };
}

function deleteOf(source: Source, stmt: DeleteStmt, stretch: Stretch): Operation & { readonly kind: 'delete' } {
  const { relation, usingClause, whereClause } = stmt;
  return {
    kind: 'delete',
    at: at(source, stretch),
    table: relationName(relation),
    where: whereOf(source, whereClause, tokenAt(source, relation?.location), stretch),
    joined: usingClause !== undefined,
    inWith: stretch.inWith,
  };
}

function whereOf(source: Source, node: Node | undefined, from: number, { to }: Stretch): Expression | undefined {
  if (!node) return undefined;
  const where = findWords(source, from, to, 'where');
  return expression(source, node, where + 1, findWords(source, where, to, 'returning'));
}

const ACTIONS: Readonly<Record<string, Merge['actions'][number]>> = {
  CMD_INSERT: 'insert',
  CMD_UPDATE: 'update',
  CMD_DELETE: 'delete',
};

const mergeOf = (source: Source, { relation, mergeWhenClauses }: MergeStmt, stretch: Stretch): Merge => ({
  kind: 'merge',
  at: at(source, stretch),
  table: relationName(relation),
  actions: (mergeWhenClauses ?? []).map((node) => ACTIONS[as(node, 'MergeWhenClause')?.commandType ?? ''] ?? 'nothing'),
  inWith: stretch.inWith,
});

export function truncate(source: Source, { relations = [], behavior, restart_seqs }: TruncateStmt): Operation[] {
  return relations.map((node) => {
    const relation = as(node, 'RangeVar');
    return {
      kind: 'truncate',
      at: relations.length === 1 ? at(source, all(source)) : nameRange(source, tokenAt(source, relation?.location)),
      table: relationName(relation),
      cascade: behavior === 'DROP_CASCADE',
      restartIdentity: restart_seqs ?? false,
    };
  });
}

export function copy(source: Source, { relation, is_from, is_program, filename }: CopyStmt): Operation[] {
  return [
    {
      kind: 'copy',
      at: at(source, all(source)),
      table: relation && relationName(relation),
      direction: is_from ? 'from' : 'to',
      source: is_program ? 'program' : filename !== undefined ? 'file' : is_from ? 'stdin' : 'stdout',
    },
  ];
}
