import { secretRule } from './_format.ts';

export default secretRule({
  id: 'secrets/wallet-key',
  title: 'Do not commit the key of a wallet, or the words it is made from',
  why: 'Robots empty such a wallet within minutes of a push, and nobody can take a transfer back.',
  instead:
    'Move what the wallet holds to a new one at once, and sign with a key that the machine keeps in a store of secrets.',
  sources: ['https://github.com/bitcoin/bips/blob/master/bip-0039.mediawiki'],

  examples: () => ({
    good: [
      {
        title: 'the keys that development chains give to everybody',
        head: {
          'a.env': 'MNEMONIC="test test test test test test test test test test test junk"\n',
          'b.env': `MNEMONIC="${'abandon '.repeat(11)}about"\n`,
        },
      },
      {
        title: 'a sentence about them',
        head: { 'a.md': 'mnemonic: write down the words that the wallet shows and keep them from everybody\n' },
      },
    ],
  }),
});
