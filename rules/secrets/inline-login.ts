import { sample } from '../../src/core/sample.ts';
import { secretRule } from './_format.ts';

export default secretRule({
  id: 'secrets/inline-login',
  title: 'Do not commit a login in a URL, a header or a command',
  why: 'Whoever reads the line can log in as that user, and shells, proxies and logs keep such lines for long.',
  instead:
    'Change the password or token where it was issued, and let the command read it from the environment or a netrc file.',
  guesses: true,
  sources: ['https://www.rfc-editor.org/rfc/rfc3986#section-3.2.1'],

  examples: () => ({
    bad: [
      {
        title: 'an object of headers, and a basic login',
        head: {
          'src/a.ts': `fetch(url, { headers: { Authorization: 'Bearer «${sample(40, 31)}»' } });\n`,
          'deploy.sh': `curl -H "Authorization: Basic «${Buffer.from(`ci:${sample(18, 32)}`).toString('base64')}»" https://a.acme.io\n`,
        },
      },
      {
        title: 'in a test, where the policy asks for what may be none',
        options: { unsure: true },
        head: { 'test/a.test.ts': `open('https://ci:«${sample(16, 33)}»@nexus.acme.io/');\n` },
      },
    ],
    good: [
      {
        title: 'variables and stand-ins',
        head: {
          'a.sh':
            'curl -u "$USER:$PASSWORD" https://a.acme.io\ncurl -H "Authorization: Bearer ${TOKEN}" https://a.acme.io\n' +
            'git clone https://user:password@example.com/a.git\ngit clone https://x-access-token:$TOKEN@github.com/a/b\n',
          'a.ts': 'fetch(url, { headers: { Authorization: `Bearer ${token}` } });\n',
        },
      },
      { title: 'no login at all', head: { 'a.md': 'See https://medium.com/@acme:about and http://[::1]:80/@x.\n' } },
    ],
  }),
});
