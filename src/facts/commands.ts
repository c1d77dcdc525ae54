import type { Range } from '../core/finding.ts';
import type { Notice } from '../core/notice.ts';
import type { Snapshot } from '../core/snapshot.ts';
import { readConfiguration } from './configuration.ts';
import type { Copied } from './dockerfile.ts';
import { follow } from './pointers.ts';
import { quoteWord, readCommands, type Command } from './shell.ts';

/** A command that a line comes to run, by whatever way. */
export interface Ran {
  readonly words: readonly string[];
  /** The scripts on the way from the line to it, outermost first; empty where the line says it itself. */
  readonly through: readonly Through[];
  /** Where in the line the command stands that it comes from; absent for a line of words. */
  readonly at?: Range;
}

export interface Through {
  /** 'the script "release"', "scripts/release.sh". */
  readonly name: string;
  readonly path: string;
  /** In package.json the script; in a shell script the command. */
  readonly range: Range;
}

const DEEPEST = 12;
const MOST = 5000;

/** Where a command runs, and what is known about the way to it. */
interface Place {
  readonly head: Snapshot;
  /** The working directory, from the repository's root; '' is the root. */
  readonly dir: string;
  readonly through: readonly Through[];
  readonly at?: Range;
  /** Paths of an image that hold files of the repository. */
  readonly image: readonly Copied[];
  /** Shared by everything that one line runs. */
  readonly spent: { commands: number };
}

/**
 * Every command that a line runs, each in all its forms: "sh -c 'npx prisma migrate'" is the shell, npx and prisma. It is
 * seen through shells, wrappers (env, sudo, timeout ...), package runners, the scripts of head's package.json and shell
 * scripts in head. A line is a shell's, or a list of words that no shell reads.
 */
export async function* commandsRun(
  line: string | readonly string[],
  head: Snapshot,
  dir: string,
  image: readonly Copied[] = [],
): AsyncIterable<Ran | Notice> {
  const place: Place = { head, dir, through: [], image, spent: { commands: 0 } };
  if (typeof line === 'string') yield* runScript(line, place);
  else yield* runWords(line, place);
}

/** Whether a command is the one that a pattern names: its first words, options between them aside. */
export function isCommand(words: readonly string[], [name = '', ...wanted]: readonly string[]): boolean {
  if (words.length === 0 || programName(words[0]!) !== programName(name)) return false;
  const args = words.slice(1);
  let at = 0;
  for (const word of wanted) {
    if (word.startsWith('-')) {
      if (!args.some((arg) => arg === word || arg.startsWith(`${word}=`))) return false;
      continue;
    }
    // What follows an option may be its value: "prisma --schema x migrate".
    while (at < args.length && args[at] !== word && (args[at]!.startsWith('-') || takesValue(args[at - 1] ?? ''))) at++;
    if (args[at] !== word) return false;
    at++;
  }
  return true;
}

/** The words of a command as a policy names it; empty where it is none, or more than one. */
export function commandPattern(text: string): readonly string[] {
  const commands = readCommands(text);
  return commands.length === 1 ? commands[0]!.words : [];
}

const takesValue = (option: string): boolean => /^-./.test(option) && option !== '--' && !option.includes('=');

/** "./node_modules/.bin/prisma.cmd" and "prisma@5" are prisma. */
const programName = (word: string): string =>
  word
    .replaceAll('\\', '/')
    .replace(/^.*\/(?=[^/]+$)/, (folder) => (/^@[^/]+\/$/.test(folder) ? folder : ''))
    .replace(/(?<=.)@[^/]*$/, '')
    .replace(/\.(?:cmd|exe|ps1)$/i, '');

async function* runScript(
  script: string,
  place: Place,
  through?: (command: Command) => Through,
): AsyncIterable<Ran | Notice> {
  let { dir } = place;
  for (const command of readCommands(script)) {
    const via = through ? [...place.through, through(command)] : place.through;
    const at: Range = place.at ?? [command.start, command.end];
    yield* runWords(command.words, { ...place, dir, through: via, at }, command.input);
    const [name, target = ''] = command.words;
    if (name === 'cd') dir = joined(dir, target) ?? dir;
  }
}

