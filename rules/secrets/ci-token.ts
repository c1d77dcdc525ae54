import { secretRule } from './_format.ts';

export default secretRule({
  id: 'secrets/ci-token',
  title: 'Do not commit a token of a build or analysis service',
  why: 'Whoever holds it can read the code, start builds, or put their own steps into what is shipped.',
  instead:
    'Revoke it in the settings of the service that the message names, and keep the new one among the secrets of the build.',
});
