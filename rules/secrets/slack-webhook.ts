import { secretRule } from './_format.ts';

export default secretRule({
  id: 'secrets/slack-webhook',
  title: 'Do not commit the URL of a Slack webhook',
  why: "Whoever has the URL writes to the channel as a colleague's tool would: a good start for fraud.",
  instead:
    'Remove the webhook on the page of its app at https://api.slack.com/apps (Incoming Webhooks) and add a new one.',
  sources: ['https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks'],

  examples: () => ({
    good: [
      {
        title: "the URL of Slack's own manual",
        head: {
          'README.md': `curl https://hooks.slack.com/services/T${'0'.repeat(8)}/B${'0'.repeat(8)}/${'X'.repeat(24)}\n`,
        },
      },
    ],
  }),
});
