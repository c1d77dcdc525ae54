import { defineRule } from '../../src/core/rule.ts';
import { printName } from '../../src/facts/sql/name.ts';
import { secondRuns } from '../../src/facts/sql/second-run.ts';
import { draftOf, ignoring, isCreation, type Creation } from './_second-run.ts';

/** What has an IF NOT EXISTS, an OR REPLACE or a rule of its own. */
const OTHERS: ReadonlySet<string> = new Set(
  'table,foreign table,index,view,materialized view,schema,sequence,extension,statistics,collation,server,user mapping,function,procedure,aggregate,rule,transform,language,trigger,policy'.split(
    ',',
  ),
);

/** What never runs inside a transaction, and so in no DO block. */
const ALONE: ReadonlySet<string> = new Set(['database', 'tablespace', 'subscription']);

export default defineRule({
  id: 'sql/create-type-without-guard',
  title: 'Guard the creation of a type, a role or a publication',
  why: 'CREATE TYPE, DOMAIN, ROLE, PUBLICATION and their like know neither IF NOT EXISTS nor OR REPLACE: when a migration that stopped half-way runs again, it fails here with "already exists".',
  instead:
    'Put it into a DO block that catches duplicate_object, or that looks into the catalogue (pg_type, pg_roles) first.',
  severity: 'warning',
  sources: [
    'https://www.postgresql.org/docs/current/sql-createtype.html',
    'https://www.postgresql.org/docs/current/sql-do.html',
  ],
  options: (z) => z.strictObject({}),
  over: secondRuns,
  untilApplied: true,
  *check(run) {
    const { operation, outcome } = run;
    if (outcome.kind !== 'exists' || !isCreation(operation) || OTHERS.has(operation.object)) return;
    const what = `${operation.object} ${nameOf(operation)}`;
    const fix = ALONE.has(operation.object) ? undefined : ignoring(run, ...conditionsOf(operation.object));
    yield draftOf(run, what, `Creates ${what}, which fails when the migration runs again.`, fix);
  },
  examples: {
    bad: [
      {
        head: {
          'migrations/2_b.sql': "-- moods\n«create type mood as enum ('sad', 'ok') -- two\n»;\nselect 1;".replace(
            ' -- two\n»',
            '» -- two\n',
          ),
        },
        fixed: {
          'migrations/2_b.sql':
            "-- moods\nDO $$ BEGIN\n  create type mood as enum ('sad', 'ok');\nEXCEPTION WHEN duplicate_object THEN NULL;\nEND $$ -- two\n;\nselect 1;",
        },
      },
      {
        title: 'with dollar quotes of its own, and at the end of the file',
        head: { 'migrations/2_b.sql': '«create domain price as int /* in $$ */ check (value > 0)»' },
        fixed: {
          'migrations/2_b.sql':
            'DO $do$ BEGIN\n  create domain price as int /* in $$ */ check (value > 0);\nEXCEPTION WHEN duplicate_object THEN NULL;\nEND $do$',
        },
      },
      {
        title: 'goose cuts at every semicolon that no marker protects',
        head: { 'db/migrations/1_a.sql': '-- +goose Up\n«CREATE ROLE app»;\n\n-- +goose Down\nDROP ROLE app;\n' },
        fixed: {
          'db/migrations/1_a.sql':
            '-- +goose Up\n-- +goose StatementBegin\nDO $$ BEGIN\n  CREATE ROLE app;\nEXCEPTION WHEN duplicate_object THEN NULL;\nEND $$;\n-- +goose StatementEnd\n\n-- +goose Down\nDROP ROLE app;\n',
        },
      },
      {
        title: 'an operator and a text search dictionary fail in other ways; a database cannot be made in a block',
        head: {
          'migrations/2_b.sql':
            '«create operator === (leftarg = int, rightarg = int, function = int4eq)»;\n«create text search dictionary d (template = simple)»;\n«create database other»;',
        },
        fixed: {
          'migrations/2_b.sql':
            'DO $$ BEGIN\n  create operator === (leftarg = int, rightarg = int, function = int4eq);\nEXCEPTION WHEN duplicate_function THEN NULL;\nEND $$;\nDO $$ BEGIN\n  create text search dictionary d (template = simple);\nEXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;\nEND $$;\ncreate database other;',
        },
      },
    ],
    good: [
      {
        head: {
          'migrations/2_b.sql':
            "do $$ begin\n  create type mood as enum ('ok');\nexception when duplicate_object then null;\nend $$;\ndrop type if exists m;\ncreate type m as (a int);",
        },
      },
      {
        title: 'behind a look at the roles there are',
        head: {
          'migrations/2_b.sql':
            "do $$ begin\n  if not exists (select from pg_roles where rolname = 'app') then\n    create role app;\n  end if;\nend $$;",
        },
      },
      {
        title: 'an enum that takes the place of the old one',
        head: {
          'migrations/2_b.sql':
            "create type mood_new as enum ('ok');\nalter table t alter column m type mood_new using (m::text::mood_new);\nalter type mood rename to mood_old;\nalter type mood_new rename to mood;\ndrop type mood_old;",
        },
      },
    ],
  },
});

/** As PostgreSQL fails the second time: operators are functions, and text search objects have a unique index and no check of their own. */
const conditionsOf = (object: string): string[] =>
  object === 'operator'
    ? ['duplicate_function']
    : object.startsWith('text search')
      ? ['duplicate_object', 'unique_violation']
      : ['duplicate_object'];

/** The name of a cast and of an operator is no identifier. */
function nameOf({ object, name }: Creation): string {
  if (object === 'cast') return `(${name.name})`;
  return object === 'operator' ? name.name : printName(name);
}
