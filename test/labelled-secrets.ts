import { createHash } from 'node:crypto';
import { crc32, crc32Base62 } from '../src/facts/credentials/checksum.ts';

/** A file with one secret in it, or with none that anybody could use. Made by code, and the same for the same seed. */
export interface Case {
  readonly label: 'provider' | 'generic' | 'none';
  /** What it is made of, for the list of those that were missed: "github pat in yaml". */
  readonly about: string;
  readonly path: string;
  readonly text: string;
  /** What must be found, wholly or in part. */
  readonly secret?: string;
}

/** A generator of numbers below 1 (mulberry32): not the one that the formats' own samples are made with. */
function numbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const ALPHABETS: Readonly<Record<string, string>> = {
  a: 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789',
  b: 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_',
  B: 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/',
  h: '0123456789abcdef',
  H: '0123456789ABCDEF',
  l: 'abcdefghijklmnopqrstuvwxyz0123456789',
  u: 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789',
  d: '0123456789',
  s: 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567',
  t: 'abcdefghijklmnopqrstuvwxyz234567',
  z: 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ',
};

export class Maker {
  readonly #next: () => number;
  constructor(seed: number) {
    this.#next = numbers(seed);
  }
  upTo = (bound: number): number => Math.floor(this.#next() * bound);
  one = <T>(list: readonly T[]): T => list[this.upTo(list.length)]!;
  run = (alphabet: string, length: number): string =>
    Array.from({ length }, () => ALPHABETS[alphabet]![this.upTo(ALPHABETS[alphabet]!.length)]).join('');
  uuid = (): string => [8, 4, 4, 4, 12].map((length) => this.run('h', length)).join('-');
  /** "ghp_{a30}": each brace is a run of an alphabet; `{uuid}`, `{jwt}` and `{b64:text}` are what they say. */
  fill = (form: string): string =>
    form
      .replace(/\{uuid\}/g, () => this.uuid())
      .replace(/\{([a-zA-Z])(\d+)\}/g, (_, alphabet: string, length: string) => this.run(alphabet, Number(length)));
}

const base64url = (text: string): string => Buffer.from(text).toString('base64url');
const jwt = (make: Maker, claims: object, alg = 'HS256'): string =>
  [base64url(JSON.stringify({ alg, typ: 'JWT' })), base64url(JSON.stringify(claims)), make.run('b', 43)].join('.');

const withCrc = (prefix: string, length: number) => (make: Maker) => {
  const body = make.run('a', length);
  return `${prefix}${body}${crc32Base62(body)}`;
};

function fineGrained(make: Maker): string {
  const covered = make.fill('github_pat_{a22}_{a43}');
  const digest = createHash('sha256').update(covered).digest();
  const bits = [...digest.subarray(0, 5)].map((byte) => byte.toString(2).padStart(8, '0')).join('');
  const sum = bits.match(/.{5}/g)!.map((five) => ALPHABETS['s']![Number.parseInt(five, 2)]);
  return `${covered}${sum.join('')}${make.run('a', 8)}`;
}

function routable(make: Maker): string {
  const body = make.run('b', 36);
  const covered = `glpat-${body}.01.${body.length.toString(36).padStart(2, '0')}`;
  return covered + crc32(covered).toString(36).padStart(7, '0');
}

/** Name that it would have in a file of settings, and how its maker writes it, from the makers' own pages. */
const PROVIDERS: readonly (readonly [name: string, form: string | ((make: Maker) => string)])[] = [
  ['GITHUB_TOKEN', withCrc('ghp_', 30)],
  ['GH_OAUTH', withCrc('gho_', 30)],
  ['GH_USER', withCrc('ghu_', 30)],
  ['GH_REFRESH', withCrc('ghr_', 70)],
  ['GH_FINE', fineGrained],
  ['GH_APP', 'ghs_{a36}'],
  ['GH_APP', (make) => `ghs_${make.run('d', 7)}_${jwt(make, { iss: 'github', sub: make.run('a', 16) }, 'RS256')}`],
  ['NPM_TOKEN', withCrc('npm_', 30)],
  ['VERCEL_TOKEN', withCrc('vcp_', 50)],
  ['GITLAB_TOKEN', 'glpat-{b20}'],
  ['GITLAB_TOKEN', routable],
  ['GITLAB_DEPLOY', 'gldt-{b20}'],
  ['GITLAB_RUNNER', 'glrt-{b20}'],
  ['GITLAB_TRIGGER', 'glptt-{h40}'],
  ['AWS_ACCESS_KEY_ID', 'AKIA{s16}'],
  ['AWS_SECRET_ACCESS_KEY', '{B40}'],
  ['GEMINI_API_KEY', 'AIza{b35}'],
  ['GOOGLE_CLIENT_SECRET', 'GOCSPX-{b28}'],
  ['AZURE_CLIENT_SECRET', '{a3}8Q~{a34}'],
  ['AZURE_STORAGE_ACCOUNT_KEY', '{B86}=='],
  ['AZURE_OPENAI_KEY', '{a52}JQQJ99BA{a3}AC{a11}AAAB{a4}'],
  ['AZURE_DEVOPS_PAT', '{a76}AZDO{a4}'],
  ['OPENAI_API_KEY', 'sk-proj-{b74}T3BlbkFJ{b74}'],
  ['OPENAI_API_KEY', 'sk-{a20}T3BlbkFJ{a20}'],
  ['ANTHROPIC_API_KEY', 'sk-ant-api03-{b93}AA'],
  ['HF_TOKEN', 'hf_{z34}'],
  ['OPENROUTER_API_KEY', 'sk-or-v1-{h64}'],
  ['GROQ_API_KEY', 'gsk_{a20}WGdyb3FY{a24}'],
  ['XAI_API_KEY', 'xai-{a80}'],
  ['PERPLEXITY_API_KEY', 'pplx-{a48}'],
  ['REPLICATE_API_TOKEN', 'r8_{a37}'],
  ['NVIDIA_API_KEY', 'nvapi-{b64}'],
  ['DEEPSEEK_API_KEY', 'sk-{h32}'],
  ['MISTRAL_API_KEY', '{a32}'],
  ['COHERE_API_KEY', '{a40}'],
  ['MOONSHOT_API_KEY', 'sk-{a48}'],
  ['PINECONE_API_KEY', 'pcsk_{a6}_{a63}'],
  ['LANGSMITH_API_KEY', 'lsv2_pt_{h32}_{h10}'],
  ['LANGFUSE_SECRET_KEY', 'sk-lf-{uuid}'],
  ['ELEVENLABS_API_KEY', 'sk_{h48}'],
  ['WANDB_API_KEY', '{h40}'],
  ['STRIPE_SECRET_KEY', 'sk_live_51{a97}'],
  ['STRIPE_RESTRICTED', 'rk_live_51{a97}'],
  ['PAYSTACK_SECRET', 'sk_live_{h40}'],
  ['SQUARE_TOKEN', 'sq0atp-{b22}'],
  ['BRAINTREE_TOKEN', 'access_token$production${l16}${h32}'],
  ['SHOPIFY_TOKEN', 'shpat_{h32}'],
  ['PLAID_TOKEN', 'access-production-{uuid}'],
  ['MOLLIE_API_KEY', 'live_{a30}'],
  ['RAZORPAY_KEY_SECRET', '{a24}'],
  ['PADDLE_KEY', 'pdl_live_apikey_{l26}_{a22}_{a3}'],
  ['POLAR_TOKEN', 'polar_oat_{b43}'],
  ['SLACK_BOT_TOKEN', 'xoxb-{d12}-{d13}-{a24}'],
  ['SLACK_USER_TOKEN', 'xoxp-{d12}-{d12}-{d12}-{h32}'],
  ['SLACK_APP_TOKEN', 'xapp-1-A{u10}-{d13}-{h64}'],
  ['SLACK_WEBHOOK', 'https://hooks.slack.com/services/T{u10}/B{u10}/{a24}'],
  ['TELEGRAM_BOT_TOKEN', '7{d9}:AA{b33}'],
  ['DISCORD_WEBHOOK', 'https://discord.com/api/webhooks/{d18}/{b68}'],
  ['DISCORD_BOT_TOKEN', (make) => `${base64url(`9${make.run('d', 17)}`)}.${make.run('b', 6)}.${make.run('b', 38)}`],
  ['PYPI_TOKEN', 'pypi-AgEIcHlwaS5vcmc{b150}'],
  ['RUBYGEMS_KEY', 'rubygems_{h48}'],
  ['CARGO_TOKEN', 'cio{a32}'],
  ['NUGET_KEY', 'oy2{l43}'],
  ['DOCKER_TOKEN', 'dckr_pat_{b27}'],
  ['ARTIFACTORY_KEY', 'AKCp8{a68}'],
  ['DO_TOKEN', 'dop_v1_{h64}'],
  ['CLOUDFLARE_API_TOKEN', '{b40}'],
  ['CLOUDFLARE_API_TOKEN', 'cfut_{a40}{h8}'],
  ['FLY_API_TOKEN', 'fm2_lJPECAAAAAAA{B180}'],
  ['NETLIFY_TOKEN', 'nfp_{a36}'],
  ['RENDER_KEY', 'rnd_{a28}'],
  ['HEROKU_API_KEY', '{uuid}'],
  ['HEROKU_API_KEY', 'HRKU-AA{b58}'],
  ['HCLOUD_TOKEN', '{a64}'],
  ['LINODE_TOKEN', '{h64}'],
  ['TAILSCALE_KEY', 'tskey-auth-k{a10}CNTRL-{a32}'],
  [
    'SUPABASE_SERVICE_KEY',
    (make) =>
      jwt(make, { iss: 'supabase', ref: make.run('l', 20), role: 'service_role', iat: 1700000000, exp: 2015576000 }),
  ],
  ['SUPABASE_SECRET_KEY', 'sb_secret_{b22}_{b8}'],
  ['SUPABASE_ACCESS_TOKEN', 'sbp_{h40}'],
  ['NEON_API_KEY', 'napi_{l64}'],
  ['PLANETSCALE_PASSWORD', 'pscale_pw_{b43}'],
  ['DATABRICKS_TOKEN', 'dapi{h32}'],
  ['MONGODB_ATLAS', 'mdb_sa_sk_{b40}'],
  ['INFLUXDB_TOKEN', '{b86}=='],
  ['UPSTASH_REDIS_REST_TOKEN', 'A{a59}'],
  ['VAULT_TOKEN', 'hvs.{b95}'],
  ['TFC_TOKEN', '{a14}.atlasv1.{a67}'],
  ['PULUMI_TOKEN', 'pul-{h40}'],
  ['DOPPLER_TOKEN', 'dp.pt.{a43}'],
  ['SENDGRID_API_KEY', 'SG.{b22}.{b43}'],
  ['MAILGUN_API_KEY', '{h32}-{h8}-{h8}'],
  ['MAILCHIMP_KEY', '{h32}-us12'],
  ['BREVO_KEY', 'xkeysib-{h64}-{a16}'],
  ['RESEND_API_KEY', 're_{a8}_{a24}'],
  ['TWILIO_AUTH_TOKEN', '{h32}'],
  ['POSTMARK_SERVER_TOKEN', '{uuid}'],
  ['GRAFANA_TOKEN', 'glsa_{a32}_{h8}'],
  ['SENTRY_AUTH_TOKEN', 'sntryu_{h64}'],
  ['NEW_RELIC_KEY', 'NRAK-{u27}'],
  ['DD_API_KEY', '{h32}'],
  ['HONEYCOMB_KEY', 'hcaik_{l58}'],
  ['DYNATRACE_TOKEN', 'dt0c01.{s24}.{s64}'],
  ['POSTHOG_KEY', 'phx_{a43}'],
  ['PAGERDUTY_API_KEY', 'u+{b18}'],
  ['CIRCLE_TOKEN', 'CCIPAT_{a22}_{h40}'],
  ['BUILDKITE_TOKEN', 'bkua_{h40}'],
  ['SONAR_TOKEN', 'squ_{h40}'],
  ['SNYK_TOKEN', '{uuid}'],
  ['SOURCEGRAPH', 'sgp_{h16}_{h40}'],
  ['NOTION_TOKEN', 'ntn_{d11}{a35}'],
  ['LINEAR_API_KEY', 'lin_api_{a40}'],
  ['AIRTABLE_PAT', 'pat{a14}.{h64}'],
  ['ATLASSIAN_TOKEN', 'ATATT3xFfGF0{b170}={H8}'],
  ['FIGMA_TOKEN', 'figd_{b40}'],
  ['HUBSPOT_TOKEN', 'pat-na1-{uuid}'],
  ['ASANA_TOKEN', '2/12{d14}/12{d14}:{h32}'],
  ['POSTMAN_KEY', 'PMAK-{h24}-{h34}'],
  ['OKTA_API_TOKEN', '00{b40}'],
  ['CLERK_SECRET_KEY', 'sk_live_{a42}'],
  ['TYPEFORM_TOKEN', 'tfp_{a44}_{a13}'],
  [
    'AGE_KEY',
    (make) =>
      `AGE-SECRET-KEY-1${Array.from({ length: 58 }, () => make.one([...'QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L'])).join('')}`,
  ],
  ['DATABASE_URL', 'postgresql://app:{a18}@db-7.acme.io:5432/shop'],
  ['REDIS_URL', 'rediss://default:{a32}@cache.acme.io:6380/0'],
  ['MONGO_URL', 'mongodb+srv://svc:{a14}@cluster0.mx3kd.mongodb.net/app?retryWrites=true'],
];

const camel = (name: string): string =>
  name.toLowerCase().replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());

