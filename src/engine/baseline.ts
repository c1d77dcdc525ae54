import type { Finding } from '../core/finding.ts';

/** Old findings that a team has accepted for the time being: by content, counted, and never by line. */
export interface Baseline {
  readonly version: 1;
  /** Sorted by path, then rule. */
  readonly findings: readonly Accepted[];
}

interface Accepted {
  readonly rule: string;
  readonly path?: string;
  readonly fingerprint: string;
  readonly count: number;
}

export const BASELINE_FILE = 'repolicy-baseline.json';

/** @throws Error in plain words where the text is not a baseline. */
export function readBaseline(text: string): Baseline {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new Error(`is not JSON: ${error instanceof SyntaxError ? error.message.slice(0, 120) : 'unreadable'}`);
  }
  const { version, findings } = (value ?? {}) as { version?: unknown; findings?: unknown };
  if (version !== 1 || !Array.isArray(findings) || !findings.every(isAccepted)) {
    throw new Error('is not a baseline of version 1: write it anew with `repolicy baseline`');
  }
  return { version: 1, findings };
}

const isAccepted = (value: unknown): value is Accepted => {
  const { fingerprint, count } = (value ?? {}) as Partial<Accepted>;
  return typeof fingerprint === 'string' && Number.isInteger(count) && count! > 0;
};

/** The first so many of each accepted kind are old; one more is new. */
export function applyBaseline(findings: readonly Finding[], baseline: Baseline): Finding[] {
  const left = new Map<string, number>();
  for (const { fingerprint, count } of baseline.findings) left.set(fingerprint, (left.get(fingerprint) ?? 0) + count);
  return findings.map((finding) => {
    const count = left.get(finding.fingerprint) ?? 0;
    if (finding.status !== 'reported' || finding.failure || count === 0) return finding;
    left.set(finding.fingerprint, count - 1);
    return { ...finding, status: 'baselined' };
  });
}

/** A baseline that accepts what is reported now. With `old`, only what stands in it and still occurs: nothing new is let in. */
export function makeBaseline(findings: readonly Finding[], old?: Baseline): Baseline {
  const counts = new Map<string, Accepted>();
  const limit = new Map(old?.findings.map(({ fingerprint, count }) => [fingerprint, count]));
  for (const { status, failure, rule, at, fingerprint } of findings) {
    if (status === 'allowed' || failure) continue;
    const count = (counts.get(fingerprint)?.count ?? 0) + 1;
    if (old && count > (limit.get(fingerprint) ?? 0)) continue;
    counts.set(fingerprint, { rule, ...(at.path !== undefined && { path: at.path }), fingerprint, count });
  }
  const key = ({ path = '', rule, fingerprint }: Accepted) => [path, rule, fingerprint].join('\0');
  return { version: 1, findings: [...counts.values()].sort((a, b) => (key(a) < key(b) ? -1 : 1)) };
}
