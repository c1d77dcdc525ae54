import type { Person } from '../../core/change.ts';
import type { Location, Severity } from '../../core/finding.ts';
import type { Match } from './matcher.ts';
import { insteadOf } from './service.ts';

/** A credential that the change brings: where it stands and what it is, never what it says. */
export interface Candidate {
  /** The rule that reports it. */
  readonly rule: string;
  readonly format: string;
  /** With its article: "a GitHub personal access token". */
  readonly names: string;
  readonly in: Place;
  /** What holds it, where that is none of these: "The message of the tag v1.2". */
  readonly holder?: string;
  /** With a range in a text; the path alone for a binary file; the commit, where a message has one. */
  readonly at: Location;
  /** Stable under moved lines, and tells two secrets in one file apart: the start of a digest, or a password's host. */
  readonly about: string;
  /** SHA-256 in hex; absent for passwords, which a digest would give away. */
  readonly digest?: string;
  /** "postgres://db.acme.io" where it is a password. */
  readonly host?: string;
  readonly atMost?: Severity;
  /** A clause after "but". */
  readonly doubt?: string;
  /** May well be none: only for policies that ask for more than what is sure. */
  readonly unsure?: true;
  readonly expires?: Date;
  /** How it is revoked, and what then. Absent where nobody but its owner knows. */
  readonly instead?: string;
  /** How much of it, from its beginning on, is the mark of its kind and no part of the secret: UTF-16 units. */
  readonly mark?: number;
  /** Who brought it, where it was found in the past. */
  readonly brought?: { readonly by: Person; readonly on: Date };
}

export type Place = 'file' | 'message' | 'pull request';

/** What may be said of each match. */
export function* candidatesOf(
  matches: readonly Match[],
  where: Place,
  place: (match: Match) => Location,
): Iterable<Candidate> {
  const guessable = new Map<string, number>();
  for (const match of matches) {
    const { format, names, digest, host, key, atMost, doubt, unsure, expires, encoded, mark } = match;
    const name = host ?? key ?? '';
    const nth = (guessable.get(name) ?? 0) + 1;
    guessable.set(name, nth);
    yield {
      rule: format.rule,
      format: format.id,
      names: encoded ? `${names}, in ${encoded}` : names,
      in: where,
      at: place(match),
      about: digest?.slice(0, 16) ?? (nth === 1 ? name : `${name} (${nth})`),
      ...(digest && { digest }),
      ...(host && { host }),
      ...(atMost && { atMost }),
      ...(doubt && { doubt }),
      ...(unsure && { unsure }),
      ...(format.service && { instead: insteadOf(format.service) }),
      ...(expires && { expires: new Date(expires * 1000) }),
      ...(mark && { mark }),
    };
  }
}

/** Without a range, the same secret twice is one finding. */
export function distinct(matches: readonly Match[]): readonly Match[] {
  const secret = ({ format, digest, host, key }: Match) => `${format.id} ${digest ?? host ?? key}`;
  return [...new Map(matches.map((match) => [secret(match), match])).values()];
}
