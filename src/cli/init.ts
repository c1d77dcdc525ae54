import { Option, type Command } from 'commander';
import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { visible } from '../report/escape.ts';
import { AGENTS, type Agent } from '../setup/agents.ts';
import { CI_PROVIDERS, type CiProvider } from '../setup/ci-files.ts';
import { MANAGERS, type Manager } from '../setup/managers.ts';
import type { Plan, Write } from '../setup/plan.ts';
import type { Repository } from '../setup/repository.ts';
import { EXIT, UsageError, type ExitCode } from './exit.ts';
import { VERSION } from './version.ts';

interface InitFlags {
  readonly yes?: boolean;
  readonly dryRun?: boolean;
  readonly undo?: boolean;
  readonly install: boolean;
  readonly manager?: Manager;
  /** False under --no-ci. */
  readonly ci?: CiProvider | boolean;
  /** False under --no-agents. */
  readonly agents?: string | boolean;
}

type Work = (cwd: string, flags: InitFlags) => Promise<ExitCode>;

export function addInit(program: Command, run: (work: Work) => (flags: InitFlags) => Promise<void>): void {
  program
    .command('init')
    .description('set up the hooks, CI and a first policy file; what it will write is shown first')
    .option('--yes', 'write without asking')
    .option('--dry-run', 'show every line that would be written, and write nothing')
    .option('--undo', 'take back what init wrote in this clone')
    .option('--no-install', 'leave it to you to install packages')
    .addOption(
      new Option('--manager <name>', 'what runs the hooks (default: what the repository uses)').choices(MANAGERS),
    )
    .addOption(
      new Option('--ci <name>', 'where CI judges as well (default: what the repository uses)').choices(CI_PROVIDERS),
    )
    .option('--no-ci', 'write no CI file')
    .option(
      '--agents <names>',
      `coding agents to keep from --no-verify: ${AGENTS.join(',')} (default: those with a file here)`,
    )
    .option('--no-agents', 'leave the files of coding agents alone')
    .action(run(init));
}

async function init(cwd: string, flags: InitFlags): Promise<ExitCode> {
  const { readRepository } = await import('../setup/repository.ts');
  const repository = await readRepository(cwd);
  if ('refused' in repository) throw new UsageError(repository.refused);
  if (flags.undo) return undo(repository, flags);
  const { planInit } = await import('../setup/init.ts');
  const agents = readAgents(flags.agents);
  const plan = await planInit(repository, {
    version: VERSION,
    ...(flags.manager && { manager: flags.manager }),
    ...(flags.ci === false ? { ci: 'none' as const } : typeof flags.ci === 'string' && { ci: flags.ci }),
    ...(agents && { agents }),
  });
  if ('refused' in plan) throw new UsageError(plan.refused);

  if (changesNothing(plan)) {
    print(
      plan.left.length === 0 ? 'Everything is set up: nothing was changed.' : 'Nothing was changed.',
      ...leftOver(plan.left),
    );
    return EXIT.clean;
  }
  if (flags.dryRun || !flags.yes) {
    print('init would write:', ...listed(plan.writes), ...commands(plan));
    print(...(await changed(repository, plan.writes, flags.dryRun === true)), ...leftOver(plan.left));
    if (flags.dryRun) return EXIT.clean;
    if (!(await agreed('Write this?'))) return EXIT.clean;
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

async function undo(repository: Repository, flags: InitFlags): Promise<ExitCode> {
  const { applyUndo, planUndo } = await import('../setup/undo.ts');
  const plan = await planUndo(repository);
  if (plan.writes.length === 0 && Object.keys(plan.config).length === 0) {
    print('There is nothing of init here to take back.', ...leftOver(plan.left));
    return EXIT.clean;
  }
  if (flags.dryRun || !flags.yes) {
    print(
      'init --undo would:',
      ...Object.entries(plan.config).map(([key, value]) => `  ${value === undefined ? 'unset' : 'restore'} ${key}`),
      ...plan.writes.map(({ path, text }) => `  ${text === undefined ? 'remove' : 'restore'} ${path}`),
      ...leftOver(plan.left),
    );
    if (flags.dryRun) return EXIT.clean;
    if (!(await agreed('Do this?'))) return EXIT.clean;
  }
  print(...(await applyUndo(repository, plan)), ...leftOver(plan.left));
  return EXIT.clean;
}

function readAgents(given: InitFlags['agents']): readonly Agent[] | undefined {
  if (given === undefined || given === true) return undefined;
  if (given === false) return [];
  return given.split(',').map((name) => {
    const known = AGENTS.find((agent) => agent === name.trim());
    if (!known) throw new UsageError(`--agents takes ${AGENTS.join(', ')}, not "${name.trim()}".`);
    return known;
  });
}

const NEXT = [
  '  Commit these files: they are how everybody else gets the hooks.',
  '  `npx repolicy doctor` says whether the hooks are really on, and what could pass them over.',
  '  `npx repolicy audit` shows what stands in the repository already, `npx repolicy baseline` accepts it as it is.',
];

const changesNothing = ({ writes, config, husky, install, activate }: Plan): boolean =>
  writes.length === 0 && !config && !husky && !install && !activate;

const widthOf = (writes: readonly Write[]): number => Math.max(0, ...writes.map(({ path }) => path.length));
const row = ({ path, reason }: Write, width: number): string => `${path.padEnd(width)}  ${reason}`;
const listed = (writes: readonly Write[]): string[] => writes.map((write) => `  ${row(write, widthOf(writes))}`);

const commands = ({ install, husky, config }: Plan): string[] => [
  ...(install ? [`and run: ${install.join(' ')}`] : []),
  ...(husky ? [`and have Git run the hooks in ${husky}, through husky`] : []),
  ...Object.entries(config ?? {}).map(
    ([key, value]) => `and set, in this clone alone: git config ${key} ${JSON.stringify(value)}`,
  ),
];

/** The lines that files which are there get or lose; with `all`, those of new files too. */
async function changed({ top }: Repository, writes: readonly Write[], all: boolean): Promise<string[]> {
  const { structuredPatch } = await import('diff');
  return writes.flatMap(({ path, text }) => {
    const file = join(top, path);
    const before = existsSync(file) ? readFileSync(file, 'utf8') : undefined;
    if (before === undefined && !all) return [];
    const { hunks } = structuredPatch(path, path, before ?? '', text, '', '', { context: 1 });
    return ['', `${path}:`, ...hunks.flatMap(({ lines }) => lines.map((line) => `  ${line}`))];
  });
}

const leftOver = (left: readonly string[]): string[] =>
  left.length === 0 ? [] : ['', 'Left for you:', ...left.map((line) => indent(line))];

const indent = (text: string): string => text.replace(/^(?=.)/gm, '  ');

/** Asks on a terminal. Elsewhere nobody can answer. */
async function agreed(question: string): Promise<boolean> {
  if (!process.stdin.isTTY) throw new UsageError('Nothing was written: say --yes to write this.');
  const { createInterface } = await import('node:readline/promises');
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  const answer = await terminal.question(`${question} [Y/n] `);
  terminal.close();
  return /^(?:y(?:es)?)?$/i.test(answer.trim());
}

const print = (...lines: readonly string[]): void => {
  process.stdout.write(lines.map((line) => `${line.split('\n').map(visible).join('\n')}\n`).join(''));
};
