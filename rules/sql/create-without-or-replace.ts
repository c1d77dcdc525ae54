import { defineRule } from '../../src/core/rule.ts';
import { printName } from '../../src/facts/sql/name.ts';
import { secondRuns } from '../../src/facts/sql/second-run.ts';
import { behind, draftOf, insert, isCreation } from './_second-run.ts';

const KINDS: ReadonlySet<string> = new Set([
  'function',
  'procedure',
  'aggregate',
  'view',
  'rule',
  'transform',
  'language',
]);

export default defineRule({
  id: 'sql/create-without-or-replace',
  title: 'Create functions and views with OR REPLACE',
  why: 'When a migration that stopped half-way runs again, it fails here with "already exists".',
  instead:
    'Write CREATE OR REPLACE. Where the return type, the name of an argument or the columns of a view change, OR REPLACE fails: write DROP ... IF EXISTS before it.',
  severity: 'warning',
  sources: [
    'https://www.postgresql.org/docs/current/sql-createfunction.html',
    'https://www.postgresql.org/docs/current/sql-createview.html',
  ],
  options: (z) => z.strictObject({}),
  over: secondRuns,
  untilApplied: true,
  *check(run) {
    const { operation, outcome } = run;
    if (outcome.kind !== 'exists' || !isCreation(operation) || !KINDS.has(operation.object)) return;
    const on = operation.kind === 'create rule' && operation.on ? ` on ${printName(operation.on)}` : '';
    const what = `${operation.object} ${operation.kind === 'create transform' ? operation.name.name : printName(operation.name)}${on}`;
    yield draftOf(
      run,
      what,
      `Creates ${what} without OR REPLACE.`,
      insert(run, 'Add OR REPLACE', { at: behind(run, /create/), text: 'OR REPLACE ' }),
    );
  },
  examples: {
    bad: [
      {
        head: {
          'migrations/2_b.sql':
            "«create function f(a int) returns int language sql as 'select a'»;\n«create view app.v as select 1 as a»;",
        },
        fixed: {
          'migrations/2_b.sql':
            "create OR REPLACE function f(a int) returns int language sql as 'select a';\ncreate OR REPLACE view app.v as select 1 as a;",
        },
      },
      {
        title: 'a procedure, an aggregate, a recursive view and a rule',
        head: {
          'migrations/2_b.sql':
            "«create procedure p() language sql as 'select 1'»;\n«create aggregate total(int) (sfunc = int4pl, stype = int)»;\n«create recursive view n(i) as values (1)»;\n«create rule r as on delete to t do instead nothing»;",
        },
        fixed: {
          'migrations/2_b.sql':
            "create OR REPLACE procedure p() language sql as 'select 1';\ncreate OR REPLACE aggregate total(int) (sfunc = int4pl, stype = int);\ncreate OR REPLACE recursive view n(i) as values (1);\ncreate OR REPLACE rule r as on delete to t do instead nothing;",
        },
      },
      {
        title: 'a function with other arguments is dropped before',
        head: {
          'migrations/2_b.sql':
            "drop function if exists f(text);\n«create function f(int) returns int language sql as 'select 1'»;",
        },
        fixed: {
          'migrations/2_b.sql':
            "drop function if exists f(text);\ncreate OR REPLACE function f(int) returns int language sql as 'select 1';",
        },
      },
    ],
    good: [
      {
        head: {
          'migrations/2_b.sql':
            "create or replace function f() returns int language sql as 'select 1';\ncreate or replace view v as select 1 as a;",
        },
      },
      {
        title: 'dropped before it is made: with OR REPLACE the type that it returns could not change',
        head: {
          'migrations/2_b.sql':
            "drop function if exists f(integer);\ncreate function f(int4) returns text language sql as 'select 1';\ndrop view v;\ncreate view v as select 2 as b;",
        },
      },
      { title: 'a temporary view', head: { 'migrations/2_b.sql': 'create temporary view v as select 1 as a;' } },
    ],
  },
});
