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
);

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

/** Git as nobody has configured it, and pointed at no repository. */
export function cleanEnvironment(env: NodeJS.ProcessEnv = process.env): NodeJS.ProcessEnv {
  const kept = Object.entries(env).filter(([name]) => !name.startsWith('GIT_'));
  return {
    ...Object.fromEntries(kept),
    GIT_CONFIG_GLOBAL: process.platform === 'win32' ? 'NUL' : '/dev/null',
    GIT_CONFIG_NOSYSTEM: '1',
  };
}

/** Plays a story in a folder, which becomes a repository unless it is one. Throws a StoryError where something else happens. */
export function playStory(story: Story, dir: string, env: NodeJS.ProcessEnv = cleanEnvironment()): void {
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
  const branches = new Set(['main']);
  let chapter = story.title;
  git(['init', '--quiet', '--initial-branch=main']);
  for (const setting of ['core.autocrlf=false', 'commit.gpgSign=false', 'gc.auto=0'])
    git(['config', ...setting.split('=')]);
  for (const step of story.steps) {
    switch (step.kind) {
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
      case 'run': {
        const { status, stdout, stderr } = spawnSync('sh', ['-c', step.command], { cwd: dir, env, encoding: 'utf8' });
        const problem = differs(step.expected, status, stdout + stderr);
        if (problem) {
          throw new StoryError(`${chapter}\nLine ${step.line}, "${step.command}": ${problem}\n\n${stdout}${stderr}`);
        }
      }
    }
  }
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
