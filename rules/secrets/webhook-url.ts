import { secretRule } from './_format.ts';

export default secretRule({
  id: 'secrets/webhook-url',
  title: 'Do not commit the URL of a webhook',
  why: 'The URL is all that the service asks for: whoever reads it can post into the room, or start the workflow with data of their own.',
  instead:
    'Delete the webhook in the service that the message names, make a new one, and read its URL from the environment.',
});
