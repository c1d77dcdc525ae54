import { isNotice } from '../../src/core/notice.ts';
import { defineRule } from '../../src/core/rule.ts';
import { migrationChange } from '../../src/facts/migrations.ts';
import { claims } from '../../src/facts/claims.ts';

export default defineRule({
  id: 'migrations/claimed-version',
  title: 'Take a version that no other branch has taken',
  why: 'Each branch is right by itself, and whoever merges second breaks the order for everybody: only then do the two versions meet.',
  instead: 'Give the migration a version above those of all open branches, or agree with the other side on who moves.',
  severity: 'warning',
  sources: ['https://github.com/supabase/cli/issues/2564', 'https://git-scm.com/docs/git-for-each-ref'],
  options: (z) => z.strictObject({}),
  over: migrationChange,
  async *check(_, set) {
    for await (const claim of claims(set)) {
      if (isNotice(claim)) {
        yield claim;
        continue;
      }
      const { migration, by, path, merged } = claim;
      const where = merged ? `is on ${by} already` : `waits on ${by}`;
      const message = `Takes the version ${migration.version} of ${path}, which ${where}: once both are merged, ${migration.layout.duplicates.words}.`;
      yield { message, at: { path: migration.path }, about: `${migration.version} ${path}` };
    }
  },
  examples: {
    bad: [
      {
        branches: { 'origin/bookings': { 'supabase/migrations/20260105090000_bookings.sql': '' } },
        head: { '«supabase/migrations/20260105090000_rooms.sql»': 'select 1;' },
      },
      {
        title: 'the main branch took it while this one was open; other spellings of a number are the same',
        branches: { main: { 'migrations/7_bookings.sql': '' }, 'origin/halls': { 'migrations/007_halls.sql': '' } },
        base: { 'migrations/006_a.sql': '-- +goose Up\n' },
        head: { 'migrations/006_a.sql': '-- +goose Up\n', '«migrations/007_rooms.sql»': '-- +goose Up\nselect 1;' },
      },
    ],
    good: [
      {
        branches: { 'origin/bookings': { 'supabase/migrations/20260105090001_bookings.sql': '' } },
        head: { 'supabase/migrations/20260105090000_rooms.sql': 'select 1;' },
      },
      {
        title: 'the same migration: a branch that grows on this one, or an older state of it',
        branches: { 'origin/rooms-2': { 'supabase/migrations/20260105090000_rooms.sql': 'select 2;' } },
        head: { 'supabase/migrations/20260105090000_rooms.sql': 'select 1;' },
      },
      {
        title: 'what others still have under the name that this change takes from it',
        branches: { 'origin/x': { 'supabase/migrations/20260105090000_rooms.sql': 'select 1;' } },
        base: { 'supabase/migrations/20260105090000_rooms.sql': 'select 1;' },
        head: { 'supabase/migrations/20260105090000_create_rooms.sql': 'select 1;' },
      },
      {
        title: 'a runner that goes by the whole name, another folder, and a way back',
        branches: {
          x: {
            'prisma/migrations/20260105090000_b/migration.sql': '',
            'b/migrations/1_b.up.sql': '',
            'a/migrations/1_a.down.sql': '',
          },
        },
        head: {
          'prisma/migrations/20260105090000_a/migration.sql': 'select 1;',
          'a/migrations/1_a.up.sql': 'select 1;',
          'a/migrations/1_a.down.sql': 'select 2;',
        },
      },
      {
        title: 'a change that adds no migration',
        branches: { x: { 'supabase/migrations/20260105090000_b.sql': '' } },
        base: { 'supabase/migrations/20260105090000_a.sql': 'select 1;' },
        head: { 'supabase/migrations/20260105090000_a.sql': 'select 2;' },
      },
    ],
  },
});
