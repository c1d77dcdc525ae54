import { defineRule } from '../../src/core/rule.ts';
import { schemaAfter, schemaBefore } from '../../src/facts/schema/schema.ts';
import { lossOf, succeeds } from '../../src/facts/sql/lost.ts';
import { printName } from '../../src/facts/sql/name.ts';
import type { Drop, Operation } from '../../src/facts/sql/operation.ts';
import type { JudgedStatement } from '../../src/facts/sql/statement.ts';
import { statements } from '../../src/facts/sql/statements.ts';
import { draft, running, runningInFile } from './_running.ts';

export default defineRule({
  id: 'sql/drop-programmable-object',
  title: 'Do not drop a view, function, trigger, policy, type or extension that nothing replaces',
  why: 'Queries that name it fail at once; without a policy rows are hidden or open to all, and without a trigger what it kept true is no longer kept.',
  instead:
    'Create its successor in the same migration, or drop it only once no running code needs it, with an allow that says so.',
  severity: 'warning',
  sources: ['https://www.postgresql.org/docs/current/sql-droppolicy.html'],
  options: (z) => z.strictObject({}),
  over: statements,
  untilApplied: true,
  async *check(statement, context) {
    for (const { operation } of running(statement)) {
      if (!isDropped(operation) || isFresh(operation, statement)) continue;
      const steps = await runningInFile(statement, context);
      const before = await schemaBefore(context.head, statement, operation);
      const end = await schemaAfter(context.head, { ...statement, index: steps.at(-1)?.by.index ?? statement.index });
      const loss = lossOf(operation, before, end);
      const known = operation.on !== undefined && before.policy(operation.on, operation.name.name) !== undefined;
      if (loss === undefined || (!known && steps.some((step) => succeeds(step, operation)))) continue;
      if (operation.object === 'type' && !operation.cascade && steps.some((step) => ENDS_USE.has(step.operation.kind)))
        continue;
      const on = operation.on ? ` on ${printName(operation.on)}` : '';
      const what = `${operation.object} ${printName(operation.name)}${on}`;
      const made = draft(statement, operation.at, what, `Drops ${what}, and ${loss}.`);
      // Nothing in the database uses it any more, or PostgreSQL would keep it.
      yield operation.object === 'type' && !operation.cascade ? { ...made, atMost: 'info' } : made;
    }
  },
  examples: {
    bad: [
      {
        head: {
          'migrations/2_b.sql':
            '«drop view active_users»;\n«drop function app.f(int)»;\n«drop policy "Own rows" on notes»;\n«drop trigger t on notes»;',
        },
      },
      {
        title: 'each of several; what is created is something else',
        head: {
          'migrations/2_b.sql':
            'drop materialized view «a», «app."B"»;\ncreate materialized view c as select 1;\n«drop policy p on notes»;\ncreate policy p on other using (true);\n«drop extension pg_net»;\n«drop type mood»;',
        },
      },
      {
        title: 'the last policy for a command, although one for another command comes',
        head: {
          'supabase/migrations/1_a.sql':
            'create table notes (id int);\nalter table notes enable row level security;\ncreate policy "Own rows" on notes for select using (true);\ncreate function f() returns int language sql as $$ select 1 $$;',
          'supabase/migrations/2_b.sql':
            '«drop policy if exists "Own rows" on notes»;\ncreate policy "Add rows" on notes for insert with check (true);\n«drop function if exists f»;',
        },
      },
    ],
    good: [
      {
        title: 'made anew, also with other arguments',
        head: {
          'migrations/2_b.sql':
            'drop view v;\ncreate view v as select 1;\ndrop function if exists f(int);\ncreate function app.f(a int, b text) returns int language sql as $$ select 1 $$;\ndrop trigger if exists t on notes;\ncreate trigger t after insert on notes for each row execute function f();\ndrop extension vector;\ncreate extension vector schema extensions;',
        },
      },
      {
        title: 'policies and triggers that others take the place of',
        head: {
          'migrations/2_b.sql':
            'create policy "Members read" on notes for select using (true);\ndrop policy "Own rows" on notes;\ndrop policy if exists older on public.notes;\ndrop trigger a on notes;\ncreate trigger b after update on notes for each row execute function f();',
        },
      },
      {
        title: 'their table goes too; a view becomes a table; an enum is swapped',
        head: {
          'migrations/2_b.sql':
            'drop trigger t on notes;\ndrop policy p on notes;\ndrop table notes;\ndrop view totals;\ncreate table totals (id int);\nalter type mood rename to mood_old;\nalter type mood_new rename to mood;\ndrop type mood_old;',
        },
      },
      {
        title: 'others do what it did: a policy for all commands, a function with other arguments',
        head: {
          'supabase/migrations/1_a.sql':
            'create table notes (id int);\nalter table notes enable row level security;\ncreate policy a on notes for select using (true);\ncreate policy b on notes using (true);\ncreate function f(x int) returns int language sql as $$ select 1 $$;\ncreate function f(x text) returns int language sql as $$ select 1 $$;',
          'supabase/migrations/2_b.sql': 'drop policy a on notes;\ndrop function f(int);',
        },
      },
      {
        title: 'nothing is lost: it was never there, or is not there any more; the function of a trigger that is gone',
        head: {
          'supabase/migrations/1_a.sql':
            'create table notes (id int);\ncreate view v as select 1;\ncreate function f() returns trigger language plpgsql as $$ begin return new; end $$;',
          'supabase/migrations/2_b.sql':
            'drop policy if exists "Old name" on notes;\ndrop view if exists w;\ndrop trigger if exists t on notes;\ndrop function if exists g(int);\ndrop function f();',
        },
      },
      {
        title: 'a type, once the column that had it is gone',
        head: { 'migrations/2_b.sql': 'alter table notes drop column mood;\ndrop type mood;' },
      },
      {
        title: 'what this very migration made',
        head: {
          'migrations/2_b.sql':
            'create function f() returns int language sql as $$ select 1 $$;\nselect f();\ndrop function f();\ncreate type t as enum ();\ndrop type t;\ncreate table n (id int);\ndrop trigger if exists x on n;',
        },
      },
      {
        title: 'in the way back, and in a DO block that makes it anew',
        head: {
          'db/migrations/2_b.sql': '-- migrate:up\ncreate view v as select 1;\n-- migrate:down\ndrop view v;\n',
          'db/migrations/3_c.sql':
            '-- migrate:up\ndrop policy p on notes;\ndo $$ begin create policy p on notes using (true); end $$;\n',
        },
      },
    ],
  },
});

const OBJECTS: ReadonlySet<string> = new Set(['view', 'materialized view', 'function', 'procedure', 'routine', 'aggregate', 'trigger', 'policy', 'type', 'domain', 'extension', 'rule', 'event trigger']); // prettier-ignore
/** What takes a type out of use: PostgreSQL keeps it for as long as anything needs it. */
const ENDS_USE: ReadonlySet<string> = new Set(['drop table', 'drop column', 'alter column type']);
const ROUTINES: ReadonlySet<string> = new Set(['function', 'procedure', 'routine', 'aggregate']);
const TYPES: ReadonlySet<string> = new Set(['type', 'domain']);

const isDropped = (operation: Operation): operation is Drop =>
  operation.kind.startsWith('drop ') &&
  'object' in operation &&
  'of' in operation &&
  'name' in operation &&
  OBJECTS.has(operation.object);

function isFresh({ object, name, on }: Drop, { fresh }: JudgedStatement): boolean {
  if (on) return fresh(on);
  if (object === 'extension' || object === 'event trigger') return false;
  return fresh(name, ROUTINES.has(object) ? 'function' : TYPES.has(object) ? 'type' : 'relation');
}
