import { isNotice } from '../../src/core/notice.ts';
import { defineRule } from '../../src/core/rule.ts';
import { migrationChange } from '../../src/facts/migrations.ts';
import { newMigrations } from '../../src/facts/claims.ts';
import { wayBack } from '../../src/facts/ways-back.ts';

const options = { required: true };
const goose = '-- +goose Up\ncreate table rooms (id bigint);\n';

export default defineRule({
  id: 'migrations/missing-down-migration',
  title: 'Write the way back with every migration',
  why: 'When a release has to be taken back at night, the way back must have been written and tried before.',
  instead: 'Add the file or the section that undoes it; where nothing can, allow this with the reason.',
  severity: 'error',
  options: (z) =>
    z.strictObject({
      required: z.boolean().default(false).describe('Whether this project wants a way back for every new migration.'),
    }),
  over: migrationChange,
  async *check(_, set) {
    for (const migration of set.options.required ? await newMigrations(set) : []) {
      const found = await wayBack(set.head, migration);
      if (found !== undefined && isNotice(found)) yield found;
      else if (found === 'none' || found === 'empty') {
        const { path, down, version } = migration;
        const message =
          found === 'none'
            ? 'Has no way back.'
            : `Has a way back without a statement${down === undefined ? '' : ` (${down})`}.`;
        yield { message, at: { path }, about: version };
      }
    }
  },
  examples: {
    bad: [
      {
        options,
        head: {
          'migrations/1_a.up.sql': 'create table a (id bigint);',
          'migrations/1_a.down.sql': 'drop table a;',
          '«migrations/2_b.up.sql»': 'create table b (id bigint);',
        },
      },
      { title: 'a section that is missing', options, head: { '«migrations/1_a.sql»': goose } },
      {
        title: 'a section, and a file, with nothing but words',
        options,
        head: {
          '«a/migrations/1_a.sql»': `${goose}-- +goose Down\n-- nothing to do\n`,
          '«b/migrations/1_a.up.sql»': 'create table a (id bigint);',
          'b/migrations/1_a.down.sql': '-- later\n',
        },
      },
    ],
    good: [
      { title: 'nobody asked for it', head: { 'migrations/1_a.sql': goose } },
      { options, head: { 'migrations/1_a.sql': `${goose}-- +goose Down\ndrop table rooms;\n` } },
      {
        title: 'a runner that knows no way back',
        options,
        head: { 'supabase/migrations/20260105090000_rooms.sql': 'create table rooms (id bigint);' },
      },
      {
        title: 'old ones',
        options,
        base: { 'migrations/1_a.sql': goose },
        head: {
          'migrations/1_a.sql': goose,
          'migrations/2_b.sql': '-- +goose Up\nselect 1;\n-- +goose Down\nselect 2;',
        },
      },
    ],
  },
});
