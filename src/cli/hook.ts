import { readFile } from 'node:fs/promises';
import type { ChangeSet } from '../core/change.ts';
import { drain, openRepository, type Push, type Repository } from '../repo/open.ts';
import { rememberNode } from '../setup/node.ts';
import { EXIT, UsageError, type ExitCode } from './exit.ts';

// Rules, policy and reports are loaded once there is something to judge: a hook with nothing to do ends before that.
const verdict = () => import('./verdict.ts');
const defaultFlags = async () => (await import('./flags.ts')).DEFAULT_FLAGS;

type Hook = (args: readonly string[], cwd: string) => Promise<ExitCode>;

const HOOKS: Readonly<Record<string, Hook>> = {
  'pre-commit': stagedHook,
  'pre-merge-commit': stagedHook,
  'pre-applypatch': stagedHook,
  'commit-msg': messageHook,
  'applypatch-msg': messageHook,
  'pre-push': (args, cwd) => pushHook(cwd, (repository, input) => repository.push(input, args[0] ?? '', args[1])),
  'pre-receive': (_, cwd) => pushHook(cwd, (repository, input) => repository.receive(input)),
};

/** What a Git hook of that name must judge. Silent where there is nothing to say. */
export async function hook([name = '', ...args]: readonly string[], cwd: string): Promise<ExitCode> {
  if (!Object.hasOwn(HOOKS, name)) {
    throw new UsageError(`There is no hook "${name}" here. Hooks: ${Object.keys(HOOKS).join(', ')}.`);
  }
  return HOOKS[name]!(args, cwd);
}

async function stagedHook(_: readonly string[], cwd: string): Promise<ExitCode> {
  const repository = await openRepository(cwd, { expect: 'staged' });
  try {
    return await judged(await repository.staged(), repository, cwd);
  } finally {
    await repository.close();
  }
}

/** The message as Git will store it. Where that cannot be told, both outcomes are judged, and either may pass. */
async function messageHook([file]: readonly string[], cwd: string): Promise<ExitCode> {
  if (file === undefined) throw new UsageError('The hook commit-msg is given the file of the message: repolicy hook commit-msg FILE.');
  const repository = await openRepository(cwd, { expect: 'staged' });
  try {
    const bytes = await readFile(file).catch(() => {
      throw new UsageError(`The message file ${file} cannot be read.`);
    });
    const staged = await repository.staged();
    const messages = await repository.messages(bytes);
    const of = (message: string): ChangeSet => ({ ...staged, changes: [], message });
    for (const message of messages.slice(1)) {
      const { judgeAndReport, storeIn } = await verdict();
      const setting = { cwd, ...storeIn(repository), formats: [], notices: [] };
      const code = await judgeAndReport(of(message), await defaultFlags(), setting);
      if (code === EXIT.clean) return EXIT.clean;
    }
    return await judged(of(messages[0]!), repository, cwd);
  } finally {
    await repository.close();
  }
}

async function pushHook(cwd: string, read: (repository: Repository, input: string) => Promise<readonly Push[]>): Promise<ExitCode> {
  // Read first, whatever comes: a hook that leaves its input unread makes Git fail in its place.
  const input = (await drain(process.stdin)).toString('latin1');
  const repository = await openRepository(cwd);
  try {
    let worst: ExitCode = EXIT.clean;
    for (const push of await read(repository, input)) {
      if (push.what !== 'commits') continue;
      const code = await judged(push.change, repository, cwd);
      if (worst === EXIT.clean || code === EXIT.findings) worst = code === EXIT.clean ? worst : code;
    }
    return worst;
  } finally {
    await repository.close();
  }
}

/** A clean merge changes nothing that its parents did not, and its sides can still collide. */
const isNothing = ({ changes, commits, message, joins }: ChangeSet): boolean =>
  changes.length === 0 && commits.length === 0 && message === undefined && !joins;

async function judged(change: ChangeSet, repository: Repository, cwd: string): Promise<ExitCode> {
  const { notices } = repository;
  if (isNothing(change) && notices.length === 0) return EXIT.clean;
  rememberNode(repository.commonDir);
  const { judgeAndReport, storeIn, TEXT } = await verdict();
  const setting = { cwd, ...storeIn(repository), formats: TEXT, notices, silent: true, commit: repository.commit };
  return judgeAndReport(change, await defaultFlags(), setting);
}
