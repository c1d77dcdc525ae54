import { globProblem, matcher, quoted } from '../../core/globs.ts';
import type { Origin, PolicyAllow, PolicyLayer, RuleSetting } from '../../core/policy.ts';
import type { Preset } from '../../core/rule.ts';
import { isObject, rank, type Block, type BlockReader, type Said, type Source } from './blocks.ts';
import type { JsonDocument } from './json.ts';
import { covers, type RuleNames } from './names.ts';
import { nearest } from '../../core/nearest.ts';
import type { JsonPath, PolicyProblem } from './problem.ts';
import { onTop } from './setting.ts';

/** What every layer is made with. */
export interface Laying {
  readonly names: RuleNames;
  readonly reader: BlockReader;
  readonly presets: Readonly<Record<string, Preset>>;
  readonly problems: PolicyProblem[];
}

/** A layer, and how the ones below it look up at it. */
export interface Layer {
  readonly dir: string;
  readonly resolved: PolicyLayer;
  /** What holds for a folder below as such, overrides of the whole folder included. */
  at(rule: string, folder: string): RuleSetting | undefined;
}

interface LayerFile {
  readonly dir: string;
  readonly document?: JsonDocument;
}

interface CommandLine {
  readonly presets?: readonly string[];
  readonly overridesFromCommandLine?: Readonly<Record<string, unknown>>;
}

/** Stands for whatever lies in a folder, at any depth. */
const ANYTHING = '\u0001/\u0001';

export async function makeLayer(
  file: LayerFile,
  above: readonly Layer[],
  given: CommandLine,
  laying: Laying,
): Promise<Layer> {
  const { dir, document } = file;
  const { reader, names, problems } = laying;
  const source = document && fileSource(document, problems);
  const value = isObject(document?.value) ? document.value : {};

  const held = new Map<string, Said>();
  for (const block of blocksOf(file, value, source, given, laying)) {
    for (const [rule, said] of block) {
      const options = said.options ?? held.get(rule)?.options;
      held.set(rule, { ...said, ...(options && { options }) });
    }
  }
  const overrides = source ? readOverrides(value['overrides'], source, reader) : [];
  if (dir !== '') refuseLoosening([held, ...overrides.map(({ block }) => block)], above, dir);

  const rules: [string, RuleSetting][] = [];
  for (const rule of new Set([...held.keys(), ...overrides.flatMap(({ block }) => [...block.keys()])])) {
    const users = [held, ...overrides.map(({ block }) => block)].flatMap((block) => block.get(rule) ?? []);
    rules.push([rule, settingOf(rule, held.get(rule), users, above, dir, reader)]);
  }
  const resolved: PolicyLayer = {
    dir,
    rules: Object.fromEntries(rules.sort(([a], [b]) => (a < b ? -1 : 1))),
    overrides: overrides.map(({ files, block }) => ({ files, rules: withoutDefaults(block) })),
    allow: source ? readAllow(value['allow'], source, names) : [],
  };
  if (source && dir !== '') refuseForeignPaths(value, source, dir);
  if (source && dir !== '') refuseForeignAllows(resolved.allow, source, above);
  const tests = await Promise.all(resolved.overrides.map(({ files }) => matcher(files)));
  const at = (rule: string, folder: string): RuleSetting | undefined =>
    overrides.reduce<RuleSetting | undefined>(
      (setting, { block }, i) => {
        const over = block.has(rule) && tests[i]!(folder + ANYTHING) ? resolved.overrides[i]!.rules[rule] : undefined;
        return over ? onTop(setting, over) : setting;
      },
      held.has(rule) ? resolved.rules[rule] : undefined,
    );
  return { dir, resolved, at };
}

const fileSource = (document: JsonDocument, problems: PolicyProblem[]): Source => ({
  problem: (issue) => problems.push(document.problem(issue)),
  origin: (path) => document.origin(path),
});

