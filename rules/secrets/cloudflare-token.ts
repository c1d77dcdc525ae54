import { secretRule } from './_format.ts';

export default secretRule({
  id: 'secrets/cloudflare-token',
  title: 'Do not commit a Cloudflare token',
  why: 'It changes name records, certificates and code at the edge: all traffic of a domain can be sent elsewhere.',
  instead: 'Roll it at https://dash.cloudflare.com/profile/api-tokens and keep the new one outside the repository.',
  sources: ['https://developers.cloudflare.com/fundamentals/api/get-started/create-token/'],
});