/** How people write a name and its value. `code`: in a source file, quoted. */
const SETTINGS: readonly (readonly [path: string, write: (name: string, value: string) => string])[] = [
  ['deploy/.env.production', (name, value) => `# Settings of the shop\nLOG_LEVEL=info\n${name}=${value}\nPORT=3000\n`],
  ['ops/env.sh', (name, value) => `#!/bin/sh\nset -eu\nexport ${name}="${value}"\nexec node server.js\n`],
  ['config/app.yml', (name, value) => `app:\n  name: shop\n  ${name.toLowerCase()}: ${value}\n  retries: 3\n`],
  [
    'charts/values.yaml',
    (name, value) => `env:\n  - name: ${name}\n    value: x\nsecrets:\n  ${camel(name)}: "${value}"\n`,
  ],
  [
    'config/app.json',
    (name, value) => `{\n  "host": "shop.acme.io",\n  "${camel(name)}": "${value}",\n  "debug": false\n}\n`,
  ],
  ['Dockerfile', (name, value) => `FROM node:24-slim\nWORKDIR /app\nENV ${name}=${value}\nCMD ["node", "main.js"]\n`],
  ['infra/main.tfvars', (name, value) => `region = "eu-west-1"\n${name.toLowerCase()} = "${value}"\n`],
  ['config.toml', (name, value) => `[shop]\n${name.toLowerCase()} = '${value}'\n`],
  ['app.ini', (name, value) => `[default]\n; of the shop\n${name.toLowerCase()} = ${value}\n`],
  [
    'src/main/resources/application.properties',
    (name, value) => `server.port=8080\nshop.${name.toLowerCase().replaceAll('_', '.')}=${value}\n`,
  ],
  [
    '.github/workflows/ci.yml',
    (name, value) => `jobs:\n  test:\n    steps:\n      - run: npm test\n        env:\n          ${name}: ${value}\n`,
  ],
];
const CODE: typeof SETTINGS = [
  [
    'src/client.ts',
    (name, value) =>
      `import { connect } from './net.ts';\n\nexport const ${camel(name)} = '${value}';\nconnect({ retries: 3 });\n`,
  ],
  ['src/settings.js', (name, value) => `module.exports = {\n  timeout: 3000,\n  ${camel(name)}: "${value}",\n};\n`],
  ['app/settings.py', (name, value) => `import os\n\nDEBUG = False\n${name} = "${value}"\nTIMEOUT = 30\n`],
  [
    'app/tasks.py',
    (name, value) =>
      `def run():\n    headers = {}\n    ${name.toLowerCase()} = '${value}'  # until the vault is there\n    return headers\n`,
  ],
  ['cmd/main.go', (name, value) => `package main\n\nconst ${camel(name)} = "${value}"\n\nfunc main() {}\n`],
  ['src/Main.java', (name, value) => `class Main {\n  private static final String ${name} = "${value}";\n}\n`],
  ['lib/client.rb', (name, value) => `class Client\n  ${name} = '${value}'.freeze\nend\n`],
  ['src/Client.php', (name, value) => `<?php\nreturn ['timeout' => 3, '${name.toLowerCase()}' => '${value}'];\n`],
  ['src/Client.cs', (name, value) => `class Client {\n    private const string ${name} = "${value}";\n}\n`],
  ['src/lib.rs', (name, value) => `const ${name}: &str = "${value}";\nfn main() {}\n`],
  ['src/Client.kt', (name, value) => `object Client {\n    const val ${name} = "${value}"\n}\n`],
  ['ios/Client.swift', (name, value) => `struct Client {\n    let ${camel(name)} = "${value}"\n}\n`],
];

