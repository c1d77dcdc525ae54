import type { Commit, Person } from '../core/change.ts';
import type { Declared } from '../core/policy.ts';
import { trailersOf, valuesOf } from './trailers.ts';

/** The declared identities that an e-mail address stands for. Case does not matter; nothing else is overlooked. */
export const identitiesOf = ({ identities }: Declared, { email }: Person): readonly string[] =>
  Object.keys(identities).filter((name) =>
    identities[name]?.emails.some((declared) => declared.toLowerCase() === email.toLowerCase()),
  );

/** The identities that a text names: "data", "Ines <ines@example.com>", "ines@example.com", "@ines". */
export function identitiesNamed(declared: Declared, text: string): readonly string[] {
  const said = text.trim();
  const email = /<([^<>\s]+@[^<>\s]+)>$/.exec(said)?.[1] ?? said;
  const byEmail = identitiesOf(declared, { name: '', email });
  if (byEmail.length > 0) return byEmail;
  return Object.entries(declared.identities).flatMap(([name, { handles = [] }]) =>
    name === said || handles.some((handle) => handle.toLowerCase() === said.toLowerCase()) ? [name] : [],
  );
}

/** GitHub makes the commit of a squashed pull request in its own name, and lists who wrote it. */
const SQUASHING = 'noreply@github.com';

/** Whose work a commit is: its author's; of a squashed pull request, that of everybody whom it lists as well. */
export function authorsOf({ author, committer, message }: Pick<Commit, 'author' | 'committer' | 'message'>): Person[] {
  if (committer.email.toLowerCase() !== SQUASHING) return [author];
  const others = valuesOf(trailersOf(message), 'Co-authored-by').flatMap((value) => {
    const [, name, email] = /^(.*?)\s*<([^<>]+)>$/.exec(value) ?? [];
    return email === undefined ? [] : [{ name: name!, email }];
  });
  return [author, ...others];
}
