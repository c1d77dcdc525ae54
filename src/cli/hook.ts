import { readFile } from 'node:fs/promises';
import type { ChangeSet } from '../core/change.ts';
import { drain, openRepository, type Push, type Repository } from '../repo/open.ts';
import { rememberNode } from '../setup/node.ts';
import { EXIT, UsageError, type ExitCode } from './exit.ts';

// Rules, policy and reports are loaded once there is something to judge: a hook with nothing to do ends before that.
const verdict = () => import('./verdict.ts');
const stamps = () => import('./stamp.ts');
const notices = () => import('./notices.ts');
const defaultFlags = async () => (await import('./flags.ts')).DEFAULT_FLAGS;

type Hook = (args: readonly string[], cwd: string) => Promise<ExitCode>;

const HOOKS: Readonly<Record<string, Hook>> = {
  'pre-commit': stagedHook,
  'pre-merge-commit': stagedHook,
  'pre-applypatch': stagedHook,
  'prepare-commit-msg': preparingHook,
  'commit-msg': (args, cwd) => messageHook(args, cwd, true),
  // Git has read the message before it applies the patch: no stamp could be of what it holds.
  'applypatch-msg': (args, cwd) => messageHook(args, cwd, false),
  'pre-push': (args, cwd) => pushHook(cwd, (repository, input) => repository.push(input, args[0] ?? '', args[1])),
  'pre-receive': (_, cwd) => pushHook(cwd, (repository, input) => repository.receive(input)),
  update: (args, cwd) => refHook(args, cwd),
  'post-checkout': ([before = '', after = '', branch], cwd) =>
    noticing(cwd, async (repository) => {
      // Not for single files, nor in a new clone or work tree: there was no policy before.
      if (branch === '1' && before !== after && !/^0+$/.test(before))
        await (await notices()).afterCheckout(repository, before, after);
    }),
  'post-merge': (_, cwd) =>
    noticing(cwd, async (repository) => {
      const change = await repository.commit('HEAD');
      if (change.joins) await (await notices()).afterwards(repository, change, cwd, 'This merge is made');
    }),
  'post-rewrite': async ([command], cwd) => {
    const input = (await drain(process.stdin)).toString('latin1');
    const rewritten = [...input.matchAll(/^[0-9a-f]+ ([0-9a-f]+)/gm)].map(([, oid]) => oid!);
    return noticing(cwd, async (repository) => {
      // What is amended has had its pre-commit.
      if (command !== 'rebase' || rewritten.length === 0) return;
      const change = await repository.range(`${rewritten[0]}^`, rewritten.at(-1)!);
      await (await notices()).afterwards(repository, change, cwd, 'This rebase is done');
    });
  },
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

/** Asked for every commit that is made, also where --no-verify, a rebase or a cherry-pick passes the other hooks by. */
async function preparingHook([file, source = '']: readonly string[], cwd: string): Promise<ExitCode> {
  if (file === undefined)
    throw new UsageError(
      'The hook prepare-commit-msg is given the file of the message: repolicy hook prepare-commit-msg FILE.',
    );
  const repository = await openRepository(cwd, { expect: 'staged' });
  try {
    const change = await repository.staged();
    const opensOnNothing = process.env['GIT_EDITOR'] !== ':' && (source === '' || source === 'template');
    return await (await stamps()).prepare({ repository, change, file, cwd }, opensOnNothing);
  } finally {
    await repository.close();
  }
}

/** The message as Git will store it. Where that cannot be told, both outcomes are judged, and either may pass. */
async function messageHook([file]: readonly string[], cwd: string, mayStamp: boolean): Promise<ExitCode> {
  if (file === undefined)
    throw new UsageError('The hook commit-msg is given the file of the message: repolicy hook commit-msg FILE.');
  const repository = await openRepository(cwd, { expect: 'staged' });
  try {
    const bytes = await readFile(file).catch(() => {
      throw new UsageError(`The message file ${file} cannot be read.`);
    });
    const staged = await repository.staged();
    const messages = await repository.messages(bytes);
    const of = (message: string): ChangeSet => ({ ...staged, changes: [], committing: staged.changes, message });
    const stamped = async (code: ExitCode): Promise<ExitCode> => {
      const making = { repository, change: staged, file, cwd };
      if (code === EXIT.clean && mayStamp) await (await stamps()).stampWritten(making, messages[0]!);
      return code;
    };
    for (const message of messages.slice(1)) {
      const { judgeAndReport, storeIn } = await verdict();
      const setting = { cwd, ...storeIn(repository), formats: [], notices: [] };
      const code = await judgeAndReport(of(message), await defaultFlags(), setting);
      if (code === EXIT.clean) return await stamped(code);
    }
    return await stamped(await judged(of(messages[0]!), repository, cwd));
  } finally {
    await repository.close();
  }
}

async function pushHook(
  cwd: string,
  read: (repository: Repository, input: string) => Promise<readonly Push[]>,
): Promise<ExitCode> {
  // Read first, whatever comes: a hook that leaves its input unread makes Git fail in its place.
  const input = (await drain(process.stdin)).toString('latin1');
  return judgedPushes(cwd, (repository) => read(repository, input));
}

async function judgedPushes(
  cwd: string,
  read: (repository: Repository) => Promise<readonly Push[]>,
): Promise<ExitCode> {
  const repository = await openRepository(cwd);
  try {
    let worst: ExitCode = EXIT.clean;
    for (const push of await read(repository)) {
      if (push.what !== 'commits') continue;
      const code = await judged(push.change, repository, cwd);
      if (worst === EXIT.clean || code === EXIT.findings) worst = code === EXIT.clean ? worst : code;
    }
    return worst;
  } finally {
    await repository.close();
  }
}

/** One ref of a push, in the repository that receives it. */
async function refHook([ref, before, after]: readonly string[], cwd: string): Promise<ExitCode> {
  if (after === undefined)
    throw new UsageError('The hook update is given a ref and what it moves between: repolicy hook update REF OLD NEW.');
  return judgedPushes(cwd, (repository) => repository.receive(`${before} ${after} ${ref}\n`));
}

/** Git has done what it was told: this hook can say something and stop nothing. */
async function noticing(cwd: string, look: (repository: Repository) => Promise<void>): Promise<ExitCode> {
  try {
    const repository = await openRepository(cwd);
    try {
      await look(repository);
    } finally {
      await repository.close();
    }
  } catch (error) {
    (await import('./failure.ts')).failed(error, false);
  }
  return EXIT.clean;
}

/** A clean merge changes nothing that its parents did not, and its sides can still collide. */
const isNothing = ({ changes, commits, message, tag, joins }: ChangeSet): boolean =>
  changes.length === 0 && commits.length === 0 && message === undefined && tag === undefined && !joins;

async function judged(change: ChangeSet, repository: Repository, cwd: string): Promise<ExitCode> {
  const { notices } = repository;
  if (isNothing(change) && notices.length === 0) return EXIT.clean;
  rememberNode(repository.commonDir);
  const { judgeAndReport, storeIn, TEXT } = await verdict();
  const setting = { cwd, ...storeIn(repository), formats: TEXT, notices, silent: true, commit: repository.commit };
  return judgeAndReport(change, await defaultFlags(), setting);
}
