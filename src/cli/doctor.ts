import { variants } from '../engine/policy/settings.ts';
import { isOf, readStamps } from '../facts/stamps.ts';
import { openRepository, RepoError, type Repository as Source } from '../repo/open.ts';
import { json, visible } from '../report/escape.ts';
import { counted } from '../report/sentences.ts';
import { examine, type Check } from '../setup/doctor.ts';
import { readRepository } from '../setup/repository.ts';
import { EXIT, UsageError, type ExitCode } from './exit.ts';
import { lookOf } from './output.ts';
import { policyFor } from './policies.ts';
import { VERSION } from './version.ts';

interface DoctorFlags {
  readonly json?: boolean;
  readonly color?: boolean;
}

/** Whether hooks are really on here, and what could pass them over. 1 where something is not judged that should be. */
export async function doctor(flags: DoctorFlags, cwd: string): Promise<ExitCode> {
  const repository = await readRepository(cwd);
  if ('refused' in repository) throw new UsageError(repository.refused);
  const source = await openRepository(cwd);
  let checks: Check[];
  try {
    checks = [
      ...(await examine({ repository, env: process.env, version: VERSION })),
      ...(await policyChecks(source, repository.base)),
    ];
  } finally {
    await source.close();
  }
  const code = checks.some(({ state }) => state === 'problem') ? EXIT.findings : EXIT.clean;
  if (flags.json)
    process.stdout.write(
      `${json({ version: 1, engine: VERSION, top: repository.top, healthy: code === EXIT.clean, checks }, 2)}\n`,
    );
  else await show(checks, flags);
  return code;
}

/** The policy that the hooks go by, its stamps, and what code it would load. */
async function policyChecks(source: Source, trunk: string | undefined): Promise<Check[]> {
  let head;
  try {
    head = await source.snapshot('HEAD');
  } catch (error) {
    if (!(error instanceof RepoError)) throw error;
    return [{ about: 'policy', state: 'ok', says: 'There is no commit yet.' }];
  }
  try {
    const policy = await policyFor(head, [], {});
    const file = policy.files[0] ?? 'the recommended preset, for there is no policy file';
    return [
      { about: 'policy', state: 'ok', says: `is ${file}.` },
      { about: 'plugins', state: 'ok', says: 'None: this version runs no code that a repository brings along.' },
      await stampCheck(source, trunk, variants(policy, 'change/bypassed-hook').length > 0),
    ];
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    return [
      { about: 'policy', state: 'problem', says: error.message, mend: 'Correct it: until then every hook fails.' },
    ];
  }
}

/** Whether hooks have seen what was pushed last from here. */
async function stampCheck(source: Source, trunk: string | undefined, asked: boolean): Promise<Check> {
  if (!asked) {
    return {
      about: 'stamps',
      state: 'ok',
      says: 'None are asked for: the rule change/bypassed-hook would have commits that no hook judged found out.',
    };
  }
  const range = await lastPushed(source, trunk);
  if (!range) return { about: 'stamps', state: 'ok', says: 'Nothing was pushed from here yet.' };
  const { commits } = await source.range(range.from, range.to);
  const without = commits.filter(
    ({ tree, message }) => !readStamps(message).some((stamp) => tree !== undefined && isOf(stamp, tree)),
  );
  const what = `${counted(commits.length, 'commit')} pushed last to ${range.to}`;
  if (without.length === 0)
    return { about: 'stamps', state: 'ok', says: `All of ${what} carry a stamp of what they hold.` };
  const { oid, message } = without[0]!;
  return {
    about: 'stamps',
    state: 'warning',
    says: `${without.length} of ${what} carry no stamp of what they hold, as ${oid.slice(0, 10)} (${message.split('\n')[0]}): no hook has judged them.`,
    mend: 'git rebase --force-rebase <base> has the hooks stamp them.',
  };
}

/** What the upstream branch got with the last push, as this clone saw it; else all that it has beside the trunk. */
async function lastPushed(
  source: Source,
  trunk: string | undefined,
): Promise<{ from: string; to: string } | undefined> {
  const { simpleGit } = await import('simple-git');
  const git = simpleGit({ baseDir: source.topLevel! });
  const name = async (args: string[]) =>
    (await git.raw(['rev-parse', '--quiet', '--verify', ...args]).catch(() => '')).trim();
  const to = await name(['--abbrev-ref', '@{upstream}']);
  if (to === '') return undefined;
  for (const from of [`${to}@{1}`, ...(trunk && trunk !== to ? [trunk] : [])]) {
    const before = await name([`${from}^{commit}`]);
    if (before !== '' && before !== (await name([`${to}^{commit}`]))) return { from: before, to };
  }
  return undefined;
}

const SIGNS = { ok: 'ok', warning: 'note', problem: 'WRONG' } as const;

async function show(checks: readonly Check[], flags: DoctorFlags): Promise<void> {
  const { paint } = await lookOf(flags);
  const colours = { ok: paint.green, warning: paint.yellow, problem: paint.red };
  const width = Math.max(...checks.map(({ about }) => about.length));
  const lines = checks.flatMap(({ about, state, says, mend }, at) => {
    const sign = colours[state](SIGNS[state].padEnd(5));
    const head = `${sign}  ${about.padEnd(width)}  ${visible(says.split('\n').join(' '))}`;
    return mend && checks[at + 1]?.mend !== mend
      ? [head, `${' '.repeat(7)}${' '.repeat(width)}  ${paint.cyan('→')} ${visible(mend)}`]
      : [head];
  });
  const wrong = checks.filter(({ state }) => state === 'problem').length;
  const outcome =
    wrong > 0 ? paint.red(`${counted(wrong, 'thing')} wrong here.`) : paint.green('The hooks are on here.');
  process.stdout.write(`${[...lines, '', outcome].join('\n')}\n`);
}
