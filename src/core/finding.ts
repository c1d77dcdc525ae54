export type Severity = 'error' | 'warning' | 'info';

/** Half-open, in UTF-16 units of the file's text. */
export type Range = readonly [start: number, end: number];

/** A file, or a stretch of one; with neither path nor commit, the change as a whole. */
export interface Location {
  readonly path?: string;
  readonly range?: Range;
  /** The commit that the finding is about, where it is not about the files of head. */
  readonly commit?: string;
}

export interface Edit {
  readonly path: string;
  readonly range: Range;
  readonly text: string;
}

export interface Fix {
  /** In the imperative, without a full stop: "Add IF NOT EXISTS". */
  readonly title: string;
  readonly edits: readonly Edit[];
}

/** What a rule's check yields: only what it alone can know. The engine adds the rest. */
export interface Draft {
  /** One sentence about this case, in the present tense, naming the thing: "Drops column users.email." */
  readonly message: string;
  readonly at: Location;
  /** What the finding is about, stable under moved lines: "users.email". It feeds the fingerprint. */
  readonly about: string;
  /** The text in the range must never be shown: reports see it masked. */
  readonly secret?: true;
  /** So many units at the beginning of the range are the mark of the secret's kind, the same for everybody: they may be shown. */
  readonly mark?: number;
  /** The most that this case deserves, where it deserves less than the policy's severity. */
  readonly atMost?: Severity;
  /** The whole statement or block around `at.range`: an allow above that counts as well. */
  readonly within?: Range;
  /** In place of the rule's own words, where this case asks for something else: who made the key, and how it is revoked. */
  readonly instead?: string;
  readonly fix?: Fix;
  readonly related?: readonly Location[];
  /** The reason that the change itself gives, where the rule offers that way out: the finding is shown as allowed. */
  readonly excused?: string;
}

export interface Finding extends Draft {
  readonly rule: string;
  readonly severity: Severity;
  /** rule + path + about: the same problem keeps it when lines move. Baselines store nothing else. */
  readonly fingerprint: string;
  readonly status: 'reported' | 'allowed' | 'baselined';
  /** Why it was allowed, in the words of whoever allowed it. */
  readonly reason?: string;
  /** The rule itself failed: nothing can allow that. */
  readonly failure?: true;
}
