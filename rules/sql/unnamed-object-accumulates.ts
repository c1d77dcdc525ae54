import { defineRule } from '../../src/core/rule.ts';
import type { Fix } from '../../src/core/finding.ts';
import { printIdentifier, printName } from '../../src/facts/sql/name.ts';
import { impliedName } from '../../src/facts/sql/second-run/refs.ts';
import { secondRuns, type SecondRun } from '../../src/facts/sql/second-run.ts';
import { draftOf, insert } from './_second-run.ts';

/** NAMEDATALEN - 1, in bytes: what is longer PostgreSQL cuts. */
const NAME_LIMIT = 63;

export default defineRule({
  id: 'sql/unnamed-object-accumulates',
  title: 'Name every constraint and index that a migration adds',
  why: 'Without a name PostgreSQL chooses a new one each time: a second run succeeds, and leaves a second copy that costs space and time at every write.',
  instead: 'Give it a name, and guard it: IF NOT EXISTS for an index, DROP CONSTRAINT IF EXISTS before a constraint.',
  severity: 'warning',
  sources: ['https://www.postgresql.org/docs/current/sql-createindex.html'],
  options: (z) => z.strictObject({}),
  over: secondRuns,
  untilApplied: true,
  *check(run) {
    const added = run.outcome.kind === 'again' ? addedBy(run) : undefined;
    if (added)
      yield draftOf(run, added.about, `Adds ${added.what} without a name: a second run adds another.`, added.fix);
  },
  examples: {
    bad: [
      {
        head: {
          'migrations/2_b.sql':
            '«create index on app.users (lower(email), name)»;\n«create unique index on "Users" (email)»;',
        },
        fixed: {
          'migrations/2_b.sql':
            'create index on app.users (lower(email), name);\ncreate unique index "Users_email_idx" on "Users" (email);',
        },
      },
      {
        head: {
          'migrations/2_b.sql':
            'alter table orders «add foreign key (user_id) references users», «add unique (a, b)», «add check (total > 0)»;',
        },
        fixed: {
          'migrations/2_b.sql':
            'alter table orders add CONSTRAINT orders_user_id_fkey foreign key (user_id) references users, add CONSTRAINT orders_a_b_key unique (a, b), add CONSTRAINT orders_total_check check (total > 0);',
        },
      },
      {
        title: 'of a domain; and what has no good name',
        head: {
          'migrations/2_b.sql':
            '«alter domain price add check (value > 0)»;\nalter table t «add exclude using gist (r with &&)»;',
        },
        fixed: {
          'migrations/2_b.sql':
            'alter domain price add CONSTRAINT price_check check (value > 0);\nalter table t add CONSTRAINT t_r_excl exclude using gist (r with &&);',
        },
      },
    ],
    good: [
      {
        head: {
          'migrations/2_b.sql':
            'create index if not exists i on t (a);\ncreate index j on t (b);\nalter table t add constraint c check (a > 0);',
        },
      },
      {
        title: 'the constraints of a new table or column come with it',
        head: {
          'migrations/2_b.sql':
            'create table if not exists t (id int primary key, a int unique references u);\nalter table t add column if not exists b int check (b > 0);',
        },
      },
      {
        title: 'on a table or column that the second run makes anew, or dropped under the name that PostgreSQL chooses',
        head: {
          'migrations/2_b.sql':
            'drop table if exists t;\ncreate table t (a int);\ncreate index on t (a);\nalter table u drop constraint if exists u_a_key;\nalter table u add unique (a);\nalter table w drop column if exists c, add column c int;\ncreate index on w (c);',
        },
      },
      { title: 'a primary key: there is one', head: { 'migrations/2_b.sql': 'alter table t add primary key (id);' } },
    ],
  },
});

function addedBy(
  run: SecondRun,
): { readonly what: string; readonly about: string; readonly fix: Fix | undefined } | undefined {
  const { operation } = run;
  if (operation.kind === 'create index') {
    const { table, keys } = operation;
    const columns = keys.map(({ column }) => column);
    const what = `${operation.unique ? 'a unique index' : 'an index'} on ${printName(table)}`;
    const name = columns.every((column) => column !== undefined)
      ? [table.name, ...columns, 'idx'].join('_')
      : undefined;
    return {
      what,
      about: `${what} (${keys.map(({ column, expression }) => column ?? expression?.text ?? '').join(', ')})`,
      fix: naming(run, name, onAt(run), ''),
    };
  }
  if (operation.kind === 'alter domain' && operation.constraint) {
    const domain = printName(operation.name);
    const fix = naming(run, `${operation.name.name}_check`, operation.constraint.at[0], 'CONSTRAINT ');
    return {
      what: `a ${operation.constraint.kind} constraint to ${domain}`,
      about: `${domain} ${operation.constraint.expression?.text ?? ''}`,
      fix,
    };
  }
  if (operation.kind !== 'add constraint') return undefined;
  const { constraint, table } = operation;
  const what = `a ${constraint.kind} constraint to ${printName(table)}`;
  const name = impliedName(table, constraint);
  return { what, about: `${what} ${name}`, fix: naming(run, name, constraint.at[0], 'CONSTRAINT ') };
}

/** The name that PostgreSQL would choose, where it fits as it is. */
const naming = (run: SecondRun, name: string | undefined, at: number | undefined, word: string): Fix | undefined =>
  name === undefined || new TextEncoder().encode(name).length > NAME_LIMIT
    ? undefined
    : insert(run, 'Name it', { at, text: `${word}${printIdentifier(name)} ` });

/** Where ON stands in CREATE INDEX ON: the first word that a name may stand before. */
function onAt({ by }: SecondRun): number | undefined {
  const head = /^create\s+(?:unique\s+)?index\s+(?:concurrently\s+)?(?=on\s)/i.exec(by.text);
  return head ? by.range[0] + head[0].length : undefined;
}
