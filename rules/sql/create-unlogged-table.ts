import { defineRule } from '../../src/core/rule.ts';
import { printName, sameName } from '../../src/facts/sql/name.ts';
import { statements } from '../../src/facts/sql/statements.ts';
import { draft, running, runningInFile } from './_running.ts';

export default defineRule({
  id: 'sql/create-unlogged-table',
  title: 'Do not keep data in an unlogged table',
  why: 'PostgreSQL empties it after a crash, and replicas and point-in-time restores never have its rows.',
  instead: 'Leave out UNLOGGED, unless every row can be made again.',
  severity: 'info',
  sources: ['https://www.postgresql.org/docs/current/sql-createtable.html#SQL-CREATETABLE-UNLOGGED'],
  options: (z) => z.strictObject({}),
  over: statements,
  untilApplied: true,
  async *check(statement, context) {
    for (const { operation, by } of running(statement)) {
      if ((operation.kind !== 'create table' && operation.kind !== 'create table as') || !operation.unlogged) continue;
      const { name } = operation;
      const steps = await runningInFile(statement, context);
      const later = steps.slice(steps.findIndex((step) => step.operation === operation) + 1);
      // Scratch data of this very migration, or a load that is logged in the end.
      if (later.some(({ operation: next }) => next.kind === 'drop table' && sameName(next.name, name))) continue;
      if (later.some(({ operation: next }) => next.kind === 'set logged' && sameName(next.table, name))) continue;
      const word = /\bunlogged\s+/i.exec(by.text);
      const start = by.range[0] + (word?.index ?? 0);
      const fix =
        word && by.within === undefined
          ? { title: 'Remove UNLOGGED', at: [start, start + word[0].length] as const, text: '' }
          : undefined;
      yield draft(statement, operation.at, printName(name), `Creates table ${printName(name)} unlogged.`, fix);
    }
  },
  examples: {
    bad: [
      {
        head: { 'migrations/2_b.sql': '«create unlogged table if not exists hits (id int)»;' },
        fixed: { 'migrations/2_b.sql': 'create table if not exists hits (id int);' },
      },
      {
        title: 'from a query',
        head: {
          'migrations/2_b.sql':
            '-- unlogged\n«CREATE UNLOGGED TABLE a AS SELECT 1 AS id»;\n«select * into unlogged app.b from c»;',
        },
        fixed: { 'migrations/2_b.sql': '-- unlogged\nCREATE TABLE a AS SELECT 1 AS id;\nselect * into app.b from c;' },
      },
    ],
    good: [
      { head: { 'migrations/2_b.sql': 'create table hits (id int);\ncreate temp table t (id int);' } },
      {
        title: 'scratch data that the migration drops again, and a load that ends logged',
        head: {
          'migrations/2_b.sql':
            'create unlogged table a (id int);\ninsert into a (id) values (1);\ndrop table a;\ncreate unlogged table b (id int);\nalter table b set logged;',
        },
      },
    ],
  },
});
