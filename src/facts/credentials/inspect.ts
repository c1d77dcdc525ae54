import type { Content } from '../../core/snapshot.ts';
import type { Notice } from '../../core/notice.ts';
import { candidatesOf, distinct, type Candidate } from './candidate.ts';
import { fileKind } from './file-kind.ts';
import type { Match, Matcher } from './matcher.ts';

type Readable = Extract<Content, { kind: 'text' | 'binary' }>;

/** Every credential in one file. */
export function* inspect(match: Matcher, path: string, content: Readable): Iterable<Candidate | Notice> {
  const notices: Notice[] = [];
  const left = (why: string) => notices.push(partly(path, why));
  if (content.kind === 'text') {
    const matches = match(content.text, fileKind(path), left);
    yield* candidatesOf(matches, 'file', ({ start, end }) => ({ path, range: [start, end] }));
  } else {
    yield* candidatesOf(distinct(inBinary(match, content.bytes, left)), 'file', () => ({ path }));
  }
  yield* notices;
}

export const partly = (path: string, why: string): Notice => ({
  notice: 'degraded',
  message: `${path} was searched for secrets only in part: ${why}.`,
  path,
});

/** Programs hold texts of one and of two bytes a character. */
export function inBinary(match: Matcher, bytes: Uint8Array, left: (why: string) => void): readonly Match[] {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const latin1 = () => buffer.toString('latin1');
  const narrow = match.bytes(bytes, latin1, 'unknown', left);
  return holdsWideText(bytes) ? [...narrow, ...match(latin1().replaceAll('\0', ''), 'unknown', left)] : narrow;
}

/** Whether sixteen printable characters of two bytes each stand in a row: one of the probes then falls on eight of them. */
function holdsWideText(bytes: Uint8Array): boolean {
  for (let probe = 0; probe + 16 <= bytes.length; probe += 16) {
    const odd = bytes[probe] === 0 ? 1 : 0;
    let i = 0;
    while (i < 16 && (i % 2 === odd ? bytes[probe + i]! > 32 && bytes[probe + i]! < 127 : bytes[probe + i] === 0)) i++;
    if (i === 16) return true;
  }
  return false;
}
