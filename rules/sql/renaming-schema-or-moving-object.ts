import { defineRule } from '../../src/core/rule.ts';
import { printIdentifier, printName, sameName } from '../../src/facts/sql/name.ts';
import type { Rename, SetSchema } from '../../src/facts/sql/operation.ts';
import type { JudgedStatement } from '../../src/facts/sql/statement.ts';
import { statements } from '../../src/facts/sql/statements.ts';
import { draft, running, runningInFile } from './_running.ts';

export default defineRule({
  id: 'sql/renaming-schema-or-moving-object',
  title: 'Do not move what running code finds under its schema',
  why: 'Queries, functions and policies that write the schema before the name fail from that moment on, and a search_path without the new schema finds nothing.',
  instead:
    'Leave a view with the old name behind, or add the new schema to every search_path first and move in a later release.',
  severity: 'error',
  sources: ['https://www.postgresql.org/docs/current/sql-alterschema.html'],
  options: (z) => z.strictObject({}),
  over: statements,
  untilApplied: true,
  async *check(statement, context) {
    for (const { operation } of running(statement)) {
      if ((operation.kind !== 'rename schema' && operation.kind !== 'set schema') || isFresh(operation, statement))
        continue;
      const name = printName(operation.name);
      const steps = await runningInFile(statement, context);
      const back =
        operation.kind === 'set schema' && operation.object === 'extension' ? 'create extension' : 'create view';
      if (steps.some(({ operation: made }) => made.kind === back && sameName(made.name, operation.name))) continue;
      if (!('schema' in operation)) {
        yield draft(
          statement,
          operation.at,
          `schema ${name}`,
          `Renames schema ${name} to ${printIdentifier(operation.to)}.`,
        );
        continue;
      }
      const what = `${operation.object} ${name}`;
      const made = draft(
        statement,
        operation.at,
        what,
        `Moves ${what} to schema ${printIdentifier(operation.schema)}.`,
      );
      // What is found through search_path on most servers, and moved because a platform asks for it.
      yield operation.object === 'extension' ? { ...made, atMost: 'warning' } : made;
    }
  },
  examples: {
    bad: [
      { head: { 'migrations/2_b.sql': 'alter schema app «rename to shop»;' } },
      {
        title: 'objects of every kind',
        head: {
          'migrations/2_b.sql':
            'alter table users «set schema app»;\nalter function app.f(int) «set schema "Internal"»;\nalter type mood «set schema app»;\nalter extension pg_net «set schema extensions»;',
        },
      },
    ],
    good: [
      {
        title: 'what this very migration made',
        head: {
          'migrations/2_b.sql':
            'create schema a;\nalter schema a rename to b;\ncreate table t (id int);\nalter table t set schema app;\ncreate type m as enum ();\nalter type m set schema app;\ncreate function f() returns int language sql as $$ select 1 $$;\nalter function f() set schema app;\ncreate extension pg_net;\nalter extension pg_net set schema extensions;',
        },
      },
      {
        title: 'a view stays behind',
        head: {
          'migrations/2_b.sql':
            'alter table public.users set schema app;\ncreate view public.users as select id, email from app.users;',
        },
      },
      {
        title: 'a setting with a similar name',
        head: { 'migrations/2_b.sql': 'set search_path = app;\nalter role r set search_path = app, public;' },
      },
    ],
  },
});

function isFresh({ kind, object, name }: Rename | SetSchema, { fresh }: JudgedStatement): boolean {
  if (kind !== 'set schema') return fresh(name, 'schema');
  if (object === 'type' || object === 'domain') return fresh(name, 'type');
  if (['function', 'procedure', 'routine', 'aggregate'].includes(object)) return fresh(name, 'function');
  return fresh(name);
}
