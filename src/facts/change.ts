import type { Change, ChangeSet, Commit } from '../core/change.ts';
import type { Subjects } from '../core/fact.ts';

/** Each changed path: added, modified, renamed or deleted. */
export const changes: Subjects<Change> = async function* ({ changes }) {
  yield* changes;
};

/** The change set itself, once: for rules that hold base and head against each other. */
export const change: Subjects<ChangeSet> = async function* (change) {
  yield change;
};

/** Each commit between base and head, oldest first. */
export const commits: Subjects<Commit> = async function* ({ commits }) {
  yield* commits;
};

/** A commit's message as Git stores it. */
export interface Message {
  readonly text: string;
  /** Absent for the message of a commit that is still being made. */
  readonly commit?: Commit;
}

/** The message of each commit, and of the one that is being made. */
export const messages: Subjects<Message> = async function* ({ commits, message }) {
  for (const commit of commits) yield { text: commit.message, commit };
  if (message !== undefined) yield { text: message };
};
