import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { crc32 } from 'node:zlib';
import type { Person } from '../core/change.ts';
import type { Files } from '../core/rule.ts';
import { sample } from '../core/sample.ts';

/**
 * A Git story in one readable file: prose, then steps. A step starts with ">> ", a file with "-- path --" alone on its
 * line; a file ends where the next of either begins, and blank lines there are for the reader.
 *
 *   >> commit by Name <email> on 2026-01-31 09:30    what follows is the message, then the files; times are UTC
 *   >> write                                         files that are left uncommitted
 *   >> delete path                                   from the work tree
 *   >> branch name                                   made where HEAD is, or switched to
 *   >> as Name <email>                               who runs the commands from here on
 *   >> run command                                   by a POSIX shell; below it, what is expected:
 *        exits 1                                     (0 where nothing is said)
 *        says some words                             on standard output or error, however the lines are broken
 *        never says some words
 *   >> then something holds                          says what the next steps show
 *   >> after name.story                              plays the story beside this one first: here begins where it ends
 *   >> pull request Title                            what the branch is proposed with; its text follows
 *   >> judge in hook, ci and audit: message          commits everything, and has it judged by the hooks of that commit, as
 *                                                    a pull request into main on GitHub, and as a whole repository; below
 *                                                    it, what each of them is expected to do. What a hook refuses is
 *                                                    committed without it. Without a message nothing is committed.
 */
export interface Story {
  readonly title: string;
  readonly prose: string;
  readonly steps: readonly Step[];
}

export type Step = { readonly line: number } & (
  | {
      readonly kind: 'commit';
      readonly author: Person;
      readonly date: Date;
      readonly message: string;
      readonly files: Files;
    }
  | { readonly kind: 'write'; readonly files: Files }
  | { readonly kind: 'delete'; readonly path: string }
  | { readonly kind: 'branch'; readonly name: string }
  | { readonly kind: 'as'; readonly person: Person }
  | { readonly kind: 'run'; readonly command: string; readonly expected: Expected }
  | { readonly kind: 'then'; readonly words: string }
  | { readonly kind: 'after'; readonly story: string }
  | { readonly kind: 'pull-request'; readonly title: string; readonly body: string }
  | {
      readonly kind: 'judge';
      readonly places: readonly JudgingPlace[];
      readonly message: string | undefined;
      readonly expected: Expected;
    }
);

const PLACES = ['hook', 'ci', 'audit'] as const;
export type JudgingPlace = (typeof PLACES)[number];

export interface Expected {
  readonly exit: number;
  readonly says: readonly string[];
  readonly neverSays: readonly string[];
}

/** A story that cannot be read, or that did not happen as it was told. */
export class StoryError extends Error {
  override readonly name = 'StoryError';
}

export function readStory(text: string): Story {
  const [opening, ...chunks] = text.split(/^>> /m);
  const [title = '', ...prose] = opening!.trim().split('\n');
  let line = opening!.split('\n').length;
  const steps = chunks.map((chunk) => {
    const step = readStep(chunk, line);
    line += chunk.split('\n').length - 1;
    return step;
  });
  return { title, prose: prose.join('\n').trim(), steps };
}

function readStep(chunk: string, line: number): Step {
  const [body = '', ...parts] = chunk.split(/^-- (\S+) --\n/m);
  const files: Record<string, string> = Object.create(null);
  for (let at = 0; at < parts.length; at += 2) files[parts[at]!] = fill(`${parts[at + 1]!.trimEnd()}\n`);
  const [head = '', ...rest] = body.split('\n');
  const below = rest.join('\n').trim();
  const [word = '', ...words] = head.split(' ');
  const said = words.join(' ');
  switch (word) {
    case 'commit': {
      const { name, email, when } = match(/^by (?<name>.+) <(?<email>.+)> on (?<when>.+)$/, said, line);
      return {
        line,
        kind: 'commit',
        author: { name: name!, email: email! },
        date: new Date(`${when!.replace(' ', 'T')}Z`),
        message: below,
        files,
      };
    }
    case 'as': {
      const { name, email } = match(/^(?<name>.+) <(?<email>.+)>$/, said, line);
      return { line, kind: 'as', person: { name: name!, email: email! } };
    }
    case 'write':
      return { line, kind: 'write', files };
    case 'delete':
      return { line, kind: 'delete', path: said };
    case 'branch':
      return { line, kind: 'branch', name: said };
    case 'run':
      return { line, kind: 'run', command: said, expected: readExpected(below, line) };
    case 'then':
      return { line, kind: 'then', words: said };
    case 'after':
      return { line, kind: 'after', story: said };
    case 'pull': {
      const { title } = match(/^request (?<title>.+)$/, said, line);
      return { line, kind: 'pull-request', title: title!, body: rest.join('\n').trim() };
    }
    case 'judge': {
      const { where, message } = match(/^in (?<where>[^:]+)(?:: (?<message>.+))?$/, said, line);
      const places = where!.split(/, | and /).map((place) => {
        const known = PLACES.find((one) => one === place);
        if (!known) throw new StoryError(`Line ${line}: nothing is judged in "${place}", but in ${PLACES.join(', ')}.`);
        return known;
      });
      if (message === undefined && places.includes('hook'))
        throw new StoryError(`Line ${line}: a hook needs a commit.`);
      return { line, kind: 'judge', places, message, expected: readExpected(below, line) };
    }
    default:
      throw new StoryError(`Line ${line}: there is no step "${word}".`);
  }
}

