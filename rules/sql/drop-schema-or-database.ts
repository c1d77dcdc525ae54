import { defineRule } from '../../src/core/rule.ts';
import { printName } from '../../src/facts/sql/name.ts';
import type { Operation } from '../../src/facts/sql/operation.ts';
import { statements } from '../../src/facts/sql/statements.ts';
import { draft, running } from './_running.ts';

export default defineRule({
  id: 'sql/drop-schema-or-database',
  title: 'Do not drop a schema or a database in a migration',
  why: 'Everything in it is gone for good, also what other people and other services have put there.',
  instead: 'Drop by name what your migrations made, and leave the empty rest to somebody who looks at it first.',
  severity: 'error',
  sources: ['squawk/ban-drop-database', 'https://www.postgresql.org/docs/current/sql-dropschema.html'],
  options: (z) => z.strictObject({}),
  over: statements,
  untilApplied: true,
  *check(statement) {
    for (const { operation } of running(statement)) {
      const dropped = whole(operation);
      if (!dropped || (operation.kind === 'drop schema' && statement.fresh(operation.name, 'schema'))) continue;
      const made = draft(statement, operation.at, dropped.name, `Drops ${dropped.name}${dropped.with}.`);
      // Without CASCADE PostgreSQL drops only what is empty.
      yield dropped.with === '' ? { ...made, atMost: 'warning' } : made;
    }
  },
  examples: {
    bad: [
      { head: { 'migrations/2_b.sql': '«drop schema app cascade»;' } },
      {
        title: 'an empty one: worth a look, no more',
        head: { 'migrations/2_b.sql': 'drop schema if exists «app», «"Old"»;' },
      },
      {
        title: 'a database, a tablespace, whatever a role owns',
        head: {
          'migrations/2_b.sql':
            '«drop database shop with (force)»;\n«drop tablespace fast»;\n«drop owned by old_role cascade»;',
        },
      },
    ],
    good: [
      {
        title: 'a schema that this very migration made',
        head: { 'migrations/2_b.sql': 'create schema staging;\ndrop schema staging cascade;' },
      },
      {
        title: 'things in a schema, and things with such a name',
        head: {
          'migrations/2_b.sql':
            "drop view app.schema;\ndrop table schema;\ncomment on schema app is 'drop schema app cascade';",
        },
      },
      {
        title: 'the way back, and a function that is only made here',
        head: {
          'db/migrations/2_b.sql':
            '-- migrate:up\ncreate function f() returns void language sql as $$ drop schema app cascade $$;\n-- migrate:down\ndrop schema app cascade;\n',
        },
      },
    ],
  },
});

function whole(operation: Operation): { readonly name: string; readonly with: string } | undefined {
  switch (operation.kind) {
    case 'drop schema':
      return { name: `schema ${printName(operation.name)}`, with: operation.cascade ? ' and everything in it' : '' };
    case 'drop database':
      return { name: `database ${printName(operation.name)}`, with: ' with all its data' };
    case 'drop tablespace':
      return { name: `tablespace ${printName(operation.name)}`, with: '' };
    case 'drop owned':
      return { name: `everything that role ${printName(operation.name)} owns`, with: ' in this database' };
    default:
      return undefined;
  }
}
