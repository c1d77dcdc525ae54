import { canonical } from '../core/canonical.ts';
import type { Change, ChangeSet, Person } from '../core/change.ts';
import { isNotice, type Notice } from '../core/notice.ts';
import type { Declared } from '../core/policy.ts';
import { templates } from '../core/templates.ts';
import { authorsOf, identitiesOf } from './identities.ts';

/** Somebody laid hands on a path: changed, made, deleted, moved (from and to), or gave it another mode. */
export interface Touch {
  readonly path: string;
  readonly author: Person;
  /** The author, and whoever else a squashed commit names. */
  readonly people: readonly Person[];
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
    for (const commit of commits) {
      const by = { author: commit.author, people: authorsOf(commit), commit: commit.oid };
      for (const path of ends(commit.changes)) if (concerns(path)) yield { path, ...by };
    }
  } else if (paths.length === 0) return;
  else if (identity) for (const path of paths) yield { path, author: identity, people: [identity] };
  else if (history) {
    const wanted = new Set(paths);
    for (const commit of await history(paths)) {
      const by = { author: commit.author, people: authorsOf(commit), commit: commit.oid };
      for (const path of ends(commit.changes)) if (wanted.has(path)) yield { path, ...by };
    }
  } else {
    const message = `Who changed ${paths[0]}${paths.length > 1 ? ` and ${paths.length - 1} more` : ''} is not known.`;
    yield { notice: 'not-judged', message, path: paths[0]!, needed: true };
  }
}

/** Both ends of a move count. */
const ends = (changes: readonly Change[]): string[] =>
  changes.flatMap(({ path, from }) => (from === undefined ? [path] : [path, from]));

/** Whose a path is. */
export interface Owner {
  /** Identities, any of whom may touch it; none where a name stands that nobody declared. */
  readonly names: readonly string[];
  /** What is written where the owner stands: "data", "@moorings/data". */
  readonly written: string;
}

export type OwnerReader = (path: string) => Owner | undefined;

/** A path of somebody's that another has touched. */
export interface ForeignTouch extends Touch {
  readonly owner: Owner;
  /** The identities of the author; none for somebody whom nobody declared. */
  readonly authors: readonly string[];
}

/**
 * Touches of paths that belong to others: one for each path and author. `readers` tells who owns what by a roster; each of
 * them must agree to a touch. So must base's roster, where the change brings another: nobody makes himself an owner.
 */
export async function* foreignTouches(
  change: ChangeSet,
  readers: (declared: Declared) => Promise<readonly OwnerReader[]>,
): AsyncIterable<ForeignTouch | Notice> {
  const rosters = await Promise.all(
    rostersOf(change).map(async (declared, i) => ({ declared, old: i > 0, owners: await readers(declared) })),
  );
  const all = rosters.flatMap(({ owners }) => owners);
  const said = new Set<string>();
  for await (const touch of touches(change, (path) => all.some((ownerOf) => ownerOf(path) !== undefined))) {
    if (isNotice(touch)) {
      yield touch;
      continue;
    }
    for (const { declared, old, owners } of rosters) {
      const authors = touch.people.flatMap((person) => identitiesOf(declared, person));
      for (const ownerOf of owners) {
        const owner = ownerOf(touch.path);
        // A name that base does not know yet may be one that the change declares.
        if (!owner || (old && owner.names.length === 0) || owner.names.some((name) => authors.includes(name))) continue;
        const key = `${touch.path}\0${owner.names.length > 0 ? touch.author.email.toLowerCase() : ''}`;
        if (said.has(key)) continue;
        said.add(key);
        yield { ...touch, owner, authors };
      }
    }
  }
}

/** Head's, and base's where it differs. */
function rostersOf({ head, policies }: ChangeSet): readonly Declared[] {
  const old = policies?.base?.declared;
  return old && canonical(old.identities) !== canonical(head.declared.identities)
    ? [head.declared, old]
    : [head.declared];
}

/** By the {identity} of path templates. */
export async function ownerByTemplate(list: readonly string[], { identities }: Declared): Promise<OwnerReader> {
  const declared = await templates(list, { identities: Object.keys(identities) });
  const anybody = list.map((template) => template.replaceAll('{identity}', '{anybody}'));
  const undeclared = await templates(anybody, { identities: [] });
  return (path) => {
    const owner = declared(path)?.get('identity');
    if (owner !== undefined) return { names: [owner], written: owner };
    const written = undeclared(path)?.get('anybody');
    return written === undefined ? undefined : { names: [], written };
  };
}
