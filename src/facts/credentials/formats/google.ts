import { sample } from '../../../core/sample.ts';
import { services } from '../services.ts';
import type { Format, Near, Weight } from '../format.ts';

// https://firebase.google.com/docs/projects/api-keys: the keys of web and mobile apps are not secret.
const PUBLIC =
  /authDomain|firebaseapp|firebaseio|measurementId|mobilesdk_app_id|google-services|GOOGLE_APP_ID|GCM_SENDER_ID|CLIENT_ID|com\.google\.android|maps\.googleapis|maps[_-]?(?:api)?[_-]?key|NEXT_PUBLIC|VITE_|EXPO_PUBLIC|REACT_APP|PUBLIC_/i;

/** The same form is a browser key for maps, public by design, and a key that pays for Gemini. */
function weighApiKey(_: string, { before, after }: Near): Weight {
  const line =
    before.slice(before.lastIndexOf('\n') + 1) +
    after.slice(0, (after.indexOf('\n') + after.length) % after.length || after.length);
  if (/gemini|genai|generative|vertex|palm/i.test(line)) return {};
  if (PUBLIC.test(before + after)) return { atMost: 'info', doubt: 'keys of web and mobile apps are public' };
  return { atMost: 'warning', doubt: 'some uses of such keys are public' };
}

export const google: readonly Format[] = [
  {
    id: 'google-api-key',
    rule: 'secrets/google-api-key',
    names: 'a Google API key',
    service: services.google,
    keywords: ['AIza'],
    expression: /AIza[\w-]{35}(?![\w-])/y,
    entropy: 3.8,
    weigh: weighApiKey,
    sample: () => `GEMINI_API_KEY=«AIza${sample(35)}»`,
  },
  {
    id: 'google-gemini-key',
    rule: 'secrets/google-api-key',
    names: 'a Gemini API key',
    service: services.googleGemini,
    keywords: ['AQ.Ab8RN6'],
    expression: /AQ\.Ab8RN6[\w-]{44}(?![\w-])/y,
    entropy: 4,
    sample: () => `AQ.Ab8RN6${sample(44, 2)}`,
  },
  {
    id: 'google-oauth-client-secret',
    rule: 'secrets/google-oauth',
    names: 'a Google OAuth client secret',
    service: services.googleOauth,
    keywords: ['GOCSPX-'],
    expression: /GOCSPX-[\w-]{28}(?![\w-])/y,
    sample: () => `GOCSPX-${sample(28, 3)}`,
  },
  {
    id: 'google-oauth-access-token',
    rule: 'secrets/google-oauth',
    names: 'a Google OAuth access token',
    service: services.googleOauth,
    keywords: ['ya29.'],
    expression: /ya29\.[\w-]{30,500}(?![\w-])/y,
    entropy: 3.5,
    weigh: () => ({ atMost: 'warning', doubt: 'such tokens last an hour' }),
    sample: () => `ya29.${sample(120, 4)}`,
  },
  {
    id: 'google-oauth-refresh-token',
    rule: 'secrets/google-oauth',
    names: 'a Google OAuth refresh token',
    service: services.googleOauth,
    keywords: ['1//0'],
    expression: /1\/\/0(?=[a-z0-9_-]{0,60}[A-Z])[\w-]{40,200}(?![\w-])/y,
    entropy: 3.8,
    sample: () => `1//0${sample(98, 5)}`,
  },
  {
    id: 'firebase-server-key',
    rule: 'secrets/google-api-key',
    names: 'a Firebase Cloud Messaging server key',
    service: services.firebase,
    keywords: [':APA91b'],
    lookback: { chars: /[\w-]/, most: 11 },
    // A device's registration begins otherwise.
    expression: /AAAA[\w-]{7}:APA91b[\w-]{134}(?![\w-])/y,
    entropy: 4,
    sample: () => `AAAA${sample(7, 6)}:APA91b${sample(134, 7)}`,
  },
];
