import { defineRule } from '../../src/core/rule.ts';
import { fateOf, unmetNeeds } from '../../src/facts/dependencies.ts';

const people = 'create table people (id bigint primary key, name text);';

export default defineRule({
  id: 'migrations/object-already-dropped-or-renamed',
  title: 'Call things by the name they have when the migration runs',
  why: 'An earlier migration took the thing away or gave it another name: the migration stops here, at the latest on the next new database.',
  instead: 'Use the present name, or take the statement out.',
  severity: 'error',
  options: (z) => z.strictObject({}),
  over: unmetNeeds,
  counts: 'file',
  *check({ statement: { path, range: within }, use, what, because }) {
    if (because.is !== 'gone') return;
    const { gone } = because;
    const message = `Needs ${what}, which was ${fateOf(gone, path)}.`;
    yield { message, at: { path, range: use.at }, about: what, within, related: [gone.by] };
  },
  examples: {
    bad: [
      {
        base: { 'migrations/1_a.sql': people, 'migrations/2_b.sql': 'alter table people rename to members;' },
        head: {
          'migrations/1_a.sql': people,
          'migrations/2_b.sql': 'alter table people rename to members;',
          'migrations/3_c.sql': 'alter table «people» add column born date;',
        },
      },
      {
        title: 'a column that was dropped, in the same file',
        base: { 'migrations/1_a.sql': people },
        head: {
          'migrations/1_a.sql': people,
          'migrations/2_b.sql': 'alter table people drop column name;\ncreate index people_name on people («name»);',
        },
      },
      {
        title: 'dropped twice',
        head: {
          'migrations/1_a.sql': people,
          'migrations/2_b.sql': 'drop table people;',
          'migrations/3_c.sql': 'drop table «people»;',
        },
      },
    ],
    good: [
      {
        head: {
          'migrations/1_a.sql': people,
          'migrations/2_b.sql': 'alter table people rename to members; drop table members;',
        },
      },
      {
        title: 'IF EXISTS, and made again',
        head: {
          'migrations/1_a.sql': people,
          'migrations/2_b.sql': `drop table people; drop table if exists people;\n${people}\nalter table people drop column name; alter table people drop column if exists name;`,
        },
      },
      {
        title: 'the same name in another schema',
        head: {
          'migrations/1_a.sql': `create schema app; create table app.people (id bigint);\n${people}`,
          'migrations/2_b.sql': 'drop table people; select * from app.people;',
        },
      },
      {
        title: 'a statement put together while it runs may have brought it back',
        head: {
          'migrations/1_a.sql': people,
          'migrations/2_b.sql':
            "drop table people; do $$ begin execute 'create table ' || 'people (id bigint)'; end $$;",
          'migrations/3_c.sql': 'alter table people add column born date;',
        },
      },
    ],
  },
});
