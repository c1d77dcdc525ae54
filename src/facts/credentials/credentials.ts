import type { Subjects } from '../../core/fact.ts';
import type { Location, Severity } from '../../core/finding.ts';
import { isNotice } from '../../core/notice.ts';
import { messages } from '../change.ts';
import { files, unread } from '../files.ts';
import { fileKind } from './file-kind.ts';
import { formats } from './formats/index.ts';
import { insteadOf } from './service.ts';
import { matcher, type Match, type Matcher } from './matcher.ts';

/** A credential that the change brings: where it stands and what it is, never what it says. */
export interface Candidate {
  /** The rule that reports it. */
  readonly rule: string;
  readonly format: string;
  /** With its article: "a GitHub personal access token". */
  readonly names: string;
  readonly in: 'file' | 'message' | 'pull request';
  /** With a range in a text; the path alone for a binary file; the commit, where a message has one. */
  readonly at: Location;
  /** Stable under moved lines, and tells two secrets in one file apart: the start of a digest, or a password's host. */
  readonly about: string;
  /** SHA-256 in hex; absent for passwords, which a digest would give away. */
  readonly digest?: string;
  /** "postgres://db.acme.io" where it is a password. */
  readonly host?: string;
  readonly atMost?: Severity;
  /** A clause after "but". */
  readonly doubt?: string;
  /** May well be none: only for policies that ask for more than what is sure. */
  readonly unsure?: true;
  readonly expires?: Date;
  /** How it is revoked, and what then. Absent where nobody but its owner knows. */
  readonly instead?: string;
}

/** Every credential in what the change adds or alters and says: files, messages, the pull request. One pass, whatever the number of rules. */
export const credentials: Subjects<Candidate> = async function* (change) {
  const match = ready();
  for await (const file of files(change)) {
    if (isNotice(file)) {
      yield file;
      continue;
    }
    const { path, content } = file;
    if (content.kind === 'text') {
      yield* candidates(match(content.text, fileKind(path)), 'file', ({ start, end }) => ({
        path,
        range: [start, end],
      }));
    } else if (content.kind === 'binary') {
      yield* candidates(distinct(matchBytes(match, content.bytes)), 'file', () => ({ path }));
    } else if (content.kind !== 'gitlink') yield unread(path, content);
  }
  for await (const message of messages(change)) {
    if (isNotice(message)) yield message;
    else
      yield* candidates(distinct(match(message.text)), 'message', () =>
        message.commit ? { commit: message.commit.oid } : {},
      );
  }
  if (change.pullRequest) {
    const { title, body } = change.pullRequest;
    yield* candidates(distinct(match(`${title}\n${body}`)), 'pull request', () => ({}));
  }
};

let built: Matcher | undefined;
/** Built when the first text is read: a run without one does not pay for it. */
const ready = (): Matcher => (text, kind) => (built ??= matcher(formats))(text, kind);

/** Programs hold texts of one and of two bytes a character. */
function matchBytes(match: Matcher, bytes: Uint8Array): readonly Match[] {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
  const wide = /(?:[!-~]\0){16}/.test(text) ? match(text.replaceAll('\0', '')) : [];
  return [...match(text), ...wide];
}

/** Without a range, the same secret twice is one finding. */
function distinct(matches: readonly Match[]): readonly Match[] {
  const key = ({ format, digest, host }: Match) => `${format.id} ${digest ?? host}`;
  return [...new Map(matches.map((match) => [key(match), match])).values()];
}

function* candidates(
  matches: readonly Match[],
  where: Candidate['in'],
  place: (match: Match) => Location,
): Iterable<Candidate> {
  const hosts = new Map<string, number>();
  for (const match of matches) {
    const { format, names, digest, host, atMost, doubt, unsure, expires } = match;
    const nth = host === undefined ? 1 : (hosts.get(host) ?? 0) + 1;
    if (host !== undefined) hosts.set(host, nth);
    yield {
      rule: format.rule,
      format: format.id,
      names,
      in: where,
      at: place(match),
      about: digest?.slice(0, 16) ?? (nth === 1 ? host! : `${host} (${nth})`),
      ...(digest && { digest }),
      ...(host && { host }),
      ...(atMost && { atMost }),
      ...(doubt && { doubt }),
      ...(unsure && { unsure }),
      ...(format.service && { instead: insteadOf(format.service) }),
      ...(expires && { expires: new Date(expires * 1000) }),
    };
  }
}
