import { ends, runAfter } from './around.ts';
import { assignmentAt } from './assignment.ts';
import { sha256 } from './checksum.ts';
import type { FileKind } from './file-kind.ts';
import type { Stretch } from './format.ts';

/** Whether it is one of the keys that development chains (Hardhat, Anvil, Ganache) give to everybody. */
export const isPublicKeyOfTests = (key: string): boolean =>
  DEVELOPMENT.has(sha256(key.replace(/^0x/, '').toLowerCase()).slice(0, 16));

const DEVELOPMENT = new Set(
  (
    'bc1a50966c9e6486 8335c55334821eef b26ab6529d20ebeb 64034b44c579b335 4d3e46eec8244d1d 0aedba9d586f34f9 28e543d3753fc9d1 ' +
    'f070994a85994785 38e69fdd19aefeb4 967f21586cdf1248 578592185588730b 30e55f5463e22af0 70b801afae94d2e6 0bc9fde2b028e3b0 ' +
    'f51c2c795f782308 6dea34b661141091 faeb1dab5a326eef 196fbadca8b7eea6 ecd5e9d0b08a8a9f 3fd5610ee03a3503'
  ).split(' '),
);

const NOT_IN_WORDS = ends('\n\r"\'`<>,;');
const GANACHE = '9c5d0a6656e5d3f36601d0bf98762be09bad5d7b164382c1d6c826324d6d599a';

/** The twelve to twenty-four words from which a wallet's keys are made, given to a name that says so. */
export function* mnemonicAt(text: string, at: number, kind: FileKind): Iterable<Stretch> {
  const assignment = assignmentAt(text, at);
  if (!assignment || assignment.operator === '' || kind === 'generated') return;
  const phrase = runAfter(text, assignment.value, NOT_IN_WORDS, 240).trimEnd();
  const words = phrase.split(' ');
  // No sentence goes on for so long without an article; development phrases repeat one word, or are known.
  if (![12, 15, 18, 21, 24].includes(words.length) || !words.every((word) => /^[a-z]{3,8}$/.test(word))) return;
  if (new Set(words).size < words.length - 2) return;
  if (words.some((word) => COMMON.has(word)) || sha256(phrase) === GANACHE) return;
  yield { start: assignment.value, end: assignment.value + phrase.length };
}

const COMMON = new Set('the and for with from are was were this your that has have not its their which'.split(' '));
