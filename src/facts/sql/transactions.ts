import type { Range } from '../../core/finding.ts';
import type { Operation } from './operation.ts';
import type { Transaction } from './statement.ts';

/** What a runner does around a file: see Layout.transaction. */
export type Wrapping = 'runner' | 'implicit' | 'none';

/** The transaction of each statement, in order. BEGIN and COMMIT belong to the one that they open and end. */
export function transactionsOf(
  statements: readonly (readonly Operation[])[],
  wrapping: Wrapping,
): readonly Transaction[] {
  let id = 0;
  let begin: Range | undefined;
  // A string that holds one statement is not wrapped.
  let around: Transaction['kind'] = wrapping === 'implicit' && statements.length < 2 ? 'none' : wrapping;
  return statements.map(([operation]): Transaction => {
    const kind = operation?.kind;
    if (kind === 'begin' && begin === undefined) {
      // Inside the runner's transaction BEGIN only warns; in a string of statements it takes over what has run.
      if (around === 'none') id++;
      begin = operation!.at;
    }
    const transaction: Transaction = begin ? { id, kind: 'explicit', begin } : { id, kind: around };
    if (kind === 'commit' || kind === 'rollback' || kind === 'prepare transaction') {
      const chain = operation && 'chain' in operation && operation.chain;
      if (!chain) begin = undefined;
      if (around === 'runner') around = 'none';
      id++;
    } else if (around === 'none' && begin === undefined) id++;
    return transaction;
  });
}
