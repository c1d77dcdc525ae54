import { defineRule } from '../../src/core/rule.ts';
import { printName, sameName } from '../../src/facts/sql/name.ts';
import type { Update } from '../../src/facts/sql/operation.ts';
import { statements } from '../../src/facts/sql/statements.ts';
import { draft, running, runningInFile, type Running } from './_running.ts';

export default defineRule({
  id: 'sql/dml-without-where',
  title: 'Say which rows an UPDATE or a DELETE is for',
  why: 'It locks and rewrites every row of the table in one transaction: writers wait until it ends, and a condition that was forgotten costs the data.',
  instead: 'Add the condition, and work in batches outside the migration where that still is most of the table.',
  severity: 'error',
  sources: ['https://www.postgresql.org/docs/current/sql-update.html'],
  options: (z) => z.strictObject({}),
  over: statements,
  untilApplied: true,
  async *check(statement, context) {
    for (const { operation } of running(statement)) {
      if ((operation.kind !== 'update' && operation.kind !== 'delete') || statement.fresh(operation.table)) continue;
      if (operation.where && !operation.where.alwaysTrue()) continue;
      const table = printName(operation.table);
      const does = operation.kind === 'update' ? 'Updates' : 'Deletes';
      const but = operation.where
        ? `: its condition "${operation.where.text.replace(/\s+/g, ' ').slice(0, 60)}" holds for all of them`
        : '';
      const made = draft(statement, operation.at, `${operation.kind} ${table}`, `${does} every row of ${table}${but}.`);
      const fills =
        operation.kind === 'update' &&
        !operation.where &&
        fillsNewColumns(operation, await runningInFile(statement, context));
      yield fills ? { ...made, atMost: 'warning' } : made;
    }
  },
  examples: {
    bad: [
      { head: { 'migrations/2_b.sql': '«delete from users»;\n«update users set active = false»;' } },
      {
        title: 'conditions that hold for every row',
        head: {
          'migrations/2_b.sql':
            '«delete from users where true»;\n«update users set a = 1 where 1 = 1»;\n«delete from users u where u.id = u.id returning id»;',
        },
      },
      {
        title: 'a join alone leaves nothing out, and WITH may delete',
        head: {
          'migrations/2_b.sql':
            '«update users set n = s.n from settings s»;\nwith gone as («delete from logs returning *») insert into old_logs select * from gone;',
        },
      },
      {
        title: 'a new column that is filled: a warning at most',
        head: {
          'migrations/2_b.sql': 'alter table users add column slug text;\n«update users set slug = lower(name)»;',
        },
      },
    ],
    good: [
      { head: { 'migrations/2_b.sql': 'delete from users where id = 1;\nupdate users set a = 1 where a is null;' } },
      {
        title: 'a table that this very migration made',
        head: { 'migrations/2_b.sql': 'create table t as select 1 as a;\nupdate t set a = 2;\ndelete from t;' },
      },
      {
        title: 'conditions that only look as if they held for every row',
        head: {
          'migrations/2_b.sql':
            'update a set x = b.x from b where a.id = b.id;\ndelete from a using b where a.b_id = b.id;\nupdate a set x = 1 where active;\ndelete from a where x = y;\ndelete from a where 1 = 0;\ndelete from a where true and x is null;',
        },
      },
      {
        title: 'what a trigger function will do; the way rows are changed on conflict',
        head: {
          'migrations/2_b.sql':
            'create function f() returns trigger language plpgsql as $$ begin delete from users; return new; end $$;\ninsert into users (id) values (1) on conflict (id) do update set a = 1;\ncreate rule r as on delete to v do instead delete from users;',
        },
      },
    ],
  },
});

/** All that it sets was added earlier in the file: somebody means every row. */
const fillsNewColumns = ({ table, sets }: Update, steps: readonly Running[]): boolean =>
  sets.every(({ column }) =>
    steps.some(
      ({ operation }) =>
        operation.kind === 'add column' && operation.column.name === column && sameName(operation.table, table),
    ),
  );
