import type { TableConstraint, Table } from '../schema/schema.ts';
import type { Constraint } from './column.ts';
import { sameName } from './name.ts';
import type { Op } from './operation.ts';
import type { Step } from './steps.ts';

type DropConstraint = Op<'drop constraint'>;

/** What kind of constraint is dropped: as the schema knows, or as its name suggests. */
export const kindOfDropped = (
  { constraint }: DropConstraint,
  known: TableConstraint | undefined,
): Constraint['kind'] | undefined => known?.kind ?? GUESSES.find(([end]) => end.test(constraint))?.[1];

/** Names as PostgreSQL and the generators of migrations give them. */
const GUESSES: readonly (readonly [RegExp, Constraint['kind']])[] = [
  [/_fk(?:ey)?$/i, 'foreign key'],
  [/_pk(?:ey)?$/i, 'primary key'],
  [/_(?:key|uniq|unique|uk)$/i, 'unique'],
  [/_(?:check|chk|ck)$/i, 'check'],
];

/** Whether the rows are looked after as well without the constraint; `table` is the table as it is before. */
export const isNeedless = (
  operation: DropConstraint,
  table: Table | undefined,
  known: TableConstraint | undefined,
  steps: readonly Step[],
): boolean =>
  isReplaced(operation, kindOfDropped(operation, known), steps) ||
  goesAnyway(operation, known, steps) ||
  isProved(operation, known, table, steps);

/** The file adds one like it, before or after; or has added this very one. */
function isReplaced(
  { table, constraint }: DropConstraint,
  kind: Constraint['kind'] | undefined,
  steps: readonly Step[],
): boolean {
  const like = (added: Constraint): boolean =>
    added.name === constraint ||
    (added.kind !== 'not null' &&
      (kind === undefined || added.kind === kind || (kind === 'unique' && added.kind === 'primary key')));
  return steps.some(({ operation }) => {
    if (!('table' in operation) || !operation.table || !sameName(operation.table, table)) return false;
    if (operation.kind === 'add constraint') return like(operation.constraint);
    if (operation.kind === 'add column') return operation.column.constraints.some(like);
    return operation.kind === 'create index' && operation.unique && (kind === 'unique' || kind === 'primary key');
  });
}

/** A column, the table or the table behind a foreign key is dropped as well. */
function goesAnyway(
  { table, constraint }: DropConstraint,
  known: TableConstraint | undefined,
  steps: readonly Step[],
): boolean {
  return steps.some(({ operation }) => {
    if (operation.kind === 'drop table')
      return (
        sameName(operation.name, table) ||
        (known?.references !== undefined && sameName(operation.name, known.references.table))
      );
    if (operation.kind !== 'drop column' || !sameName(operation.table, table)) return false;
    return known
      ? known.columns.includes(operation.column)
      : constraint.toLowerCase().includes(operation.column.toLowerCase());
  });
}

/** A check of IS NOT NULL, which SET NOT NULL has made needless. */
function isProved(
  { table: name }: DropConstraint,
  known: TableConstraint | undefined,
  table: Table | undefined,
  steps: readonly Step[],
): boolean {
  if (known && !(known.kind === 'check' && /\bis\s+not\s+null\b/i.test(known.expression?.text ?? ''))) return false;
  if (known?.columns.every((column) => table?.columns.get(column)?.notNull)) return true;
  return !known && steps.some(({ operation }) => operation.kind === 'set not null' && sameName(operation.table, name));
}
