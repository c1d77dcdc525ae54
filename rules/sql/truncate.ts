import { defineRule } from '../../src/core/rule.ts';
import { printName } from '../../src/facts/sql/name.ts';
import { statements } from '../../src/facts/sql/statements.ts';
import { draft, running } from './_running.ts';

export default defineRule({
  id: 'sql/truncate',
  title: 'Do not empty a table in a migration',
  why: 'All rows are gone for good, no trigger sees them go, and readers wait behind its lock; with CASCADE every table that refers to it is emptied too.',
  instead: 'Delete by a condition and in batches what is no longer needed, outside the migration.',
  severity: 'error',
  sources: ['squawk/ban-truncate-cascade', 'https://www.postgresql.org/docs/current/sql-truncate.html'],
  options: (z) => z.strictObject({}),
  over: statements,
  untilApplied: true,
  *check(statement) {
    for (const { operation } of running(statement)) {
      if (operation.kind !== 'truncate' || statement.fresh(operation.table)) continue;
      const table = printName(operation.table);
      const others = operation.cascade ? ' and every table that refers to it' : '';
      yield draft(statement, operation.at, table, `Empties table ${table}${others}.`);
    }
  },
  examples: {
    bad: [
      { head: { 'migrations/2_b.sql': '«truncate users»;' } },
      {
        title: 'each of several, with all that refer to them, inside a DO block',
        head: {
          'migrations/2_b.sql':
            'do $$ begin\n  truncate table «app.users», only «"Order"» restart identity cascade;\nend $$;',
        },
      },
    ],
    good: [
      {
        title: 'a table that this very migration made',
        head: { 'migrations/2_b.sql': 'create table staging (id int);\ntruncate staging;' },
      },
      {
        title: 'a temporary one',
        head: { 'migrations/2_b.sql': 'create temp table t as select 1 as id;\ntruncate t;' },
      },
      {
        title: 'a right to it, a trigger on it, a function that does it later',
        head: {
          'migrations/2_b.sql':
            'revoke truncate on users from anon;\ncreate trigger t before truncate on users execute function f();\ncreate function reset() returns void language plpgsql as $$ begin truncate users; end $$;',
        },
      },
    ],
  },
});