function readExpected(text: string, line: number): Expected {
  let exit = 0;
  const says: string[] = [];
  const neverSays: string[] = [];
  for (const row of text
    .split('\n')
    .map((row) => row.trim())
    .filter(Boolean)) {
    const { never, verb, rest } = match(/^(?<never>never )?(?<verb>exits|says) (?<rest>.+)$/, row, line);
    if (verb === 'exits') exit = Number(rest);
    else (never ? neverSays : says).push(fill(rest!));
  }
  return { exit, says, neverSays };
}

function match(pattern: RegExp, text: string, line: number): Record<string, string | undefined> {
  const groups = pattern.exec(text)?.groups;
  if (!groups) throw new StoryError(`Line ${line}: "${text}" is not written as ${pattern}.`);
  return groups;
}

/** What no file of this repository may hold, made when it is needed: the same on every run. */
const PLACEHOLDERS: Record<string, () => string> = {
  'github-token': () => {
    const body = sample(30, 11);
    return `ghp_${body}${base62(crc32(body)).padStart(6, '0')}`;
  },
};

function base62(number: number): string {
  const digits = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
  return number < 62 ? digits[number]! : base62(Math.floor(number / 62)) + digits[number % 62]!;
}

const fill = (text: string): string =>
  text.replace(/\{\{([a-z-]+)\}\}/g, (_, name: string) => {
    const make = Object.hasOwn(PLACEHOLDERS, name) ? PLACEHOLDERS[name] : undefined;
    if (!make) throw new StoryError(`There is no placeholder {{${name}}}.`);
    return make();
  });

/** What {{name}} stands for in a story. */
export const placeholder = (name: string): string => fill(`{{${name}}}`);

/** Git as nobody has configured it, and pointed at no repository. */
export function cleanEnvironment(env: NodeJS.ProcessEnv = process.env): NodeJS.ProcessEnv {
  const kept = Object.entries(env).filter(([name]) => !name.startsWith('GIT_'));
  return {
    ...Object.fromEntries(kept),
    GIT_CONFIG_GLOBAL: process.platform === 'win32' ? 'NUL' : '/dev/null',
    GIT_CONFIG_NOSYSTEM: '1',
  };
}

/**
 * Plays a story in a folder, which becomes a repository unless it is one; `beside` finds the stories that it follows.
 * Throws a StoryError where something else happens.
 */
