import { defineRule } from '../../src/core/rule.ts';
import { migrationChange } from '../../src/facts/migrations.ts';
import { mismatches } from '../../src/facts/journals.ts';

const journal = (...entries: readonly string[]) =>
  `{ "dialect": "postgresql", "entries": [\n${entries.join(',\n')}\n] }`;
const entry = (idx: number, when: number, tag: string) => `{ "idx": ${idx}, "when": ${when}, "tag": "${tag}" }`;
const [a, b] = [entry(0, 1767000000000, '0000_a'), entry(1, 1767100000000, '0001_b')];
const files = { 'drizzle/0000_a.sql': 'select 1;', 'drizzle/0001_b.sql': 'select 2;' };
const atlas = {
  'migrations/1_a.sql': 'create table a (id bigint);\n',
  'migrations/atlas.sum':
    'h1:v27/Le7FJvHAA8FOBUiB7RRfmOepK49psMixfmxt498=\n1_a.sql h1:ZA9XyJ51C8REA/lYejDbHTmdHngXybrnP9kmbrqG7Xc=\n',
};

export default defineRule({
  id: 'migrations/journal-mismatch',
  title: 'Keep the journal and the migrations in agreement',
  why: 'The journal decides what runs: a migration that it leaves out, or names with a moment that has passed, never reaches production, and the deployment says that all is well.',
  instead: 'Let the tool write it again, on top of what is merged: drizzle-kit generate, atlas migrate hash.',
  severity: 'error',
  sources: [
    'https://github.com/drizzle-team/drizzle-orm/issues/5769',
    'https://atlasgo.io/concepts/migration-directory-integrity',
  ],
  options: (z) => z.strictObject({}),
  over: migrationChange,
  async *check(_, set) {
    yield* mismatches(set);
  },
  examples: {
    bad: [
      {
        title: 'a moment that is not after the one before',
        base: { ...files, 'drizzle/meta/_journal.json': journal(a, b) },
        head: {
          ...files,
          'drizzle/0002_c.sql': 'select 3;',
          'drizzle/meta/_journal.json': journal(a, b, `«${entry(2, 1767050000000, '0002_c')}»`),
        },
        fixed: { 'drizzle/meta/_journal.json': journal(a, b, entry(2, 1767100000001, '0002_c')) },
      },
      {
        title: 'two moments that are the same, in a whole journal',
        head: { ...files, 'drizzle/meta/_journal.json': journal(a, `«${entry(1, 1767000000000, '0001_b')}»`) },
      },
      {
        title: 'one that a merge put before what was there',
        base: { ...files, 'drizzle/meta/_journal.json': journal(a, b) },
        head: {
          ...files,
          'drizzle/0001_c.sql': 'select 3;',
          'drizzle/meta/_journal.json': journal(
            a,
            `«${entry(1, 1767200000000, '0001_c')}»`,
            b.replace('"idx": 1', '"idx": 2'),
          ),
        },
      },
      {
        title: 'a file without an entry, and an entry without a file',
        head: {
          ...files,
          '«drizzle/0001_b.sql»': 'select 2;',
          'drizzle/meta/_journal.json': journal(a, `«${entry(1, 1767100000000, '0001_x')}»`),
        },
      },
      {
        title: 'a number left out',
        head: { ...files, 'drizzle/meta/_journal.json': journal(a, `«${entry(3, 1767100000000, '0001_b')}»`) },
      },
      {
        title: "a migration that Atlas' checksums do not know",
        base: atlas,
        head: { ...atlas, '«migrations/2_b.sql»': 'select 1;' },
      },
      {
        title: 'checksums of another content',
        base: atlas,
        head: { ...atlas, '«migrations/1_a.sql»': 'create table b (id bigint);\n' },
      },
      {
        title: 'another provider in the same Prisma folder',
        base: {
          'prisma/migrations/migration_lock.toml': 'provider = "postgresql"\n',
          'prisma/migrations/20260105090000_a/migration.sql': 'select 1;',
        },
        head: {
          '«prisma/migrations/migration_lock.toml»': 'provider = "mysql"\n',
          'prisma/migrations/20260105090000_a/migration.sql': 'select 1;',
        },
      },
    ],
    good: [
      {
        base: { ...files, 'drizzle/meta/_journal.json': journal(a, b) },
        head: {
          ...files,
          'drizzle/0002_c.sql': 'select 3;',
          'drizzle/meta/_journal.json': journal(a, b, entry(2, 1767200000000, '0002_c')),
        },
      },
      {
        title: 'a journal that does not begin at 0, since the older ones were squashed',
        head: {
          'drizzle/0007_a.sql': 'select 1;',
          'drizzle/meta/_journal.json': journal(entry(7, 1767000000000, '0007_a')),
        },
      },
      {
        title: 'a journal of another database',
        head: {
          'drizzle/0000_a.sql': 'select 1;',
          'drizzle/meta/_journal.json': journal(entry(0, 2, '0000_a'), entry(1, 1, '0001_b')).replace(
            'postgresql',
            'sqlite',
          ),
        },
      },
      { title: 'checksums that agree', head: atlas },
      {
        title: 'the provider as it was',
        base: {
          'prisma/migrations/migration_lock.toml': 'provider = "postgresql"\n',
          'prisma/migrations/20260105090000_a/migration.sql': 'x',
        },
        head: {
          'prisma/migrations/migration_lock.toml': '# Do not edit.\nprovider = "postgresql"\n',
          'prisma/migrations/20260105090000_a/migration.sql': 'x',
        },
      },
    ],
  },
});
