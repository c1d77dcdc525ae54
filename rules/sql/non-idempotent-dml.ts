import { defineRule } from '../../src/core/rule.ts';
import { printColumn } from '../../src/facts/sql/name.ts';
import { driftsBy } from '../../src/facts/sql/second-run/data.ts';
import { secondRuns } from '../../src/facts/sql/second-run.ts';
import { draftOf } from './_second-run.ts';

export default defineRule({
  id: 'sql/non-idempotent-dml',
  title: 'Update values so that a second run changes nothing',
  why: 'When a migration that stopped half-way runs again, it counts once more, flips back, appends or converts a second time: it fails, or nobody notices.',
  instead:
    'Add a WHERE that tests the old value, or compute the new one from what the update does not change; in ALTER COLUMN TYPE ... USING cast the column to its old type first.',
  severity: 'info',
  sources: ['https://www.postgresql.org/docs/current/sql-update.html'],
  options: (z) => z.strictObject({}),
  over: secondRuns,
  untilApplied: true,
  *check(run) {
    const { operation, outcome } = run;
    if (outcome.kind !== 'drift') return;
    const what = driftsBy(operation) ?? '';
    if (operation.kind === 'alter column type') {
      const column = printColumn(operation.table, operation.column);
      yield draftOf(run, column, `Converts column ${column} with an expression that expects the type it had before.`);
    } else if (operation.kind !== 'update')
      yield draftOf(run, what, `Calls ${what}, which gives another value each time.`);
    else {
      const column = printColumn(operation.table, what);
      yield draftOf(run, column, `Updates column ${column} to another value each time.`);
    }
  },
  examples: {
    bad: [
      {
        head: {
          'migrations/2_b.sql':
            "«update users set visits = visits + 1»;\n«update users set active = not active where id > 5»;\n«select nextval('ids')»;",
        },
      },
      {
        title: 'what grows, what is random, and what is swapped',
        head: {
          'migrations/2_b.sql':
            "«update t set tags = array_append(tags, 'x')»;\n«update t set name = 'Dr. ' || t.name where name <> ''»;\n«update t set token = gen_random_uuid()»;\n«update t set a = b, b = a»;".replace(
              " where name <> ''",
              '',
            ),
        },
      },
      {
        title: 'a conversion that the new type does not bear',
        head: {
          'migrations/2_b.sql':
            "alter table t «alter column sort type sort_type using case sort when 0 then 'hot'::sort_type else 'new'::sort_type end»;\nalter table t «alter column at type timestamptz using to_timestamp(at)»;",
        },
      },
    ],
    good: [
      {
        title: 'conversions that cast',
        head: {
          'migrations/2_b.sql':
            "alter table t alter column a type mood using a::text::mood, alter column b type int using (b), alter column c type timestamptz using c at time zone 'UTC', alter column d type text using lower(d);",
        },
      },
      {
        title: 'values that settle',
        head: {
          'migrations/2_b.sql':
            "update t set name = lower(trim(name));\nupdate t set a = coalesce(a, 0), b = a + 1;\nupdate t set data = data - 'old', total = price * amount;\nupdate t set data = jsonb_set(data, '{a}', '1');",
        },
      },
      {
        title: 'the old value is tested',
        head: {
          'migrations/2_b.sql':
            "update t set token = gen_random_uuid() where token is null;\nupdate t set url = 'https://' || url where url not like 'https://%';",
        },
      },
      {
        title: 'of a table that the second run makes anew',
        head: { 'migrations/2_b.sql': 'create temporary table t as select 1 as n;\nupdate t set n = n + 1;' },
      },
    ],
  },
});
