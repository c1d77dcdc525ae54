import type { Operation } from './operation.ts';
import type { SqlFile } from './read.ts';
import type { Statement } from './statement.ts';

/** An operation of a way up, and the statement that does it. */
export interface Step {
  readonly operation: Operation;
  readonly by: Statement;
}

/** What a file does on its way up, DO blocks included, in the order in which it runs. */
export function stepsOf(file: SqlFile): readonly Step[] {
  const known = STEPS.get(file) ?? file.statements.flatMap(stepsOfStatement);
  STEPS.set(file, known);
  return known;
}

const STEPS = new WeakMap<SqlFile, readonly Step[]>();

function stepsOfStatement(statement: Statement): Step[] {
  if (statement.section === 'down') return [];
  const own = statement.operations.map((operation): Step => ({ operation, by: statement }));
  return statement.operations[0]?.kind === 'do' ? [...own, ...statement.nested().flatMap(stepsOfStatement)] : own;
}
