import type { Range } from '../../core/finding.ts';
import { entropy } from './checksum.ts';
import type { FileKind } from './file-kind.ts';
import { isFiller } from './placeholder.ts';
import { looksRandom } from './random.ts';

const LITERAL = /(["'`])([A-Za-z0-9+/_=.~-]{24,200})\1/g;
/** What the line calls it tells that it is public: digests, ids, pictures, fonts, modules. */
const PUBLIC =
  /(?:integrity|sha\d{0,3}|hash|checksum|digest|etag|uuid|guid|revision|commit|nonce|base64,|url\(|src|href|import|require|from|public|class(?:name)?|svg|path|\bd|id)["']?\s{0,3}[=:(]?\s{0,3}$/i;

/** Quoted texts without a name that would call them a secret, and too random for anything that people write. */
export function* randomLiterals(text: string, kind: FileKind): Iterable<Range> {
  if (kind !== 'code' && kind !== 'settings') return;
  for (const { 2: value = '', index } of text.matchAll(LITERAL)) {
    if (/^[0-9a-f-]+$/i.test(value) || /^[\w-]+(?:[./][\w-]+)+$/.test(value) || isFiller(value)) continue;
    if (entropy(value) < 4.2 || !looksRandom(value) || PUBLIC.test(text.slice(Math.max(0, index - 40), index)))
      continue;
    yield [index + 1, index + 1 + value.length];
  }
}