/** In the order in which they go over each other: presets, the file's rules, the command line. */
function blocksOf(
  { dir }: LayerFile,
  value: Readonly<Record<string, unknown>>,
  source: Source | undefined,
  given: CommandLine,
  { reader, presets, problems }: Laying,
): Block[] {
  const commandLine: Source = {
    problem: ({ message }) => problems.push({ path: 'command line', message }),
    origin: () => ({ from: 'command line' }),
  };
  const preset = (name: string, by: Source, path: JsonPath): Block[] => {
    if (!Object.hasOwn(presets, name)) {
      const meant = nearest(name, Object.keys(presets));
      const known = Object.keys(presets).map(quoted).join(', ');
      by.problem({
        path,
        message: `There is no preset ${quoted(name)}${meant ? `; did you mean ${quoted(meant)}?` : `: there is ${known}.`}`,
      });
      return [];
    }
    return [
      reader.read(presets[name]!.rules, [], {
        problem: ({ message }) => by.problem({ path, message: `Preset ${quoted(name)}: ${message}` }),
        origin: () => ({ from: `preset ${name}` }),
        whole: true,
      }),
    ];
  };
  const blocks = dir === '' ? (given.presets ?? []).flatMap((name) => preset(name, commandLine, [])) : [];
  if (source) {
    const names = value['extends'];
    if (typeof names === 'string') blocks.push(...preset(names, source, ['extends']));
    for (const [i, name] of Array.isArray(names) ? names.entries() : []) {
      if (typeof name === 'string') blocks.push(...preset(name, source, ['extends', i]));
    }
    blocks.push(reader.read(value['rules'], ['rules'], source));
  }
  if (dir === '') blocks.push(reader.read(given.overridesFromCommandLine, [], commandLine));
  return blocks;
}

function readOverrides(value: unknown, source: Source, reader: BlockReader): { files: string[]; block: Block }[] {
  return objectsIn(value).map(([i, { files, rules }]) => ({
    files: goodGlobs(files),
    block: reader.read(rules, ['overrides', i, 'rules'], source),
  }));
}

/** With their indexes. The shape has complained about all else. */
const objectsIn = (value: unknown): [number, Record<string, unknown>][] =>
  (Array.isArray(value) ? value : []).flatMap((entry: unknown, i) => (isObject(entry) ? [[i, entry]] : []));

/** The shape has complained about the others already. */
const goodGlobs = (value: unknown): string[] =>
  (Array.isArray(value) ? value : []).filter((glob): glob is string => typeof glob === 'string' && !globProblem(glob));

/** A layer's setting of one rule; off, where only overrides name it. `users` are all who say something about it here. */
function settingOf(
  rule: string,
  said: Said | undefined,
  users: readonly Said[],
  above: readonly Layer[],
  dir: string,
  reader: BlockReader,
): RuleSetting {
  const severity = said?.severity ?? 'off';
  const origin: Origin = said?.origin ?? { from: 'default' };
  if (said?.options) return { severity, options: said.options.value, origin, optionsOrigin: said.options.origin };
  const inherited = above.map((layer) => layer.at(rule, dir)).findLast((setting) => setting !== undefined);
  if (inherited) return onTop(inherited, { severity, options: undefined, origin });
  const defaults = reader.defaults(rule);
  if ('value' in defaults) return { severity, options: defaults.value, origin, optionsOrigin: { from: 'default' } };
  const bare = users.find((user) => user.severity !== 'off' && !user.options);
  bare?.source.problem({
    path: bare.path,
    message: `${rule} needs options: ${defaults.issues.map(({ message }) => message).join(' ')}`,
  });
  return { severity, options: {}, origin };
}

/** In an override, no options means: those that hold without it. */
const withoutDefaults = (block: Block): Record<string, RuleSetting> =>
  Object.fromEntries(
    [...block].map(([rule, { severity, options, origin }]) => [
      rule,
      { severity, options: options?.value, origin, ...(options && { optionsOrigin: options.origin }) },
    ]),
  );

