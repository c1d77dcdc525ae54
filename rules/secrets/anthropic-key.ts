import { secretRule } from './_format.ts';

export default secretRule({
  id: 'secrets/anthropic-key',
  title: 'Do not commit an Anthropic API key',
  why: "Strangers spend its owner's money on their own requests within minutes of a push.",
  instead:
    'Delete the key at https://platform.claude.com/settings/keys, issue a new one, and read it from the environment.',
  sources: ['https://platform.claude.com/docs/en/api/overview'],
});
