import { createHash, createPublicKey, verify, type KeyObject } from 'node:crypto';
import type { Commit } from '../core/change.ts';
import type { Declared } from '../core/policy.ts';

/** Whose key signed a commit. */
export type Signer =
  | { readonly kind: 'identity'; readonly name: string }
  /** A declared key is named, and it did not sign this. */
  | { readonly kind: 'forged' }
  /** Nothing is proved; `why` follows the commit's name. */
  | { readonly kind: 'nobody'; readonly why: string };

const ARMOUR = /^-----BEGIN SSH SIGNATURE-----\n([A-Za-z0-9+/=\n]+)\n-----END SSH SIGNATURE-----$/;

/**
 * Verifies a commit's SSH signature against the keys of the declared identities: without ssh-keygen, without a keyring and
 * without anybody's configuration, so that the verdict is the same everywhere. OpenPGP's needs all of these.
 */
export function signerOf({ signed }: Pick<Commit, 'signed'>, { identities }: Declared): Signer {
  if (!signed) return { kind: 'nobody', why: 'is not signed' };
  const [, base64] = ARMOUR.exec(signed.signature.trim()) ?? [];
  if (base64 === undefined)
    return { kind: 'nobody', why: 'has a signature that is none of SSH, which cannot be verified here' };
  const read = readSignature(Buffer.from(base64, 'base64'));
  if (!read || read.namespace !== 'git') return { kind: 'nobody', why: 'has a signature that cannot be read' };
  const key = read.publicKey.toString('base64');
  const [name] =
    Object.entries(identities).find(([, { keys = [] }]) => keys.some((one) => one.split(' ')[1] === key)) ?? [];
  if (name === undefined) return { kind: 'nobody', why: 'is signed with a key that no identity has declared' };
  return isGenuine(read, signed.payload) ? { kind: 'identity', name } : { kind: 'forged' };
}

interface SshSignature {
  readonly publicKey: Buffer;
  readonly namespace: string;
  readonly hash: string;
  readonly algorithm: string;
  readonly blob: Buffer;
}

/** OpenSSH's PROTOCOL.sshsig. Undefined for bytes that do not keep to it. */
function readSignature(bytes: Buffer): SshSignature | undefined {
  if (bytes.subarray(0, 6).toString('latin1') !== 'SSHSIG') return undefined;
  const [publicKey, namespace, , hash, signature] = strings(bytes.subarray(10));
  const [algorithm, blob] = strings(signature ?? Buffer.alloc(0));
  if (!publicKey || !namespace || !hash || !algorithm || !blob) return undefined;
  const text = (part: Buffer) => part.toString('latin1');
  return { publicKey, namespace: text(namespace), hash: text(hash), algorithm: text(algorithm), blob };
}

/** Fields that begin with their length in four bytes, as many as are whole. */
function strings(bytes: Buffer): Buffer[] {
  const found: Buffer[] = [];
  for (let at = 0; at + 4 <= bytes.length;) {
    const end = at + 4 + bytes.readUInt32BE(at);
    if (end > bytes.length) break;
    found.push(bytes.subarray(at + 4, end));
    at = end;
  }
  return found;
}

const field = (bytes: Uint8Array): Buffer => {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
};

function isGenuine({ publicKey, namespace, hash, algorithm, blob }: SshSignature, payload: Uint8Array): boolean {
  if (hash !== 'sha512' && hash !== 'sha256') return false;
  const digest = createHash(hash).update(payload).digest();
  const parts = [Buffer.from(namespace), Buffer.alloc(0), Buffer.from(hash), digest];
  const message = Buffer.concat([Buffer.from('SSHSIG'), ...parts.map(field)]);
  try {
    const key = keyOf(publicKey);
    if (!key) return false;
    if (algorithm === 'ssh-ed25519') return verify(null, message, key, blob);
    if (algorithm === 'rsa-sha2-512' || algorithm === 'rsa-sha2-256')
      return verify(algorithm === 'rsa-sha2-512' ? 'sha512' : 'sha256', message, key, blob);
    const curve = CURVES.get(algorithm);
    if (!curve) return false;
    // SSH writes the two numbers of the signature without leading zeros.
    const numbers = strings(blob).map((number) => fixedWidth(number, curve.bytes));
    return verify(curve.hash, message, { key, dsaEncoding: 'ieee-p1363' }, Buffer.concat(numbers));
  } catch {
    return false; // A key or a signature that is none.
  }
}

const CURVES: ReadonlyMap<string, { readonly crv: string; readonly hash: string; readonly bytes: number }> = new Map([
  ['ecdsa-sha2-nistp256', { crv: 'P-256', hash: 'sha256', bytes: 32 }],
  ['ecdsa-sha2-nistp384', { crv: 'P-384', hash: 'sha384', bytes: 48 }],
  ['ecdsa-sha2-nistp521', { crv: 'P-521', hash: 'sha512', bytes: 66 }],
]);

function keyOf(publicKey: Buffer): KeyObject | undefined {
  const [type = Buffer.alloc(0), first = Buffer.alloc(0), second = Buffer.alloc(0)] = strings(publicKey);
  const name = type.toString('latin1');
  const from = (key: Record<string, string>) => createPublicKey({ key, format: 'jwk' });
  if (name === 'ssh-ed25519') return from({ kty: 'OKP', crv: 'Ed25519', x: first.toString('base64url') });
  if (name === 'ssh-rsa') return from({ kty: 'RSA', e: unsigned(first), n: unsigned(second) });
  const curve = CURVES.get(name);
  if (!curve || second[0] !== 4) return undefined;
  const [x, y] = [second.subarray(1, 1 + curve.bytes), second.subarray(1 + curve.bytes)];
  return from({ kty: 'EC', crv: curve.crv, x: x.toString('base64url'), y: y.toString('base64url') });
}

const unsigned = (number: Buffer): string => number.subarray(number[0] === 0 ? 1 : 0).toString('base64url');

function fixedWidth(number: Buffer, bytes: number): Buffer {
  const digits = number.subarray(Math.max(0, number.length - bytes));
  return Buffer.concat([Buffer.alloc(bytes - digits.length), digits]);
}
