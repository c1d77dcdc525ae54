import type { Fix } from '../../src/core/finding.ts';
import { isNotice } from '../../src/core/notice.ts';
import { defineRule } from '../../src/core/rule.ts';
import { sqlFile } from '../../src/facts/sql/files.ts';
import { printName, sameName } from '../../src/facts/sql/name.ts';
import type { CreateIndex } from '../../src/facts/sql/operation.ts';
import { stepsOf, type Step } from '../../src/facts/sql/past.ts';
import type { JudgedStatement } from '../../src/facts/sql/statement.ts';
import { statements } from '../../src/facts/sql/statements.ts';
import { preceding } from './_second-run.ts';

export default defineRule({
  id: 'sql/concurrent-index-invalid-on-retry',
  title: 'Drop what a failed concurrent build may have left',
  why: 'When CREATE INDEX CONCURRENTLY fails or is cancelled, it leaves an invalid index behind: no query uses it, every write keeps it up, and IF NOT EXISTS takes it for the real one when the migration runs again.',
  instead: 'Write DROP INDEX CONCURRENTLY IF EXISTS before it; where a file holds one statement, in a file before it.',
  severity: 'warning',
  sources: ['https://www.postgresql.org/docs/current/sql-createindex.html#SQL-CREATEINDEX-CONCURRENTLY'],
  options: (z) => z.strictObject({}),
  over: statements,
  untilApplied: true,
  async *check(statement, { head }) {
    for (const operation of statement.operations) {
      if (operation.kind !== 'create index' || !operation.concurrently || !operation.ifNotExists || !operation.named)
        continue;
      const file = await sqlFile(head, statement.path);
      if (isNotice(file) || isDroppedBefore(operation, statement, stepsOf(file))) continue;
      const { path, range: within } = statement;
      const index = printName(operation.name);
      const fix = dropFirst(file.text, statement, index);
      const message = `Keeps index ${index} where an earlier, failed build has left it invalid.`;
      yield { message, at: { path, range: operation.at }, about: `index ${index}`, within, ...(fix && { fix }) };
    }
  },
  examples: {
    bad: [
      {
        declared: { migrations: [{ layout: 'goose', dir: 'migrations' }] },
        head: {
          'migrations/2_b.sql':
            '-- +goose NO TRANSACTION\n-- +goose Up\n«create index concurrently if not exists users_email on app.users (email)»;',
        },
        fixed: {
          'migrations/2_b.sql':
            '-- +goose NO TRANSACTION\n-- +goose Up\nDROP INDEX CONCURRENTLY IF EXISTS app.users_email;\ncreate index concurrently if not exists users_email on app.users (email);',
        },
      },
      {
        title: 'a runner that sends the file as one string: a second statement would make it a transaction',
        head: {
          'prisma/migrations/migration_lock.toml': 'provider = "postgresql"\n',
          'prisma/migrations/20260101000000_b/migration.sql':
            '«CREATE INDEX CONCURRENTLY IF NOT EXISTS "i" ON "User"("email")»;',
        },
      },
    ],
    good: [
      {
        declared: { migrations: [{ layout: 'goose', dir: 'migrations' }] },
        head: {
          'migrations/2_b.sql':
            'drop index concurrently if exists i;\ncreate index concurrently if not exists i on t (a);',
        },
      },
      {
        title: 'a build that would fail on what is there, and one that is not concurrent',
        head: {
          'migrations/2_b.sql': 'create index concurrently i on t (a);',
          'migrations/3_c.sql': 'create index if not exists j on t (a);',
        },
      },
    ],
  },
});

const isDroppedBefore = ({ name }: CreateIndex, { index }: JudgedStatement, steps: readonly Step[]): boolean =>
  steps.some(
    ({ operation, by }) => by.index < index && operation.kind === 'drop index' && sameName(operation.name, name),
  );

function dropFirst(
  text: string,
  { path, range: [start], transaction, migration }: JudgedStatement,
  index: string,
): Fix | undefined {
  const { name = 'files', transaction: wrapping = 'none', noTransaction } = migration?.layout ?? {};
  // Two statements of a file that is sent as one string are a transaction again; Supabase runs no DROP INDEX outside of its own.
  const isOnePiece = wrapping === 'implicit' || noTransaction?.leaves === 'implicit' || name === 'supabase';
  if (transaction.kind !== 'none' || isOnePiece) return undefined;
  const drop = preceding(text, start, `DROP INDEX CONCURRENTLY IF EXISTS ${index}`);
  return { title: 'Drop the index first', edits: [{ path, range: [start, start], text: drop }] };
}
