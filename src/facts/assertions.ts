import type * as zod from 'zod';
import type { ChangeSet } from '../core/change.ts';
import type { Location } from '../core/finding.ts';
import { glob } from '../core/globs.ts';
import { isNotice, type Notice } from '../core/notice.ts';
import type { Zod } from '../core/rule.ts';
import { asksForPresence, broken, conditionOptions, isCondition, type Condition, type Setting } from './conditions.ts';
import { formatOf, readConfiguration, type Format } from './configuration.ts';
import { copiedFiles } from './dockerfile.ts';
import { unread } from './files.ts';
import { matching } from './paths.ts';
import { follow, followWithin, readPointer, type Node } from './pointers.ts';

/** What a policy says must hold in a configuration file, or in each of several. */
export interface Assertion extends Condition {
  /** A path, or a glob. */
  readonly file: string;
  /** A pointer into it. */
  readonly at: string;
  /** The reason, in the words of whoever asks for it. */
  readonly message?: string | undefined;
}

/** An assertion among a rule's options. */
export const assertionOption = (z: Zod): zod.ZodType<Assertion> =>
  z
    .strictObject({
      file: glob(z)
        .refine(
          hasKnownFormat,
          'It is in no format that can be looked into: JSON, YAML, TOML, INI, .env, Dockerfiles, Procfiles and shell scripts are.',
        )
        .describe(
          'The file, or a glob of files: JSON, YAML, TOML, INI, .env, Dockerfile, Procfile or a shell script (all of it is at "").',
        ),
      at: z
        .string()
        .superRefine((text, context) => {
          const steps = readPointer(text);
          if (typeof steps === 'string') context.addIssue({ code: 'custom', message: `It ${steps}.` });
        })
        .describe('Where in it: a.b[0]["c.d"], "*" for every child, or a JSON Pointer; "" is the whole.'),
      ...conditionOptions(z),
      message: z.string().optional().describe('What to add to the finding, as written: the reason.'),
    })
    .refine(
      isCondition,
      'It asserts nothing: give equals, oneOf, matches, absent, minimum, maximum, schema or command.',
    );

/** Where an assertion does not hold. */
export interface Fault {
  /** A sentence's beginning, without its full stop: "fly.toml: deploy.release_command is not 20". */
  readonly says: string;
  readonly at: Location;
  readonly related: readonly Location[];
}

const isGlob = (file: string): boolean => /[*?{}[\]!]/.test(file);

const hasKnownFormat = (file: string): boolean => isGlob(file) || formatOf(file) !== undefined;

/**
 * Asks an assertion of the files that the change touches. A command is followed into scripts, so a file may also be judged
 * because a script changed that it runs; the fault then stands at the script.
 */
export async function* faults(assertion: Assertion, change: ChangeSet): AsyncIterable<Fault | Notice> {
  const { file, command } = assertion;
  const touched = new Set(change.changes.flatMap(({ path, from }) => (from === undefined ? [path] : [path, from])));
  const scripts =
    command !== undefined && [...touched].some((path) => /(?:^|\/)(?:package\.json|[^/.]+|[^/]+\.\w*sh)$/.test(path));
  if (!isGlob(file)) {
    if (!touched.has(file) && (await isMissingFromTheStart(assertion, change))) yield missing(assertion, {});
    else if (touched.has(file) || scripts) yield* judgeFile(assertion, file, change, touched);
    return;
  }
  const matches = await matching(globOf(assertion));
  const paths = scripts
    ? await change.head.paths()
    : change.changes.flatMap(({ path, after }) => (after ? [path] : []));
  for (const path of paths) if (matches(path)) yield* judgeFile(assertion, path, change, touched);
}

const globs = new WeakMap<Assertion, readonly string[]>();

/** One list for each assertion, so that it is compiled once. */
function globOf(assertion: Assertion): readonly string[] {
  const list = globs.get(assertion) ?? [assertion.file];
  globs.set(assertion, list);
  return list;
}

/** Where everything is new, a file that is asked for and was never there is missing too; a later change has no part in that. */
const isMissingFromTheStart = async (assertion: Assertion, { base, head }: ChangeSet): Promise<boolean> =>
  asksForPresence(assertion) &&
  (await head.entry(assertion.file)) === undefined &&
  (await base.entry(assertion.file)) === undefined &&
  (await base.paths()).length === 0;