async function* runWords(all: readonly string[], place: Place, input?: string): AsyncIterable<Ran | Notice> {
  const words = withoutPrefixes(all);
  if (place.through.length > DEEPEST || place.spent.commands++ > MOST) return;
  if (words.length === 0) {
    if (input !== undefined) yield* runScript(input, place);
    return;
  }
  yield { words, through: place.through, ...(place.at && { at: place.at }) };
  for (const inner of innerOf(words, input, place.image.length > 0)) {
    const dir = inner.dir === undefined ? place.dir : joined(place.dir, inner.dir);
    if (dir === undefined) continue;
    const there = { ...place, dir };
    if (inner.kind === 'words') yield* runWords(inner.words, there);
    else if (inner.kind === 'script') yield* runScript(inner.text, there);
    else if (inner.kind === 'file') yield* runFile(inner.path, inner.shell, there);
    else yield* runPackageScript(inner, there);
  }
}

/** Takes off what may stand before a command's name. */
function withoutPrefixes(words: readonly string[]): readonly string[] {
  let from = 0;
  while (from < words.length && (KEYWORDS.has(words[from]!) || ASSIGNMENT.test(words[from]!))) from++;
  return words.slice(from);
}

const KEYWORDS = new Set(['if', 'then', 'else', 'elif', 'do', 'while', 'until', '!', '{', 'time']);
const ASSIGNMENT = /^[A-Za-z_]\w*\+?=/;

/** What a command runs in its turn. */
type Inner = { readonly dir?: string } & (
  | { readonly kind: 'words'; readonly words: readonly string[] }
  | { readonly kind: 'script'; readonly text: string }
  /** `shell`: whoever runs it takes it for a shell script, whatever it looks like. */
  | { readonly kind: 'file'; readonly path: string; readonly shell: boolean }
  | PackageScripts
);

interface PackageScripts {
  readonly kind: 'package';
  /** Scripts of package.json; "build:*" stands for all that begin so. */
  readonly names: readonly string[];
  readonly args: readonly string[];
  /** What runs where there is no script of that name. */
  readonly otherwise?: readonly string[];
  readonly dir?: string;
}

/** Commands that run the rest of their words. The text names their options that take a value, "+n" how many words stand before the rest. */
const WRAPPERS = new Map<string, string>(
  Object.entries({
    env: '-u -C --unset --chdir',
    sudo: '-u -g -h -p -C -r -t -U -D -R -T --user --group',
    doas: '-u -C',
    exec: '-a',
    command: '',
    builtin: '',
    nohup: '',
    setsid: '',
    stdbuf: '-i -o -e',
    nice: '-n',
    ionice: '-c -n',
    timeout: '-k -s --kill-after --signal +1',
    xargs: '-I -n -P -d -L -s -a -E',
    'cross-env': '',
    'cross-env-shell': '',
    tini: '',
    'dumb-init': '',
    gosu: '+1',
    'su-exec': '+1',
    flock: '-w -E +1',
    watch: '-n',
    corepack: '',
    npx: '-p --package',
    pnpx: '-p --package',
    bunx: '-p --package',
    dotenv: '-e -v -p -c',
    'with-contenv': '',
  }),
);

/** Programs that run what follows one of their own words: "poetry run x", "bundle exec x". */
const RUNNERS = new Map([
  ...['poetry', 'pipenv', 'uv', 'pdm', 'hatch', 'rye', 'dotenvx'].map((name): [string, string] => [name, 'run']),
  ['bundle', 'exec'],
]);

/** Programs that run what follows "--". */
const SEPARATED = new Set([
  'doppler',
  'infisical',
  'op',
  'chamber',
  'aws-vault',
  'envchain',
  'teller',
  'mise',
  'railway',
]);
const SHELLS = new Set(['sh', 'bash', 'dash', 'ash', 'zsh', 'ksh']);

