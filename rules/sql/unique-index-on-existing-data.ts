import { defineRule } from '../../src/core/rule.ts';
import { schemaBefore, schemaBeforeMigration } from '../../src/facts/schema/schema.ts';
import { printIdentifier, printName } from '../../src/facts/sql/name.ts';
import { statements } from '../../src/facts/sql/statements.ts';
import { isSettled, isTested, uniqueOf, wasUnique } from '../../src/facts/sql/uniqueness.ts';
import { draft, running, runningInFile } from './_running.ts';

export default defineRule({
  id: 'sql/unique-index-on-existing-data',
  title: 'Make sure that no rows share a value before it must be unique',
  why: 'The migration fails on the first two rows that have the same value, in production and not on your machine; CONCURRENTLY leaves an invalid index behind.',
  instead:
    'Look for duplicates and remove them earlier in the migration, or stop with a message of your own where some are left.',
  severity: 'warning',
  sources: ['https://www.postgresql.org/docs/current/indexes-unique.html'],
  options: (z) => z.strictObject({}),
  over: statements,
  untilApplied: true,
  async *check(statement, context) {
    for (const { operation } of running(statement)) {
      const made = uniqueOf(operation);
      if (!made || made.columns.length === 0 || statement.fresh(made.table)) continue;
      const before = (await runningInFile(statement, context)).filter(({ by }) => by.index < statement.index);
      const own = statement.operations.filter((other) => other !== operation);
      if (isSettled(made, [...before.map((step) => step.operation), ...own]) || isTested(made.table, before)) continue;
      // What this file has dropped still says something about the rows.
      const start = statement.migration && (await schemaBeforeMigration(context.head, statement.migration));
      const schema = await schemaBefore(context.head, statement, operation);
      if (wasUnique(made, start?.table(made.table)) || wasUnique(made, schema.table(made.table))) continue;
      const what = `${printName(made.table)} (${made.columns.map(printIdentifier).join(', ')})`;
      yield draft(statement, operation.at, what, `Makes ${what} unique, which fails if rows share a value.`);
    }
  },
  examples: {
    bad: [
      {
        head: {
          'migrations/2_b.sql':
            '«create unique index concurrently users_email on users (email)»;\nalter table users «add constraint u unique (a, "B")»;',
        },
      },
      {
        title: 'fewer columns than were unique before, and a new column with one value for all',
        head: {
          'migrations/1_a.sql': 'create table users (id int primary key, org int, email text, unique (org, email));',
          'migrations/2_b.sql':
            "«create unique index on users (email)»;\nalter table users «add column code text default 'x' unique»;",
        },
      },
    ],
    good: [
      {
        title: 'not unique, of a new table, or from an index that is there',
        head: {
          'migrations/2_b.sql':
            'create index on users (email);\ncreate table t (a int);\ncreate unique index on t (a);\nalter table users add constraint u unique using index users_email;',
        },
      },
      {
        title: 'unique already: by the primary key, or by what this file replaces',
        head: {
          'migrations/1_a.sql':
            'create table users (id int primary key, org int, email text);\ncreate unique index users_email on users (email);',
          'migrations/2_b.sql':
            'create unique index on users (org, id);\ndrop index users_email;\ncreate unique index users_email on users (email) where org is not null;',
        },
      },
      {
        title: 'a column that is new and empty, or different in every row',
        head: {
          'migrations/2_b.sql':
            'alter table users add column code text;\ncreate unique index on users (code);\nalter table users add column key uuid default gen_random_uuid() unique;',
        },
      },
      {
        title: 'duplicates go first, or stop the migration',
        head: {
          'migrations/2_b.sql':
            'delete from users a using users b where a.id > b.id and a.email = b.email;\ncreate unique index on users (email);',
          'migrations/3_c.sql':
            "do $$ begin\n  if exists (select 1 from orders group by ref having count(*) > 1) then\n    raise exception 'duplicate refs';\n  end if;\nend $$;\ncreate unique index on orders (ref);",
        },
      },
    ],
  },
});
