import { defineRule } from '../../src/core/rule.ts';
import { printName } from '../../src/facts/sql/name.ts';
import { refused, type Refused } from '../../src/facts/sql/refused.ts';
import type { JudgedStatement } from '../../src/facts/sql/statement.ts';
import { statements } from '../../src/facts/sql/statements.ts';
import { directive } from './_directives.ts';
import { draft, running } from './_running.ts';

export default defineRule({
  id: 'sql/no-transaction-statement-in-transaction',
  title: 'Run outside a transaction what PostgreSQL refuses inside one',
  why: 'PostgreSQL stops with "cannot run inside a transaction block", and the deployment stops with it.',
  instead: 'Put the statement into a migration of its own, and tell the runner to open no transaction for that file.',
  severity: 'error',
  sources: [
    'squawk/ban-concurrent-index-creation-in-transaction',
    'https://www.postgresql.org/docs/current/sql-createindex.html',
  ],
  options: (z) => z.strictObject({}),
  over: statements,
  untilApplied: true,
  async *check(statement, context) {
    for (const { operation, by } of running(statement)) {
      const found = await refused(context.head, statement, operation, by);
      if (!found) continue;
      const { what, where } = found;
      const name = 'name' in operation && typeof operation.name === 'object' ? ` ${printName(operation.name)}` : '';
      const made = draft(
        statement,
        operation.at,
        `${what}${name}`,
        sentence(found, statement),
        await directive(statement, context, where),
      );
      const layout = statement.migration?.layout.name;
      // Newer versions of the Supabase CLI run most of these outside; and who runs a plain folder is not known.
      if (where !== 'runner') yield made;
      else if (layout === 'supabase')
        yield {
          ...made,
          ...(RUN_OUTSIDE.test(what)
            ? { atMost: 'info' }
            : what === 'DROP INDEX CONCURRENTLY' && { atMost: 'warning' }),
        };
      else if (layout !== 'plain') yield made;
      else if (!OWN_LINE.test((await context.head.read(statement.path)) ?? '')) yield { ...made, atMost: 'info' };
    }
  },
  examples: {
    bad: [
      {
        title: 'a runner that opens a transaction around each file, unless it is told not to',
        head: {
          'db/migrations/1_a.sql':
            '-- migrate:up\n«create index concurrently users_email on users (email)»;\n\n-- migrate:down\ndrop index concurrently users_email;\n',
        },
        fixed: {
          'db/migrations/1_a.sql':
            '-- migrate:up transaction:false\ncreate index concurrently users_email on users (email);\n\n-- migrate:down\ndrop index concurrently users_email;\n',
        },
      },
      {
        title: 'goose; several that all run outside share the line',
        head: {
          'migrations/1_a.sql':
            '-- +goose Up\n«vacuum full users»;\n«reindex table concurrently users»;\n-- +goose Down\nselect 1;\n',
        },
        fixed: {
          'migrations/1_a.sql':
            '-- +goose NO TRANSACTION\n-- +goose Up\nvacuum full users;\nreindex table concurrently users;\n-- +goose Down\nselect 1;\n',
        },
      },
      {
        title: 'the lines of other runners',
        declared: {
          migrations: [
            { layout: 'atlas', dir: 'a' },
            { layout: 'sqlx', dir: 's' },
            { layout: 'graphile-migrate', dir: 'g' },
          ],
        },
        head: {
          'a/1_a.sql': '«drop index concurrently i»;\n',
          'g/current.sql': '«drop index concurrently i»;\n',
          's/1_a.sql': 'alter table p «detach partition q concurrently»;\n',
        },
        fixed: {
          'a/1_a.sql': '-- atlas:txmode none\n\ndrop index concurrently i;\n',
          'g/current.sql': '--! no-transaction\ndrop index concurrently i;\n',
          's/1_a.sql': '-- no-transaction\nalter table p detach partition q concurrently;\n',
        },
      },
      {
        title: 'beside other statements the line alone would not do: the file has to be split',
        head: {
          'db/migrations/1_a.sql':
            '-- migrate:up\nalter table users add email text;\n«create index concurrently users_email on users (email)»;\n',
        },
      },
      {
        title: 'dbmate sends what it runs without a transaction as one string, which is a transaction again',
        head: {
          'db/migrations/1_a.sql':
            '-- migrate:up transaction:false\n«create index concurrently users_email on users (email)»;\n«create index concurrently users_name on users (name)»;\n',
        },
      },
      {
        title: 'Prisma sends the file as one string',
        head: {
          'prisma/migrations/20260101000000_a/migration.sql':
            'alter table users add email text;\n«drop index concurrently users_email»;',
        },
      },
      {
        title: 'between BEGIN and COMMIT, and in a DO block',
        declared: { migrations: [{ layout: 'files', dir: 'sql' }] },
        head: {
          'sql/a.sql':
            "begin;\n«alter system set work_mem = '8MB'»;\n«discard all»;\ncommit;\ndo $$ begin\n  «create index concurrently i on t (a)»;\nend $$;",
        },
      },
      {
        title: 'COMMIT in a DO block, and a procedure that commits, inside a transaction',
        declared: { migrations: [{ layout: 'golang-migrate', dir: 'm' }] },
        head: {
          'm/1_a.up.sql': "create procedure work() language plpgsql as 'begin commit; end';",
          'm/2_b.up.sql': 'do $$ begin perform 1; «commit»; end $$;\n«call work()»;\nselect 1;',
        },
      },
      {
        title: 'before version 12, a new value of an enum',
        declared: { migrations: [{ layout: 'flyway', dir: 'm', postgres: 11 }] },
        head: { 'm/V1__a.sql': "alter type mood «add value 'calm'»;" },
      },
      {
        title: 'the Supabase CLI has learned some of these: no more than a hint for them',
        head: {
          'supabase/migrations/20260101000000_a.sql':
            '«create index concurrently i on t (a)»;\n«drop index concurrently j»;',
        },
      },
    ],
    good: [
      {
        title: 'the only statement of a file that is sent as one string',
        head: {
          'prisma/migrations/20260101000000_a/migration.sql':
            '-- CreateIndex\nCREATE INDEX CONCURRENTLY "users_email" ON "users"("email");\n',
        },
      },
      {
        title: 'a file that the runner leaves alone',
        head: {
          'db/migrations/1_a.sql':
            '-- migrate:up transaction:false\ncreate index concurrently i on t (a);\n\n-- migrate:down\n',
        },
      },
      {
        title: 'what runs inside a transaction although it looks alike',
        head: {
          'db/migrations/1_a.sql':
            "-- migrate:up\nrefresh materialized view concurrently m;\nalter type mood add value 'calm';\nreindex table t;\ncluster t;\nanalyze t;\nalter table p detach partition q finalize;\ncreate subscription s connection 'x' publication p with (connect = false);\ndiscard plans;\n",
        },
      },
      {
        title: 'a function that is only made here; a procedure that does not commit; the way back',
        declared: { migrations: [{ layout: 'dbmate', dir: 'm' }] },
        head: {
          'm/1_a.sql':
            "-- migrate:up\ncreate procedure work() language plpgsql as 'begin perform 1; end';\ncreate procedure ends() language plpgsql as 'begin commit; end';\ncall work();\n-- migrate:down\nvacuum t;\n",
        },
      },
      {
        title: 'a line for a runner that is not known here',
        head: {
          'migrations/1_a.sql': '-- postgres-migrations disable-transaction\ncreate index concurrently i on t (a);',
        },
      },
      {
        title: 'psql runs statement by statement',
        declared: { migrations: [{ layout: 'files', dir: 'sql' }] },
        head: {
          'sql/a.sql':
            'vacuum t;\nbegin;\nselect 1;\ncommit;\ncreate index concurrently i on t (a);\ndo $$ begin commit; end $$;',
        },
      },
    ],
  },
});

