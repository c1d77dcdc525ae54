import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { wiredCi, WORKFLOWS } from './ci-files.ts';
import { bypasses } from './bypasses.ts';
import { installCommand } from './folder.ts';
import { HOOKS } from './hooks.ts';
import { hookState } from './hooks-on.ts';
import type { Repository } from './repository.ts';

/** 'problem': something is not judged that should be. 'warning': it could be passed over, or will cost somebody time. */
export type State = 'ok' | 'warning' | 'problem';

export interface Check {
  /** What it is about: "hooks", "node", "ci" ... */
  readonly about: string;
  readonly state: State;
  readonly says: string;
  /** What to do: a command, or a sentence. */
  readonly mend?: string;
}

export interface Examined {
  readonly repository: Repository;
  readonly env: NodeJS.ProcessEnv;
  /** Of the running engine. */
  readonly version: string;
}

/** Are hooks really on here, in this work tree, for this user? Reads, and starts nothing but Git and Node. */
export async function examine({ repository, env, version }: Examined): Promise<Check[]> {
  const { simpleGit } = await import('simple-git');
  const git = simpleGit({ baseDir: repository.top });
  const states = await Promise.all(HOOKS.map((event) => hookState(repository, git, event)));
  const hooks = states.map(({ event, on, says, mend }): Check => {
    // Patches by mail are rare, and CI sees what they bring.
    const state = on ? 'ok' : /applypatch/.test(event) ? 'warning' : 'problem';
    return { about: event, state, says, ...(mend && { mend }) };
  });
  const passed = (await bypasses(repository, git, env)).map(({ says, mend }): Check => ({
    about: 'bypass',
    state: 'problem',
    says,
    mend,
  }));
  return [
    ...hooks,
    ...engineChecks(repository, version),
    ...nodeChecks(repository, env),
    ...passed,
    ...cloneChecks(await clone(git)),
    ...ciChecks(repository),
  ];
}

function engineChecks({ top, commonDir, package: found }: Repository, version: string): Check[] {
  const below = `${found?.dir ?? ''}node_modules/repolicy`;
  const main = join(commonDir, '..', below);
  const place = [join(top, below), main].find((folder) => existsSync(join(folder, 'dist/bin.cjs')));
  const noted = note(commonDir, 'engine');
  if (!place && noted && existsSync(noted))
    return [{ about: 'engine', state: 'ok', says: `is ${noted}, as init noted.` }];
  if (!place) {
    const mend = found ? installCommand(found.installer) : 'npm install --global repolicy && repolicy init';
    return [{ about: 'engine', state: 'problem', says: 'repolicy is not installed here: every hook fails.', mend }];
  }
  const borrowed = place === main && realpathSync(top) !== realpathSync(join(commonDir, '..'));
  const theirs = versionOf(place);
  const says = `is ${place}, version ${theirs}${borrowed ? ', borrowed from the main work tree' : ''}.`;
  return theirs === version
    ? [{ about: 'engine', state: 'ok', says }]
    : [
        {
          about: 'engine',
          state: 'warning',
          says: `${says} This is version ${version}: their verdicts can differ.`,
          mend: 'npx repolicy doctor asks the one that the hooks run.',
        },
      ];
}

const versionOf = (folder: string): string =>
  (JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { version?: string }).version ?? 'unknown';

const note = (commonDir: string, name: string): string | undefined => {
  const file = join(commonDir, 'repolicy', name);
  return existsSync(file) ? readFileSync(file, 'utf8').trimEnd() : undefined;
};

/** As the helper beside the hooks looks for it: the noted one, then the one on the PATH. */
function nodeChecks({ commonDir }: Repository, env: NodeJS.ProcessEnv): Check[] {
  const noted = note(commonDir, 'node');
  if (noted === undefined) {
    return [
      {
        about: 'node',
        state: 'warning',
        says: 'No Node is noted for the hooks: a desktop program that knows no PATH may find none.',
        mend: 'repolicy init',
      },
    ];
  }
  const node = existsSync(noted) ? noted : 'node';
  const where = node === noted ? `${noted}, as init noted` : `the one on the PATH, for the noted ${noted} is gone`;
  try {
    const version = execFileSync(node, ['--version'], {
      encoding: 'utf8',
      env: { ...env, NODE_OPTIONS: '' },
      timeout: 10_000,
    }).trim();
    const [major = 0, minor = 0] = version.slice(1).split('.').map(Number);
    const old = major < 20 || (major === 20 && minor < 19);
    return [
      old
        ? {
            about: 'node',
            state: 'problem',
            says: `is ${version} (${where}), and repolicy needs 20.19 or newer.`,
            mend: 'Run `repolicy init` with a newer Node: it is then noted.',
          }
        : { about: 'node', state: 'ok', says: `is ${version} (${where}).` },
    ];
  } catch {
    return [
      {
        about: 'node',
        state: 'problem',
        says: `does not start (${where}).`,
        mend: 'Run `repolicy init` in a terminal that finds Node.',
      },
    ];
  }
}

interface Clone {
  readonly shallow: boolean;
  readonly partial: boolean;
}

async function clone(git: { raw(args: string[]): Promise<string> }): Promise<Clone> {
  const shallow = (await git.raw(['rev-parse', '--is-shallow-repository'])).trim() === 'true';
  const promisors = await git
    .raw(['config', '--get-regexp', '^(remote\\..*\\.promisor|extensions\\.partialclone)$'])
    .catch(() => '');
  return { shallow, partial: promisors.trim() !== '' };
}

function cloneChecks({ shallow, partial }: Clone): Check[] {
  const checks: Check[] = [];
  if (shallow) {
    checks.push({
      about: 'clone',
      state: 'warning',
      says: 'is shallow: where a branch began may not be known, and then nothing is judged (exit code 3).',
      mend: "git fetch --unshallow origin '+refs/heads/*:refs/remotes/origin/*'",
    });
  }
  if (partial) {
    checks.push({
      about: 'clone',
      state: 'warning',
      says: 'is partial: what it lacks is never fetched by a hook, and then nothing is judged (exit code 3).',
      mend: 'git fetch --refetch --no-filter origin',
    });
  }
  return checks.length > 0 ? checks : [{ about: 'clone', state: 'ok', says: 'is whole.' }];
}

function ciChecks(repository: Repository): Check[] {
  const wired = wiredCi(repository);
  if (wired.length === 0) {
    return [
      {
        about: 'ci',
        state: 'warning',
        says: 'No CI file here asks repolicy, and a hook can be passed over (--no-verify): nothing would show it.',
        mend: 'repolicy init --ci github (or gitlab, bitbucket, azure, circleci, buildkite)',
      },
    ];
  }
  return wired.flatMap((path): Check[] => {
    const text = repository.files.get(path)!;
    const github = path.startsWith(`${WORKFLOWS}/`);
    const lacks = github
      ? [
          ...(/\bpull_request\b/.test(text) && !/\bedited\b/.test(text)
            ? ['"edited" among the types: a changed title or body is not judged again']
            : []),
          ...(/\bmerge_group\b/.test(text) ? [] : ['"merge_group": a merge queue would wait for this check forever']),
          ...(/fetch-depth:\s*0\b/.test(text) ? [] : ['"fetch-depth: 0": the history is too short to judge']),
        ]
      : [];
    return [
      {
        about: 'ci',
        state: 'ok',
        says: `${path} asks repolicy. Whether the check is a required one, only the forge knows.`,
      },
      ...lacks.map((what): Check => ({
        about: 'ci',
        state: 'warning',
        says: `${path} lacks ${what}.`,
        mend: `Add it to ${path}.`,
      })),
    ];
  });
}
