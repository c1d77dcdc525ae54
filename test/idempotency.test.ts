import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { AnyRule } from '../src/core/rule.ts';
import { judge } from '../src/engine/judge.ts';
import { readPolicy } from '../src/engine/policy/resolve.ts';
import { memoryChangeSet } from '../src/repo/memory.ts';
import syntaxError from '../rules/sql/syntax-error.ts';
import unsupported from '../rules/sql/unsupported-guard-syntax.ts';
import { RULES } from './twice/verdicts.ts';

// What PostgreSQL says of single statements that are executed twice: a statement is found exactly where it fails or accumulates.
const CASES = new URL('../../shared/cases/postgres-rerun.json', import.meta.url);

interface Case {
  readonly sql: string;
  readonly verdict: 'rerunnable' | 'reruns-but-accumulates' | 'not-rerunnable' | 'first-run-error';
  readonly sqlstate: string | null;
}

/** The objects that the statements were executed on, as far as a verdict hangs on them. */
const PREPARED = `
create table if not exists u1 (id int primary key, x int);
create table if not exists nu1 (x int);
`;

/**
 * Cases that mean something else here. Both runs of a case share one session, and each is one statement, where a file runs again
 * whole and in a new session; none of the cases turns on that difference. What cannot be judged at all:
 */
const APART: Readonly<Record<string, string>> = {
  "security label on table t is 'x'": 'the first run fails for want of a provider, which no text tells',
};

async function rulesThatFind(sql: string, rules: readonly AnyRule[]): Promise<string[]> {
  const catalogue = { rules: [...rules], presets: {} };
  const policy = JSON.stringify({ rules: Object.fromEntries(rules.map(({ id }) => [id, 'warning'])) });
  const resolved = await readPolicy(memoryChangeSet({ 'repolicy.jsonc': policy }).head, catalogue);
  if (!resolved || !('ok' in resolved)) throw new Error('the policy of this test is wrong');
  const change = memoryChangeSet({ 'migrations/1_prepared.sql': PREPARED, 'migrations/2_case.sql': sql });
  const { findings } = await judge(change, { catalogue, policy: resolved.ok });
  expect(findings.filter(({ failure }) => failure)).toEqual([]);
  return findings.filter(({ at }) => at.path === 'migrations/2_case.sql').map(({ rule }) => rule);
}

describe.skipIf(!existsSync(CASES))('statements that PostgreSQL has run twice', () => {
  const cases: readonly Case[] = existsSync(CASES) ? JSON.parse(readFileSync(CASES, 'utf8')).cases : [];
  const judged = cases.filter(({ sql, verdict }) => verdict !== 'first-run-error' && !Object.hasOwn(APART, sql));
  const wrong = cases.filter(({ sql, verdict }) => verdict === 'first-run-error' && !Object.hasOwn(APART, sql));

  test('are found where they fail or accumulate, and only there', async () => {
    const counts = { both: 0, neither: 0, alarms: [] as string[], missed: [] as string[] };
    for (const { sql, verdict } of judged) {
      const found = await rulesThatFind(sql, RULES);
      expect(new Set(found).size, `${sql}: one rule speaks for a statement`).toBeLessThanOrEqual(1);
      if (verdict === 'rerunnable') found.length > 0 ? counts.alarms.push(sql) : counts.neither++;
      else found.length > 0 ? counts.both++ : counts.missed.push(sql);
    }
    const precision = counts.both / (counts.both + counts.alarms.length);
    const recall = counts.both / (counts.both + counts.missed.length);
    console.info(
      `${judged.length} statements: precision ${(precision * 100).toFixed(1)} %, recall ${(recall * 100).toFixed(1)} %`,
    );
    expect(counts.alarms).toEqual([]);
    expect(counts.missed).toEqual([]);
  });

  test.each(wrong.map(({ sql }) => sql))('names the guard that the grammar does not have: %s', async (sql) => {
    expect(await rulesThatFind(sql, [unsupported, syntaxError])).toContain(unsupported.id);
  });
});
