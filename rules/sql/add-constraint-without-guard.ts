import { defineRule } from '../../src/core/rule.ts';
import type { Fix } from '../../src/core/finding.ts';
import { printIdentifier, printName } from '../../src/facts/sql/name.ts';
import { impliedName } from '../../src/facts/sql/second-run/refs.ts';
import { secondRuns, type SecondRun } from '../../src/facts/sql/second-run.ts';
import { before, draftOf, ignoring, insert } from './_second-run.ts';

export default defineRule({
  id: 'sql/add-constraint-without-guard',
  title: 'Drop a constraint if it exists before adding it',
  why: 'ADD CONSTRAINT has no IF NOT EXISTS: when a migration that stopped half-way runs again, it fails here with "constraint already exists".',
  instead:
    'Write DROP CONSTRAINT IF EXISTS before it, in the same ALTER TABLE; for a key that others refer to, a DO block that catches duplicate_table or duplicate_object.',
  severity: 'warning',
  sources: ['squawk/prefer-robust-stmts', 'https://www.postgresql.org/docs/current/sql-altertable.html'],
  options: (z) => z.strictObject({}),
  over: secondRuns,
  untilApplied: true,
  *check(run) {
    const added = run.outcome.kind === 'exists' ? addedBy(run) : undefined;
    if (added)
      yield draftOf(run, added.what, `Adds ${added.what}, which fails when the migration runs again.`, added.fix);
  },
  examples: {
    bad: [
      {
        head: {
          'migrations/2_b.sql':
            'alter table orders «add constraint positive check (total > 0)», «add constraint orders_user_fkey foreign key (user_id) references users»;',
        },
        fixed: {
          'migrations/2_b.sql':
            'alter table orders DROP CONSTRAINT IF EXISTS positive, add constraint positive check (total > 0), DROP CONSTRAINT IF EXISTS orders_user_fkey, add constraint orders_user_fkey foreign key (user_id) references users;',
        },
      },
      {
        title: 'keys, which others may refer to; a primary key without a name is still the only one',
        head: {
          'migrations/2_b.sql':
            'alter table a «add constraint "A_key" unique (b)»;\nalter table a «add primary key (id)»;',
        },
        fixed: {
          'migrations/2_b.sql':
            'DO $$ BEGIN\n  alter table a add constraint "A_key" unique (b);\nEXCEPTION WHEN duplicate_table OR duplicate_object THEN NULL;\nEND $$;\nDO $$ BEGIN\n  alter table a add primary key (id);\nEXCEPTION WHEN invalid_table_definition THEN NULL;\nEND $$;',
        },
      },
      {
        title: 'of a domain; an index is used up by its first run',
        head: {
          'migrations/2_b.sql':
            '«alter domain app.price add constraint positive check (value > 0)»;\nalter table t «add constraint k unique using index i»;',
        },
        fixed: {
          'migrations/2_b.sql':
            'ALTER DOMAIN app.price DROP CONSTRAINT IF EXISTS positive;\nalter domain app.price add constraint positive check (value > 0);\nalter table t add constraint k unique using index i;',
        },
      },
    ],
    good: [
      {
        head: {
          'migrations/2_b.sql':
            'alter table t drop constraint if exists c, add constraint c check (a > 0);\nalter table t drop constraint t_pkey;\nalter table t add primary key (a, b);',
        },
      },
      {
        title: 'in a block that catches what PostgreSQL says, or looks first',
        head: {
          'migrations/2_b.sql':
            "do $$ begin\n  alter table t add constraint c check (a > 0);\nexception when duplicate_object then null;\nend $$;\ndo $$ begin\n  if not exists (select 1 from pg_constraint where conname = 'k') then\n    alter table t add constraint k unique (a);\n  end if;\nend $$;",
        },
      },
      {
        title: 'on a table or a column that the second run makes anew',
        head: {
          'migrations/2_b.sql':
            'drop table if exists t;\ncreate table t (a int);\nalter table t add constraint c unique (a);\nalter table u drop column if exists b;\nalter table u add column b int;\nalter table u add constraint u_b unique (b);',
        },
      },
    ],
  },
});

function addedBy(run: SecondRun): { readonly what: string; readonly fix: Fix | undefined } | undefined {
  const { operation } = run;
  if (operation.kind === 'alter domain' && operation.action === 'add constraint') {
    const [name, domain] = [printIdentifier(operation.constraintName ?? ''), printName(operation.name)];
    const fix = before(run, 'Drop the constraint first', `ALTER DOMAIN ${domain} DROP CONSTRAINT IF EXISTS ${name}`);
    return { what: `constraint ${name} of ${domain}`, fix };
  }
  if (operation.kind !== 'add constraint') return undefined;
  const { constraint, table } = operation;
  const name = printIdentifier(impliedName(table, constraint));
  return {
    what: `constraint ${name} of ${printName(table)}`,
    fix: constraint.usingIndex === undefined ? guard(run, constraint.kind, name, operation.of) : undefined,
  };
}

/** A check or a foreign key is made anew; nothing depends on it. A key stays, and PostgreSQL's answer to the second one is caught. */
function guard(run: SecondRun, kind: string, name: string, of: number): Fix | undefined {
  if (kind === 'check' || kind === 'foreign key' || kind === 'not null') {
    return insert(run, 'Drop the constraint first', {
      at: run.operation.at[0],
      text: `DROP CONSTRAINT IF EXISTS ${name}, `,
    });
  }
  if (of > 1) return undefined;
  return kind === 'primary key'
    ? ignoring(run, 'invalid_table_definition')
    : ignoring(run, 'duplicate_table', 'duplicate_object');
}