const missing = ({ file, at }: Assertion, place: Location): Fault => ({
  says: `${file} is missing, and ${at || 'what it holds'} with it`,
  at: place,
  related: [],
});

async function* judgeFile(
  assertion: Assertion,
  path: string,
  { head }: ChangeSet,
  touched: ReadonlySet<string>,
): AsyncIterable<Fault | Notice> {
  const entry = await head.entry(path);
  if (!entry) {
    if (asksForPresence(assertion) && touched.has(path)) yield missing(assertion, { path });
    return;
  }
  const format = formatOf(path);
  if (!format || entry.kind !== 'file') {
    const why = entry.kind === 'file' ? 'it is in no format that is known' : `it is a ${KINDS[entry.kind]}`;
    yield { notice: 'not-judged', message: `${path} was not looked into: ${why}.`, path };
    return;
  }
  const content = await head.content(path);
  if (content.kind !== 'text') {
    yield { ...unread(path, content), needed: true };
    return;
  }
  const read = await readConfiguration(format, content.text);
  if ('problem' in read) {
    yield { says: `${path} ${read.problem}`, at: { path, ...(read.range && { range: read.range }) }, related: [] };
    return;
  }
  const steps = readPointer(assertion.at);
  const found = typeof steps === 'string' ? [] : read.documents.flatMap((document) => followWithin(document, steps));
  const nodes = found.map(({ node }) => node);
  const name = assertion.at === '' ? path : `${path}: ${assertion.at}`;
  if (nodes.length === 0) {
    if (asksForPresence(assertion))
      yield { says: `${path} has no ${assertion.at || 'content'}`, at: { path }, related: [] };
    return;
  }
  for await (const fault of broken(
    nodes,
    assertion,
    settingOf({ at: assertion.at, format, path, head, text: content.text, found }),
  )) {
    if (isNotice(fault)) {
      yield fault;
      continue;
    }
    const own: Location = { path, ...(fault.node && { range: fault.node.range }) };
    const places = [own, ...fault.through];
    // Where only a script changed, the fault stands at the innermost one that did.
    const at = touched.has(path) ? own : (fault.through.findLast((one) => touched.has(one.path!)) ?? own);
    yield { says: `${name} ${fault.says}`, at, related: places.filter((place) => place !== at) };
  }
}

const KINDS = { symlink: 'symbolic link', gitlink: 'submodule' } as const;

interface Asked {
  readonly at: string;
  readonly format: Format;
  readonly path: string;
  readonly head: ChangeSet['head'];
  readonly text: string;
  readonly found: ReturnType<typeof followWithin>;
}

function settingOf({ at, format, path, head, text, found }: Asked): Setting {
  // CI services run from the root whatever folder their own files lie in (.github/workflows, .circleci).
  const own = path.startsWith('.') ? '' : path.slice(0, Math.max(path.lastIndexOf('/'), 0));
  const dirs = new Map(found.map(({ node, above }) => [node, workingDirectory(above) ?? own]));
  return {
    head,
    dirOf: (node) => dirs.get(node) ?? own,
    textOnly: format === 'env' || format === 'dockerfile' || format === 'ini' || format === 'procfile',
    verbatim: format === 'shell' || format === 'procfile',
    image: format === 'dockerfile' ? copiedFiles(text) : [],
    // Compose and Kubernetes split a command into words; CI services list lines.
    wordLists: format === 'dockerfile' || /(?:^|[./"'\]])(?:command|entrypoint|cmd|args|test)["'\]]*$/i.test(at),
  };
}

/** Of a GitHub workflow's step: its own, its job's or its workflow's. */
function workingDirectory(above: readonly Node[]): string | undefined {
  for (const node of above.toReversed()) {
    const [own = follow(node, ['defaults', 'run', 'working-directory'])[0]] = node.child('working-directory');
    if (typeof own?.value === 'string' && !own.value.includes('${{')) return own.value.replace(/^\.\/|\/$/g, '');
  }
  return undefined;
}
