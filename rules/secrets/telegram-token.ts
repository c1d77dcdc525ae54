import { secretRule } from './_format.ts';

export default secretRule({
  id: 'secrets/telegram-token',
  title: 'Do not commit a Telegram bot token',
  why: 'Whoever holds it reads what people write to the bot and answers in its name.',
  instead: 'Send /revoke to @BotFather and keep the new token outside the repository.',
  sources: ['https://core.telegram.org/bots/features#botfather'],
});
