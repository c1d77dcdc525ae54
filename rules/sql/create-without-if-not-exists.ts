import { defineRule } from '../../src/core/rule.ts';
import type { Range } from '../../src/core/finding.ts';
import { printColumn, printName } from '../../src/facts/sql/name.ts';
import { secondRuns, type SecondRun } from '../../src/facts/sql/second-run.ts';
import { draftOf, insert, isCreation } from './_second-run.ts';

/** The kinds for which the grammar has IF NOT EXISTS. */
const KINDS: ReadonlySet<string> = new Set(
  'table,foreign table,index,materialized view,schema,sequence,extension,statistics,collation,server,user mapping'.split(
    ',',
  ),
);

export default defineRule({
  id: 'sql/create-without-if-not-exists',
  title: 'Create with IF NOT EXISTS',
  why: 'When a migration that stopped half-way runs again, or runs where somebody has made the object by hand, it fails here with "already exists".',
  instead: 'Add IF NOT EXISTS.',
  severity: 'warning',
  sources: ['squawk/prefer-robust-stmts', 'https://www.postgresql.org/docs/current/sql-createtable.html'],
  options: (z) => z.strictObject({}),
  over: secondRuns,
  untilApplied: true,
  *check(run) {
    const made = run.outcome.kind === 'exists' ? madeBy(run) : undefined;
    if (!made) return;
    const fix = insert(run, 'Add IF NOT EXISTS', { at: made.at?.[0], text: 'IF NOT EXISTS ' });
    yield draftOf(
      run,
      `${made.object} ${made.name}`,
      `Creates ${made.object} ${made.name} without IF NOT EXISTS.`,
      fix,
    );
  },
  examples: {
    bad: [
      {
        head: {
          'migrations/2_b.sql':
            '«create table users (id int)»;\n«create unique index concurrently users_email on users (email)»;',
        },
        fixed: {
          'migrations/2_b.sql':
            'create table IF NOT EXISTS users (id int);\ncreate unique index concurrently IF NOT EXISTS users_email on users (email);',
        },
      },
      {
        title: 'a column, with and without the word COLUMN',
        head: { 'migrations/2_b.sql': 'alter table users «add column email text», «add "Phone" text»;' },
        fixed: {
          'migrations/2_b.sql':
            'alter table users add column IF NOT EXISTS email text, add IF NOT EXISTS "Phone" text;',
        },
      },
      {
        title: 'SELECT INTO and a schema with elements have no place for it',
        head: {
          'migrations/2_b.sql':
            '«select 1 as a into t»;\n«create schema s create table u (id int)»;\n«create extension pgcrypto»;',
        },
        fixed: {
          'migrations/2_b.sql':
            'select 1 as a into t;\ncreate schema s create table u (id int);\ncreate extension IF NOT EXISTS pgcrypto;',
        },
      },
      {
        title: 'dropped only after it was made, and dropped under another name',
        head: {
          'migrations/2_b.sql':
            'drop index if exists users_mail;\n«create index users_email on users (email)»;\nalter table t drop column a, «add column b int»;',
        },
        fixed: {
          'migrations/2_b.sql':
            'drop index if exists users_mail;\ncreate index IF NOT EXISTS users_email on users (email);\nalter table t drop column a, add column IF NOT EXISTS b int;',
        },
      },
    ],
    good: [
      {
        head: {
          'migrations/2_b.sql':
            'create table if not exists users (id int);\nalter table users add column if not exists email text;',
        },
      },
      {
        title: 'dropped just before, or before the end: the second run makes it again',
        head: {
          'migrations/2_b.sql':
            'drop index if exists users_email;\ncreate index users_email on users (email);\ncreate table staging (id int);\ndrop table staging;',
        },
      },
      {
        title: 'on a table, in a schema and with a column that the second run makes anew',
        head: {
          'migrations/2_b.sql':
            'drop table if exists t;\ncreate table t (id int);\nalter table t add column b int;\ncreate index i on t (b);\ndrop schema if exists s cascade;\ncreate schema s;\ncreate table s.x (id int);\nalter table users drop column if exists n, add column n int;\ncreate index users_n on users (n);',
        },
      },
      {
        title: 'a new table that takes the place of the old one',
        head: {
          'migrations/2_b.sql':
            'create table users_new (id bigint);\ninsert into users_new select id from users;\ndrop table users;\nalter table users_new rename to users;',
        },
      },
      {
        title: 'a temporary table is gone before the next run; an index without a name gets another one',
        head: { 'migrations/2_b.sql': 'create temporary table t (id int);\ncreate index on users (email);' },
      },
      {
        title: 'behind a look into the catalogue, and in the block of one that fails before it',
        head: {
          'migrations/2_b.sql':
            "do $$ begin\n  if to_regclass('users') is null then\n    create table users (id int);\n    create index users_id on users (id);\n  end if;\nend $$;\ndo $$ begin\n  create type mood as enum ('ok');\n  create table moods (m mood);\nexception when duplicate_object then null;\nend $$;",
        },
      },
      {
        title: 'what CREATE OR REPLACE is for is another rule',
        head: { 'migrations/2_b.sql': 'create view v as select 1;\ncreate type mood as enum ();' },
      },
    ],
  },
});

/** What is created without a guard of its own, and where its name stands. */
function madeBy({
  operation,
  by,
}: SecondRun): { readonly object: string; readonly name: string; readonly at: Range | undefined } | undefined {
  if (operation.kind === 'add column') {
    return { object: 'column', name: printColumn(operation.table, operation.column.name), at: operation.nameAt };
  }
  if (!isCreation(operation) || !KINDS.has(operation.object)) return undefined;
  // SELECT ... INTO has no place for it, and neither has a schema that brings its own objects.
  const isBare =
    operation.kind === 'create table as'
      ? operation.form !== 'select into'
      : operation.kind !== 'create schema' || !/\s(?:create|grant)\s/i.test(by.text);
  return { object: operation.object, name: printName(operation.name), at: isBare ? operation.nameAt : undefined };
}
