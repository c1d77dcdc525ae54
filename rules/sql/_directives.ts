import type { Range } from '../../src/core/finding.ts';
import type { RuleContext } from '../../src/core/rule.ts';
import type { Migration } from '../../src/facts/migrations.ts';
import { outsideOnly, type Refused } from '../../src/facts/sql/refused.ts';
import type { JudgedStatement } from '../../src/facts/sql/statement.ts';
import { runningInFile } from './_running.ts';

/** The line that tells a migration's runner to open no transaction, and where it goes; undefined where there is none. */
function noTransactionLine(
  { layout, repeatable }: Migration,
  text: string,
): { readonly at: Range; readonly text: string } | undefined {
  const top: Range = [0, 0];
  switch (layout.name) {
    case 'dbmate': {
      const up = layout.sections?.up.exec(text);
      if (!up) return undefined;
      const end = up.index + up[0].length;
      return { at: [end, end], text: ' transaction:false' };
    }
    case 'goose': {
      const up = layout.sections?.up.exec(text)?.index;
      return up === undefined ? undefined : { at: [up, up], text: '-- +goose NO TRANSACTION\n' };
    }
    case 'atlas':
      return { at: top, text: '-- atlas:txmode none\n\n' };
    case 'sqlx':
      return { at: top, text: '-- no-transaction\n' };
    case 'graphile-migrate':
      // A committed file carries the hash of its content.
      return repeatable ? { at: top, text: '--! no-transaction\n' } : undefined;
    default:
      return undefined;
  }
}

/** The fix that adds the runner's own line, where everything in the file may run without a transaction. */
export async function directive(statement: JudgedStatement, context: RuleContext<unknown>, where: Refused['where']) {
  const { migration, index } = statement;
  if (!migration || where !== 'runner') return undefined;
  const all = await runningInFile(statement, context);
  if (
    all.some(
      ({ operation, by }) =>
        by.within !== undefined || outsideOnly(operation, by.text, migration.folder.postgres) === undefined,
    )
  )
    return undefined;
  const alone = all.every(({ by }) => by.index === index);
  const line =
    alone || migration.layout.noTransaction?.leaves === 'none'
      ? noTransactionLine(migration, (await context.head.read(statement.path)) ?? '')
      : undefined;
  return line && { title: 'Tell the runner to open no transaction', ...line };
}