/** `inImage`: a bare name may be a script that was copied into the image. */
function innerOf(words: readonly string[], input: string | undefined, inImage: boolean): readonly Inner[] {
  const name = programName(words[0]!);
  const args = words.slice(1);
  if (SHELLS.has(name)) return shell(args, input);
  if (name === 'busybox' || name === 'winpty') return [{ kind: 'words', words: args }];
  if (name === 'eval') return [{ kind: 'script', text: args.join(' ') }];
  if (name === '.' || name === 'source') return args[0] ? [{ kind: 'file', path: args[0], shell: true }] : [];
  if (name === 'su') return valuesOf(args, '-c', '--command').map((text) => ({ kind: 'script', text }));
  if (name === 'command' && /^-[vV]/.test(args[0] ?? '')) return [];
  const called = /^(?:p?npx|bunx)$/.test(name)
    ? valuesOf(args, '-c', '--call')
    : name === 'env'
      ? valuesOf(args, '-S', '--split-string')
      : [];
  if (called.length > 0) return called.map((text) => ({ kind: 'script', text }));
  const wrapper = WRAPPERS.get(name);
  if (wrapper !== undefined) return [{ kind: 'words', words: afterOptions(args, wrapper) }];
  const runner = RUNNERS.get(name);
  if (runner && args[0] === runner) return [{ kind: 'words', words: afterOptions(args.slice(1), '-f -e -p --with') }];
  if (SEPARATED.has(name))
    return args.includes('--') ? [{ kind: 'words', words: args.slice(args.indexOf('--') + 1) }] : [];
  if (name === 'node') return node(args);
  if (name === 'npm' || name === 'pnpm' || name === 'yarn' || name === 'bun') return manager(name, args);
  if (name === 'concurrently') return args.filter((arg) => !arg.startsWith('-')).map(concurrent);
  if (/^(?:run-s|run-p|npm-run-all2?)$/.test(name)) {
    return [
      { kind: 'package', names: args.flatMap((arg) => (arg.startsWith('-') ? [] : [arg.split(' ')[0]!])), args: [] },
    ];
  }
  return words[0]!.includes('/') || inImage ? [{ kind: 'file', path: words[0]!, shell: false }] : [];
}

const concurrent = (arg: string): Inner => {
  const [, script] = /^(?:npm|yarn|pnpm|bun|node):(\S+)/.exec(arg) ?? [];
  return script === undefined ? { kind: 'script', text: arg } : { kind: 'package', names: [script], args: [] };
};

function shell(args: readonly string[], input: string | undefined): readonly Inner[] {
  for (let i = 0; i < args.length; i++) {
    const arg = args[i]!;
    if (/^-[a-zA-Z]*c[a-zA-Z]*$/.test(arg)) {
      const text = args.slice(i + 1).find((one) => !/^[-+]/.test(one));
      return text === undefined ? [] : [{ kind: 'script', text }];
    }
    if (arg === '--' || !/^[-+]./.test(arg)) {
      const path = arg === '--' ? args[i + 1] : arg;
      return path === undefined ? [] : [{ kind: 'file', path, shell: true }];
    }
    if (/^[-+][a-zA-Z]*[oO]$/.test(arg)) i++;
  }
  return input === undefined ? [] : [{ kind: 'script', text: input }];
}

function node(args: readonly string[]): readonly Inner[] {
  const [script] = valuesOf(args, '--run');
  if (script !== undefined) return [{ kind: 'package', names: [script], args: [] }];
  const at = args.findIndex((arg) => !arg.startsWith('-'));
  // A package's program, started by its file, is that program.
  const [, bin, scoped] = /(?:^|\/)node_modules\/(?:\.bin\/([^/]+)$|((?:@[^/]+\/)?[^/]+)\/)/.exec(args[at] ?? '') ?? [];
  const program = bin ?? scoped;
  return program === undefined ? [] : [{ kind: 'words', words: [program, ...args.slice(at + 1)] }];
}

const INSTALLS = new Set(['install', 'i', 'ci', 'add', 'clean-install', 'install-test', 'it', 'rebuild']);
const INSTALL_SCRIPTS = ['preinstall', 'install', 'postinstall', 'prepublish', 'preprepare', 'prepare', 'postprepare'];
const PUBLISH_SCRIPTS = ['prepublishOnly', 'prepack', 'prepare', 'postpack', 'publish', 'postpublish'];
const OWN_SCRIPTS = new Map([
  ...['start', 'stop', 'test', 'restart'].map((name): [string, string] => [name, name]),
  ['t', 'test'],
  ['tst', 'test'],
]);

