import { isNotice } from '../../src/core/notice.ts';
import { defineRule, type RuleContext } from '../../src/core/rule.ts';
import { sqlFile } from '../../src/facts/sql/files.ts';
import { outsideOnly } from '../../src/facts/sql/refused.ts';
import type { JudgedStatement } from '../../src/facts/sql/statement.ts';
import { statements } from '../../src/facts/sql/statements.ts';
import { draft, runningInFile, type Running } from './_running.ts';
import { withSemicolon } from './_text.ts';

export default defineRule({
  id: 'sql/transaction-control-in-managed-migration',
  title: 'Leave BEGIN, COMMIT and ROLLBACK to the migration runner',
  why: "The runner's own transaction ends early: what follows runs outside it and stays half applied when something fails, and the note that the migration has run can get lost.",
  instead: 'Take them out, and put what must be committed first into a migration of its own.',
  severity: 'error',
  sources: ['squawk/transaction-nesting', 'https://github.com/supabase/cli/issues/5047'],
  options: (z) => z.strictObject({}),
  over: statements,
  untilApplied: true,
  async *check(statement, context) {
    const { kind, at } = statement.operations[0]!;
    const runner = CONTROL.has(kind) ? await wrappingRunner(statement, context) : undefined;
    if (runner === undefined) return;
    const steps = (await runningInFile(statement, context)).filter(({ by }) => by.within === undefined);
    const control = steps.filter(({ operation }) => CONTROL.has(operation.kind));
    // An end speaks for its BEGIN, which alone does no harm.
    if (kind === 'begin' && control.at(-1)?.by.index !== statement.index) return;
    const after = steps.filter(
      ({ operation, by }) => by.index > statement.index && !WITHOUT_EFFECT.has(operation.kind),
    );
    const made = draft(
      statement,
      at,
      `${kind} ${control.findIndex(({ by }) => by.index === statement.index) + 1}`,
      sentence(kind, runner, after),
    );
    const pair =
      control.length === 2 && control[0]!.operation.kind === 'begin' && kind === 'commit' ? control : undefined;
    // Whoever adds a value to an enum may commit to be able to use it.
    const needed = steps.some(
      ({ operation, by }) => operation.kind === 'add enum value' || outsideOnly(operation, by.text) !== undefined,
    );
    const text = pair && !needed ? ((await context.head.read(statement.path)) ?? '') : '';
    const edits = (pair ?? []).map(({ by }) => ({ path: by.path, range: withSemicolon(text, by.range), text: '' }));
    yield {
      ...made,
      ...((kind === 'begin' || (pair && after.length === 0)) && { atMost: 'warning' as const }),
      ...(text !== '' && { fix: { title: 'Remove BEGIN and COMMIT', edits } }),
    };
  },
  examples: {
    bad: [
      {
        title: 'around the whole file: a warning at most',
        head: {
          'supabase/migrations/20260101000000_a.sql':
            "-- adds a column\nbegin;\nalter table users add email text;\n«commit»;\nnotify pgrst, 'reload schema';\n",
        },
        fixed: {
          'supabase/migrations/20260101000000_a.sql':
            "-- adds a column\nalter table users add email text;\nnotify pgrst, 'reload schema';\n",
        },
      },
      {
        title: 'on one line with other statements',
        head: {
          'db/migrations/1_a.sql': '-- migrate:up\nBEGIN; select 1; «END» ; drop table t;\n-- migrate:down\nbegin;\n',
        },
        fixed: { 'db/migrations/1_a.sql': '-- migrate:up\n select 1;  drop table t;\n-- migrate:down\nbegin;\n' },
      },
      {
        title: 'a COMMIT that makes a new value usable has a purpose: it needs two files',
        head: {
          'supabase/migrations/20260101000000_a.sql':
            "alter type mood add value 'calm';\n«commit»;\n«begin»;\ninsert into t (m) values ('calm');\n",
        },
      },
      {
        title: 'a rollback, and what is committed twice',
        head: {
          'm/1_a.sql': '-- +goose Up\nselect 1;\n«rollback»;\n-- +goose Down\n',
          'm/2_b.sql': '-- +goose Up\nbegin;\ndrop table t;\n«commit»;\nbegin;\ndrop table u;\n«commit»;\n',
        },
      },
    ],
    good: [
      { head: { 'supabase/migrations/20260101000000_a.sql': 'alter table users add email text;\n' } },
      {
        title: 'a savepoint works inside the transaction of the runner',
        head: {
          'supabase/migrations/20260101000000_a.sql':
            'savepoint a;\nselect 1;\nrollback to savepoint a;\nrelease savepoint a;\n',
        },
      },
      {
        title: 'a file that the runner leaves alone',
        head: {
          'db/migrations/1_a.sql': '-- migrate:up transaction:false\nbegin;\nselect 1;\ncommit;\n\n-- migrate:down\n',
        },
      },
      {
        title: 'runners that open no transaction, and folders whose runner is not known',
        head: {
          'prisma/migrations/20260101000000_a/migration.sql': 'BEGIN;\nSELECT 1;\nCOMMIT;\n',
          'migrations/1_a.sql': 'begin;\nselect 1;\ncommit;\n',
        },
      },
      {
        title: 'blocks of PL/pgSQL begin and end too',
        head: {
          'supabase/migrations/20260101000000_a.sql':
            'do $$ begin perform 1; end $$;\ncreate function f() returns int language plpgsql as $$ begin return 1; end $$;\ncreate function g() returns int language sql begin atomic select 1; end;\n',
        },
      },
    ],
  },
});

const CONTROL: ReadonlySet<string> = new Set(['begin', 'commit', 'rollback', 'prepare transaction']);
/** What may as well stand behind the transaction. */
const WITHOUT_EFFECT: ReadonlySet<string> = new Set([...CONTROL, 'other', 'select', 'analyze', 'set', 'reset']);

/** Who opens a transaction around this very file; of a plain folder nobody knows. */
async function wrappingRunner(
  { path, migration }: JudgedStatement,
  { head }: RuleContext<unknown>,
): Promise<string | undefined> {
  if (!migration || migration.layout.name === 'plain') return undefined;
  const file = await sqlFile(head, path);
  return !isNotice(file) && file.wrapping === 'runner' ? migration.layout.runner : undefined;
}

function sentence(kind: string, runner: string, after: readonly Running[]): string {
  const word = kind.toUpperCase();
  if (kind === 'begin') return `BEGIN opens nothing inside the transaction that ${runner} opens around the file.`;
  const ends = `${word} ends the transaction that ${runner} opens around the file`;
  if (kind === 'rollback') return `${ends}, and undoes what stands before it.`;
  const left = new Set(after.map(({ by }) => by.index)).size;
  if (left === 0) return `${ends}, before the migration is recorded.`;
  return `${ends}, and leaves out the ${left === 1 ? 'statement' : `${left} statements`} behind it.`;
}
