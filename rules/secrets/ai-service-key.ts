import { secretRule } from './_format.ts';

export default secretRule({
  id: 'secrets/ai-service-key',
  title: 'Do not commit a key of an AI service',
  why: "Strangers spend its owner's money on their own requests within minutes of a push, and may read what was sent before.",
  instead:
    'Delete the key in the console of the service that the message names, issue a new one, and read it from the environment.',
});
