import { fromMarkdown } from 'mdast-util-from-markdown';
import { expect, test } from 'vitest';
import * as z from 'zod';
import type { AnyRule } from '../src/core/rule.ts';
import { defineRule } from '../src/core/rule.ts';
import { sample } from '../src/core/sample.ts';
import { familyPage, page } from '../src/report/page.ts';
import { unreadable } from '../src/report/placeholders.ts';
import { rules } from '../rules/index.ts';

const none = async function* () {};

const drop = defineRule({
  id: 'sql/drop-column',
  title: 'Do not drop a column that running code may still read',
  why: 'Until the last old process is gone, `select` fails; a <b> is text.',
  instead: 'Drop it in a later release, as `released` says.',
  severity: 'error',
  sources: ['squawk/ban-drop-column', 'https://www.postgresql.org/docs/current/sql-altertable.html'],
  options: (z) =>
    z.strictObject({
      released: z.array(z.string()).default([]).describe('Columns that nobody reads: "table.column"'),
      mode: z.enum(['strict', 'a|b']).default('strict').describe('How | much.'),
      limit: z.number().int().min(1).max(9).optional(),
      at: z.strictObject({ from: z.string(), to: z.union([z.string(), z.boolean()]).optional() }),
      names: z.record(z.string(), z.array(z.number())).default({}),
    }),
  over: none,
  examples: {
    bad: [
      {
        head: { 'm/1.sql': 'alter table users\n\t«drop column email», «drop\n  column phone»;\n' },
        fixed: { 'm/1.sql': 'alter table users;\n' },
      },
      { title: 'after 日本語', head: { 'm/2.sql': "select '日本語'; «drop»;" } },
    ],
    good: [
      {
        title: 'a column that was released',
        options: { released: ['users.email', '[ a ]'] },
        declared: { identities: { data: { emails: ['data@example.com'], owns: [] } } },
        base: { 'm/0.sql': 'create table users ();', 'm/2.sql': 'select 1;' },
        head: { 'm/0.sql': 'create table users ();', 'm/2.sql': 'select 2;', 'empty.sql': '' },
        identity: { name: 'Data', email: 'data@example.com' },
        branch: 'main',
        message: 'feat: x',
        pullRequest: { title: 'T', body: '```\nB', labels: [] },
      },
      ...Array.from({ length: 5 }, () => ({ head: { 'm/3.sql': 'select 1;' } })),
    ],
  },
  *check() {},
});

const TOKEN = sample(36);
const token: AnyRule = {
  ...drop,
  id: 'secrets/token',
  options: (z) => z.strictObject({}),
  examples: {
    bad: [{ head: { 'a.json': `{ "a": "«${TOKEN}»", "b": "${sample(36, 2)}" }`, '«id_rsa»': 'x' } }],
    good: [{ head: { 'b.ts': `const token = "ghp_${'x'.repeat(36)}"; // ${sample(20, 3)}` } }],
  },
};
const change: AnyRule = {
  ...drop,
  id: 'change/too-large',
  judgedBy: 'base',
  sources: [],
  options: (z) => z.strictObject({}),
  examples: { bad: [{ head: { '«»': '' } }], good: [{ head: {} }] },
};

test('a page reads well', () => {
  expect(page(drop, z)).toMatchSnapshot();
});

test('a page of a secret shows none, and a page about the change says so', () => {
  const shown = page(token, z);
  expect(shown).toContain('"<secret of 36 characters>"');
  expect(shown).toContain('`id_rsa` (found)');
  expect(shown).toContain(`ghp_${'x'.repeat(36)}`);
  for (const secret of [TOKEN, sample(36, 2), sample(20, 3)]) expect(shown).not.toContain(secret.slice(0, 9));
  expect(page(change, z)).toContain('Found in the change as a whole.');
  expect(page(change, z)).toContain('no change can allow it for itself');
});

test('a family has one page, with a table of contents whose links lead to its headings', () => {
  const shown = familyPage([drop, { ...drop, id: 'sql/drop-table' }], z);
  expect(shown).toMatch(/^# sql\n/);
  expect(shown).toContain('- [sql/drop-table](#sqldrop-table): Do not drop');
  expect(shown.match(/^## /gm)).toHaveLength(2);
  expect(shown).toMatch(/[^\n]\n$/);
});

test('what looks random is cut short, and what does not is left alone', () => {
  const kept = [
    'supabase/migrations/20260131120000_create_users_and_notes.sql',
    'createUserV2Handler',
    'repolicy-allow sql/drop-column until 2026-12-31',
    'DATABASE_URL=${DATABASE_URL}',
    'ABCDEFGHIJKLMNOP',
    '123456789012345678',
    'AKIAIOSFODNNEXAMPLE',
    'deadbeefdeadbeef',
    'supabase_realtime_v2_publication',
  ];
  for (const text of kept) expect(unreadable(text, false)).toBe(text);
  for (const length of [16, 20, 36, 64]) {
    for (let seed = 1; seed < 20; seed++)
      expect(unreadable(`a=${sample(length, seed)};`, false)).toMatch(/^a=\w{4}…<\d+ characters>;$/);
  }
  expect(unreadable('postgres://app:hunter2@db/app', false)).toBe('postgres://app:<password>@db/app');
  expect(unreadable('«-----BEGIN RSA PRIVATE KEY-----\nabc\n-----END RSA PRIVATE KEY-----»', true)).toBe(
    '«<secret of 3 lines>»',
  );
  expect(unreadable('-----BEGIN RSA PRIVATE KEY-----', false)).toBe('<header of a private key>');
});

test.each(rules.map((rule): [string, AnyRule] => [rule.id, rule]))('the page of %s is sound', (_, rule) => {
  const shown = page(rule, z);
  expect(page(rule, z)).toBe(shown);
  expect(shown).toMatch(/^## .*\n[^]*[^\n]\n$/);
  expect(shown).not.toMatch(/[«»]|\[object /);
  const headings = fromMarkdown(shown).children.filter(({ type }) => type === 'heading');
  expect(headings).toHaveLength(1);
});
