import { realpathSync } from 'node:fs';
import { openFolder, openRepository, RepoError, type Folder, type Repository } from '../repo/open.ts';
import { editing } from './disk.ts';
import { writeDrift } from './drift.ts';
import { UsageError, type ExitCode } from './exit.ts';
import type { JudgingFlags } from './flags.ts';
import { judgeAndReport, storeIn, TEXT, type Setting } from './verdict.ts';

interface AuditFlags extends JudgingFlags {
  readonly rev?: string;
  readonly history?: boolean;
  readonly unreachable?: boolean;
}

/** Every file of the work tree or of a revision, as if all were new. A folder outside any repository will do. */
export async function audit(flags: AuditFlags, cwd: string): Promise<ExitCode> {
  if (flags.unreachable && !flags.history) throw new UsageError('--unreachable goes with --history.');
  const source = await openSource(cwd, flags.rev);
  try {
    const change = await source.audit(flags.rev);
    const root = 'root' in source ? source.root : source.topLevel;
    return await judgeAndReport(change, flags, {
      cwd,
      formats: TEXT,
      notices: source.notices,
      written: (report, format) => writeDrift(report, format, { cwd, now: change.now }),
      ...storeIn(source),
      ...('gitDir' in source && { merged: (base: string | undefined) => mergedPaths(source, base) }),
      ...(flags.history && (await pastIn(source, flags))),
      ...(flags.rev === undefined && root !== undefined && editing(root, change)),
    });
  } finally {
    if ('close' in source) await source.close();
  }
}

/** The history is judged after the tree: what a tree still shows is reported there. */
async function pastIn(source: Repository | Folder, flags: AuditFlags): Promise<Pick<Setting, 'past'>> {
  if (!('past' in source)) throw new UsageError('There is no history here: this folder is not a Git repository.');
  const { judgePast } = await import('./history.ts');
  return { past: (change, verdict, terms) => judgePast(source, change, verdict, terms, flags) };
}

async function openSource(cwd: string, rev: string | undefined): Promise<Repository | Folder> {
  try {
    return await openRepository(cwd);
  } catch (error) {
    const folder = error instanceof RepoError && error.kind === 'not-a-repository' && rev === undefined;
    if (folder) return openFolder(realpathSync(cwd));
    throw error;
  }
}

/** The files of the branch that everything is merged into: the policy's base, else what the remote calls its own. */
async function mergedPaths(repository: Repository, base = 'refs/remotes/origin/HEAD'): Promise<ReadonlySet<string>> {
  try {
    return new Set(await (await repository.snapshot(base)).paths());
  } catch (error) {
    if (error instanceof RepoError && error.kind === 'unknown-revision') return new Set();
    throw error;
  }
}
