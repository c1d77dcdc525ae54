import { createHash } from 'node:crypto';

const TABLE = /* @__PURE__ */ Int32Array.from({ length: 256 }, (_, byte) => {
  for (let bit = 0; bit < 8; bit++) byte = byte & 1 ? (byte >>> 1) ^ 0xedb88320 : byte >>> 1;
  return byte;
});

/** CRC-32 (IEEE) of an ASCII text. */
export function crc32(text: string): number {
  let crc = -1;
  for (let i = 0; i < text.length; i++) crc = (crc >>> 8) ^ TABLE[(crc ^ text.charCodeAt(i)) & 255]!;
  return ~crc >>> 0;
}

/** The six characters in which tokens of GitHub, npm and Vercel end. */
export function crc32Base62(body: string): string {
  let digits = '';
  for (let rest = crc32(body); rest > 0; rest = Math.floor(rest / 62)) digits = BASE62[rest % 62]! + digits;
  return digits.padStart(6, '0');
}
const BASE62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** Whether a token of the form prefix_body ends in the checksum of what stands between. */
export const endsInCrc32Base62 = (token: string): boolean =>
  token.slice(-6) === crc32Base62(token.slice(token.indexOf('_') + 1, -6));

/** The seven characters in which GitLab's routable tokens end. */
export const crc32Base36 = (covered: string): string => crc32(covered).toString(36).padStart(7, '0');

/** Whether a token's last seven characters are the checksum of all before them. */
export const endsInCrc32Base36 = (token: string): boolean => token.slice(-7) === crc32Base36(token.slice(0, -7));

/** The eight characters of RFC 4648's base32 that GitHub puts behind a fine-grained token's own. */
export function sha256Base32(text: string): string {
  const bits = createHash('sha256').update(text).digest().readUIntBE(0, 5);
  let digits = '';
  for (let shift = 7; shift >= 0; shift--) digits += BASE32[Math.floor(bits / 32 ** shift) % 32]!;
  return digits;
}
const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

export const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** Shannon entropy in bits per character: 0 for "xxxx", about 5 for a random token. */
export function entropy(text: string): number {
  const counts = new Map<string, number>();
  for (const char of text) counts.set(char, (counts.get(char) ?? 0) + 1);
  let bits = 0;
  for (const count of counts.values()) bits -= (count / text.length) * Math.log2(count / text.length);
  return bits;
}
