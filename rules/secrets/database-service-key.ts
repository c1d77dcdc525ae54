import { secretRule } from './_format.ts';

export default secretRule({
  id: 'secrets/database-service-key',
  title: 'Do not commit a key of a database service',
  why: 'Whoever holds it reads, changes or deletes the data, and often every backup beside it.',
  instead:
    'Revoke it in the console of the service that the message names, issue a new one, and read it from the environment.',
});