function manager(name: 'npm' | 'pnpm' | 'yarn' | 'bun', args: readonly string[]): readonly Inner[] {
  const folders = [
    '--prefix',
    '-C',
    '--dir',
    '--cwd',
    ...(name === 'npm' ? ['-w', '--workspace'] : ['-F', '--filter']),
  ];
  const [dir] = valuesOf(args, ...folders);
  const place = dir === undefined ? {} : { dir };
  const [verb, ...rest] = afterOptions(args, `${folders.join(' ')} --loglevel --registry`);
  const inner = (names: readonly string[], args: readonly string[] = [], otherwise?: readonly string[]): Inner[] => [
    { kind: 'package', names, args, ...(otherwise && { otherwise }), ...place },
  ];
  if (verb === undefined) return name === 'yarn' ? inner(INSTALL_SCRIPTS) : [];
  if (INSTALLS.has(verb)) return inner(INSTALL_SCRIPTS);
  if (verb === 'publish' || verb === 'pack') return inner(PUBLISH_SCRIPTS);
  if (/^(?:exec|x|dlx)$/.test(verb)) {
    const called = valuesOf(rest, '-c', '--call');
    if (called.length > 0) return called.map((text) => ({ kind: 'script', text, ...place }));
    return [{ kind: 'words', words: afterOptions(rest, '-p --package'), ...place }];
  }
  if (name === 'yarn' && verb === 'workspace') return manager('yarn', ['--cwd', ...rest]);
  const isRun = /^(?:run|run-script|rum|urn)$/.test(verb);
  const [script, ...given] = isRun ? afterOptions(rest, folders.join(' ')) : [OWN_SCRIPTS.get(verb) ?? verb, ...rest];
  if (script === undefined || (name === 'npm' && !isRun && !OWN_SCRIPTS.has(verb))) return [];
  const passed =
    given[0] === '--'
      ? given.slice(1)
      : given.filter((arg, i) => !(arg === '--' && name === 'npm' && given.indexOf('--') === i));
  return inner([script], passed, name === 'npm' ? undefined : [script, ...passed]);
}

/** What is left behind options, assignments and the words that a wrapper keeps for itself. */
function afterOptions(args: readonly string[], spec: string): readonly string[] {
  const valued = spec.split(' ');
  let kept = Number(/\+(\d)/.exec(spec)?.[1] ?? 0);
  for (let i = 0; i < args.length; i++) {
    const arg = args[i]!;
    if (arg === '--') return args.slice(i + 1);
    if (/^-./.test(arg)) i += valued.includes(arg) ? 1 : 0;
    else if (!ASSIGNMENT.test(arg) && kept-- === 0) return args.slice(i);
  }
  return [];
}

/** The values of an option, as "-c x" or "--call=x". */
const valuesOf = (args: readonly string[], ...options: readonly string[]): readonly string[] => {
  const end = args.indexOf('--');
  return args.slice(0, end < 0 ? undefined : end).flatMap((arg, i, own) => {
    if (options.includes(arg)) return own[i + 1] ?? [];
    const option = options.find((one) => one.startsWith('--') && arg.startsWith(`${one}=`));
    return option === undefined ? [] : [arg.slice(option.length + 1)];
  });
};

async function* runPackageScript(
  { names, args, otherwise, dir }: PackageScripts,
  place: Place,
): AsyncIterable<Ran | Notice> {
  const found =
    (await nearestPackage(place, dir !== undefined)) ??
    (dir === undefined ? undefined : await packageNamed(place.head, dir));
  if (found && 'notice' in found) {
    yield found;
    return;
  }
  const scripts = found?.scripts ?? new Map<string, { text: string; range: Range }>();
  const wanted = [...scripts.keys()].filter((name) =>
    names.some((one) => (one.endsWith('*') ? name.startsWith(one.slice(0, -1)) : name === one)),
  );
  if (wanted.length === 0 && otherwise) yield* runWords(otherwise, place);
  // The package managers run "prebuild" and "postbuild" around "build".
  for (const name of wanted.flatMap((name) => [`pre${name}`, name, `post${name}`])) {
    const script = scripts.get(name);
    if (!script || !found || place.through.some(({ path, range }) => path === found.path && range === script.range))
      continue;
    const through = [...place.through, { name: `the script "${name}"`, path: found.path, range: script.range }];
    const text = wanted.includes(name) ? [script.text, ...args.map(quoteWord)].join(' ') : script.text;
    yield* runScript(text, { ...place, dir: found.dir, through });
  }
}

interface Package {
  readonly path: string;
  readonly dir: string;
  readonly scripts: ReadonlyMap<string, { readonly text: string; readonly range: Range }>;
}

const packages = new WeakMap<Snapshot, Map<string, Promise<Package | Notice | undefined>>>();

/** The package.json of a folder; where it was not named, of the working directory or the next folder above it. */
async function nearestPackage({ head, dir }: Place, named: boolean): Promise<Package | Notice | undefined> {
  const known = packages.get(head) ?? new Map<string, Promise<Package | Notice | undefined>>();
  packages.set(head, known);
  if (named) return readPackage(head, dir);
  for (let folder = dir; ; folder = folder.slice(0, Math.max(folder.lastIndexOf('/'), 0))) {
    const read = known.get(folder) ?? readPackage(head, folder);
    known.set(folder, read);
    const found = await read;
    if (found || folder === '') return found;
  }
}

