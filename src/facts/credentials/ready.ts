import type { PolicyLayer, ResolvedPolicy, RuleSetting } from '../../core/policy.ts';
import { loadPatterns } from '../patterns.ts';
import { CUSTOM_RULE, toFormat, type CustomFormat } from './custom.ts';
import { formats } from './formats/index.ts';
import { matcher, type Matcher } from './matcher.ts';

let built: Matcher | undefined;
/** The matcher for what providers issue, without what policies declare. Made when it is first asked for. */
export const knownFormats = (): Matcher => (built ??= matcher(formats));

const made = new Map<string, Promise<Matcher>>();

/** The matcher for all known formats and those that a policy declares. Made once for each set of them. */
export function matcherWith(custom: readonly CustomFormat[]): Promise<Matcher> {
  const key = JSON.stringify(custom);
  const ready = made.get(key) ?? make(custom);
  made.set(key, ready);
  return ready;
}

async function make(custom: readonly CustomFormat[]): Promise<Matcher> {
  if (custom.length === 0) return knownFormats();
  await loadPatterns();
  return matcher([...formats, ...custom.map(toFormat)]);
}

/** The formats that a policy declares, wherever in it. */
export function customFormats(policy: ResolvedPolicy | undefined): readonly CustomFormat[] {
  const settings = (policy?.layers ?? []).flatMap(({ rules, overrides }: PolicyLayer): (RuleSetting | undefined)[] => [
    rules[CUSTOM_RULE],
    ...overrides.map((override) => override.rules[CUSTOM_RULE]),
  ]);
  const declared = settings.flatMap((setting) =>
    setting && setting.severity !== 'off' ? ((setting.options as { formats?: CustomFormat[] })?.formats ?? []) : [],
  );
  return [...new Map(declared.map((format) => [JSON.stringify(format), format])).values()];
}
