import { matcher } from '../../core/globs.ts';
import type { Severity } from '../../core/finding.ts';
import type { Origin, PolicyAllow, ResolvedPolicy } from '../../core/policy.ts';
import { settingFor } from './settings.ts';

/** What the policy says about one path, and where it says so. Plain JSON. */
export interface PathPolicy {
  readonly path: string;
  /** Sorted by rule, the root's layer before nested ones; rules that no layer names are absent. */
  readonly rules: readonly ExplainedRule[];
  /** Identities that own the path. */
  readonly owners: readonly {
    readonly identity: string;
    readonly globs: readonly string[];
    readonly origin?: Origin;
  }[];
  readonly allow: readonly PolicyAllow[];
  /** Policy files that have a say here. */
  readonly files: readonly string[];
}

export interface ExplainedRule {
  readonly rule: string;
  readonly severity: Severity | 'off';
  readonly options: unknown;
  /** Where the severity comes from, and where the options do. */
  readonly origin: Origin;
  readonly optionsOrigin: Origin;
  /** '' for the root's policy, else 'packages/a/'. */
  readonly layer: string;
}

/** "file:line", "preset recommended", "default", "command line". */
export const originText = ({ from, line }: Origin): string => (line === undefined ? from : `${from}:${line}`);

/** The policy that is in force for a path. */
export async function explainPath(policy: ResolvedPolicy, path: string): Promise<PathPolicy> {
  const layers = policy.layers.filter(({ dir }) => path.startsWith(dir));
  const rules: ExplainedRule[] = [];
  for (const rule of [...new Set(layers.flatMap((layer) => Object.keys(layer.rules)))].sort()) {
    for (const { severity, options, origin, optionsOrigin = origin, layer } of await settingFor(policy, rule, path)) {
      rules.push({ rule, severity, options, origin, optionsOrigin, layer });
    }
  }
  const owners: PathPolicy['owners'][number][] = [];
  for (const [identity, { owns }] of Object.entries(policy.declared.identities)) {
    if (!(await matcher(owns))(path)) continue;
    const origin = policy.places[`identities/${identity}`];
    owners.push({ identity, globs: owns, ...(origin && { origin }) });
  }
  const allow: PolicyAllow[] = [];
  for (const entry of layers.flatMap((layer) => layer.allow)) {
    if (entry.files.length === 0 || (await matcher(entry.files))(path)) allow.push(entry);
  }
  const files = policy.files.filter((file) =>
    layers.some(({ dir }) => dir === file.slice(0, file.lastIndexOf('/') + 1)),
  );
  return { path, rules, owners, allow, files };
}
