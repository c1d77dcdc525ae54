import type { ChangeSet } from '../core/change.ts';
import type { Access } from './access.ts';
import type { CiRun } from './ci.ts';
import { auditOf, between, headCommit, mergeBase } from './committed.ts';
import { readHeader, resolve, type Header } from './commits.ts';
import { RepoError } from './git.ts';
import { printable } from './names.ts';

/** The change that a CI run is about. Without a base to compare with, every file of head is new. */
export async function ciChange(access: Access, run: CiRun): Promise<ChangeSet> {
  const { objects, reader } = access;
  const head = run.head === undefined ? await headCommit(access) : await available(access, run.head, run, run.headRef);
  const said = {
    ...(run.branch !== undefined && { branch: run.branch }),
    ...(run.tag !== undefined && { tag: run.tag }),
    ...(run.pullRequest && { pullRequest: run.pullRequest }),
  };
  const merge = await providersMerge(access, run, head);
  if (merge || run.base !== undefined) {
    const base = await available(access, merge?.base ?? run.base!, run);
    // The merge itself is the provider's work, not a commit of the pull request.
    const tip = merge ? (await available(access, merge.tip, run)).oid : head.oid;
    const commits = await reader.select([tip, '--not', base.oid]);
    return { ...(await between(access, base.oid, head.oid, commits)), ...said };
  }
  for (const name of run.since) {
    const other = await readHeader(objects, name);
    if (!other) continue;
    let base: string | undefined = await parted(access, other.oid, head.oid, run);
    let except = other.oid;
    if (base === head.oid && run.event !== 'pull-request') {
      // What was pushed is already what it would be compared with: then the last commit is the change.
      [base] = head.parents;
      if (base === undefined) break;
      except = (await available(access, base, run)).oid;
    }
    const commits = await reader.select([head.oid, '--not', except]);
    return { ...(await between(access, base, head.oid, commits)), ...said };
  }
  if (run.since.length > 0 && head.parents.length > 0) throw notInClone(access, run.since[0]!, run);
  return { ...(await auditOf(access, head.oid)), ...said };
}

/** The two sides of HEAD, where HEAD is a merge of the pull request with its target that the provider made. */
async function providersMerge(
  { objects }: Access,
  { source }: CiRun,
  { parents }: Header,
): Promise<{ readonly base: string; readonly tip: string } | undefined> {
  const [first, second] = parents;
  if (source === undefined || parents.length !== 2) return undefined;
  // A shallow clone may know the id of a parent, and nothing else of it.
  const tip = parents.includes(source)
    ? source
    : source === 'HEAD^2'
      ? second
      : (await readHeader(objects, source))?.oid;
  if (tip === undefined) return undefined;
  if (tip === second) return { base: first!, tip };
  return tip === first ? { base: second!, tip } : undefined;
}

/** The merge base. A shallow clone that cannot be trusted with it is told how to become whole, in the provider's words. */
async function parted(access: Access, other: string, head: string, run: CiRun): Promise<string> {
  try {
    return await mergeBase(access, other, head);
  } catch (error) {
    if (!(error instanceof RepoError && error.kind === 'shallow')) throw error;
    throw new RepoError(
      'shallow',
      `This clone is shallow and does not reach back to where ${head.slice(0, 12)} left ${other.slice(0, 12)}: ${run.provider} fetched too little of the history. ${mend(access, run)}`,
    );
  }
}

async function available(access: Access, revision: string, run: CiRun, ref?: string): Promise<Header> {
  const header = await readHeader(access.objects, revision);
  if (header) return header;
  throw notInClone(access, revision, run, ref);
}

function notInClone(access: Access, revision: string, run: CiRun, ref = revision): RepoError {
  const { shallow } = access.place;
  const clone = `this ${shallow ? 'shallow ' : ''}clone`;
  const kind = shallow ? 'shallow' : 'missing-object';
  if (ref === ORIGIN_HEAD) {
    return new RepoError(
      kind,
      `${run.provider} does not say what this branch is to be compared with, and ${clone} does not know the default branch. ${mend(access, run)} && git remote set-head origin --auto`,
    );
  }
  return new RepoError(
    kind,
    `${run.provider} says that this run is about ${printable(revision)}, and ${clone} does not have that commit. ${mend(access, run, ref)}`,
  );
}

const ORIGIN_HEAD = 'refs/remotes/origin/HEAD';
const ALL = "'+refs/heads/*:refs/remotes/origin/*'";

/** The setting that makes the missing history available from the next run on, and the command that does so now. It ends the message. */
function mend({ place }: Access, { depth }: CiRun, ref?: string): string {
  // A shallow clone often follows one branch alone, so the branches are spelled out.
  if (place.shallow)
    return `Have the whole history fetched (${depth}), or fetch it now: git fetch --unshallow origin ${ALL}${ref?.startsWith('refs/pull/') ? ` ${ref}` : ''}`;
  const branch = /^refs\/remotes\/origin\/(.+)$/.exec(ref ?? '')?.[1];
  const wanted = branch ? quoted(`+refs/heads/${branch}:${ref}`) : ref === undefined ? ALL : quoted(ref);
  return `Fetch it: git fetch origin ${wanted}`;
}

/** For a shell. Git allows nearly everything in the name of a branch. */
const quoted = (word: string): string =>
  /^[\w./:+@-]+$/.test(word) ? word : `'${printable(word).replaceAll("'", "'\\''")}'`;
