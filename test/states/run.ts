import { cpSync, existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { cleanEnvironment, placeholder } from '../../src/dev/story.ts';
import { COMMITS, type State } from './commits.ts';
import { PUSHES } from './pushes.ts';
import { onDisk, openWork } from './repository.ts';
import { tools, type Tool } from './tools.ts';

// node src/dev/run.mjs test/states/run.ts <folder where npm has installed lint-staged, lefthook and @j178/prek> [words of a state]
//
// Makes 43 commits and 14 pushes in as many states of a repository, and prints how each tool judges them: rightly where it
// stops what is bad and says so, lets through what is not, and leaves the work tree as it was. All look for the same
// thing, a token that nobody may commit; pre-commit is the one on the PATH.

const [folder = '.', wanted = ''] = process.argv.slice(2);
const packages = resolve(folder, 'node_modules');
const parent = realpathSync(mkdtempSync(join(tmpdir(), 'repolicy-states-')));
const words = { bad: `GITHUB_TOKEN=${placeholder('github-token')}\n`, good: 'Nothing wrong here.\n' };
const check = join(parent, 'check');
writeFileSync(
  check,
  `#!/bin/sh\n[ $# -gt 0 ] || exit 0\nif grep -q -e "${words.bad.trim()}" -- "$@"; then echo FOUND-BAD; exit 1; fi\n`,
  { mode: 0o755 },
);

const FOUND = /FOUND-BAD|secrets\/github-token/;

/** "yes", or why not. */
function judgedBy(tool: Tool, state: State, template: string): string {
  const home = mkdtempSync(join(parent, 'state-'));
  const dir = join(home, 'work');
  cpSync(template, home, { recursive: true, verbatimSymlinks: true });
  const work = openWork(dir, words, environment(home));
  try {
    const [args, options] = state.enter(work);
    const before = onDisk(dir);
    const through = work.attempt(args, options);
    // Merges and their like bring files along; a commit and a push never do.
    const touched = /^(commit|push)$/.test(args[0]!) && differs(before, onDisk(dir));
    if (state.stops && through) return 'lets it through';
    if (state.stops && !FOUND.test(work.said())) return 'stops it for another reason';
    if (!state.stops && !through) return FOUND.test(work.said()) ? 'stops it' : 'fails';
    return touched ? 'changes files on disk' : 'yes';
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}

const environment = (home: string): NodeJS.ProcessEnv => ({
  ...cleanEnvironment(),
  HOME: home,
  XDG_CACHE_HOME: join(parent, 'cache'),
  GIT_AUTHOR_NAME: 'Ada',
  GIT_AUTHOR_EMAIL: 'ada@example.com',
  GIT_COMMITTER_NAME: 'Ada',
  GIT_COMMITTER_EMAIL: 'ada@example.com',
});

const differs = (a: ReadonlyMap<string, string>, b: ReadonlyMap<string, string>): boolean =>
  a.size !== b.size || [...a].some(([path, text]) => b.get(path) !== text);

const templateOf = (tool: Tool, unborn: boolean): string => join(parent, `${tool.name}${unborn ? '-unborn' : ''}`);

/** A repository with the tool set up, and a remote that has its first commit. */
function prepare(tool: Tool, unborn: boolean): string {
  const home = templateOf(tool, unborn);
  const dir = join(home, 'work');
  mkdirSync(dir, { recursive: true });
  symlinkSync(packages, join(dir, 'node_modules'));
  const env = environment(home);
  const work = openWork(dir, words, env);
  work.git('init', '-q', '-b', 'main');
  work.write({ '.gitignore': 'node_modules\n', ...tool.files });
  tool.install(dir, env);
  if (unborn) return home;
  work.git('add', '--all');
  work.commit('start');
  work.git('init', '-q', '--bare', '-b', 'main', join(home, 'remote.git'));
  // Relative: the folder is copied.
  work.git('remote', 'add', 'origin', '../remote.git');
  work.git('push', '-q', 'origin', 'main');
  work.git('fetch', '-q', 'origin');
  work.git('remote', 'set-head', 'origin', 'main');
  return home;
}

const here = tools({ engine: resolve('dist/bin.cjs'), packages, check });
const present = here.filter(({ version }) => version !== undefined);
for (const { name } of here.filter(({ version }) => version === undefined))
  console.error(`${name} is not installed here.`);

for (const [title, all] of [
  ['commits', COMMITS],
  ['pushes', PUSHES],
] as const) {
  const states = all.filter(({ name }) => name.includes(wanted));
  const columns = present.filter(({ name }) => title === 'commits' || name !== 'repolicy, strict');
  console.log(
    `\n| ${states.length} ${title} | must be | ${columns.map(({ name, version }) => `${name} ${version}`).join(' | ')} |`,
  );
  console.log(`|---|---|${'---|'.repeat(columns.length)}`);
  const right = columns.map(() => 0);
  for (const state of states) {
    const cells = columns.map((tool, at) => {
      const unborn = state.unborn === true;
      const template = templateOf(tool, unborn);
      const cell = judgedBy(tool, state, existsSync(template) ? template : prepare(tool, unborn));
      if (cell === 'yes') right[at]!++;
      return cell;
    });
    console.log(`| ${state.name} | ${state.stops ? 'stopped' : 'let through'} | ${cells.join(' | ')} |`);
  }
  console.log(`| **judged rightly** | | ${right.map((count) => `**${count}**`).join(' | ')} |`);
}
rmSync(parent, { recursive: true, force: true });
