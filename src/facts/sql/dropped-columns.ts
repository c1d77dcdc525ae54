import type { Index, Table, TableConstraint } from '../schema/schema.ts';
import { printIdentifier, sameName } from './name.ts';
import type { Op } from './operation.ts';
import type { Step } from './steps.ts';

/**
 * The keys, constraints and indexes that go with a column although they are about other columns too, as "unique constraint c (a, b)".
 * Those that the file drops by name, or makes again, are left out.
 */
export const takenAlong = (
  operation: DropColumn,
  { constraints, indexes }: Table,
  steps: readonly Step[],
): readonly string[] => [
  ...constraints.filter((one) => takesAlong(operation, one, steps)).map(nameOf),
  ...indexes.filter((one) => takesIndexAlong(operation, one, steps)).map(nameOfIndex),
];

type DropColumn = Op<'drop column'>;

function takesAlong(operation: DropColumn, { kind, name, columns }: TableConstraint, steps: readonly Step[]): boolean {
  if (!columns.includes(operation.column) || (kind !== 'primary key' && !reachesFurther(operation, columns, steps)))
    return false;
  return !steps.some(({ operation: step }) => {
    if (!('table' in step) || !step.table || !sameName(step.table, operation.table)) return false;
    if (step.kind === 'drop constraint') return step.constraint === name;
    if (step.kind === 'add constraint') return step.constraint.kind === kind;
    if (step.kind === 'add column') return step.column.constraints.some((one) => one.kind === kind);
    return step.kind === 'create index' && step.unique && kind === 'unique';
  });
}

function takesIndexAlong(operation: DropColumn, { name, columns, constraint }: Index, steps: readonly Step[]): boolean {
  if (constraint !== undefined || !columns.includes(operation.column) || !reachesFurther(operation, columns, steps))
    return false;
  return !steps.some(
    ({ operation: step }) =>
      (step.kind === 'drop index' && step.name.name === name.name) ||
      (step.kind === 'create index' && sameName(step.table, operation.table)),
  );
}

/** It is about a column that stays. */
const reachesFurther = ({ table }: DropColumn, columns: readonly string[], steps: readonly Step[]): boolean =>
  columns.some(
    (column) =>
      !steps.some(
        ({ operation }) =>
          operation.kind === 'drop column' && operation.column === column && sameName(operation.table, table),
      ),
  );

const listed = (columns: readonly string[]): string => `(${columns.map(printIdentifier).join(', ')})`;

const nameOf = ({ kind, name, columns }: TableConstraint): string =>
  `${/key$/.test(kind) ? `the ${kind}` : `${kind} constraint`} ${printIdentifier(name)} ${listed(columns)}`;

const nameOfIndex = ({ name, unique, columns }: Index): string =>
  `${unique ? 'unique ' : ''}index ${printIdentifier(name.name)} ${listed(columns)}`;
