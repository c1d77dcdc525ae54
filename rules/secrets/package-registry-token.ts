import { secretRule } from './_format.ts';

export default secretRule({
  id: 'secrets/package-registry-token',
  title: 'Do not commit a token of a package registry',
  why: 'Whoever holds it can publish a version of a package that its users then install and run.',
  instead:
    'Revoke it in the settings of the registry that the message names, and keep the new one among the secrets of the build.',
});
