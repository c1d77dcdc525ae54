import { defineRule } from '../../src/core/rule.ts';
import { schemaAfter } from '../../src/facts/schema/schema.ts';
import { foreignKeysOf, mismatch } from '../../src/facts/sql/foreign-keys.ts';
import { printName } from '../../src/facts/sql/name.ts';
import { statements } from '../../src/facts/sql/statements.ts';
import { draft, running } from './_running.ts';

export default defineRule({
  id: 'sql/mismatched-foreign-key-type',
  title: 'Give a foreign key the type and the unique key of what it refers to',
  why: 'PostgreSQL refuses a foreign key between types that it cannot compare, or to columns that nothing makes unique; between numbers of different width it takes it, and values above the smaller one can never be referred to.',
  instead:
    'Use the type of the column that it refers to, and refer to a primary key or to columns with a unique constraint.',
  severity: 'error',
  sources: ['https://www.postgresql.org/docs/current/ddl-constraints.html#DDL-CONSTRAINTS-FK'],
  options: (z) => z.strictObject({}),
  over: statements,
  untilApplied: true,
  async *check(statement, { head }) {
    for (const { operation } of running(statement)) {
      for (const key of foreignKeysOf(operation)) {
        const found = mismatch(key, await schemaAfter(head, statement, operation));
        if (!found) continue;
        const made = draft(
          statement,
          key.constraint.at,
          `${printName(key.table)} (${key.constraint.columns.join(', ')})`,
          found.message,
        );
        yield found.refused ? made : { ...made, atMost: 'warning' };
      }
    }
  },
  examples: {
    bad: [
      {
        title: 'types that cannot be compared',
        head: {
          'migrations/1_a.sql': 'create table users (id bigint primary key);',
          'migrations/2_b.sql':
            'create table orders (id int primary key, user_id uuid «references users»);\nalter table orders add column by text «references users (id)»;',
        },
      },
      {
        title: 'numbers of different width, found through a rename: a warning at most',
        head: {
          'migrations/1_a.sql':
            'create table members (id bigserial primary key);\nalter table members rename to users;\ncreate table orders (user_id int);',
          'migrations/2_b.sql': 'alter table orders add «constraint o foreign key (user_id) references users (id)»;',
        },
      },
      {
        title: 'nothing to refer to: no primary key, and columns that nothing makes unique',
        head: {
          'migrations/1_a.sql':
            'create table logs (id int);\ncreate table users (id int primary key, org int, email text);\ncreate unique index on users (email) where org is null;',
          'migrations/2_b.sql':
            'create table a (l int «references logs», e text «references users (email)», o int, i int, «foreign key (o, i) references users (org, id)»);',
        },
      },
    ],
    good: [
      {
        head: {
          'migrations/1_a.sql':
            'create table users (id uuid primary key, email varchar(80) unique, org int, n bigserial);\ncreate unique index on users (org, n);\ncreate table t (a int, b int, primary key (a, b));',
          'migrations/2_b.sql':
            'create table orders (user_id uuid references users, email text references users (email), x int, y int, o integer, n bigint, foreign key (x, y) references t, foreign key (n, o) references users (n, org), parent int references orders (id), id serial primary key);',
        },
      },
      {
        title: 'a key that comes later, by ALTER TABLE ONLY, as pg_dump writes it',
        head: {
          'migrations/1_a.sql':
            'create table public.users (id integer not null);\nalter table only public.users add constraint users_pkey primary key (id);',
          'migrations/2_b.sql':
            'create table orders (user_id integer);\nalter table only public.orders add constraint f foreign key (user_id) references public.users(id);',
        },
      },
      {
        title: 'tables that nobody has seen, types of one’s own, and what LIKE brings',
        head: {
          'migrations/1_a.sql':
            'create domain key as int;\ncreate table a (id key primary key);\ncreate table b (like c including all);',
          'migrations/2_b.sql':
            'create table d (u uuid references auth.users, a bigint references a, b int references b (id));',
        },
      },
      {
        title: 'wider than what it refers to, and numbers that PostgreSQL takes for each other',
        head: {
          'migrations/1_a.sql': 'create table a (id int primary key);\ncreate table b (n numeric primary key);',
          'migrations/2_b.sql': 'create table c (a_id bigint references a, n int references b);',
        },
      },
      {
        title: 'a type that was changed before',
        head: {
          'migrations/1_a.sql': 'create table users (id int primary key);\nalter table users alter id type bigint;',
          'migrations/2_b.sql': 'create table orders (user_id bigint references users);',
        },
      },
    ],
  },
});
