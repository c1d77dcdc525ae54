import { secretRule } from './_format.ts';

export default secretRule({
  id: 'secrets/payment-key',
  title: 'Do not commit a key of a payment service',
  why: "Whoever holds it reads customers' data and can move their money.",
  instead: 'Roll it in the console of the service that the message names, and read the new one from the environment.',
});
