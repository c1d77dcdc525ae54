import { sample } from '../../src/core/sample.ts';
import { secretRule } from './_format.ts';

export default secretRule({
  id: 'secrets/google-api-key',
  title: 'Do not commit a Google API key',
  why: 'A key without restrictions pays for whatever strangers ask of the project, Gemini included.',
  instead:
    'Restrict the key to its sites and interfaces at https://console.cloud.google.com/apis/credentials; replace one that is meant for a server.',
  sources: [
    'https://docs.cloud.google.com/docs/authentication/api-keys',
    'https://firebase.google.com/docs/projects/api-keys',
  ],

  examples: () => ({
    bad: [
      {
        title: 'the key of a web app, public by design: worth a word',
        head: {
          'src/firebase.ts': `const config = {\n  apiKey: '«AIza${sample(35, 31)}»',\n  authDomain: 'app.firebaseapp.com',\n};\n`,
        },
      },
    ],
  }),
});
