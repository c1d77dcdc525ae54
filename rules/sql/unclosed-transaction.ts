import { isNotice } from '../../src/core/notice.ts';
import { defineRule } from '../../src/core/rule.ts';
import { sqlFile } from '../../src/facts/sql/files.ts';
import { statements } from '../../src/facts/sql/statements.ts';
import { draft, runningInFile } from './_running.ts';
import { pastSemicolon } from './_text.ts';

export default defineRule({
  id: 'sql/unclosed-transaction',
  title: 'Close every transaction that the file opens, and only those',
  why: 'What a BEGIN without COMMIT did is rolled back without a word when the connection closes; a COMMIT, ROLLBACK or SAVEPOINT without BEGIN does nothing, or fails.',
  instead: 'Write BEGIN and COMMIT in pairs.',
  severity: 'error',
  sources: ['squawk/ban-uncommitted-transaction', 'https://www.postgresql.org/docs/current/sql-begin.html'],
  options: (z) => z.strictObject({}),
  over: statements,
  // Whoever deletes a COMMIT leaves the line with BEGIN as it was.
  counts: 'file',
  untilApplied: true,
  async *check(statement, context) {
    const kind = statement.operations[0]!.kind;
    const layout = statement.migration?.layout;
    if (!CONTROL.has(kind)) return;
    const file = await sqlFile(context.head, statement.path);
    // Inside a runner's transaction none of them is left open, which is another rule's business.
    if (isNotice(file) || (file.wrapping === 'runner' && layout?.name !== 'plain')) return;
    const { text } = file;
    const steps = (await runningInFile(statement, context)).filter(({ by }) => by.within === undefined);
    let open: number | undefined;
    for (const { operation, by } of steps) {
      const before = open;
      if (operation.kind === 'begin') open ??= by.index;
      else if (ENDS.has(operation.kind) && !('chain' in operation && operation.chain)) open = undefined;
      if (by.index !== statement.index || kind === 'begin' || before !== undefined) continue;
      // Of a plain folder nobody knows whether its runner opens one.
      if (layout?.name === 'plain') continue;
      const word = kind.toUpperCase();
      const message = ENDS.has(kind)
        ? `${word} ends a transaction that nothing in the file begins.`
        : `${word} stands outside a transaction, where PostgreSQL refuses it.`;
      yield draft(statement, statement.range, `${kind} without begin`, message);
    }
    if (kind !== 'begin' || open !== statement.index) return;
    const at = pastSemicolon(text, steps.at(-1)!.by.range[1]);
    const end = [at, at] as const;
    const fix = { title: 'Commit at the end', at: end, text: `${text[at - 1] === ';' ? '' : ';'}\nCOMMIT;` };
    yield draft(
      statement,
      statement.range,
      'begin without commit',
      'BEGIN opens a transaction that nothing in the file commits.',
      fix,
    );
  },
  examples: {
    bad: [
      {
        head: {
          'prisma/migrations/20260101000000_a/migration.sql':
            '«BEGIN»;\nALTER TABLE "users" ADD COLUMN "email" TEXT;\n',
        },
        fixed: {
          'prisma/migrations/20260101000000_a/migration.sql':
            'BEGIN;\nALTER TABLE "users" ADD COLUMN "email" TEXT;\nCOMMIT;\n',
        },
      },
      {
        title: 'the second of two, without a last semicolon',
        head: { 'migrations/1_a.sql': 'begin;\nselect 1;\ncommit;\n«start transaction»;\nselect 2' },
        fixed: { 'migrations/1_a.sql': 'begin;\nselect 1;\ncommit;\nstart transaction;\nselect 2;\nCOMMIT;' },
      },
      {
        title: 'an end, and a savepoint, without a beginning',
        declared: { migrations: [{ layout: 'golang-migrate', dir: 'm' }] },
        head: { 'm/1_a.up.sql': 'select 1;\n«commit»;\nbegin;\nselect 2;\nrollback;\n«savepoint a»;\n' },
      },
      {
        title: 'a file that the runner leaves alone',
        head: {
          'db/migrations/1_a.sql': '-- migrate:up transaction:false\n«begin»;\nselect 1;\n\n-- migrate:down\ncommit;\n',
        },
        fixed: {
          'db/migrations/1_a.sql':
            '-- migrate:up transaction:false\nbegin;\nselect 1;\nCOMMIT;\n\n-- migrate:down\ncommit;\n',
        },
      },
    ],
    good: [
      {
        head: {
          'prisma/migrations/20260101000000_a/migration.sql':
            'BEGIN;\nSELECT 1;\nCOMMIT;\nBEGIN;\nSELECT 2;\nROLLBACK;\n',
        },
      },
      {
        title: 'COMMIT AND CHAIN begins the next one',
        head: {
          'prisma/migrations/20260101000000_a/migration.sql': 'BEGIN;\nSELECT 1;\nCOMMIT AND CHAIN;\nSELECT 2;\nEND;\n',
        },
      },
      {
        title: 'savepoints inside a transaction',
        head: {
          'migrations/1_a.sql': 'begin;\nsavepoint a;\nrollback to savepoint a;\nrelease savepoint a;\nabort;\n',
        },
      },
      {
        title: 'inside the transaction of a runner, known or not',
        head: {
          'supabase/migrations/20260101000000_a.sql': 'begin;\nselect 1;\n',
          'migrations/1_a.sql': 'savepoint a;\nselect 1;\ncommit;\n',
        },
      },
      {
        title: 'blocks of PL/pgSQL, and a two-phase commit',
        head: { 'migrations/1_a.sql': "do $$ begin perform 1; end $$;\nbegin;\nselect 1;\nprepare transaction 'a';\n" },
      },
    ],
  },
});

const ENDS: ReadonlySet<string> = new Set(['commit', 'rollback', 'prepare transaction']);
const CONTROL: ReadonlySet<string> = new Set([
  ...ENDS,
  'begin',
  'savepoint',
  'release savepoint',
  'rollback to savepoint',
]);
