import { createHmac } from 'node:crypto';
import { sample } from '../../src/core/sample.ts';
import { encoded } from '../../src/facts/credentials/alphabets.ts';
import { sampleSupabaseToken } from '../../src/facts/credentials/formats/databases.ts';
import { secretRule } from './_format.ts';

export default secretRule({
  id: 'secrets/supabase-service-role',
  title: 'Do not commit a Supabase key that passes over row level security',
  why: 'Whoever holds it reads and changes every row of every table, whatever the policies say.',
  instead:
    'Rotate it in the dashboard (Project Settings > API Keys; for a service-role token, JWT Keys) and read the new one from the environment.',
  sources: ['https://supabase.com/docs/guides/getting-started/api-keys'],

  examples: () => ({
    bad: [
      {
        title: 'one that has expired: worth a warning',
        head: { 'a.txt': `«${sampleSupabaseToken({ role: 'service_role', exp: 1700000001 }, 31)}»` },
      },
      {
        title: 'beside the public one',
        head: {
          '.env': `ANON=${sampleSupabaseToken({ role: 'anon' }, 32)}\nSERVICE=«${sampleSupabaseToken({ role: 'service_role' }, 33)}»\n`,
        },
      },
    ],
    good: [
      {
        title: 'the anonymous key, public by design',
        head: { 'src/a.ts': `createClient(url, '${sampleSupabaseToken({ role: 'anon' }, 34)}');` },
      },
      {
        title: 'the publishable key',
        head: { 'src/a.ts': `createClient(url, 'sb_publishable_${sample(22, 35)}_${sample(8, 36)}');` },
      },
      {
        title: 'the key of every local stack',
        head: {
          'a.env': `SERVICE_ROLE_KEY=${sampleSupabaseToken({ iss: 'supabase-demo', role: 'service_role' }, 37)}\n`,
        },
      },
      {
        title: 'a token signed with the published secret of the local stack',
        head: { 'a.env': `KEY=${localToken()}\n` },
      },
    ],
  }),
});

/** As the guide for self-hosting prints it, with the secret that it tells everybody to replace. */
function localToken(): string {
  const signed = `${encoded({ alg: 'HS256', typ: 'JWT' })}.${encoded({ iss: 'supabase', role: 'service_role' })}`;
  const signature = createHmac('sha256', 'your-super-secret-jwt-token-with-at-least-32-characters-long').update(signed);
  return `${signed}.${signature.digest('base64url')}`;
}
