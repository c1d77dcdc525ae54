import { defineRule } from '../../src/core/rule.ts';
import type { Type } from '../../src/facts/sql/column.ts';
import { printIdentifier, printName } from '../../src/facts/sql/name.ts';
import type { CreateTable } from '../../src/facts/sql/operation.ts';
import { pastOf, tableAt, type TablePast } from '../../src/facts/sql/past.ts';
import { statements } from '../../src/facts/sql/statements.ts';
import { draft, running } from './_running.ts';

export default defineRule({
  id: 'sql/if-not-exists-hides-drift',
  title: 'Change a table that exists with ALTER TABLE',
  why: 'CREATE TABLE IF NOT EXISTS looks at the name alone: where the table is there already it does nothing, and code that expects the new columns fails.',
  instead: 'Write ALTER TABLE ... ADD COLUMN IF NOT EXISTS for what is new.',
  severity: 'warning',
  sources: ['https://www.postgresql.org/docs/current/sql-createtable.html'],
  options: (z) => z.strictObject({}),
  over: statements,
  untilApplied: true,
  async *check(statement, { head }) {
    for (const { operation, by } of running(statement)) {
      if (operation.kind !== 'create table' || !operation.ifNotExists || operation.temporary) continue;
      const known = tableAt(await pastOf(head, statement, [operation.name]), operation.name);
      const column = known && differing(operation, known);
      if (column === undefined || by.guards.length > 0) continue;
      const table = printName(operation.name);
      const message = `Leaves table ${table} as it is: it has been made before, ${column}.`;
      yield draft(statement, operation.at, `table ${table}`, message);
    }
  },
  examples: {
    bad: [
      {
        head: {
          'migrations/1_a.sql': 'create table users (id int primary key, name text);',
          'migrations/2_b.sql': '«create table if not exists users (id int primary key, name text, email text)»;',
        },
      },
      {
        title: 'another type; a column that was dropped since',
        head: {
          'migrations/1_a.sql':
            'create table public.orders (id int, total int);\ncreate table if not exists logs (id int, line text);',
          'migrations/2_b.sql': 'alter table logs drop column line;',
          'migrations/3_c.sql':
            '«create table if not exists orders (id int, total numeric(10, 2))»;\n«create table if not exists logs (id integer, line text)»;',
        },
      },
    ],
    good: [
      {
        title: 'the same table, as later migrations have left it',
        head: {
          'migrations/1_a.sql': 'create table users (id int, nam varchar(20));\ncreate table gone (id int);',
          'migrations/2_b.sql':
            'alter table users rename column nam to name;\nalter table users alter column name type text, add column email text;\ndrop table gone;',
          'migrations/3_c.sql':
            'create table if not exists users (id int4, name text);\ncreate table if not exists gone (other text);\ncreate table if not exists new (id int);',
        },
      },
      {
        title: 'a table that is not wholly known',
        head: {
          'migrations/1_a.sql': 'create table a (like b including all);',
          'migrations/2_b.sql': 'create table if not exists a (id int);',
        },
      },
    ],
  },
});

/** The first column that the statement would have and the table has not, in words. Columns that it has beyond them hide nothing. */
function differing({ columns }: CreateTable, { made, columns: known }: TablePast): string | undefined {
  if (made.like.length > 0 || made.inherits.length > 0 || made.ofType || made.partitionOf) return undefined;
  for (const { name, type } of columns) {
    const there = known.get(name);
    if (!there) return `without column ${printIdentifier(name)}`;
    if (!sameType(type, there.type)) return `with another type of column ${printIdentifier(name)}`;
  }
  return undefined;
}

const sameType = (a: Type, b: Type): boolean =>
  a.name === b.name &&
  a.dimensions === b.dimensions &&
  (a.modifiers.length === 0 || a.modifiers.join() === b.modifiers.join());
