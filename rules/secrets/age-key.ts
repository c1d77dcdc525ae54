import { secretRule } from './_format.ts';

export default secretRule({
  id: 'secrets/age-key',
  title: 'Do not commit an age secret key',
  why: 'Whoever holds it reads every file that was ever encrypted for it, old versions in the history included.',
  instead: 'Encrypt the files anew for a fresh key (`age-keygen`), and replace each secret inside them.',
  sources: ['https://github.com/FiloSottile/age'],
});
