import { defineRule } from '../../src/core/rule.ts';
import { schemaBefore } from '../../src/facts/schema/schema.ts';
import { printName, sameName } from '../../src/facts/sql/name.ts';
import { readsRows } from '../../src/facts/sql/rewrites.ts';
import type { Statement } from '../../src/facts/sql/statement.ts';
import { statements } from '../../src/facts/sql/statements.ts';
import { draft, runningInFile } from './_running.ts';

export default defineRule({
  id: 'sql/combine-alter-table',
  title: 'Combine changes of one table that each read all its rows',
  why: 'Each ALTER TABLE of this kind reads or rewrites the whole table under a lock; in one statement PostgreSQL does it once.',
  instead: 'Write the actions behind each other in one ALTER TABLE, with commas between them.',
  severity: 'info',
  sources: ['https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-NOTES'],
  options: (z) => z.strictObject({}),
  over: statements,
  untilApplied: true,
  async *check(statement, context) {
    const first = statement.operations[0]!;
    if (!('tableIfExists' in first) || !areCombinable(statement) || statement.fresh(first.table)) return;
    const steps = await runningInFile(statement, context);
    const before = steps.find(({ by }) => by.index === statement.index - 1)?.by;
    const other = before?.operations[0];
    if (
      !before ||
      !other ||
      !('tableIfExists' in other) ||
      !areCombinable(before) ||
      before.transaction.id !== statement.transaction.id
    )
      return;
    if (!sameName(other.table, first.table) || other.only !== first.only || other.tableIfExists !== first.tableIfExists)
      return;
    for (const one of [before, statement]) {
      const schema = await schemaBefore(context.head, { ...statement, index: one.index });
      if (!one.operations.some((operation) => readsRows(operation, schema))) return;
    }
    const table = printName(first.table);
    const text = (await context.head.read(statement.path)) ?? '';
    const [end, start] = [before.range[1], first.at[0]];
    // A comment or a runner's own line between them would be lost.
    const plain = /^\s*;\s*$/.test(text.slice(end, statement.range[0]));
    const fix = plain ? { title: 'Join them with a comma', at: [end, start] as const, text: ', ' } : undefined;
    yield draft(
      statement,
      statement.range,
      table,
      `Reads all rows of ${table} a second time, which the statement before it could do as well.`,
      fix,
    );
  },
  examples: {
    bad: [
      {
        head: {
          'migrations/1_a.sql': 'create table users (a int, b int);',
          'migrations/2_b.sql':
            'alter table users alter a type bigint;\n«alter table users alter column b set not null»;\n',
        },
        fixed: { 'migrations/2_b.sql': 'alter table users alter a type bigint, alter column b set not null;\n' },
      },
      {
        title: 'three of them',
        head: {
          'migrations/2_b.sql':
            'alter table only app.t add check (a > 0);\n«alter table only app.t add constraint c check (b > 0), add d int»;\n«alter table only app.t add e uuid default gen_random_uuid()»;',
        },
        fixed: {
          'migrations/2_b.sql':
            'alter table only app.t add check (a > 0), add constraint c check (b > 0), add d int, add e uuid default gen_random_uuid();',
        },
      },
      {
        title: 'with a comment between them',
        head: {
          'migrations/2_b.sql': 'alter table t alter a set not null;\n-- and b\n«alter table t alter b set not null»;',
        },
      },
    ],
    good: [
      {
        title: 'changes that read no rows',
        head: {
          'migrations/2_b.sql':
            "alter table t add a int;\nalter table t add b text default 'x';\nalter table t alter c drop not null;\nalter table t add constraint d foreign key (e) references f not valid;",
        },
      },
      {
        title: 'only one of them does, or they are of different tables',
        head: {
          'migrations/2_b.sql':
            'alter table t add a int;\nalter table t alter b set not null;\nalter table u alter b set not null;\nalter table only u alter c set not null;',
        },
      },
      {
        title: 'a longer varchar is a longer varchar without a look at the rows',
        head: {
          'migrations/1_a.sql': 'create table users (a varchar(20), b varchar(20));',
          'migrations/2_b.sql': 'alter table users alter a type varchar(255);\nalter table users alter b type text;',
        },
      },
      {
        title: 'a check that is proved later shall be a step of its own',
        head: {
          'migrations/2_b.sql':
            'alter table t add constraint c check (a is not null) not valid;\nalter table t validate constraint c;\nalter table t alter a set not null;',
        },
      },
      {
        title: 'a new table; two transactions; something between them',
        head: {
          'migrations/2_b.sql':
            'create table n (a int);\nalter table n alter a type bigint;\nalter table n alter a set not null;\nalter table t alter a set not null;\nupdate t set b = 1 where b is null;\nalter table t alter b set not null;',
          'migrations/3_c.sql':
            'begin;\nalter table t alter a set not null;\ncommit;\nbegin;\nalter table t alter b set not null;\ncommit;',
        },
      },
    ],
  },
});

/** Actions of ALTER TABLE that may stand beside others. */
const areCombinable = ({ operations, within }: Statement): boolean =>
  within === undefined &&
  operations.every(
    (operation) =>
      'tableIfExists' in operation &&
      operation.object === 'table' &&
      !/^(?:validate|attach|detach)/.test(operation.kind),
  );
