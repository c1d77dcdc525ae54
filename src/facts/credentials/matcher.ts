import { isAscii } from 'node:buffer';
import type { Severity } from '../../core/finding.ts';
import { assignmentAt } from './assignment.ts';
import { entropy, sha256 } from './checksum.ts';
import { encodedIn, ESCAPES, unescapedAround, type Reading } from './encoded.ts';
import type { FileKind } from './file-kind.ts';
import type { Format, Left, Lookback, Near, Stretch, Weight } from './format.ts';
import { keywords } from './keywords.ts';
import { isFiller } from './placeholder.ts';

/** Where a text holds a credential, and what may be said about it. The secret itself stays in this room. */
export interface Match {
  readonly format: Format;
  /** UTF-16 units. */
  readonly start: number;
  readonly end: number;
  readonly names: string;
  /** SHA-256 in hex. A secret that can be guessed, such as a password, has none. */
  readonly digest?: string;
  readonly host?: string;
  /** What a secret that can be guessed is called there. */
  readonly key?: string;
  readonly atMost?: Severity;
  readonly doubt?: string;
  readonly unsure?: true;
  readonly expires?: number;
  /** It stands there in an encoding, and the place is that of what is encoded. */
  readonly encoded?: 'base64' | 'hexadecimal';
  /** How many of its first units are the mark of its kind, which is the same for everybody. */
  readonly mark?: number;
}

/** Reads a text once for all formats. Of two that want the same stretch, the one earlier in the list has it. */
export interface Matcher {
  /** `left` is told, as a clause after "because", what of it was not judged. At most MOST_MATCHES. */
  (text: string, kind?: FileKind, left?: (why: string) => void): readonly Match[];
  /** The same for a file as it is stored: `decode` is asked where a keyword stands in it, or where it is not ASCII. */
  bytes(bytes: Uint8Array, decode: () => string, kind?: FileKind, left?: (why: string) => void): readonly Match[];
}

/** A file with more is a list of secrets, or hostile: nobody reads on. */
export const MOST_MATCHES = 500;
/** Of what may well be none: guesses must not use up the room of what is sure. */
const MOST_GUESSES = 100;

