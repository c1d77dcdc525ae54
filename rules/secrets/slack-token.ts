import { secretRule } from './_format.ts';

export default secretRule({
  id: 'secrets/slack-token',
  title: 'Do not commit a Slack token',
  why: "Whoever holds it reads messages and files of the workspace and writes in its owner's name.",
  instead:
    'Revoke it on the page of its app at https://api.slack.com/apps (OAuth & Permissions) and reinstall the app.',
  sources: ['https://docs.slack.dev/authentication/tokens'],

  examples: () => ({
    good: [
      {
        title: 'words in place of a token',
        head: {
          '.env.example': `SLACK_BOT_TOKEN=xoxb-your-token\nSLACK_APP_TOKEN=xapp-1-...\nOLD=xoxb-${'1234567890'}-${'1234567890'}-abcdefghijklmnopqrstuvwx\n`,
        },
      },
    ],
  }),
});
