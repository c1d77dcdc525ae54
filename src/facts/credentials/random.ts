import { entropy } from './checksum.ts';

/** Pairs of letters in which words are rich: some nine in ten of a word's, a third of a random text's. */
const PAIRS = new Set(
  (
    'aaabacadagaiakalamanaparasatauavaybabbbebiblbobrbsbucacccechcickclcocrcsctcudadddedidodrdsdueaebecedeeefegelemeneper' +
    'esetevewexfafefffiflfofrfugageggghgigngogrgsguhahehihohtiaibicidieifigiliminioipirisitivizkekikslaldlelilllolsltlulym' +
    'ambmemimmmompmsmunancndnenfngninnnonsntnvoaobocodofogoiokolomonoooporosotouovowpapepiplpoppprpsptpuqurarcrdrergrirlr' +
    'mrnrorrrsrtrurvrysascseshsislsospssstsutatctethtitltotptrtstttutyuaubucueuiulumunupurusutvaveviwawewiwoxpxxypze'
  ).match(/../g),
);

/** The share of a text's pairs of letters that are rich in words, and how many pairs there are. */
export function wordiness(text: string): { readonly share: number; readonly pairs: number } {
  let [pairs, common] = [0, 0];
  for (const run of text.toLowerCase().match(/[a-z]{2,200}/g) ?? []) {
    for (let i = 1; i < run.length; i++) {
      pairs++;
      if (PAIRS.has(run.slice(i - 1, i + 1))) common++;
    }
  }
  return { share: pairs === 0 ? 0 : common / pairs, pairs };
}

/** Whether a text of 12 characters and more looks as if a generator made it: no word, no name, no path, no version. */
export function looksRandom(text: string): boolean {
  const digits = text.replace(/\D/g, '').length;
  const letters = text.replace(/[^A-Za-z]/g, '').length;
  if (digits === 0 && letters < 20) return false;
  if (/^[0-9a-f]+$/i.test(text)) return letters >= 3 && digits >= 3 && entropy(text) >= 2.8;
  if (entropy(text) < Math.min(4, Math.log2(text.length) * 0.78)) return false;
  const { share, pairs } = wordiness(text);
  // Cut at capitals, digits and signs, words stay long; what is random falls to pieces.
  const pieces = text.match(/[A-Z]?[a-z]+|[A-Z]+|\d+/g) ?? [];
  const broken = pieces.length >= text.length * 0.3;
  if (digits === 0) return share < 0.55 && (broken || pairs >= 15);
  if (pairs < 6) return broken && letters >= 4;
  return share < (broken ? 0.72 : 0.55);
}
