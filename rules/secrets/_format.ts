import type { Draft, Severity } from '../../src/core/finding.ts';
import { defineRule, type AnyRule, type Example, type Rule } from '../../src/core/rule.ts';
import { sha256 } from '../../src/facts/credentials/checksum.ts';
import { credentials, type Candidate } from '../../src/facts/credentials/credentials.ts';
import type { Format } from '../../src/facts/credentials/format.ts';
import { formats } from '../../src/facts/credentials/formats/index.ts';

/** What differs between rules about tokens and keys. Everything else they share: the formats are data. */
interface Words {
  readonly id: `secrets/${string}`;
  readonly title: string;
  readonly why: string;
  /** How its owner takes it out of use, and where. A finding says it for the very service. */
  readonly instead: string;
  readonly severity?: Severity;
  readonly sources?: readonly string[];
  /** Some of its formats can only guess; the policy says whether guesses are reported. */
  readonly guesses?: true;
  /** Whether one that has expired is worth a word. */
  readonly whenExpired?: 'silent';
  /** Beside those that are made from the formats. Asked for only when examples are: made secrets cost time. */
  readonly examples?: () => { readonly bad?: readonly Example[]; readonly good?: readonly Example[] };
}

export interface Options {
  readonly allow: readonly string[];
  readonly ignore: readonly string[];
  readonly unsure?: boolean;
}

export function secretRule(said: Words): Rule<Candidate, Options> {
  const { id, title, why, instead, severity = 'error', sources, guesses, whenExpired, examples } = said;
  const own = formats.filter(({ rule }) => rule === id);
  return defineRule({
    id,
    title,
    why,
    instead,
    severity,
    ...(sources && { sources }),
    get table() {
      return table(own);
    },
    options: (z): ReturnType<Rule<Candidate, Options>['options']> => {
      const shared = {
        allow: z
          .array(z.string().regex(/^[0-9a-fA-F]{16,64}$/, 'Expected 16 to 64 hexadecimal digits.'))
          .default([])
          .describe(
            'Secrets that are known to be dead: their SHA-256 in hex, or its first 16 digits or more, as reports show them.',
          ),
        ignore: z
          .array(z.enum(own.map((format) => format.id)))
          .default([])
          .describe('Forms that are not reported here, by the names in the table below.'),
      };
      if (!guesses) return z.strictObject(shared);
      return z.strictObject({
        ...shared,
        unsure: z
          .boolean()
          .default(false)
          .describe('Whether to report what may well be none: in tests and documents, or of a doubtful look.'),
      });
    },

    over: credentials,
    eachCommit: true,
    *check(candidate, { options, now }) {
      const { rule, format, unsure, expires } = candidate;
      if (rule !== id || isKnown(candidate, options) || options.ignore.includes(format)) return;
      if (unsure && !options.unsure) return;
      if (whenExpired === 'silent' && expires && expires < now) return;
      yield holds(candidate, now);
    },

    get examples() {
      const { bad = [], good = [] } = examples?.() ?? {};
      return {
        bad: [...own.flatMap(found), ...bad],
        good: [...dead(own), ...ignored(own), ...own.map(mentioned), ...good],
      };
    },
  });
}

/** Whose each form is, what it opens and how it is taken out of use. */
const table = (own: readonly Format[]): NonNullable<AnyRule['table']> => ({
  columns: ['Form', 'Whose', 'Opens', 'Revoked'],
  rows: own.map(({ id, names, service }) => [
    `\`${id}\`: ${names}`,
    service?.owner ?? '',
    service?.opens ?? '',
    service?.revoke ?? '',
  ]),
});

const isKnown = ({ digest }: Candidate, { allow }: Options): boolean =>
  digest !== undefined && allow.some((known) => digest.startsWith(known.toLowerCase()));

const HOLDS = {
  file: 'Holds',
  message: 'The commit message holds',
  'pull request': 'The pull request holds',
};

/** The finding about a candidate. Nobody can use what has expired. */
export function holds(candidate: Candidate, now: Date): Draft {
  const { in: where, holder, names, at, about, atMost, doubt, expires, instead, mark, brought } = candidate;
  const dead = expires !== undefined && expires < now;
  const but = dead ? `it expired on ${day(expires)}` : doubt;
  const most = dead ? 'warning' : atMost;
  const since = brought ? `, brought by ${brought.by.name} <${brought.by.email}> on ${day(brought.on)}` : '';
  return {
    message: `${holder === undefined ? HOLDS[where] : `${holder} holds`} ${names}${since}${but ? `, but ${but}` : ''}.`,
    at,
    about,
    secret: true,
    ...(mark && { mark }),
    ...(most && { atMost: most }),
    ...(instead && { instead }),
  };
}

const day = (date: Date): string => date.toISOString().slice(0, 10);

/** A format's made secret in a dotenv file and, where it is a word of its own, quoted in code and in JSON. */
function found({ names, sample }: Format): Example[] {
  const text = sample();
  const title = `${names} in a file of settings`;
  if (text.includes('«')) return [{ title, head: { 'deploy/settings': `# Settings\n${text}\nDEBUG=1\n` } }];
  return [
    { title, head: { 'deploy/settings': `SETTING=«${text}»\nDEBUG=1\n` } },
    { title: `${names} in code`, head: { 'src/client.ts': `const client = connect({ auth: "«${text}»" });\n` } },
  ];
}

/** One that the policy knows to be out of use. */
function dead(own: readonly Format[]): Example[] {
  const [text] = own.map(({ sample }) => sample()).filter((made) => !made.includes('«'));
  if (!text) return [];
  return [
    { title: 'a secret that is known to be dead', options: { allow: [sha256(text)] }, head: { 'test/dead.txt': text } },
  ];
}

/** One form of several, turned off. */
function ignored(own: readonly Format[]): Example[] {
  const [format] = own;
  if (!format) return [];
  const title = `${format.names}, where the policy leaves that form out`;
  return [
    { title, options: { ignore: [format.id] }, head: { 'deploy/settings': format.sample().replace(/[«»]/g, '') } },
  ];
}

/** Its form, told without a secret. */
const mentioned = ({ names, keywords: [word] }: Format): Example => ({
  title: `the form of ${names}`,
  head: {
    'docs/keys.md': `They begin with \`${word}\`, as in ${word}${'x'.repeat(40)}, ${word}<token> or ${word}\${KEY}.\n`,
    'src/keys.ts': `export const form = /^${word}[A-Za-z0-9]{36}$/; // ${word}${'0'.repeat(64)} is none.\n`,
  },
});
