import { defineRule } from '../../src/core/rule.ts';
import { printIdentifier, printName, sameName } from '../../src/facts/sql/name.ts';
import type { Operation } from '../../src/facts/sql/operation.ts';
import type { JudgedStatement } from '../../src/facts/sql/statement.ts';
import { statements } from '../../src/facts/sql/statements.ts';
import { draft, running, runningInFile } from './_running.ts';

export default defineRule({
  id: 'sql/disable-trigger',
  title: 'Enable in the same migration the triggers that it disables',
  why: 'Foreign keys, audit logs and whatever else hangs on the triggers stop working without a word, and nothing reminds anybody to turn them on again.',
  instead: 'Enable them again in the same transaction, or drop for good what is not needed.',
  severity: 'error',
  sources: ['https://www.postgresql.org/docs/current/sql-altertable.html'],
  options: (z) => z.strictObject({}),
  over: statements,
  untilApplied: true,
  async *check(statement, context) {
    for (const { operation } of running(statement)) {
      const disabled = told(operation, statement);
      if (disabled === undefined) continue;
      const steps = await runningInFile(statement, context);
      const later = steps.slice(steps.findIndex((step) => step.operation === operation) + 1);
      if (later.some((step) => restores(step.operation, operation))) continue;
      yield draft(statement, operation.at, disabled, `Leaves ${disabled} disabled.`);
    }
  },
  examples: {
    bad: [
      { head: { 'migrations/2_b.sql': 'alter table users «disable trigger all»;\nupdate users set a = 1 where b;' } },
      {
        title: 'another table, or another trigger, is enabled',
        head: {
          'migrations/2_b.sql':
            'alter table users «disable trigger audit»;\nalter table orders «disable trigger user»;\nalter table orders enable trigger audit;\nalter table users enable trigger other;',
        },
      },
      {
        title: 'for the whole session',
        head: {
          'migrations/2_b.sql': "«set session_replication_role = 'replica'»;\ninsert into users (id) values (1);",
        },
      },
    ],
    good: [
      {
        head: {
          'migrations/2_b.sql':
            'alter table users disable trigger all;\nupdate users set a = 1 where b;\nalter table users enable trigger all;\nalter table users disable trigger audit;\nalter table users enable trigger audit;',
        },
      },
      {
        title: 'everything that is enabled includes the one',
        head: {
          'migrations/2_b.sql':
            'alter table app.users disable trigger "Audit";\nalter table users enable trigger user;',
        },
      },
      {
        title: 'a table that this very migration made',
        head: { 'migrations/2_b.sql': 'create table t (id int);\nalter table t disable trigger all;' },
      },
      {
        title: 'for the transaction, or until it is set back',
        head: {
          'migrations/2_b.sql': 'begin;\nset local session_replication_role = replica;\ncommit;',
          'migrations/3_c.sql': 'set session_replication_role = replica;\nset session_replication_role = default;',
          'migrations/4_d.sql':
            'set session_replication_role to replica;\nreset all;\nset session_replication_role = origin;',
        },
      },
    ],
  },
});

/** What an operation turns off, for people. */
function told(operation: Operation, statement: JudgedStatement): string | undefined {
  if (operation.kind === 'disable trigger') {
    if (statement.fresh(operation.table)) return undefined;
    const table = printName(operation.table);
    return operation.many
      ? `${operation.trigger === 'all' ? 'all' : "the user's"} triggers of ${table}`
      : `trigger ${printIdentifier(operation.trigger)} of ${table}`;
  }
  // SET LOCAL ends with its transaction.
  return operation.kind === 'set' &&
    operation.setting === 'session_replication_role' &&
    /^'?replica'?$/i.test(operation.value ?? '')
    ? 'all triggers of the session'
    : undefined;
}

function restores(later: Operation, disabled: Operation): boolean {
  if (disabled.kind === 'disable trigger') {
    return (
      later.kind === 'enable trigger' &&
      sameName(later.table, disabled.table) &&
      (later.many || later.trigger === disabled.trigger)
    );
  }
  if (later.kind === 'reset') return later.setting === 'all' || later.setting === 'session_replication_role';
  return later.kind === 'set' && later.setting === 'session_replication_role' && !/replica/i.test(later.value ?? '');
}
