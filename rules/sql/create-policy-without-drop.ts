import { defineRule } from '../../src/core/rule.ts';
import { printIdentifier, printName } from '../../src/facts/sql/name.ts';
import { secondRuns } from '../../src/facts/sql/second-run.ts';
import { before, draftOf } from './_second-run.ts';

export default defineRule({
  id: 'sql/create-policy-without-drop',
  title: 'Drop a policy if it exists before creating it',
  why: 'CREATE POLICY knows neither IF NOT EXISTS nor OR REPLACE: when a migration that stopped half-way runs again, it fails here with "policy already exists".',
  instead: 'Write DROP POLICY IF EXISTS with the same name and table just before it, in the same transaction.',
  severity: 'warning',
  sources: ['https://www.postgresql.org/docs/current/sql-createpolicy.html'],
  options: (z) => z.strictObject({}),
  over: secondRuns,
  untilApplied: true,
  *check(run) {
    const { operation, outcome } = run;
    if (operation.kind !== 'create policy' || outcome.kind !== 'exists') return;
    const [policy, table] = [printIdentifier(operation.name.name), printName(operation.table)];
    const message = `Creates policy ${policy} on ${table}, which fails when the migration runs again.`;
    yield draftOf(
      run,
      `${policy} on ${table}`,
      message,
      before(run, 'Drop the policy first', `DROP POLICY IF EXISTS ${policy} ON ${table}`),
    );
  },
  examples: {
    bad: [
      {
        head: { 'migrations/2_b.sql': '«create policy "Own rows" on notes for select using (true)»;' },
        fixed: {
          'migrations/2_b.sql':
            'DROP POLICY IF EXISTS "Own rows" ON notes;\ncreate policy "Own rows" on notes for select using (true);',
        },
      },
      {
        title: 'a drop of another policy, and one that comes after under another name',
        head: {
          'migrations/2_b.sql':
            'drop policy if exists p on other;\n«create policy p on app.notes using (true)»;\ndrop policy if exists q on app.notes;',
        },
        fixed: {
          'migrations/2_b.sql':
            'drop policy if exists p on other;\nDROP POLICY IF EXISTS p ON app.notes;\ncreate policy p on app.notes using (true);\ndrop policy if exists q on app.notes;',
        },
      },
      {
        title: 'inside a DO block, on a line of its own',
        head: { 'migrations/2_b.sql': 'do $$ begin\n  «create policy p on notes using (true)»;\nend $$;' },
        fixed: {
          'migrations/2_b.sql':
            'do $$ begin\n  DROP POLICY IF EXISTS p ON notes;\n  create policy p on notes using (true);\nend $$;',
        },
      },
    ],
    good: [
      { head: { 'migrations/2_b.sql': 'drop policy if exists p on notes;\ncreate policy p on notes using (true);' } },
      {
        title: 'on a table that the second run makes anew',
        head: {
          'migrations/2_b.sql':
            'drop table if exists notes;\ncreate table notes (id int);\ncreate policy p on notes using (true);',
        },
      },
      {
        title: 'behind a look into the catalogue',
        head: {
          'migrations/2_b.sql':
            "do $$ begin\n  if not exists (select 1 from pg_policies where policyname = 'p' and tablename = 'notes') then\n    create policy p on notes using (true);\n  end if;\nend $$;",
        },
      },
      {
        title: 'with a handler for the second time',
        head: {
          'migrations/2_b.sql':
            'do $$ begin\n  create policy p on notes using (true);\nexception when duplicate_object then null;\nend $$;',
        },
      },
    ],
  },
});
