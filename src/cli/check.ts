import { realpathSync } from 'node:fs';
import type { ChangeSet } from '../core/change.ts';
import { drain, openFolder, openRepository, RepoError, type Folder, type Repository } from '../repo/open.ts';
import { editing } from './disk.ts';
import { UsageError, type ExitCode } from './exit.ts';
import type { JudgingFlags } from './flags.ts';
import { named } from './pull-request.ts';
import { judgeAndReport, storeIn, TEXT } from './verdict.ts';

interface CheckFlags extends JudgingFlags {
  readonly staged?: boolean;
  readonly since?: string;
  readonly commit?: string;
  readonly stdinPath?: string;
  readonly mergeInto?: string;
}

/** Uncommitted work, the index, a range, a commit, named files or standard input: whichever is asked for. */
export async function check(paths: readonly string[], flags: CheckFlags, cwd: string): Promise<ExitCode> {
  const { staged, since, commit, stdinPath, mergeInto } = flags;
  const ways = [
    staged && '--staged',
    since && '--since',
    commit && '--commit',
    mergeInto && '--merge-into',
    paths.length > 0 && 'paths',
  ].filter(Boolean);
  if (ways.length > 1) throw new UsageError(`check judges one change: choose one of ${ways.join(', ')}.`);
  const input = paths.includes('-');
  if (input && paths.length > 1) throw new UsageError('Standard input ("-") is judged alone.');
  if (input && stdinPath === undefined)
    throw new UsageError('Say under which name standard input is judged: --stdin-path FILE.');
  if (stdinPath !== undefined && !input)
    throw new UsageError('--stdin-path goes with "-", the sign for standard input.');

  const source = await openSource(cwd, paths.length > 0, staged === true);
  try {
    const change = await changeOf(source, paths, flags);
    const onDisk = !input && since === undefined && commit === undefined && mergeInto === undefined;
    const root = 'root' in source ? source.root : source.topLevel;
    return await judgeAndReport(change, flags, {
      cwd,
      formats: TEXT,
      notices: source.notices,
      ...storeIn(source),
      named: paths.length > 0,
      describe: async () => ({ ...given(flags, cwd), notices: [] }),
      ...('commit' in source && { commit: source.commit }),
      ...(onDisk && root !== undefined && editing(root, change)),
    });
  } finally {
    if ('close' in source) await source.close();
  }
}

/** A pull request is judged where somebody names one. */
function given(flags: CheckFlags, cwd: string): Pick<ChangeSet, 'pullRequest'> {
  const pullRequest =
    flags.prFile === undefined && flags.prEvent === undefined ? undefined : named(flags, cwd, process.env);
  return pullRequest ? { pullRequest } : {};
}

/** Named files can be judged without any repository. */
async function openSource(cwd: string, named: boolean, staged: boolean): Promise<Repository | Folder> {
  try {
    return await openRepository(cwd, staged ? { expect: 'staged' } : {});
  } catch (error) {
    if (named && error instanceof RepoError && error.kind === 'not-a-repository') return openFolder(realpathSync(cwd));
    throw error;
  }
}

async function changeOf(source: Repository | Folder, paths: readonly string[], flags: CheckFlags): Promise<ChangeSet> {
  if (paths.includes('-')) return source.stdin(await drain(process.stdin), flags.stdinPath!);
  if (paths.length > 0 || 'root' in source) return source.files(paths);
  if (flags.staged) return source.staged();
  if (flags.since !== undefined) return source.since(flags.since);
  if (flags.commit !== undefined) return source.commit(flags.commit);
  if (flags.mergeInto !== undefined) return source.mergeInto(flags.mergeInto);
  return source.uncommitted();
}
