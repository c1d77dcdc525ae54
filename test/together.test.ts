import { expect, test } from 'vitest';
import { rules } from '../rules/index.ts';
import type { Finding } from '../src/core/finding.ts';
import type { Example } from '../src/core/rule.ts';
import { judge } from '../src/engine/judge.ts';
import { resolvePolicy } from '../src/engine/policy/resolve.ts';
import { catalogue, exampleChange } from './example.ts';

/** Every good example, judged by the recommended preset as a whole: what one rule lets through must not be another's noise. */
test('what the recommended preset finds in the good examples of all rules', async () => {
  const resolution = await resolvePolicy({ files: [], catalogue, presets: ['recommended'] });
  if (!('ok' in resolution)) throw new Error('the preset does not resolve');
  const noise: Record<string, string[]> = {};
  for (const rule of rules) {
    for (const [index, example] of rule.examples.good.entries()) {
      // Where the example needs options of its own, its rule without them has another opinion.
      const found = await foundIn(example, example.options === undefined ? '' : rule.id);
      if (found.length > 0) noise[`${rule.id}: ${example.title ?? `example ${index + 1}`}`] = found;
    }
  }
  expect(noise).toMatchSnapshot();

  async function foundIn(example: Example, but: string): Promise<string[]> {
    if (!('ok' in resolution)) return [];
    const { findings } = await judge(exampleChange(example), { catalogue, policy: resolution.ok });
    expect(findings.filter(({ failure }) => failure)).toEqual([]);
    return findings
      .filter(({ status, rule }) => status === 'reported' && rule !== but)
      .map(({ rule, severity, message }: Finding) => `${severity} ${rule}: ${message}`);
  }
});

/** All examples in one repository: no state leaks from one file to the next, and nothing crashes. */
test('all good examples side by side give no rule a reason to fail', async () => {
  const head: Record<string, string> = {};
  for (const rule of rules) {
    for (const [index, example] of rule.examples.good.entries()) {
      for (const [path, text] of Object.entries(example.head)) head[`${rule.id}/${index}/${path}`] = text;
    }
  }
  const resolution = await resolvePolicy({ files: [], catalogue, presets: ['recommended', 'supabase'] });
  if (!('ok' in resolution)) throw new Error('the presets do not resolve');
  const { findings } = await judge(exampleChange({ head }, head), { catalogue, policy: resolution.ok });
  expect(findings.filter(({ failure }) => failure)).toEqual([]);
  expect(findings.length).toBeGreaterThan(0);
});

/** Listing a tree of 100,000 files costs a hook more than all the rest of its work. */
test('a change that touches no migration is judged without listing the tree', async () => {
  const resolution = await resolvePolicy({ files: [], catalogue, presets: ['recommended', 'supabase'] });
  if (!('ok' in resolution)) throw new Error('the presets do not resolve');
  const change = exampleChange({ base: { 'a.ts': 'x' }, head: { 'a.ts': 'x', 'b.ts': 'y', 'docs/c.md': 'z' } });
  const paths = () => Promise.reject(new Error('the tree was listed'));
  const unlisted = { ...change, base: { ...change.base, paths }, head: { ...change.head, paths } };
  const { findings } = await judge(unlisted, { catalogue, policy: resolution.ok });
  expect(findings).toEqual([]);
});
