import { readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import type { Finding } from '../src/core/finding.ts';
import type { AnyRule, Example } from '../src/core/rule.ts';
import { fixAll } from '../src/engine/fix.ts';
import { judge } from '../src/engine/judge.ts';
import { readPolicy } from '../src/engine/policy/resolve.ts';
import { memoryChangeSet } from '../src/repo/memory.ts';
import syntaxError from '../rules/sql/syntax-error.ts';

const OLD = ['syntax-error', 'drop-table', 'drop-column', 'create-without-if-not-exists', 'drop-without-if-exists', 'create-policy-without-drop'];
const only = process.env['RULES']?.split(',');
const files = readdirSync('rules/sql').filter((f) => /^[a-z].*\.ts$/.test(f) && !OLD.includes(f.slice(0, -3)) && (!only || only.includes(f.slice(0, -3))));
const rules: AnyRule[] = await Promise.all(files.map(async (f) => (await import(`../rules/sql/${f}`)).default));
const place = ({ at: { path, range } }: Finding) => ({ ...(path !== undefined && { path }), ...(range && { range }) });
const titled = (examples: readonly Example[]) => examples.map((example, index) => [example.title ?? `example ${index + 1}`, example] as const);

async function termsOf(rule: AnyRule, example: Example) {
  const catalogue = { rules: [...rules, syntaxError], presets: {} };
  const { identities, migrations } = example.declared ?? {};
  const setting = example.options === undefined ? rule.severity : [rule.severity, example.options];
  const text = JSON.stringify({ identities, migrations, rules: { [rule.id]: setting } });
  const result = await readPolicy(memoryChangeSet({ 'repolicy.jsonc': text }).head, catalogue);
  if (!result || !('ok' in result)) throw new Error(JSON.stringify(result));
  return { catalogue, policy: result.ok, only: [rule.id] };
}

describe.each(rules.map((rule) => [rule.id, rule] as const))('%s', (id, rule) => {
  test('words', () => {
    expect(rule.title).toMatch(/^[A-Z].*[^.]$/);
    expect(rule.why).toMatch(/^[A-Z].*\.$/s);
    expect(rule.instead).toMatch(/^[A-Z`].*\.$/s);
    expect(rule.options(z).safeParse({}).success).toBe(true);
    expect(rule.options(z).safeParse({ nonsense: 1 }).success).toBe(false);
  });
  test.each(titled(rule.examples.bad))('finds: %s', async (_, example) => {
    const { files, marks } = unmark(example.head);
    expect(marks).not.toEqual([]);
    const change = exampleChange(example, files);
    const terms = await termsOf(rule, example);
    const own = (findings: readonly Finding[]) => findings.filter((f) => f.rule === id && f.status === 'reported');
    const { findings } = await judge(change, terms);
    expect(findings.filter(({ failure }) => failure)).toEqual([]);
    const shown = (list: readonly { path?: string; range?: readonly [number, number] }[]) => list.map((at) => ({ ...at, text: at.range && files[at.path!]!.slice(...at.range) }));
    expect(shown(own(findings).map(place)), findings.map((f) => f.message).join('\n')).toEqual(shown(marks as never));
    if (process.env['SHOW']) for (const f of findings) console.log(`${id} [${f.severity}] ${f.message}`);
    for (const { message } of findings) expect(message).toMatch(/^[A-Z].*\.$/s);
    if (!own(findings).some(({ fix }) => fix)) {
      expect(example.fixed, 'no fix is offered').toBeUndefined();
      return;
    }
    const fixed = await fixAll(change, async (changed) => own((await judge(changed, terms)).findings));
    expect({ ...files, ...Object.fromEntries(fixed.texts) }).toEqual({ ...files, ...example.fixed });
    expect(example.fixed).toBeDefined();
    expect(fixed.left.filter(({ fix }) => fix)).toEqual([]);
  });
  test.each(titled(rule.examples.good))('lets through: %s', async (_, example) => {
    const change = exampleChange(example);
    const { findings } = await judge(change, await termsOf(rule, example));
    expect(findings.map((f) => f.message)).toEqual([]);
  });
});

function exampleChange(example: Example, head = unmark(example.head).files) {
  return memoryChangeSet(head, example.base, { now: new Date('2026-01-15T12:00:00Z') });
}
function unmark(head: Readonly<Record<string, string>>) {
  const files: Record<string, string> = {};
  const marks: { path: string; range: [number, number] }[] = [];
  for (const [path, marked] of Object.entries(head).sort(([a], [b]) => (a < b ? -1 : 1))) {
    let clean = '';
    for (const part of marked.split(/(«[^»]*»)/)) {
      const bare = part.replace(/[«»]/g, '');
      if (part.startsWith('«')) marks.push({ path, range: [clean.length, clean.length + bare.length] });
      clean += bare;
    }
    files[path] = clean;
  }
  return { files, marks };
}
