import { defineRule } from '../../src/core/rule.ts';
import { printIdentifier, printName } from '../../src/facts/sql/name.ts';
import { secondRuns } from '../../src/facts/sql/second-run.ts';
import { before, behind, draftOf, insert } from './_second-run.ts';

/** The first version of PostgreSQL with CREATE OR REPLACE TRIGGER. */
const REPLACES = 14;

export default defineRule({
  id: 'sql/create-trigger-without-replace',
  title: 'Create a trigger with OR REPLACE, or drop it first',
  why: 'When a migration that stopped half-way runs again, it fails here with "trigger already exists".',
  instead:
    'Write CREATE OR REPLACE TRIGGER (from PostgreSQL 14 on), or DROP TRIGGER IF EXISTS before it: a constraint trigger cannot be replaced.',
  severity: 'warning',
  sources: ['https://www.postgresql.org/docs/current/sql-createtrigger.html'],
  options: (z) => z.strictObject({}),
  over: secondRuns,
  untilApplied: true,
  *check(run) {
    const { operation, outcome, statement } = run;
    if (operation.kind !== 'create trigger' || outcome.kind !== 'exists') return;
    const [trigger, table] = [printIdentifier(operation.name.name), printName(operation.table)];
    const replaces = !operation.constraint && (statement.migration?.folder.postgres ?? REPLACES) >= REPLACES;
    const fix = replaces
      ? insert(run, 'Add OR REPLACE', { at: behind(run, /create/), text: 'OR REPLACE ' })
      : before(run, 'Drop the trigger first', `DROP TRIGGER IF EXISTS ${trigger} ON ${table}`);
    yield draftOf(
      run,
      `${trigger} on ${table}`,
      `Creates trigger ${trigger} on ${table}, which fails when the migration runs again.`,
      fix,
    );
  },
  examples: {
    bad: [
      {
        head: {
          'migrations/2_b.sql': '«create trigger touch before update on notes for each row execute function touch()»;',
        },
        fixed: {
          'migrations/2_b.sql':
            'create OR REPLACE trigger touch before update on notes for each row execute function touch();',
        },
      },
      {
        title: 'a constraint trigger, and a trigger before PostgreSQL 14',
        head: {
          'migrations/2_b.sql':
            '«create constraint trigger c after insert on app."Notes" deferrable for each row execute function f()»;',
        },
        fixed: {
          'migrations/2_b.sql':
            'DROP TRIGGER IF EXISTS c ON app."Notes";\ncreate constraint trigger c after insert on app."Notes" deferrable for each row execute function f();',
        },
      },
      {
        declared: { migrations: [{ layout: 'plain', dir: 'migrations', postgres: 13 }] },
        head: { 'migrations/2_b.sql': 'select 1; «create trigger t before insert on notes execute function f()»;' },
        fixed: {
          'migrations/2_b.sql':
            'select 1; DROP TRIGGER IF EXISTS t ON notes; create trigger t before insert on notes execute function f();',
        },
      },
    ],
    good: [
      { head: { 'migrations/2_b.sql': 'create or replace trigger t before insert on notes execute function f();' } },
      {
        title: 'dropped before, alone or with its function or its table',
        head: {
          'migrations/2_b.sql':
            "drop trigger if exists t on notes;\ncreate trigger t before insert on notes execute function f();\ndrop function if exists g() cascade;\ncreate function g() returns trigger language plpgsql as 'begin return new; end';\ncreate trigger u before insert on notes execute function g();\ndrop table if exists logs;\ncreate table logs (id int);\ncreate trigger t before insert on logs execute function f();",
        },
      },
    ],
  },
});
