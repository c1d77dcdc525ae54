import { secretRule } from './_format.ts';

export default secretRule({
  id: 'secrets/google-oauth',
  title: 'Do not commit a Google OAuth secret or token',
  why: 'Whoever holds it can act as the application, or as the person who signed in.',
  instead:
    'Reset the secret at https://console.cloud.google.com/auth/clients; withdraw a token at https://myaccount.google.com/connections.',
  sources: ['https://developers.google.com/identity/protocols/oauth2'],
});
