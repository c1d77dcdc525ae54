import { posix } from 'node:path';
import type { Change } from '../core/change.ts';
import type { Entry } from '../core/snapshot.ts';
import { RepoError } from './git.ts';
import { fields, printable } from './names.ts';
import { byPath, entryOf } from './snapshots.ts';

/** One path on both sides. An entry on the right without an object id is on disk, and may turn out to be no change at all. */
export interface Pair {
  readonly path: string;
  readonly before?: Entry;
  readonly after?: Entry;
}

/** Arguments for every diff: ids instead of guesses, and nothing left out because some file asks for it. */
export const RAW = ['--raw', '-z', '--no-abbrev', '--no-renames', '--ignore-submodules=none'];

const META = /^:(\d{6}) (\d{6}) ([0-9a-f]+) ([0-9a-f]+) ([A-Z])/;

/** The output of `diff-index` and of `diff-tree` with two trees. Throws a RepoError when the index is unmerged. */
export function parsePairs(output: Buffer): Map<string, Pair> {
  const pairs = new Map<string, Pair>();
  const conflicts: string[] = [];
  const pieces = fields(output);
  for (let at = 0; at + 1 < pieces.length; at += 2) {
    const path = pieces[at + 1]!;
    const [, oldMode, newMode, oldOid, newOid, status] = META.exec(pieces[at]!) ?? [];
    if (status === 'U') conflicts.push(path);
    else
      pairs.set(path, { path, ...side('before', path, oldMode!, oldOid!), ...side('after', path, newMode!, newOid!) });
  }
  if (conflicts.length > 0) throw unmergedIndex(conflicts);
  return pairs;
}

const side = (name: 'before' | 'after', path: string, mode: string, oid: string): Partial<Pair> =>
  mode === '000000' ? {} : { [name]: entryOf(path, mode, isZero(oid) ? undefined : oid) };

/** Git's way to say "no object". Ids are 40 or 64 digits long. */
export const isZero = (oid: string): boolean => /^0+$/.test(oid);

/**
 * The output of `diff-tree --stdin -c`: for each commit its pairs, for a merge only the paths that differ from every
 * parent. `before` is then what the first parent had.
 */
export function parseCommits(output: Buffer): Map<string, Pair[]> {
  const commits = new Map<string, Pair[]>();
  let pairs: Pair[] = [];
  const pieces = fields(output);
  for (let at = 0; at < pieces.length; at++) {
    const piece = pieces[at]!;
    if (!piece.startsWith(':')) {
      pairs = [];
      commits.set(piece, pairs);
      continue;
    }
    const parents = /^:+/.exec(piece)![0].length;
    const words = piece.slice(parents).split(' ');
    const path = pieces[++at]!;
    pairs.push({
      path,
      ...side('before', path, words[0]!, words[parents + 1]!),
      ...side('after', path, words[parents]!, words[2 * parents + 1]!),
    });
  }
  return commits;
}

/** Only the paths that differ from every parent, as the first one has them. */
export function differingFromAll(diffs: readonly ReadonlyMap<string, Pair>[]): Map<string, Pair> {
  const [first, ...others] = diffs;
  return new Map([...(first ?? [])].filter(([path]) => others.every((diff) => diff.has(path))));
}

/**
 * Names each pair. A file that is gone from one path and new at another with the same object id has been renamed.
 * `ids`: object ids by path of files on disk, where they are known.
 */
export function changesOf(pairs: Iterable<Pair>, emptyBlob: string, ids?: ReadonlyMap<string, string>): Change[] {
  const changes: Change[] = [];
  const gone = new Map<string, Entry[]>();
  const added: Entry[] = [];
  for (const { path, before, after } of pairs) {
    if (before && after) changes.push({ path, kind: 'modified', before, after });
    else if (after) added.push(after);
    // Empty files are all alike: nothing says that one became the other.
    else if (before?.oid === undefined || before.oid === emptyBlob) changes.push(deleted(before, path));
    else gone.set(before.oid, [...(gone.get(before.oid) ?? []), before]);
  }
  for (const after of added.sort(byPath)) {
    const oid = after.oid ?? ids?.get(after.path);
    const sources = (oid !== undefined && gone.get(oid)) || [];
    const sameName = sources.findIndex(({ path }) => posix.basename(path) === posix.basename(after.path));
    const [before] = sources.splice(Math.max(sameName, 0), 1);
    changes.push(
      before
        ? { path: after.path, kind: 'renamed', from: before.path, before, after }
        : { path: after.path, kind: 'added', after },
    );
  }
  for (const before of [...gone.values()].flat()) changes.push(deleted(before, before.path));
  return changes.sort(byPath);
}

const deleted = (before: Entry | undefined, path: string): Change => ({
  path,
  kind: 'deleted',
  ...(before && { before }),
});

/** The entries of one side, in the order of the changes. */
export const sideOf = (changes: readonly Change[], side: 'before' | 'after'): Entry[] =>
  changes.flatMap((change) => change[side] ?? []);

function unmergedIndex(paths: readonly string[]): RepoError {
  const shown = paths.slice(0, 3).map(printable).join(', ');
  const more = paths.length > 3 ? ` and ${paths.length - 3} more` : '';
  return new RepoError(
    'unmerged',
    `The index still has conflicts: ${shown}${more}. Resolve them and stage the result with git add first.`,
  );
}
