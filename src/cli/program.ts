import { Command, CommanderError } from 'commander';
import { EXIT, type ExitCode } from './exit.ts';
import { judging, proposing, type JudgingFlags } from './flags.ts';
import type { PrFlags } from './pr.ts';
import { VERSION } from './version.ts';

/** Every command but `hook`, each loaded when it is asked for. */
export async function parse(argv: readonly string[]): Promise<ExitCode> {
  let code: ExitCode = EXIT.clean;
  const program = new Command('repolicy')
    .description('What may enter a repository, and who says so.')
    .version(VERSION)
    .option('-C <dir>', 'run as if started in this folder')
    .showSuggestionAfterError()
    .showHelpAfterError('(repolicy --help lists the commands)')
    .exitOverride()
    .configureHelp({ showGlobalOptions: true });
  const cwd = () => {
    const { C: dir } = program.opts<{ C?: string }>();
    if (dir !== undefined) process.chdir(dir);
    return process.cwd();
  };
  const run =
    <A extends unknown[]>(work: (...given: A) => Promise<ExitCode>) =>
    async (...given: A): Promise<void> => {
      code = await work(...given);
    };

  proposing(judging(program.command('check [paths...]')))
    .description('judge what is about to be committed, or the named files ("-" for standard input)')
    .option('--staged', 'the index against HEAD, as a commit would take it')
    .option('--since <rev>', 'everything since the merge base with a revision, commit by commit where it matters')
    .option('--commit <rev>', 'one commit against its parents')
    .option('--merge-into <rev>', 'what merging HEAD into a revision would make, though nobody has merged yet')
    .option('--stdin-path <path>', 'the name under which standard input is judged')
    .action(
      run(async (paths: string[], flags: JudgingFlags) => (await import('./check.ts')).check(paths, flags, cwd())),
    );

  proposing(judging(program.command('ci')))
    .description('judge the change that the CI environment names')
    .option('--merge-into <rev>', 'its merge into a revision, where the CI checks out the branch alone')
    .action(run(async (flags: JudgingFlags & { mergeInto?: string }) => (await import('./ci.ts')).ci(flags, cwd())));

  judging(program.command('audit'))
    .description('judge every file of the work tree or of a revision, as if all were new')
    .option('--rev <rev>', 'the tree of a revision instead of the work tree')
    .option('--history', 'as well, whatever any ref, reflog or stash ever reached, searched for secrets')
    .option('--unreachable', 'with --history: objects that nothing leads to any more, too')
    .action(run(async (flags: JudgingFlags) => (await import('./audit.ts')).audit(flags, cwd())));

  const pr = program.command('pr').description('the pull request of this branch, before or after it exists');
  const since = [
    '--since <rev>',
    "what it is merged into (default: the policy's base, or the remote's own branch)",
  ] as const;
  proposing(judging(pr.command('check')))
    .description('judge the files, commits, title and text of what this branch proposes')
    .option(...since)
    .action(run(async (flags: PrFlags) => (await import('./pr.ts')).prCheck(flags, cwd())));
  pr.command('draft')
    .description("print what it would say: the template, filled from the branch's description and its commits")
    .option(...since)
    .option('--policy <file>', "the policy file whose base counts, instead of the repository's own")
    .action(run(async (flags: PrFlags) => (await import('./pr.ts')).prDraft(flags, cwd())));

  program
    .command('hook <name> [args...]')
    .description(
      'what a Git hook of that name must judge: pre-commit, pre-merge-commit, commit-msg, prepare-commit-msg, pre-applypatch, ' +
        'applypatch-msg, pre-push, pre-receive, update; post-checkout, post-merge and post-rewrite stop nothing',
    )
    .action(run(async (name: string, args: string[]) => (await import('./hook.ts')).hook([name, ...args], cwd())));

  program
    .command('explain <rule-or-fingerprint>')
    .description("a rule's page, or the rule behind a finding's fingerprint")
    .action(run(async (id: string) => (await import('./explain.ts')).explain(id, cwd())));

  program
    .command('rules')
    .description('every rule there is')
    .option('--format <name>', 'text, json or md', 'text')
    .action(run(async ({ format }: { format: string }) => (await import('./rules.ts')).rules(format)));

  program
    .command('policy [path]')
    .description('the policy that is in force, for a path or for the whole, and where each value comes from')
    .option('--print', 'the whole resolved policy as JSON')
    .option('--policy <file>', "judge by this policy file instead of the repository's own")
    .action(
      run(async (path: string | undefined, flags: { print?: boolean; policy?: string }) =>
        (await import('./policy.ts')).policy(path, flags, cwd()),
      ),
    );

  program
    .command('schema')
    .description('the JSON Schema of the policy file')
    .action(run(async () => (await import('./schema.ts')).schema()));

  program
    .command('baseline')
    .description('accept what an audit finds now, so that only new findings are reported')
    .option('--prune', 'only drop entries that no longer occur; let nothing new in')
    .option('--policy <file>', "judge by this policy file instead of the repository's own")
    .option('--baseline <file>', 'where it is written', 'repolicy-baseline.json')
    .action(
      run(async (flags: { prune?: boolean; policy?: string; baseline: string }) =>
        (await import('./baseline.ts')).baseline(flags, cwd()),
      ),
    );

  program
    .command('doctor')
    .description('are hooks really on here, which file and which Node will run, what passes them over, is CI wired')
    .option('--json', 'for scripts')
    .option('--color', 'colours even where the output is not a terminal')
    .option('--no-color', 'no colours')
    .action(
      run(async (flags: { json?: boolean; color?: boolean }) => (await import('./doctor.ts')).doctor(flags, cwd())),
    );

  program
    .command('agent <name>')
    .description(
      'answer the hook of a coding agent: refuses commands that step around the hooks (claude, codex, cursor)',
    )
    .action(run(async (name: string) => (await import('./agent.ts')).agent(name, cwd())));

  program
    .command('secrets')
    .description('take over what other tools that look for secrets were told here')
    .command('import [files...]')
    .description(
      'formats, allowlists and baselines of gitleaks, detect-secrets and secretlint; shown, or written with --write',
    )
    .option('--write', 'write repolicy.jsonc and the baseline')
    .action(
      run(async (files: string[], flags: { write?: boolean }) =>
        (await import('./secrets.ts')).importSecrets(files, flags, cwd()),
      ),
    );

  const { addInit } = await import('./init.ts');
  addInit(program, (work) => run(async (flags) => work(cwd(), flags)));

  try {
    await program.parseAsync([...argv], { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return error.exitCode === 0 ? EXIT.clean : EXIT.usage;
  }
  return code;
}
