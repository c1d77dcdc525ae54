import { entropy } from './checksum.ts';
import { isInRustTest, type FileKind } from './file-kind.ts';
import type { Stretch, Weight } from './format.ts';

/** A private key in PEM, OpenSSH's or OpenPGP's armour that begins at `at`; also on one line with its line ends written as \n. */
export function* privateKeyAt(text: string, at: number, kind: FileKind = 'unknown'): Iterable<Stretch> {
  HEADER.lastIndex = at;
  const header = HEADER.exec(text);
  if (!header) return;
  const { body, end, fields } = bodyAt(text, HEADER.lastIndex);
  // An Ed25519 key in PKCS #8, the shortest that is in use, has 64 characters.
  if (body.length < 60 || entropy(body) < 4 || text.startsWith('...', end)) return;
  FOOTER.lastIndex = skip(BETWEEN, text, end);
  const closed = FOOTER.test(text) ? FOOTER.lastIndex : end;
  const type = header[1] ?? '';
  const names = NAMES[type] ?? 'a private key';
  yield { start: at, end: closed, names, ...amongTests(kind, text, at), ...weigh(type, fields, body) };
}

/** Base64 of a whole PEM file, as kubeconfig files and environment variables hold it. */
export function* encodedPrivateKeyAt(text: string, at: number, kind: FileKind): Iterable<Stretch> {
  ENCODED.lastIndex = at;
  const [encoded] = ENCODED.exec(text) ?? [];
  if (!encoded) return;
  for (const key of privateKeyAt(Buffer.from(encoded, 'base64').toString('latin1'), 0, kind)) {
    yield { ...key, start: at, end: at + encoded.length };
  }
}

/** Keys that tests need lie beside them, and open nothing. */
const amongTests = (kind: FileKind, text: string, at: number): Weight =>
  kind === 'test' || kind === 'docs' || kind === 'generated' || isInRustTest(text, at)
    ? { atMost: 'warning', doubt: 'it lies among tests or documents' }
    : {};

const NAMES: Readonly<Record<string, string>> = {
  'RSA ': 'an RSA private key',
  'EC ': 'an elliptic-curve private key',
  'DSA ': 'a DSA private key',
  'OPENSSH ': 'an OpenSSH private key',
  'PGP ': 'an OpenPGP private key',
  'ENCRYPTED ': 'an encrypted private key',
};

const HEADER = /-----BEGIN ((?:[A-Z0-9]{1,12} ){0,3})PRIVATE KEY(?: BLOCK)?-----/y;
const FOOTER = /-----END [A-Z0-9 ]{0,40}-----/y;
const ENCODED = /LS0tLS1CRUdJTi[A-Za-z0-9+/]{60,12000}={0,2}/y;
const FIELD =
  /(Proc-Type|DEK-Info|Version|Comment|Hash|Charset|MessageID|Subject|X-[\w-]{1,30}): ?([^\n\r"\\]{0,200})/y;
/** What may stand between two pieces of the body: line ends, real or written, and how source code and comments wrap lines. */
const BETWEEN = /(?:\\{1,4}[nrt]|[\s"'`+,|>#*;.()]|\/\/|\\(?=[\r\n])){1,60}/y;
const PIECE = /[A-Za-z0-9+/]{1,200}={0,2}/y;
const LONGEST_BODY = 16_000;

function bodyAt(text: string, from: number) {
  const fields: string[] = [];
  const pieces: string[] = [];
  let [at, end, size] = [from, from, 0];
  while (size < LONGEST_BODY) {
    const gap = at;
    at = skip(BETWEEN, text, at);
    if (text.slice(gap, at).includes('...')) break; // The rest is left out.
    FIELD.lastIndex = at;
    const field = pieces.length === 0 ? FIELD.exec(text) : null;
    if (field) {
      fields.push(field[0]);
      at += field[0].length;
      continue;
    }
    PIECE.lastIndex = at;
    const [piece] = PIECE.exec(text) ?? [];
    if (!piece) break;
    pieces.push(piece);
    size += piece.length;
    at = end = at + piece.length;
  }
  return { body: pieces.join(''), end, fields };
}

function skip(expression: RegExp, text: string, at: number): number {
  expression.lastIndex = at;
  return expression.test(text) ? expression.lastIndex : at;
}

function weigh(kind: string, fields: readonly string[], body: string): Weight {
  const locked: Weight = { atMost: 'warning', doubt: 'a passphrase protects it' };
  if (kind === 'ENCRYPTED ' || fields.some((field) => field.includes('ENCRYPTED'))) return locked;
  if (kind === 'PGP ') return {};
  const bytes = Buffer.from(body.slice(0, 120), 'base64');
  // OpenSSH's form, whatever the header says.
  if (bytes.toString('latin1', 0, 14) === 'openssh-key-v1')
    return bytes.toString('latin1', 19, 23) === 'none' ? {} : locked;
  return bytes[0] === 0x30 ? {} : broken; // DER: every such key is one SEQUENCE.
}

const broken: Weight = { atMost: 'warning', doubt: 'its body does not parse as one' };
