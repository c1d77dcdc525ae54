import type { Severity } from '../../core/finding.ts';
import type { FileKind } from './file-kind.ts';
import type { Service } from './service.ts';

/** One kind of credential, as data. */
export type Format = Described & (Prefixed | Assigned | Parsed);

interface Described {
  readonly id: string;
  /** The rule that reports it. */
  readonly rule: `secrets/${string}`;
  /** With its article: "a GitHub personal access token". */
  readonly names: string;
  /** Whose it is, what it opens and how it is revoked. A format that a policy declares may have none. */
  readonly service?: Service;
  /** The text holds one of these where the secret, or its name, stands. In the case written here, unless the expression or the name ignores case. */
  readonly keywords: readonly string[];
  /** Bits per character below which what follows the keyword is a placeholder. */
  readonly entropy?: number;
  /** Whether the secret agrees with itself; undefined where this one carries no checksum. One that does not is worth a warning: nobody's key, but meant to look like one. */
  readonly checksum?: (secret: string) => boolean | undefined;
  /** SHA-256 of secrets that their own makers print in manuals and examples. */
  readonly published?: readonly string[];
  /** The most that it deserves, and why: a secret of a test mode, a key that is public in some uses. */
  readonly atMost?: Severity;
  /** What the secret itself and the text around it say about it. */
  readonly weigh?: (secret: string, near: Near) => Weight | 'harmless';
  /** A made one, as a stretch of text in which «guillemets» stand around the secret. */
  readonly sample: () => string;
}

/** A token that its own beginning (or a mark inside) gives away. */
interface Prefixed {
  /** Sticky and bounded: it is tried at the keyword alone. A group `body` is its random part, else that is what follows the keyword. */
  readonly expression: RegExp;
  /** What may not stand before it. */
  readonly left?: Left;
  /** Where the keyword stands inside the token: what comes before it. */
  readonly lookback?: Lookback;
}

export interface Lookback {
  /** Matches one character. */
  readonly chars: RegExp;
  readonly most: number;
}

/** A value without a mark of its own: what it is assigned to gives it away. */
interface Assigned {
  /** Sticky and bounded: what the value looks like from its first character to behind its last. */
  readonly value: RegExp;
  /** What the whole name looks like, in lower case, without the separators "-", "_" and ".". */
  readonly name: RegExp;
}

/** Anything that an expression cannot tell. */
interface Parsed {
  /** Keywords count in any case. */
  readonly anyCase?: true;
  /** Looks at a keyword that begins at `at`. */
  readonly find: (text: string, at: number, kind: FileKind) => Iterable<Stretch>;
  /** What may not stand before the keyword. */
  readonly left?: Left;
}

/** Letters and digits; those with "_" and "-"; those with "." too; the alphabet of base64. */
export type Left = 'alphanumeric' | 'word' | 'dotted' | 'base64';

/** The text on both sides of a secret, as far as anybody looks. */
export interface Near {
  readonly before: string;
  readonly after: string;
  readonly kind: FileKind;
}

export interface Weight {
  readonly atMost?: Severity;
  /** A clause after "but": "its checksum is wrong". */
  readonly doubt?: string;
  /** Looks like one, and may well be none: reported only where the policy asks for more than what is sure. */
  readonly unsure?: true;
  /** Seconds since 1970. */
  readonly expires?: number;
}

export interface Stretch extends Weight {
  /** UTF-16 units of the text. */
  readonly start: number;
  readonly end: number;
  /** In place of the format's. */
  readonly names?: string;
  /** The name of what can be guessed too, where no machine is known: no digest of it is kept either. */
  readonly key?: string;
  /** The machine that a password opens. Where it is given the secret is one that can be guessed: no digest of it is kept. */
  readonly host?: string;
}
