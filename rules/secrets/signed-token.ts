import { sample } from '../../src/core/sample.ts';
import { encoded } from '../../src/facts/credentials/alphabets.ts';
import { secretRule } from './_format.ts';

const token = (claims: Readonly<Record<string, unknown>>, seed: number) =>
  `${encoded({ alg: 'HS256', typ: 'JWT' })}.${encoded(claims)}.${sample(43, seed)}`;

export default secretRule({
  id: 'secrets/signed-token',
  title: 'Do not commit a signed token (JWT)',
  why: 'Until it expires, whoever holds it is taken for its subject; many never expire.',
  instead: 'End the session or rotate the signing key at its issuer, and fetch a token when it is needed.',
  severity: 'warning',
  guesses: true,
  whenExpired: 'silent',
  sources: ['https://www.rfc-editor.org/rfc/rfc7519'],

  examples: () => ({
    bad: [
      { title: 'one that never expires', head: { 'src/a.ts': `const session = '«${token({ uid: 4711 }, 31)}»';\n` } },
    ],
    good: [
      {
        title: 'one that has expired',
        head: { 'src/a.ts': `const old = '${token({ uid: 4711, exp: 1700000000 }, 32)}';\n` },
      },
      {
        title: "a manual's example",
        head: { 'src/a.ts': `const old = '${token({ sub: '1234567890', name: 'John Doe' }, 33)}';\n` },
      },
      {
        title: 'an anonymous role, public by design',
        head: { 'src/a.ts': `const key = '${token({ role: 'anon' }, 34)}';\n` },
      },
      { title: 'in a test', head: { 'test/a.test.ts': `const session = '${token({ uid: 4711 }, 35)}';\n` } },
    ],
  }),
});
