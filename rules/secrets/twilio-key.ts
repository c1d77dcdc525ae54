import { secretRule } from './_format.ts';

export default secretRule({
  id: 'secrets/twilio-key',
  title: 'Do not commit a Twilio key',
  why: "Strangers call and text at its owner's cost and read the messages, sign-in codes included.",
  instead:
    'Delete the key or rotate the auth token at https://console.twilio.com/us1/account/keys-credentials/api-keys and read the new one from the environment.',
  sources: ['https://www.twilio.com/docs/iam/api-keys'],
});
