import { describe, expect, test } from 'vitest';
import { resolvePolicy } from '../src/engine/policy/resolve.ts';
import { LAYOUTS } from '../src/facts/layouts.ts';
import { policyText, presetsFor, type PolicyFacts } from '../src/setup/policy.ts';
import { catalogue } from './example.ts';

const layouts = LAYOUTS.map(({ name }) => name);
const resolved = (text: string) => resolvePolicy({ files: [{ path: 'repolicy.jsonc', text }], catalogue, layouts });

/** The text after somebody has taken away the slashes before everything that is not prose. */
const uncommented = (text: string): string => text.replace(/^( *)\/\/ (?=[ "{}\]])/gm, '$1');

const FACTS: Record<string, PolicyFacts> = {
  'an empty repository': { migrations: [] },
  'a Supabase project': {
    schema: './node_modules/repolicy/schema.json',
    base: 'origin/main',
    migrations: [{ layout: 'supabase', dir: 'supabase/migrations', postgres: 15 }],
  },
  'two folders, one with an odd name': {
    base: 'main',
    migrations: [
      { layout: 'prisma', dir: 'packages/a "quoted" name/prisma/migrations' },
      { layout: 'plain', dir: 'db/migrations' },
    ],
  },
};

describe.each(Object.entries(FACTS))('the first policy of %s', (_, facts) => {
  test('is a valid policy that says what was found', async () => {
    const result = await resolved(policyText(facts));
    expect(result).not.toHaveProperty('problems');
    if ('problems' in result) return;
    expect(result.ok.base).toBe(facts.base);
    expect(result.ok.declared.migrations ?? []).toEqual(facts.migrations);
  });

  test('is still valid when every hint is taken up', async () => {
    const text = uncommented(policyText(facts));
    expect(text).not.toMatch(/\/\/ *"/);
    const result = await resolved(text);
    expect(result).not.toHaveProperty('problems');
    if ('problems' in result) return;
    const rules = result.ok.layers[0]?.rules ?? {};
    expect(Object.keys(result.ok.declared.identities)).toEqual(['data', 'devops']);
    expect(rules['docs/unlisted-file']?.severity).toBe('error');
    expect(rules['config/assertion']?.severity).toBe('error');
  });
});

test('presets follow the layouts that were found', () => {
  expect(presetsFor([])).toEqual(['recommended']);
  expect(presetsFor([{ layout: 'supabase', dir: 'a' }])).toEqual(['recommended', 'supabase']);
  expect(presetsFor([{ layout: 'drizzle', dir: 'a' }])).toEqual(['recommended', 'prisma']);
});
