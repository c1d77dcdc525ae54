import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import type { ChangeSet } from '../core/change.ts';
import { plain, type Access } from './access.ts';
import { changesOf, parsePairs, RAW, sideOf } from './changes.ts';
import { commitSnapshot } from './committed.ts';
import { resolve } from './commits.ts';
import { RepoError } from './git.ts';
import { fields, printable } from './names.ts';
import { openObjects } from './objects.ts';
import { openTrees, snapshotOf, treeGround } from './snapshots.ts';

export interface WouldBeMerge {
  /** A revision -> its merge with another, and the commits that the merge would bring. */
  readonly change: ChangeSet;
  /** Ends the Git process that reads the merge, and removes its objects. */
  close(): Promise<void>;
}

/**
 * What merging `head` into `into` would make, by Git's own merge. Its objects go into a temporary folder beside those of
 * the repository, which stays as it is. Throws a RepoError where the two do not merge by themselves.
 */
export async function wouldBeMerge(access: Access, into: string, head = 'HEAD'): Promise<WouldBeMerge> {
  const { place, env, emptyBlob } = access;
  const [ours, theirs] = await Promise.all([resolve(access.objects, into), resolve(access.objects, head)]);
  const folder = mkdtempSync(join(tmpdir(), 'repolicy-merge-'));
  const { GIT_OBJECT_DIRECTORY = join(place.commonDir, 'objects'), GIT_ALTERNATE_OBJECT_DIRECTORIES: more } = env;
  const git = access.git.at(access.git.cwd, {
    ...access.git.env,
    GIT_OBJECT_DIRECTORY: folder,
    GIT_ALTERNATE_OBJECT_DIRECTORIES: [GIT_OBJECT_DIRECTORY, ...(more ? [more] : [])].join(delimiter),
  });
  const objects = openObjects(git);
  const close = async () => {
    await objects.close();
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    const args = ['merge-tree', '--write-tree', '-z', '--name-only', '--no-messages', ours.oid, theirs.oid];
    const [tree = '', ...conflicts] = fields(await git.run(args, { accept: [1] }).catch(needsNewerGit));
    if (conflicts.length > 0) throw conflicting(into, head, conflicts);
    const output = await git.run(['diff-tree', '-r', ...RAW, ours.oid, tree]);
    const changes = changesOf(parsePairs(output).values(), emptyBlob);
    const ground = treeGround(tree, git, openTrees(objects), objects);
    const { branch } = await access.state();
    return {
      change: {
        ...plain(access),
        base: commitSnapshot(access, ours.oid, sideOf(changes, 'before')),
        head: snapshotOf(`merge of ${head} into ${into}`, ground, sideOf(changes, 'after')),
        changes,
        commits: await access.reader.select([theirs.oid, '--not', ours.oid]),
        joins: true,
        ...(branch !== undefined && { branch }),
      },
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

function needsNewerGit(error: unknown): never {
  if (!(error instanceof RepoError) || !error.message.includes('(exit 129)')) throw error;
  throw new RepoError(
    'git-failed',
    'This Git is too old to try a merge without a work tree: --merge-into needs Git 2.38 or newer.',
  );
}

function conflicting(into: string, head: string, paths: readonly string[]): RepoError {
  const shown = paths.slice(0, 3).map(printable).join(', ');
  const more = paths.length > 3 ? ` and ${paths.length - 3} more` : '';
  return new RepoError(
    'unmerged',
    `${head} does not merge into ${into} by itself: both changed ${shown}${more}. Merge or rebase first (git merge ${into}), then judge the result.`,
  );
}
