import { secretRule } from './_format.ts';

export default secretRule({
  id: 'secrets/hosting-token',
  title: 'Do not commit a token of a hosting service',
  why: "Whoever holds it can deploy their own code, read the settings of every app, or run machines at its owner's cost.",
  instead:
    'Revoke it in the console of the service that the message names, issue a new one, and read it from the environment.',
});
