import { secretRule } from './_format.ts';

export default secretRule({
  id: 'secrets/google-service-account',
  title: 'Do not commit the key of a Google service account',
  why: 'It opens all that the account may use, from anywhere, until somebody deletes it: such keys do not expire.',
  instead:
    'Delete the key at https://console.cloud.google.com/iam-admin/serviceaccounts, and let the program use the account that it runs as.',
  sources: ['https://docs.cloud.google.com/iam/docs/best-practices-for-managing-service-account-keys'],
});
