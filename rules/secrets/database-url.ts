import { defineRule } from '../../src/core/rule.ts';
import { sample } from '../../src/core/sample.ts';
import { credentials } from '../../src/facts/credentials/credentials.ts';
import { holds } from './_format.ts';

export default defineRule({
  id: 'secrets/database-url',
  title: 'Do not commit a database URL with its password',
  why: 'Whoever reads the line can connect to the database or queue and read, change or delete what is in it.',
  instead: 'Change the password on the server, and read the URL from the environment or a store of secrets.',
  severity: 'error',
  sources: ['https://www.postgresql.org/docs/current/libpq-connect.html'],
  options: (z) =>
    z.strictObject({
      hosts: z
        .array(z.string().regex(/^(?:\*\.)?[\w.-]{1,253}$/, 'Expected a host, or "*." and a domain.'))
        .default([])
        .describe('Hosts whose passwords everybody may know, such as "db.dev.acme.io" or "*.test.acme.io".'),
    }),

  over: credentials,
  *check(candidate, { options, now }) {
    if (candidate.rule !== 'secrets/database-url') return;
    const host = candidate.host?.split('://')[1] ?? '';
    const known = options.hosts.map((name) => name.toLowerCase());
    if (known.some((name) => host === name || (name.startsWith('*.') && host.endsWith(name.slice(1))))) return;
    yield holds(candidate, now);
  },

  get examples() {
    const url = (seed: number, host = 'db.acme.io') => `postgres://app:«${sample(16, seed)}»@${host}/app\n`;
    const harmless = (seed: number, host: string) => url(seed, host).replace(/[«»]/g, '');
    return {
      bad: [
        { head: { '.env': `# Settings\nDATABASE_URL=${url(1)}` } },
        {
          title: 'signs that nobody escaped: the user information ends at the last @',
          head: { 'a.ts': `connect('postgres://app:«p@ss/${sample(6, 2)}#1»@db.acme.io/app');` },
        },
        {
          title: 'a driver in the scheme, several hosts; no user; a field of JDBC',
          head: {
            'a.py': `url = "mongodb+srv://app:«${sample(9, 3)}»@a.acme.io,b.acme.io/app"`,
            'b.yml': `url: rediss://:«${sample(32, 4)}»@cache.acme.io:6379\n`,
            'c.xml': `<url>jdbc:postgresql://db.acme.io/app?user=app&amp;password=«${sample(12, 7)}»</url>`,
          },
        },
        { title: 'two passwords for one host', head: { 'a.txt': url(5) + url(6) } },
      ],
      good: [
        {
          title: 'machines of development',
          head: {
            'a.yml': `a: ${harmless(11, 'postgres:5432')}b: ${harmless(12, 'localhost')}c: ${harmless(13, 'host.docker.internal')}`,
          },
        },
        {
          title: 'stand-ins for a password',
          head: {
            'a.md':
              'postgres://app:<password>@db.acme.io/app postgres://app:***@db.acme.io mysql://app:password@db.acme.io ' +
              'postgresql://postgres:[YOUR-PASSWORD]@db.acme.io/postgres mongodb+srv://user:mysecretpassword@a.acme.io ' +
              'postgres://user:pass@host:5432/db postgres://app:app@db.acme.io redis://:{{ password }}@cache.acme.io',
            'a.ts':
              'const url = `postgres://${user}:${word}@db.acme.io`, other = `postgres://app:${env.WORD}@${host}`;\n',
            'a.py': 'url = "postgres://%s:%s@db.acme.io" % pair\nurl = f"postgres://{user}:{word}@db.acme.io"\n',
          },
        },
        {
          title: 'no user information',
          head: {
            'a.txt': 'postgres://db.acme.io:5432/app?mail=a:b@acme.io redis://cache.acme.io/0 mysql://app@db.acme.io',
          },
        },
        { options: { hosts: ['*.test.acme.io'] }, head: { '.env': harmless(16, 'db.test.acme.io') } },
      ],
    };
  },
});
