/** Characters that a line's hash takes in, over line ends too. */
const BLOCK = 100;
const END_OF_FILE = '\uffff';

/**
 * GitHub's `primaryLocationLineHash` of lines of a text, by line number (from 1), for the lines asked for. It hashes the
 * hundred characters that follow a line's start, blanks left out, and counts the equal ones before it. Done here just as
 * GitHub's upload does it, which otherwise warns that they differ.
 */
export function lineHashes(text: string, wanted: ReadonlySet<number>): ReadonlyMap<number, string> {
  const found = new Map<number, string>();
  let last = 0;
  for (const line of wanted) last = Math.max(last, line);
  const inked = text.replace(/\r\n?/g, '\n').replace(/[ \t]+/g, '') + END_OF_FILE;
  const seen = new Map<string, number>();
  let start = 0;
  for (let line = 1; line <= last && (line === 1 || start > 0); line++) {
    const block = inked.slice(start, start + BLOCK);
    const count = (seen.get(block) ?? 0) + 1;
    seen.set(block, count);
    if (wanted.has(line)) found.set(line, `${hash(block).toString(16)}:${count}`);
    start = inked.indexOf('\n', start) + 1;
  }
  return found;
}

/** A polynomial in 37, modulo 2^64; what is missing at the end of the file counts as zeros. */
function hash(block: string): bigint {
  let sum = 0n;
  for (let at = 0; at < BLOCK; at++) {
    sum = BigInt.asUintN(64, sum * 37n + BigInt(at < block.length ? block.charCodeAt(at) : 0));
  }
  return sum;
}
