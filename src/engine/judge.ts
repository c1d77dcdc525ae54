import type { Cache } from '../core/cache.ts';
import type { ChangeSet } from '../core/change.ts';
import type { Finding } from '../core/finding.ts';
import type { Notice } from '../core/notice.ts';
import { allowUses } from '../core/allow.ts';
import type { Declared, ResolvedPolicy } from '../core/policy.ts';
import type { AnyRule, Catalogue } from '../core/rule.ts';
import type { Snapshot } from '../core/snapshot.ts';
import { applyAllows, matchesRule, type Known } from './allow.ts';
import { applyBaseline, type Baseline } from './baseline.ts';
import { inReadingOrder, run, type ActiveRule, type Given, type Outcome } from './run.ts';
import { variants } from './policy/settings.ts';

/** What a run is judged by. */
export interface Terms {
  readonly catalogue: Catalogue;
  /** Head's policy: it judges the change. */
  readonly policy: ResolvedPolicy;
  /** Base's policy, where base has one: it judges the change of the policy. */
  readonly basePolicy?: ResolvedPolicy;
  /** Rule ids or wildcards: only these are asked. */
  readonly only?: readonly string[];
  /** Streams whose subjects somebody has gathered already, on many threads or from a cache: they are not walked. */
  readonly given?: Given;
  /** False: allows are read for nothing. */
  readonly allow?: boolean;
  readonly baseline?: Baseline;
  /** What earlier runs worked out. No verdict depends on it. */
  readonly cache?: Cache;
}

export interface Verdict {
  readonly findings: readonly Finding[];
  readonly notices: readonly Notice[];
  /** How many rules were asked. */
  readonly rules: number;
  /** Which, sorted. */
  readonly asked: readonly string[];
}

/** The whole way from a change set to a verdict. Reads only through the change set's snapshots; writes nothing. */
export async function judge(change: ChangeSet, terms: Terms): Promise<Verdict> {
  const policy = terms.basePolicy?.judge === 'base' ? terms.basePolicy : terms.policy;
  const { basePolicy = undefined } = terms;
  const judged: ChangeSet = {
    ...change,
    base: declaring(change.base, policy.declared, terms.cache),
    head: declaring(change.head, policy.declared, terms.cache),
    policies: { ...(basePolicy && { base: basePolicy }), head: terms.policy },
  };
  const active = await activeRules(terms, policy);
  const [first, last] = [
    active.filter(({ rule }) => rule.over !== allowUses),
    active.filter(({ rule }) => rule.over === allowUses),
  ];

  const outcome = await run(judged, first, terms.given);
  const known = knownRules(terms.catalogue.rules, active);
  const { findings, uses } =
    terms.allow === false
      ? { findings: outcome.findings, uses: [] }
      : await applyAllows(judged, policy, outcome, known);
  const hygiene: Outcome = await run({ ...judged, allows: uses }, last);

  const asked = [...known.asked].sort();
  const all = [...findings, ...hygiene.findings].sort(inReadingOrder);
  return {
    findings: terms.baseline ? applyBaseline(all, terms.baseline) : all,
    notices: [...outcome.notices, ...hygiene.notices],
    rules: asked.length,
    asked,
  };
}

async function activeRules({ catalogue, basePolicy, only }: Terms, policy: ResolvedPolicy): Promise<ActiveRule[]> {
  const active: ActiveRule[] = [];
  for (const rule of catalogue.rules) {
    if (only && !matchesRule(only, rule.id)) continue;
    const source = rule.judgedBy === 'base' ? (basePolicy ?? policy) : policy;
    for (const { options, severityAt } of variants(source, rule.id)) active.push({ rule, options, severityAt });
  }
  return active;
}

function knownRules(rules: readonly AnyRule[], active: readonly ActiveRule[]): Known {
  return {
    rules: new Map(rules.map(({ id, sources = [] }) => [id, sources])),
    asked: new Set(active.map(({ rule }) => rule.id)),
    fixed: new Set(rules.filter(({ judgedBy }) => judgedBy === 'base').map(({ id }) => id)),
    handwritten: new Set(rules.filter(({ handwritten }) => handwritten).map(({ id }) => id)),
  };
}

/** The same tree, with what the policy says of it and what earlier runs knew. */
const declaring = (snapshot: Snapshot, declared: Declared, cache?: Cache): Snapshot => ({
  ...snapshot,
  declared,
  ...(cache && { cache }),
});
