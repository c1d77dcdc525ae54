import type { Range } from '../../core/finding.ts';

/** What a stretch of a text says once its encoding is undone. Places are UTF-16 units. */
export interface Reading {
  readonly text: string;
  readonly as: 'base64' | 'hexadecimal' | 'escapes';
  /** Where a part of the reading stands in the text that it was read from. */
  place(start: number, end: number): Range;
}

/** How escapes begin of characters that stand in secrets and before them. */
export const ESCAPES = ['%2', '%3', '%4', '%5', '%6', '%7', '\\u00', '\\x', '\\/', '&#', '&amp;'];

const ESCAPE = /%([2-7][\da-f])|\\{1,4}(?:u00|x)([2-7][\da-f])|\\{1,4}(\/)|&#x([2-7][\da-f]);|&#(\d{2,3});|&(amp);/gi;
/** A word reaches so far to the left of an escape, and so far to its right. */
const BEFORE = 300;
const BEHIND = 4000;

/** The word in which an escape stands at `at`, with all escapes undone; and where that word ends, whatever it says. */
export function unescapedAround(text: string, at: number): { readonly reading?: Reading; readonly end: number } {
  let start = at;
  while (start > 0 && at - start < BEFORE && !isEdge(text.charCodeAt(start - 1))) start--;
  let end = at + 1;
  while (end < text.length && end - at < BEHIND && !isEdge(text.charCodeAt(end))) end++;
  let said = '';
  let from = start;
  /** Where each undone escape stands in the reading, and by how much longer it was. */
  const undone: { readonly at: number; readonly longer: number }[] = [];
  for (const { 0: escape, 1: percent, 2: code = percent, 3: slash, 4: hex = code, 5: decimal, index } of text
    .slice(start, end)
    .matchAll(ESCAPE)) {
    said += text.slice(from, start + index);
    from = start + index + escape.length;
    undone.push({ at: said.length, longer: escape.length - 1 });
    said +=
      slash ?? (hex ? String.fromCharCode(Number.parseInt(hex, 16)) : decimal ? String.fromCharCode(+decimal) : '&');
  }
  if (undone.length === 0) return { end };
  said += text.slice(from, end);
  const source = (offset: number): number =>
    undone.reduce((place, one) => (one.at < offset ? place + one.longer : place), start + offset);
  return { end, reading: { text: said, as: 'escapes', place: (a, b) => [source(a), source(b)] } };
}

/** A blank, a quote or an angle bracket. */
const isEdge = (code: number): boolean =>
  code <= 32 || code === 34 || code === 39 || code === 60 || code === 62 || code === 96;

/** Of what is encoded, in characters: below it there is no token that its own form could tell. */
const SHORTEST = 28;
const SHORTEST_HEX = 56;

/** Each stretch of base64 and of hexadecimal digits that says something readable. `bytes` holds one for each unit of the text. */
export function* encodedIn(bytes: Uint8Array, text: () => string): Iterable<Reading> {
  // No stretch can hide between two probes.
  for (let probe = SHORTEST - 1; probe < bytes.length; probe += SHORTEST) {
    if (!IS_BASE64[bytes[probe]!] || !mayBeLong(bytes, probe)) continue;
    let start = probe;
    while (start > 0 && IS_BASE64[bytes[start - 1]!]) start--;
    const end = endOfRun(bytes, probe);
    probe = end;
    if (end - start < SHORTEST || !mayBeText(bytes, start)) continue;
    const { gap, end: last } = wrapped(bytes, start, end);
    // A signed token is told by its own form, and its parts are no secrets.
    const part = bytes[start - 1] === DOT || bytes[end] === DOT;
    const length = end - start;
    const run = text().slice(start, last).replace(/\s+/g, '');
    const reading = part && run.startsWith('eyJ') ? undefined : read(run);
    if (reading) {
      const source = (at: number): number => start + at + Math.floor(at / length) * gap;
      yield { ...reading, place: (a, b) => reading.place(a, b).map(source) as [number, number] };
    }
    probe = last;
  }
}

const DOT = 46;
const IS_BASE64 = /* @__PURE__ */ Uint8Array.from({ length: 256 }, (_, code) =>
  /[A-Za-z0-9+/_-]/.test(String.fromCharCode(code)) ? 1 : 0,
);

