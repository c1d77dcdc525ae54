import { sample } from '../../src/core/sample.ts';
import { hex, uuid } from '../../src/facts/credentials/alphabets.ts';
import { secretRule } from './_format.ts';

export default secretRule({
  id: 'secrets/generic-secret',
  title: 'Do not commit a password, or a value that its name calls a secret',
  why: 'Whoever can read the repository, or any old clone of it, can use the value; most passwords open more than one door.',
  instead: 'Change it where it is used, and read it from the environment or a store of secrets.',
  guesses: true,
  sources: ['https://cwe.mitre.org/data/definitions/798.html'],

  examples: () => ({
    bad: [
      {
        title: 'in the ways that languages and settings write it',
        head: {
          'a.yml': `db:\n  password: «${sample(14, 31)}» # of the shop\n`,
          'a.py': `API_KEY: str = "«${sample(32, 32)}»"\n`,
          'a.php': `'client_secret' => '«${hex(40, 33)}»',\n`,
          'a.xml': `<password>«Kx9${sample(10, 34)}»</password>\n`,
          'a.sh': `deploy --token «${sample(30, 35)}» --wait\n`,
          'a.config': `<add key="DbPassword" value="«${sample(18, 36)}»" />\n`,
        },
      },
      {
        title: 'in a test, where the policy asks for what may be none',
        options: { unsure: true },
        head: { 'test/a.test.ts': `login({ password: '«${sample(12, 37)}»' });\n` },
      },
    ],
    good: [
      {
        title: 'names about secrets, and values that are none',
        head: {
          'a.ts':
            "const tokenUrl = 'https://acme.io/oauth2/token', secretName = 'db-password-2', passwordField = '#password';\n" +
            "const token = process.env.TOKEN ?? '', apiKey = config.get('api.key'), passwordLabel = 'Password123';\n",
          'a.yml':
            'password: ${DB_PASSWORD}\ntoken: "{{ token }}"\nsecret: changeme\napi_key: <your-api-key>\nauth_key: null\n',
          'a.py': 'PASSWORD = os.environ["PASSWORD"]\nSECRET_KEY = get_secret("django-secret-key-1")\n',
        },
      },
      {
        title: 'ids, digests and public keys',
        head: {
          'a.json': `{ "token_id": "${uuid(38)}", "password_hash": "${hex(64, 39)}", "publicKey": "${sample(44, 40)}" }\n`,
          'package-lock.json': `{ "token": "${sample(40, 41)}" }\n`,
          'app.min.js': `var token="${sample(40, 42)}";`,
        },
      },
      { title: 'a value on the next line', head: { 'a.yml': `password:\n${sample(30, 43)}\n` } },
      {
        title: 'in a test and in a document',
        head: { 'test/a.ts': `password = "${sample(12, 44)}"`, 'a.md': `token: ${sample(30, 45)}` },
      },
    ],
  }),
});
