import { defineRule } from '../../src/core/rule.ts';
import { schemaBefore } from '../../src/facts/schema/schema.ts';
import { takenAlong } from '../../src/facts/sql/dropped-columns.ts';
import { printColumn } from '../../src/facts/sql/name.ts';
import { statements } from '../../src/facts/sql/statements.ts';
import { draft, running, runningInFile } from './_running.ts';

export default defineRule({
  id: 'sql/drop-column-removes-constraint',
  title: 'Drop by name the keys and indexes that a column takes along',
  why: 'PostgreSQL drops every index and constraint that the column is part of without a word, also those that kept other columns unique or fast.',
  instead: 'Drop them by name first, and create what the columns that stay still need.',
  severity: 'warning',
  sources: ['https://www.postgresql.org/docs/current/sql-altertable.html'],
  options: (z) => z.strictObject({}),
  over: statements,
  untilApplied: true,
  async *check(statement, context) {
    for (const { operation } of running(statement)) {
      if (operation.kind !== 'drop column' || operation.object !== 'table' || statement.fresh(operation.table))
        continue;
      const table = (await schemaBefore(context.head, statement, operation)).table(operation.table);
      if (!table) continue;
      const steps = await runningInFile(statement, context);
      const lost = takenAlong(operation, table, steps);
      if (lost.length === 0) continue;
      const column = printColumn(operation.table, operation.column);
      const more = lost.length > 3 ? ` and ${lost.length - 2} more` : '';
      yield draft(
        statement,
        operation.at,
        column,
        `Drops column ${column}, and with it ${lost.slice(0, more ? 2 : 3).join(', ')}${more}.`,
      );
    }
  },
  examples: {
    bad: [
      {
        head: {
          'migrations/1_a.sql':
            'create table orders (id int, tenant int, ref text, primary key (id), unique (tenant, ref));\ncreate index orders_tenant_at on orders (tenant, at);',
          'migrations/2_b.sql': 'alter table orders «drop column tenant», add column x int;',
        },
      },
      {
        title: 'the primary key, and a check of two columns',
        head: {
          'migrations/1_a.sql':
            'create table t (id int primary key, a int, b int, constraint a_before_b check (a < b));',
          'migrations/2_b.sql': 'alter table t «drop column id», «drop column if exists a»;',
        },
      },
    ],
    good: [
      {
        title: 'what was on this column alone',
        head: {
          'migrations/1_a.sql':
            'create table t (a int unique references u, b int check (b > 0));\ncreate index on t (b);',
          'migrations/2_b.sql': 'alter table t drop column a, drop column b;',
        },
      },
      {
        title: 'dropped by name before it, or in the same statement',
        head: {
          'migrations/1_a.sql':
            'create table t (a int, b int, constraint u unique (a, b));\ncreate index t_a_b on t (a, b);',
          'migrations/2_b.sql': 'drop index t_a_b;\nalter table t drop constraint u, drop column a;',
        },
      },
      {
        title: 'all columns go, or a successor comes',
        head: {
          'migrations/1_a.sql':
            'create table t (a int, b int, c int, unique (a, b), primary key (c));\ncreate index t_a_c on t (a, c);',
          'migrations/2_b.sql':
            'alter table t drop column a, drop column b;\ncreate index on t (c);\nalter table t drop column c;\nalter table t add column id int primary key;',
        },
      },
      { title: 'a table that nobody has seen', head: { 'migrations/2_b.sql': 'alter table t drop column a;' } },
    ],
  },
});
