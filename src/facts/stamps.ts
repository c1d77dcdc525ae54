/** The trailer with which a hook says that it has judged what a commit holds. */
export const STAMP = 'Repolicy-Verdict';

/** What a hook made of a commit before it was one. */
export type Outcome = 'clean' | 'findings' | 'not-judged';

export interface Stamp {
  readonly outcome: Outcome;
  /** The first digits of the verdict's digest, as reports and CI show it. */
  readonly verdict: string;
  /** The first digits of the id of the tree that was judged: a stamp on other content says nothing. */
  readonly tree: string;
}

const DIGITS = 12;
const LINE = new RegExp(
  `^${STAMP}: (clean|findings|not-judged) ([0-9a-f]{${DIGITS}}), tree ([0-9a-f]{${DIGITS}})\\s*$`,
  'gm',
);

/** The trailer's value: "clean 4f53cda18c2b, tree 9c8b7a6d5e4f". */
export const stampValue = (outcome: Outcome, verdict: string, tree: string): string =>
  `${outcome} ${verdict.slice(0, DIGITS)}, tree ${tree.slice(0, DIGITS)}`;

/** The stamps in a message. A squashed commit may have taken over those of others. */
export const readStamps = (message: string): readonly Stamp[] =>
  [...message.matchAll(LINE)].map(([, outcome, verdict, tree]) => ({
    outcome: outcome as Outcome,
    verdict: verdict!,
    tree: tree!,
  }));

/** Whether a stamp was given to this very tree. */
export const isOf = (stamp: Stamp, tree: string): boolean => tree.startsWith(stamp.tree);

/** A message without its stamps, to see whether anything else was written. */
export const withoutStamps = (message: string): string => message.replace(LINE, '');
