import { secretRule } from './_format.ts';

export default secretRule({
  id: 'secrets/digitalocean-token',
  title: 'Do not commit a DigitalOcean token',
  why: "It starts, reads and destroys machines, databases and their backups at its owner's cost.",
  instead: 'Delete it at https://cloud.digitalocean.com/account/api/tokens and issue a new one.',
  sources: ['https://docs.digitalocean.com/reference/api/create-personal-access-token/'],
});
