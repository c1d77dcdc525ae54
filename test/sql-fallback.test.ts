import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readWithoutGrammar } from '../src/facts/sql/fallback.ts';
import type { Operation } from '../src/facts/sql/operation.ts';
import { readSql } from '../src/facts/sql/read.ts';

// Two parsers that know nothing of each other: where both read a statement, they must tell the same of it.

const SQL = `
create table if not exists app.users ("Id" bigint primary key, email varchar(50) not null unique, tags text[] default '{}',
  score numeric(10, 2) default (1 + 2), made timestamp with time zone not null default now(),
  owner_id int constraint owner_fk references app.owners (id) on delete cascade, check (score > 0),
  constraint pair unique (email, owner_id), foreign key (owner_id) references other (id));
create temp table t (like app.users including all);
alter table only app.users add column if not exists nick text, drop column "Old" cascade, alter nick set not null, alter nick drop default;
alter table users alter score type int, alter score set default 1 + 2, add constraint c check (score > 0), drop constraint if exists d, owner to joe;
alter table users rename to people;
alter table if exists people rename column nick to name;
alter table people rename constraint c to e;
create unique index concurrently if not exists i on people using btree (name, lower(email) desc) where name is not null;
create index on people (name);
drop table if exists a, "B" cascade;
drop index concurrently if exists i;
drop sequence s;
drop type mood;
create schema if not exists app;
create extension if not exists pgcrypto;
create type mood as enum ('a', 'b');
truncate table a, b restart identity cascade;
insert into t (a, b) values (1, 'x'), (2, 'y') on conflict do nothing;
insert into t select * from u;
update t set a = a + 1, b = now() where c = 'é🙂';
delete from t where a = 1 and b;
delete from only_this;
begin; start transaction; commit; rollback;
`;

/** What both can tell: kinds, names, places and the parts that rules ask about. */
const told = (operation: Operation): unknown =>
  JSON.parse(
    JSON.stringify(operation, (key, value: unknown) => {
      if (['query', 'modifiers', 'schema', 'onUpdate', 'opclass', 'operatorClass', 'target', 'locksRows'].includes(key))
        return undefined;
      return typeof value === 'function' ? undefined : value;
    }),
  );

test('says of a statement what PostgreSQL itself says', async () => {
  const sure = await readSql('x.sql', SQL);
  const degraded = await readWithoutGrammar('x.sql', SQL, { transaction: 'none' });
  expect(degraded.notices).toEqual([]);
  expect(sure.errors).toEqual([]);
  expect(degraded.statements.map(({ range, transaction }) => ({ range, transaction }))).toEqual(
    sure.statements.map(({ range, transaction }) => ({ range, transaction })),
  );
  degraded.statements.forEach((statement, i) => {
    expect(statement.operations.map(told), statement.text).toEqual(sure.statements[i]!.operations.map(told));
  });
});

test('finds calls and columns in expressions', async () => {
  const { statements } = await readWithoutGrammar(
    'x.sql',
    "create table t (a text default lower(gen_random_uuid()::text) || 'x')",
    { transaction: 'none' },
  );
  const [operation] = statements[0]!.operations;
  const value = operation?.kind === 'create table' ? operation.columns[0]!.default! : undefined;
  expect(value?.calls().map(({ name }) => name.name)).toEqual(['lower', 'gen_random_uuid']);
  expect(value?.strings()).toEqual(['x']);
});

test('what it cannot read is a notice that a verdict needed, and never an error', async () => {
  const text =
    'create table t (a int);\ncreate policy p on t;\nalter table t enable row level security;\nselekt 1;\nrefresh materialized view m;\ndo $$ begin drop table x; end $$;';
  const { statements, errors, notices } = await readWithoutGrammar('x.sql', text, { transaction: 'none' });
  expect([statements.length, errors]).toEqual([2, []]);
  expect(notices.map(({ notice, needed, path }) => [notice, needed, path])).toEqual(
    Array(5).fill(['degraded', true, 'x.sql']),
  );
  expect(notices[0]!.message).toBe(
    'Without WebAssembly the statement on line 2 of x.sql is not judged: it cannot be parsed.',
  );
});

let folder: string;
beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), 'repolicy-sql-'))));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('takes over where WebAssembly is missing', async () => {
  const { build } = await import('esbuild');
  const entry = new URL('../src/facts/sql/read.ts', import.meta.url).pathname;
  const bundle = join(folder, 'read.cjs');
  const built = await build({
    entryPoints: [entry],
    bundle: true,
    platform: 'node',
    format: 'cjs',
    mainFields: ['module', 'main'],
    external: ['libpg-query'],
    outfile: bundle,
    logLevel: 'silent',
  });
  expect(built.errors).toEqual([]);
  const script = `require(${JSON.stringify(bundle)}).readSql('x.sql', 'drop table a; create policy p on t').then(({ statements, notices }) => console.log(JSON.stringify([statements.map((s) => s.operations[0].kind), notices.map((n) => n.notice)])))`;
  const out = execFileSync(process.execPath, ['--jitless', '-e', script], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  expect(JSON.parse(out)).toEqual([['drop table'], ['degraded']]);
});
