import { secretRule } from './_format.ts';

export default secretRule({
  id: 'secrets/mail-service-key',
  title: 'Do not commit a key of a mail service',
  why: 'Strangers send fraud in the name of the domain, which ruins its standing, and read the lists of recipients.',
  instead:
    'Delete it in the console of the service that the message names, issue a new one, and read it from the environment.',
});
