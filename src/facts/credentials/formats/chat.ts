import { sample } from '../../../core/sample.ts';
import { DIGITS, hex, LOWER, UPPER, uuid } from '../alphabets.ts';
import { services } from '../services.ts';
import type { Format } from '../format.ts';

const slack = 'secrets/slack-token';
const entropy = 2.8;

// https://docs.slack.dev/authentication/tokens
export const chat: readonly Format[] = [
  {
    id: 'slack-bot-token',
    rule: slack,
    names: 'a Slack bot token',
    service: services.slack,
    keywords: ['xoxb-'],
    expression: /xoxb-\d{8,14}-(?:\d{8,14}-)?[A-Za-z0-9-]{16,34}(?![\w-])/y,
    entropy,
    sample: () => `xoxb-${sample(12, 1, DIGITS)}-${sample(13, 2, DIGITS)}-${sample(24, 3)}`,
  },
  {
    id: 'slack-user-token',
    rule: slack,
    names: 'a Slack user token',
    service: services.slack,
    keywords: ['xoxp-', 'xoxe-'],
    expression: /xox[pe](?:-\d{9,15}){3}-[A-Za-z0-9-]{28,34}(?![\w-])/y,
    left: 'dotted',
    entropy,
    sample: () => `xoxp-${[4, 5, 6].map((seed) => sample(12, seed, DIGITS)).join('-')}-${hex(32)}`,
  },
  {
    id: 'slack-app-token',
    rule: slack,
    names: 'a Slack app-level token',
    service: services.slack,
    keywords: ['xapp-'],
    expression: /xapp-\d-[A-Z0-9]{8,16}-\d{8,16}-[a-z0-9]{20,80}(?![\w-])/y,
    entropy,
    sample: () => `xapp-1-A${sample(10, 7, UPPER)}-${sample(13, 8, DIGITS)}-${hex(64, 2)}`,
  },
  {
    id: 'slack-configuration-token',
    rule: slack,
    names: 'a Slack configuration token',
    service: services.slack,
    keywords: ['xoxe'],
    expression: /xoxe(?:\.xox[bp]-\d-[A-Za-z0-9]{163,166}|-\d-[A-Za-z0-9]{146})(?![\w-])/y,
    entropy,
    sample: () => `xoxe.xoxp-1-${sample(166, 9)}`,
  },
  {
    id: 'slack-session',
    rule: slack,
    names: 'a Slack session',
    service: services.slack,
    keywords: ['xoxc-', 'xoxd-'],
    expression: /(?:xoxc(?:-\d{9,15}){3}-[0-9a-f]{64}|xoxd-[\w/\\+%-]{100,400})(?![\w-])/y,
    sample: () => `xoxc-${[10, 11, 12].map((seed) => sample(12, seed, DIGITS)).join('-')}-${hex(64, 3)}`,
  },
  {
    id: 'slack-legacy-token',
    rule: slack,
    names: 'a legacy Slack token',
    service: services.slack,
    keywords: ['xoxa-', 'xoxr-', 'xoxo-', 'xoxs-'],
    expression: /xox(?:[ar]-(?:\d-)?[0-9a-zA-Z]{8,48}|[os]-\d{6,16}-\d{6,16}-\d{6,16}-[0-9a-fA-F]{8,64})(?![\w-])/y,
    entropy,
    sample: () => `xoxa-2-${sample(40, 13)}`,
  },
  {
    id: 'slack-webhook',
    rule: 'secrets/slack-webhook',
    names: 'the URL of a Slack webhook',
    service: services.slackWebhook,
    keywords: ['hooks.slack.com/'],
    expression:
      /hooks\.slack\.com\/(?:services\/T[A-Z0-9]{6,14}\/B[A-Z0-9]{6,14}\/[A-Za-z0-9]{20,28}|(?:workflows|triggers)\/[A-Z][A-Z0-9]{6,14}\/[A-Za-z0-9]{6,24}\/[A-Za-z0-9/]{16,60})/y,
    left: 'dotted',
    sample: () =>
      `https://«hooks.slack.com/services/T${sample(10, 14, UPPER)}/B${sample(10, 15, UPPER)}/${sample(24, 16)}»`,
  },
  {
    id: 'discord-bot-token',
    rule: 'secrets/discord-token',
    names: 'a Discord bot token',
    service: services.discord,
    keywords: ['discord', 'bot_token', 'bottoken'],
    name: /discord|bottoken/,
    value: /[MNO][\w-]{23,27}\.[\w-]{6}\.[\w-]{27,38}(?![\w-])/y,
    entropy: 3.8,
    // Its first part is the bot's number.
    weigh: (secret) =>
      /^\d{17,20}$/.test(Buffer.from(secret.split('.')[0]!, 'base64url').toString('latin1')) ? {} : 'harmless',
    sample: () =>
      `DISCORD_TOKEN=«${Buffer.from(`4${sample(17, 17, DIGITS)}`).toString('base64url')}.${sample(6, 18)}.${sample(38, 19)}»`,
  },
  {
    id: 'discord-webhook',
    rule: 'secrets/discord-token',
    names: 'the URL of a Discord webhook',
    service: services.discord,
    keywords: ['discord.com/api/webhooks/', 'discordapp.com/api/webhooks/'],
    expression: /discord(?:app)?\.com\/api\/webhooks\/\d{17,20}\/[\w-]{60,80}(?![\w-])/y,
    sample: () => `https://«discord.com/api/webhooks/${sample(18, 20, '23456789')}/${sample(68, 21)}»`,
  },
  {
    id: 'telegram-bot-token',
    rule: 'secrets/telegram-token',
    names: 'a Telegram bot token',
    service: services.telegram,
    keywords: [':AA'],
    lookback: { chars: /\d/, most: 10 },
    expression: /\d{8,10}:AA[\w-]{33}(?![\w-])/y,
    entropy: 3.5,
    published: ['0b5dd075ccdd03c42f4edda8e299e6838e2a75d3486a2a8d86940ed1541e9178'],
    sample: () => `${sample(10, 22, DIGITS)}:AA${sample(33, 23)}`,
  },
  {
    id: 'teams-webhook',
    rule: 'secrets/teams-webhook',
    names: 'the URL of a Microsoft Teams webhook',
    service: services.teams,
    keywords: ['.webhook.office.com/webhookb2/'],
    lookback: { chars: /[\w-]/, most: 60 },
    expression:
      /[\w-]{1,60}\.webhook\.office\.com\/webhookb2\/[0-9a-f-]{36}@[0-9a-f-]{36}\/IncomingWebhook\/[0-9a-f]{32}\/[0-9a-f-]{36}/y,
    entropy: 2.5,
    sample: () =>
      `https://«acme.webhook.office.com/webhookb2/${uuid(1)}@${uuid(2)}/IncomingWebhook/${hex(32, 4)}/${uuid(3)}»`,
  },
  {
    id: 'google-chat-webhook',
    rule: 'secrets/webhook-url',
    names: 'the URL of a Google Chat webhook',
    service: services.googleChat,
    keywords: ['chat.googleapis.com/v1/spaces/'],
    expression:
      /chat\.googleapis\.com\/v1\/spaces\/[\w-]{5,40}\/messages\?key=[\w-]{20,60}&(?:amp;)?token=(?<body>[\w%-]{20,120})/y,
    left: 'dotted',
    sample: () =>
      `https://«chat.googleapis.com/v1/spaces/${sample(11, 24, UPPER)}/messages?key=${sample(39, 25)}&token=${sample(43, 26)}»`,
  },
  {
    id: 'zapier-webhook',
    rule: 'secrets/webhook-url',
    names: 'the URL of a Zapier webhook',
    service: services.zapier,
    keywords: ['hooks.zapier.com/hooks/catch/'],
    expression:
      /hooks\.zapier\.com\/hooks\/catch\/(?!123456)\d{4,9}\/(?<body>[a-z0-9]{6,12}(?:\/[a-z0-9]{6,12})?)(?![\w-])/y,
    left: 'dotted',
    entropy: 2.2,
    atMost: 'warning',
    sample: () => `https://«hooks.zapier.com/hooks/catch/4711815/${sample(7, 28, LOWER)}»`,
  },
];
