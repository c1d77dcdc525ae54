import { defineRule } from '../../src/core/rule.ts';
import { schemaBefore } from '../../src/facts/schema/schema.ts';
import { columnsOfType, enumAdditions, useOfValue } from '../../src/facts/sql/enum-uses.ts';
import { printName, sameName } from '../../src/facts/sql/name.ts';
import type { Operation } from '../../src/facts/sql/operation.ts';
import type { Statement } from '../../src/facts/sql/statement.ts';
import { statements } from '../../src/facts/sql/statements.ts';
import { draft, running, runningInFile } from './_running.ts';

export default defineRule({
  id: 'sql/enum-value-used-in-same-transaction',
  title: 'Use a new enum value only after the transaction that adds it',
  why: 'PostgreSQL stops with "unsafe use of new value", and the deployment stops with it.',
  instead: 'Add the value in one migration and use it in the next one.',
  severity: 'error',
  sources: ['https://www.postgresql.org/docs/current/sql-altertype.html'],
  options: (z) => z.strictObject({}),
  over: statements,
  // The line that adds the value may be what the change adds.
  counts: 'file',
  untilApplied: true,
  async *check(statement, context) {
    const { transaction, migration, index } = statement;
    if (transaction.kind === 'none' && statement.operations[0]!.kind !== 'do') return;
    const steps = await runningInFile(statement, context);
    if (!enumAdditions(steps).some(({ by }) => by.transaction.id === transaction.id && by.index <= index)) return;
    const together = steps.filter(({ by }) => by.transaction.id === transaction.id && by.index <= index);
    for (const { operation, by } of running(statement)) {
      const schema = await schemaBefore(context.head, statement, operation);
      const before = together.slice(
        0,
        together.findIndex((step) => step.operation === operation),
      );
      for (const { operation: added } of before) {
        if (added.kind !== 'add enum value') continue;
        // From version 17 on, a type that the same transaction made may be used at once.
        const own = before.some(
          ({ operation: made }) => made.kind === 'create type' && sameName(made.name, added.type),
        );
        if (own && (migration?.folder.postgres ?? 15) >= 17) continue;
        const value = `'${added.value}' of ${printName(added.type)}`;
        for (const use of [operation, ...checkedBody(operation, by)]) {
          const at = useOfValue(use, added.value, added.type, columnsOfType(schema, added.type));
          if (at) yield draft(statement, at, value, `Uses the value ${value} in the transaction that adds it.`);
        }
      }
    }
  },
  examples: {
    bad: [
      {
        head: {
          'migrations/1_a.sql': "create type mood as enum ('a');\ncreate table t (id int, m mood);",
          'migrations/2_b.sql':
            "alter type mood add value 'c';\ninsert into t (m) «values ('c')»;\nalter table t alter m set default «'c'»;",
        },
      },
      {
        title: 'a comparison, a cast and a check; between BEGIN and COMMIT, and inside DO blocks',
        head: {
          'prisma/migrations/20260101000000_a/migration.sql':
            'CREATE TYPE app."Mood" AS ENUM (\'a\');\nCREATE TABLE app."T" ("m" app."Mood");',
          'prisma/migrations/20260101000001_b/migration.sql':
            'BEGIN;\nDO $$ BEGIN ALTER TYPE app."Mood" ADD VALUE IF NOT EXISTS \'c\'; EXCEPTION WHEN duplicate_object THEN NULL; END $$;\nUPDATE app."T" SET "m" = «\'c\'» WHERE "m" = \'a\';\nDELETE FROM app."T" WHERE «"m" = \'c\'»;\nDO $$ BEGIN «PERFORM \'c\'::app."Mood"»; END $$;\nALTER TABLE app."T" ADD CHECK («"m" <> \'c\'»);\nCOMMIT;',
        },
      },
      {
        title: 'a function in SQL, whose body PostgreSQL checks at once',
        head: {
          'migrations/1_a.sql':
            "create table t (m mood);\nalter type mood add value 'c';\ncreate function f() returns void language sql as $$ insert into t «values ('c')» $$;",
        },
      },
      {
        title: 'a type that the same transaction made, before version 17',
        declared: { migrations: [{ layout: 'supabase', dir: 'm', postgres: 15 }] },
        head: {
          'm/1_a.sql':
            "create type mood as enum ('a');\nalter type mood add value 'c';\ncreate table t (m mood default «'c'»);",
        },
      },
    ],
    good: [
      {
        title: 'in the next migration',
        head: {
          'migrations/1_a.sql': "create table t (m mood);\nalter type mood add value 'c';",
          'migrations/2_b.sql': "insert into t values ('c');",
        },
      },
      {
        title: 'after the COMMIT, and where each statement stands alone',
        declared: { migrations: [{ layout: 'files', dir: 'sql' }] },
        head: {
          'sql/a.sql':
            "create table t (m mood);\nalter type mood add value 'c';\ninsert into t values ('c');\nbegin;\nalter type mood add value 'd';\ncommit;\ninsert into t values ('d');",
        },
      },
      {
        title: 'the same word as plain text, a renamed value, and the body of a function',
        head: {
          'migrations/1_a.sql':
            "create type mood as enum ('a', 'b');\ncreate table t (m mood, note text);\ncreate table words (word text);",
          'migrations/2_b.sql':
            "alter type mood add value 'c';\nalter type mood rename value 'b' to 'z';\ninsert into words values ('c');\ninsert into t (note) values ('c');\nupdate t set note = 'c' where m = 'a';\ninsert into t (m) values ('z');\ncreate function f() returns void language plpgsql as $$ begin insert into t (m) values ('c'); end $$;",
        },
      },
      {
        title: 'a type that the same transaction made, from version 17 on',
        declared: { migrations: [{ layout: 'supabase', dir: 'm', postgres: 17 }] },
        head: {
          'm/1_a.sql':
            "create type mood as enum ('a');\nalter type mood add value 'c';\ncreate table t (m mood default 'c');",
        },
      },
    ],
  },
});

/** PostgreSQL checks the body of a function in SQL when it is created, one in PL/pgSQL only when it runs. */
const checkedBody = (operation: Operation, by: Statement): readonly Operation[] =>
  operation.kind === 'create function' && operation.language === 'sql'
    ? by.nested().flatMap(({ operations }) => operations)
    : [];
