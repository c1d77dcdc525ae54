import { describe, expect, test } from 'vitest';
import { rules } from '../rules/index.ts';
import type { Finding } from '../src/core/finding.ts';
import { fixAll } from '../src/engine/fix.ts';
import { judge } from '../src/engine/judge.ts';
import { exampleChange, exampleTerms, judgeExample, unmark } from './example.ts';

const place = ({ at: { path, range } }: Finding) => ({ ...(path !== undefined && { path }), ...(range && { range }) });
const titled = <E extends { title?: string }>(examples: readonly E[]) =>
  examples.map((example, index) => [example.title ?? `example ${index + 1}`, example] as const);

// Each example in each rule file is a test. Nothing about a rule's behaviour is written down here.
describe.each(rules.map((rule) => [rule.id, rule] as const))('%s', (id, rule) => {
  test.each(titled(rule.examples.bad))('finds: %s', async (_, example) => {
    const { files, marks: marked } = unmark(example.head);
    const gone = (example.gone ?? []).map((path) => ({ path }));
    const marks = [...marked, ...gone].sort((a, b) => ((a.path ?? '') < (b.path ?? '') ? -1 : 1));
    expect(marks, 'a bad example marks what is bad').not.toEqual([]);
    const change = exampleChange(example, files);
    const terms = await exampleTerms(rule, example, change);
    const own = (findings: readonly Finding[]) => findings.filter((finding) => finding.rule === id && finding.status === 'reported');
    const { findings } = await judge(change, terms);
    expect(findings.filter(({ failure }) => failure)).toEqual([]);
    expect(own(findings).map(place)).toEqual(marks);
    for (const { message } of findings) expect(message).toMatch(/^\S.*\S$/s);

    if (!own(findings).some(({ fix }) => fix)) {
      expect(example.fixed, 'no fix is offered').toBeUndefined();
      return;
    }
    expect(example.fixed, 'what the fixes make of it').toBeDefined();
    const fixed = await fixAll(change, async (changed) => own((await judge(changed, terms)).findings));
    expect({ ...files, ...Object.fromEntries(fixed.texts) }).toEqual({ ...files, ...example.fixed });
    expect(fixed.left.filter(({ fix }) => fix), 'a fix leaves nothing to fix').toEqual([]);
  });

  test.each(titled(rule.examples.good))('lets through: %s', async (_, example) => {
    const { findings } = await judgeExample(rule, example);
    expect(findings.filter(({ rule, excused, failure }) => (rule === id && excused === undefined) || failure)).toEqual([]);
  });
});
