import { sample } from '../../src/core/sample.ts';
import { secretRule } from './_format.ts';

export default secretRule({
  id: 'secrets/discord-token',
  title: 'Do not commit a Discord token or webhook',
  why: 'Whoever holds it writes to every channel that the bot or the webhook reaches, under its name.',
  instead:
    'Reset the token at https://discord.com/developers/applications (delete a webhook in the settings of its channel) and keep the new one outside the repository.',
  sources: ['https://docs.discord.com/developers/reference#authentication'],

  examples: () => ({
    good: [
      {
        title: 'three parts of which the first is no number',
        head: { '.env': `DISCORD_TOKEN=M${sample(23)}.${sample(6, 2)}.${sample(27, 3)}\n` },
      },
    ],
  }),
});
