import { defineRule } from '../../src/core/rule.ts';
import { migrationChange } from '../../src/facts/migrations.ts';
import { editsOfApplied } from '../../src/facts/edits.ts';

const SAID = { rewrites: 'Rewrites', renames: 'Renames', deletes: 'Deletes' } as const;

const rooms = 'create table rooms (id bigint primary key);';

export default defineRule({
  id: 'migrations/modified-applied-migration',
  title: 'Leave a merged migration as it is',
  why: 'Databases that have run it never run it again: from then on they differ from every database that is built anew, or the runner refuses to go on.',
  instead: 'Put the file back as it was, and write a new migration that makes the change.',
  severity: 'error',
  sources: [
    'https://documentation.red-gate.com/flyway/flyway-concepts/migrations',
    'https://www.prisma.io/docs/orm/prisma-migrate/workflows/customizing-migrations',
  ],
  options: (z) => z.strictObject({}),
  over: migrationChange,
  async *check(_, set) {
    for await (const { migration, change, does, effect } of editsOfApplied(set)) {
      const to = does === 'renames' && change.kind === 'renamed' ? ` to ${change.path}` : '';
      const message = `${SAID[does]} ${migration.path}${to}, which is merged already: ${effect}.`;
      yield { message, at: { path: change.path }, about: `${does} ${migration.path}` };
    }
  },
  examples: {
    bad: [
      {
        base: { 'supabase/migrations/20260105090000_rooms.sql': rooms },
        head: {
          '«supabase/migrations/20260105090000_rooms.sql»': 'create table rooms (id bigint primary key, name text);',
        },
      },
      {
        title: 'another version: databases that have run it meet it as a new one',
        base: { 'db/migrations/20260105090000_rooms.sql': `-- migrate:up\n${rooms}` },
        head: { '«db/migrations/20260106090000_rooms.sql»': `-- migrate:up\n${rooms}` },
      },
      {
        title: 'a comment, where the runner compares checksums',
        base: { 'db/migration/V1__rooms.sql': rooms },
        head: { '«db/migration/V1__rooms.sql»': `-- Rooms and halls.\n${rooms}` },
      },
      {
        title: 'the policy says up to where production is',
        declared: { migrations: [{ layout: 'plain', dir: 'sql', applied: '0002' }] },
        base: { 'sql/0001_a.sql': rooms, 'sql/0002_b.sql': 'select 1;', 'sql/0003_c.sql': 'select 2;' },
        head: { 'sql/0001_a.sql': rooms, '«sql/0002_b.sql»': 'select 3;', 'sql/0003_c.sql': 'select 4;' },
      },
      {
        title: 'a file that Prisma knows by its whole name',
        base: { 'prisma/migrations/20260105090000_rooms/migration.sql': rooms },
        head: { '«prisma/migrations/20260105090000_halls/migration.sql»': rooms },
      },
      {
        title: 'a file that the main branch has',
        branches: { main: { 'supabase/migrations/20260105090000_rooms.sql': '' } },
        base: { 'supabase/migrations/20260105090000_rooms.sql': rooms },
        head: { '«supabase/migrations/20260105090000_rooms.sql»': `${rooms}\nselect 1;` },
      },
    ],
    good: [
      {
        title: 'a new migration that makes the change',
        base: { 'supabase/migrations/20260105090000_rooms.sql': rooms },
        head: {
          'supabase/migrations/20260105090000_rooms.sql': rooms,
          'supabase/migrations/20260106090000_names.sql': 'alter table rooms add column name text;',
        },
      },
      {
        title: 'a comment and other white space, where no checksum is kept',
        base: { 'supabase/migrations/20260105090000_rooms.sql': rooms },
        head: {
          'supabase/migrations/20260105090000_rooms.sql':
            '-- Rooms.\ncreate table rooms (\n  id bigint primary key\n);\n',
        },
      },
      {
        title: 'another name for people, where the version alone counts',
        base: { 'supabase/migrations/20260105090000_rooms.sql': rooms },
        head: { 'supabase/migrations/20260105090000_create_rooms.sql': rooms },
      },
      {
        title: 'not merged yet: only the own branch has it',
        branches: { main: { 'supabase/migrations/20260101090000_a.sql': '' }, rooms: {} },
        base: { 'supabase/migrations/20260101090000_a.sql': '', 'supabase/migrations/20260105090000_rooms.sql': rooms },
        head: {
          'supabase/migrations/20260101090000_a.sql': '',
          'supabase/migrations/20260106090000_rooms.sql': 'select 1;',
        },
      },
      {
        title: 'the way back, and a migration that runs again whenever it changes',
        base: {
          'db/migrations/1_a.sql': '-- +goose Up\nselect 1;\n-- +goose Down\nselect 2;',
          'flyway/migration/V1__a.sql': 'select 1;',
          'flyway/migration/R__views.sql': 'create or replace view v as select 1;',
        },
        head: {
          'db/migrations/1_a.sql': '-- +goose Up\nselect 1;\n-- +goose Down\nselect 3;',
          'flyway/migration/V1__a.sql': 'select 1;',
          'flyway/migration/R__views.sql': 'create or replace view v as select 2;',
        },
      },
      {
        title: 'the whole folder goes to another place',
        base: { 'supabase/migrations/20260105090000_rooms.sql': rooms },
        head: { 'apps/web/supabase/migrations/20260105090000_rooms.sql': rooms },
      },
    ],
  },
});
