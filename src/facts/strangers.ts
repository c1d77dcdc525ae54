import type { ChangeSet, Person } from '../core/change.ts';
import { isNotice, type Notice } from '../core/notice.ts';
import { authorsOf, identitiesOf } from './identities.ts';
import { touches } from './owners.ts';

/** An author whom the roster does not have. */
export interface Stranger {
  readonly person: Person;
  readonly commit?: string;
  /** Head's roster has them, base's does not, and none of those whom base knows put them there. */
  readonly newcomer: boolean;
}

/** Every author of the change that no declared identity stands for, once for each address; in an audit, of all history. */
export async function* strangers(change: ChangeSet): AsyncIterable<Stranger | Notice> {
  const { head, policies } = change;
  const { declared } = head;
  if (Object.keys(declared.identities).length === 0) return;
  const before = policies?.base?.declared;
  const roster = before && Object.keys(before.identities).length > 0 ? before : undefined;
  const seen = new Set<string>();
  for await (const author of authors(change)) {
    if (isNotice(author)) {
      yield author;
      continue;
    }
    const { person, commit } = author;
    if (seen.has(person.email.toLowerCase())) continue;
    seen.add(person.email.toLowerCase());
    const at = { person, ...(commit !== undefined && { commit }) };
    if (identitiesOf(declared, person).length === 0) yield { ...at, newcomer: false };
    else if (roster && identitiesOf(roster, person).length === 0 && !(await letIn())) yield { ...at, newcomer: true };
  }

  /** Whether everybody who touched the policy was on the roster before. */
  async function letIn(): Promise<boolean> {
    const files = new Set(policies!.head.files);
    for await (const touch of touches(change, (path) => files.has(path))) {
      if (isNotice(touch) || identitiesOf(roster!, touch.author).length === 0) return false;
    }
    return true;
  }
}

async function* authors(change: ChangeSet): AsyncIterable<{ person: Person; commit?: string } | Notice> {
  const { commits, identity, changes, message, history } = change;
  const of = function* (all: typeof commits) {
    for (const commit of all) for (const person of authorsOf(commit)) yield { person, commit: commit.oid };
  };
  if (commits.length > 0) yield* of(commits);
  else if (identity) {
    if (changes.length > 0 || message !== undefined) yield { person: identity };
  } else if (changes.length === 0) return;
  else if (history) yield* of(await history(changes.map(({ path }) => path)));
  else yield { notice: 'not-judged', message: 'Who made these files is not known.', needed: true };
}
