import { defineRule } from '../../src/core/rule.ts';
import type { Constraint } from '../../src/facts/sql/column.ts';
import type { Expression, FunctionCall } from '../../src/facts/sql/expression.ts';
import { printName } from '../../src/facts/sql/name.ts';
import type { Operation } from '../../src/facts/sql/operation.ts';
import { statements } from '../../src/facts/sql/statements.ts';
import { draft, running } from './_running.ts';

export default defineRule({
  id: 'sql/volatile-check-constraint',
  title: 'Check only what stays true while a row stays the same',
  why: 'PostgreSQL asks a CHECK when a row is written and takes the answer for good: a row that was right then is refused when a backup is restored or the row is next updated.',
  instead: 'Compare the columns of the row with each other, or ask the clock and the session in a trigger.',
  severity: 'warning',
  sources: ['https://www.postgresql.org/docs/current/ddl-constraints.html#DDL-CONSTRAINTS-CHECK-CONSTRAINTS'],
  options: (z) => z.strictObject({}),
  over: statements,
  untilApplied: true,
  *check(statement) {
    for (const { operation } of running(statement)) {
      for (const { on, constraint } of checksOf(operation)) {
        const { expression } = constraint;
        const call = expression?.calls().find((one) => CHANGING.has(plainName(one)) && !staysTrue(one, expression));
        if (!call) continue;
        const name = constraint.name ?? `on ${on}`;
        yield draft(
          statement,
          constraint.at,
          `${on} ${constraint.name ?? 'check'}`,
          `The check ${name} depends on ${plainName(call)}, which changes while the row does not.`,
        );
      }
    }
  },
  examples: {
    bad: [
      { head: { 'migrations/2_b.sql': 'create table offers (ends timestamptz «check (ends > now())»);' } },
      {
        title: 'added later, in a domain, and asked of the session',
        head: {
          'migrations/2_b.sql':
            "alter table users add «constraint mine check (owner = auth.uid()) not valid»;\ncreate domain future as date «check (value > current_date)»;\nalter domain future add «constraint lucky check (random() < 0.5)»;\nalter table t add column a text «check (a = current_setting('app.tenant'))»;",
        },
      },
    ],
    good: [
      {
        title: 'columns, constants and functions that always give the same',
        head: {
          'migrations/2_b.sql':
            "create table t (a int check (a > 0), b text check (length(lower(b)) < 9), c timestamptz default now(), check (c >= '2020-01-01'::timestamptz), d jsonb check (jsonb_typeof(d) = 'object'));",
        },
      },
      {
        title: 'what once is in the past stays there',
        head: {
          'migrations/2_b.sql':
            "create table t (born date check (born <= current_date), at timestamptz check (now() >= at and at < clock_timestamp() - interval '1 day'));",
        },
      },
      {
        title: 'in a policy and in a trigger the clock is asked each time',
        head: {
          'migrations/2_b.sql':
            'create policy p on t with check (ends > now());\ncreate trigger r before update on t for each row when (new.ends < now()) execute function f();',
        },
      },
    ],
  },
});

/** Functions whose answer depends on the clock, on chance or on the session. */
const CHANGING: ReadonlySet<string> = new Set(
  (
    'now current_timestamp current_date current_time localtime localtimestamp statement_timestamp transaction_timestamp clock_timestamp timeofday ' +
    'random random_normal gen_random_uuid uuid_generate_v4 uuid_generate_v1 nextval lastval currval txid_current pg_backend_pid ' +
    'current_setting current_user session_user current_role user auth.uid auth.jwt auth.role auth.email'
  ).split(' '),
);

const plainName = ({ name: { schema, name } }: FunctionCall): string =>
  schema === undefined || schema === 'pg_catalog' ? name : `${schema}.${name}`;

/** Something is at or before the clock, which only goes forward. */
function staysTrue({ at }: FunctionCall, { text, at: [start] }: Expression): boolean {
  const [before, after] = [text.slice(0, at[0] - start), text.slice(at[1] - start)];
  return /<=?\s*$/.test(before) || /^\s*(?:\(\s*\))?\s*>=?/.test(after);
}

function checksOf(operation: Operation): readonly { readonly on: string; readonly constraint: Constraint }[] {
  const checks = (on: string, constraints: readonly Constraint[]) =>
    constraints.filter(({ kind }) => kind === 'check').map((constraint) => ({ on, constraint }));
  switch (operation.kind) {
    case 'create table':
      return checks(printName(operation.name), [
        ...operation.columns.flatMap(({ constraints }) => constraints),
        ...operation.constraints,
      ]);
    case 'add column':
      return checks(printName(operation.table), operation.column.constraints);
    case 'add constraint':
      return checks(printName(operation.table), [operation.constraint]);
    case 'create domain':
      return checks(printName(operation.name), operation.constraints);
    case 'alter domain':
      return checks(printName(operation.name), operation.constraint ? [operation.constraint] : []);
    default:
      return [];
  }
}
