import type { ChangeSet, Commit, Person } from '../core/change.ts';
import type { Notice } from '../core/notice.ts';
import type { Declared } from '../core/policy.ts';
import { authorsOf, identitiesNamed, identitiesOf } from './identities.ts';
import { capturing } from './paths.ts';
import { signerOf } from './signatures.ts';
import { trailersOf, valuesOf } from './trailers.ts';

/** What may say whose a change is beside its author's address, from the weakest to the strongest. */
export const PROOFS = ['variable', 'branch', 'trailer', 'signature'] as const;

export interface ProofOptions {
  readonly variable?: string | undefined;
  readonly branches: readonly string[];
  readonly trailers: readonly string[];
  readonly required: readonly (typeof PROOFS)[number][];
  readonly exempt: readonly string[];
}

/** Something that names another than the author, or that should have named them and does not. */
export interface Contradiction {
  readonly says: string;
  readonly about: string;
  readonly commit?: string;
}

/** Somebody at work: the author of a commit, or of one that is being made. */
interface Work {
  readonly author: Person;
  readonly people: readonly Person[];
  readonly message: string | undefined;
  readonly commit: Commit | undefined;
}

export async function* contradictions(change: ChangeSet, options: ProofOptions): AsyncIterable<Contradiction | Notice> {
  const { declared } = change.head;
  if (Object.keys(declared.identities).length === 0) return;
  const said = new Set<string>();
  for (const work of worksOf(change)) {
    const own = work.people.flatMap((person) => identitiesOf(declared, person));
    if (own.some((name) => options.exempt.includes(name))) continue;
    for await (const found of ofWork(change, work, own, options)) {
      if (!('about' in found)) {
        yield found;
        continue;
      }
      // A branch or a variable contradicts all commits of an author alike: that is said once.
      if (said.has(found.about)) continue;
      said.add(found.about);
      yield { ...found, ...(work.commit && { commit: work.commit.oid }) };
    }
  }
}

function worksOf({ commits, identity, message }: ChangeSet): Work[] {
  if (commits.length > 0) {
    return commits.map((commit) => ({
      author: commit.author,
      people: authorsOf(commit),
      message: commit.message,
      commit,
    }));
  }
  return identity ? [{ author: identity, people: [identity], message, commit: undefined }] : [];
}

async function* ofWork(
  change: ChangeSet,
  { author, message, commit }: Work,
  own: readonly string[],
  { variable, branches, trailers, required }: ProofOptions,
): AsyncIterable<Contradiction | Notice> {
  const { declared } = change.head;
  const who = `${author.email}, ${own.length > 0 ? `that is ${own.join(' and ')}` : 'whom the policy does not know'}`;
  const agrees = (names: readonly string[]) => names.some((name) => own.includes(name));

  if (variable !== undefined && !commit && change.variable) {
    const value = change.variable(variable)?.trim() ?? '';
    if (value === '' ? required.includes('variable') : !agrees(identitiesNamed(declared, value)))
      yield {
        says: `The variable ${variable} says ${value === '' ? 'nothing' : `"${value.slice(0, 60)}"`}, and the author is ${who}.`,
        about: `variable ${author.email}`,
      };
  }
  if (branches.length > 0 && change.branch !== undefined) {
    const name = (await capturing(branches, declared))(change.branch)?.get('identity');
    if (name === undefined ? required.includes('branch') : !agrees([name]))
      yield {
        says: `The branch ${change.branch} names ${name ?? 'nobody'}, and the author is ${who}.`,
        about: `branch ${author.email}`,
      };
  }
  if (trailers.length > 0 && message !== undefined && !(commit && commit.parents.length > 1)) {
    const written = trailersOf(message);
    const values = trailers.flatMap((key) => valuesOf(written, key));
    const wrong = values.find((value) => !agrees(identitiesNamed(declared, value)));
    if (wrong !== undefined || (values.length === 0 && required.includes('trailer'))) {
      const says =
        wrong === undefined
          ? `No trailer ${trailers.join(' or ')} names the author`
          : `A trailer names "${wrong.slice(0, 60)}"`;
      yield { says: `${says}, who is ${who}.`, about: `trailer ${author.email} ${message.slice(0, 100)}` };
    }
  }
  if (commit) yield* ofSignature(declared, commit, own, who, required.includes('signature'));
}

async function* ofSignature(
  declared: Declared,
  commit: Commit,
  own: readonly string[],
  who: string,
  required: boolean,
): AsyncIterable<Contradiction | Notice> {
  const signer = signerOf(commit, declared);
  const about = `signature ${commit.oid}`;
  const short = commit.oid.slice(0, 12);
  if (signer.kind === 'identity') {
    if (!own.includes(signer.name))
      yield { says: `Commit ${short} is signed by ${signer.name}, and its author is ${who}.`, about };
  } else if (signer.kind === 'forged')
    yield { says: `Commit ${short} has a signature that does not fit it; its author is ${who}.`, about };
  else if (required) yield { says: `Commit ${short} ${signer.why}; its author is ${who}.`, about };
}
