import { defineRule } from '../../src/core/rule.ts';
import { unmetNeeds } from '../../src/facts/dependencies.ts';

const users = 'create table users (id bigint primary key, email text);';

export default defineRule({
  id: 'migrations/missing-dependency',
  title: 'Make what a migration needs before it needs it',
  why: 'No migration makes it, so a database that is built from the migrations alone stops here; where it works, somebody made the thing by hand.',
  instead: 'Add the migration that makes it, with an earlier version, or mend the name.',
  severity: 'error',
  sources: ['https://www.postgresql.org/docs/current/errcodes-appendix.html'],
  options: (z) => z.strictObject({}),
  over: unmetNeeds,
  counts: 'file',
  *check({ statement: { path, range: within }, use, what, because }) {
    if (because.is !== 'missing') return;
    yield { message: `Needs ${what}, which no migration makes.`, at: { path, range: use.at }, about: what, within };
  },
  examples: {
    bad: [
      {
        base: { 'migrations/1_a.sql': users },
        head: { 'migrations/1_a.sql': users, 'migrations/2_b.sql': 'create view v as select * from «people»;' },
      },
      {
        title: 'a column',
        base: { 'migrations/1_a.sql': users },
        head: {
          'migrations/1_a.sql': users,
          'migrations/2_b.sql': 'create index i on users («mail»);',
        },
      },
      {
        title: 'a type',
        base: { 'migrations/1_a.sql': users },
        head: { 'migrations/1_a.sql': users, 'migrations/2_b.sql': 'alter table users add column mood «mood»;' },
      },
      {
        title: 'a schema',
        base: { 'migrations/1_a.sql': users },
        head: { 'migrations/1_a.sql': users, 'migrations/2_b.sql': 'create table «app».rooms (id bigint);' },
      },
    ],
    good: [
      {
        base: { 'migrations/1_a.sql': users },
        head: {
          'migrations/1_a.sql': users,
          'migrations/2_b.sql': 'create view v as select u.email from users u where u.ctid is not null;',
        },
      },
      {
        title: 'a history that does not begin at the beginning',
        head: {
          'migrations/7_a.sql': 'alter table orders add column note text;',
          'migrations/8_b.sql': 'create view v as select * from people;',
        },
      },
      {
        title: 'what the platform, an extension or the server brings',
        head: {
          'supabase/migrations/20260105090000_a.sql':
            'create extension if not exists citext; create table notes (id uuid primary key default gen_random_uuid() references auth.users (id), title citext);',
          'supabase/migrations/20260106090000_b.sql':
            "create policy p on notes to authenticated using (auth.uid() = id); select cron.schedule('x', '* * * * *', $$select 1$$); grant select on notes to reporting;",
        },
      },
      {
        title: 'what the same statement makes, names, or lets pass',
        base: { 'migrations/1_a.sql': users },
        head: {
          'migrations/1_a.sql': users,
          'migrations/2_b.sql': [
            'alter table users add column code text, add constraint users_code_key unique (code);',
            'create table nodes (id bigint primary key, parent bigint references nodes (id));',
            'with recent as (select * from users) insert into nodes (id) select id from recent;',
            'alter table if exists people add column code text references cities (id);',
            'drop table if exists people; drop policy if exists p on people;',
            "do $$ begin if exists (select from pg_tables where tablename = 'people') then update people set id = 1; end if; end $$;",
          ].join('\n'),
        },
      },
      {
        title: 'what a function needs when it is called',
        base: { 'migrations/1_a.sql': users },
        head: {
          'migrations/1_a.sql': users,
          'migrations/2_b.sql':
            'create function f() returns void language plpgsql as $$ begin delete from people; end $$;',
        },
      },
    ],
  },
});
