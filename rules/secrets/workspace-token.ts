import { secretRule } from './_format.ts';

export default secretRule({
  id: 'secrets/workspace-token',
  title: 'Do not commit a token of a workspace service',
  why: "Whoever holds it reads and changes documents, issues or customers in its owner's name.",
  instead:
    'Revoke it in the settings of the service that the message names, issue a new one, and read it from the environment.',
});
