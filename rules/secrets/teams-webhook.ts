import { secretRule } from './_format.ts';

export default secretRule({
  id: 'secrets/teams-webhook',
  title: 'Do not commit the URL of a Microsoft Teams webhook',
  why: "Whoever has the URL writes to the channel as a colleague's tool would: a good start for fraud.",
  instead: "Remove the webhook among the channel's connectors or workflows and add a new one.",
  sources: [
    'https://learn.microsoft.com/en-us/microsoftteams/platform/webhooks-and-connectors/how-to/add-incoming-webhook',
  ],
});
