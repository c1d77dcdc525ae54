import { canonical } from '../../core/canonical.ts';
import { matcher } from '../../core/globs.ts';
import type { Severity } from '../../core/finding.ts';
import type { PolicyLayer, ResolvedPolicy, RuleSetting } from '../../core/policy.ts';
import { rank } from './blocks.ts';
import { onTop } from './setting.ts';

/** A setting that holds for a path, and the layer that it comes from. */
export interface SettingInForce extends RuleSetting {
  /** '' for the root's policy, else 'packages/a/'. */
  readonly layer: string;
}

/** A rule with one set of options, wherever the policy gives it those. The engine asks a rule once for each variant. */
export interface Variant {
  readonly options: unknown;
  /** The strictest severity that a layer gives it there; 'off' where other options, or none, are in force. */
  severityAt(path: string | undefined): Promise<Severity | 'off'>;
}

/**
 * What holds for a rule at a path, or, without a path, for the change as a whole: in each layer the base, then the last
 * override that matches the path and names the rule. Layers stand beside each other: the root's first, then those of the
 * folders around the path. A layer that does not name the rule says nothing.
 */
export async function settingFor(
  policy: ResolvedPolicy,
  rule: string,
  path: string | undefined,
): Promise<readonly SettingInForce[]> {
  return settingsOf(policy, rule, await matchesOf(policy, rule, path));
}

/** Every set of options with which a rule is on somewhere. None: the rule is not asked. */
export function variants(policy: ResolvedPolicy, rule: string): readonly Variant[] {
  const options = new Map<string, unknown>();
  for (const { rules, overrides } of policy.layers) {
    if (!Object.hasOwn(rules, rule)) continue;
    const over = overrides.flatMap((override) => (Object.hasOwn(override.rules, rule) ? [override.rules[rule]!] : []));
    const settings = [rules[rule]!, ...over];
    if (settings.every(({ severity }) => severity === 'off')) continue;
    for (const setting of settings) {
      if (setting.options !== undefined) options.set(canonical(setting.options), setting.options);
    }
  }
  // Most paths meet the same overrides: what follows from those is worked out once.
  const known = new Map<string, ReadonlyMap<string, Severity>>();
  const severitiesAt = async (path: string | undefined) => {
    const matches = await matchesOf(policy, rule, path);
    const key = matches.map((match) => match?.join() ?? '-').join('|');
    const severities = known.get(key) ?? severitiesOf(settingsOf(policy, rule, matches));
    known.set(key, severities);
    return severities;
  };
  return [...options].map(([key, value]) => ({
    options: value,
    severityAt: async (path) => (await severitiesAt(path)).get(key) ?? 'off',
  }));
}

/** By the text of the options. */
function severitiesOf(settings: readonly SettingInForce[]): ReadonlyMap<string, Severity> {
  const found = new Map<string, Severity>();
  for (const { severity, options } of settings) {
    const key = canonical(options);
    if (severity !== 'off' && rank(severity) > rank(found.get(key) ?? 'off')) found.set(key, severity);
  }
  return found;
}

/** For each layer: which of its overrides match the path, first to last; undefined where the layer has no say. */
type Matches = readonly (readonly number[] | undefined)[];

const NONE: readonly number[] = [];

async function matchesOf({ layers }: ResolvedPolicy, rule: string, path: string | undefined): Promise<Matches> {
  const matches: (readonly number[] | undefined)[] = [];
  for (const layer of layers) {
    if (!Object.hasOwn(layer.rules, rule) || !(path ?? '').startsWith(layer.dir)) matches.push(undefined);
    else if (path === undefined || layer.overrides.length === 0) matches.push(NONE);
    else matches.push(await overridesAt(layer, path));
  }
  return matches;
}

function settingsOf({ layers }: ResolvedPolicy, rule: string, matches: Matches): SettingInForce[] {
  return matches.flatMap((match, i) => {
    if (!match) return [];
    const { dir, rules, overrides } = layers[i]!;
    let setting: RuleSetting = rules[rule]!;
    for (const index of match) {
      const over = overrides[index]!.rules;
      if (Object.hasOwn(over, rule)) setting = onTop(setting, over[rule]!);
    }
    return [{ ...setting, layer: dir }];
  });
}

// A policy is asked about each finding's path, by each rule: globs are compiled once, and a path is matched once.
const compiled = new WeakMap<PolicyLayer, Promise<(path: string) => readonly number[]>>();

/** Indexes of the overrides that match, first to last. */
async function overridesAt(layer: PolicyLayer, path: string): Promise<readonly number[]> {
  const match = compiled.get(layer) ?? compile(layer);
  compiled.set(layer, match);
  return (await match)(path);
}

async function compile({ overrides }: PolicyLayer): Promise<(path: string) => readonly number[]> {
  const tests = await Promise.all(overrides.map(({ files }) => matcher(files)));
  const known = new Map<string, readonly number[]>();
  return (path) => {
    const indexes = known.get(path) ?? tests.flatMap((test, i) => (test(path) ? [i] : []));
    known.set(path, indexes);
    return indexes;
  };
}
