import { describe, expect, test } from 'vitest';
import { sample } from '../src/core/sample.ts';
import { loadPatterns } from '../src/facts/patterns.ts';
import { wrongExamples, type CustomFormat } from '../src/facts/credentials/custom.ts';
import { matcherWith } from '../src/facts/credentials/ready.ts';
import { resolvePolicy } from '../src/engine/policy/resolve.ts';
import { rules } from '../rules/index.ts';
import { presets } from '../rules/presets.ts';

const key = (seed: number) => `acme_${sample(24, seed, 'abcdefghijklmnopqrstuvwxyz0123456789')}`;
const acme: CustomFormat = {
  id: 'acme',
  names: 'an Acme key',
  keywords: ['ACME'],
  pattern: 'acme[a-z_]*\\s*[:=]\\s*"?(?P<secret>acme_[a-z0-9]{24})\\b',
  entropy: 3,
  examples: { found: [`acme_key = ${key(1)}`], ignored: [`acme_key = acme_${'a'.repeat(24)}`] },
};

const policyOf = (formats: unknown) =>
  resolvePolicy({
    files: [
      {
        path: 'repolicy.jsonc',
        text: JSON.stringify({ rules: { 'secrets/custom-format': ['error', { formats }] } }, null, 2),
      },
    ],
    catalogue: { rules, presets },
  });

describe('a format that the policy declares', () => {
  test('is found around its keywords in any case; its group is the secret, and it is named by a digest', async () => {
    const match = await matcherWith([acme]);
    const text = `x\nACME_KEY: "${key(2)}"\nacme_key = ${key(2)}`;
    const found = match(text).map(({ format, start, end, digest }) => [
      format.id,
      text.slice(start, end),
      digest?.length,
    ]);
    expect(found).toEqual([['custom/acme', key(2), 64]]);
  });

  test('its examples are checked when the policy is read, at their line and column', async () => {
    expect(await policyOf([acme])).toMatchObject({ ok: expect.anything() });
    const wrong = await policyOf([
      { ...acme, examples: { found: [`acme_key = ${key(1)}`, 'acme'], ignored: [`acme_key = ${key(3)}`] } },
    ]);
    expect(wrong).toMatchObject({
      problems: [
        {
          path: 'repolicy.jsonc',
          line: 18,
          column: 17,
          message: expect.stringMatching(/examples\.found\[1\].* is not found/),
        },
        {
          path: 'repolicy.jsonc',
          line: 21,
          column: 17,
          message: expect.stringMatching(/examples\.ignored\[0\].* is found, and is said to be none/),
        },
      ],
    });
    expect(JSON.stringify(wrong)).not.toContain(key(3));
    const bad = await policyOf([{ ...acme, pattern: '(?<=x)y' }]);
    expect(bad).toMatchObject({ problems: [{ message: expect.stringMatching(/pattern/) }] });
  });

  test('takes time in proportion to the text, whoever wrote it', async () => {
    await loadPatterns();
    const slow: CustomFormat = {
      ...acme,
      keywords: ['aaa'],
      entropy: 0,
      pattern: '(a+)+[bc]+$',
      examples: { found: ['aaab'], ignored: [] },
    };
    expect([...wrongExamples(slow)]).toEqual([]);
    const match = await matcherWith([slow]);
    expect(match('a'.repeat(100_000))).toEqual([]);
  });
});
