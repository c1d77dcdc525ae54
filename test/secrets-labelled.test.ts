import { describe, expect, test } from 'vitest';
import { fileKind } from '../src/facts/credentials/file-kind.ts';
import { formats } from '../src/facts/credentials/formats/index.ts';
import { matcher } from '../src/facts/credentials/matcher.ts';
import { labelledCases, type Case } from './labelled-secrets.ts';

// A sample of what `node test/bench/labelled.mjs` measures: tokens as their makers write them, in settings and code of many
// languages, and what looks like them.
const match = matcher(formats);
const cases = labelledCases(7, { provider: 1, generic: 120, harmless: 5 });
const of = (label: Case['label']) => cases.filter((one) => one.label === label);
const sure = ({ text, path }: Case) => match(text, fileKind(path)).filter(({ unsure }) => !unsure);

function missed({ text, path, secret = '' }: Case): boolean {
  const at = text.indexOf(secret);
  return !sure({ label: 'none', about: '', text, path }).some(
    ({ start, end }) => start < at + secret.length && end > at,
  );
}

describe('of a labelled set', () => {
  test('nearly all tokens of known services are found', () => {
    const left = of('provider').filter(missed);
    expect(left.length / of('provider').length, left.map(({ about }) => about).join('\n')).toBeLessThanOrEqual(0.03);
  });

  test('at least three quarters of all other passwords and keys are found', () => {
    const left = of('generic').filter(missed);
    expect(left.length / of('generic').length, left.map(({ about }) => about).join('\n')).toBeLessThanOrEqual(0.25);
  });

  test('hardly anything harmless is', () => {
    const alarms = of('none').filter((one) => sure(one).length > 0);
    expect(alarms.length, alarms.map(({ about }) => about).join('\n')).toBeLessThanOrEqual(1);
  });
});
