import { defineRule } from '../../src/core/rule.ts';
import { printName } from '../../src/facts/sql/name.ts';
import { statements } from '../../src/facts/sql/statements.ts';
import { draft, running } from './_running.ts';

export default defineRule({
  id: 'sql/drop-table',
  title: 'Do not drop a table that running code may still use',
  why: 'The rows are gone for good, and until the last old process has ended every query that names the table fails.',
  instead:
    'Stop using it and deploy that; rename it in one release (so that it can come back) and drop it in a later one, with an allow that says when its last user went.',
  severity: 'error',
  sources: ['squawk/ban-drop-table', 'https://www.postgresql.org/docs/current/sql-droptable.html'],
  options: (z) =>
    z.strictObject({
      released: z.array(z.string()).default([]).describe('Tables that no running code uses any more, as "table" or "schema.table"'),
    }),
  over: statements,
  untilApplied: true,
  *check(statement, { options: { released } }) {
    for (const { operation } of running(statement)) {
      if (operation.kind !== 'drop table' || statement.fresh(operation.name)) continue;
      const table = printName(operation.name);
      if (released.includes(table)) continue;
      yield draft(statement, operation.at, table, `Drops table ${table}.`);
    }
  },
  examples: {
    bad: [
      { head: { 'migrations/2_b.sql': '«drop table users»;' } },
      {
        title: 'each of several, inside a DO block',
        head: { 'migrations/2_b.sql': 'do $$ begin\n  drop table if exists «app.users», «"Order"» cascade;\nend $$;' },
      },
    ],
    good: [
      {
        title: 'a table that this very migration made',
        head: { 'migrations/2_b.sql': 'create table staging (id int);\ndrop table staging;' },
      },
      {
        title: 'the way back of a migration',
        head: { 'db/migrations/2_b.sql': '-- migrate:up\ncreate table t (id int);\n\n-- migrate:down\ndrop table t;\n' },
      },
      {
        title: 'released',
        options: { released: ['users'] },
        head: { 'migrations/2_b.sql': 'drop table users;' },
      },
      {
        title: 'words in a function body, a string and a comment',
        head: {
          'migrations/2_b.sql':
            "-- drop table users;\ncomment on table users is 'drop table users';\ncreate function reset() returns void language sql as 'drop table users';",
        },
      },
    ],
  },
});
