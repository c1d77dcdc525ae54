import { uuid } from '../../src/facts/credentials/alphabets.ts';
import { secretRule } from './_format.ts';

export default secretRule({
  id: 'secrets/npm-token',
  title: 'Do not commit an npm token',
  why: 'Whoever holds it can publish a version of the package that its users then install and run.',
  instead:
    'Delete it at https://www.npmjs.com/settings/~/tokens, and write ${NPM_TOKEN} in .npmrc, or publish from the build without any token.',
  sources: ['https://docs.npmjs.com/about-access-tokens/', 'https://docs.npmjs.com/trusted-publishers/'],

  examples: () => ({
    good: [
      {
        title: 'a token from the environment',
        head: { '.npmrc': '//registry.npmjs.org/:_authToken=${NPM_TOKEN}\n//registry.acme.io/:_authToken=<token>\n' },
      },
      { title: 'a UUID that is no token', head: { 'package-lock.json': `{ "id": "${uuid(31)}" }\n` } },
      {
        title: 'settings of npm',
        head: { 'a.sh': 'echo $npm_config_registry $npm_package_devDependencies_typescript\n' },
      },
    ],
  }),
});
