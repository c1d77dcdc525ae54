import { hex } from '../../src/facts/credentials/alphabets.ts';
import { secretRule } from './_format.ts';

export default secretRule({
  id: 'secrets/sentry-token',
  title: 'Do not commit a Sentry token',
  why: 'Whoever holds it reads error reports, which hold data of users, and uploads source maps and releases.',
  instead: 'Revoke it in Sentry under Settings > Auth Tokens and issue a new one; a DSN is public and may stay.',
  sources: ['https://docs.sentry.io/account/auth-tokens/'],

  examples: () => ({
    good: [
      {
        title: 'a DSN, which is public',
        head: { 'src/a.ts': `init({ dsn: 'https://${hex(32, 31)}@o447951.ingest.sentry.io/5428537' });\n` },
      },
    ],
  }),
});