function readAllow(value: unknown, source: Source, names: RuleNames): PolicyAllow[] {
  const text = (part: unknown) => (typeof part === 'string' ? part : undefined);
  return objectsIn(value).map(([i, entry]) => {
    const rules = (Array.isArray(entry['rules']) ? entry['rules'] : []).map(String);
    for (const [j, rule] of rules.entries()) {
      const found = names.find(rule);
      if (typeof found === 'string') source.problem({ path: ['allow', i, 'rules', j], message: found });
    }
    const [about, until] = [text(entry['about']), text(entry['until'])];
    return {
      rules,
      files: goodGlobs(entry['files']),
      ...(about !== undefined && { about }),
      reason: text(entry['reason']) ?? '',
      ...(until !== undefined && { until }),
      origin: source.origin(['allow', i]),
    };
  });
}

/** A nested policy adds and tightens. One complaint for each place that does otherwise, however many rules it names. */
function refuseLoosening(blocks: readonly Block[], above: readonly Layer[], dir: string): void {
  const places: { said: Said; rules: string[]; severity: string }[] = [];
  for (const [rule, said] of blocks.flatMap((block) => [...block])) {
    const strictest = above
      .flatMap((layer) => layer.at(rule, dir) ?? [])
      .reduce<RuleSetting['severity']>((most, { severity }) => (rank(severity) > rank(most) ? severity : most), 'off');
    if (rank(said.severity) >= rank(strictest)) continue;
    const samePlace = (other: Said) =>
      other.source === said.source && (said.source.whole || other.path.join('\0') === said.path.join('\0'));
    const place = places.find((one) => samePlace(one.said));
    if (place) place.rules.push(rule);
    else places.push({ said, rules: [rule], severity: strictest });
  }
  for (const { said, rules, severity } of places) {
    const more = rules.length > 1 ? ` (and ${rules.length - 1} more like it)` : '';
    const message = `A nested policy can only add and tighten: ${rules[0]}${more} is "${severity}" in the folders above, not "${said.severity}".`;
    said.source.problem({ path: said.path, message });
  }
}

function refuseForeignAllows(allow: readonly PolicyAllow[], source: Source, above: readonly Layer[]): void {
  const on = (layer: Layer, name: string) =>
    [layer.resolved.rules, ...layer.resolved.overrides.map(({ rules }) => rules)].flatMap((rules) =>
      Object.keys(rules).filter((rule) => rules[rule]!.severity !== 'off' && covers(name, rule)),
    );
  for (const [i, { rules }] of allow.entries()) {
    for (const [j, name] of rules.entries()) {
      const foreign = above.flatMap((layer) => on(layer, name))[0];
      if (!foreign) continue;
      const message = `A nested policy can only add and tighten: ${foreign} is asked by the folders above, and only they can allow a finding of it.`;
      source.problem({ path: ['allow', i, 'rules', j], message });
    }
  }
}

/** Paths are written from the repository's root everywhere, since a rule's options cannot be moved. Here that is easy to forget. */
function refuseForeignPaths(value: Readonly<Record<string, unknown>>, source: Source, dir: string): void {
  for (const key of ['overrides', 'allow']) {
    for (const [i, { files }] of objectsIn(value[key])) {
      for (const [j, glob] of (Array.isArray(files) ? files : []).entries()) {
        if (typeof glob !== 'string' || globProblem(glob)) continue;
        const fixed = /^!?([^*?[\]{}()!@\\]*)/.exec(glob)![1]!;
        if (fixed.startsWith(dir) || dir.startsWith(fixed)) continue;
        const message = `${quoted(glob)} matches nothing in ${quoted(dir)}: paths are written from the repository's root.`;
        source.problem({ path: [key, i, 'files', j], message });
      }
    }
  }
}
