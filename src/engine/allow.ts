import { readAllows, type Allow, type AllowUse } from '../core/allow.ts';
import { marksOf } from '../core/attributes.ts';
import type { ChangeSet } from '../core/change.ts';
import type { Finding } from '../core/finding.ts';
import type { ResolvedPolicy } from '../core/policy.ts';
import { matcher } from '../core/globs.ts';
import { coveredLines, startsOn, type Covering } from './markers.ts';
import { ignoredByGitleaks, peerAllows } from './peers.ts';
import type { Outcome } from './run.ts';

export interface Allowed {
  readonly findings: readonly Finding[];
  readonly uses: readonly AllowUse[];
}

/** What the catalogue and this run know of rules. */
export interface Known {
  /** Rule ids of the whole catalogue, each with the rules of other tools that it answers to ("squawk/ban-drop-column"). */
  readonly rules: ReadonlyMap<string, readonly string[]>;
  /** Those that were asked in this run. */
  readonly asked: ReadonlySet<string>;
  /** Rules whose setting comes from base: an allow in the change cannot silence them. */
  readonly fixed: ReadonlySet<string>;
  /** Rules about what people write: what a program wrote is let through. */
  readonly handwritten: ReadonlySet<string>;
}

/** Splits findings into reported and allowed, and says what became of every allow in the files that the change touches. */
export async function applyAllows(
  change: ChangeSet,
  policy: ResolvedPolicy,
  outcome: Outcome,
  known: Known,
): Promise<Allowed> {
  const inline = await inlineAllows(change, outcome, known);
  const covering = [...inline, ...(await policyAllows(policy))];
  const whole = covering.some(({ allow }) => allow.scope === 'policy') && (await isWholeTree(change));
  const today = change.now.toISOString().slice(0, 10);
  const states = covering.map(({ allow, covers }) => {
    const expired = allow.until !== undefined && allow.until < today;
    const undated = allow.until === undefined && allow.scope !== 'peer' && named(allow, policy.expiryFor, known);
    const reasoned = allow.reason !== '' || allow.scope === 'peer';
    return { allow, covers, expired, undated, holds: reasoned && !expired && !undated, used: 0 };
  });

  const letThrough = (finding: Finding): Finding => {
    if (finding.failure || known.fixed.has(finding.rule)) return finding;
    let allowed: Finding | undefined;
    for (const state of states) {
      if (!matchesRule(state.allow.rules, finding.rule) || !state.covers(finding)) continue;
      state.used++;
      if (state.holds) allowed ??= { ...finding, status: 'allowed', reason: state.allow.reason };
    }
    return allowed ?? finding;
  };

  const findings = await Promise.all(outcome.findings.map(letThrough).map((one) => byAttribute(one, change, known)));
  outcome.beyond.forEach(letThrough);
  const uses = states.map(({ allow, used, expired, undated }): AllowUse => ({
    allow,
    used,
    expired,
    undated,
    unknown: allow.rules.filter((id) => !id.includes('*') && !known.rules.has(id)),
    judged:
      allow.scope === 'policy'
        ? whole
        : [...known.rules.keys()].every((id) => !matchesRule(allow.rules, id) || known.asked.has(id)),
  }));
  return { findings, uses: uses.filter(({ allow }) => allow.scope !== 'peer') };
}

/** .gitattributes may take a file out of all judgement, or say that a program wrote it. */
async function byAttribute(finding: Finding, { head }: ChangeSet, { fixed, handwritten }: Known): Promise<Finding> {
  const { path } = finding.at;
  if (path === undefined || finding.status !== 'reported' || finding.failure || fixed.has(finding.rule)) return finding;
  const { off, generated } = await marksOf(head, path);
  if (off) return { ...finding, status: 'allowed', reason: `${off.path}:${off.line} says repolicy=off` };
  if (!generated || !handwritten.has(finding.rule)) return finding;
  return { ...finding, status: 'allowed', reason: `${generated.path}:${generated.line} says that a program wrote it` };
}

async function inlineAllows({ head, changes }: ChangeSet, outcome: Outcome, known: Known): Promise<Covering[]> {
  const found: Covering[] = [];
  const concerned = new Set(outcome.findings.map(({ at }) => at.path));
  const hasSecret = outcome.findings.some(({ secret }) => secret);
  for (const { path, after } of changes) {
    if (after?.kind !== 'file') continue;
    const text = await head.read(path);
    if (text === undefined) continue;
    if (text.includes('repolicy-allow')) {
      for (const allow of readAllows(path, text)) found.push({ allow, covers: covers(allow, text) });
    }
    // Other tools' markers are not asked for their use: they count where there is something to let through.
    if (concerned.has(path)) found.push(...peerAllows(path, text, known.rules));
  }
  const listed = hasSecret ? await head.read('.gitleaksignore') : undefined;
  if (listed !== undefined) for await (const one of ignoredByGitleaks(listed, head.read)) found.push(one);
  return found;
}

function covers(allow: Allow, text: string): Covering['covers'] {
  if (allow.scope === 'file') return ({ at }) => at.path === allow.path;
  const lines = coveredLines(text, allow.range);
  return ({ at, within }) =>
    at.path === allow.path && [at.range, within].some((place) => place && lines.some((line) => startsOn(line, place)));
}

async function policyAllows({ layers }: ResolvedPolicy): Promise<Covering[]> {
  const found: Covering[] = [];
  for (const { dir, allow } of layers) {
    for (const { rules, files, about, reason, until, origin } of allow) {
      const matches = files.length > 0 ? await matcher(files) : () => true;
      found.push({
        allow: {
          rules,
          reason,
          ...(until && { until }),
          path: origin.from,
          range: origin.range ?? [0, 0],
          scope: 'policy',
        },
        covers: ({ at: { path }, about: what }) =>
          (about === undefined || about === what) &&
          (path === undefined ? files.length === 0 && dir === '' : path.startsWith(dir) && matches(path)),
      });
    }
  }
  return found;
}

/** Whether every file of head is under judgement: only then can an entry of the policy be called useless. */
async function isWholeTree({ base, changes }: ChangeSet): Promise<boolean> {
  return changes.every(({ kind }) => kind === 'added') && (await base.paths()).length === 0;
}

const named = ({ rules }: Allow, wanted: readonly string[], known: Known): boolean =>
  wanted.length > 0 && [...known.rules.keys()].some((id) => matchesRule(rules, id) && matchesRule(wanted, id));

/** Rule ids may end in a wildcard: "sql/*", "*". */
export const matchesRule = (patterns: readonly string[], id: string): boolean =>
  patterns.some((pattern) => pattern === id || (pattern.endsWith('*') && id.startsWith(pattern.slice(0, -1))));
