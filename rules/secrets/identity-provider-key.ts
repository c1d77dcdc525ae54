import { secretRule } from './_format.ts';

export default secretRule({
  id: 'secrets/identity-provider-key',
  title: 'Do not commit a key of an identity provider',
  why: 'It can create and change accounts: whoever holds it can sign in as anybody.',
  instead:
    'Rotate it in the console of the provider that the message names, and read the new one from the environment.',
});
