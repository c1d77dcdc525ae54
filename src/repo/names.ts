import { isUtf8 } from 'node:buffer';

// Git's names are bytes. A path here is a string that stands for exactly one sequence of bytes: valid UTF-8 as it is, and
// each byte that is not as U+FFFD with two hex digits ("caf\ufffdE9.txt"). A name that really holds U+FFFD is written the
// same way, byte by byte, so that no two names meet in one string.

const MARK = '\ufffd';

/** The path that these bytes are. */
export function pathFromBytes(bytes: Buffer): string {
  if (isUtf8(bytes)) {
    const path = bytes.toString('utf8');
    if (!path.includes(MARK)) return path;
  }
  let path = '';
  for (let at = 0; at < bytes.length;) {
    const length = sequenceLength(bytes, at);
    const piece = length > 0 ? bytes.toString('utf8', at, at + length) : MARK;
    if (piece !== MARK) {
      path += piece;
      at += length;
    } else {
      for (const end = at + Math.max(length, 1); at < end; at++) {
        path += MARK + bytes[at]!.toString(16).toUpperCase().padStart(2, '0');
      }
    }
  }
  return path;
}

/** The bytes that this path stands for. */
export function pathToBytes(path: string): Buffer {
  if (!path.includes(MARK)) return Buffer.from(path, 'utf8');
  const pieces: Buffer[] = [];
  for (const [index, piece] of path.split(MARK).entries()) {
    const hex = index > 0 ? /^[0-9A-F]{2}/.exec(piece)?.[0] : undefined;
    if (index > 0) pieces.push(hex === undefined ? Buffer.from(MARK) : Buffer.from(hex, 'hex'));
    pieces.push(Buffer.from(hex === undefined ? piece : piece.slice(2), 'utf8'));
  }
  return Buffer.concat(pieces);
}

/** Cuts output of -z into its fields; what follows the last NUL is dropped. */
export function fields(output: Buffer): string[] {
  if (isUtf8(output)) {
    const text = output.toString('utf8');
    if (!text.includes(MARK)) {
      const pieces = text.split('\0');
      pieces.pop();
      return pieces;
    }
  }
  const pieces: string[] = [];
  for (let from = 0, end; (end = output.indexOf(0, from)) >= 0; from = end + 1) {
    pieces.push(pathFromBytes(output.subarray(from, end)));
  }
  return pieces;
}

/** For input of -z --stdin. */
export const joined = (paths: Iterable<string>): Buffer =>
  Buffer.concat([...paths].flatMap((path) => [pathToBytes(path), NUL]));

const NUL = Buffer.of(0);

/** For messages: a name may hold what a terminal would obey. */
export const printable = (text: string): string =>
  text.replace(
    /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );

/** Of the valid UTF-8 sequence that begins here; 0 where none does. */
function sequenceLength(bytes: Buffer, at: number): number {
  const first = bytes[at]!;
  const length = first < 0x80 ? 1 : first < 0xc2 ? 0 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : first < 0xf5 ? 4 : 0;
  return length > 0 && at + length <= bytes.length && isUtf8(bytes.subarray(at, at + length)) ? length : 0;
}
