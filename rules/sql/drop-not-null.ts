import { defineRule } from '../../src/core/rule.ts';
import { printColumn } from '../../src/facts/sql/name.ts';
import { statements } from '../../src/facts/sql/statements.ts';
import { draft, running } from './_running.ts';

export default defineRule({
  id: 'sql/drop-not-null',
  title: 'Make readers ready for NULL before a column allows it',
  why: 'Code that has never met NULL in this column fails on the first row that has one, or counts it wrongly without a word.',
  instead: 'Deploy readers that bear NULL first, and allow it in a later release.',
  severity: 'warning',
  sources: ['squawk/ban-drop-not-null', 'https://www.postgresql.org/docs/current/sql-altertable.html'],
  options: (z) => z.strictObject({}),
  over: statements,
  untilApplied: true,
  *check(statement) {
    for (const { operation } of running(statement)) {
      if (operation.kind !== 'drop not null' || statement.fresh(operation.table)) continue;
      const column = printColumn(operation.table, operation.column);
      yield draft(statement, operation.at, column, `Lets ${column} be NULL.`);
    }
  },
  examples: {
    bad: [
      { head: { 'migrations/2_b.sql': 'alter table users «alter column email drop not null»;' } },
      {
        title: 'each action of one statement',
        head: {
          'migrations/2_b.sql':
            'alter table app.users «alter "Email" drop not null», «alter column b drop not null», alter column c set not null;',
        },
      },
    ],
    good: [
      {
        title: 'a table that this very migration made',
        head: { 'migrations/2_b.sql': 'create table t (a int not null);\nalter table t alter column a drop not null;' },
      },
      {
        title: 'the opposite, and a default',
        head: { 'migrations/2_b.sql': 'alter table t alter a set not null, alter b drop default;' },
      },
      {
        title: 'the way back',
        head: {
          'db/migrations/2_b.sql':
            '-- migrate:up\nalter table t alter a set not null;\n-- migrate:down\nalter table t alter a drop not null;\n',
        },
      },
    ],
  },
});
