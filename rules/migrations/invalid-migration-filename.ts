import { defineRule } from '../../src/core/rule.ts';
import { migrationChange, migrations } from '../../src/facts/migrations.ts';
import { isFileOfItsOwn, unmatchedWords } from '../../src/facts/unmatched.ts';

const rooms = 'create table rooms (id bigint);';

export default defineRule({
  id: 'migrations/invalid-migration-filename',
  title: 'Name migrations as their runner expects them',
  why: 'A file whose name the runner does not recognise never runs, and nothing says so at deployment.',
  instead: 'Rename it to the pattern of the others, or move it out of the folder of migrations.',
  severity: 'error',
  options: (z) => z.strictObject({}),
  over: migrationChange,
  async *check({ head }) {
    for (const folder of (await migrations(head)).folders) {
      for (const path of folder.unmatched) {
        if (isFileOfItsOwn(folder, path)) continue;
        // A folder that was only recognised by its shape may hold what its runner, whoever that is, knows well.
        const guessed = folder.layout.name === 'plain' && !folder.declared;
        yield {
          message: unmatchedWords(folder, path),
          at: { path },
          about: path,
          ...(guessed && { atMost: 'warning' }),
        };
      }
    }
  },
  examples: {
    bad: [
      {
        head: {
          'supabase/migrations/20260105090000_rooms.sql': 'select 1;',
          '«supabase/migrations/add-bookings.sql»': 'select 2;',
        },
      },
      {
        title: 'in a folder of its own, which the runner does not enter',
        head: {
          'supabase/migrations/20260105090000_rooms.sql': 'select 1;',
          '«supabase/migrations/later/20260106090000_bookings.sql»': 'select 2;',
        },
      },
      {
        title: 'one underscore where Flyway wants two',
        head: { 'db/migration/V1__rooms.sql': rooms, '«db/migration/V2_bookings.sql»': 'select 2;' },
      },
      {
        title: 'the first file of all, with a name and a date that the Supabase CLI leaves out',
        head: {
          '«supabase/migrations/20200105090000_init.sql»': rooms,
          'supabase/migrations/20260105090000_b.sql': '',
        },
      },
    ],
    good: [
      { head: { 'supabase/migrations/20260105090000_rooms.sql': 'select 1;', 'supabase/seed.sql': 'select 2;' } },
      {
        title: 'files that are no SQL',
        head: {
          'supabase/migrations/20260105090000_rooms.sql': 'select 1;',
          'supabase/migrations/README.md': '',
          'supabase/migrations/.gitkeep': '',
        },
      },
      {
        title:
          'files that have a place of their own in the folder: Flyway calls these, and people keep the way back beside Prisma migrations',
        head: {
          'db/migration/V1__rooms.sql': rooms,
          'db/migration/afterMigrate.sql': 'select 1;',
          'db/migration/beforeEachMigrate__lock.sql': 'select 1;',
          'prisma/migrations/migration_lock.toml': 'provider = "postgresql"',
          'prisma/migrations/20260105090000_rooms/migration.sql': rooms,
          'prisma/migrations/20260105090000_rooms/down.sql': 'drop table rooms;',
        },
      },
    ],
  },
});
