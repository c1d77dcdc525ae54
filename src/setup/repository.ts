import { existsSync, readdirSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import type { SimpleGit } from 'simple-git';
import type { MigrationFolder } from '../core/policy.ts';
import { openRepository, RepoError } from '../repo/open.ts';
import { AGENT_FILES } from './agents.ts';
import { CI_FILES, WORKFLOWS } from './ci-files.ts';
import { sharedFolder } from './folder.ts';
import { LEFTHOOK_FILES, PRE_COMMIT_FILES } from './managers.ts';
import { SIMPLE_FILES } from './simple-git-hooks.ts';
import { foldersFound } from './migrations.ts';
import { readPackage, type PackageFields } from './package.ts';

/** Everything that decides what `init` does. Paths are relative to the top of the work tree and '/'-separated. */
export interface Repository {
  /** The absolute path of the work tree's top. */
  readonly top: string;
  /** The absolute path of Git's folder that all work trees share. */
  readonly commonDir: string;
  /** The package.json that brings repolicy along; undefined where there is none. */
  readonly package?: Package;
  /** core.hooksPath, as Git has it. `own`: set for this repository, not for this person. */
  readonly hooksPath?: { readonly value: string; readonly own: boolean };
  /** Of Git: [2, 54]. */
  readonly git: readonly [major: number, minor: number];
  /** hook.<name>.<key>, as Git has them. */
  readonly hookConfig: ReadonlyMap<string, string>;
  /** The URL of origin. */
  readonly remote?: string;
  /** The texts of the hooks in Git's own hooks folder: nobody else's clone has them. */
  readonly privateHooks: ReadonlyMap<string, string>;
  /** The texts of the files that `init` may add to. Those of a hooks folder outside the work tree have absolute paths. */
  readonly files: ReadonlyMap<string, string>;
  /** The policy file, where there is one. */
  readonly policy?: string;
  /** What changes are held against: "origin/main". */
  readonly base?: string;
  readonly migrations: readonly MigrationFolder[];
  /** Whether the package is in node_modules already. */
  readonly installed: ReadonlySet<'husky' | 'repolicy'>;
}

export interface Package {
  /** '' at the top, else as in 'frontend/'. */
  readonly dir: string;
  readonly text: string;
  readonly fields: PackageFields;
  readonly installer: Installer;
}

/** 'berry': Yarn 2 and later, which runs no `prepare`. */
export type Installer = 'npm' | 'pnpm' | 'yarn' | 'berry' | 'bun';

const LOCK_FILES: readonly (readonly [string, Installer])[] = [
  ['pnpm-lock.yaml', 'pnpm'],
  ['yarn.lock', 'yarn'],
  ['bun.lock', 'bun'],
  ['bun.lockb', 'bun'],
];

/** What cannot be done, and what to do instead, in sentences. */
export interface Refusal {
  readonly refused: string;
}

export const POLICY_FILES = ['repolicy.jsonc', 'repolicy.json', '.repolicy.jsonc'];

/** Reads what `init` must know. Throws a RepoError where Git cannot read the repository. */
export async function readRepository(dir: string): Promise<Repository | Refusal> {
  let repository;
  try {
    repository = await openRepository(dir);
  } catch (error) {
    if (!(error instanceof RepoError && error.kind === 'not-a-repository')) throw error;
    return { refused: 'There is no Git repository here. Run `git init` first.' };
  }
  try {
    const { topLevel: top, commonDir } = repository;
    if (top === undefined)
      return { refused: 'This repository is bare: nobody commits here, so there are no hooks to set up.' };
    const found = findPackage(top, realpathSync(dir));
    if (found && 'refused' in found) return found;
    const { simpleGit } = await import('simple-git');
    const git = simpleGit({ baseDir: top });
    const given = await readHooksPath(git);
    const hooksPath = given && { ...given, value: sharedFolder(top, given.value) ?? given.value };
    const base = await readBase(git);
    const { major, minor } = await git.version();
    const remote = (await git.raw(['config', '--default', '', '--get', 'remote.origin.url'])).trimEnd();
    const files = readFiles(top, found?.dir ?? '', hooksPath?.value);
    const policy = policyFile(files);
    const packages = join(top, found?.dir ?? '', 'node_modules');
    return {
      top,
      commonDir,
      ...(found && { package: found }),
      ...(hooksPath && { hooksPath }),
      git: [major, minor],
      hookConfig: await readHookConfig(git),
      ...(remote && { remote }),
      privateHooks: readPrivateHooks(commonDir),
      files,
      ...(policy && { policy }),
      ...(base && { base }),
      migrations: await foldersFound((await repository.audit()).head),
      installed: new Set((['husky', 'repolicy'] as const).filter((name) => existsSync(join(packages, name)))),
    };
  } finally {
    await repository.close();
  }
}

/** The package.json at the top, or else the nearest one on the way up: hooks belong to the whole repository. */
function findPackage(top: string, dir: string): Package | Refusal | undefined {
  const folders = [top];
  for (let folder = dir; folder !== top && folder.startsWith(top); folder = dirname(folder)) folders.push(folder);
  const folder = folders.find((folder) => existsSync(join(folder, 'package.json')));
  if (folder === undefined) return undefined;
  const inside = relative(top, folder).split(sep).join('/');
  const text = readFileSync(join(folder, 'package.json'), 'utf8');
  const fields = readPackage(text);
  if (!fields) return { refused: `${inside && `${inside}/`}package.json is not a JSON object.` };
  return { dir: inside && `${inside}/`, text, fields, installer: installerOf(folder, fields) };
}

function installerOf(folder: string, { packageManager = '' }: PackageFields): Installer {
  if (/^yarn@(?!1\.)/.test(packageManager) || existsSync(join(folder, '.yarnrc.yml'))) return 'berry';
  return LOCK_FILES.find(([file]) => existsSync(join(folder, file)))?.[1] ?? 'npm';
}

async function readHooksPath(git: SimpleGit): Promise<Repository['hooksPath']> {
  const shown = (await git.raw(['config', '--show-scope', '--type=path', '--get', 'core.hooksPath'])).trimEnd();
  const [scope, value] = shown.split('\t');
  return value ? { value, own: scope === 'local' || scope === 'worktree' } : undefined;
}

async function readHookConfig(git: SimpleGit): Promise<Map<string, string>> {
  const shown = await git.raw(['config', '-z', '--get-regexp', '^hook\\.']).catch(() => '');
  return new Map(
    shown
      .split('\0')
      .filter(Boolean)
      .map((one) => [one.slice(0, one.indexOf('\n')), one.slice(one.indexOf('\n') + 1)]),
  );
}

/** The default branch of origin; without a remote, the branch that the first commit is made on. */
async function readBase(git: SimpleGit): Promise<string | undefined> {
  const lines = async (args: string[]) => (await git.raw(args)).split('\n').filter(Boolean);
  const [head] = await lines(['symbolic-ref', '--quiet', '--short', 'refs/remotes/origin/HEAD']);
  if (head) return head;
  const known = await lines([
    'for-each-ref',
    '--format=%(refname:short)',
    'refs/remotes/origin/main',
    'refs/remotes/origin/master',
  ]);
  if (known[0]) return known[0];
  const branch = (await lines(['symbolic-ref', '--quiet', '--short', 'HEAD']))[0];
  const usual = branch === 'main' || branch === 'master' ? branch : undefined;
  if ((await lines(['remote'])).includes('origin')) return `origin/${usual ?? 'main'}`;
  return (
    usual ?? (await lines(['for-each-ref', '--format=%(refname:short)', 'refs/heads/main', 'refs/heads/master']))[0]
  );
}

function readPrivateHooks(commonDir: string): Map<string, string> {
  const folder = join(commonDir, 'hooks');
  const names = filesIn(folder).filter((name) => !name.endsWith('.sample'));
  return new Map(names.map((name) => [name, readFileSync(join(folder, name), 'utf8')]));
}

function readFiles(top: string, dir: string, hooksPath: string | undefined): Map<string, string> {
  const alone = [
    '.gitattributes',
    'package.json',
    ...POLICY_FILES,
    ...LEFTHOOK_FILES,
    ...PRE_COMMIT_FILES,
    ...SIMPLE_FILES.map((name) => `${dir}${name}`),
    ...CI_FILES,
    ...filesIn(join(top, WORKFLOWS)).map((name) => `${WORKFLOWS}/${name}`),
    ...AGENT_FILES,
  ];
  const folders = [
    `${dir}.husky`,
    '.githooks',
    ...(hooksPath === undefined ? [] : [hooksPath.replace(/\/_\/?$/, '').replace(/\/$/, '')]),
  ];
  const paths = [
    ...alone,
    ...folders.flatMap((folder) => filesIn(resolve(top, folder)).map((name) => `${folder}/${name}`)),
  ];
  return new Map(
    paths.filter((path) => isFile(resolve(top, path))).map((path) => [path, readFileSync(resolve(top, path), 'utf8')]),
  );
}

const isFile = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;

const filesIn = (folder: string): string[] =>
  existsSync(folder) ? readdirSync(folder).filter((name) => isFile(join(folder, name))) : [];

function policyFile(files: ReadonlyMap<string, string>): string | undefined {
  const own = POLICY_FILES.find((name) => files.has(name));
  if (own) return own;
  const fields = readPackage(files.get('package.json') ?? '');
  return fields && Object.hasOwn(fields, 'repolicy') ? 'package.json' : undefined;
}
