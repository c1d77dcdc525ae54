import { defineRule } from '../../src/core/rule.ts';
import { moments } from '../../src/facts/dependencies.ts';
import { madeTwice } from '../../src/facts/made-twice.ts';

const people = 'create table people (id bigint primary key, name text);';

export default defineRule({
  id: 'migrations/object-created-twice',
  title: 'Make each thing once',
  why: 'The second CREATE stops with "already exists", on every database that has run the first.',
  instead: 'Take the second one out, or drop the first one before it.',
  severity: 'error',
  options: (z) => z.strictObject({}),
  over: moments,
  counts: 'file',
  *check(moment) {
    const { statement, operation } = moment;
    const twice = madeTwice(moment);
    if (!twice) return;
    const { what, made } = twice;
    const where =
      made.path === statement.path ? 'which the same file has made already' : `which ${made.path} has made already`;
    const at = { path: statement.path, range: ('nameAt' in operation && operation.nameAt) || operation.at };
    yield { message: `Makes ${what} again, ${where}.`, at, about: what, within: statement.range, related: [made] };
  },
  examples: {
    bad: [
      {
        base: { 'migrations/1_a.sql': people },
        head: { 'migrations/1_a.sql': people, 'migrations/2_b.sql': 'create table «people» (id bigint);' },
      },
      {
        title: 'a column that a rename has left there',
        head: {
          'migrations/1_a.sql': `${people}\nalter table people rename column name to full_name;`,
          'migrations/2_b.sql': 'alter table people add column «full_name» text;',
        },
      },
      {
        title: 'an index, a policy, a type',
        head: {
          'migrations/1_a.sql': `${people} create index i on people (name); create policy p on people using (true); create type mood as enum ('ok');`,
          'migrations/2_b.sql':
            "create index «i» on people (id); create policy «p» on people using (false); create type «mood» as enum ('bad');",
        },
      },
      {
        title: 'the index of a constraint has its name',
        head: {
          'migrations/1_a.sql': people,
          'migrations/2_b.sql': 'create unique index «people_pkey» on people (id);',
        },
      },
    ],
    good: [
      {
        head: {
          'migrations/1_a.sql': people,
          'migrations/2_b.sql': 'drop table people;',
          'migrations/3_c.sql': people,
        },
      },
      {
        title: 'IF NOT EXISTS, OR REPLACE, and a test around it',
        head: {
          'migrations/1_a.sql': `${people} create view v as select 1 as one;`,
          'migrations/2_b.sql': [
            'create table if not exists people (id bigint); create or replace view v as select 2 as one;',
            "do $$ begin create type mood as enum ('ok'); exception when duplicate_object then null; end $$;",
            "do $$ begin create type mood as enum ('ok'); exception when duplicate_object then null; end $$;",
          ].join('\n'),
        },
      },
      {
        title: 'another schema, another table, other arguments, and a table that goes with its session',
        head: {
          'migrations/1_a.sql': `${people} create schema app; create function f(a text) returns int language sql as 'select 1';`,
          'migrations/2_b.sql':
            "create table app.people (id bigint); create policy p on people using (true); create policy p on app.people using (true); create function f(a int) returns int language sql as 'select 1'; create temp table people (id bigint);",
        },
      },
      {
        title: 'what a drop takes with it',
        head: {
          'migrations/1_a.sql': `${people} create index i on people (name);`,
          'migrations/2_b.sql':
            'alter table people drop column name; alter table people add column name text; create index i on people (name);',
        },
      },
    ],
  },
});