/** The value of each character, in either alphabet; 0 for all others. */
const VALUE = /* @__PURE__ */ Uint8Array.from({ length: 256 }, (_, code) =>
  Math.max(0, 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'.indexOf(char(code))),
);
function char(code: number): string {
  const one = String.fromCharCode(code);
  return one === '-' ? '+' : one === '_' ? '/' : one;
}

/** A first look at six bytes, in each alignment and as hexadecimal digits: most of what is met goes no further. */
function mayBeText(bytes: Uint8Array, start: number): boolean {
  if (bytes[start]! >= 50 && bytes[start]! <= 55) return true; // 2 to 7, as printable characters in hexadecimal digits begin.
  for (let at = start; at < start + 4; at++) {
    const first = triple(bytes, at);
    const second = triple(bytes, at + 4);
    if (
      isPrintable(first >> 16) &&
      isPrintable(second & 255) &&
      isPrintable(second >> 16) &&
      isPrintable(first & 255) &&
      isPrintable((second >> 8) & 255)
    )
      return true;
    if (isPrintable(first >> 16) && (first & 0xff00) === 0 && isPrintable(first & 255) && second >> 16 === 0)
      return true;
  }
  return false;
}

/** Three bytes from four characters. */
const triple = (bytes: Uint8Array, at: number): number =>
  (VALUE[bytes[at]!]! << 18) | (VALUE[bytes[at + 1]!]! << 12) | (VALUE[bytes[at + 2]!]! << 6) | VALUE[bytes[at + 3]!]!;

/** Whether a stretch around a probe, of which at least half must lie on one side of it, can be long enough. */
const mayBeLong = (bytes: Uint8Array, at: number): boolean =>
  (IS_BASE64[bytes[at - 6]!] === 1 && IS_BASE64[bytes[at - 13]!] === 1) ||
  (IS_BASE64[bytes[at + 6]!] === 1 && IS_BASE64[bytes[at + 13]!] === 1);

function endOfRun(bytes: Uint8Array, from: number): number {
  while (from < bytes.length && IS_BASE64[bytes[from]!]) from++;
  return from;
}

/** A text of many lines of one length, as MIME and `base64` write it: what stands between two lines, and where the last one ends. */
function wrapped(bytes: Uint8Array, start: number, end: number): { readonly gap: number; readonly end: number } {
  const length = end - start;
  let next = end;
  if (bytes[next] === 13) next++;
  if (length < 56 || bytes[next] !== 10) return { gap: 0, end };
  do next++;
  while (bytes[next] === 32 && next - end < 40);
  const gap = next - end;
  let last = end;
  for (;;) {
    for (let i = 0; i < gap; i++) if (bytes[last + i] !== bytes[end + i]) return { gap, end: last };
    const line = endOfRun(bytes, last + gap) - last - gap;
    if (line === 0 || line > length) return { gap, end: last };
    last += gap + line;
    if (line < length) return { gap, end: last };
  }
}

/** What a run of letters and digits says; undefined where that is no text. */
function read(run: string): Reading | undefined {
  if (run.length >= SHORTEST_HEX && run.length % 2 === 0 && /^(?:[\da-f]+|[\dA-F]+)$/.test(run)) {
    const decoded = Buffer.from(run, 'hex');
    if (!isText(decoded)) return undefined;
    return { text: decoded.toString('latin1'), as: 'hexadecimal', place: (a, b) => [2 * a, 2 * b] };
  }
  // What stands before it may run into it: each of four alignments is tried.
  for (let shift = 0; shift < 4; shift++) {
    const head = Buffer.from(run.slice(shift, shift + HEAD), 'base64');
    const width = isText(head) ? 1 : isWide(head) ? 2 : 0;
    if (width === 0) continue;
    const decoded = Buffer.from(run.slice(shift), 'base64');
    const place = (a: number, b: number): Range => [
      shift + Math.floor((a * width * 4) / 3),
      Math.min(run.length, shift + Math.ceil((b * width * 4) / 3)),
    ];
    return { text: decoded.toString(width === 1 ? 'latin1' : 'utf16le'), as: 'base64', place };
  }
  return undefined;
}

/** Eighteen bytes: what is random passes for text once in a hundred million times. */
const HEAD = 24;

const isText = (bytes: Uint8Array): boolean => bytes.subarray(0, 18).every(isPrintable);
/** UTF-16, as PowerShell wants its commands. */
const isWide = (bytes: Uint8Array): boolean => bytes.every((byte, i) => (i % 2 === 0 ? isPrintable(byte) : byte === 0));
const isPrintable = (byte: number): boolean => (byte >= 32 && byte < 127) || byte === 10 || byte === 13 || byte === 9;
