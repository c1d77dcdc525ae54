import type { Command } from 'commander';
import { realpathSync } from 'node:fs';
import { visible } from '../report/escape.ts';
import { MANAGERS, type Manager } from '../setup/managers.ts';
import type { Plan, Write } from '../setup/plan.ts';
import { EXIT, UsageError, type ExitCode } from './exit.ts';
import { VERSION } from './version.ts';

interface InitFlags {
  readonly yes?: boolean;
  readonly dryRun?: boolean;
  readonly install: boolean;
  readonly manager?: Manager;
}

type Work = (cwd: string, flags: InitFlags) => Promise<ExitCode>;

export function addInit(program: Command, run: (work: Work) => (flags: InitFlags) => Promise<void>): void {
  program
    .command('init')
    .description('set up the hooks and a first policy file; nothing that stands there is overwritten')
    .option('--yes', 'write without asking')
    .option('--dry-run', 'show what would be written, and write nothing')
    .option('--no-install', 'leave it to you to install packages')
    .addOption(
      program
        .createOption('--manager <name>', 'what runs the hooks (default: what the repository uses)')
        .choices(MANAGERS),
    )
    .action(run(init));
}

async function init(cwd: string, flags: InitFlags): Promise<ExitCode> {
  const { readRepository } = await import('../setup/repository.ts');
  const { planInit } = await import('../setup/init.ts');
  const repository = await readRepository(cwd);
  if ('refused' in repository) throw new UsageError(repository.refused);
  const plan = await planInit(repository, { version: VERSION, ...(flags.manager && { manager: flags.manager }) });
  if ('refused' in plan) throw new UsageError(plan.refused);

  if (changesNothing(plan)) {
    print(
      plan.left.length === 0 ? 'Everything is set up: nothing was changed.' : 'Nothing was changed.',
      ...leftOver(plan.left),
    );
    return EXIT.clean;
  }
  if (flags.dryRun || !flags.yes) {
    print('init would write:', ...listed(plan.writes), ...commands(plan), ...leftOver(plan.left));
    if (flags.dryRun) return EXIT.clean;
    if (!(await agreed())) return EXIT.clean;
  }
  const left = [...plan.left];
  const { applyPlan } = await import('../setup/apply.ts');
  const width = widthOf(plan.writes);
  for await (const step of applyPlan(repository, plan, {
    install: flags.install,
    engine: realpathSync(process.argv[1]!),
  })) {
    if ('wrote' in step) print(`wrote ${row(step.wrote, width)}`);
    else if ('did' in step) print(step.did);
    else left.push(step.failed);
  }
  print(...leftOver(left), '', 'Next:', ...NEXT);
  return EXIT.clean;
}

const NEXT = [
  '  Commit these files: they are how everybody else gets the hooks.',
  '  `npx repolicy audit` shows what stands in the repository already, `npx repolicy baseline` accepts it as it is.',
  '  Run `npx repolicy ci` in CI, on pull requests and pushes: a hook can be passed over, a required check cannot.',
];

const changesNothing = ({ writes, hooksPath, husky, install }: Plan): boolean =>
  writes.length === 0 && !hooksPath && !husky && !install;

const widthOf = (writes: readonly Write[]): number => Math.max(0, ...writes.map(({ path }) => path.length));
const row = ({ path, reason }: Write, width: number): string => `${path.padEnd(width)}  ${reason}`;
const listed = (writes: readonly Write[]): string[] => writes.map((write) => `  ${row(write, widthOf(writes))}`);

const commands = ({ install, husky, hooksPath }: Plan): string[] => [
  ...(install ? [`and run: ${install.join(' ')}`] : []),
  ...(husky ? [`and have Git run the hooks in ${husky}, through husky`] : []),
  ...(hooksPath ? [`and have Git run the hooks in ${hooksPath}, by core.hooksPath`] : []),
];

const leftOver = (left: readonly string[]): string[] =>
  left.length === 0 ? [] : ['', 'Left for you:', ...left.map((line) => indent(line))];

const indent = (text: string): string => text.replace(/^(?=.)/gm, '  ');

/** Asks on a terminal. Elsewhere nobody can answer. */
async function agreed(): Promise<boolean> {
  if (!process.stdin.isTTY) throw new UsageError('Nothing was written: say --yes to write this.');
  const { createInterface } = await import('node:readline/promises');
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  const answer = await terminal.question('Write this? [Y/n] ');
  terminal.close();
  return /^(?:y(?:es)?)?$/i.test(answer.trim());
}

const print = (...lines: readonly string[]): void => {
  process.stdout.write(lines.map((line) => `${line.split('\n').map(visible).join('\n')}\n`).join(''));
};
