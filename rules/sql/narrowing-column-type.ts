import { defineRule } from '../../src/core/rule.ts';
import { schemaBefore } from '../../src/facts/schema/schema.ts';
import { printColumn } from '../../src/facts/sql/name.ts';
import { narrowingChange } from '../../src/facts/sql/narrowing.ts';
import { statements } from '../../src/facts/sql/statements.ts';
import { draft, running, runningInFile } from './_running.ts';

export default defineRule({
  id: 'sql/narrowing-column-type',
  title: 'Look at the data before a column gets a narrower type',
  why: 'The migration fails on the first row that does not fit, in production and not on your machine; or it changes values without a word.',
  instead:
    'Find and mend such rows first, and hold new ones off with a CHECK that is added NOT VALID and validated before the type changes.',
  severity: 'warning',
  sources: ['https://www.postgresql.org/docs/current/sql-altertable.html'],
  options: (z) => z.strictObject({}),
  over: statements,
  untilApplied: true,
  async *check(statement, context) {
    for (const { operation } of running(statement)) {
      if (operation.kind !== 'alter column type' || operation.object !== 'table' || statement.fresh(operation.table))
        continue;
      const schema = await schemaBefore(context.head, statement, operation);
      const found = narrowingChange(operation, schema, await runningInFile(statement, context));
      if (!found) continue;
      const column = printColumn(operation.table, operation.column);
      yield draft(
        statement,
        operation.at,
        column,
        `Narrows ${column} from ${found.from} to ${found.to}: ${found.loss}.`,
      );
    }
  },
  examples: {
    bad: [
      {
        head: {
          'migrations/1_a.sql': 'create table users (id bigint, name text, score numeric(10, 2), seen timestamptz(6));',
          'migrations/2_b.sql':
            'alter table users «alter column id type integer», «alter name type varchar(50)»,\n  «alter score type numeric(10, 1)», «alter seen type date»;',
        },
      },
      {
        title: 'under names that changed since, and with a cast that cuts off',
        head: {
          'migrations/1_a.sql':
            'create table members (nick varchar(80), ref text);\nalter table members rename nick to handle;\nalter table members rename to users;',
          'migrations/2_b.sql':
            'alter table users «alter handle set data type varchar(20) using handle::varchar(20)»;\nalter table users «alter ref type uuid using ref::uuid»;',
        },
      },
      {
        title: 'an enum that loses a value',
        head: {
          'migrations/1_a.sql':
            'create type "Mood" as enum (\'a\', \'b\');\nalter type "Mood" add value \'c\';\ncreate table t (m "Mood");',
          'migrations/2_b.sql':
            'create type "Mood_new" as enum (\'a\', \'d\');\nalter table t «alter column m type "Mood_new" using (m::text::"Mood_new")»;',
        },
      },
    ],
    good: [
      {
        title: 'wider types',
        head: {
          'migrations/1_a.sql':
            'create table users (id int, name varchar(50), score numeric(10, 2), seen timestamp(3), n smallint, c char(3));',
          'migrations/2_b.sql':
            'alter table users alter id type bigint, alter name type text, alter score type numeric(12, 2), alter seen type timestamptz, alter n type numeric(6, 1), alter c type varchar(3);',
        },
      },
      {
        title: 'a USING that deals with what does not fit, and a CHECK that has kept it out',
        head: {
          'migrations/1_a.sql':
            'create table t (a text, b text, c text, constraint short check (length(c) <= 9));\nalter table t add constraint b_short check (length(b) < 50) not valid;\nalter table t validate constraint b_short;',
          'migrations/2_b.sql':
            'alter table t alter a type varchar(9) using left(a, 9), alter b type varchar(50), alter c type varchar(9);',
        },
      },
      {
        title: 'rows that do not fit are changed or deleted before',
        head: {
          'migrations/1_a.sql': "create type mood as enum ('a', 'b');\ncreate table t (a text, m mood);",
          'migrations/2_b.sql':
            "update t set a = left(a, 50) where length(a) > 50;\nalter table t alter a type varchar(50);\ndelete from t where m = 'b';\ncreate type mood_new as enum ('a');\nalter table t alter m type mood_new using m::text::mood_new;",
        },
      },
      {
        title: 'an enum that only grows',
        head: {
          'migrations/1_a.sql': "create type mood as enum ('a');\ncreate table t (m mood);",
          'migrations/2_b.sql':
            "create type mood_new as enum ('a', 'b');\nalter table t alter column m type mood_new using m::text::mood_new;",
        },
      },
      {
        title: 'a table that this very migration made, and one that nobody has seen',
        head: {
          'migrations/2_b.sql':
            'create table t (a text);\nalter table t alter a type varchar(5);\nalter table u alter a type varchar(5);',
        },
      },
    ],
  },
});
