import { secretRule } from './_format.ts';

export default secretRule({
  id: 'secrets/shopify-token',
  title: 'Do not commit a Shopify token',
  why: 'Whoever holds it reads customers and orders of the shop and can change its prices.',
  instead: 'Uninstall and reinstall the app, or rotate its secret, in the Shopify admin or its developer dashboard.',
  sources: ['https://shopify.dev/docs/apps/build/authentication-authorization'],
});
