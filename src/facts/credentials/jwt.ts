import { createHmac } from 'node:crypto';
import type { FileKind } from './file-kind.ts';
import type { Stretch } from './format.ts';
import { isFiller } from './placeholder.ts';

/** A signed token (JWT) whose payload gives the role that passes over row level security. The anonymous role's token is public by design. */
export function* serviceRoleAt(text: string, at: number): Iterable<Stretch> {
  TOKEN.lastIndex = at;
  const [token, signed = '', payload = '', signature = ''] = TOKEN.exec(text) ?? [];
  if (!token) return;
  const claims = decode(payload);
  if (claims?.['role'] !== 'service_role' || claims['iss'] === 'supabase-demo') return;
  if (DEMO_SECRETS.some((secret) => createHmac('sha256', secret).update(signed).digest('base64url') === signature))
    return;
  const expires = claims['exp'];
  yield { start: at, end: at + token.length, ...(typeof expires === 'number' && { expires }) };
}

/** Any signed token that opens something for whoever holds it: it has an owner or a purpose, and is no manual's example. */
export function* signedTokenAt(text: string, at: number, kind: FileKind): Iterable<Stretch> {
  TOKEN.lastIndex = at;
  const [token, signed = '', payload = '', signature = ''] = TOKEN.exec(text) ?? [];
  if (!token) return;
  const head = decode(signed.slice(0, signed.indexOf('.')));
  const claims = decode(payload);
  if (typeof head?.['alg'] !== 'string' || head['alg'] === 'none' || !claims || isMadeUp(claims, signature)) return;
  if (WEAK_SECRETS.some((secret) => createHmac('sha256', secret).update(signed).digest('base64url') === signature))
    return;
  const expires = claims['exp'];
  yield {
    start: at,
    end: at + token.length,
    ...(typeof expires === 'number' && { expires }),
    ...(kind !== 'settings' && kind !== 'code' && { unsure: true as const }),
  };
}

/** Public by design, or an example: jwt.io's, one for nobody, one whose signature is a word. */
function isMadeUp(claims: Readonly<Record<string, unknown>>, signature: string): boolean {
  const words = JSON.stringify(claims);
  return (
    claims['role'] === 'anon' ||
    Object.keys(claims).length === 0 ||
    isFiller(signature) ||
    /John Doe|"sub":"(?:1234567890|test|user|foo)|example\.(?:com|org|net)|supabase-demo|localhost/i.test(words)
  );
}

const TOKEN = /(eyJ[\w-]{8,1000}\.(eyJ[\w-]{8,4000}))\.([\w-]{20,1000})(?![\w-])/y;

/** What the local stack and the self-hosting guide sign with, as they are delivered: whoever holds such a token opens nothing. */
const DEMO_SECRETS = ['', 'your-'].map((start) => `${start}super-secret-jwt-token-with-at-least-32-characters-long`);

/** What examples are signed with. */
const WEAK_SECRETS = [
  'secret',
  'your-256-bit-secret',
  'a-string-secret-at-least-256-bits-long',
  'test',
  'shhhhh',
  ...DEMO_SECRETS,
];

function decode(part: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString());
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined; // Not JSON: three words with dots between them.
  }
}
