import type { Range, Severity } from './finding.ts';

/** A folder of migrations, as the policy declares it. */
export interface MigrationFolder {
  /** A layout's name: "supabase", "prisma", "plain" ... */
  readonly layout: string;
  readonly dir: string;
  /** PostgreSQL's major version. */
  readonly postgres?: number;
  /** The version up to which every migration has already run in production. */
  readonly applied?: string;
}

/** Somebody who may own paths: a person, a role, an agent. */
export interface DeclaredIdentity {
  readonly emails: readonly string[];
  /** Path globs. */
  readonly owns: readonly string[];
  /** The names by which CODEOWNERS calls them: "@ines", "@moorings/data". */
  readonly handles?: readonly string[];
  /** Public keys, as "ssh-ed25519 AAAA...": the commits that they signed are certainly theirs. */
  readonly keys?: readonly string[];
}

/** What the policy says about the repository, as opposed to about the rules. */
export interface Declared {
  readonly identities: Readonly<Record<string, DeclaredIdentity>>;
  /** Undefined where the policy is silent: the folders are then found by their shape. */
  readonly migrations?: readonly MigrationFolder[];
}

export const NOTHING_DECLARED: Declared = { identities: {} };

/** Where a value of the policy was written. */
export interface Origin {
  /** The policy file's path, or "preset <name>", or "default", or "command line". */
  readonly from: string;
  /** Present where `from` is a file. */
  readonly range?: Range;
  readonly line?: number;
}

/** A rule as the policy sets it. `options` are parsed: defaults are filled in, and they are plain JSON. */
export interface RuleSetting {
  readonly severity: Severity | 'off';
  readonly options: unknown;
  readonly origin: Origin;
  /** Where the options were written, where that is elsewhere. */
  readonly optionsOrigin?: Origin;
}

export interface PolicyAllow {
  readonly rules: readonly string[];
  /** Path globs; empty for every path. */
  readonly files: readonly string[];
  readonly about?: string;
  readonly reason: string;
  readonly until?: string;
  readonly origin: Origin;
}

/** One policy file with all that it extends. A nested one holds below its folder, beside its parents, never instead of them. */
export interface PolicyLayer {
  /** '' for the root, else 'packages/a/'. */
  readonly dir: string;
  readonly rules: Readonly<Record<string, RuleSetting>>;
  /** The last one that matches a path wins. */
  readonly overrides: readonly {
    readonly files: readonly string[];
    readonly rules: Readonly<Record<string, RuleSetting>>;
  }[];
  readonly allow: readonly PolicyAllow[];
}

/** A policy, resolved: presets, wildcards and options are worked in. Plain JSON, so that it can be kept. */
export interface ResolvedPolicy {
  /** Hex; changes when anything in it changes. */
  readonly digest: string;
  /** The policy files it came from. */
  readonly files: readonly string[];
  /** The revision that a change is held against, where the policy names one. */
  readonly base?: string;
  /** Whose policy judges the change: head's (the default), or base's. */
  readonly judge: 'head' | 'base';
  readonly declared: Declared;
  readonly layers: readonly PolicyLayer[];
  /** Rules whose allows must carry a date. */
  readonly expiryFor: readonly string[];
  /** Where it says what is no rule: 'judge', 'base', 'migrations', 'identities', 'identities/<name>', 'allows'. */
  readonly places: Readonly<Record<string, Origin>>;
}
