import { canonical } from '../core/canonical.ts';
import type { ChangeSet } from '../core/change.ts';
import type { Subjects } from '../core/fact.ts';
import type { Location } from '../core/finding.ts';
import { quoted } from '../core/globs.ts';
import { isNotice, type Notice } from '../core/notice.ts';
import type {
  DeclaredIdentity,
  Origin,
  PolicyAllow,
  PolicyLayer,
  ResolvedPolicy,
  RuleSetting,
} from '../core/policy.ts';
import { addedAllows, addedAttributes, grownBaseline } from './added-allows.ts';
import { changedOptions, equal, named, without } from './option-changes.ts';
import { identitiesOf } from './identities.ts';
import { touches } from './owners.ts';

/** One thing that a change of the policy lets through, or may let through, and that was not let through before. */
export interface Loosening {
  /** A sentence: "Lowers sql/drop-table from error to warning." */
  readonly message: string;
  readonly about: string;
  /** In head's policy; its file as a whole where it says nothing about the matter any more. */
  readonly at: Location;
}

/** What the change loosens in the policy. It is held against base's policy: without one there is nothing to loosen. */
export const loosenings: Subjects<Loosening> = async function* (change: ChangeSet) {
  const { base, head } = change.policies ?? {};
  if (!base || !head) return;
  if (base.digest !== head.digest) yield* compare(base, head);
  yield* addedAllows(change);
  yield* addedAttributes(change);
  yield* grownBaseline(change);
};

/** Whether, by base's policy, everybody who touched the policy is one of these; a notice where that is not known. */
export async function byOwners(change: ChangeSet, owners: readonly string[]): Promise<boolean | Notice> {
  const { base, head } = change.policies ?? {};
  if (owners.length === 0 || !base) return false;
  const files = new Set([...base.files, ...(head?.files ?? [])]);
  let touched = false;
  for await (const touch of touches(change, (path) => files.has(path))) {
    if (isNotice(touch)) return touch;
    if (!identitiesOf(base.declared, touch.author).some((name) => owners.includes(name))) return false;
    touched = true;
  }
  return touched;
}

function* compare(base: ResolvedPolicy, head: ResolvedPolicy): Iterable<Loosening> {
  for (const before of base.layers) {
    const [was, file] = [fileOf(base, before.dir), fileOf(head, before.dir)];
    const after = head.layers.find(({ dir }) => dir === before.dir);
    if (!after || (was !== undefined && file === undefined)) {
      const place = before.dir ? ` of ${quoted(before.dir)}` : '';
      yield {
        message: `Takes away the policy${place}.`,
        about: `policy${place}`,
        at: was === undefined ? {} : { path: was },
      };
      continue;
    }
    const at = (origin?: Origin): Location => {
      if (origin?.range) return { path: origin.from, range: origin.range };
      return file === undefined ? {} : { path: file };
    };
    const within = before.dir && ` in ${quoted(before.dir)}`;
    for (const one of together(
      [...comparedSettings(before, after, at), ...comparedOverrides(before, after, at)],
      within,
    )) {
      // What a nested policy finds in the folders above was loosened there, and is told of there.
      if (before.dir === '' || one.at.path === file) yield one;
    }
    yield* newAllows(before, after, at);
    if (before.dir === '') yield* comparedDeclarations(base, head, at);
  }
}

/** The root's policy may be a file from elsewhere: it is the one that is no nested layer's. */
function fileOf({ files, layers }: ResolvedPolicy, dir: string): string | undefined {
  const folderOf = (file: string) => file.slice(0, file.lastIndexOf('/') + 1);
  if (dir) return files.find((file) => folderOf(file) === dir);
  return files.find((file) => !layers.some((layer) => layer.dir && layer.dir === folderOf(file)));
}

type Place = (origin?: Origin) => Location;

/** A loosening of one rule. One key of the policy may loosen many rules, and is told of once. */
interface Of {
  readonly rule: string;
  readonly at: Location;
  readonly about: string;
  /** The sentence without its full stop; `rules` names the rules. */
  readonly say: (rules: string) => string;
}

