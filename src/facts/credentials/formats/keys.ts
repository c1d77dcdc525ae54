import { sample } from '../../../core/sample.ts';
import { encodedPrivateKeyAt, privateKeyAt } from '../pem.ts';
import { services } from '../services.ts';
import type { FileKind } from '../file-kind.ts';
import type { Format, Stretch } from '../format.ts';
import { UPPER } from '../alphabets.ts';

const BECH32 = 'QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L';

/** An Ed25519 key in PKCS #8: sixteen fixed bytes, and any thirty-two behind them. */
export function samplePem(seed = 1, end = '\n'): string {
  const der = Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), Buffer.from(sample(32, seed))]);
  return ['-----BEGIN PRIVATE KEY-----', der.toString('base64'), '-----END PRIVATE KEY-----'].join(end);
}

export const keys: readonly Format[] = [
  {
    id: 'google-service-account',
    rule: 'secrets/google-service-account',
    names: 'the private key of a Google Cloud service account',
    service: services.googleServiceAccount,
    keywords: ['-----BEGIN'],
    find: serviceAccountKeyAt,
    sample: () => `{ "type": "service_account", "private_key": "«${samplePem(2, '\\n')}»\\n" }`,
  },
  {
    id: 'private-key-pem',
    rule: 'secrets/private-key',
    names: 'a private key',
    service: services.keyPair,
    keywords: ['-----BEGIN'],
    find: privateKeyAt,
    sample: samplePem,
  },
  {
    id: 'private-key-encoded',
    rule: 'secrets/private-key',
    names: 'a private key in base64',
    service: services.keyPair,
    keywords: ['LS0tLS1CRUdJTi'],
    find: encodedPrivateKeyAt,
    left: 'base64',
    sample: () => Buffer.from(samplePem(3)).toString('base64'),
  },
  {
    id: 'putty-private-key',
    rule: 'secrets/private-key',
    names: "a private key in PuTTY's format",
    service: services.keyPair,
    keywords: ['PuTTY-User-Key-File-'],
    find: puttyKeyAt,
    sample: () =>
      `«PuTTY-User-Key-File-3: ssh-ed25519\nEncryption: none\nComment: a\nPublic-Lines: 1\n${sample(68)}\nPrivate-Lines: 1\n${sample(48)}»`,
  },
  {
    id: 'age-secret-key',
    rule: 'secrets/age-key',
    names: 'an age secret key',
    service: services.age,
    keywords: ['AGE-SECRET-KEY-1'],
    expression: /AGE-SECRET-KEY-1[QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L]{58}(?![A-Z0-9])/y,
    sample: () => `AGE-SECRET-KEY-1${sample(58, 1, BECH32)}`,
  },
  {
    id: '1password-secret-key',
    rule: 'secrets/vault-token',
    names: 'a 1Password secret key',
    service: services['1password'],
    keywords: ['A3-'],
    expression: /A3-[A-Z0-9]{6}-(?:[A-Z0-9]{11}|[A-Z0-9]{6}-[A-Z0-9]{5})-[A-Z0-9]{5}-[A-Z0-9]{5}-[A-Z0-9]{5}(?![\w-])/y,
    sample: () => `A3-${[6, 6, 5, 5, 5, 5].map((length, part) => sample(length, part + 1, UPPER)).join('-')}`,
  },
];

function* serviceAccountKeyAt(text: string, at: number, kind: FileKind): Iterable<Stretch> {
  if (!/"private_key\\?"\s{0,4}:\s{0,4}\\?"$/.test(text.slice(Math.max(0, at - 40), at))) return;
  for (const key of privateKeyAt(text, at, kind)) {
    const around = text.slice(Math.max(0, at - 1000), at) + text.slice(key.end, key.end + 1000);
    if (around.includes('service_account'))
      yield { ...key, names: 'the private key of a Google Cloud service account' };
  }
}

const PUTTY =
  /PuTTY-User-Key-File-[23]: [\w-]{1,40}\r?\nEncryption: ([\w-]{1,20})\r?\n(?:[^\n]{0,200}\n){1,60}?Private-Lines: (\d{1,3})\r?\n/y;

function* puttyKeyAt(text: string, at: number): Iterable<Stretch> {
  PUTTY.lastIndex = at;
  const [head, encryption, lines] = PUTTY.exec(text) ?? [];
  if (!head) return;
  const rest = text
    .slice(at + head.length, at + head.length + 20_000)
    .split('\n', Number(lines))
    .join('\n');
  const [body] = /^[A-Za-z0-9+/=\s]{40,20000}/.exec(rest) ?? [];
  if (!body) return;
  const place: Stretch = { start: at, end: at + head.length + body.trimEnd().length };
  yield encryption === 'none' ? place : { ...place, atMost: 'warning', doubt: 'a passphrase protects it' };
}
