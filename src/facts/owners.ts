import type { Change, ChangeSet, Person } from '../core/change.ts';
import { isNotice, type Notice } from '../core/notice.ts';
import type { Declared } from '../core/policy.ts';
import { templates } from '../core/templates.ts';

/** Somebody laid hands on a path: changed, made, deleted, moved (from and to), or gave it another mode. */
export interface Touch {
  readonly path: string;
  readonly author: Person;
  /** Absent while the change is not committed. */
  readonly commit?: string;
}

/**
 * Who touched the paths of concern. Each commit counts by itself, since a net change hides what was done and undone, and
 * its author counts, since whoever rebases it only carries it. Without commits it is whoever is making the change, or,
 * where nobody is, everybody in the history of the paths.
 */
export async function* touches(change: ChangeSet, concerns: (path: string) => boolean): AsyncIterable<Touch | Notice> {
  const { changes, commits, identity, history } = change;
  const paths = ends(changes).filter(concerns);
  if (commits.length > 0) {
    for (const { oid, author, changes } of commits) {
      for (const path of ends(changes)) if (concerns(path)) yield { path, author, commit: oid };
    }
  } else if (paths.length === 0) return;
  else if (identity) for (const path of paths) yield { path, author: identity };
  else if (history) {
    const wanted = new Set(paths);
    for (const { oid, author, changes } of await history(paths)) {
      for (const path of ends(changes)) if (wanted.has(path)) yield { path, author, commit: oid };
    }
  } else {
    const message = `Who changed ${paths[0]}${paths.length > 1 ? ` and ${paths.length - 1} more` : ''} is not known.`;
    yield { notice: 'not-judged', message, path: paths[0]!, needed: true };
  }
}

/** Both ends of a move count. */
const ends = (changes: readonly Change[]): string[] =>
  changes.flatMap(({ path, from }) => (from === undefined ? [path] : [path, from]));

/** The declared identities that an e-mail address stands for. Case does not matter; nothing else is overlooked. */
export const identitiesOf = ({ identities }: Declared, { email }: Person): readonly string[] =>
  Object.keys(identities).filter((name) =>
    identities[name]?.emails.some((declared) => declared.toLowerCase() === email.toLowerCase()),
  );

/** A path of somebody's that another has touched. */
export interface ForeignTouch extends Touch {
  /** The identity in the path; undefined where a name stands there that nobody declared. */
  readonly owner: string | undefined;
  /** What stands in the path. */
  readonly named: string;
  /** The identities of the author; none for somebody whom nobody declared. */
  readonly authors: readonly string[];
}

/** Touches of paths that belong to others by the {identity} of their templates: one for each path and author. */
export async function* foreignTouches(
  change: ChangeSet,
  list: readonly string[],
): AsyncIterable<ForeignTouch | Notice> {
  const { declared } = change.head;
  const ownerOf = await ownerReader(list, declared);
  const said = new Set<string>();
  for await (const touch of touches(change, (path) => ownerOf(path) !== undefined)) {
    if (isNotice(touch)) {
      yield touch;
      continue;
    }
    const { name: named, declared: known } = ownerOf(touch.path)!;
    const authors = identitiesOf(declared, touch.author);
    const key = `${touch.path}\0${known ? touch.author.email.toLowerCase() : ''}`;
    if (authors.includes(named) || said.has(key)) continue;
    said.add(key);
    yield { ...touch, owner: known ? named : undefined, named, authors };
  }
}

/** Whose a path is by the {identity} of its template. */
export interface Owner {
  readonly name: string;
  /** False for a name that stands where an identity belongs and is none. */
  readonly declared: boolean;
}

export async function ownerReader(
  list: readonly string[],
  { identities }: Declared,
): Promise<(path: string) => Owner | undefined> {
  const declared = await templates(list, { identities: Object.keys(identities) });
  const anybody = list.map((template) => template.replaceAll('{identity}', '{anybody}'));
  const undeclared = await templates(anybody, { identities: [] });
  return (path) => {
    const owner = declared(path)?.get('identity');
    const name = owner ?? undeclared(path)?.get('anybody');
    return name === undefined ? undefined : { name, declared: owner !== undefined };
  };
}
