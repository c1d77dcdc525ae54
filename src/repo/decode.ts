import { isUtf8 } from 'node:buffer';
import { READING_LIMIT, type Content, type Entry } from '../core/snapshot.ts';

/** What these bytes, as Git stores them, are to a rule. */
export function decode(bytes: Buffer, kind: Entry['kind'] = 'file'): Content {
  const size = bytes.length;
  if (size > READING_LIMIT) return { kind: 'large', size };
  if (kind === 'file') {
    const pointer = lfsPointer(bytes);
    if (pointer) return pointer;
  }
  const utf16 =
    bytes[0] === 0xff && bytes[1] === 0xfe
      ? 'utf-16le'
      : bytes[0] === 0xfe && bytes[1] === 0xff
        ? 'utf-16be'
        : undefined;
  if (utf16) {
    try {
      const text = new TextDecoder(utf16, { fatal: true, ignoreBOM: true }).decode(bytes);
      // UTF-32 has the same first bytes, and then NULs.
      if (!text.includes('\0')) return { kind: 'text', text, encoding: utf16, size };
    } catch {
      // Then it only begins like UTF-16.
    }
  }
  if (bytes.includes(0)) return { kind: 'binary', bytes: kept(bytes), size };
  return { kind: 'text', text: plainText(bytes), encoding: isUtf8(bytes) ? 'utf-8' : 'latin1', size };
}

/** Text in UTF-8, and what is not valid as such byte by byte. */
export const plainText = (bytes: Buffer): string => bytes.toString(isUtf8(bytes) ? 'utf8' : 'latin1');

// Strict, to the last byte: text that only begins like a pointer is judged as text.
const POINTER =
  /^version https:\/\/git-lfs\.github\.com\/spec\/v1\n(?:ext-\d-[\w.-]+ sha256:[0-9a-f]{64}\n)*oid sha256:([0-9a-f]{64})\nsize (\d{1,15})\n$/;

export function lfsPointer(bytes: Buffer): Extract<Content, { kind: 'lfs' }> | undefined {
  if (bytes.length > 1024 || !bytes.subarray(0, 8).equals(VERSION)) return undefined;
  const match = POINTER.exec(bytes.toString('latin1'));
  return match ? { kind: 'lfs', oid: match[1]!, size: Number(match[2]) } : undefined;
}

const VERSION = Buffer.from('version ');

/** A small view must not keep a large chunk of a pipe alive. */
const kept = (bytes: Buffer): Buffer => (bytes.length * 2 < bytes.buffer.byteLength ? Buffer.from(bytes) : bytes);
