import type { Draft, Fix, Range } from '../../src/core/finding.ts';
import { isNotice } from '../../src/core/notice.ts';
import type { Snapshot } from '../../src/core/snapshot.ts';
import { sqlFile } from '../../src/facts/sql/files.ts';
import type { Operation } from '../../src/facts/sql/operation.ts';
import type { JudgedStatement, Statement } from '../../src/facts/sql/statement.ts';
import { stepsOf } from '../../src/facts/sql/steps.ts';

/** An operation that happens when the migration runs forward, and the statement that does it. */
export interface Running {
  readonly operation: Operation;
  readonly by: Statement;
}

/** Operations of the statement and of DO blocks in it. A function's body and a way back ("down") do not run now. */
export function* running(statement: Statement): Iterable<Running> {
  if (statement.section === 'down' || statement.within === 'function') return;
  for (const operation of statement.operations) yield { operation, by: statement };
  // Whoever asks for the inside of a function has its body read, for nothing.
  if (statement.operations[0]?.kind === 'do') for (const inner of statement.nested()) yield* running(inner);
}

/** Everything that the file of a statement does on its way up, in order, the statement itself included. */
export async function runningInFile(
  { path }: JudgedStatement,
  { head }: { readonly head: Snapshot },
): Promise<readonly Running[]> {
  const file = await sqlFile(head, path);
  return isNotice(file) ? [] : stepsOf(file);
}

/** A draft at one operation; an allow above its statement counts. */
export function draft(
  { path, range: within }: JudgedStatement,
  range: Range,
  about: string,
  message: string,
  fix?: Omit<Fix, 'edits'> & { readonly at: Range; readonly text: string },
): Draft {
  const edits = fix && { title: fix.title, edits: [{ path, range: fix.at, text: fix.text }] };
  return { message, at: { path, range }, about, within, ...(edits && { fix: edits }) };
}
