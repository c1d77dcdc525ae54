import { defineRule } from '../../src/core/rule.ts';
import { printName, sameName, type Name } from '../../src/facts/sql/name.ts';
import type { Operation } from '../../src/facts/sql/operation.ts';
import { statements } from '../../src/facts/sql/statements.ts';
import { draft, running, runningInFile } from './_running.ts';

export default defineRule({
  id: 'sql/data-in-schema-migration',
  title: 'Change rows in another transaction than the schema',
  why: 'The locks of the schema change are held until the last row is done, so that everybody else waits for that long; and a row that cannot be changed takes the schema change back with it.',
  instead: 'Move the rows in a migration of their own, or in batches outside the migrations.',
  severity: 'warning',
  sources: ['https://www.postgresql.org/docs/current/explicit-locking.html'],
  options: (z) => z.strictObject({}),
  over: statements,
  untilApplied: true,
  async *check(statement, context) {
    if (statement.transaction.kind === 'none' && statement.operations[0]!.kind !== 'do') return;
    for (const { operation } of running(statement)) {
      const changed = rowsOf(operation);
      if (!changed || statement.fresh(changed.table)) continue;
      const steps = (await runningInFile(statement, context)).filter(
        ({ by }) => by.transaction.id === statement.transaction.id,
      );
      const made = steps.flatMap(({ operation: step }) =>
        step.kind === 'create table' || step.kind === 'create table as' ? [step.name] : [],
      );
      const isNew = (table: Name): boolean => statement.fresh(table) || made.some((name) => sameName(name, table));
      const altered = steps
        .map((step) => alteredBy(step.operation))
        .find((table) => table !== undefined && !isNew(table));
      if (!altered || isNew(changed.table)) continue;
      // The first of them speaks for all.
      const first = steps.find((step) => {
        const rows = rowsOf(step.operation);
        return rows && !isNew(rows.table);
      });
      if (first?.operation !== operation) continue;
      const table = printName(changed.table);
      const other = sameName(altered, changed.table) ? 'it' : printName(altered);
      yield draft(
        statement,
        operation.at,
        `${operation.kind} ${table}`,
        `${changed.does} ${table} in a transaction that also alters ${other}.`,
      );
    }
  },
  examples: {
    bad: [
      {
        head: {
          'migrations/2_b.sql':
            'alter table users add column slug text;\n«update users set slug = lower(name) where slug is null»;',
        },
      },
      {
        title: 'other tables; the first of several statements speaks for all',
        head: {
          'prisma/migrations/20260101000000_a/migration.sql':
            '«INSERT INTO "orders" ("id") SELECT "id" FROM "carts"»;\nDELETE FROM "carts" WHERE "done";\nALTER TABLE "users" DROP COLUMN "cart";',
        },
      },
    ],
    good: [
      {
        title: 'on their own, and each in its transaction',
        head: {
          'migrations/2_b.sql':
            'update users set a = 1 where a is null;\ndelete from logs where old;\ndrop table old_logs;',
          'migrations/3_c.sql':
            'begin;\nalter table users add column b int;\ncommit;\nbegin;\nupdate users set b = 1 where b is null;\ncommit;',
        },
      },
      {
        title: 'a table that this very migration made: to fill it, or to fill others beside it',
        head: {
          'migrations/2_b.sql':
            'create table roles (id int);\ninsert into roles (id) select id from kinds;\nalter table roles add primary key (id);\nupdate users set role = 1 where role is null;',
        },
      },
      {
        title: 'a few rows that are written out, a policy, a function that does it later',
        head: {
          'migrations/2_b.sql':
            "alter table users add column plan text;\ninsert into plans (id) values ('free'), ('pro');\ncreate policy p on users for update using (true);\ncreate function f() returns void language sql as $$ update users set plan = 'free' where plan is null $$;",
        },
      },
    ],
  },
});

function rowsOf(operation: Operation): { readonly does: string; readonly table: Name } | undefined {
  switch (operation.kind) {
    case 'update':
      return { does: 'Updates rows of', table: operation.table };
    case 'delete':
      return { does: 'Deletes rows of', table: operation.table };
    case 'merge':
      return { does: 'Merges rows into', table: operation.table };
    case 'insert':
      // Rows that are written out are few.
      return operation.source === 'select' && (operation.query?.relations().length ?? 0) > 0
        ? { does: 'Copies rows into', table: operation.table }
        : undefined;
    default:
      return undefined;
  }
}

/** The table that an operation locks against everybody. */
function alteredBy(operation: Operation): Name | undefined {
  if ('tableIfExists' in operation)
    return operation.object === 'table' && operation.kind !== 'validate constraint' ? operation.table : undefined;
  if (operation.kind === 'rename column' || operation.kind === 'rename constraint') return operation.on;
  return operation.kind === 'rename table' ? operation.name : undefined;
}
