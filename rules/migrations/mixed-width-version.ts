import { defineRule } from '../../src/core/rule.ts';
import { migrationChange, migrations } from '../../src/facts/migrations.ts';
import { oddWidths } from '../../src/facts/widths.ts';

const up = '-- migrate:up\n';

export default defineRule({
  id: 'migrations/mixed-width-version',
  title: 'Write all versions of a folder with the same number of digits',
  why: 'A runner that sorts file names as text runs 10 before 9, and a day without a time after the moments of that day.',
  instead:
    'Write the new version as the others are written: with leading zeros, or with all fourteen digits of the moment.',
  severity: 'warning',
  sources: ['https://github.com/supabase/agent-skills/issues/209'],
  options: (z) => z.strictObject({}),
  over: migrationChange,
  untilApplied: true,
  async *check({ head }) {
    for (const folder of (await migrations(head)).folders) {
      for (const { migration, beside, does } of oddWidths(folder)) {
        const { path, version } = migration;
        const first = path < beside.path ? 'before' : 'after';
        const { name, runner } = folder.layout;
        const message =
          does === 'disorder'
            ? name === 'plain'
              ? `Stands ${first} ${beside.path} as text, and the other way round as a number: not every runner sorts like the next.`
              : `Runs ${first} ${beside.path}, because ${runner} compares ${version} and ${beside.version} as text.`
            : `Has a version of ${version.length} digits, where the others have ${beside.version.length}.`;
        yield {
          message,
          at: { path },
          about: version,
          related: [{ path: beside.path }],
          ...(does === 'trap' && { atMost: 'info' }),
        };
      }
    }
  },
  examples: {
    bad: [
      {
        base: { 'db/migrations/8_b.sql': up, 'db/migrations/9_c.sql': up },
        head: { 'db/migrations/8_b.sql': up, 'db/migrations/9_c.sql': up, '«db/migrations/10_d.sql»': up },
      },
      {
        title: 'a day among moments of the same day',
        head: {
          'supabase/migrations/20260104120000_a.sql': '',
          'supabase/migrations/20260105120000_b.sql': '',
          '«supabase/migrations/20260105_c.sql»': '',
        },
      },
      {
        title: 'a day among moments of other days: in order so far',
        head: {
          'supabase/migrations/20260104120000_a.sql': '',
          'supabase/migrations/20260105120000_b.sql': '',
          '«supabase/migrations/20260106_c.sql»': '',
        },
      },
    ],
    good: [
      { head: { 'supabase/migrations/20260104120000_a.sql': '', 'supabase/migrations/20260105120000_b.sql': '' } },
      { title: 'leading zeros', head: { 'db/migrations/009_c.sql': up, 'db/migrations/010_d.sql': up } },
      {
        title: 'a runner that compares numbers',
        head: { 'migrations/9_c.sql': '-- +goose Up\n', 'migrations/10_d.sql': '-- +goose Up\n' },
      },
      {
        title: 'counted at first, then moments: the change of habit keeps the order',
        head: {
          'db/migrations/001_a.sql': up,
          'db/migrations/002_b.sql': up,
          'db/migrations/20260105120000_c.sql': up,
        },
      },
    ],
  },
});
