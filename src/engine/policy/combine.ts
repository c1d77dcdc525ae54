import { createHash } from 'node:crypto';
import { canonical } from '../../core/canonical.ts';
import { quoted } from '../../core/globs.ts';
import {
  NOTHING_DECLARED,
  type Declared,
  type Origin,
  type PolicyLayer,
  type ResolvedPolicy,
} from '../../core/policy.ts';
import type { Catalogue, Zod } from '../../core/rule.ts';
import { blockReader, isObject } from './blocks.ts';
import { readJson, type JsonDocument } from './json.ts';
import { makeLayer, type Layer, type Laying } from './layer.ts';
import { ruleNames } from './names.ts';
import type { PolicyProblem } from './problem.ts';
import { notHere, PLUGINS, policyShape, ROOT_KEYS } from './shape.ts';
import { inWords } from './words.ts';

export type Resolution = { readonly ok: ResolvedPolicy } | { readonly problems: readonly PolicyProblem[] };

export interface ResolveInput {
  /** At most one a folder. */
  readonly files: readonly { readonly path: string; readonly text: string }[];
  readonly catalogue: Catalogue;
  /** Presets from the command line: the root's policy goes over them. */
  readonly presets?: readonly string[];
  /** A "rules" object from the command line: it goes over the root's policy. */
  readonly overridesFromCommandLine?: Readonly<Record<string, unknown>>;
  /** The folder of the file that is the root's policy: 'ci/'. Left out, it is '', or a single file's own folder. */
  readonly baseDir?: string;
  /** The layouts that a folder of migrations may name; any, where absent. */
  readonly layouts?: readonly string[];
}

/**
 * Makes one policy of policy files, presets and command line.
 *
 * Settings come in blocks: each preset of "extends", then "rules", then the command line. A later block goes over an
 * earlier one. Within one block a rule's own id goes over its family's wildcard, that over "*", and otherwise the later
 * key over the earlier. A setting without options keeps the options that it finds. A nested policy finds the options of
 * the folders above it, and may only add and tighten: the layers are combined by AND.
 */
export async function resolvePolicy(input: ResolveInput): Promise<Resolution> {
  const z = await import('zod');
  const problems: PolicyProblem[] = [];
  await prepare(input);
  const names = ruleNames(input.catalogue.rules);
  const laying: Laying = { names, reader: blockReader(names, z), presets: input.catalogue.presets, problems };
  const files = await readFiles(input, problems);
  const root = files.find(({ dir }) => dir === '');
  const layers: Layer[] = [];
  for (const file of root ? files : [{ dir: '' }, ...files]) {
    checkShape(file, input, z, problems);
    layers.push(
      await makeLayer(
        file,
        layers.filter(({ dir }) => file.dir.startsWith(dir)),
        input,
        laying,
      ),
    );
  }
  const whole = wholeOf(root, laying, z);
  if (!whole || problems.length) return { problems: inOrder(problems) };
  const content = { ...whole.said, layers: layers.map(({ resolved }) => resolved) };
  const paths = files.map(({ path }) => path).sort();
  return { ok: { digest: digestOf(content), files: paths, ...content, places: whole.places } };
}

/** Where a rule needs something to check its options by, and a file names it. */
async function prepare({ catalogue, files, overridesFromCommandLine = {} }: ResolveInput): Promise<void> {
  for (const rule of catalogue.rules) {
    const named = () =>
      files.some(({ text }) => text.includes(rule.id)) || Object.hasOwn(overridesFromCommandLine, rule.id);
    if (rule.prepare && named()) await rule.prepare();
  }
}

interface PolicyFile {
  readonly path: string;
  /** '' for the root, else 'packages/a/'. */
  readonly dir: string;
  readonly document: JsonDocument;
}

