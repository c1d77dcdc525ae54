import { secretRule } from './_format.ts';

export default secretRule({
  id: 'secrets/sendgrid-key',
  title: 'Do not commit a SendGrid API key',
  why: 'Strangers send fraud in the name of the domain, which ruins its standing.',
  instead: 'Delete it at https://app.sendgrid.com/settings/api_keys and issue a new one.',
  sources: ['https://www.twilio.com/docs/sendgrid/ui/account-and-settings/api-keys'],
});
