import { defineRule } from '../../src/core/rule.ts';
import { wastedWork } from '../../src/facts/wasted-work.ts';

const users = 'create table users (id bigint primary key, email text);';

export default defineRule({
  id: 'migrations/work-thrown-away',
  title: 'Do not build what a later migration of the same change takes away',
  why: 'Production builds it, holding its locks, and throws it away minutes later.',
  instead: 'Take out both steps, or the first one and the part of the second that undoes it.',
  severity: 'info',
  options: (z) => z.strictObject({}),
  over: wastedWork,
  counts: 'file',
  *check({ statement: { path, range: within }, operation, what, fate }) {
    yield { message: `Makes ${what}, which is ${fate}.`, at: { path, range: operation.at }, about: what, within };
  },
  examples: {
    bad: [
      {
        base: { 'migrations/1_a.sql': users },
        head: {
          'migrations/1_a.sql': users,
          'migrations/2_b.sql': '«create index users_email on users (email)»;',
          'migrations/3_c.sql': 'drop index users_email;',
        },
      },
      {
        title: 'an index that goes with its column',
        base: { 'migrations/1_a.sql': users },
        head: {
          'migrations/1_a.sql': users,
          'migrations/2_b.sql': '«create index users_email on users (email)»;\nalter table users drop column email;',
        },
      },
      {
        title: 'a table, and a column',
        base: { 'migrations/1_a.sql': users },
        head: {
          'migrations/1_a.sql': users,
          'migrations/2_b.sql': '«create table notes (id bigint)»; alter table users «add column age int»;',
          'migrations/3_c.sql': 'drop table notes; alter table users drop column age;',
        },
      },
    ],
    good: [
      {
        title: 'what was there before',
        base: { 'migrations/1_a.sql': `${users} create index users_email on users (email);` },
        head: {
          'migrations/1_a.sql': `${users} create index users_email on users (email);`,
          'migrations/2_b.sql': 'drop index users_email;',
        },
      },
      {
        title: 'one that takes the name of the old one',
        base: { 'migrations/1_a.sql': `${users} create index users_email on users (email);` },
        head: {
          'migrations/1_a.sql': `${users} create index users_email on users (email);`,
          'migrations/2_b.sql':
            'create index users_email_new on users (email, id); drop index users_email; alter index users_email_new rename to users_email;',
        },
      },
      {
        title: 'a table to work with, which the same file drops',
        base: { 'migrations/1_a.sql': users },
        head: {
          'migrations/1_a.sql': users,
          'migrations/2_b.sql':
            'create table kept (id bigint); insert into kept select id from users; delete from users where id in (select id from kept); drop table kept;',
        },
      },
      {
        title: 'long ago: an audit has no change to speak of',
        head: {
          'migrations/1_a.sql': `${users} create index i on users (email);`,
          'migrations/2_b.sql': 'drop index i;',
        },
      },
    ],
  },
});
