import { defineRule } from '../../src/core/rule.ts';
import { moments } from '../../src/facts/dependencies.ts';
import { breakage } from '../../src/facts/dependents.ts';

const users = 'create table users (id bigint primary key, email text, age int);';
const view = 'create view adults as select id, age from users where age > 17;';

export default defineRule({
  id: 'migrations/dependent-object-breaks',
  title: 'Take care of what hangs on the thing that you change',
  why: 'PostgreSQL refuses to drop or retype what a view or a policy reads, and stops the migration; a function that reads it goes on to exist, and fails when it is called.',
  instead: 'Drop what hangs on it before and make it anew afterwards, in the same transaction.',
  severity: 'error',
  sources: ['https://www.postgresql.org/docs/current/ddl-depend.html'],
  options: (z) => z.strictObject({}),
  over: moments,
  *check(moment) {
    const found = breakage(moment);
    if (!found) return;
    const { statement, operation } = moment;
    const { does, dependents, ends } = found;
    const [first = '', ...rest] = dependents;
    const all = rest.length === 0 ? first : `${first} and ${rest.length} more`;
    const one = rest.length === 0;
    const message =
      ends === 'refused'
        ? `${does}, and PostgreSQL refuses, because ${all} ${one ? 'needs' : 'need'} it.`
        : `${does}, and ${all} still ${one ? 'reads' : 'read'} it when called.`;
    yield {
      message,
      at: { path: statement.path, range: operation.at },
      about: `${does}: ${first}`,
      within: statement.range,
      ...(ends === 'later' && { atMost: 'warning' as const }),
    };
  },
  examples: {
    bad: [
      {
        base: { 'migrations/1_a.sql': users + view },
        head: {
          'migrations/1_a.sql': users + view,
          'migrations/2_b.sql': 'alter table users «alter column age type bigint»;',
        },
      },
      {
        title: 'a column that a view and a policy read',
        base: { 'migrations/1_a.sql': users + view },
        head: {
          'migrations/1_a.sql': `${users}${view} create policy own on users using (email = current_user);`,
          'migrations/2_b.sql': 'alter table users «drop column age»;\nalter table users «drop column email»;',
        },
      },
      {
        title: 'a table that another one refers to',
        head: {
          'migrations/1_a.sql': `${users} create table notes (id bigint, author bigint references users (id));`,
          'migrations/2_b.sql': '«drop table users»;',
        },
      },
      {
        title: 'the function of a trigger, the type of a column',
        head: {
          'migrations/1_a.sql': `create type mood as enum ('ok'); create table users (id bigint, mood mood); create function stamp() returns trigger language plpgsql as $$ begin return new; end $$; create trigger t before update on users for each row execute function stamp();`,
          'migrations/2_b.sql': '«drop function stamp()»; «drop type mood»;',
        },
      },
      {
        title: 'a function that goes on to read the old name',
        head: {
          'migrations/1_a.sql': `${users} create function clear() returns void language plpgsql as $$ begin delete from users; end $$;`,
          'migrations/2_b.sql': 'alter table users «rename to people»;',
        },
      },
    ],
    good: [
      {
        title: 'dropped before and made anew',
        head: {
          'migrations/1_a.sql': users + view,
          'migrations/2_b.sql': `drop view adults; alter table users alter column age type bigint; ${view}`,
        },
      },
      {
        title: 'another column',
        head: { 'migrations/1_a.sql': users + view, 'migrations/2_b.sql': 'alter table users drop column email;' },
      },
      {
        title: 'in one statement, and CASCADE, which other rules judge',
        head: {
          'migrations/1_a.sql': `${users}${view} create table notes (id bigint, author bigint references users (id));`,
          'migrations/2_b.sql': 'drop view adults; drop table notes, users;',
        },
      },
      {
        title: 'CASCADE',
        head: { 'migrations/1_a.sql': users + view, 'migrations/2_b.sql': 'drop table users cascade;' },
      },
      {
        title: 'a function that is written anew after the rename',
        head: {
          'migrations/1_a.sql': `${users} create function clear() returns void language plpgsql as $$ begin delete from users; end $$;`,
          'migrations/2_b.sql':
            'alter table users rename to people; create or replace function clear() returns void language plpgsql as $$ begin delete from people; end $$;',
        },
      },
      {
        title: 'a view follows a rename',
        head: {
          'migrations/1_a.sql': users + view,
          'migrations/2_b.sql': 'alter table users rename to people; alter table people rename column age to years;',
        },
      },
    ],
  },
});
