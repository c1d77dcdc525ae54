import { defineRule } from '../../src/core/rule.ts';
import { printColumn, sameName } from '../../src/facts/sql/name.ts';
import type { Op } from '../../src/facts/sql/operation.ts';
import { statements } from '../../src/facts/sql/statements.ts';
import { draft, running, runningInFile, type Running } from './_running.ts';

export default defineRule({
  id: 'sql/column-default-change',
  title: 'Know that a new default is for new rows only',
  why: 'Rows that are there keep what they have, and inserts of old code that leave the column out begin to write something else at once.',
  instead:
    'Change the rows that are there in a step of their own, and make sure that old code can live with the new default.',
  severity: 'info',
  sources: ['https://www.postgresql.org/docs/current/sql-altertable.html'],
  options: (z) => z.strictObject({}),
  over: statements,
  untilApplied: true,
  async *check(statement, context) {
    for (const { operation } of running(statement)) {
      if ((operation.kind !== 'set default' && operation.kind !== 'drop default') || statement.fresh(operation.table))
        continue;
      if (isPartOfMore(operation, await runningInFile(statement, context))) continue;
      const column = printColumn(operation.table, operation.column);
      const does =
        operation.kind === 'set default'
          ? `Sets the default of ${column} for new rows only.`
          : `Takes the default of ${column} away.`;
      yield draft(statement, operation.at, column, does);
    }
  },
  examples: {
    bad: [
      { head: { 'migrations/2_b.sql': "alter table users «alter column plan set default 'pro'»;" } },
      {
        title: 'one that is computed for each row, and one that goes',
        head: {
          'migrations/2_b.sql':
            'alter table app.users «alter id set default gen_random_uuid()», «alter column "Plan" drop default»;',
        },
      },
    ],
    good: [
      {
        title: 'of a table or a column that this very migration made',
        head: {
          'migrations/2_b.sql':
            "create table t (a int);\nalter table t alter a set default 1;\nalter table users add column plan text not null default 'free';\nalter table users alter column plan drop default;",
        },
      },
      {
        title: 'taken away and set again, because the type changes',
        head: {
          'migrations/2_b.sql':
            'alter table users alter column plan drop default, alter column plan type "Plan_new" using (plan::text::"Plan_new"), alter column plan set default \'free\';',
        },
      },
    ],
  },
});

type DefaultChange = Op<'set default'> | Op<'drop default'>;

/** The column is new, its type changes, or it gets an identity in place of the default. */
const isPartOfMore = ({ table, column }: DefaultChange, steps: readonly Running[]): boolean =>
  steps.some(({ operation }) => {
    if (operation.kind === 'add column') return operation.column.name === column && sameName(operation.table, table);
    const kinds =
      operation.kind === 'alter column type' || operation.kind === 'add identity' || operation.kind === 'drop column';
    return kinds && operation.column === column && sameName(operation.table, table);
  });