const GENERIC_NAMES = [
  'DB_PASSWORD',
  'SMTP_PASSWORD',
  'ADMIN_PASSWORD',
  'POSTGRES_PASSWORD',
  'KEYSTORE_PASSWORD',
  'SESSION_SECRET',
  'JWT_SECRET',
  'COOKIE_SECRET',
  'CLIENT_SECRET',
  'WEBHOOK_SECRET',
  'ENCRYPTION_KEY',
  'SIGNING_KEY',
  'INTERNAL_API_KEY',
  'ACCESS_TOKEN',
  'AUTH_TOKEN',
  'DEPLOY_TOKEN',
  'SERVICE_TOKEN',
  'MASTER_KEY',
  'API_SECRET',
  'REFRESH_TOKEN',
];
const WORDS =
  'Winter Harbour Falcon Copper Marble Orchid Thunder Meadow Lantern Pepper Saturn Velvet Glacier Walnut Comet'.split(
    ' ',
  );

/** What such names are given: mostly what a generator made, one in five what a person did. */
function genericValue(make: Maker, name: string): string {
  const password = /PASSWORD/.test(name);
  const kind = make.upTo(10);
  if (password && kind < 3)
    return `${make.one(WORDS)}${make.one(['!', '#', '$', '%', '-'])}${make.run('d', 4)}${make.one(['', '!', '?'])}`;
  if (password && kind < 7) return make.run('b', 10) + make.one(['!', '%', '*', '+', '~', '']) + make.run('a', 5);
  return make.one([
    () => make.run('a', 24 + make.upTo(24)),
    () => make.run('h', make.one([32, 40, 48, 64])),
    () => `${make.run('B', 43)}=`,
    () => make.run('b', 32 + make.upTo(16)),
    () => make.run('l', 32),
  ])();
}