/** Sorted by folder, so that parents come before their children. */
async function readFiles({ files, baseDir }: ResolveInput, problems: PolicyProblem[]): Promise<PolicyFile[]> {
  const folderOf = (path: string) => path.slice(0, path.lastIndexOf('/') + 1);
  const base = baseDir ?? (files.length === 1 ? folderOf(files[0]!.path) : '');
  const byDir = new Map<string, PolicyFile>();
  for (const { path, text } of [...files].sort((a, b) => (a.path < b.path ? -1 : 1))) {
    const document = await readJson(path, text, /(^|\/)package\.json$/.test(path) ? 'repolicy' : undefined);
    if (!document) continue;
    if ('problems' in document) {
      problems.push(...document.problems);
      continue;
    }
    const dir = folderOf(path) === base ? '' : folderOf(path);
    const other = byDir.get(dir);
    if (other)
      problems.push(
        document.problem({
          path: [],
          message: `${quoted(other.path)} is a policy for this folder too: keep one of them.`,
        }),
      );
    else byDir.set(dir, { path, dir, document });
  }
  return [...byDir.values()].sort((a, b) => (a.dir < b.dir ? -1 : 1));
}

function checkShape(
  { dir, document }: Partial<PolicyFile>,
  { layouts }: ResolveInput,
  z: Zod,
  problems: PolicyProblem[],
): void {
  if (!document) return;
  const shape = policyShape(z, layouts);
  const result = shape.safeParse(document.value, { jitless: true });
  for (const issue of result.success ? [] : inWords(result.error.issues, document.value, shape)) {
    const plugins = issue.path.length === 0 && issue.key === 'plugins';
    problems.push(document.problem(plugins ? { ...issue, message: PLUGINS } : issue));
  }
  for (const key of dir !== '' && isObject(document.value) ? ROOT_KEYS : []) {
    if (Object.hasOwn(document.value as object, key))
      problems.push(document.problem({ path: [], key, message: notHere(key) }));
  }
}

/** What the root's policy says about the repository as a whole; undefined where the file's shape does not allow to read it. */
function wholeOf(file: PolicyFile | undefined, { names, problems }: Laying, z: Zod) {
  if (!file) return { said: { judge: 'head' as const, declared: NOTHING_DECLARED, expiryFor: [] }, places: {} };
  const parsed = policyShape(z).safeParse(file.document.value, { jitless: true });
  if (!parsed.success) return undefined;
  const { base, judge = 'head', migrations, identities = {}, allows } = parsed.data;
  const expiryFor = (allows?.expiryFor ?? []).flatMap((name, i) => {
    const rules = names.find(name);
    if (typeof rules !== 'string') return rules;
    problems.push(file.document.problem({ path: ['allows', 'expiryFor', i], message: rules }));
    return [];
  });
  const folders = migrations?.map((folder) => ({ ...folder, dir: folder.dir.replace(/\/$/, '') }));
  const declared = plain({ identities, migrations: folders }) as Declared;
  const said = { ...(base !== undefined && { base }), judge, declared, expiryFor: [...new Set(expiryFor)].sort() };
  return { said, places: placesOf(file, Object.keys(identities)) };
}

function placesOf({ document }: PolicyFile, identities: readonly string[]): Record<string, Origin> {
  const places = [...ROOT_KEYS.map((key) => [key]), ...identities.map((name) => ['identities', name])]
    .filter((at) => document.has(at))
    .map((at) => [at.join('/'), document.origin(at)] as const);
  return Object.fromEntries(places);
}

/** Plain JSON: a key without a value is no key. */
const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

const inOrder = (problems: readonly PolicyProblem[]): PolicyProblem[] =>
  [...problems].sort((a, b) =>
    a.path === b.path ? (a.range?.[0] ?? 0) - (b.range?.[0] ?? 0) : a.path < b.path ? -1 : 1,
  );

/** Of what a policy says, not of where or in which order of keys it says so. */
function digestOf(content: Omit<ResolvedPolicy, 'digest' | 'files' | 'places'>): string {
  const bare = (rules: PolicyLayer['rules']) =>
    Object.entries(rules).map(([rule, { severity, options }]) => [rule, severity, options]);
  const layers = content.layers.map(({ dir, rules, overrides, allow }) => ({
    dir,
    rules: bare(rules),
    overrides: overrides.map((override) => [override.files, bare(override.rules)]),
    allow: allow.map(({ origin: _, ...said }) => said),
  }));
  return createHash('sha256')
    .update(canonical({ ...content, layers }))
    .digest('hex')
    .slice(0, 32);
}
