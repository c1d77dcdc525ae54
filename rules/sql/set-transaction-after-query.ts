import { defineRule } from '../../src/core/rule.ts';
import type { Operation } from '../../src/facts/sql/operation.ts';
import { statements } from '../../src/facts/sql/statements.ts';
import { draft, runningInFile } from './_running.ts';

export default defineRule({
  id: 'sql/set-transaction-after-query',
  title: 'Set the isolation level before the first query of a transaction',
  why: 'PostgreSQL stops with "must be called before any query", and the deployment stops with it.',
  instead: 'Make SET TRANSACTION the first statement of its transaction.',
  severity: 'warning',
  sources: ['https://www.postgresql.org/docs/current/sql-set-transaction.html'],
  options: (z) => z.strictObject({}),
  over: statements,
  // The query before it may be what the change adds.
  counts: 'file',
  untilApplied: true,
  async *check(statement, context) {
    const { operations, transaction, text, index } = statement;
    if (operations[0]!.kind !== 'set transaction' || !/\b(?:isolation|deferrable|snapshot)\b/i.test(text)) return;
    if (transaction.kind === 'none') return;
    const steps = await runningInFile(statement, context);
    const before = steps.filter(({ by }) => by.transaction.id === transaction.id && by.index < index);
    const query = before.some(({ operation }) => !isHarmless(operation));
    const savepoint =
      before.findLast(({ operation }) => /savepoint$/.test(operation.kind))?.operation.kind === 'savepoint';
    if (!query && !savepoint) return;
    const message = `SET TRANSACTION comes after a ${query ? 'query' : 'savepoint'} of its transaction, where PostgreSQL refuses it.`;
    yield draft(statement, statement.range, 'set transaction', message);
  },
  examples: {
    bad: [
      {
        title: 'inside a savepoint',
        head: {
          'migrations/1_a.sql': 'begin;\nsavepoint a;\n«set transaction isolation level serializable»;\ncommit;',
        },
      },
      { head: { 'migrations/1_a.sql': 'begin;\nselect 1;\n«set transaction isolation level serializable»;\ncommit;' } },
      {
        title: 'in the transaction of the runner, and in a file that is sent as one string',
        head: {
          'supabase/migrations/20260101000000_a.sql':
            'alter table users add email text;\n«set transaction isolation level repeatable read»;',
          'prisma/migrations/20260101000000_a/migration.sql':
            'SELECT 1;\n«SET TRANSACTION ISOLATION LEVEL SERIALIZABLE, READ ONLY, DEFERRABLE»;',
        },
      },
    ],
    good: [
      {
        head: {
          'migrations/1_a.sql':
            "begin;\nset local lock_timeout = '2s';\nlock table t;\nsavepoint a;\nrelease savepoint a;\nset transaction isolation level serializable;\nselect 1;\ncommit;",
        },
      },
      {
        title: 'the first of the next transaction',
        head: {
          'migrations/1_a.sql':
            'begin;\nselect 1;\ncommit;\nbegin;\nset transaction isolation level serializable;\ncommit;',
        },
      },
      {
        title: 'what may still change',
        head: {
          'migrations/1_a.sql':
            'begin;\nselect 1;\nset transaction read only;\nset session characteristics as transaction isolation level serializable;\ncommit;',
        },
      },
    ],
  },
});

/** What PostgreSQL runs without looking at the data. */
const isHarmless = (operation: Operation): boolean =>
  operation.kind === 'other' ? HARMLESS.has(operation.tag) : HARMLESS.has(operation.kind);

const HARMLESS: ReadonlySet<string> = new Set(['begin', 'set', 'set local', 'reset', 'set transaction', 'set constraints', 'savepoint', 'release savepoint', 'rollback to savepoint', 'lock', 'show', 'listen', 'unlisten', 'notify', 'checkpoint']); // prettier-ignore
