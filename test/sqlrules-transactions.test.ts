import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { AnyRule } from '../src/core/rule.ts';
import { judge } from '../src/engine/judge.ts';
import { readPolicy } from '../src/engine/policy/resolve.ts';
import { memoryChangeSet } from '../src/repo/memory.ts';
import enumValue from '../rules/sql/enum-value-used-in-same-transaction.ts';
import noTransactionStatement from '../rules/sql/no-transaction-statement-in-transaction.ts';
import setTransaction from '../rules/sql/set-transaction-after-query.ts';
import unclosed from '../rules/sql/unclosed-transaction.ts';

/** What a PostgreSQL server said: `sqlstate` without an error is a warning. */
interface Answer {
  readonly ok: boolean;
  readonly sqlstate: string | null;
}

interface Case {
  readonly sql: string;
  readonly in_explicit_block?: Answer;
  readonly in_implicit_multistatement_string?: Answer;
  readonly result?: Answer;
}

const CASES = '../shared/cases/postgres-txblock.json';
const there = existsSync(CASES);
if (!there) console.warn(`${CASES} is not there: what PostgreSQL said is not compared with what the rules say.`);
const cases: readonly Case[] = there ? JSON.parse(readFileSync(CASES, 'utf8')).cases : [];

const rules: readonly AnyRule[] = [enumValue, noTransactionStatement, setTransaction, unclosed];
const SETUP = [
  "create type mood as enum ('a', 'b');",
  'create table tm (m mood);',
  'create table t (id int, n int);',
  'create table part (k int) partition by range (k);',
  'create table partx (k int) partition by range (k);',
  "create procedure pcommit() language plpgsql as 'begin commit; end';",
].join('\n');

/** The rules that find something inside the stretch of a file that is sent as one string. */
async function findings(text: string, [start, end]: readonly [number, number]): Promise<string[]> {
  const catalogue = { rules, presets: {} };
  const policy = {
    migrations: [{ layout: 'golang-migrate', dir: 'm' }],
    rules: Object.fromEntries(rules.map(({ id }) => [id, 'error'])),
  };
  const read = await readPolicy(memoryChangeSet({ 'repolicy.jsonc': JSON.stringify(policy) }).head, catalogue);
  if (!read || !('ok' in read)) throw new Error(JSON.stringify(read));
  const base = { 'm/1_setup.up.sql': SETUP };
  const change = memoryChangeSet({ ...base, 'm/2_case.up.sql': text }, base);
  const verdict = await judge(change, { catalogue, policy: read.ok });
  expect(verdict.findings.filter(({ failure }) => failure)).toEqual([]);
  return verdict.findings
    .filter(({ at: { range } }) => range && range[0] >= start && range[1] <= end)
    .map(({ rule }) => rule);
}

function compare(found: readonly string[], { ok, sqlstate }: Answer, how: string): void {
  if (!ok) expect(found, `${how}: PostgreSQL refuses it (${sqlstate})`).not.toEqual([]);
  // What PostgreSQL only warns about may be found as well.
  else if (sqlstate === null) expect(found, `${how}: PostgreSQL runs it`).toEqual([]);
}

describe.skipIf(!there)('the verdicts about transactions are those of a PostgreSQL server', () => {
  test.each(cases.map((one) => [one.sql, one] as const))(
    '%s',
    async (sql, { in_explicit_block, in_implicit_multistatement_string, result }) => {
      const place = (before: string): readonly [number, number] => [before.length, before.length + sql.length];
      if (in_explicit_block)
        compare(await findings(`begin;\n${sql};\ncommit;\n`, place('begin;\n')), in_explicit_block, 'after BEGIN');
      if (in_implicit_multistatement_string) {
        compare(
          await findings(`select 1;\n${sql};\nselect 1;\n`, place('select 1;\n')),
          in_implicit_multistatement_string,
          'in one string with others',
        );
      }
      if (result) compare(await findings(sql, [0, sql.length]), result, 'in that order');
    },
  );
});

// The table of what never runs inside a transaction, beyond the cases above.
const REFUSED = [
  'create index concurrently on t (n)',
  'create unique index concurrently if not exists i on t (n)',
  'reindex index concurrently i',
  'reindex schema public',
  'reindex database',
  'reindex (concurrently) table t',
  'vacuum',
  'vacuum (analyze, verbose) t',
  'cluster',
  'create database d',
  'drop database if exists d with (force)',
  "create tablespace s location '/x'",
  "alter system set work_mem = '1MB'",
  'alter system reset all',
  'drop subscription s',
  "create subscription s connection 'c' publication p",
  'reindex table part',
  'cluster part using i',
];
const ACCEPTED = [
  'create index i on t (n)',
  'drop index if exists i',
  'reindex table t',
  'reindex (verbose) index i',
  'cluster t using i',
  'analyze',
  'alter table part attach partition t for values in (1)',
  'discard temp',
  'alter database d set work_mem = 1',
  'lock table t',
  'create schema s',
  'listen c',
];

test.each(REFUSED)('refused inside a transaction: %s', async (sql) => {
  expect(await findings(`begin;\n${sql};\ncommit;`, [7, 7 + sql.length])).toEqual([noTransactionStatement.id]);
});

test.each(ACCEPTED)('accepted inside a transaction: %s', async (sql) => {
  expect(await findings(`begin;\n${sql};\ncommit;`, [7, 7 + sql.length])).toEqual([]);
});
