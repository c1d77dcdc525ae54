import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import mismatchedForeignKeyType from '../rules/sql/mismatched-foreign-key-type.ts';
import { judge } from '../src/engine/judge.ts';
import { readPolicy } from '../src/engine/policy/resolve.ts';
import type { Type } from '../src/facts/sql/column.ts';
import { narrowing } from '../src/facts/sql/narrowing.ts';
import { readSql } from '../src/facts/sql/read.ts';
import { rewrites } from '../src/facts/sql/rewrites.ts';
import { memoryChangeSet } from '../src/repo/memory.ts';

async function types(sql: string): Promise<ReadonlyMap<string, Type>> {
  const { statements } = await readSql('a.sql', sql);
  const columns = statements.flatMap(({ operations }) =>
    operations.flatMap((one) => (one.kind === 'create table' ? one.columns : [])),
  );
  return new Map(columns.map(({ name, type }) => [name, type]));
}

async function pair(from: string, to: string): Promise<readonly [Type, Type]> {
  const found = await types(`create table t (a ${from}, b ${to});`);
  return [found.get('a')!, found.get('b')!];
}

const CASES = '../shared/cases/postgres-locks.json';
const there = existsSync(CASES);
if (!there) console.warn(`${CASES} is not there: rewrites are not compared with what PostgreSQL did.`);

interface Case {
  readonly sql: string;
  readonly postgres_15_18: { readonly rewritten: readonly string[]; readonly error: unknown } | null;
}

describe.skipIf(!there)('a change of type rewrites a table where a PostgreSQL server did', async () => {
  const { setup_sql: setup, cases }: { setup_sql: string; cases: readonly Case[] } = there
    ? JSON.parse(readFileSync(CASES, 'utf8'))
    : { setup_sql: '', cases: [] };
  const before = await types(setup);
  const changes: (readonly [string, Type, Type, boolean])[] = [];
  for (const { sql, postgres_15_18: answer } of cases) {
    // The time zone decides about timestamps, and no migration says which one a server has.
    if (!answer || answer.error || /timezone/i.test(sql)) continue;
    const { statements } = await readSql('a.sql', sql);
    for (const operation of statements.flatMap(({ operations }) => operations)) {
      const from = operation.kind === 'alter column type' ? before.get(operation.column) : undefined;
      if (operation.kind !== 'alter column type' || !from || operation.using) continue;
      changes.push([sql, from, operation.type, answer.rewritten.includes(operation.table.name)]);
    }
  }
  test('there are some', () => expect(changes.length).toBeGreaterThan(8));
  test.each(changes)('%s', (_, from, to, rewritten) => expect(rewrites(from, to)).toBe(rewritten));
});

test.each([
  ['varchar(50)', 'varchar(50)'],
  ['varchar', 'text'],
  ['numeric(10, 2)', 'numeric(12, 2)'],
  ['timestamptz(3)', 'timestamptz'],
  ['time(3)', 'time(6)'],
  ['interval(3)', 'interval'],
  ['cidr', 'inet'],
  ['citext', 'text'],
  ['serial', 'int'],
  ['text[]', 'varchar[]'],
])('%s to %s changes the catalogue alone', async (from, to) => {
  expect(rewrites(...(await pair(from, to)))).toBe(false);
});

test.each([
  ['int', 'bigint'],
  ['bigint', 'int'],
  ['char(3)', 'char(4)'],
  ['char(3)', 'text'],
  ['text', 'varchar(3)'],
  ['citext', 'varchar(3)'],
  ['varchar(9)', 'varchar(8)'],
  ['numeric(10, 2)', 'numeric(10, 3)'],
  ['numeric', 'numeric(10, 2)'],
  ['timestamp(6)', 'timestamp(3)'],
  ['interval', 'interval(3)'],
  ['json', 'jsonb'],
  ['app.kind', 'other.kind'],
  ['text', 'text[]'],
])('%s to %s rewrites the table', async (from, to) => {
  expect(rewrites(...(await pair(from, to)))).toBe(true);
});

