import { defineRule } from '../../src/core/rule.ts';
import { printColumn } from '../../src/facts/sql/name.ts';
import { statements } from '../../src/facts/sql/statements.ts';
import { draft, running } from './_running.ts';

export default defineRule({
  id: 'sql/drop-column',
  title: 'Do not drop a column that running code may still read',
  why: 'Until the last old process has ended, every query that names the column fails; and its data is gone for good.',
  instead:
    'Stop reading and writing it, deploy that, and drop it in a later release, with an allow that says when its last reader went.',
  severity: 'error',
  sources: ['squawk/ban-drop-column', 'https://www.postgresql.org/docs/current/sql-altertable.html'],
  options: (z) =>
    z.strictObject({
      released: z
        .array(z.string())
        .default([])
        .describe('Columns whose last reader has been deployed away, as "table.column" or "schema.table.column"'),
    }),
  over: statements,
  untilApplied: true,
  *check(statement, { options: { released } }) {
    for (const { operation } of running(statement)) {
      if (operation.kind !== 'drop column' || operation.object === 'type' || statement.fresh(operation.table)) continue;
      const column = printColumn(operation.table, operation.column);
      if (released.includes(column)) continue;
      yield draft(statement, operation.at, column, `Drops column ${column}.`);
    }
  },
  examples: {
    bad: [
      { head: { 'migrations/2_b.sql': 'alter table users «drop column email»;' } },
      {
        title: 'each action of one statement, after text that is not ASCII',
        head: { 'migrations/2_b.sql': '-- é 🙂\nalter table app.users «drop column email», «drop if exists "Phone" cascade»;' },
      },
    ],
    good: [
      {
        title: 'a table that this very migration made',
        head: { 'migrations/2_b.sql': 'create table t (a int, b int);\nalter table t drop column b;' },
      },
      {
        title: 'a column that was released',
        options: { released: ['users.email'] },
        head: { 'migrations/2_b.sql': 'alter table users drop column email;' },
      },
      {
        title: 'something else is dropped',
        head: { 'migrations/2_b.sql': 'alter table users drop constraint users_email_key, alter column email drop default;' },
      },
    ],
  },
});