export function matcher(formats: readonly Format[]): Matcher {
  const attempts = new Map<string, Attempt[]>(ESCAPES.map((escape) => [escape, []]));
  formats.forEach((format, rank) => {
    for (const keyword of format.keywords) {
      const word = keyword.toLowerCase();
      attempts.set(word, [...(attempts.get(word) ?? []), attempt(format, rank, keyword)]);
    }
  });
  const words = [...attempts.keys()];
  const automaton = keywords(words);
  const tries = [...attempts.values()];

  const search = (bytes: Uint8Array, read: () => string, kind: FileKind, depth: number, bound: Bound): Ranked[] => {
    let scan: Scan | undefined;
    let escapedUntil = 0;
    const found: Ranked[] = [];
    const within = ({ text, as, place }: Reading): void => {
      if (depth === DEEPEST) bound.left(`something in it is encoded more than ${DEEPEST} times over`);
      else if ((bound.units -= text.length) < 0) bound.left('more of it is encoded than is decoded here');
      else if (found.length < MOST_MATCHES) {
        for (const { mark: _, ...match } of search(Buffer.from(text, 'latin1'), () => text, kind, depth + 1, bound)) {
          const [start, end] = place(match.start, match.end);
          const encoded = as === 'escapes' ? match.encoded : as;
          // A format that knows an encoding of its own goes before one that was found by undoing it.
          found.push({ ...match, start, end, rank: match.rank + formats.length, ...(encoded && { encoded }) });
        }
      }
    };
    automaton.scan(bytes, (word, end) => {
      if (found.length >= MOST_MATCHES) return;
      scan ??= { text: read(), kind, found, until: new Int32Array(formats.length), guesses: 0 };
      for (const look of tries[word]!) look(scan, end);
      if (word >= ESCAPES.length || end <= escapedUntil) return;
      const unescaped = unescapedAround(scan.text, end - 1);
      escapedUntil = unescaped.end;
      if (unescaped.reading) within(unescaped.reading);
    });
    for (const reading of encodedIn(bytes, read)) within(reading);
    return found;
  };
  const finish = (found: Ranked[], left: (why: string) => void): readonly Match[] => {
    const matches = withoutOverlaps(found);
    if (matches.length >= MOST_MATCHES) left(`it holds ${MOST_MATCHES} credentials or more`);
    return matches.slice(0, MOST_MATCHES);
  };
  const ofText = (text: string, kind: FileKind = 'unknown', left: (why: string) => void = () => {}) => {
    const bound: Bound = { units: 4 * text.length + (1 << 20), left };
    // One byte a UTF-16 unit: what lies beyond Latin-1 is cut to its low byte, which can add a hit and never hide one.
    return finish(
      search(Buffer.from(text, 'latin1'), () => text, kind, 0, bound),
      left,
    );
  };
  return Object.assign(ofText, {
    bytes(bytes: Uint8Array, decode: () => string, kind: FileKind = 'unknown', left: (why: string) => void = () => {}) {
      if (!isAscii(bytes)) return ofText(decode(), kind, left);
      let text: string | undefined;
      const bound: Bound = { units: 4 * bytes.length + (1 << 20), left };
      return finish(
        search(
          bytes,
          () => (text ??= Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1')),
          kind,
          0,
          bound,
        ),
        left,
      );
    },
  });
}

/** How often what is encoded may hold what is encoded. */
const DEEPEST = 4;

/** What decoding may still cost, in units of text, and who is told when that is spent. */
interface Bound {
  units: number;
  readonly left: (why: string) => void;
}

interface Scan {
  readonly text: string;
  readonly kind: FileKind;
  readonly found: Ranked[];
  /** For each format, where its last stretch ends: a keyword inside begins no other, or hostile texts would take forever. */
  readonly until: Int32Array;
  guesses: number;
}

interface Ranked extends Match {
  readonly rank: number;
}

interface Located extends Stretch {
  readonly body?: string;
}

type Attempt = (scan: Scan, end: number) => void;

/** What is tried where a keyword ends. */
function attempt(format: Format, rank: number, keyword: string): Attempt {
  const anyCase = 'value' in format || ('find' in format ? format.anyCase : format.expression.ignoreCase);
  const word = keyword.toLowerCase();
  const locate = locator(format);
  return (scan, end) => {
    const { text, kind, found, until } = scan;
    const at = end - keyword.length;
    if (at < until[rank]!) return;
    if (!text.startsWith(keyword, at) && !(anyCase && text.slice(at, end).toLowerCase() === word)) return;
    for (const stretch of locate(text, at, kind)) {
      if (stretch.start <= at && at < stretch.end) until[rank] = stretch.end;
      const match = judge(format, keyword, text, stretch, kind);
      if (match && !(match.unsure && scan.guesses++ >= MOST_GUESSES)) found.push({ ...match, rank });
    }
  };
}

function locator(format: Format): (text: string, at: number, kind: FileKind) => Iterable<Located> {
  if ('find' in format) {
    const { find, left } = format;
    return left ? (text, at, kind) => (begins(text, at, left) ? find(text, at, kind) : []) : find;
  }
  if ('value' in format) {
    const { value, name } = format;
    return (text, at) => {
      const assignment = assignmentAt(text, at);
      return assignment && name.test(assignment.name) ? stretchAt(value, text, assignment.value) : [];
    };
  }
  const { expression, lookback, left = 'word' } = format;
  return (text, at) => {
    const start = lookback ? backOver(lookback, text, at) : at;
    return start !== undefined && begins(text, start, left) ? stretchAt(expression, text, start) : [];
  };
}

function stretchAt(expression: RegExp, text: string, at: number): readonly Located[] {
  expression.lastIndex = at;
  const match = expression.exec(text);
  const body = match?.groups?.['body'];
  return match ? [{ start: at, end: at + match[0].length, ...(body && { body }) }] : [];
}

/** Where a token begins whose keyword stands inside; nowhere, where more stands before it than such a token has. */
function backOver({ chars, most }: Lookback, text: string, at: number): number | undefined {
  let start = at;
  while (start > 0 && at - start <= most + LONGEST_ESCAPE && chars.test(text[start - 1]!)) start--;
  const escape = BEGINS_AS_ESCAPE.exec(text.slice(Math.max(0, start - 1), at));
  if (escape) start += escape[0].length - 1;
  return at - start <= most ? start : undefined;
}

const LEFT: Readonly<Record<Left, RegExp>> = {
  alphanumeric: /[A-Za-z0-9]/,
  word: /[\w-]/,
  dotted: /[\w.-]/,
  base64: /[A-Za-z0-9+/]/,
};

/** Whether a word may begin here: nothing of it stands before, unless that is the end of an escape such as \n, \x3d or %3D. */
const begins = (text: string, at: number, left: Left): boolean =>
  at === 0 || !LEFT[left].test(text[at - 1]!) || ESCAPE.test(text.slice(Math.max(0, at - LONGEST_ESCAPE), at));
const BEGINS_AS_ESCAPE = /^(?:\\[nrtbfv0]|%[\dA-Fa-f]{2}|\\x[\dA-Fa-f]{2}|\\u[\dA-Fa-f]{4})/;
const LONGEST_ESCAPE = 6;
const ESCAPE = /(?:\\[nrtbfv0]|%[\dA-Fa-f]{2}|\\x[\dA-Fa-f]{2}|\\u[\dA-Fa-f]{4})$/;

/** Without a mark of its own, what tests and documents call a key is seldom one. */
const AMONG: Partial<Record<FileKind, Weight>> = {
  test: { atMost: 'warning', doubt: 'it stands in a test' },
  docs: { atMost: 'warning', doubt: 'it stands in a document or an example' },
  generated: { atMost: 'warning', doubt: 'it stands in a generated file' },
};

const NEAR = 400;

function judge(format: Format, keyword: string, text: string, stretch: Located, kind: FileKind): Match | undefined {
  const { start, end, names = format.names, host, key, body, ...said } = stretch;
  const secret = text.slice(start, end);
  const certain = format.checksum?.(secret);
  if (!certain && !('find' in format)) {
    const random = body ?? (secret.startsWith(keyword) ? secret.slice(keyword.length) : secret);
    if (isFiller(random) || entropy(random) < (format.entropy ?? 3)) return undefined;
  }
  const digest = sha256(secret);
  if (format.published?.includes(digest)) return undefined;
  const near: Near = { before: text.slice(Math.max(0, start - NEAR), start), after: text.slice(end, end + NEAR), kind };
  const weight = format.weigh?.(secret, near);
  if (weight === 'harmless') return undefined;
  return {
    format,
    start,
    end,
    names,
    ...(host !== undefined ? { host } : key !== undefined ? { key } : { digest }),
    ...('expression' in format && secret.startsWith(keyword) && { mark: keyword.length }),
    ...(format.atMost && { atMost: format.atMost }),
    ...('value' in format && AMONG[kind]),
    ...said,
    ...weight,
    ...(certain === false && { atMost: 'warning', doubt: 'its checksum is wrong' }),
  };
}

function withoutOverlaps(found: Ranked[]): readonly Match[] {
  found.sort((a, b) => a.start - b.start || a.rank - b.rank || b.end - a.end);
  const kept: Ranked[] = [];
  for (const match of found) {
    const last = kept.at(-1);
    if (!last || last.end <= match.start) kept.push(match);
    else if (match.rank < last.rank) kept[kept.length - 1] = match;
  }
  return kept;
}
