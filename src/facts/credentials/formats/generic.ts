import { sample } from '../../../core/sample.ts';
import { encoded, hex, LOWER } from '../alphabets.ts';
import { connectionFieldAt, loginInUrlAt } from '../connection.ts';
import type { Format } from '../format.ts';
import { assignedSecretAt } from '../generic.ts';
import { authorizationAt, curlLoginAt, netrcAt } from '../http-login.ts';
import { signedTokenAt } from '../jwt.ts';
import { secretManifestAt } from '../kubernetes.ts';
import { services } from '../services.ts';
import { isPublicKeyOfTests, mnemonicAt } from '../wallet.ts';

const login = 'secrets/inline-login';
const { account } = services;

const QUALIFIERS =
  'api access private secret encryption encrypt signing sign auth master session jwt app application account service webhook client crypt hmac shared license deploy admin';

/** What is nobody's form: it is known by what stands around it. The last of the list, so that any form of its own goes first. */
export const generic: readonly Format[] = [
  {
    id: 'connection-string',
    rule: 'secrets/database-url',
    names: 'the password of a connection string',
    service: services.databaseServer,
    keywords: ['password=', 'pwd=', 'password ='],
    anyCase: true,
    find: connectionFieldAt,
    sample: () => `"Server=tcp:db.acme.io,1433;Database=app;User ID=app;Password=«${sample(16, 2)}»;Encrypt=true"`,
  },
  {
    id: 'url-login',
    rule: login,
    names: 'the password of a login in a URL',
    service: account,
    keywords: ['://'],
    find: loginInUrlAt,
    sample: () => `https://deploy:«${sample(20, 3)}»@nexus.acme.io/repository`,
  },
  {
    id: 'authorization-header',
    rule: login,
    names: 'the value of an Authorization header',
    service: account,
    keywords: ['authorization'],
    anyCase: true,
    find: authorizationAt,
    sample: () => `Authorization: Bearer «${sample(40, 4)}»`,
  },
  {
    id: 'curl-login',
    rule: login,
    names: "the password of curl's option -u",
    service: account,
    keywords: ['curl '],
    find: curlLoginAt,
    sample: () => `curl -fsS -u "ci:«${sample(18, 5)}»" https://nexus.acme.io/`,
  },
  {
    id: 'netrc-line',
    rule: login,
    names: 'the password of a machine in a netrc line',
    service: account,
    keywords: ['machine '],
    find: netrcAt,
    sample: () => `machine git.acme.io login ci password «${sample(20, 6)}»`,
  },
  {
    id: 'jwt',
    rule: 'secrets/signed-token',
    names: 'a signed token (JWT)',
    service: services.issuer,
    keywords: ['eyJ'],
    find: signedTokenAt,
    left: 'dotted',
    sample: () =>
      `${encoded({ alg: 'RS256', typ: 'JWT' })}.${encoded({ iss: 'acme', sub: sample(20, 7), exp: 2015576000 })}.${sample(86, 8)}`,
  },
  {
    id: 'wallet-private-key',
    rule: 'secrets/wallet-key',
    names: 'the private key of a wallet',
    service: services.wallet,
    keywords: ['private_key', 'privatekey', 'private-key', 'deployer_key', 'wallet_key', 'walletkey', 'deployerkey'],
    name: /(?:private|deployer|wallet)key$/,
    value: /(?:0x)?[0-9a-fA-F]{64}(?![\w-])/y,
    weigh: (secret) => (isPublicKeyOfTests(secret) ? 'harmless' : {}),
    sample: () => `DEPLOYER_PRIVATE_KEY=«0x${hex(64, 9)}»`,
  },
  {
    id: 'wallet-mnemonic',
    rule: 'secrets/wallet-key',
    names: 'the words from which the keys of a wallet are made',
    service: services.wallet,
    keywords: ['mnemonic', 'seed_phrase', 'seedphrase', 'seed-phrase', 'recovery_phrase', 'recoveryphrase'],
    anyCase: true,
    find: mnemonicAt,
    sample: () =>
      `MNEMONIC="«${Array.from({ length: 12 }, (_, at) => sample(4 + (at % 4), at + 1, 'abcdefghiklmnoprstuvw')).join(' ')}»"`,
  },
  {
    id: 'kubernetes-secret',
    rule: 'secrets/kubernetes-secret',
    names: 'the value of a Kubernetes Secret',
    service: services.kubernetes,
    keywords: ['kind: Secret\n', 'kind: Secret\r\n', 'kind: "Secret"'],
    find: secretManifestAt,
    sample: () =>
      `apiVersion: v1\nkind: Secret\nmetadata:\n  name: app\ndata:\n  password: «${Buffer.from(sample(18, 10)).toString('base64')}»\n`,
  },
  {
    id: 'password-hash',
    rule: 'secrets/password-hash',
    names: 'the hash of a password',
    service: account,
    keywords: ['$2y$', '$2a$', '$2b$', '$apr1$', '$6$'],
    expression:
      /\$(?:2[aby]\$\d\d\$[./A-Za-z0-9]{53}|apr1\$[./A-Za-z0-9]{1,8}\$[./A-Za-z0-9]{22}|6\$(?:rounds=\d{1,9}\$)?[./A-Za-z0-9]{1,16}\$[./A-Za-z0-9]{86})(?![./A-Za-z0-9])/y,
    left: 'base64',
    sample: () => `$2b$12$${sample(53, 11)}`,
  },
  {
    id: 'assigned-secret',
    rule: 'secrets/generic-secret',
    names: 'a secret: the value of a name that says so',
    service: account,
    keywords: [
      ...['secret', 'token', 'passw', 'passphrase', 'passcode', 'pwd', 'credential', '_pass', 'pass='],
      ...QUALIFIERS.split(' ').flatMap((word) => ['', '_', '-'].map((joint) => `${word}${joint}key`)),
    ],
    anyCase: true,
    find: assignedSecretAt,
    sample: () => `SESSION_SECRET="«${sample(32, 12, `${LOWER}ABCDEFGHIJKLMNOPQRSTUVWXYZ`)}»"`,
  },
];
