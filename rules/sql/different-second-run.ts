import { defineRule } from '../../src/core/rule.ts';
import { secondRuns, type SecondRun } from '../../src/facts/sql/second-run.ts';
import { draftOf } from './_second-run.ts';

export default defineRule({
  id: 'sql/different-second-run',
  title: 'Let a second run of a migration end like the first',
  why: 'The first run passes. When the migration runs again from its start, this statement meets what the end of the first run has left: what it needs is gone, something stands on what it drops, or what it drops is not made again.',
  instead:
    'Move the later statement into a migration of its own, drop what stands on the object first (DROP TRIGGER, POLICY or VIEW IF EXISTS), or look into the catalogue in a DO block.',
  severity: 'info',
  sources: ['https://www.postgresql.org/docs/current/ddl-depend.html'],
  options: (z) => z.strictObject({}),
  over: secondRuns,
  untilApplied: true,
  *check(run) {
    const message = messageOf(run);
    if (message !== undefined) yield draftOf(run, message, message);
  },
  examples: {
    bad: [
      {
        title: 'a column is read, and dropped or renamed further down',
        head: {
          'migrations/2_b.sql':
            '«update users set name = first_name»;\nalter table users drop column if exists first_name;\n«create index if not exists i on posts (titel)»;\nalter table posts rename column titel to title;',
        },
      },
      {
        title: 'a trigger, a view or a table stands on what is dropped first',
        head: {
          'migrations/2_b.sql':
            "«drop function if exists touch()»;\ncreate or replace function touch() returns trigger language plpgsql as 'begin return new; end';\ndrop trigger if exists t on notes;\ncreate trigger t before update on notes for each row execute function touch();",
        },
      },
      {
        title: 'a type is changed under a view that comes later; a view has more columns in the end',
        head: {
          'migrations/2_b.sql':
            'alter table t «alter column a type text»;\ncreate or replace view v as select t.a from t;\n«create or replace view w as select 1 as a»;\ncreate or replace view w as select 1 as a, 2 as b;',
        },
      },
      {
        title: 'what goes with a drop is made again only where its table is new',
        head: {
          'migrations/2_b.sql':
            '«drop table if exists users cascade»;\ncreate table users (id int primary key);\ncreate table if not exists posts (user_id int references users);\nalter table t «drop constraint if exists t_pkey», add column if not exists id uuid primary key;',
        },
      },
      {
        title: 'an enum without a value that the file itself reads, and a text that is a number in the end',
        head: {
          'migrations/1_a.sql':
            "create type role as enum ('owner', 'admin', 'member');\ncreate table people (id int, role role, age text, note text);\n",
          'migrations/2_b.sql':
            "«update people set role = 'admin' where role = 'owner' and note = 'x'»;\n«delete from people where age in ('1', 'many')»;\nupdate people set role = 'member' where role::text = 'owner' and age = '7';\ncreate type role_new as enum ('admin', 'member');\nalter table people alter column role type role_new using (role::text::role_new), alter column age type int using age::int;\nalter type role rename to role_old;\nalter type role_new rename to role;\ndrop type if exists role_old;\n",
        },
      },
      {
        title: 'of two tables, only the one that is gone can have had the column; and what was a view is a table now',
        head: {
          'migrations/2_b.sql':
            '«insert into paid (id) select id from accounts where open»;\nalter table paid drop column if exists open;\ndrop table if exists accounts;\n«drop view if exists ranks»;\ncreate table if not exists ranks (id int);',
        },
      },
      {
        title: 'an index that has become a primary key, and has its name now',
        head: {
          'migrations/2_b.sql':
            'alter table t drop constraint if exists t_pkey;\nalter table t «add constraint t_pkey primary key using index t_id»;',
        },
      },
    ],
    good: [
      {
        title: 'the trigger goes before its function, or with it',
        head: {
          'migrations/2_b.sql':
            "drop trigger if exists t on notes;\ndrop function if exists touch();\ncreate function touch() returns trigger language plpgsql as 'begin return new; end';\ncreate trigger t before update on notes for each row execute function touch();\ndrop function if exists f() cascade;\ncreate function f() returns trigger language plpgsql as 'begin return new; end';\ncreate trigger u before update on notes for each row execute function f();",
        },
      },
      {
        title: 'what is dropped is there again when it is read',
        head: {
          'migrations/2_b.sql':
            'drop view if exists v;\nalter table t alter column a type text;\ncreate view v as select a from t;\nalter table users add column if not exists tmp int;\nupdate users set tmp = 1;\nalter table users drop column tmp;',
        },
      },
      {
        title: 'behind a look into the catalogue; another column of the same name',
        head: {
          'migrations/2_b.sql':
            "do $$ begin\n  if exists (select 1 from information_schema.columns where column_name = 'first_name') then\n    update users set name = first_name;\n  end if;\nend $$;\nalter table users drop column if exists first_name;\nupdate posts set a = posts.first_name from users u where u.id = posts.id;",
        },
      },
    ],
  },
});

function messageOf({ outcome }: SecondRun): string | undefined {
  switch (outcome.kind) {
    case 'missing':
      return `Needs ${outcome.what}, which is gone once the migration has run.`;
    case 'held':
      return `Drops or changes what ${outcome.what} stands on once the migration has run.`;
    case 'outgrown':
      return `Replaces ${outcome.what}, which is another once the migration has run.`;
    case 'lost':
      return `Drops ${outcome.what}, which nothing makes again when the migration has run before.`;
    default:
      return undefined;
  }
}
