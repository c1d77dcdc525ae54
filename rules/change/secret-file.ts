import { defineRule } from '../../src/core/rule.ts';
import { sample } from '../../src/core/sample.ts';
import { glob } from '../../src/core/globs.ts';
import { changes } from '../../src/facts/change.ts';
import { unread } from '../../src/facts/files.ts';
import { matching } from '../../src/facts/paths.ts';
import { isSealed, judgeSecretFile, secretKind } from '../../src/facts/secret-files.ts';

const key = `-----BEGIN PRIVATE KEY-----\n${sample(64)}\n-----END PRIVATE KEY-----\n`;
const certificate = `-----BEGIN CERTIFICATE-----\n${sample(64)}\n-----END CERTIFICATE-----\n`;

export default defineRule({
  id: 'change/secret-file',
  title: 'Keep files that exist to hold secrets out of the repository',
  why: 'Whoever can read the repository, or any old clone of it, can use the keys; deleting the file later takes nothing back.',
  instead: 'Keep the file out of Git, commit an example without values, and replace every key that was ever committed.',
  severity: 'error',
  sources: ['https://docs.github.com/en/code-security/secret-scanning', 'https://12factor.net/config'],
  options: (z) =>
    z.strictObject({
      folders: z
        .array(glob(z))
        .default(['**/.vault/**', '**/.secrets/**'])
        .describe('Folders that are for secrets: every file in them counts, unless it is encrypted or a note.'),
    }),

  over: changes,
  eachCommit: true,
  async *check({ path, after }, { head, options: { folders } }) {
    const kind = secretKind(path);
    const inFolder = (await matching(folders))(path);
    if (after?.kind !== 'file' || (!kind && !inFolder)) return;
    const content = await head.content(path);
    if (content.kind !== 'text' && content.kind !== 'binary') {
      yield unread(path, content);
      return;
    }
    const verdict = kind && (await judgeSecretFile(kind, path, content));
    if (verdict) {
      const { says, atMost } = verdict;
      yield { message: `${path} ${says}.`, at: { path }, about: 'secrets', ...(atMost && { atMost }) };
    } else if (inFolder && !isSealed(path, content)) {
      yield { message: `${path} lies in a folder for secrets and is not encrypted.`, at: { path }, about: 'secrets' };
    }
  },

  examples: {
    bad: [
      { head: { '«.env»': `NODE_ENV=production\nexport SESSION_SECRET="${sample(24)}"\n` } },
      {
        title: 'a password in a URL',
        head: { '«web/.env.test»': `DATABASE_URL=postgres://app:${sample(12)}@db/app\n` },
      },
      { head: { '«deploy/server.key»': key, 'deploy/server.crt': certificate } },
      { head: { '«.npmrc»': `//registry.npmjs.org/:_authToken=${sample(36)}\n` } },
      { head: { '«infra/terraform.tfstate»': '{ "version": 4, "resources": [{ "type": "aws_db_instance" }] }' } },
      {
        title: 'what lies in a folder for secrets, unless it is encrypted',
        options: { folders: ['keys/**'] },
        head: { '«keys/mail»': 'anything', 'keys/db': '$ANSIBLE_VAULT;1.1;AES256\n6162\n', 'keys/README.md': 'how' },
      },
      { head: { '«gcp-service-account.json»': JSON.stringify({ type: 'service_account', private_key: key }) } },
    ],
    good: [
      { title: 'an example without values', head: { '.env.example': `SESSION_SECRET=${sample(24)}\n` } },
      {
        title: 'names alone',
        head: { '.env': 'SESSION_SECRET=\nTOKEN=${TOKEN}\nKEY="<your key>" # from the vault\n' },
      },
      { title: 'shared settings that are no secrets', head: { '.env.development': 'PORT=3000\nLOG_TOKEN_TTL=60\n' } },
      { title: 'what is encrypted in place', head: { '.env': 'API_KEY="encrypted:BD3f"\nDOTENV_PUBLIC_KEY=03ab\n' } },
      { title: 'public certificates', head: { 'certs/ca.pem': certificate, 'id_rsa.pub': `ssh-rsa ${sample(64)} me` } },
      { title: 'a token from the environment', head: { '.npmrc': '//r.example.com/:_authToken=${NPM_TOKEN}\n' } },
      { title: 'a login by a program', head: { kubeconfig: 'kind: Config\nusers:\n- user: {exec: {command: aws}}\n' } },
      { title: 'code about vaults', head: { 'src/vault/client.ts': 'const password = read();', 'src/env.ts': '' } },
      { title: 'one that goes', base: { '.env': `API_KEY=${sample(24)}\n` }, head: {} },
    ],
  },
});