/** What the Supabase CLI runs outside its transaction from version 2.109 on. */
const RUN_OUTSIDE = /^(?:CREATE INDEX CONCURRENTLY|REINDEX CONCURRENTLY|VACUUM|ALTER SYSTEM|CLUSTER)/;

/** A line for a runner that is not known here, such as "-- postgres-migrations disable-transaction". */
const OWN_LINE = /^--.*\b(?:no|without|disable)[- _]?transaction\b|^--.*\btransaction\s*[:=]\s*(?:false|off|none)\b/im;

function sentence({ what, where }: Refused, { migration }: JudgedStatement): string {
  if (where === 'do') return `${what} cannot run inside a transaction, and a DO block is always part of one.`;
  if (where === 'explicit') return `${what} cannot run inside a transaction, and stands between BEGIN and COMMIT.`;
  const { name = '', runner = 'the runner', concurrently } = migration?.layout ?? {};
  if (where === 'string') {
    return `${what} cannot run inside a transaction, and ${runner} sends this file as one string, which PostgreSQL runs as one transaction.`;
  }
  if (name === 'plain') return `${what} cannot run inside a transaction, and most runners open one around each file.`;
  if (name === 'supabase') {
    if (RUN_OUTSIDE.test(what))
      return `${what} cannot run inside the transaction that the Supabase CLI before version 2.109 opens around the file.`;
    return `${what} cannot run inside the transaction that the Supabase CLI opens around the file.`;
  }
  const how = concurrently?.possible
    ? `; it can run ${concurrently.words}`
    : concurrently
      ? ` (${concurrently.words})`
      : '';
  return `${what} cannot run inside the transaction that ${runner} opens around the file${how}.`;
}
