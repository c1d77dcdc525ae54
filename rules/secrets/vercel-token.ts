import { secretRule } from './_format.ts';

export default secretRule({
  id: 'secrets/vercel-token',
  title: 'Do not commit a Vercel token',
  why: 'Whoever holds it deploys their own code under the domain and reads the settings of every project.',
  instead: 'Delete it at https://vercel.com/account/settings/tokens and issue a new one.',
  sources: ['https://vercel.com/docs/rest-api#authentication'],
});
