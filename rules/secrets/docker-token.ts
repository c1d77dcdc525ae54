import { secretRule } from './_format.ts';

export default secretRule({
  id: 'secrets/docker-token',
  title: 'Do not commit a Docker token',
  why: 'Whoever holds it can push an image that others then run, or join the swarm as one of its machines.',
  instead:
    "Delete it at https://app.docker.com/settings/personal-access-tokens (a swarm's: `docker swarm join-token --rotate`) and issue a new one.",
  sources: ['https://docs.docker.com/security/access-tokens/'],
});
