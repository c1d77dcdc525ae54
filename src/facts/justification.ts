import type * as zod from 'zod';
import type { ChangeSet } from '../core/change.ts';
import type { Zod } from '../core/rule.ts';
import { readProse, sectionsNamed } from './prose.ts';
import { trailersOf, valuesOf } from './trailers.ts';

/** Where a change may say why it is an exception. */
export interface WayOut {
  /** A trailer of a commit message: "Large-Change: reason". */
  readonly trailer: string;
  /** The heading of a section of the pull request. */
  readonly section: string;
}

/** The two names among a rule's options. */
export const wayOutOptions = (
  z: Zod,
  trailer: string,
  section: string,
): { [key in keyof WayOut]: zod.ZodDefault<zod.ZodString> } => ({
  trailer: z
    .string()
    .regex(/^[A-Za-z][A-Za-z0-9-]*$/, 'It is no name of a trailer: letters, digits and "-" make one.')
    .default(trailer)
    .describe('The trailer of a commit message that gives the reason for an exception, which is then shown.'),
  section: z.string().min(1).default(section).describe('The section of the pull request that gives it.'),
});

/** The reason that a change gives for itself, in its own words and with the place where it stands. */
export async function justification(change: ChangeSet, { trailer, section }: WayOut): Promise<string | undefined> {
  const { message, commits, pullRequest } = change;
  for (const text of [...(message === undefined ? [] : [message]), ...commits.map((commit) => commit.message)]) {
    const reason = trailerOf(text, trailer);
    if (reason !== undefined) return `${reason} (${trailer} of a commit)`;
  }
  const prose = pullRequest && (await readProse(pullRequest.body));
  if (!prose || 'problem' in prose) return undefined;
  const said = sectionsNamed(prose, section).find(({ text }) => /\p{L}/u.test(text));
  return said && `${said.text.replace(/\s+/g, ' ').slice(0, 200)} ("${said.heading}" of the pull request)`;
}

/** Whether a message may still come that gives a reason: the commit is being made. */
export const isUnsaid = ({ message, commits, pullRequest }: ChangeSet): boolean =>
  message === undefined && commits.length === 0 && pullRequest === undefined;

const trailerOf = (message: string, name: string): string | undefined =>
  valuesOf(trailersOf(message), name).find((value) => /\p{L}/u.test(value));