const workspaces = new WeakMap<Snapshot, Promise<ReadonlyMap<string, string>>>();

/** The package of a monorepo that "--filter" or "--workspace" names: "@scope/name", "name...". Reads every package.json, once. */
async function packageNamed(head: Snapshot, filter: string): Promise<Package | Notice | undefined> {
  const read = async (): Promise<ReadonlyMap<string, string>> => {
    const paths = (await head.paths()).filter(
      (path) => /(?:^|\/)package\.json$/.test(path) && !path.includes('node_modules/'),
    );
    const names = await Promise.all(
      paths.map(async (path) => /"name"\s*:\s*"([^"]+)"/.exec((await head.read(path)) ?? '')?.[1]),
    );
    return new Map(
      paths.flatMap((path, i) => (names[i] === undefined ? [] : [[names[i], path.slice(0, -'/package.json'.length)]])),
    );
  };
  const known = workspaces.get(head) ?? read();
  workspaces.set(head, known);
  const dir = (await known).get(filter.replace(/^\.{3}|[.^]+$/g, ''));
  return dir === undefined ? undefined : readPackage(head, dir);
}

async function readPackage(head: Snapshot, dir: string): Promise<Package | Notice | undefined> {
  const path = dir === '' ? 'package.json' : `${dir}/package.json`;
  const text = await head.read(path);
  if (text === undefined) return undefined;
  const read = await readConfiguration('json', text);
  if ('problem' in read)
    return {
      notice: 'not-judged',
      message: `${path} ${read.problem}: its scripts were not followed.`,
      path,
      needed: true,
    };
  const scripts = new Map<string, { text: string; range: Range }>();
  for (const node of read.documents.flatMap((document) => follow(document, ['scripts']))) {
    for (const name of Object.keys(node.value ?? {})) {
      for (const { value, range } of node.child(name))
        if (typeof value === 'string') scripts.set(name, { text: value, range });
    }
  }
  return { path, dir, scripts };
}

async function* runFile(file: string, shell: boolean, place: Place): AsyncIterable<Ran | Notice> {
  const [path, text] = (await readScript(file, place)) ?? [];
  if (path === undefined || !text || place.through.some((one) => one.path === path)) return;
  if (!shell && !/\.(?:ba|z|k)?sh$/.test(path) && !/^#!.*\b(?:ba|da|a|z|k)?sh\b/.test(text)) return;
  yield* runScript(text, place, ({ start, end }) => ({ name: path, path, range: [start, end] }));
}

/**
 * The file of the repository that a path stands for where the command runs. In an image the repository lies somewhere below
 * its root, and single files of it elsewhere.
 */
async function readScript(file: string, { dir, head, image }: Place): Promise<readonly [string, string] | undefined> {
  const name = file.replace(/^\.\//, '');
  const copied = image.flatMap(({ from, to }) => {
    const own = to === file || (!name.includes('/') && to.endsWith(`/${name}`));
    // "./scripts/start.sh", from a working directory that only the image knows.
    const [folder = '', ...rest] = name.split('/');
    if (!name.startsWith('/') && rest.length > 0 && to.endsWith(`/${folder}`)) return [[from, ...rest].join('/')];
    return own ? [from] : file.startsWith(`${to}/`) ? [`${from}/${file.slice(to.length + 1)}`] : [];
  });
  const below = file.startsWith('/')
    ? file
        .split('/')
        .slice(2)
        .map((_, i, parts) => parts.slice(i).join('/'))
    : [];
  for (const one of [file, ...copied, ...below]) {
    for (const from of dir === '' || one.startsWith('/')
      ? ['']
      : [dir, ...(one === file && image.length === 0 ? [] : [''])]) {
      const path = joined(from, one);
      const text = path && (await head.read(path));
      if (path && text !== undefined) return [path, text];
    }
  }
  return undefined;
}

/** A path from the root; undefined where it is not known, or lies outside. */
function joined(dir: string, path: string): string | undefined {
  if (/[$*?`]|^~|^-/.test(path)) return undefined;
  const parts = path.startsWith('/') ? [] : dir.split('/').filter(Boolean);
  for (const part of path.split('/')) {
    if (part === '..') {
      if (parts.pop() === undefined) return undefined;
    } else if (part !== '.' && part !== '') parts.push(part);
  }
  return parts.join('/');
}
