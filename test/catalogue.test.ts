import { readdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import * as z from 'zod';
import { rules } from '../rules/index.ts';
import { presets } from '../rules/presets.ts';

const ids = rules.map((rule) => rule.id);

test('the catalogue is the folder: rules/<id>.ts for each rule, sorted', () => {
  const files = readdirSync('rules', { recursive: true, encoding: 'utf8' });
  const named = files.filter((file) => /^[^_]+\/[^_][^/]*\.ts$/.test(file)).map((file) => file.replace('.ts', ''));
  expect(ids).toEqual(named.sort());
});

test.each(rules.map((rule) => [rule.id, rule] as const))('%s is named and told as the house does it', (id, rule) => {
  expect(id).toMatch(/^[a-z]+(-[a-z]+)*\/[a-z0-9]+(-[a-z0-9]+)*$/);
  expect(id, 'it reads after "allow"').not.toMatch(/\/(no(?!-transaction)|ban|disallow|require|prefer|must|avoid|use)-/);
  expect(rule.title).toMatch(/^[A-Z].*[^.]$/);
  expect(rule.why).toMatch(/^[A-Z].*\.$/s);
  expect(rule.instead).toMatch(/^[A-Z`].*\.$/s);
  expect(rule.examples.bad.length, 'bad examples').toBeGreaterThan(0);
  expect(rule.examples.good.length, 'good examples').toBeGreaterThan(0);
  const options = rule.options(z);
  expect(options.safeParse({}).success, 'works without options').toBe(true);
  expect(options.safeParse({ nonsense: 1 }).success, 'refuses an option it does not know').toBe(false);
  expect(JSON.parse(JSON.stringify(options.parse({}))), 'options are plain JSON').toEqual(options.parse({}));
});

test.each(Object.keys(presets))('preset %s names rules that exist', (name) => {
  for (const key of Object.keys(presets[name]!.rules)) {
    if (key.endsWith('*')) expect(ids.some((id) => id.startsWith(key.slice(0, -1))), key).toBe(true);
    else expect(ids).toContain(key);
  }
});
