import type { Notice } from '../../core/notice.ts';
import type { Candidate } from '../../facts/credentials/candidate.ts';
import type { CustomFormat } from '../../facts/credentials/custom.ts';
import type { PastCommit, PastObject } from '../../repo/past.ts';
import type { Repository } from '../../repo/open.ts';
import { progress } from '../progress.ts';
import type { KeptSearch, Searched } from './kept.ts';
import { openThreads, type Threads } from './threads.ts';
import type { Answer, Item } from './search.ts';

/** A credential of the past. `commit` brought it; a tag's message and what nothing leads to have none. */
export interface Hit {
  readonly candidate: Candidate;
  readonly commit?: string;
}

/** After so many milliseconds what was done is kept, so that a run that is broken off need not be begun anew. */
const KEEP_EVERY = 20_000;

/** Everything that any ref, reflog or stash reached, searched once; what an earlier run searched is taken from there. */
export async function searchPast(
  repository: Repository,
  custom: readonly CustomFormat[],
  kept: KeptSearch,
  unreachable: boolean,
): Promise<Searched> {
  const { past } = repository;
  const tips = await past.tips();
  const before = await stillTrue(repository, kept.load(), tips);
  if (before?.tips && !unreachable && before.tips.join() === tips.join()) return before;

  const seen = past.ids();
  if (before) kept.loadIds(seen);
  const hits = new Map<string, Hit>();
  for (const hit of before?.hits ?? []) hits.set(keyOf(hit), hit);
  const notices = [...(before?.notices ?? [])];
  let { commits = 0, objects = 0, lfs = 0 } = before ?? {};
  const earlier = commits;
  const sources = new WeakMap<Item, PastObject>();
  const bar = progress(process.stderr.isTTY ? past.count() : Promise.resolve(undefined));

  const take = (answer: Answer, items: readonly Item[]): void => {
    lfs += answer.lfs;
    notices.push(...answer.notices);
    for (const [at, candidates] of answer.found) {
      for (const candidate of candidates) {
        const hit = placed(candidate, sources.get(items[at]!)!);
        // The first is the oldest: it names the commit that brought the secret.
        if (!hits.has(keyOf(hit))) hits.set(keyOf(hit), hit);
      }
    }
  };
  const searched = (): Searched => ({ hits: [...hits.values()], notices, commits, objects, lfs });
  const terms = { reading: repository.reading, custom };
  let threads: Threads = openThreads(terms, take);
  let keptAt = performance.now();
  try {
    await past.walk({
      seen,
      without: before?.tips ?? [],
      unreachable,
      async take(found, count) {
        commits = earlier + count;
        const items = found.map((object): Item => {
          const item: Item =
            'text' in object ? { text: object.text } : { oid: object.oid, path: 'path' in object ? object.path : '' };
          sources.set(item, object);
          return item;
        });
        objects += found.filter((object) => object.kind === 'blob' || object.kind === 'unreachable').length;
        await threads.search(items, { versions: true });
        bar.say(
          count,
          `${commits.toLocaleString('en-US')} commits, ${objects.toLocaleString('en-US')} versions of files, ${hits.size} found`,
        );
        if (performance.now() - keptAt > KEEP_EVERY && !unreachable) {
          await threads.end();
          kept.save(searched(), seen);
          threads = openThreads(terms, take);
          keptAt = performance.now();
        }
      },
    });
    await threads.end();
  } finally {
    bar.clear();
  }
  const all = { ...searched(), tips };
  if (!unreachable) kept.save(all, seen);
  return all;
}

/** Where a commit with a finding is gone, who brought it is found anew: another commit may have. */
async function stillTrue(
  { past }: Repository,
  before: Searched | undefined,
  tips: readonly string[],
): Promise<Searched | undefined> {
  if (!before?.tips) return before && { ...before, commits: 0 };
  try {
    const lost = await past.lost(before.tips, tips);
    return before.hits.some(({ commit }) => commit !== undefined && lost.has(commit)) ? undefined : before;
  } catch {
    return undefined; // Git has thrown away where the refs stood.
  }
}

const keyOf = ({ candidate: { rule, at, about, holder } }: Hit): string => [rule, at.path, about, holder].join('\0');

/** The candidate, with what is known of where its text came from. */
function placed(candidate: Candidate, object: PastObject): Hit {
  const by = (commit: PastCommit) => ({ by: commit.author, on: commit.date });
  if (object.kind === 'tag')
    return { candidate: { ...candidate, holder: `The message of the tag ${object.name}`, at: {} } };
  if (object.kind === 'unreachable')
    return { candidate: { ...candidate, holder: `The unreachable object ${object.oid.slice(0, 12)}`, at: {} } };
  const { commit } = object;
  if (!commit)
    return {
      candidate: {
        ...candidate,
        holder: `The object that ${'path' in object ? object.path : 'a ref'} stands for`,
        at: {},
      },
    };
  const at = { ...candidate.at, commit: commit.oid };
  return { commit: commit.oid, candidate: { ...candidate, at, brought: by(commit) } };
}

/** What a report says of a search, beside its findings. */
export function noticesOf({ notices, lfs }: Searched, shallow: boolean): Notice[] {
  const all = fewest(notices);
  if (lfs > 0)
    all.push({
      notice: 'not-judged',
      message: `${lfs} versions of files were not read: their content is kept in Git LFS.`,
    });
  if (shallow) {
    const message =
      'This clone is shallow: the history before its oldest commits was not searched. Fetch it whole: git fetch --unshallow (in CI: fetch-depth: 0).';
    all.push({ notice: 'not-judged', message, needed: true });
  }
  return all;
}

/** Of many that say the same of other files, some and how many more there are: a partial clone may lack a hundred thousand. */
function fewest(notices: readonly Notice[]): Notice[] {
  const alike = new Map<string, Notice[]>();
  for (const notice of notices) {
    const why = notice.message.slice(notice.message.indexOf(' was not read: '));
    const group = alike.get(why);
    if (group) group.push(notice);
    else alike.set(why, [notice]);
  }
  return [...alike].flatMap(([why, group]) => {
    if (group.length <= SHOWN) return group;
    const more = `${(group.length - SHOWN).toLocaleString('en-US')} more versions of files were not read: ${why.replace(' was not read: ', '')}`;
    return [...group.slice(0, SHOWN), { ...group[0]!, message: more }];
  });
}

const SHOWN = 5;