export function playStory(
  story: Story,
  dir: string,
  env: NodeJS.ProcessEnv = cleanEnvironment(),
  beside: (name: string) => Story = (name) => {
    throw new StoryError(`There is no story ${name} beside this one.`);
  },
): void {
  const git = (args: readonly string[], more: NodeJS.ProcessEnv = {}) => {
    const { status, stderr } = spawnSync('git', args, { cwd: dir, env: { ...env, ...more }, encoding: 'utf8' });
    if (status !== 0) throw new StoryError(`git ${args.join(' ')} failed: ${stderr}`);
  };
  const write = (files: Files) => {
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(dir, path)), { recursive: true });
      writeFileSync(join(dir, path), text);
    }
  };
  const become = ({ name, email }: Person) => {
    git(['config', 'user.name', name]);
    git(['config', 'user.email', email]);
  };
  const run = (command: string, expected: Expected, line: number, more: NodeJS.ProcessEnv = {}) => {
    const how = { cwd: dir, env: { ...env, ...more }, encoding: 'utf8' } as const;
    const { status, stdout, stderr } = spawnSync('sh', ['-c', command], how);
    const problem = differs(expected, status, stdout + stderr);
    if (problem) throw new StoryError(`${chapter}\nLine ${line}, "${command}": ${problem}\n\n${stdout}${stderr}`);
  };
  const judge = ({ places, message, expected, line }: Extract<Step, { kind: 'judge' }>) => {
    if (message !== undefined) {
      const passing: Expected = { exit: 0, says: [], neverSays: [] };
      const commit = (how: string, expected: Expected) =>
        run(`git commit --quiet ${how} -m "$MESSAGE"`, expected, line, { MESSAGE: message });
      git(['add', '--all']);
      if (places.includes('hook')) commit('', expected);
      if (expected.exit !== 0 || !places.includes('hook')) commit('--no-verify', passing);
    }
    if (places.includes('ci')) run('repolicy ci', expected, line, pullRequestOnGitHub(dir, env, pullRequest));
    if (places.includes('audit')) run('repolicy audit', expected, line);
  };
  const branches = new Set(['main']);
  let chapter = story.title;
  let pullRequest = { title: story.title, body: '' };
  git(['init', '--quiet', '--initial-branch=main']);
  for (const setting of ['core.autocrlf=false', 'commit.gpgSign=false', 'gc.auto=0'])
    git(['config', ...setting.split('=')]);
  const steps = story.steps.flatMap((step) => (step.kind === 'after' ? beside(step.story).steps : step));
  for (const step of steps) {
    switch (step.kind) {
      case 'after':
        throw new StoryError(`Line ${step.line}: a story that others follow follows none itself.`);
      case 'commit': {
        write(step.files);
        git(['add', '--all']);
        git(
          ['commit', '--quiet', '--no-verify', '--allow-empty', '-m', step.message],
          signature(step.author, step.date),
        );
        break;
      }
      case 'write':
        write(step.files);
        break;
      case 'delete':
        rmSync(join(dir, step.path));
        break;
      case 'branch':
        git(['switch', '--quiet', ...(branches.has(step.name) ? [] : ['--create']), step.name]);
        branches.add(step.name);
        break;
      case 'as':
        become(step.person);
        break;
      case 'then':
        chapter = step.words;
        break;
      case 'run':
        run(step.command, step.expected, step.line);
        break;
      case 'pull-request':
        pullRequest = step;
        break;
      case 'judge':
        judge(step);
    }
  }
}

/** What GitHub tells a job about a pull request of the current branch into main. */
function pullRequestOnGitHub(
  dir: string,
  env: NodeJS.ProcessEnv,
  { title, body }: { readonly title: string; readonly body: string },
): NodeJS.ProcessEnv {
  const git = (...args: string[]) => spawnSync('git', args, { cwd: dir, env, encoding: 'utf8' }).stdout.trim();
  const [branch, head, base] = [git('branch', '--show-current'), git('rev-parse', 'HEAD'), git('rev-parse', 'main')];
  const event = join(dir, git('rev-parse', '--git-dir'), 'event.json');
  const sides = { base: { ref: 'main', sha: base }, head: { ref: branch, sha: head } };
  writeFileSync(event, JSON.stringify({ number: 1, pull_request: { title, body, labels: [], ...sides } }));
  return {
    CI: 'true',
    GITHUB_ACTIONS: 'true',
    GITHUB_EVENT_NAME: 'pull_request',
    GITHUB_EVENT_PATH: event,
    GITHUB_SHA: head,
    GITHUB_REF: 'refs/pull/1/merge',
    GITHUB_HEAD_REF: branch,
    GITHUB_BASE_REF: 'main',
  };
}

function differs({ exit, says, neverSays }: Expected, status: number | null, output: string): string | undefined {
  if (status !== exit) return `it exits ${status}, not ${exit}.`;
  const said = output.replace(/\s+/g, ' ');
  const missing = says.find((words) => !said.includes(words));
  if (missing !== undefined) return `it does not say "${missing}".`;
  const unwanted = neverSays.find((words) => said.includes(words));
  return unwanted === undefined ? undefined : `it says "${unwanted}".`;
}

function signature({ name, email }: Person, date: Date): NodeJS.ProcessEnv {
  const when = date.toISOString();
  return {
    GIT_AUTHOR_NAME: name,
    GIT_AUTHOR_EMAIL: email,
    GIT_AUTHOR_DATE: when,
    GIT_COMMITTER_NAME: name,
    GIT_COMMITTER_EMAIL: email,
    GIT_COMMITTER_DATE: when,
  };
}