function* together(all: Iterable<Of>, within: string): Iterable<Loosening> {
  const groups = new Map<string, Of[]>();
  for (const one of all) {
    const key = canonical([one.at, one.say('')]);
    groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  for (const group of groups.values()) {
    const rules = named(
      group.map(({ rule }) => rule),
      String,
    );
    const [{ at, about, say }] = group as [Of];
    yield { message: `${say(rules)}${within}.`, about: `${about} of ${rules}${within}`, at };
  }
}

const RANK = { off: 0, info: 1, warning: 2, error: 3 } as const;
const isSecret = (rule: string) => rule.startsWith('secrets/');
const lookUp = (rules: PolicyLayer['rules'], rule: string): RuleSetting | undefined =>
  Object.hasOwn(rules, rule) ? rules[rule] : undefined;

/** Without overrides. */
function* comparedSettings(before: PolicyLayer, after: PolicyLayer, at: Place): Iterable<Of> {
  for (const [rule, was] of Object.entries(before.rules)) {
    const now = lookUp(after.rules, rule);
    const severity = now?.severity ?? 'off';
    if (RANK[severity] < RANK[was.severity]) {
      const say = (rules: string) => changeOf(rules, was.severity, severity);
      yield { rule, at: at(now?.origin), about: 'severity', say };
    }
    if (severity === 'off' || was.severity === 'off') continue;
    for (const { option, sentence } of changedOptions(rule, was.options, now!.options, isSecret(rule))) {
      yield { rule, at: at(placeOfOptions(now!)), about: option, say: () => sentence };
    }
  }
}

const changeOf = (rules: string, from: string, to: string) => `Lowers ${rules} from ${from} to ${to}`;

/** The engine keeps this beside each setting. */
const placeOfOptions = (setting: RuleSetting): Origin =>
  (setting as RuleSetting & { readonly optionsOrigin?: Origin }).optionsOrigin ?? setting.origin;

interface Override {
  readonly rule: string;
  readonly files: readonly string[];
  readonly setting: RuleSetting;
}

const overridesOf = ({ overrides }: PolicyLayer): Override[] =>
  overrides.flatMap(({ files, rules }) => Object.entries(rules).map(([rule, setting]) => ({ rule, files, setting })));

function* comparedOverrides(before: PolicyLayer, after: PolicyLayer, at: Place): Iterable<Of> {
  const [were, are] = [overridesOf(before), overridesOf(after)];
  const severityIn = (layer: PolicyLayer, rule: string) => lookUp(layer.rules, rule)?.severity ?? 'off';
  const sameRule = (one: Override, other: Override) => one.rule === other.rule;
  const sameOptions = (one: Override, other: Override) => equal(one.setting.options, other.setting.options);
  const stricter = (one: Override, other: Override) => RANK[one.setting.severity] >= RANK[other.setting.severity];

  for (const now of are) {
    const { rule, files, setting } = now;
    const was = were.filter((one) => sameRule(one, now));
    const asked = severityIn(before, rule);
    if (asked === 'off' && was.every((one) => one.setting.severity === 'off')) continue;
    if (was.some((one) => covers(one.files, files) && stricter(now, one) && sameOptions(one, now))) continue;
    const paths = named(files);
    const usual = [asked, severityIn(after, rule)].reduce((a, b) => (RANK[a] < RANK[b] ? a : b));
    if (RANK[setting.severity] < RANK[usual]) {
      yield {
        rule,
        at: at(setting.origin),
        about: `override for ${paths}`,
        say: (rules) => `${changeOf(rules, usual, setting.severity)} for ${paths}`,
      };
    } else if (setting.options !== undefined && !equal(setting.options, lookUp(before.rules, rule)?.options)) {
      const say = (rules: string) => `Gives ${rules} other options for ${paths}, which may let more through`;
      yield { rule, at: at(placeOfOptions(setting)), about: `override for ${paths}`, say };
    }
  }
  for (const was of were) {
    const { rule, files, setting } = was;
    if (setting.severity === 'off') continue;
    const kept = are.filter((one) => sameRule(one, was) && covers(one.files, files));
    const severity = severityIn(after, rule);
    const paths = named(files);
    if (RANK[setting.severity] > RANK[severity] && !kept.some((one) => stricter(one, was))) {
      const say = (rules: string) => `No longer sets ${rules} to ${setting.severity} for ${paths}`;
      yield { rule, at: at(kept[0]?.setting.origin), about: `former override for ${paths}`, say };
    } else if (setting.options !== undefined && severity !== 'off' && !kept.some((one) => sameOptions(one, was))) {
      const say = (rules: string) =>
        `No longer gives ${rules} its own options for ${paths}, which may let more through`;
      yield { rule, at: at(kept[0]?.setting.origin), about: `former override for ${paths}`, say };
    }
  }
  for (const rule of new Set(were.map((one) => one.rule))) {
    const key = ({ files, setting }: Override) => canonical([files, setting.severity, setting.options]);
    const [old, now] = [were, are].map((all) => all.filter((one) => one.rule === rule).map(key)) as [
      string[],
      string[],
    ];
    const common = (list: string[], other: string[]) => list.filter((one) => other.includes(one));
    if (equal(common(old, now), common(now, old))) continue;
    yield {
      rule,
      at: at(),
      about: 'order of overrides',
      say: (rules) => `Changes the order of the overrides of ${rules}, which may let more through`,
    };
  }
}

/** Whether every path that `globs` matches is certainly one that `wider` matches: the same globs, or fewer of them. */
const covers = (wider: readonly string[], globs: readonly string[]): boolean =>
  equal(wider, globs) ||
  (![...wider, ...globs].some((glob) => glob.startsWith('!')) && without(globs, wider).length === 0);

function* newAllows(before: PolicyLayer, after: PolicyLayer, at: Place): Iterable<Loosening> {
  for (const entry of after.allow) {
    if (before.allow.some((other) => allowsAsMuch(other, entry))) continue;
    const { rules, files, about, until, origin } = entry;
    const what = named(rules, String);
    const where =
      (about === undefined ? '' : ` about ${quoted(about)}`) + (files.length ? ` in ${named(files)}` : ' everywhere');
    yield {
      message: `Allows ${what}${where}${until ? ` until ${until}` : ''}.`,
      about: `allow of ${what}${where}`,
      at: at(origin),
    };
  }
}

const allowsAsMuch = (other: PolicyAllow, entry: PolicyAllow): boolean =>
  entry.rules.every((rule) =>
    other.rules.some((name) => name === rule || (name.endsWith('*') && rule.startsWith(name.slice(0, -1)))),
  ) &&
  (other.files.length === 0 || (entry.files.length > 0 && covers(other.files, entry.files))) &&
  (other.about === undefined || other.about === entry.about) &&
  (other.until === undefined || (entry.until !== undefined && entry.until <= other.until));

function* comparedDeclarations(base: ResolvedPolicy, head: ResolvedPolicy, at: Place): Iterable<Loosening> {
  const here = (key: string): Location => at(Object.hasOwn(head.places, key) ? head.places[key] : undefined);
  if (base.judge === 'base' && head.judge === 'head') {
    yield {
      message: 'Lets a change be judged by the policy that it brings itself.',
      about: 'judge',
      at: here('judge'),
    };
  }
  if (base.base !== head.base) {
    const [was, now] = [base.base, head.base].map((one) =>
      one === undefined ? 'no revision of its own' : quoted(one),
    );
    yield { message: `Holds changes against ${now} instead of ${was}.`, about: 'base', at: here('base') };
  }
  const dateless = without(base.expiryFor, head.expiryFor);
  if (dateless.length) {
    const what = named(dateless, String);
    yield {
      message: `No longer asks for a date on every allow of ${what}.`,
      about: `expiry for ${what}`,
      at: here('allows'),
    };
  }
  yield* comparedIdentities(base, head, here);
  yield* comparedMigrations(base, head, here('migrations'));
}

function* comparedIdentities(
  base: ResolvedPolicy,
  head: ResolvedPolicy,
  here: (key: string) => Location,
): Iterable<Loosening> {
  const old: Known = new Map(Object.entries(base.declared.identities));
  const now: Known = new Map(Object.entries(head.declared.identities));
  const NOBODY: DeclaredIdentity = { emails: [], owns: [] };
  for (const name of new Set([...old.keys(), ...now.keys()])) {
    const [was, is] = [old.get(name) ?? NOBODY, now.get(name) ?? NOBODY];
    const at = here(now.has(name) ? `identities/${name}` : 'identities');
    const of = (one: DeclaredIdentity) => [...one.emails, ...one.owns, ...(one.handles ?? []), ...(one.keys ?? [])];
    const gained = without(of(is), of(was));
    if (gained.length)
      yield { message: `Gives identity ${quoted(name)} ${named(gained)}.`, about: `identity ${name}`, at };
    const free = without(was.owns, is.owns);
    if (free.length)
      yield { message: `Takes ${named(free)} from identity ${quoted(name)}.`, about: `identity ${name}: owns`, at };
  }
}

type Known = ReadonlyMap<string, DeclaredIdentity>;

function* comparedMigrations(
  { declared: { migrations: were } }: ResolvedPolicy,
  { declared: { migrations: are } }: ResolvedPolicy,
  at: Location,
): Iterable<Loosening> {
  if (equal(were, are)) return;
  if (!were || !are) {
    const now = are ? `only in ${named(are.map(({ dir }) => dir))}` : 'by the shape of folders';
    yield { message: `Looks for migrations ${now}, which may let some through.`, about: 'migrations', at };
    return;
  }
  for (const was of were) {
    const now = are.find(({ dir }) => dir === was.dir);
    if (!now)
      yield {
        message: `No longer declares the migrations in ${quoted(was.dir)}.`,
        about: `migrations in ${was.dir}`,
        at,
      };
    for (const key of now ? (['layout', 'postgres', 'applied'] as const) : []) {
      if (now![key] === was[key]) continue;
      const [from, to] = [was[key] ?? 'nothing', now![key] ?? 'nothing'].map(String).map(quoted);
      yield {
        message: `Changes "${key}" of the migrations in ${quoted(was.dir)} from ${from} to ${to}.`,
        about: `${key} of ${was.dir}`,
        at,
      };
    }
  }
}
