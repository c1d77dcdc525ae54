import type { Edit, Range } from '../../src/core/finding.ts';
import { defineRule } from '../../src/core/rule.ts';
import { migrations, type Migration } from '../../src/facts/migrations.ts';
import { unsupportedGuard, type GuardSyntax } from '../../src/facts/sql/second-run/guard-syntax.ts';
import { sqlErrors, type SqlError } from '../../src/facts/sql/statements.ts';
import { doBlock, preceding } from './_second-run.ts';

export default defineRule({
  id: 'sql/unsupported-guard-syntax',
  title: 'Guard with what the grammar has',
  why: 'PostgreSQL stops at the guard with a bare "syntax error": IF NOT EXISTS, IF EXISTS and OR REPLACE exist for some kinds of object only.',
  instead:
    'Write DROP ... IF EXISTS before CREATE POLICY and ADD CONSTRAINT, OR REPLACE for a trigger, a function or a view, and a DO block that catches duplicate_object for a type or a role.',
  severity: 'error',
  sources: ['https://www.postgresql.org/docs/current/sql-commands.html'],
  options: (z) => z.strictObject({}),
  over: sqlErrors,
  counts: 'file',
  untilApplied: true,
  async *check(error, { head }) {
    const { path, within } = error;
    const text = (await head.read(path)) ?? '';
    const found = unsupportedGuard(text, error);
    if (!found) return;
    const { what, guard, at } = found;
    const edits = rewritten(text, error, found, (await migrations(head)).at(path));
    const fix = edits && { title: `Take ${guard} out`, edits };
    yield {
      message: `${what} has no ${guard}.`,
      at: { path, range: at },
      about: `${what} ${guard}`,
      within,
      ...(fix && { fix }),
    };
  },
  examples: {
    bad: [
      {
        title: 'a policy and a constraint trigger are dropped first, a trigger and a view are replaced',
        head: {
          'migrations/2_b.sql':
            'create policy «if not exists» "Own rows" on app.notes using (true);\ncreate constraint trigger «if not exists» c after insert on notes execute function f();\ncreate trigger «if not exists» t before insert on notes execute function f();\ncreate view «if not exists» v as select 1;',
        },
        fixed: {
          'migrations/2_b.sql':
            'DROP POLICY IF EXISTS "Own rows" ON app.notes;\ncreate policy "Own rows" on app.notes using (true);\nDROP TRIGGER IF EXISTS c ON notes;\ncreate constraint trigger c after insert on notes execute function f();\ncreate OR REPLACE trigger t before insert on notes execute function f();\ncreate OR REPLACE view v as select 1;',
        },
      },
      {
        title: 'a type and a role need a block; a table has IF NOT EXISTS',
        head: {
          'migrations/2_b.sql':
            "create type «if not exists» mood as enum ('ok');\n\ncreate role «if not exists» app;\n\ncreate «or replace» table t (id int);\ncreate «or replace» unique index concurrently i on t (id);",
        },
        fixed: {
          'migrations/2_b.sql':
            "DO $$ BEGIN\n  create type mood as enum ('ok');\nEXCEPTION WHEN duplicate_object THEN NULL;\nEND $$;\n\nDO $$ BEGIN\n  create role app;\nEXCEPTION WHEN duplicate_object THEN NULL;\nEND $$;\n\ncreate table IF NOT EXISTS t (id int);\ncreate unique index concurrently IF NOT EXISTS i on t (id);",
        },
      },
      {
        title: 'constraints of a table and of a domain',
        head: {
          'migrations/2_b.sql':
            'alter table t add constraint «if not exists» c check (a > 0);\nalter domain app.d add constraint «if not exists» c check (value > 0);',
        },
        fixed: {
          'migrations/2_b.sql':
            'alter table t DROP CONSTRAINT IF EXISTS c, add constraint c check (a > 0);\nALTER DOMAIN app.d DROP CONSTRAINT IF EXISTS c;\nalter domain app.d add constraint c check (value > 0);',
        },
      },
      {
        title: 'an index without a name, a column that is renamed, a default that is dropped',
        head: {
          'migrations/2_b.sql':
            'create index «if not exists» on t (a);\nalter table t rename column «if exists» a to b;\nalter table t alter column a drop default «if exists»;',
        },
        fixed: {
          'migrations/2_b.sql':
            'create index if not exists on t (a);\nalter table t rename column if exists a to b;\nalter table t alter column a drop default;',
        },
      },
    ],
    good: [
      {
        title: 'where the grammar has them',
        head: {
          'migrations/2_b.sql':
            'create table if not exists t (id int);\ncreate or replace view v as select 1;\nalter table if exists t rename to u;\ndrop policy if exists p on t;\ncreate index if not exists i on t (id);',
        },
      },
      {
        title: 'other syntax errors near a guard',
        head: {
          'migrations/2_b.sql':
            'create table if not exists select (id int);\ncreate or replace view;\ndrop table if exists;',
        },
      },
    ],
  },
});

/** The statement without the guard and one blank beside it, and with what PostgreSQL has in its place. */
function rewritten(
  text: string,
  { path, within }: SqlError,
  { at, way }: GuardSyntax,
  migration: Migration | undefined,
): Edit[] | undefined {
  const isFollowed = /^[ \t]/.test(text.slice(at[1], at[1] + 1));
  const range: Range = isFollowed ? [at[0], at[1] + 1] : /[ \t]/.test(text[at[0] - 1] ?? '') ? [at[0] - 1, at[1]] : at;
  const without: Edit = { path, range, text: '' };
  switch (way?.kind) {
    case 'insert':
      return way.text === '' ? [without] : [{ path, range: [way.at, way.at], text: way.text }, without];
    case 'before':
      return [{ path, range: [within[0], within[0]], text: preceding(text, within[0], way.sql) }, without];
    case 'ignore': {
      const block = doBlock(path, text, within, way.conditions, migration);
      return block && [...block, without];
    }
    default:
      return undefined;
  }
}
