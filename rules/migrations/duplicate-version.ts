import { defineRule } from '../../src/core/rule.ts';
import { type Migration, migrationChange, migrations } from '../../src/facts/migrations.ts';
import { versionKey } from '../../src/facts/versions.ts';

export default defineRule({
  id: 'migrations/duplicate-version',
  title: 'Give every migration a version of its own',
  why: 'The runner knows a migration by its version: of two that share one, it refuses both, or runs one of them and takes the other for done.',
  instead: 'Rename the newer file to a version that no other file has, above the last one that is merged.',
  severity: 'error',
  sources: ['https://github.com/supabase/cli/issues/2564'],
  options: (z) => z.strictObject({}),
  over: migrationChange,
  async *check({ base, head }) {
    const { at: before } = await migrations(base);
    for (const { layout, declared, migrations: files } of (await migrations(head)).folders) {
      if (layout.key !== 'version') continue;
      // The first of those that were there before keeps its version; where all are new, the first by name.
      const order = [...files.filter(({ path }) => before(path)), ...files.filter(({ path }) => !before(path))];
      const owners = new Map<string, Migration>();
      for (const migration of order) {
        const { path, version } = migration;
        const owner = owners.get(versionKey(migration));
        if (version !== '' && !owner) owners.set(versionKey(migration), migration);
        if (!owner) continue;
        const message = `Has the version ${version} of ${owner.path}: ${layout.duplicates.words}.`;
        // Where nobody says which runner it is, it may go by the whole name.
        const guessed = layout.name === 'plain' && !declared;
        yield {
          message,
          at: { path },
          about: version,
          related: [{ path: owner.path }],
          ...(guessed && { atMost: 'warning' }),
        };
      }
    }
  },
  examples: {
    bad: [
      {
        base: { 'supabase/migrations/20260105090000_rooms.sql': 'select 1;' },
        head: {
          'supabase/migrations/20260105090000_rooms.sql': 'select 1;',
          '«supabase/migrations/20260105090000_bookings.sql»': 'select 2;',
        },
      },
      {
        title: 'three at once: the first keeps it',
        head: {
          'supabase/migrations/20260105090000_a.sql': '',
          '«supabase/migrations/20260105090000_b.sql»': '',
          '«supabase/migrations/20260105090000_c.sql»': '',
        },
      },
      {
        title: 'a runner that reads versions as numbers',
        head: {
          'migrations/001_a.up.sql': '',
          'migrations/001_a.down.sql': '',
          '«migrations/1_b.up.sql»': '',
          'migrations/1_b.down.sql': '',
        },
      },
      {
        title: 'two spellings of one Flyway version, in two folders',
        head: { 'db/migration/a/V1.2__a.sql': '', '«db/migration/b/V1_2_0__b.sql»': '' },
      },
    ],
    good: [
      { head: { 'supabase/migrations/20260105090000_a.sql': '', 'supabase/migrations/20260105090001_b.sql': '' } },
      {
        title: 'a runner that goes by the whole name',
        head: {
          'prisma/migrations/20260105090000_a/migration.sql': '',
          'prisma/migrations/20260105090000_b/migration.sql': '',
        },
      },
      {
        title: 'the two ways of one migration, and the same version in another folder',
        head: {
          'a/migrations/1_x.up.sql': '',
          'a/migrations/1_x.down.sql': '',
          'b/migrations/1_y.up.sql': '',
          'b/migrations/1_y.down.sql': '',
        },
      },
      {
        title: 'what Flyway runs again, and a baseline in place of what came before it',
        head: {
          'db/migration/V3__a.sql': '',
          'db/migration/B3__all.sql': '',
          'db/migration/R__x.sql': '',
          'db/migration/R__y.sql': '',
        },
      },
    ],
  },
});
