import type * as zod from 'zod';
import type { ChangeSet, Commit, Person, PullRequest } from './change.ts';
import type { Subjects } from './fact.ts';
import type { Draft, Severity } from './finding.ts';
import type { Notice } from './notice.ts';
import type { Declared } from './policy.ts';

/** Path to text. */
export type Files = Readonly<Record<string, string>>;

/** zod is handed to a rule when its options are read, and only then: it costs a hook more than Git does. */
export type Zod = typeof zod;

/** A tiny repository. In a bad one, «guillemets» stand around what must be found: a stretch of text, a path, or (path "«»") the change. */
export interface Example {
  readonly title?: string;
  readonly base?: Files;
  readonly head: Files;
  /** Git's modes of paths of `head` that are no plain files: '100755', '120000' (the text is the link's target), '160000' (a commit's id). */
  readonly modes?: Readonly<Record<string, string>>;
  /** In a bad one: paths that `head` lacks, and that must be found. */
  readonly gone?: readonly string[];
  /** As the policy file would have them. */
  readonly options?: unknown;
  readonly declared?: Partial<Declared>;
  /** Other rules that are on beside this one, where the example needs them. */
  readonly rules?: Readonly<Record<string, unknown>>;
  readonly commits?: readonly Partial<Commit>[];
  /** Who made the files what they are, newest first, where the example has no commits of its own. */
  readonly history?: readonly Partial<Commit>[];
  /** Variables of the environment of whoever is making the change. */
  readonly variables?: Readonly<Record<string, string>>;
  readonly identity?: Person;
  readonly message?: string;
  readonly branch?: string;
  readonly tag?: string;
  /** Other branches that have been fetched, by name. Work is merged into the one called "main". */
  readonly branches?: Readonly<Record<string, Files>>;
  readonly pullRequest?: PullRequest;
  readonly now?: string;
  /** The files of `head` once every fix is applied; must be given when the rule offers one. */
  readonly fixed?: Files;
}

export interface RuleContext<O> extends ChangeSet {
  readonly options: O;
}

/** S: what it judges, one at a time. O: its options, as its own schema parses them (plain JSON). */
export interface Rule<S, O> {
  /** family/noun-phrase: reads well after "allow", as in "allow sql/drop-column". */
  readonly id: `${string}/${string}`;
  /** In the imperative, without a full stop: "Do not drop a column that running code may still read". */
  readonly title: string;
  /** What goes wrong for people or production when it is let through. */
  readonly why: string;
  readonly instead: string;
  readonly severity: Severity;
  /** Where the claim comes from: a page of PostgreSQL's manual, a provider's documentation, another tool's rule. */
  readonly sources?: readonly string[];
  /** What it tells apart by name, for its page: the heads of the columns, and their rows. */
  readonly table?: { readonly columns: readonly string[]; readonly rows: readonly (readonly string[])[] };
  readonly options: (z: Zod) => zod.ZodType<O>;
  /** Loads what its options need to be checked. Awaited where a policy names the rule. */
  readonly prepare?: () => Promise<void>;
  readonly over: Subjects<S>;
  /** 'lines' (the default): in a modified file only added and changed lines count. 'file': a touched file counts whole. */
  readonly counts?: 'lines' | 'file';
  /** In an audit, what it finds in a migration that has already run is counted and not reported: no edit can mend it. */
  readonly untilApplied?: true;
  /** Each commit that is pushed or merged counts by itself: what one adds and the next takes away has left the machine. */
  readonly eachCommit?: true;
  /** It is about what people write: in files that .gitattributes calls generated, its findings are let through. */
  readonly handwritten?: true;
  /** Its setting is read from base's policy: no change may lower its own judge. */
  readonly judgedBy?: 'base';
  readonly examples: { readonly bad: readonly Example[]; readonly good: readonly Example[] };
  check(subject: S, context: RuleContext<O>): Iterable<Draft | Notice> | AsyncIterable<Draft | Notice>;
}

/** A rule whose types the engine need not know. */
// S and O meet only inside one rule.
export type AnyRule = Rule<any, any>;

/** Says nothing at run time; lets S and O be inferred from `over` and `options`. */
export const defineRule = <S, O>(rule: Rule<S, O>): Rule<S, O> => rule;

/** Every rule there is, and the named sets of settings that policies extend. */
export interface Catalogue {
  readonly rules: readonly AnyRule[];
  readonly presets: Readonly<Record<string, Preset>>;
}

/** Rule id or wildcard to setting, as a policy file writes it. */
export interface Preset {
  readonly about: string;
  readonly rules: Readonly<Record<string, unknown>>;
}
