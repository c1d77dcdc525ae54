import { defineRule } from '../../src/core/rule.ts';
import { printColumn, printIdentifier, printName } from '../../src/facts/sql/name.ts';
import type { Operation } from '../../src/facts/sql/operation.ts';
import { secondRuns, type SecondRun } from '../../src/facts/sql/second-run.ts';
import { behind, draftOf, insert, type Insertion } from './_second-run.ts';

export default defineRule({
  id: 'sql/drop-without-if-exists',
  title: 'Drop with IF EXISTS',
  why: 'When a migration that stopped half-way runs again, or runs where the object was never made, it fails here with "does not exist".',
  instead: 'Add IF EXISTS; for something that goes with its table, ALTER TABLE IF EXISTS as well.',
  severity: 'warning',
  sources: ['squawk/prefer-robust-stmts', 'https://www.postgresql.org/docs/current/sql-droptable.html'],
  options: (z) => z.strictObject({}),
  over: secondRuns,
  untilApplied: true,
  *check(run) {
    const dropped = run.outcome.kind === 'gone' ? droppedBy(run.operation) : undefined;
    if (!dropped) return;
    const withTable = run.outcome.kind === 'gone' && run.outcome.withTable;
    const what = `${dropped.object} ${dropped.name}`;
    const message = dropped.ifExists
      ? `Drops ${what} without IF EXISTS on its table, which is dropped further down.`
      : `Drops ${what} without IF EXISTS.`;
    yield draftOf(run, what, message, insert(run, 'Add IF EXISTS', ...insertions(run, dropped.ifExists, withTable)));
  },
  examples: {
    bad: [
      {
        head: {
          'migrations/2_b.sql':
            '«drop index users_email»;\nalter table users «drop column email», «drop constraint users_pkey»;',
        },
        fixed: {
          'migrations/2_b.sql':
            'drop index IF EXISTS users_email;\nalter table users drop column IF EXISTS email, drop constraint IF EXISTS users_pkey;',
        },
      },
      {
        title: 'several objects of one statement share one IF EXISTS',
        head: { 'migrations/2_b.sql': 'drop view «a», «app."B"»;\n«drop policy p on notes»;\n«drop function f(int)»;' },
        fixed: {
          'migrations/2_b.sql':
            'drop view IF EXISTS a, app."B";\ndrop policy IF EXISTS p on notes;\ndrop function IF EXISTS f(int);',
        },
      },
      {
        title: 'of a table that is dropped afterwards',
        head: {
          'migrations/2_b.sql':
            'alter table only a «drop constraint a_b_fkey»;\nalter table a «drop column if exists c»;\ndrop table if exists a;',
        },
        fixed: {
          'migrations/2_b.sql':
            'alter table IF EXISTS only a drop constraint IF EXISTS a_b_fkey;\nalter table IF EXISTS a drop column if exists c;\ndrop table if exists a;',
        },
      },
      {
        title: 'an identity, and the constraint of a domain',
        head: {
          'migrations/2_b.sql':
            'alter table t «alter column id drop identity»;\n«alter domain d drop constraint positive»;',
        },
        fixed: {
          'migrations/2_b.sql':
            'alter table t alter column id drop identity IF EXISTS;\nalter domain d drop constraint IF EXISTS positive;',
        },
      },
    ],
    good: [
      {
        head: { 'migrations/2_b.sql': 'drop table if exists users;\nalter table users2 drop column if exists email;' },
      },
      {
        title: 'made in the same file, before the drop or after it',
        head: {
          'migrations/2_b.sql':
            "create table staging (id int);\ndrop table staging;\ndrop view v;\ncreate view v as select 2 as b;\nalter table t drop constraint c, add constraint c check (a > 0);\ncreate type m_new as enum ('a');\nalter type m rename to m_old;\nalter type m_new rename to m;\ndrop type m_old;",
        },
      },
      {
        title: 'a policy, whose table may be missing too',
        head: { 'migrations/2_b.sql': 'drop policy if exists p on t;\ndrop table if exists t;' },
      },
      {
        title: 'behind a look into the catalogue',
        head: {
          'migrations/2_b.sql':
            "do $$ begin\n  if exists (select 1 from pg_class where relname = 'users_email') then\n    drop index users_email;\n  end if;\nend $$;",
        },
      },
      {
        title: 'what has no IF EXISTS',
        head: { 'migrations/2_b.sql': 'alter table users alter column email drop default;\ndrop owned by old_role;' },
      },
    ],
  },
});

interface Dropped {
  readonly object: string;
  readonly name: string;
  readonly ifExists: boolean;
}

function droppedBy(operation: Operation): Dropped | undefined {
  switch (operation.kind) {
    case 'drop column':
      return { object: 'column', name: printColumn(operation.table, operation.column), ifExists: operation.ifExists };
    case 'drop constraint':
      return {
        object: 'constraint',
        name: `${printIdentifier(operation.constraint)} of ${printName(operation.table)}`,
        ifExists: operation.ifExists,
      };
    case 'drop identity':
    case 'drop expression':
      return {
        object: operation.kind.slice('drop '.length),
        name: `of ${printColumn(operation.table, operation.column)}`,
        ifExists: operation.ifExists,
      };
    case 'alter domain':
      return {
        object: 'constraint',
        name: `${printIdentifier(operation.constraintName ?? '')} of ${printName(operation.name)}`,
        ifExists: operation.ifExists,
      };
    default:
      if (!operation.kind.startsWith('drop ') || !('of' in operation) || !('name' in operation)) return undefined;
      return {
        object: operation.object,
        name: printName(operation.name),
        ifExists: 'ifExists' in operation && operation.ifExists,
      };
  }
}

/** Where IF EXISTS goes: before the name, behind IDENTITY and EXPRESSION, and behind ALTER TABLE. */
function insertions(run: SecondRun, ifExists: boolean, withTable: boolean): Insertion[] {
  const { operation, by } = run;
  const own = ((): Insertion => {
    if (operation.kind === 'drop identity' || operation.kind === 'drop expression')
      return { at: operation.at[1], text: ' IF EXISTS' };
    if (operation.kind === 'alter domain') {
      const words = /\sdrop\s+constraint\s+/i.exec(by.text);
      return { at: words ? by.range[0] + words.index + words[0].length : undefined, text: 'IF EXISTS ' };
    }
    // One IF EXISTS speaks for all the objects of a DROP, and stands before the first.
    const first = 'table' in operation ? operation : by.operations[0]!;
    return { at: 'nameAt' in first ? first.nameAt?.[0] : undefined, text: 'IF EXISTS ' };
  })();
  const onTable = withTable && 'tableIfExists' in operation && !operation.tableIfExists;
  const table: Insertion = { at: behind(run, /alter\s+(?:foreign\s+)?table/), text: 'IF EXISTS ' };
  return [...(onTable ? [table] : []), ...(ifExists ? [] : [own])];
}
