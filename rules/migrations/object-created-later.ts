import { defineRule } from '../../src/core/rule.ts';
import { unmetNeeds } from '../../src/facts/dependencies.ts';

const makes = 'create table people (id bigint primary key);';

export default defineRule({
  id: 'migrations/object-created-later',
  title: 'Order migrations so that each finds what it needs',
  why: 'It works where both have run in another order, and every new database stops here: the developer who joins next, the test server, the restored one.',
  instead: 'Give the migration that makes the thing the earlier version, or put both into one file, in order.',
  severity: 'error',
  options: (z) => z.strictObject({}),
  over: unmetNeeds,
  counts: 'file',
  *check({ statement: { path, range: within }, use, what, because }) {
    if (because.is !== 'later') return;
    const { made } = because;
    const where = made.path === path ? 'further down' : `in ${made.path}, which runs later`;
    yield {
      message: `Needs ${what}, which is made ${where}.`,
      at: { path, range: use.at },
      about: what,
      within,
      related: [made],
    };
  },
  examples: {
    bad: [
      {
        base: { 'migrations/1_a.sql': 'select 1;' },
        head: {
          'migrations/1_a.sql': 'select 1;',
          'migrations/2_b.sql': 'create view v as select * from «people»;',
          'migrations/3_c.sql': makes,
        },
      },
      {
        title: 'in one file',
        head: { 'migrations/1_a.sql': `create table pets (owner bigint references «people» (id));\n${makes}` },
      },
      {
        title: 'a column',
        head: {
          'migrations/1_a.sql': makes,
          'migrations/2_b.sql': 'create index people_name on people («name»);',
          'migrations/3_c.sql': 'alter table people add column name text;',
        },
      },
      {
        title: 'a function that a trigger calls',
        head: {
          'migrations/1_a.sql': makes,
          'migrations/2_b.sql': 'create trigger t before insert on people for each row execute function «stamp»();',
          'migrations/3_c.sql':
            'create function stamp() returns trigger language plpgsql as $$ begin return new; end $$;',
        },
      },
    ],
    good: [
      { head: { 'migrations/1_a.sql': makes, 'migrations/2_b.sql': 'create view v as select * from people;' } },
      {
        title: 'made anew, in a history that does not begin at the beginning',
        head: {
          'migrations/1_a.sql':
            'drop view v; create view v as select 1 as one; drop type if exists mood; create type mood as enum ();',
          'migrations/2_b.sql':
            'alter table users rename to people; create view users as select * from people; drop view if exists w; create view w as select 1 as one;',
        },
      },
      {
        title: 'a runner that compares numbers runs 10 after 9',
        head: {
          'migrations/9_a.sql': `-- +goose Up\n${makes}`,
          'migrations/10_b.sql': '-- +goose Up\ncreate view v as select * from people;',
        },
      },
      {
        title: 'made anew: it was there before',
        head: {
          'migrations/1_a.sql': makes,
          'migrations/2_b.sql': 'create view v as select * from people; drop view v; drop table people;',
          'migrations/3_c.sql': makes,
        },
      },
      {
        title: 'the body of a function runs when it is called',
        head: {
          'migrations/1_a.sql':
            'create function f() returns bigint language plpgsql as $$ begin return (select max(id) from people); end $$;',
          'migrations/2_b.sql': makes,
        },
      },
    ],
  },
});
