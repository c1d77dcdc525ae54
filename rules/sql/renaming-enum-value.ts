import { defineRule } from '../../src/core/rule.ts';
import { printName } from '../../src/facts/sql/name.ts';
import { statements } from '../../src/facts/sql/statements.ts';
import { draft, running } from './_running.ts';

export default defineRule({
  id: 'sql/renaming-enum-value',
  title: 'Do not rename an enum value that running code uses',
  why: 'From the moment the migration commits, every query with the old value fails, and readers meet a value that they do not know.',
  instead: 'Add the new value, deploy code that knows both, move the rows, and leave the old value unused.',
  severity: 'error',
  sources: ['https://www.postgresql.org/docs/current/sql-altertype.html'],
  options: (z) => z.strictObject({}),
  over: statements,
  untilApplied: true,
  *check(statement) {
    for (const { operation } of running(statement)) {
      if (operation.kind !== 'rename enum value' || !operation.on || statement.fresh(operation.on, 'type')) continue;
      const type = printName(operation.on);
      const [old, now] = [`'${operation.name.name}'`, `'${operation.to}'`];
      yield draft(statement, operation.at, `${type} ${old}`, `Renames value ${old} of ${type} to ${now}.`);
    }
  },
  examples: {
    bad: [
      { head: { 'migrations/2_b.sql': "alter type mood «rename value 'ok' to 'fine'»;" } },
      {
        title: 'inside a DO block',
        head: { 'migrations/2_b.sql': "do $$ begin\n  alter type app.\"Mood\" «rename value 'A' to 'B'»;\nend $$;" },
      },
    ],
    good: [
      { head: { 'migrations/2_b.sql': "alter type mood add value 'fine';" } },
      {
        title: 'a type that this very migration made',
        head: { 'migrations/2_b.sql': "create type mood as enum ('a');\nalter type mood rename value 'a' to 'b';" },
      },
      {
        title: 'the type itself',
        head: { 'migrations/2_b.sql': 'alter type mood rename to temper;\nalter type t rename attribute a to b;' },
      },
    ],
  },
});
