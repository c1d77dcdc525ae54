import { defineRule } from '../../src/core/rule.ts';
import { printIdentifier, printName, sameName } from '../../src/facts/sql/name.ts';
import type { Rename } from '../../src/facts/sql/operation.ts';
import { statements } from '../../src/facts/sql/statements.ts';
import { draft, running, runningInFile, type Running } from './_running.ts';
import { pastSemicolon } from './_text.ts';

export default defineRule({
  id: 'sql/renaming-table',
  title: 'Do not rename a table that running code uses',
  why: 'From the moment the migration commits until the last old process has ended, every query with the old name fails; and new code fails until then.',
  instead: 'Create a view with the old name in the same transaction, and drop it when nothing uses it any more.',
  severity: 'error',
  sources: ['squawk/renaming-table', 'https://www.postgresql.org/docs/current/sql-altertable.html'],
  options: (z) => z.strictObject({}),
  over: statements,
  untilApplied: true,
  async *check(statement, context) {
    for (const { operation, by } of running(statement)) {
      if (!RENAMED.has(operation.kind) || !('to' in operation) || statement.fresh(operation.name)) continue;
      if (isTombstone(operation) || isBack(operation, await runningInFile(statement, context))) continue;
      const [old, now] = [printName(operation.name), printName({ ...operation.name, name: operation.to })];
      const end = pastSemicolon((await context.head.read(statement.path)) ?? '', statement.range[1]);
      const version = statement.migration?.folder.postgres ?? 15;
      // Without it the view would read with the rights of its owner, past row-level security.
      const invoker = version >= 15 ? ' WITH (security_invoker = true)' : '';
      const text = `${end === statement.range[1] ? ';' : ''}\nCREATE VIEW ${old}${invoker} AS SELECT * FROM ${now};`;
      const fix =
        operation.kind === 'rename table' && by.within === undefined
          ? { title: 'Keep the old name as a view', at: [end, end] as const, text }
          : undefined;
      yield draft(
        statement,
        operation.at,
        old,
        `Renames ${operation.object} ${old} to ${printIdentifier(operation.to)}.`,
        fix,
      );
    }
  },
  examples: {
    bad: [
      {
        head: { 'migrations/2_b.sql': 'alter table users «rename to people»;\nselect 1;' },
        fixed: {
          'migrations/2_b.sql':
            'alter table users rename to people;\nCREATE VIEW users WITH (security_invoker = true) AS SELECT * FROM people;\nselect 1;',
        },
      },
      {
        title: 'in its schema, without a last semicolon, on an older server',
        declared: { migrations: [{ layout: 'supabase', dir: 'm', postgres: 14 }] },
        head: { 'm/2_b.sql': 'alter table if exists app."User" «rename to users»' },
        fixed: {
          'm/2_b.sql':
            'alter table if exists app."User" rename to users;\nCREATE VIEW app."User" AS SELECT * FROM app.users;',
        },
      },
      {
        title: 'a view',
        head: { 'migrations/2_b.sql': 'alter view v «rename to w»;\nalter materialized view m «rename to n»;' },
      },
    ],
    good: [
      {
        title: 'the old name lives on as a view, or as the table that takes its place',
        head: {
          'migrations/2_b.sql': 'alter table users rename to people;\ncreate view users as select * from people;',
          'migrations/3_c.sql':
            'alter table app.a rename to a_2025;\nalter table app.a_new rename to a;\nalter table b rename to b_2025;\ncreate table b (id int);\ndrop table c;\nalter table c_new rename to c;',
        },
      },
      {
        title: 'a tombstone: it can come back, before it is dropped for good',
        head: {
          'migrations/2_b.sql':
            'alter table users rename to users_old;\nalter table t rename to _deprecated_t;\nalter table v rename to v_to_drop;',
        },
      },
      {
        title: 'a table that this very migration made',
        head: { 'migrations/2_b.sql': 'create table t (a int);\nalter table t rename to u;' },
      },
      {
        title: 'what no query names',
        head: {
          'migrations/2_b.sql':
            'alter index i rename to j;\nalter sequence s rename to t;\nalter table u rename constraint c to d;',
        },
      },
    ],
  },
});

const RENAMED: ReadonlySet<string> = new Set([
  'rename table',
  'rename view',
  'rename materialized view',
  'rename foreign table',
]);
const TOMBSTONE =
  /(?:^|_)(?:old|deprecated|deleted|unused|backup|bak|archived?|tombstone|legacy|(?:to_)?drop(?:ped)?|trash|graveyard)(?:_|\d|$)/i;

/** The new name says that nothing shall use it: the step before it is dropped. */
const isTombstone = ({ name, to }: Rename): boolean => TOMBSTONE.test(to) && !TOMBSTONE.test(name.name);

/** Something has the old name again when the file ends; or this table takes the place of one that the file takes away. */
function isBack({ name, to }: Rename, steps: readonly Running[]): boolean {
  const now = { ...name, name: to };
  return steps.some(({ operation }) => {
    if (RENAMED.has(operation.kind) && 'to' in operation) {
      return sameName({ ...operation.name, name: operation.to }, name) || sameName(operation.name, now);
    }
    if (operation.kind === 'drop table' || operation.kind === 'drop view') return sameName(operation.name, now);
    return (operation.kind === 'create view' || operation.kind === 'create table') && sameName(operation.name, name);
  });
}
