import { describe, expect, test } from 'vitest';
import type { MigrationFolder } from '../src/core/policy.ts';
import type { Files } from '../src/core/rule.ts';
import { LAYOUTS, layoutNamed } from '../src/facts/layouts.ts';
import { compareVersions, migrations } from '../src/facts/migrations.ts';
import { memorySnapshot } from '../src/repo/memory.ts';

const of = (files: Files, declared?: readonly MigrationFolder[]) =>
  migrations({ ...memorySnapshot(files), declared: { identities: {}, ...(declared && { migrations: declared }) } });

/** "layout dir: file, file" for each folder, in the order in which they run. */
const shapes = async (files: Files, declared?: readonly MigrationFolder[]): Promise<string[]> =>
  (await of(files, declared)).folders.map(
    ({ layout, dir, migrations: own }) =>
      `${layout.name} ${dir}: ${own.map(({ path }) => path.slice(dir === '' ? 0 : dir.length + 1)).join(', ')}`,
  );

const empty = (...paths: string[]): Files => Object.fromEntries(paths.map((path) => [path, '']));

describe('layouts', () => {
  test.each(LAYOUTS.map((layout) => [layout.name, layout] as const))('%s takes its own example', (name, layout) => {
    expect(layout.file.test(layout.example)).toBe(true);
    expect(layoutNamed(name)).toBe(layout);
    for (const words of [
      layout.unmatched,
      layout.duplicates.words,
      layout.late.words,
      layout.edited.words,
      layout.concurrently.words,
    ]) {
      expect(words).toMatch(/^[a-zA-Z`"][^]*[^.]$/);
    }
  });

  test.each<[layout: string, file: string, taken: { version?: string; name?: string } | undefined]>([
    ['supabase', '20260101120000_a_b.sql', { version: '20260101120000', name: 'a_b' }],
    ['supabase', '1_.sql', { version: '1', name: '' }],
    ['supabase', '20260101120000-a.sql', undefined],
    ['supabase', 'sub/1_a.sql', undefined],
    ['supabase', 'init.sql', undefined],
    ['dbmate', '20260101_a.sql', { version: '20260101', name: '_a' }],
    ['dbmate', 'a.sql', undefined],
    ['goose', '00001_a.sql', { version: '00001', name: 'a' }],
    ['golang-migrate', '1_a.up.sql', { version: '1', name: 'a' }],
    ['golang-migrate', '1_a.sql', undefined],
    ['flyway', 'V1_2.3__a_b.sql', { version: '1_2.3', name: 'a_b' }],
    ['flyway', 'sub/V1__a.sql', { version: '1', name: 'a' }],
    ['flyway', 'R__views.sql', { name: 'views' }],
    ['flyway', 'V1_a.sql', undefined],
    ['prisma', '20260101120000_a/migration.sql', { version: '20260101120000', name: 'a' }],
    ['prisma', '20260101120000_a/other.sql', undefined],
    ['node-pg-migrate', '1769860800000_a-b.sql', { version: '1769860800000', name: 'a-b' }],
    ['graphile-migrate', 'committed/000001-a.sql', { version: '000001', name: 'a' }],
    ['graphile-migrate', 'committed/000001.sql', { version: '000001' }],
    ['graphile-migrate', 'committed/1.sql', undefined],
    ['graphile-migrate', 'current.sql', {}],
    ['graphile-migrate', 'current/1-a.sql', {}],
    ['atlas', '20260101120000.sql', { version: '20260101120000' }],
    ['sqlx', '1_a.up.sql', { version: '1', name: 'a' }],
    ['sqlx', '1_a.sql', { version: '1', name: 'a' }],
    ['diesel', '2026-01-01-120000_a/up.sql', { version: '2026-01-01-120000', name: 'a' }],
    ['hasura', 'default/1769860800000_a/up.sql', { version: '1769860800000', name: 'a' }],
    ['plain', '1.sql', { version: '1' }],
    ['plain', '0001-a.up.sql', { version: '0001', name: 'a' }],
    ['plain', 'a.sql', undefined],
  ])('%s reads %s as %j', (layout, file, taken) => {
    const groups = layoutNamed(layout)!.file.exec(file)?.groups;
    expect(groups && { version: groups['version'], name: groups['name'] }).toEqual(
      taken && { version: taken.version, name: taken.name },
    );
  });
});

describe('folders by their shape', () => {
  test.each<[title: string, files: Files, ...expected: string[]]>([
    [
      'Supabase',
      empty(
        'supabase/migrations/2_b.sql',
        'supabase/migrations/10_a.sql',
        'supabase/seed.sql',
        'supabase/schemas/1_x.sql',
      ),
      'supabase supabase/migrations: 10_a.sql, 2_b.sql',
    ],
    [
      'Supabase in a package',
      empty('apps/web/supabase/migrations/1_a.sql'),
      'supabase apps/web/supabase/migrations: 1_a.sql',
    ],
    [
      'Prisma',
      {
        'prisma/migrations/migration_lock.toml': 'provider = "postgresql"',
        'prisma/migrations/20260101120000_a/migration.sql': '',
      },
      'prisma prisma/migrations: 20260101120000_a/migration.sql',
    ],
    [
      'Prisma without its lock',
      empty('db/m/20260101120000_a/migration.sql'),
      'prisma db/m: 20260101120000_a/migration.sql',
    ],
    [
      'Diesel',
      empty('migrations/2026-01-01-000000_a/up.sql', 'migrations/2026-01-01-000000_a/down.sql'),
      'diesel migrations: 2026-01-01-000000_a/up.sql',
    ],
    [
      'Hasura',
      empty('hasura/migrations/default/1769860800000_a/up.sql'),
      'hasura hasura/migrations/default: 1769860800000_a/up.sql',
    ],
    [
      'golang-migrate',
      empty('db/schema/2_b.up.sql', 'db/schema/2_b.down.sql', 'db/schema/10_a.up.sql'),
      'golang-migrate db/schema: 2_b.up.sql, 10_a.up.sql',
    ],
    ['sqlx', empty('Cargo.toml', 'migrations/2_b.sql', 'migrations/10_a.sql'), 'sqlx migrations: 2_b.sql, 10_a.sql'],
    [
      'Flyway',
      empty(
        'src/main/resources/db/migration/V10__b.sql',
        'src/main/resources/db/migration/V9.1__a.sql',
        'src/main/resources/db/migration/R__v.sql',
        'src/main/resources/db/migration/U10__b.sql',
      ),
      'flyway src/main/resources/db/migration: V9.1__a.sql, V10__b.sql, R__v.sql',
    ],
    [
      'graphile-migrate',
      empty('migrations/committed/000001.sql', 'migrations/current.sql'),
      'graphile-migrate migrations: committed/000001.sql, current.sql',
    ],
    ['Atlas', empty('migrations/atlas.sum', 'migrations/20260101000000.sql'), 'atlas migrations: 20260101000000.sql'],
    [
      'dbmate, by what stands in its files',
      { 'db/migrations/1_a.sql': '-- migrate:up\nselect 1;\n-- migrate:down\n' },
      'dbmate db/migrations: 1_a.sql',
    ],
    ['goose, wherever it lies', { 'sql/schema/001_a.sql': '-- +goose Up\nselect 1;' }, 'goose sql/schema: 001_a.sql'],
    [
      'node-pg-migrate',
      { 'migrations/1769860800000_a.sql': '-- Up Migration\nselect 1;\n-- Down Migration\n' },
      'node-pg-migrate migrations: 1769860800000_a.sql',
    ],
    [
      'nothing in particular',
      empty('migrations/1_a.sql', 'migrations/tenant/2_b.sql', 'migrations/README.md'),
      'plain migrations: 1_a.sql',
      'plain migrations/tenant: 2_b.sql',
    ],
  ])('%s', async (_, files, ...expected) => expect(await shapes(files)).toEqual(expected));

  test('Drizzle: the journal decides what runs, and when', async () => {
    const journal = JSON.stringify({
      dialect: 'postgresql',
      entries: [
        { idx: 0, when: 2, tag: '0001_b' },
        { idx: 1, when: 1, tag: '0000_a' },
      ],
    });
    const files = {
      'drizzle/meta/_journal.json': journal,
      ...empty('drizzle/0000_a.sql', 'drizzle/0001_b.sql', 'drizzle/0002_c.sql'),
    };
    const { folders } = await of(files);
    expect(folders[0]!.migrations.map(({ path }) => path)).toEqual(['drizzle/0001_b.sql', 'drizzle/0000_a.sql']);
    expect(folders[0]!.unmatched).toEqual(['drizzle/0002_c.sql']);
    const [entry] = folders[0]!.journal!.entries;
    expect([entry!.tag, entry!.when, journal.slice(...entry!.at)]).toEqual([
      '0001_b',
      2,
      '{"idx":0,"when":2,"tag":"0001_b"}',
    ]);
    expect(await shapes({ ...files, 'drizzle/meta/_journal.json': '{ broken' })).toEqual(['drizzle drizzle: ']);
  });

  test.each<[title: string, files: Files]>([
    [
      'Django, Rails and Knex',
      empty(
        'app/migrations/0001_initial.py',
        'db/migrate/20260101000000_a.rb',
        'migrations/20260101_a.js',
        'db/structure.sql',
      ),
    ],
    ['queries and dumps', { 'queries/1_report.sql': 'select 1', 'dump.sql': '', 'sql/01_users.sql': 'select 1' }],
    [
      "other people's files",
      empty(
        'node_modules/x/migrations/1_a.sql',
        'vendor/x/migrations/1_a.sql',
        'test/fixtures/migrations/1_a.sql',
        'pkg/testdata/migrations/1_a.sql',
      ),
    ],
    ['MySQL and SQLite, by their folders', empty('migrations/mysql/1_a.sql', 'db/sqlite/migrations/1_a.sql')],
    ['MySQL, by what stands in its files', { 'migrations/1_a.sql': 'create table `t` (a int auto_increment)' }],
    [
      'SQLite, by what stands in its files',
      { 'migrations/1_a.sql': '-- x\ncreate table t (a integer primary key autoincrement)' },
    ],
    [
      'Prisma and Drizzle for SQLite',
      {
        'prisma/migrations/migration_lock.toml': 'provider = "sqlite"',
        'prisma/migrations/20260101120000_a/migration.sql': '',
        'drizzle/meta/_journal.json': '{"dialect":"sqlite","entries":[]}',
        'drizzle/0000_a.sql': '',
      },
    ],
    ['Cloudflare D1', { 'wrangler.toml': '[[d1_databases]]', 'migrations/0001_a.sql': 'create table t (a int)' }],
  ])('none: %s', async (_, files) => expect(await shapes(files)).toEqual([]));

  test("backticks in comments and strings are nobody's dialect", async () => {
    expect(await shapes({ 'migrations/1_a.sql': "-- drops `t`\ncomment on table t is '`autoincrement`';" })).toEqual([
      'plain migrations: 1_a.sql',
    ]);
  });
});

describe('what a folder holds', () => {
  test('the way back of a migration, and what no runner takes', async () => {
    const {
      folders,
      migrations: all,
      at,
    } = await of(
      empty('migrations/1_a.up.sql', 'migrations/1_a.down.sql', 'migrations/2_b.up.sql', 'migrations/notes.sql'),
    );
    expect(all.map(({ path, version, name, down }) => [path, version, name, down])).toEqual([
      ['migrations/1_a.up.sql', '1', 'a', 'migrations/1_a.down.sql'],
      ['migrations/2_b.up.sql', '2', 'b', undefined],
    ]);
    expect([folders[0]!.downs, folders[0]!.unmatched]).toEqual([['migrations/1_a.down.sql'], ['migrations/notes.sql']]);
    expect([at('migrations/2_b.up.sql')?.version, at('migrations/1_a.down.sql'), at('__proto__')]).toEqual([
      '2',
      undefined,
      undefined,
    ]);
  });

  test('the way back that somebody keeps beside a Prisma migration makes it no Diesel one', async () => {
    const path = 'db/20260101120000_a';
    const { folders } = await of(empty(`${path}/down.sql`, `${path}/migration.sql`));
    expect(folders.map(({ dir, layout }) => [dir, layout.name])).toEqual([['db', 'prisma']]);
    expect(folders[0]!.unmatched).toEqual([`${path}/down.sql`]);
  });

  test('Supabase leaves out the old first init', async () => {
    const { folders } = await of(
      empty('supabase/migrations/20210101000000_init.sql', 'supabase/migrations/20220101000000_init.sql'),
    );
    expect(folders[0]!.migrations.map(({ version }) => version)).toEqual(['20220101000000']);
    expect(folders[0]!.unmatched).toEqual(['supabase/migrations/20210101000000_init.sql']);
  });
});

describe('the order in which migrations run', () => {
  test.each([
    ['supabase', ['20260105_c.sql', '20260105120000_b.sql'], 'the whole name: "_" comes after every digit'],
    ['dbmate', ['10_b.sql', '9_a.sql'], 'the whole name as text'],
    ['prisma', ['20260105120000_a/migration.sql', '20260105120000_a-b/migration.sql'], 'the name of the folder'],
    ['diesel', ['2025-12-31-120000_b/up.sql', '20260105120000_a/up.sql'], 'versions without their hyphens'],
    ['goose', ['9_a.sql', '10_b.sql'], 'numbers'],
    ['flyway', ['V1.9__a.sql', 'V1.10__b.sql'], 'numbers, part by part'],
  ])('%s: %s', async (layout, names, _) => {
    const { migrations: all } = await of(empty(...names.map((name) => `m/${name}`)), [{ layout, dir: 'm' }]);
    const expected = layout === 'supabase' ? [...names].reverse() : names;
    expect(all.map(({ path }) => path)).toEqual(expected.map((name) => `m/${name}`));
  });
});

describe('what the policy declares', () => {
  test('holds, and nothing else is looked for', async () => {
    const files = empty('db/1_a.sql', 'db/old/2_b.sql', 'supabase/migrations/1_x.sql');
    const declared = [{ layout: 'plain', dir: './db/', postgres: 15, applied: '1' }];
    expect(await shapes(files, declared)).toEqual(['plain db: 1_a.sql']);
    expect((await of(files, declared)).folders[0]).toMatchObject({ declared: true, postgres: 15, applied: '1' });
    expect(await shapes(files, [])).toEqual([]);
  });

  test('the innermost folder owns a file, the root all that is left', async () => {
    const files = empty('1_root.sql', 'a/1_a.sql', 'a/b/1_b.sql');
    const declared = ['', 'a', 'a/b'].map((dir) => ({ layout: 'plain', dir }));
    expect(await shapes(files, declared)).toEqual(['plain : 1_root.sql', 'plain a: 1_a.sql', 'plain a/b: 1_b.sql']);
  });

  test('"files" takes what no runner owns, beside the folders that are found', async () => {
    const { folders, loose, at } = await of(empty('x/a.sql', 'supabase/migrations/1_a.sql'), [
      { layout: 'files', dir: '' },
    ]);
    expect(folders.map(({ dir }) => dir)).toEqual(['supabase/migrations']);
    expect(loose?.migrations.map(({ path }) => path)).toEqual(['x/a.sql']);
    expect(at('x/a.sql')).toBeUndefined();
  });
});

test.each([
  ['supabase', '9', '10', 1],
  ['goose', '9', '10', -1],
  ['goose', '010', '10', 0],
  ['goose', '99999999999999999999', '100000000000000000000', -1],
  ['flyway', '1.10', '1.9', 1],
  ['flyway', '1_2', '1.2', 0],
  ['flyway', '1', '1.0.0', 0],
  ['prisma', 'a', 'a', 0],
  ['diesel', '2026-01-05-120000', '20260105120000', 0],
  ['diesel', '2025-12-31-120000', '20260105120000', -1],
] as const)('to %s, %s against %s is %i', (layout, a, b, expected) => {
  expect(Math.sign(compareVersions(layoutNamed(layout)!, a, b))).toBe(expected);
});
