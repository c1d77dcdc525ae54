import { defineRule } from '../../src/core/rule.ts';
import { printName, sameName } from '../../src/facts/sql/name.ts';
import type { CreateView } from '../../src/facts/sql/operation.ts';
import { statements } from '../../src/facts/sql/statements.ts';
import { draft, running, runningInFile } from './_running.ts';

export default defineRule({
  id: 'sql/insert-without-columns',
  title: 'Name the columns of an INSERT and of a view',
  why: 'Values go into whatever columns the table has at that moment, in their order; and * in a view is the columns of today, to which CREATE OR REPLACE cannot add one in the middle.',
  instead: 'Write the list of columns.',
  severity: 'warning',
  sources: ['https://www.postgresql.org/docs/current/sql-insert.html'],
  options: (z) => z.strictObject({}),
  over: statements,
  untilApplied: true,
  async *check(statement, context) {
    for (const { operation } of running(statement)) {
      if (operation.kind === 'insert') {
        if (operation.columns.length > 0 || operation.source === 'default values' || statement.fresh(operation.table))
          continue;
        const table = printName(operation.table);
        yield draft(statement, operation.at, `insert ${table}`, `Inserts into ${table} without naming the columns.`);
      } else if (operation.kind === 'create view' && isStar(operation)) {
        // The old name of a table lives on with all its columns.
        const steps = await runningInFile(statement, context);
        if (
          steps.some(
            ({ operation: step }) =>
              (step.kind === 'rename table' || step.kind === 'set schema') && sameName(step.name, operation.name),
          )
        )
          continue;
        const view = printName(operation.name);
        yield draft(statement, operation.at, `view ${view}`, `Creates view ${view} with * in place of its columns.`);
      }
    }
  },
  examples: {
    bad: [
      {
        head: {
          'migrations/2_b.sql':
            "«insert into plans values ('free', 0)»;\n«insert into old_plans select id, price from plans»;",
        },
      },
      {
        title: 'in WITH, and in views',
        head: {
          'migrations/2_b.sql':
            '«with gone as (delete from a where b returning id, c) insert into d select * from gone»;\n«create view v as select * from users»;\n«create or replace view w as select u.*, 1 as one from users u»;',
        },
      },
    ],
    good: [
      {
        head: {
          'migrations/2_b.sql':
            "insert into plans (id, price) values ('free', 0);\ninsert into counters default values;\ncreate view v as select id, count(*) as n from users group by id;",
        },
      },
      {
        title: 'a table that this very migration made',
        head: {
          'migrations/2_b.sql':
            'create table t (a int);\ninsert into t values (1);\ncreate temp table s as select 1 as a;\ninsert into s values (2);',
        },
      },
      {
        title: 'a star over columns that are written out, and a view that keeps an old name alive',
        head: {
          'migrations/2_b.sql':
            'create view v as with a as (select id, name from users) select * from a;\ncreate view w as select * from (select id from users) s;\nalter table users rename to people;\ncreate view users as select * from people;',
        },
      },
      {
        title: 'in a function, columns are looked up when it runs',
        head: {
          'migrations/2_b.sql': 'create function f() returns void language sql as $$ insert into t values (1) $$;',
        },
      },
    ],
  },
});

/** The star is of a relation, not of a query that names its columns itself. */
const isStar = ({ outputs, query }: CreateView): boolean =>
  outputs.includes('*') && !/^\s*with\b/i.test(query.text) && !/\bfrom\s*\(/i.test(query.text);
