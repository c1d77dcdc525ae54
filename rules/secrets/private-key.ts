import { sample } from '../../src/core/sample.ts';
import { samplePem } from '../../src/facts/credentials/formats/keys.ts';
import { secretRule } from './_format.ts';

export default secretRule({
  id: 'secrets/private-key',
  title: 'Do not commit a private key',
  why: 'Whoever holds it can sign, decrypt or log in as its owner wherever the public half is trusted.',
  instead:
    'Make a new pair, take the old public key out of every place that trusts it, and keep the private half outside the repository.',
  sources: ['https://datatracker.ietf.org/doc/html/rfc7468'],

  examples: () => ({
    bad: [
      {
        title: 'on one line, its line ends written',
        head: { 'a.json': `{ "key": "«${samplePem(31, '\\n')}»" }`, '.env': `KEY="«${samplePem(32, '\\n')}»"\n` },
      },
      {
        title: 'indented, in YAML',
        head: { 'a.yaml': `tls:\n  key: |\n    «${samplePem(33, '\n    ')}»\n` },
      },
      {
        title: 'a body changed in place',
        base: { 'a.pem': samplePem(34) },
        head: { 'a.pem': `«${samplePem(35)}»` },
      },
      {
        title: 'one that a passphrase protects: worth a warning',
        head: {
          'a.pem': `«-----BEGIN ENCRYPTED PRIVATE KEY-----\nMII${sample(300, 36)}\n-----END ENCRYPTED PRIVATE KEY-----»\n`,
        },
      },
    ],
    good: [
      {
        title: 'a public key and a certificate',
        head: {
          'a.pub': `-----BEGIN PUBLIC KEY-----\nMII${sample(300, 37)}\n-----END PUBLIC KEY-----\n`,
          'a.crt': `-----BEGIN CERTIFICATE-----\nMII${sample(300, 38)}\n-----END CERTIFICATE-----\n`,
        },
      },
      {
        title: 'a header that code looks for, and a body left out',
        head: {
          'a.ts': `if (text.startsWith('-----BEGIN RSA PRIVATE KEY-----')) parse(text, '-----END RSA PRIVATE KEY-----');\n`,
          'README.md': '-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG9w0B...\n-----END PRIVATE KEY-----\n',
          'a.md': `-----BEGIN PRIVATE KEY-----\n${'x'.repeat(64)}\n-----END PRIVATE KEY-----\n`,
        },
      },
      {
        title: 'a key that was there before',
        base: { 'a.txt': `${samplePem(39)}\nold\n` },
        head: { 'a.txt': `${samplePem(39)}\nnew\n` },
      },
    ],
  }),
});
