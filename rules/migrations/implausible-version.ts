import { defineRule } from '../../src/core/rule.ts';
import { migrationChange } from '../../src/facts/migrations.ts';
import { newMigrations } from '../../src/facts/claims.ts';
import { addDays } from '../../src/facts/dates.ts';
import { stampOf } from '../../src/facts/versions.ts';

export default defineRule({
  id: 'migrations/implausible-version',
  title: 'Stamp a migration with the moment at which it is made',
  why: 'After a version from the future every honest one comes out of order; one from no calendar, or from midnight sharp, was made by hand, and the next hand takes the same.',
  instead: 'Let the generator of the runner make the file, or take the present moment in UTC.',
  severity: 'warning',
  sources: ['https://github.com/drizzle-team/drizzle-orm/issues/5769'],
  options: (z) => z.strictObject({}),
  over: migrationChange,
  untilApplied: true,
  async *check(_, set) {
    const added = await newMigrations(set);
    for (const { path, version, layout } of added) {
      const stamp = stampOf(version);
      if (!stamp) continue;
      const draft = { at: { path }, about: version };
      if (stamp.is === 'impossible') {
        yield { ...draft, message: `Has the version ${version}, and there is ${stamp.what}.` };
      } else if (stamp.date > addDays(set.now, 1)) {
        const day = stamp.date.toISOString().slice(0, 10);
        yield {
          ...draft,
          message: `Has the version ${version}, which is in the future (${day}): until then, every new one comes before it.`,
        };
      } else if (stamp.rounded && layout.key === 'version') {
        const message = `Has the version ${version}, a day without a time: whoever makes another one on that day may take the same.`;
        yield { ...draft, message, atMost: 'info' };
      }
    }
  },
  examples: {
    bad: [
      { now: '2026-01-15T12:00:00Z', head: { '«supabase/migrations/20270115090000_rooms.sql»': 'select 1;' } },
      {
        title: 'no such day, no such time',
        head: {
          '«supabase/migrations/20250229120000_a.sql»': 'select 1;',
          '«supabase/migrations/20251301120000_b.sql»': 'select 2;',
          '«supabase/migrations/20251201126000_c.sql»': 'select 3;',
        },
      },
      { title: 'midnight sharp', head: { '«supabase/migrations/20260105000000_rooms.sql»': 'select 1;' } },
      {
        title: 'milliseconds since 1970, in 2030',
        head: { '«migrations/1900000000000_rooms.sql»': '-- Up Migration\nselect 1;' },
      },
    ],
    good: [
      { head: { 'supabase/migrations/20260105091637_rooms.sql': 'select 1;' } },
      {
        title: 'some hours ahead: the clock of another time zone',
        now: '2026-01-15T12:00:00Z',
        head: { 'supabase/migrations/20260116020000_rooms.sql': 'select 1;' },
      },
      {
        title: 'numbers that are no moments, and what Diesel sets up',
        head: {
          'db/migrations/000012_a.up.sql': 'select 1;',
          'db/migrations/000012_a.down.sql': 'select 1;',
          'diesel/migrations/00000000000000_diesel_initial_setup/up.sql': 'select 1;',
          'diesel/migrations/00000000000000_diesel_initial_setup/down.sql': 'select 1;',
          'diesel/migrations/2026-01-05-091637_a/up.sql': 'select 1;',
        },
      },
      {
        title: 'a day with a counter, and a whole day, where that is how versions are written',
        head: { 'a/migrations/2026011503_a.sql': 'select 1;', 'b/migrations/20260105_b.sql': 'select 1;' },
      },
      {
        title: 'one that was there before',
        now: '2026-01-15T12:00:00Z',
        base: { 'supabase/migrations/20990101090000_a.sql': 'select 1;' },
        head: { 'supabase/migrations/20990101090000_a.sql': 'select 2;' },
      },
    ],
  },
});
