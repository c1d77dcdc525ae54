import { isAscii } from 'node:buffer';
import type { Range } from '../../core/finding.ts';
import type { Notice } from '../../core/notice.ts';
import { candidatesOf, type Candidate } from './candidate.ts';
import { fileKind } from './file-kind.ts';
import { partly } from './inspect.ts';
import type { Match, Matcher } from './matcher.ts';

/** A text file as Git stores it, and the version of it that was searched before, if any. */
export interface Version {
  readonly path: string;
  readonly bytes: Buffer;
  readonly before?: Buffer | undefined;
  /** Made of all the bytes of a file, or of whole lines of one. */
  readonly decode: (bytes: Buffer) => string;
}

/** The credentials of a text that its version before did not have. */
export function* newInVersion(match: Matcher, { path, bytes, before, decode }: Version): Iterable<Candidate | Notice> {
  const notices: Notice[] = [];
  const left = (why: string) => notices.push(partly(path, why));
  const kind = fileKind(path);
  const [start, end] = before ? differing(bytes, before) : [0, bytes.length];
  const part = bytes.subarray(start, end);
  let matches = match.bytes(part, () => decode(part), kind, left);
  if (matches.length > 0 && start > 0) {
    const lead = bytes.subarray(0, start);
    if (isAscii(bytes)) matches = matches.map((one) => moved(one, lead.length));
    // Bytes are no characters here: the whole text knows where things stand.
    else matches = match(decode(bytes), kind, left);
  }
  yield* candidatesOf(matches, 'file', ({ start: from, end: to }) => ({ path, range: [from, to] }));
  yield* notices;
}

const moved = (match: Match, by: number): Match => ({ ...match, start: match.start + by, end: match.end + by });

/** Bytes on both sides of a change that may belong to what it changes: a key and its name, the halves of a pair. */
const REACH = 512;
/** Bytes of the longest private key. */
const LONGEST_KEY = 20_000;

/** Where two versions differ, widened to whole lines and to a private key that is open there. */
export function differing(bytes: Buffer, before: Buffer): Range {
  const most = Math.min(bytes.length, before.length);
  const same = sharedStart(bytes, before, most);
  const tail = sharedEnd(bytes, before, most - same);
  let start = bytes.lastIndexOf(10, Math.max(0, same - REACH)) + 1;
  const line = bytes.indexOf(10, bytes.length - tail + REACH);
  let end = line < 0 ? bytes.length : line + 1;
  const opened = bytes.lastIndexOf(BEGIN, start);
  if (opened >= 0 && start - opened < LONGEST_KEY && !isClosed(bytes, opened, start)) start = opened;
  const open = bytes.lastIndexOf(BEGIN, end);
  if (open >= start && end - open < LONGEST_KEY && !isClosed(bytes, open, end)) {
    const close = bytes.indexOf(END, end);
    if (close >= 0 && close - open < LONGEST_KEY) end = Math.min(bytes.length, close + 100);
  }
  return [start, end];
}

const BEGIN = Buffer.from('-----BEGIN');
const END = Buffer.from('-----END');

function isClosed(bytes: Buffer, open: number, by: number): boolean {
  const close = bytes.indexOf(END, open);
  return close >= 0 && close < by;
}

const BLOCK = 4096;

function sharedStart(a: Buffer, b: Buffer, most: number): number {
  let at = 0;
  while (at + BLOCK <= most && a.compare(b, at, at + BLOCK, at, at + BLOCK) === 0) at += BLOCK;
  while (at < most && a[at] === b[at]) at++;
  return at;
}

function sharedEnd(a: Buffer, b: Buffer, most: number): number {
  let count = 0;
  const same = (next: number): boolean =>
    a.compare(b, b.length - next, b.length - count, a.length - next, a.length - count) === 0;
  while (count + BLOCK <= most && same(count + BLOCK)) count += BLOCK;
  while (count < most && a[a.length - 1 - count] === b[b.length - 1 - count]) count++;
  return count;
}
