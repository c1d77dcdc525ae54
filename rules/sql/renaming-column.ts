import { defineRule } from '../../src/core/rule.ts';
import { printColumn, printIdentifier, sameName } from '../../src/facts/sql/name.ts';
import type { Rename } from '../../src/facts/sql/operation.ts';
import { statements } from '../../src/facts/sql/statements.ts';
import { draft, running, runningInFile, type Running } from './_running.ts';

export default defineRule({
  id: 'sql/renaming-column',
  title: 'Do not rename a column that running code uses',
  why: 'From the moment the migration commits until the last old process has ended, every query with the old name fails; and new code fails until then.',
  instead: 'Add a column with the new name, write both, move the readers, and drop the old one in a later release.',
  severity: 'error',
  sources: ['squawk/renaming-column', 'https://www.postgresql.org/docs/current/sql-altertable.html'],
  options: (z) => z.strictObject({}),
  over: statements,
  untilApplied: true,
  async *check(statement, context) {
    for (const { operation } of running(statement)) {
      if (operation.kind !== 'rename column' || !operation.on || statement.fresh(operation.on)) continue;
      if (isSwapped(operation, await runningInFile(statement, context))) continue;
      const column = printColumn(operation.on, operation.name.name);
      yield draft(statement, operation.at, column, `Renames column ${column} to ${printIdentifier(operation.to)}.`);
    }
  },
  examples: {
    bad: [
      { head: { 'migrations/2_b.sql': 'alter table users «rename column mail to email»;' } },
      {
        title: 'of a view, without the word COLUMN, inside a DO block',
        head: { 'migrations/2_b.sql': 'do $$ begin\n  alter view app."V" «rename a to "B"»;\nend $$;' },
      },
    ],
    good: [
      {
        title: 'a table, or a column, that this very migration made',
        head: {
          'migrations/2_b.sql':
            'create table t (a int);\nalter table t rename column a to b;\nalter table users add column id_new bigint;\nalter table users drop column id;\nalter table users rename column id_new to id;',
        },
      },
      {
        title: 'the old name lives on as a column of its own, or in a view of the old table',
        head: {
          'migrations/2_b.sql':
            'alter table users rename mail to email;\nalter table users add column mail text generated always as (email) stored;',
          'migrations/3_c.sql':
            'alter table users rename to people;\nalter table people rename column mail to email;\ncreate view users as select id, email as mail from people;',
        },
      },
      {
        title: 'other things with a new name',
        head: {
          'migrations/2_b.sql':
            'alter table t rename constraint a to b;\nalter index i rename to j;\nalter type m rename attribute a to b;',
        },
      },
    ],
  },
});

/** The column came with this file, or its old name is there again in the end. */
function isSwapped({ name: { name }, on }: Rename, steps: readonly Running[]): boolean {
  const renamed = steps.flatMap(({ operation }) => (operation.kind === 'rename table' ? [operation] : []));
  return steps.some(({ operation }) => {
    if (operation.kind === 'add column')
      return operation.column.name === name && on !== undefined && sameName(operation.table, on);
    if (operation.kind !== 'create view') return false;
    // A view with the name that the table had before.
    return renamed.some((table) => on !== undefined && table.to === on.name && sameName(operation.name, table.name));
  });
}