test.each([
  ['bigint', 'int', 'greater numbers'],
  ['int', 'smallint', 'greater numbers'],
  ['bigserial', 'integer', 'greater numbers'],
  ['numeric', 'int', 'fractions'],
  ['double precision', 'bigint', 'fractions'],
  ['double precision', 'real', 'digits'],
  ['numeric(10, 2)', 'numeric(8, 2)', 'greater numbers'],
  ['numeric(10, 2)', 'numeric(10, 1)', 'rounded'],
  ['numeric', 'numeric(10, 1)', 'rounded'],
  ['bigint', 'numeric(10, 0)', 'greater numbers'],
  ['text', 'varchar(5)', 'longer values make it fail'],
  ['varchar(9)', 'char(5)', 'longer values make it fail'],
  ['text', 'uuid', 'no uuid'],
  ['varchar', 'jsonb', 'no jsonb'],
  ['text', 'numeric(3, 1)', 'no number'],
  ['timestamptz', 'date', 'time of day'],
  ['timestamp', 'time', 'day is lost'],
  ['time(6)', 'time(3)', 'rounded'],
])('%s to %s is narrower', async (from, to, words) => {
  expect(narrowing(...(await pair(from, to)), false)).toContain(words);
});

test.each([
  ['int', 'bigint'],
  ['smallint', 'numeric(5, 0)'],
  ['int', 'numeric'],
  ['int', 'double precision'],
  ['varchar(5)', 'varchar(9)'],
  ['char(5)', 'varchar(5)'],
  ['varchar(5)', 'text'],
  ['text', 'citext'],
  ['numeric(8, 2)', 'numeric(10, 2)'],
  ['date', 'timestamptz'],
  ['timestamp', 'timestamptz'],
  ['json', 'jsonb'],
  ['uuid', 'text'],
  ['text', 'app.name'],
  ['app.name', 'varchar(5)'],
  ['text', 'mood'],
  ['text[]', 'text'],
])('%s to %s loses nothing that is known', async (from, to) => {
  expect(narrowing(...(await pair(from, to)), false)).toBeUndefined();
});

test('a cast in USING cuts off what an assignment refuses', async () => {
  expect(narrowing(...(await pair('text', 'varchar(5)')), true)).toContain('cut off');
});

/** What PostgreSQL 15 says to `create table c (f <first> references p)`, where p's primary key is of the second type. */
const REFUSED = [
  ['numeric', 'int'],
  ['double precision', 'bigint'],
  ['real', 'numeric'],
  ['uuid', 'text'],
  ['text', 'int'],
  ['int', 'text'],
  ['date', 'int'],
  ['boolean', 'smallint'],
  ['bytea', 'text'],
  ['inet', 'text'],
];
const ACCEPTED = [
  ['bigint', 'int'],
  ['int', 'numeric'],
  ['smallint', 'double precision'],
  ['numeric', 'real'],
  ['double precision', 'real'],
  ['varchar(9)', 'text'],
  ['char(9)', 'varchar'],
  ['date', 'timestamptz'],
  ['cidr', 'inet'],
  ['citext', 'citext'],
  ['name', 'text'],
];

async function foreignKeyFindings(own: string, other: string): Promise<string[]> {
  const catalogue = { rules: [mismatchedForeignKeyType], presets: {} };
  const policy = { migrations: [{ layout: 'plain', dir: 'm' }], rules: { [mismatchedForeignKeyType.id]: 'error' } };
  const read = await readPolicy(memoryChangeSet({ 'repolicy.jsonc': JSON.stringify(policy) }).head, catalogue);
  if (!read || !('ok' in read)) throw new Error(JSON.stringify(read));
  const text = `create table p (k ${other} primary key);\ncreate table c (f ${own} references p);`;
  const { findings } = await judge(memoryChangeSet({ 'm/1_a.sql': text }), { catalogue, policy: read.ok });
  return findings.map(({ severity }) => severity);
}

test.each(REFUSED)('a foreign key of type %s to %s is refused', async (own, other) => {
  expect(await foreignKeyFindings(own!, other!)).toEqual(['error']);
});

test.each(ACCEPTED)('a foreign key of type %s to %s is made', async (own, other) => {
  expect(await foreignKeyFindings(own!, other!)).toEqual([]);
});

test('a foreign key that is narrower than what it refers to is made, and warned about', async () => {
  expect(await foreignKeyFindings('int', 'bigint')).toEqual(['warning']);
});
