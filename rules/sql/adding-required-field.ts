import { defineRule } from '../../src/core/rule.ts';
import { isSerial, type Column } from '../../src/facts/sql/column.ts';
import { printColumn, printName, sameName, type Name } from '../../src/facts/sql/name.ts';
import { statements } from '../../src/facts/sql/statements.ts';
import { draft, running, runningInFile, type Running } from './_running.ts';

export default defineRule({
  id: 'sql/adding-required-field',
  title: 'Give a new NOT NULL column a default, or add it nullable first',
  why: 'PostgreSQL refuses it as soon as the table has a single row: it passes on an empty database and fails in production.',
  instead: 'Add it with a constant DEFAULT, or nullable, fill it, and set NOT NULL afterwards.',
  severity: 'error',
  sources: ['squawk/adding-required-field', 'https://www.postgresql.org/docs/current/sql-altertable.html'],
  options: (z) => z.strictObject({}),
  over: statements,
  untilApplied: true,
  async *check(statement, context) {
    for (const { operation } of running(statement)) {
      if (operation.kind !== 'add column' || operation.object !== 'table' || statement.fresh(operation.table)) continue;
      if (
        !isRequired(operation.column) ||
        isEmptied(operation.table, statement.index, await runningInFile(statement, context))
      )
        continue;
      const [column, table] = [printColumn(operation.table, operation.column.name), printName(operation.table)];
      yield draft(
        statement,
        operation.at,
        column,
        `Adds ${column} as NOT NULL without a default, which fails if ${table} has rows.`,
      );
    }
  },
  examples: {
    bad: [
      { head: { 'migrations/2_b.sql': 'alter table users «add column phone text not null»;' } },
      {
        title: 'a primary key, and a default of NULL',
        head: {
          'migrations/2_b.sql':
            'alter table app."User" «add id uuid primary key», «add column if not exists a int default null not null»;',
        },
      },
      {
        title: 'another table is emptied before',
        head: { 'migrations/2_b.sql': 'delete from sessions;\nalter table users «add column phone text not null»;' },
      },
    ],
    good: [
      {
        title: 'with a default, or nullable at first',
        head: {
          'migrations/2_b.sql':
            "alter table users add column phone text not null default '', add column a text;\nupdate users set a = 'x' where a is null;\nalter table users alter column a set not null;",
        },
      },
      {
        title: 'columns that fill themselves',
        head: {
          'migrations/2_b.sql':
            'alter table users add column n serial not null, add column i bigint generated always as identity, add column g text not null generated always as (a || b) stored;',
        },
      },
      {
        title: 'a table that this very migration made, or has emptied',
        head: {
          'migrations/2_b.sql':
            'create table t (id int);\nalter table t add column a text not null;\ntruncate users;\nalter table users add column phone text not null;\ndelete from app.sessions;\nalter table sessions add column b text not null;',
        },
      },
      { title: 'an attribute of a type', head: { 'migrations/2_b.sql': 'alter type pair add attribute c int;' } },
    ],
  },
});

const isRequired = ({ notNull, type, identity, generated, default: given }: Column): boolean =>
  notNull && !isSerial(type) && identity === undefined && !generated && (!given || given.literal?.kind === 'null');

/** All rows went earlier in the file. */
const isEmptied = (table: Name, before: number, steps: readonly Running[]): boolean =>
  steps.some(({ operation, by }) => {
    if (by.index >= before || (operation.kind !== 'truncate' && operation.kind !== 'delete')) return false;
    return (
      sameName(operation.table, table) &&
      (operation.kind === 'truncate' || !operation.where || operation.where.alwaysTrue())
    );
  });
