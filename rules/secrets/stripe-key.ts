import { sample } from '../../src/core/sample.ts';
import { secretRule } from './_format.ts';

export default secretRule({
  id: 'secrets/stripe-key',
  title: 'Do not commit a secret Stripe key',
  why: "Whoever holds a live key reads customers' data, refunds payments and moves money.",
  instead:
    'Roll it at https://dashboard.stripe.com/apikeys (a signing secret on the page of its webhook) and read the new one from the environment.',
  sources: ['https://docs.stripe.com/keys', 'https://docs.stripe.com/keys-best-practices'],

  examples: () => ({
    bad: [
      {
        title: 'a key of the test mode: worth a warning',
        head: { '.env.test': `STRIPE_KEY=«sk_test_51${sample(97, 31)}»\n` },
      },
    ],
    good: [{ title: 'a publishable key', head: { 'src/pay.ts': `loadStripe('pk_live_51${sample(97, 32)}');\n` } }],
  }),
});
