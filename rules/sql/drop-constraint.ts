import { defineRule } from '../../src/core/rule.ts';
import { schemaBefore } from '../../src/facts/schema/schema.ts';
import type { Constraint } from '../../src/facts/sql/column.ts';
import { isNeedless, kindOfDropped } from '../../src/facts/sql/dropped-constraints.ts';
import { printIdentifier, printName } from '../../src/facts/sql/name.ts';
import { statements } from '../../src/facts/sql/statements.ts';
import { draft, running, runningInFile } from './_running.ts';

export default defineRule({
  id: 'sql/drop-constraint',
  title: 'Do not drop a constraint that nothing replaces',
  why: 'From then on rows can come in that the constraint kept out, and it cannot be added again before they are found and mended.',
  instead: 'Add what replaces it in the same migration, before the old one goes.',
  severity: 'warning',
  sources: ['https://www.postgresql.org/docs/current/sql-altertable.html'],
  options: (z) => z.strictObject({}),
  over: statements,
  untilApplied: true,
  async *check(statement, context) {
    for (const { operation } of running(statement)) {
      if (operation.kind !== 'drop constraint' || operation.object !== 'table' || statement.fresh(operation.table))
        continue;
      const steps = await runningInFile(statement, context);
      const table = (await schemaBefore(context.head, statement, operation)).table(operation.table);
      const known = table?.constraints.find(({ name }) => name === operation.constraint);
      if (isNeedless(operation, table, known, steps)) continue;
      const kind = kindOfDropped(operation, known);
      const what = `${kind === undefined ? 'constraint' : WORDS[kind]} ${printIdentifier(operation.constraint)} of ${printName(operation.table)}`;
      yield draft(statement, operation.at, what, `Drops ${what}, and nothing in the file takes its place.`);
    }
  },
  examples: {
    bad: [
      {
        head: {
          'migrations/2_b.sql':
            'alter table orders «drop constraint orders_user_id_fkey», «drop constraint if exists positive»;',
        },
      },
      {
        title: 'of an earlier migration; what is added is of another kind',
        head: {
          'migrations/1_a.sql': 'create table users (id int, email text, constraint one_each unique (email));',
          'migrations/2_b.sql':
            "alter table users «drop constraint one_each»;\nalter table users add constraint at check (email like '%@%');",
        },
      },
    ],
    good: [
      {
        title: 'added again, under its name or another one',
        head: {
          'migrations/2_b.sql':
            'alter table a drop constraint a_b_fkey;\nalter table a add constraint a_b_fkey foreign key (b) references b on delete cascade;\nalter table a drop constraint a_pkey, add constraint a_new_pkey primary key (x);\nalter table a drop constraint a_c_key;\ncreate unique index a_c on a (c) where c is not null;\nalter table d drop constraint d_e_key, add primary key (e);',
        },
      },
      {
        title: 'its column, its table, or the table that it refers to goes too',
        head: {
          'migrations/1_a.sql': 'create table d (id int, e_id int references e);',
          'migrations/2_b.sql':
            'alter table a drop constraint "a_userId_fkey";\nalter table a drop column "userId";\nalter table c drop constraint c_check;\ndrop table c;\nalter table d drop constraint d_e_id_fkey;\ndrop table e;',
        },
      },
      {
        title: 'a check that SET NOT NULL has made needless',
        head: {
          'migrations/1_a.sql':
            'create table users (id int, email text);\nalter table users add constraint proof check (email is not null) not valid;',
          'migrations/2_b.sql':
            'alter table users validate constraint proof;\nalter table users alter email set not null;\nalter table users drop constraint proof;',
        },
      },
      {
        title: 'what this very migration made; a constraint of a domain',
        head: {
          'migrations/2_b.sql':
            'create table t (a int unique);\nalter table t drop constraint t_a_key;\nalter table u add constraint c check (a > 0);\nalter table u drop constraint c;\nalter domain d drop constraint e;',
        },
      },
    ],
  },
});

const WORDS: Readonly<Record<Constraint['kind'], string>> = {
  'primary key': 'primary key',
  unique: 'unique constraint',
  check: 'check constraint',
  'foreign key': 'foreign key',
  exclude: 'exclusion constraint',
  'not null': 'NOT NULL constraint',
  null: 'constraint',
};