const generic = (make: Maker, index: number): Case => {
  const special = index % 8;
  if (special === 0) {
    const password = make.run('a', 14);
    const [about, path, text] = make.one([
      ['url', 'ops/mirror.sh', `git clone https://ci:${password}@git.acme.io/shop.git\n`],
      [
        'header',
        'src/call.ts',
        `await fetch(url, { headers: { Authorization: 'Bearer ${password + make.run('a', 26)}' } });\n`,
      ],
      ['curl', 'ops/ping.sh', `curl -sf -u monitor:${password}X7 https://status.acme.io/health\n`],
      [
        'ado.net',
        'web/appsettings.json',
        `{ "Default": "Server=sql.acme.io;Database=shop;User Id=shop;Password=${password};" }\n`,
      ],
      ['netrc', 'ops/setup.sh', `echo "machine git.acme.io login ci password ${password}9q" >> ~/.netrc\n`],
    ] as const);
    return { label: 'generic', about, path, text, secret: password };
  }
  const name = make.one(GENERIC_NAMES);
  const value = genericValue(make, name);
  const [path, write] = make.one(special < 4 ? CODE : SETTINGS);
  return { label: 'generic', about: `${name} in ${path}`, path, text: write(name, value), secret: value };
};

/** Nothing of this opens anything. */
const HARMLESS: readonly ((make: Maker) => readonly [about: string, path: string, text: string])[] = [
  (make) => [
    'stand-in',
    'config/app.yml',
    `token: ${make.one(['ghp_', 'glpat-', 'sk_live_', 'xoxb-', 'npm_', 'hf_', 'SG.', 'sk-ant-api03-'])}${make.one(['xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx', '<your-token>', 'YOUR_TOKEN_HERE', '...', '${TOKEN}', '0000000000000000000000000000000000000'])}\n`,
  ],
  (make) => [
    'variable',
    'src/a.ts',
    `const ${make.one(['token', 'apiKey', 'password', 'secret'])} = ${make.one(['process.env.TOKEN', 'config.get("token")', 'await vault.read("db/creds")', 'import.meta.env.VITE_KEY', 'ctx.secrets.apiKey'])};\n`,
  ],
  (make) => [
    'workflow',
    '.github/workflows/a.yml',
    `env:\n  NPM_TOKEN: \${{ secrets.NPM_TOKEN }}\n  ID: ${make.uuid()}\n  SHA: ${make.run('h', 40)}\n`,
  ],
  (make) => [
    'lock file',
    'package-lock.json',
    `"node_modules/a": { "resolved": "https://registry.npmjs.org/a.tgz", "integrity": "sha512-${make.run('B', 86)}==" }\n`,
  ],
  (make) => [
    'lock file',
    'yarn.lock',
    `"a@^1.0.0":\n  resolved "https://r.acme.io/a.tgz#${make.run('h', 40)}"\n  token "${make.run('a', 40)}"\n`,
  ],
  (make) => ['go.sum', 'go.sum', `github.com/a/token v1.2.3 h1:${make.run('B', 43)}=\n`],
  (make) => [
    'digest',
    'src/a.py',
    `EXPECTED_SHA256 = "${make.run('h', 64)}"\nCOMMIT = "${make.run('h', 40)}"\npassword_hash = "${make.run('h', 64)}"\n`,
  ],
  (make) => [
    'ids',
    'config/a.json',
    `{ "clientId": "${make.uuid()}", "tokenId": "${make.uuid()}", "keyId": "${make.run('a', 20)}", "apiKeyName": "${make.run('a', 22)}" }\n`,
  ],
  (make) => [
    'public key',
    'src/a.ts',
    `export const publicKey = '${make.run('B', 43)}=';\nexport const stripe = 'pk_live_${make.run('a', 24)}';\n`,
  ],
  (make) => [
    'public key',
    'keys.txt',
    `ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAA${make.run('B', 43)} me@acme\n-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEA${make.run('B', 43)}=\n-----END PUBLIC KEY-----\n`,
  ],
  (make) => [
    'certificate',
    'ca.crt',
    `-----BEGIN CERTIFICATE-----\nMIID${make.run('B', 60)}\n${make.run('B', 64)}\n-----END CERTIFICATE-----\n`,
  ],
  (make) => [
    'anonymous',
    'src/a.ts',
    `createClient(url, '${jwt(make, { iss: 'supabase', ref: make.run('l', 20), role: 'anon', exp: 2015576000 })}');\n`,
  ],
  (make) => [
    'minified',
    'public/app.min.js',
    `!function(e){var token="${make.run('a', 40)}",k={password:"${make.run('a', 16)}"};}();\n`,
  ],
  (make) => [
    'picture',
    'src/logo.ts',
    `export const logo = 'data:image/png;base64,iVBORw0KGgo${make.run('B', 300)}';\n`,
  ],
  (make) => [
    'test',
    'test/login.test.ts',
    `it('logs in', () => login({ user: 'a', password: '${make.run('a', 12)}', token: '${make.run('h', 32)}' }));\n`,
  ],
  (make) => [
    'document',
    'docs/setup.md',
    `Set the password: \`export DB_PASSWORD=${make.one(['changeme', 'mysecretpassword', 'hunter2', 'secret'])}\`.\nTOKEN=${make.run('a', 24)}\n`,
  ],
  (make) => [
    'common password',
    'docker-compose.yml',
    `    environment:\n      POSTGRES_PASSWORD: ${make.one(['postgres', 'password', 'example', 'secret123', 'changeme', 'test1234', 'admin', 'root', 'Passw0rd!', 'my-secret-pw'])}\n`,
  ],
  (make) => [
    'local URL',
    'config/a.yml',
    `url: postgres://app:${make.run('a', 12)}@${make.one(['localhost:5432', '127.0.0.1', 'db:5432', 'postgres', 'host.docker.internal'])}/app\n`,
  ],
  (make) => [
    'template URL',
    'src/a.py',
    `url = f"postgres://{user}:{password}@{host}/app"\nother = "mysql://%s:%s@%s/${make.run('l', 6)}"\n`,
  ],
  (make) => [
    'words',
    'src/i18n.ts',
    `export const passwordLabel = 'Password', passwordHint = 'At least ${make.upTo(9) + 8} characters', tokenExpired = 'Your token has expired';\n`,
  ],
  (make) => [
    'names',
    'k8s/a.yaml',
    `        - name: DB_PASSWORD\n          valueFrom:\n            secretKeyRef:\n              name: shop-db-${make.run('l', 5)}\n              key: password\n`,
  ],
  (make) => [
    'names',
    'main.tf',
    `resource "aws_secretsmanager_secret" "db" {\n  name = "prod/shop/db-password-${make.upTo(9)}"\n}\npassword = var.db_password\nsecret_arn = "arn:aws:secretsmanager:eu-west-1:${make.run('d', 12)}:secret:db-${make.run('a', 6)}"\n`,
  ],
  (make) => [
    'kept elsewhere',
    '.env',
    `DB_PASSWORD=op://vault/db/password\nTOKEN=vault:secret/data/shop#token\nKEY=projects/${make.run('d', 12)}/secrets/key\n`,
  ],
  (make) => [
    'encrypted',
    'secrets.enc.yaml',
    `db:\n  password: ENC[AES256_GCM,data:${make.run('B', 24)},iv:${make.run('B', 43)}=,type:str]\n`,
  ],
  (make) => [
    'code',
    'src/a.ts',
    `if (token === expectedToken || password.length < ${make.upTo(9) + 8}) throw new TokenError('invalid_token_${make.run('l', 4)}');\nconst tokenUrl = 'https://auth.acme.io/oauth2/v${make.upTo(3) + 1}/token';\n`,
  ],
  (make) => [
    'code',
    'src/Auth.java',
    `String algorithm = "PBKDF2WithHmacSHA256"; SecretKey key = newSecretKey("AES/GCM/NoPadding", ${make.run('d', 3)});\nprivate String passwordField = "#login-password-${make.upTo(9)}";\n`,
  ],
  (make) => [
    'regular expression',
    'src/a.ts',
    `const form = /^(ghp|gho)_[A-Za-z0-9]{36}$/, secretPattern = "sk_live_[A-Za-z0-9]{${make.run('d', 2)}}";\n`,
  ],
  (make) => [
    'on the next line',
    'config/a.yml',
    `password:\n  ${make.run('a', 20)}\ntoken: |\n  ${make.run('a', 30)}\n`,
  ],
  (make) => [
    'version and path',
    'a.ini',
    `token_version = 1.${make.upTo(30)}.${make.upTo(9)}-beta${make.upTo(9)}\nsecret_file = /run/secrets/${make.run('l', 8)}\nkey_path=./certs/server-${make.run('d', 4)}.key\n`,
  ],
  (make) => [
    'header without a value',
    'src/a.sh',
    `curl -H "Authorization: Bearer $TOKEN" https://a.acme.io/${make.run('l', 6)}\ncurl -u "$USER:$PASS" https://a.acme.io\n`,
  ],
  (make) => [
    'style',
    'src/a.css',
    `.token-${make.run('l', 6)} { color: #${make.run('h', 6)}; }\n#password-${make.run('l', 8)} { --secret-key: 1px; }\n`,
  ],
  (make) => [
    'pages',
    'src/api.json',
    `{ "next_page_token": "${make.run('b', 40)}", "etag": "${make.run('h', 32)}", "csrf_token": "${make.run('b', 32)}", "cursor": "${make.run('B', 40)}" }\n`,
  ],
  (make) => [
    'log',
    'logs.txt',
    `2026-01-15T12:00:00Z request ${make.uuid()} commit ${make.run('h', 40)} token refreshed in ${make.upTo(900)} ms\n`,
  ],
];

/** `provider` cases of each form, so many `generic` ones, and `harmless` of each kind. */
export function labelledCases(seed: number, counts: { provider: number; generic: number; harmless: number }): Case[] {
  const make = new Maker(seed);
  const provider = PROVIDERS.flatMap(([name, form]) =>
    Array.from({ length: counts.provider }, (): Case => {
      const secret = typeof form === 'string' ? make.fill(form) : form(make);
      const [path, write] = make.one([...SETTINGS, ...CODE]);
      return { label: 'provider', about: `${name} in ${path}`, path, text: write(name, secret), secret };
    }),
  );
  const guessed = Array.from({ length: counts.generic }, (_, index) => generic(make, index));
  const none = HARMLESS.flatMap((harmless) =>
    Array.from({ length: counts.harmless }, (): Case => {
      const [about, path, text] = harmless(make);
      return { label: 'none', about, path, text };
    }),
  );
  return [...provider, ...guessed, ...none];
}
