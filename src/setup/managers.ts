import { installCommand, planDependency } from './folder.ts';
import { callsRepolicy } from './hooks.ts';
import { engineCommand, indented, type Plan, type Wish } from './plan.ts';
import type { Repository } from './repository.ts';
import { insertIntoYaml } from './yaml.ts';

/** What runs the hooks of a repository. 'git': a committed folder that core.hooksPath names; 'git-config': Git's own configured hooks. */
export const MANAGERS = [
  'husky',
  'lefthook',
  'pre-commit',
  'lint-staged',
  'simple-git-hooks',
  'git-config',
  'git',
] as const;
export type Manager = (typeof MANAGERS)[number];

export const LEFTHOOK_FILES = ['lefthook.yml', 'lefthook.yaml', '.lefthook.yml', '.lefthook.yaml'];
export const PRE_COMMIT_FILES = ['.pre-commit-config.yaml', '.pre-commit-config.yml'];

export const planLefthook = (repository: Repository, wish: Wish): Promise<Plan> =>
  planFile(repository, wish, {
    manager: 'lefthook',
    names: LEFTHOOK_FILES,
    edit: editLefthook,
    snippet: lefthookSnippet,
    then: 'Run `lefthook install`, so that Git calls lefthook for the new hooks, too.',
  });

export const planPreCommit = (repository: Repository, wish: Wish): Promise<Plan> =>
  planFile(repository, wish, {
    manager: 'pre-commit',
    names: PRE_COMMIT_FILES,
    edit: editPreCommit,
    snippet: preCommitSnippet,
    then: 'Run `pre-commit install -t pre-commit -t pre-merge-commit -t commit-msg`, so that Git calls it for each of these hooks.',
  });

/** lint-staged runs from hooks that somebody else wrote, and its configuration may be code: it is only said what to add. */
export async function planLintStaged(repository: Repository, { version }: Wish): Promise<Plan> {
  const text = `Add this to the configuration of lint-staged, which is not edited here:\n${indented(lintStagedSnippet(engineCommand(repository)))}`;
  return { manager: 'lint-staged', left: [text], ...(await withPackage(repository, version, [])) };
}

interface ManagedFile {
  readonly manager: Manager;
  readonly names: readonly string[];
  /** Undefined where the text cannot be edited without touching what stands there. */
  readonly edit: (text: string, command: string) => Promise<string | undefined>;
  readonly snippet: (command: string) => Promise<string>;
  /** What switches new hooks on. */
  readonly then: string;
}

async function planFile(
  repository: Repository,
  { version }: Wish,
  { manager, names, edit, snippet, then }: ManagedFile,
): Promise<Plan> {
  const path = names.find((name) => repository.files.has(name)) ?? names[0]!;
  const text = repository.files.get(path) ?? '';
  const command = engineCommand(repository);
  if (callsRepolicy(text)) return { manager, left: [], ...(await withPackage(repository, version, [])) };
  const edited = await edit(text, command);
  const writes =
    edited === undefined ? [] : [{ path, text: edited, reason: 'has repolicy judge commits, merges and messages' }];
  const left = edited === undefined ? [`Add this to ${path}:\n${indented(await snippet(command))}`, then] : [then];
  return { manager, left, ...(await withPackage(repository, version, writes)) };
}

async function withPackage(
  { package: found, installed }: Repository,
  version: string,
  writes: Plan['writes'],
): Promise<Pick<Plan, 'writes' | 'install'>> {
  if (!found) return { writes };
  const manifest = await planDependency(found, version);
  const install = manifest.length > 0 || !installed.has('repolicy');
  return { writes: [...manifest, ...writes], ...(install && { install: installCommand(found.installer).split(' ') }) };
}

/** lefthook hands over Git's arguments as {1}, {2} ..., all of them as {0}. */
const lefthookJobs = (command: string) => ({
  'pre-commit': { run: `${command} hook pre-commit` },
  'pre-merge-commit': { run: `${command} hook pre-merge-commit` },
  'commit-msg': { run: `${command} hook commit-msg {1}` },
  'pre-push': { run: `${command} hook pre-push {0}`, use_stdin: true },
});

/** lefthook.yml with our jobs in it; undefined where it cannot be edited without touching what stands there. */
export async function editLefthook(text: string, command: string): Promise<string | undefined> {
  let edited: string | undefined = text;
  for (const [hook, job] of Object.entries(lefthookJobs(command))) {
    if (edited === undefined) return undefined;
    edited = await insertIntoYaml(edited, (has) => {
      // Jobs are the newer way to write commands; a hook that has some gets one more.
      if (has([hook, 'jobs'])) return { at: [hook, 'jobs'], add: [{ name: 'repolicy', ...job }] };
      if (has([hook, 'commands'])) return { at: [hook, 'commands'], add: { repolicy: job } };
      return has([hook])
        ? { at: [hook], add: { commands: { repolicy: job } } }
        : { at: [], add: { [hook]: { commands: { repolicy: job } } } };
    });
  }
  return edited;
}

/** pre-commit closes standard input and tells no hook what is pushed, so pushes are left to CI there. */
const preCommitRepo = (command: string) => ({
  repo: 'local',
  hooks: [
    {
      id: 'repolicy',
      name: 'repolicy',
      entry: `${command} hook pre-commit`,
      language: 'system',
      pass_filenames: false,
      always_run: true,
      stages: ['pre-commit', 'pre-merge-commit'],
    },
    {
      id: 'repolicy-message',
      name: 'repolicy (message)',
      entry: `${command} hook commit-msg`,
      language: 'system',
      stages: ['commit-msg'],
    },
  ],
});

export async function editPreCommit(text: string, command: string): Promise<string | undefined> {
  const edited = await insertIntoYaml(text, () => ({ at: ['repos'], add: [preCommitRepo(command)] }));
  if (edited === undefined) return undefined;
  const types = { default_install_hook_types: ['pre-commit', 'pre-merge-commit', 'commit-msg'] };
  return insertIntoYaml(edited, (has) => (has(['default_install_hook_types']) ? undefined : { at: [], add: types }));
}

/** What to add by hand, where a file cannot be edited for its owner. */
export async function lefthookSnippet(command: string): Promise<string> {
  const { stringify } = await import('yaml');
  return stringify(
    Object.fromEntries(
      Object.entries(lefthookJobs(command)).map(([hook, job]) => [hook, { commands: { repolicy: job } }]),
    ),
    { lineWidth: 0 },
  );
}

export async function preCommitSnippet(command: string): Promise<string> {
  const { stringify } = await import('yaml');
  return stringify({ repos: [preCommitRepo(command)] }, { lineWidth: 0 });
}

/** lint-staged appends file names, which a shell's $0, $1 ... swallow: the index says what is committed, not a list of names. */
export const lintStagedSnippet = (command: string): string =>
  `"lint-staged": {\n  "*": "sh -c '${command} check --staged'"\n}\n`;
