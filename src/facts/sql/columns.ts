import type { ColumnDef, Constraint as ConstraintNode, Node } from 'libpg-query';
import type { Action, Column, Constraint } from './column.ts';
import type { Expression } from './expression.ts';
import { expression } from './expressions.ts';
import { as, qualifiedName, relationName, stringsOf, typeOf } from './nodes.ts';
import { isSerial } from './column.ts';
import { findWords, isSign, isWord, pastBrackets, rangeOf, tokenAt, tokenRange, type Source } from './source.ts';

/** A column as it is defined between the tokens `from` and `to`. */
export function columnOf(source: Source, def: ColumnDef, from: number, to: number): Column {
  const nodes = (def.constraints ?? []).flatMap((node) => ('Constraint' in node ? [node.Constraint] : []));
  // Each constraint ends where the next one, or COLLATE, starts.
  const starts = [...nodes.map(({ location }) => tokenAt(source, location))];
  const collate = def.collClause && tokenAt(source, def.collClause.location);
  const endOf = (start: number): number =>
    Math.min(to, ...starts.filter((s) => s > start), ...(collate !== undefined && collate > start ? [collate] : []));

  const name = def.colname ?? '';
  const constraints: Constraint[] = [];
  let notNull = false;
  let value: Expression | undefined;
  let generated: Column['generated'];
  let identity: Column['identity'];
  nodes.forEach((node, i) => {
    const start = starts[i]!;
    const end = endOf(start);
    switch (node.contype) {
      case 'CONSTR_DEFAULT':
        value = node.raw_expr && expression(source, node.raw_expr, afterName(source, start) + 1, end);
        break;
      case 'CONSTR_GENERATED': {
        const open = findBracket(source, start, end);
        generated = node.raw_expr && {
          stored: node.generated_kind !== 'v',
          expression: expression(source, node.raw_expr, open + 1, pastBrackets(source, open) - 1),
        };
        break;
      }
      case 'CONSTR_IDENTITY':
        identity = node.generated_when === 'a' ? 'always' : 'by default';
        notNull = true;
        break;
      default: {
        const constraint = constraintOf(source, node, start, end, name);
        const marks = nodes.slice(i + 1);
        const next = marks.findIndex(({ contype }) => !contype?.startsWith('CONSTR_ATTR'));
        const own = next < 0 ? marks : marks.slice(0, next);
        if (constraint) constraints.push(withMarks(constraint, own));
        if (node.contype === 'CONSTR_NOTNULL' || node.contype === 'CONSTR_PRIMARY') notNull = true;
      }
    }
  });
  const type = typeOf(source, def.typeName);
  return {
    name,
    nameAt: tokenRange(source, from),
    at: rangeOf(source, from, to),
    type,
    notNull: notNull || isSerial(type),
    default: value,
    generated,
    identity,
    collation: def.collClause && qualifiedName(def.collClause.collname),
    constraints,
  };
}

const KINDS: Readonly<Record<string, Constraint['kind']>> = {
  CONSTR_NULL: 'null',
  CONSTR_NOTNULL: 'not null',
  CONSTR_CHECK: 'check',
  CONSTR_PRIMARY: 'primary key',
  CONSTR_UNIQUE: 'unique',
  CONSTR_EXCLUSION: 'exclude',
  CONSTR_FOREIGN: 'foreign key',
};

const ACTIONS: Readonly<Record<string, Action>> = {
  a: 'no action',
  r: 'restrict',
  c: 'cascade',
  n: 'set null',
  d: 'set default',
};

/** A constraint between two tokens; `column` where it is written at one. Undefined for what is none (DEFERRABLE alone). */
export function constraintOf(
  source: Source,
  node: ConstraintNode,
  from: number,
  to: number,
  column?: string,
): Constraint | undefined {
  const kind = KINDS[node.contype ?? ''];
  if (!kind) return undefined;
  const own = column === undefined ? [] : [column];
  const keys = stringsOf(kind === 'foreign key' ? node.fk_attrs : node.keys);
  const excluded = kind === 'exclude' ? excludedColumns(node.exclusions) : [];
  const brackets = kind === 'check' ? findWords(source, from, to, 'check') + 1 : to;
  return {
    kind,
    name: node.conname,
    nameAt: node.conname !== undefined && isWord(source, from, 'constraint') ? tokenRange(source, from + 1) : undefined,
    at: rangeOf(source, from, to),
    columns: excluded.length > 0 ? excluded : keys.length > 0 ? keys : own,
    expression:
      node.raw_expr && expression(source, node.raw_expr, brackets + 1, pastBrackets(source, brackets, to) - 1),
    references: node.pktable && {
      table: relationName(node.pktable),
      columns: stringsOf(node.pk_attrs),
      onDelete: ACTIONS[node.fk_del_action ?? 'a'] ?? 'no action',
      onUpdate: ACTIONS[node.fk_upd_action ?? 'a'] ?? 'no action',
      onDeleteWritten: findWords(source, from, to, 'on', 'delete') < to,
    },
    // NOT ENFORCED implies it as well, and so does ALTER TABLE ... ADD NOT NULL ... NOT VALID.
    notValid: (node.skip_validation ?? false) && findWords(source, from, to, 'not', 'valid') < to,
    notEnforced: findWords(source, from, to, 'not', 'enforced') < to,
    deferrable: node.deferrable ?? false,
    initiallyDeferred: node.initdeferred ?? false,
    noInherit: node.is_no_inherit ?? false,
    usingIndex: node.indexname,
    include: stringsOf(node.including),
    nullsNotDistinct: node.nulls_not_distinct ?? false,
    temporal: (node.without_overlaps ?? false) || (node.fk_with_period ?? false),
  };
}

/** A column's constraints carry DEFERRABLE and its like as constraints of their own, behind the one that they are about. */
function withMarks(constraint: Constraint, marks: readonly ConstraintNode[]): Constraint {
  const has = (kind: string): boolean => marks.some(({ contype }) => contype === kind);
  const deferred = has('CONSTR_ATTR_DEFERRED');
  return {
    ...constraint,
    deferrable: constraint.deferrable || has('CONSTR_ATTR_DEFERRABLE') || deferred,
    initiallyDeferred: constraint.initiallyDeferred || deferred,
    notEnforced: constraint.notEnforced || has('CONSTR_ATTR_NOT_ENFORCED'),
  };
}

const excludedColumns = (exclusions: readonly Node[] | undefined): string[] =>
  (exclusions ?? []).flatMap((pair) => {
    const column = as(as(pair, 'List')?.items?.[0], 'IndexElem')?.name;
    return column === undefined ? [] : [column];
  });

/** Past CONSTRAINT name, if that is how it starts. */
const afterName = (source: Source, start: number): number => (isWord(source, start, 'constraint') ? start + 2 : start);

function findBracket(source: Source, from: number, to: number): number {
  let t = from;
  while (t < to && !isSign(source, t, '(')) t++;
  return t;
}
