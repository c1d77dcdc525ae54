import type { Subjects } from '../../core/fact.ts';
import { isNotice } from '../../core/notice.ts';
import type { Snapshot } from '../../core/snapshot.ts';
import { sqlFile } from './files.ts';
import type { Operation } from './operation.ts';
import { pastOf, stepsOf, type Step } from './past.ts';
import type { SqlFile } from './read.ts';
import type { Outcome } from './second-run/outcome.ts';
import { tablesWithConflicts } from './second-run/data.ts';
import { namesOfLiterals } from './second-run/literals.ts';
import { simulate } from './second-run/simulation.ts';
import type { JudgedStatement } from './statement.ts';
import { statements } from './statements.ts';

export type { Outcome };

/** An operation of a changed migration that does not bear a second run. */
export interface SecondRun extends Step {
  readonly statement: JudgedStatement;
  readonly file: SqlFile;
  readonly outcome: Outcome;
}

/**
 * Operations of changed migrations that fail, or do their work once more, when their file runs a second time: all of it, from its
 * start, in a new session, on a database where it ran once.
 */
export const secondRuns: Subjects<SecondRun> = async function* (change) {
  for await (const statement of statements(change)) {
    if (isNotice(statement)) {
      yield statement;
      continue;
    }
    const file = await sqlFile(change.head, statement.path);
    if (isNotice(file)) continue;
    const outcomes = await outcomesOf(change.head, statement, file);
    for (const { operation, by } of stepsOf(file)) {
      const outcome = by.index === statement.index ? outcomes.get(operation) : undefined;
      if (outcome) yield { statement, operation, by, file, outcome };
    }
  }
};

async function outcomesOf(
  snapshot: Snapshot,
  statement: JudgedStatement,
  file: SqlFile,
): Promise<ReadonlyMap<Operation, Outcome>> {
  const steps = stepsOf(file);
  const past = () =>
    pastOf(snapshot, { ...statement, index: Infinity }, [...tablesWithConflicts(steps), ...namesOfLiterals(steps)]);
  const outcomes = known.get(file) ?? simulate(steps, await past());
  known.set(file, outcomes);
  return outcomes;
}

const known = new WeakMap<SqlFile, ReadonlyMap<Operation, Outcome>>();
