import { createHmac } from 'node:crypto';
import type { Stretch } from './format.ts';

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

const TOKEN = /(eyJ[\w-]{8,1000}\.(eyJ[\w-]{8,4000}))\.([\w-]{20,1000})(?![\w-])/y;

/** What the local stack and the self-hosting guide sign with, as they are delivered: whoever holds such a token opens nothing. */
const DEMO_SECRETS = ['', 'your-'].map((start) => `${start}super-secret-jwt-token-with-at-least-32-characters-long`);

function decode(part: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString());
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined; // Not JSON: three words with dots between them.
  }
}
