import { defineRule } from '../../src/core/rule.ts';
import { trunkMigrations } from '../../src/facts/claims.ts';
import { compareMigrations, type Migration, migrationChange, migrations } from '../../src/facts/migrations.ts';
import { versionKey } from '../../src/facts/versions.ts';

const a = '-- migrate:up\n';

export default defineRule({
  id: 'migrations/out-of-order-version',
  title: 'Add migrations after the last one that is merged',
  why: 'Databases that have run the later one already refuse this one, skip it, or run it in another order than a new database does.',
  instead: 'Give it a version above the last merged one, and run the whole list again on an empty database.',
  severity: 'error',
  sources: ['https://github.com/supabase/cli/issues/1882'],
  options: (z) => z.strictObject({}),
  over: migrationChange,
  async *check(set) {
    const { folders: before, at: known } = await migrations(set.base);
    const arrived = new Set(
      set.changes.flatMap(({ path, kind }) => (kind === 'added' || kind === 'renamed' ? [path] : [])),
    );
    for (const folder of (await migrations(set.head)).folders) {
      const { dir, layout } = folder;
      const added = folder.migrations.filter(
        ({ path, repeatable }) => !repeatable && arrived.has(path) && !known(path),
      );
      // A journal has an order of its own, and a file name says nothing.
      if (layout.order === 'journal' || added.length === 0) continue;
      const own = before
        .find((other) => other.dir === dir)
        ?.migrations.filter(({ repeatable }) => !repeatable)
        .at(-1);
      const trunk = await trunkMigrations(set, folder);
      const theirs = trunk?.migrations.at(-1);
      // Of one version, none is the later one: that is the business of migrations/duplicate-version.
      const isSame = (a: Migration, b: Migration): boolean =>
        a.path === b.path || (layout.key === 'version' && versionKey(a) === versionKey(b));
      const isLater = (other: Migration | undefined, migration: Migration): boolean =>
        other !== undefined && !isSame(migration, other) && compareMigrations(migration, other) < 0;
      for (const migration of added) {
        const last = [own, theirs].find((other) => isLater(other, migration));
        if (!last || trunk?.migrations.some(({ path }) => path === migration.path)) continue;
        const message = `Comes before ${last.path}, which is ${last === own ? 'merged' : `on ${trunk?.name}`} already: ${layout.late.words}.`;
        const { path, version } = migration;
        // Teams whose runner takes late files live with them.
        const lenient = layout.late.does === 'applies' && layout.name !== 'plain';
        yield {
          message,
          at: { path },
          about: version,
          related: [{ path: last.path }],
          ...(lenient && { atMost: 'warning' }),
        };
      }
    }
  },
  examples: {
    bad: [
      {
        base: { 'supabase/migrations/20260105090000_c.sql': '' },
        head: {
          'supabase/migrations/20260105090000_c.sql': '',
          '«supabase/migrations/20260104090000_b.sql»': 'select 1;',
        },
      },
      {
        title: 'a runner that sorts by text takes 10 for less than 9',
        base: { 'db/migrations/9_c.sql': '-- migrate:up' },
        head: { 'db/migrations/9_c.sql': '-- migrate:up', '«db/migrations/10_d.sql»': '-- migrate:up\n' },
      },
      {
        title: 'the main branch went on since this one parted from it',
        branches: { main: { 'db/migrations/20260101_a.sql': a, 'db/migrations/20260109_c.sql': a } },
        base: { 'db/migrations/20260101_a.sql': a },
        head: { 'db/migrations/20260101_a.sql': a, '«db/migrations/20260108_b.sql»': '-- migrate:up\nselect 1;' },
      },
    ],
    good: [
      {
        base: { 'supabase/migrations/20260105090000_c.sql': '' },
        head: {
          'supabase/migrations/20260105090000_c.sql': '',
          'supabase/migrations/20260105090001_d.sql': 'select 1;',
        },
      },
      {
        title: 'the first migrations of all',
        head: { 'supabase/migrations/2_a.sql': '', 'supabase/migrations/1_b.sql': '' },
      },
      {
        title: 'another folder has a history of its own',
        base: { 'a/migrations/9_c.up.sql': '', 'a/migrations/9_c.down.sql': '' },
        head: {
          'a/migrations/9_c.up.sql': '',
          'a/migrations/9_c.down.sql': '',
          'b/migrations/1_a.up.sql': 'x',
          'b/migrations/1_a.down.sql': 'y',
        },
      },
      {
        title: 'numbers as numbers',
        base: { 'migrations/9_c.sql': '-- +goose Up\n' },
        head: { 'migrations/9_c.sql': '-- +goose Up\n', 'migrations/10_d.sql': '-- +goose Up\nselect 1;' },
      },
      {
        title: 'later than everything on the main branch; other branches are no order',
        branches: {
          main: { 'supabase/migrations/20260105090000_c.sql': '' },
          x: { 'supabase/migrations/20260109090000_x.sql': '' },
        },
        head: { 'supabase/migrations/20260106090000_d.sql': 'select 1;' },
      },
      {
        title: 'a migration that the main branch has, brought over by a merge',
        branches: {
          main: { 'supabase/migrations/20260102090000_b.sql': 'b', 'supabase/migrations/20260105090000_c.sql': '' },
        },
        base: { 'supabase/migrations/20260101090000_a.sql': 'a' },
        head: { 'supabase/migrations/20260101090000_a.sql': 'a', 'supabase/migrations/20260102090000_b.sql': 'b' },
      },
    ],
  },
});
