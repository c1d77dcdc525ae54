import { defineRule } from '../../src/core/rule.ts';
import { printIdentifier, printName } from '../../src/facts/sql/name.ts';
import { pastOf } from '../../src/facts/sql/past.ts';
import { keyGivenBy } from '../../src/facts/sql/second-run/data.ts';
import { secondRuns } from '../../src/facts/sql/second-run.ts';
import { draftOf, insert } from './_second-run.ts';

export default defineRule({
  id: 'sql/insert-without-conflict-clause',
  title: 'Insert with ON CONFLICT on a real key',
  why: 'When a migration that stopped half-way runs again, the rows are inserted a second time: it fails on a unique key, or, worse, leaves every row twice.',
  instead:
    'Write ON CONFLICT (key) DO NOTHING or DO UPDATE on a unique key whose values the INSERT gives, or WHERE NOT EXISTS. Without such a key ON CONFLICT DO NOTHING never finds a conflict.',
  severity: 'warning',
  sources: ['https://www.postgresql.org/docs/current/sql-insert.html#SQL-ON-CONFLICT'],
  options: (z) => z.strictObject({}),
  over: secondRuns,
  untilApplied: true,
  async *check(run, { head }) {
    const { operation, outcome, statement } = run;
    if (outcome.kind !== 'again' || (operation.kind !== 'insert' && operation.kind !== 'copy') || !operation.table)
      return;
    const table = printName(operation.table);
    if (operation.kind === 'copy') {
      yield draftOf(run, table, `Copies rows into ${table}, which a second run copies again.`);
      return;
    }
    if (operation.onConflict) {
      yield draftOf(
        run,
        table,
        `Inserts into ${table} with an ON CONFLICT that no second run can meet: the key is new each time.`,
      );
      return;
    }
    const key = keyGivenBy(operation, await pastOf(head, statement, [operation.table]))
      ?.map(printIdentifier)
      .join(', ');
    const fix =
      key === undefined
        ? undefined
        : insert(run, 'Add ON CONFLICT DO NOTHING', {
            at: operation.query?.at[1],
            text: ` ON CONFLICT (${key}) DO NOTHING`,
          });
    yield draftOf(run, table, `Inserts into ${table} without ON CONFLICT.`, fix);
  },
  examples: {
    bad: [
      {
        head: {
          'migrations/1_a.sql': 'create table if not exists roles (id int primary key, "Name" text unique);',
          'migrations/2_b.sql':
            "«insert into roles (id, \"Name\") values (1, 'admin'), (2, 'user') returning id»;\n«insert into other values (1)»;",
        },
        fixed: {
          'migrations/2_b.sql':
            "insert into roles (id, \"Name\") values (1, 'admin'), (2, 'user') ON CONFLICT (id) DO NOTHING returning id;\ninsert into other values (1);",
        },
      },
      {
        title: 'the key is left to a default that is new each time; there is no key at all',
        head: {
          'migrations/1_a.sql':
            'create table if not exists logs (id uuid primary key default gen_random_uuid(), message text);\ncreate table if not exists facts (a int);',
          'migrations/2_b.sql':
            "«insert into logs (message) values ('x') on conflict (id) do nothing»;\n«insert into facts (a) values (1) on conflict do nothing»;",
        },
      },
      {
        title: 'from a query, and from a file',
        head: {
          'migrations/2_b.sql': '«insert into copies (a) select a from originals»;\n«copy t from stdin»;\n1\n\\.\n',
        },
      },
    ],
    good: [
      {
        head: {
          'migrations/1_a.sql': 'create table if not exists roles (id int primary key, name text);',
          'migrations/2_b.sql':
            "insert into roles (id, name) values (1, 'admin') on conflict do nothing;\ninsert into unknown (a) values (1) on conflict do nothing;\ninsert into u (a) values (1) on conflict (a) do update set a = 1;",
        },
      },
      {
        title: 'only what is not there yet; only what was emptied before; into a table that the second run makes anew',
        head: {
          'migrations/2_b.sql':
            "insert into t (a) select a from s where not exists (select 1 from t where t.a = s.a);\nmerge into t using s on t.a = s.a when not matched then insert values (s.a);\ndelete from seeds where name = 'x';\ninsert into seeds (name) values ('x');\ntruncate cache;\ninsert into cache values (1);\ndrop table if exists n;\ncreate table n (a int);\ninsert into n values (1);",
        },
      },
      {
        title: 'when a function is called, and behind a test',
        head: {
          'migrations/2_b.sql':
            'create or replace function f() returns void language sql as $$ insert into t values (1) $$;\ndo $$ begin\n  if not exists (select 1 from t) then\n    insert into t values (1);\n  end if;\nend $$;',
        },
      },
    ],
  },
});
