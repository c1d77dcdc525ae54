import { secretRule } from './_format.ts';

export default secretRule({
  id: 'secrets/monitoring-key',
  title: 'Do not commit a key of a monitoring service',
  why: 'Whoever holds it reads logs and traces, which hold more secrets, or hides an attack from the alerts.',
  instead:
    'Revoke it in the console of the service that the message names, issue a new one, and read it from the environment.',
});
