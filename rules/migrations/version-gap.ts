import { defineRule } from '../../src/core/rule.ts';
import { migrationChange, type MigrationFolder, migrations } from '../../src/facts/migrations.ts';

/** Versions that count: above this they are days, moments or tickets. */
const LIMIT = 100_000;

export default defineRule({
  id: 'migrations/version-gap',
  title: 'Count migrations without a gap',
  why: 'Where versions count up by one, a missing number is a file that was forgotten, or one that another branch will bring in later, out of order.',
  instead: 'Add the missing file, or give the new one the next number.',
  severity: 'info',
  options: (z) => z.strictObject({}),
  over: migrationChange,
  async *check({ head }) {
    for (const folder of (await migrations(head)).folders) {
      for (const { path, from, to } of gaps(folder)) {
        const missing = from + 1 === to - 1 ? `${from + 1}` : `${from + 1} to ${to - 1}`;
        yield {
          message: `Has the number ${to} after ${from}: ${missing} ${from + 1 === to - 1 ? 'is' : 'are'} missing.`,
          at: { path },
          about: missing,
        };
      }
    }
  },
  examples: {
    bad: [
      {
        base: { 'migrations/001_a.sql': '', 'migrations/002_b.sql': '', 'migrations/003_c.sql': '' },
        head: {
          'migrations/001_a.sql': '',
          'migrations/002_b.sql': '',
          'migrations/003_c.sql': '',
          '«migrations/005_e.sql»': '',
        },
      },
      {
        title: 'several at once',
        head: {
          'db/migration/V1__a.sql': '',
          'db/migration/V2__b.sql': '',
          'db/migration/V3__c.sql': '',
          '«db/migration/V7__d.sql»': '',
        },
      },
    ],
    good: [
      { head: { 'migrations/001_a.sql': '', 'migrations/002_b.sql': '', 'migrations/003_c.sql': '' } },
      {
        title: 'moments',
        head: { 'supabase/migrations/20260105090000_a.sql': '', 'supabase/migrations/20260107090000_b.sql': '' },
      },
      {
        title: 'steps of ten',
        head: { 'migrations/010_a.sql': '', 'migrations/020_b.sql': '', 'migrations/040_c.sql': '' },
      },
      {
        title: 'one number for all of a release, and parts of a version',
        head: {
          'db/migration/V1.1__a.sql': '',
          'db/migration/V1.2__b.sql': '',
          'db/migration/V1.4__c.sql': '',
          'db/migration/V2__d.sql': '',
        },
      },
      {
        title: 'counted at first, then moments',
        head: {
          'migrations/001_a.sql': '',
          'migrations/002_b.sql': '',
          'migrations/003_c.sql': '',
          'migrations/20260105_d.sql': '',
        },
      },
    ],
  },
});

function* gaps({ migrations }: MigrationFolder) {
  const counted = migrations
    .filter(({ version }) => /^\d{1,6}$/.test(version) && Number(version) < LIMIT)
    .sort((a, b) => Number(a.version) - Number(b.version));
  const steps = counted
    .slice(1)
    .map(({ path, version }, i) => ({ path, from: Number(counted[i]!.version), to: Number(version) }));
  // Gaps are only gaps where nearly every step is one.
  const even = steps.filter(({ from, to }) => to - from <= 1).length;
  if (even < 2 || even * 3 < steps.length * 2) return;
  for (const step of steps) if (step.to - step.from > 1) yield step;
}
