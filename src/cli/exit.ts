/** The contract with hooks, CI files and scripts. */
export const EXIT = { clean: 0, findings: 1, usage: 2, notJudged: 3, crash: 70 } as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** What the user asked for cannot be done as asked: exit code 2, and the message says what to do. */
export class UsageError extends Error {
  override readonly name: string = 'UsageError';
}
