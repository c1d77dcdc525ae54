import { gunzipSync, inflateRawSync } from 'node:zlib';
import type { Notice } from '../../core/notice.ts';
import { candidatesOf, distinct, type Candidate } from './candidate.ts';
import { fileKind } from './file-kind.ts';
import { inBinary, partly } from './inspect.ts';
import type { Match, Matcher } from './matcher.ts';

/** Bytes that one archive may unpack to, with all that it holds; how deep archives may lie in archives; and how many files. */
const MOST_BYTES = 64 * 1024 * 1024;
const DEEPEST = 3;
const MOST_FILES = 10_000;

interface Member {
  readonly name: string;
  readonly bytes: Buffer;
}

/** What unpacking may still cost, and who is told when that is spent. */
interface Bound {
  bytes: number;
  files: number;
  readonly left: (why: string) => void;
}

/** gzip, zip (so also jar, docx, xlsx, whl ...) and tar. */
export const isArchive = (bytes: Buffer): boolean =>
  (bytes[0] === 0x1f && bytes[1] === 0x8b) || bytes.indexOf('PK\u0003\u0004', 0, 'latin1') === 0 || isTar(bytes);

const isTar = (bytes: Buffer): boolean => bytes.length >= 512 && bytes.toString('latin1', 257, 262) === 'ustar';

/** Every credential in the files of an archive, by its path and theirs. */
export function* inArchive(match: Matcher, path: string, bytes: Buffer): Iterable<Candidate | Notice> {
  const notices: Notice[] = [];
  const left = (why: string) => notices.push(partly(path, why));
  const bound: Bound = { bytes: MOST_BYTES, files: MOST_FILES, left };
  for (const { name, bytes: content } of unpacked(bytes, 1, bound)) {
    const matches = matchesIn(match, name, content, left);
    for (const candidate of candidatesOf(distinct(matches), 'file', () => ({ path })))
      yield { ...candidate, names: `${candidate.names} (${name} inside it)` };
  }
  yield* notices;
}

const matchesIn = (match: Matcher, name: string, bytes: Buffer, left: (why: string) => void): readonly Match[] =>
  bytes.includes(0) ? inBinary(match, bytes, left) : match(bytes.toString('utf8'), fileKind(name), left);

function* unpacked(bytes: Buffer, depth: number, bound: Bound): Iterable<Member> {
  for (const member of membersOf(bytes, bound)) {
    if (bound.files-- <= 0) {
      bound.left(`it holds more than ${MOST_FILES} files`);
      return;
    }
    if (!isArchive(member.bytes)) yield member;
    else if (depth === DEEPEST) bound.left(`archives lie in it more than ${DEEPEST} deep`);
    else {
      for (const { name, bytes: inner } of unpacked(member.bytes, depth + 1, bound))
        yield { name: `${member.name}/${name}`, bytes: inner };
    }
    if (bound.bytes <= 0) return;
  }
}

function* membersOf(bytes: Buffer, bound: Bound): Iterable<Member> {
  if (isTar(bytes)) yield* tarred(bytes);
  else if (bytes[0] === 0x1f) {
    const content = inflated(() => gunzipSync(bytes, { maxOutputLength: Math.max(1, bound.bytes) }), bound);
    if (content) yield { name: 'content', bytes: content };
  } else yield* zipped(bytes, bound);
}

/** Undefined, and said, where it is damaged or would become too large. */
function inflated(work: () => Buffer, bound: Bound): Buffer | undefined {
  try {
    const content = work();
    bound.bytes -= content.length;
    return content;
  } catch (error) {
    const large = (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE';
    if (large) bound.bytes = 0;
    bound.left(large ? `it unpacks to more than ${MOST_BYTES / 1024 / 1024} MiB` : 'a part of it is damaged');
    return undefined;
  }
}

const END_OF_DIRECTORY = Buffer.from('PK\u0005\u0006', 'latin1');

/** By the directory at its end, which is what every program goes by. */
function* zipped(bytes: Buffer, bound: Bound): Iterable<Member> {
  const end = bytes.lastIndexOf(END_OF_DIRECTORY);
  if (end < 0 || end + 22 > bytes.length) return bound.left('its directory is missing');
  let at = bytes.readUInt32LE(end + 16);
  for (let count = bytes.readUInt16LE(end + 10); count > 0; count--) {
    if (at + 46 > bytes.length || bytes.readUInt32LE(at) !== 0x02014b50) return bound.left('its directory is damaged');
    const [flags, method, size] = [
      bytes.readUInt16LE(at + 8),
      bytes.readUInt16LE(at + 10),
      bytes.readUInt32LE(at + 20),
    ];
    const [nameLength, extra, comment] = [28, 30, 32].map((offset) => bytes.readUInt16LE(at + offset)) as [
      number,
      number,
      number,
    ];
    const local = bytes.readUInt32LE(at + 42);
    const name = bytes.toString('utf8', at + 46, at + 46 + nameLength);
    at += 46 + nameLength + extra + comment;
    if (name.endsWith('/')) continue;
    if ((flags & 1) !== 0) bound.left('a part of it is encrypted');
    else if (local + 30 > bytes.length) bound.left('a part of it is damaged');
    else if (method === 0 || method === 8) {
      const start = local + 30 + bytes.readUInt16LE(local + 26) + bytes.readUInt16LE(local + 28);
      const packed = bytes.subarray(start, start + size);
      const unpack = () =>
        method === 0 ? packed : inflateRawSync(packed, { maxOutputLength: Math.max(1, bound.bytes) });
      const content = inflated(unpack, bound);
      if (content) yield { name, bytes: content };
      else if (bound.bytes <= 0) return undefined;
    } else bound.left('a part of it is packed in a way that is not known here');
  }
  return undefined;
}

function* tarred(bytes: Buffer): Iterable<Member> {
  const text = (from: number, to: number) => bytes.toString('utf8', from, to).replace(/\0[^]*$/, '');
  for (let at = 0; at + 512 <= bytes.length && bytes[at] !== 0;) {
    const size = Number.parseInt(text(at + 124, at + 136).trim(), 8) || 0;
    const type = bytes[at + 156];
    const prefix = text(at + 345, at + 500);
    const name = `${prefix === '' ? '' : `${prefix}/`}${text(at, at + 100)}`;
    if (type === 0 || type === 48) yield { name, bytes: bytes.subarray(at + 512, at + 512 + size) };
    at += 512 + Math.ceil(size / 512) * 512;
  }
}
