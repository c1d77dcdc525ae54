import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { migrations } from '../src/facts/migrations.ts';
import {
  replay,
  schemaAt,
  schemaAfter,
  schemaBefore,
  schemaBeforeMigration,
  type Schema,
} from '../src/facts/schema/schema.ts';
import { readSql } from '../src/facts/sql/read.ts';
import { statements } from '../src/facts/sql/statements.ts';
import { isNotice } from '../src/core/notice.ts';
import type { Snapshot } from '../src/core/snapshot.ts';
import type { JudgedStatement } from '../src/facts/sql/statement.ts';
import { memoryChangeSet, memorySnapshot } from '../src/repo/memory.ts';
import { EFFECTS } from './replay/effects.ts';

/** A folder of migrations: one text a file, in order. */
function history(texts: readonly string[], layout = 'plain'): Snapshot {
  const files = Object.fromEntries(texts.map((text, i) => [`db/${String(i + 1).padStart(4, '0')}_m.sql`, text]));
  return declared(files, layout);
}

const declared = (files: Record<string, string>, layout: string): Snapshot => {
  const snapshot = memorySnapshot(files);
  return { ...snapshot, declared: { ...snapshot.declared, migrations: [{ layout, dir: 'db' }] } };
};

async function folderOf(snapshot: Snapshot) {
  return (await migrations(snapshot)).folders[0]!;
}

async function after(...texts: readonly string[]): Promise<Schema> {
  const snapshot = history(texts);
  return schemaAt(snapshot, await folderOf(snapshot));
}

/** The statements of a history as rules meet them, and the snapshot that they are of. */
async function judged(...texts: readonly string[]): Promise<{ snapshot: Snapshot; all: JudgedStatement[] }> {
  const snapshot = history(texts);
  const change = {
    ...memoryChangeSet(
      Object.fromEntries(
        await Promise.all((await snapshot.paths()).map(async (path) => [path, (await snapshot.read(path)) ?? ''])),
      ),
    ),
    head: snapshot,
  };
  const all: JudgedStatement[] = [];
  for await (const statement of statements(change)) if (!isNotice(statement)) all.push(statement);
  return { snapshot, all };
}

describe('what statements make', () => {
  test('a table has its columns in order, with type, nullability, default and where they come from', async () => {
    const schema = await after(
      `CREATE TABLE users (id serial PRIMARY KEY, email text NOT NULL, at timestamptz DEFAULT now(), tags text[])`,
    );
    const { columns, made } = schema.table({ name: 'users' })!;
    expect(
      [...columns.values()].map(({ name, type, notNull, default: value }) => [
        name,
        type?.name,
        type?.dimensions,
        notNull,
        value?.text,
      ]),
    ).toEqual([
      ['id', 'int4', 0, true, undefined],
      ['email', 'text', 0, true, undefined],
      ['at', 'timestamptz', 0, false, 'now()'],
      ['tags', 'text', 1, false, undefined],
    ]);
    expect(columns.get('id')!.sequence).toEqual({ schema: 'public', name: 'users_id_seq' });
    expect(made).toEqual({ path: 'db/0001_m.sql', range: [0, 106] });
  });

  test('PostgreSQL names what nobody names, numbers what collides and cuts at 63 bytes', async () => {
    const schema = await after(
      `CREATE TABLE t (id int PRIMARY KEY, a int UNIQUE CHECK (a > 0) CHECK (a < 9), b int REFERENCES t, CHECK (a > b));
       CREATE INDEX ON t (a, lower(b::text)); CREATE INDEX ON t (a, lower(b::text));
       CREATE TABLE ${'x'.repeat(60)} (${'y'.repeat(60)} int UNIQUE)`,
    );
    const { constraints, indexes } = schema.table({ name: 't' })!;
    expect(constraints.map(({ name }) => name)).toEqual([
      't_a_check',
      't_a_check1',
      't_check',
      't_pkey',
      't_a_key',
      't_b_fkey',
    ]);
    expect(indexes.map(({ name }) => name.name)).toEqual(['t_pkey', 't_a_key', 't_a_lower_idx', 't_a_lower_idx1']);
    const [long] = schema.table({ name: 'x'.repeat(60) })!.constraints;
    expect(long!.name).toBe(`${'x'.repeat(29)}_${'y'.repeat(29)}_key`);
  });

  test.each([
    ['names, casts and what functions give', 'SELECT id, at::date, count(*), lower(n) AS low FROM t GROUP BY 1', { id: 'int4', at: 'date', count: undefined, low: undefined }], // prettier-ignore
    ['a star, beside others', 'SELECT t.*, 1 AS one FROM t', { id: 'int4', at: 'timestamptz', n: 'text', one: undefined }], // prettier-ignore
    ['an alias', 'SELECT a.n, b.id FROM t a JOIN t b ON a.id = b.id', { n: 'text', id: 'int4' }],
    ['of a UNION only the names', 'SELECT id FROM t UNION SELECT 1.5', { id: undefined }],
  ])('CREATE TABLE AS has the columns of its query: %s', async (_, query, columns) => {
    const make = 'CREATE TABLE t (id int, at timestamptz, n text)';
    for (const sql of [`CREATE TABLE made AS ${query}`, query.replace(' FROM', ' INTO made FROM')]) {
      const table = (await after(make, sql)).table({ name: 'made' })!;
      expect(Object.fromEntries([...table.columns].map(([name, { type }]) => [name, type?.name]))).toEqual(columns);
      expect(table.columnsKnown).toBe(true);
    }
  });

  test.each([
    ['a table that nobody knows', 'SELECT id, u.* FROM t, unknown u'],
    ['a query inside the query', 'SELECT * FROM (SELECT id AS a FROM t) q'],
    ['WITH', 'WITH w AS (SELECT 1 AS a) SELECT * FROM w'],
    ['what is prepared', 'EXECUTE p'],
  ])('CREATE TABLE AS claims nothing of %s', async (_, query) => {
    const schema = await after('CREATE TABLE t (id int)', `CREATE TABLE made AS ${query}`);
    expect(schema.table({ name: 'made' })!.columnsKnown).toBe(false);
    expect(schema.status('column', { name: 'a' }, { name: 'made' })).toEqual({ is: 'provided' });
  });

  test('CREATE TABLE IF NOT EXISTS changes nothing where the table is there', async () => {
    const schema = await after('CREATE TABLE t (a int)', 'CREATE TABLE IF NOT EXISTS t (b int)');
    expect([...schema.table({ name: 't' })!.columns.keys()]).toEqual(['a']);
  });

  test('names such as __proto__ are names', async () => {
    const schema = await after('CREATE TABLE "__proto__" ("constructor" int); CREATE TYPE "toString" AS ENUM (\'a\')');
    expect([...schema.table({ name: '__proto__' })!.columns.keys()]).toEqual(['constructor']);
    expect(schema.table({ name: 'hasOwnProperty' })).toBeUndefined();
    expect(schema.type({ name: 'toString' })?.values).toEqual(['a']);
  });

  test('an enum knows its values in order', async () => {
    const schema = await after(
      `CREATE TYPE mood AS ENUM ('sad', 'happy'); ALTER TYPE mood ADD VALUE 'ok' BEFORE 'happy'; ALTER TYPE mood RENAME VALUE 'sad' TO 'low'`,
    );
    expect(schema.type({ name: 'mood' })?.values).toEqual(['low', 'ok', 'happy']);
  });

  test('a partition has the indexes and keys of its parent', async () => {
    const schema = await after(
      `CREATE TABLE p (id int, at date, PRIMARY KEY (id, at)) PARTITION BY RANGE (at); CREATE TABLE p1 PARTITION OF p DEFAULT; CREATE INDEX ON p (at)`,
    );
    expect(schema.table({ name: 'p1' })!.indexes.map(({ name }) => name.name)).toEqual(['p1_pkey', 'p1_at_idx']);
    expect(schema.children({ name: 'p' }).map(({ name }) => name.name)).toEqual(['p1']);
  });

  test('inheritance in a circle, which PostgreSQL refuses, is not followed', async () => {
    const schema = await after(
      'CREATE TABLE a (id int); CREATE TABLE b (id int); ALTER TABLE a INHERIT b; ALTER TABLE b INHERIT a; ALTER TABLE a INHERIT a; ALTER TABLE a ATTACH PARTITION b DEFAULT; ALTER TABLE b ADD n int',
    );
    expect(schema.table({ name: 'b' })!.parents).toEqual([]);
    expect([...schema.table({ name: 'a' })!.columns.keys()]).toEqual(['id', 'n']);
  });

  test('security: row-level security, policies with what they read, grants with their defaults', async () => {
    const schema = await after(
      `CREATE ROLE app; ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO app; CREATE TABLE teams (id int); CREATE TABLE docs (team int);
       ALTER TABLE docs ENABLE ROW LEVEL SECURITY; CREATE POLICY "by team" ON docs FOR SELECT TO app USING (team IN (SELECT id FROM teams));
       CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'; GRANT UPDATE (team) ON docs TO app; REVOKE ALL ON FUNCTION f() FROM PUBLIC`,
    );
    const docs = schema.table({ name: 'docs' })!;
    expect(docs.rowSecurity).toBe(true);
    expect(docs.policies[0]!.uses.relations).toEqual([{ schema: 'public', name: 'teams' }]);
    expect([...docs.grants.get('app')!]).toEqual(['select', 'update(team)']);
    expect(schema.routines({ name: 'f' })[0]!.grants.size).toBe(0);
  });
});

describe('what goes with what', () => {
  test('DROP COLUMN takes its indexes, constraints and sequence', async () => {
    const schema = await after(
      `CREATE TABLE o (id int PRIMARY KEY); CREATE TABLE t (a serial, b int, c int REFERENCES o, UNIQUE (a, b), CHECK (a > b)); CREATE INDEX i ON t (c) WHERE a > 1`,
      'ALTER TABLE t DROP COLUMN a',
    );
    const { constraints, indexes, former } = schema.table({ name: 't' })!;
    expect(constraints.map(({ name }) => name)).toEqual(['t_c_fkey']);
    expect(indexes).toEqual([]);
    expect(schema.sequence({ name: 't_a_seq' })).toBeUndefined();
    expect(former.get('constraint t_check')).toMatchObject({ what: 'dropped', with: 'column public.t.a' });
    expect(schema.status('column', { name: 'a' }, { name: 't' })).toMatchObject({
      is: 'gone',
      gone: { by: { path: 'db/0002_m.sql' } },
    });
  });

  test('DROP TABLE CASCADE takes views, foreign keys and policies of other tables', async () => {
    const schema = await after(
      `CREATE TABLE a (id int PRIMARY KEY); CREATE TABLE b (a int REFERENCES a); CREATE VIEW v AS SELECT x.id FROM a x; CREATE VIEW w AS SELECT * FROM v;
       CREATE POLICY p ON b USING (EXISTS (SELECT FROM a)); CREATE INDEX i ON a (id)`,
      'DROP TABLE a CASCADE',
    );
    expect(schema.views()).toEqual([]);
    expect(schema.table({ name: 'b' })).toMatchObject({ constraints: [], policies: [] });
    expect(schema.status('relation', { name: 'i' })).toMatchObject({ is: 'gone', gone: { with: 'table public.a' } });
  });

  test('a rename is followed by foreign keys, indexes, views and sequences, and remembered', async () => {
    const schema = await after(
      `CREATE TABLE a (id serial PRIMARY KEY, n int); CREATE TABLE b (a int REFERENCES a (id)); CREATE VIEW v AS SELECT n FROM a`,
      'ALTER TABLE a RENAME TO c; ALTER TABLE c RENAME COLUMN id TO key; ALTER TABLE c RENAME COLUMN n TO m',
    );
    expect(schema.table({ name: 'b' })!.constraints[0]!.references).toMatchObject({
      table: { name: 'c' },
      columns: ['key'],
    });
    expect(schema.index({ name: 'a_pkey' })).toMatchObject({ table: { name: 'c' }, columns: ['key'] });
    expect(schema.sequence({ name: 'a_id_seq' })!.ownedBy).toEqual({
      table: { schema: 'public', name: 'c' },
      column: 'key',
    });
    expect(schema.viewsOn({ name: 'c' }, 'm').map(({ name }) => name.name)).toEqual(['v']);
    expect(schema.status('relation', { name: 'a' })).toMatchObject({
      is: 'gone',
      gone: { what: 'renamed', to: { name: 'c' } },
    });
    expect(schema.status('column', { name: 'id' }, { name: 'c' })).toMatchObject({
      is: 'gone',
      gone: { what: 'renamed', to: { name: 'key' } },
    });
  });

  test('DROP SCHEMA takes everything in it, and what depends on that', async () => {
    const schema = await after(
      `CREATE SCHEMA s; CREATE TABLE s.t (id int PRIMARY KEY); CREATE TYPE s.k AS ENUM ('a'); CREATE FUNCTION s.f() RETURNS int LANGUAGE sql AS 'SELECT 1';
       CREATE TABLE o (t int REFERENCES s.t, k s.k); DROP SCHEMA s CASCADE`,
    );
    expect(schema.table({ name: 'o' })).toMatchObject({ constraints: [] });
    expect([...schema.table({ name: 'o' })!.columns.keys()]).toEqual(['t']);
    expect([
      schema.routines({ schema: 's', name: 'f' }),
      schema.type({ schema: 's', name: 'k' }),
      schema.namespace('s'),
    ]).toEqual([[], undefined, undefined]);
  });

  test('routines of one name are told apart by their arguments', async () => {
    const schema = await after(
      `CREATE FUNCTION f(a int) RETURNS int LANGUAGE sql AS 'SELECT 1'; CREATE FUNCTION f(a text) RETURNS int LANGUAGE sql AS 'SELECT 1'; DROP FUNCTION f(integer)`,
    );
    expect(schema.routines({ name: 'f' }).map(({ signature }) => signature)).toEqual([['text']]);
  });
});

describe('when', () => {
  test('the state before and after a statement, and before one of its parts', async () => {
    const { snapshot, all } = await judged(
      'CREATE TABLE t (a int)',
      'ALTER TABLE t ADD COLUMN b int, DROP COLUMN a; DROP TABLE t',
    );
    const columns = (schema: Schema) => [...(schema.table({ name: 't' })?.columns.keys() ?? [])];
    const [create, alter, drop] = all as [JudgedStatement, JudgedStatement, JudgedStatement];
    expect(columns(await schemaBefore(snapshot, create))).toEqual([]);
    expect(columns(await schemaBefore(snapshot, alter))).toEqual(['a']);
    expect(columns(await schemaBefore(snapshot, alter, alter.operations[1]))).toEqual(['a', 'b']);
    expect(columns(await schemaAfter(snapshot, alter))).toEqual(['b']);
    expect(columns(await schemaBefore(snapshot, drop))).toEqual(['b']);
    expect(columns(await schemaBeforeMigration(snapshot, drop.migration!))).toEqual(['a']);
  });

  test('what only a later migration makes is said to come later', async () => {
    const { snapshot, all } = await judged(
      'CREATE TABLE t (a int)',
      'CREATE TABLE u (a int); ALTER TABLE t ADD COLUMN b int',
    );
    const schema = await schemaBefore(snapshot, all[0]!);
    expect(schema.status('relation', { name: 'u' })).toMatchObject({ is: 'later', made: { path: 'db/0002_m.sql' } });
    const next = await schemaAfter(snapshot, all[0]!);
    expect(next.status('column', { name: 'b' }, { name: 't' })).toMatchObject({
      is: 'later',
      made: { path: 'db/0002_m.sql' },
    });
    expect(next.status('relation', { name: 'nobody' })).toEqual({ is: 'unknown' });
    expect(next.status('relation', { name: 'pg_class' })).toEqual({ is: 'provided' });
    expect(next.status('type', { name: 'jsonb' })).toEqual({ is: 'provided' });
  });

  test('ways down do not run, nor what a transaction takes back, and temporary tables go with their session', async () => {
    const snapshot = history(
      [
        '-- migrate:up\nCREATE TABLE a (id int); CREATE TEMP TABLE s (id int);\n-- migrate:down\nDROP TABLE a;',
        '-- migrate:up\nBEGIN; CREATE TABLE b (id int); ROLLBACK;',
      ],
      'dbmate',
    );
    const schema = await schemaAt(snapshot, await folderOf(snapshot));
    expect(schema.tables().map(({ name }) => name.name)).toEqual(['a']);
  });

  test('bodies run when they are called, DO blocks at once', async () => {
    const schema = await after(
      `CREATE FUNCTION later() RETURNS void LANGUAGE plpgsql AS $$ BEGIN CREATE TABLE never (a int); END $$;
       CREATE FUNCTION now_() RETURNS void LANGUAGE plpgsql AS $$ BEGIN CREATE TABLE called (a int); END $$; SELECT now_();
       DO $$ BEGIN CREATE TABLE done (a int); EXECUTE 'CREATE TABLE executed (a int)'; END $$`,
    );
    expect(schema.tables().map(({ name }) => name.name)).toEqual(['called', 'done', 'executed']);
    expect(schema.complete).toBe(true);
  });

  test('a test around a statement is answered by the state', async () => {
    const schema = await after(
      `CREATE TABLE t (old int); CREATE TYPE k AS ENUM ('a')`,
      `DO $$ BEGIN
         IF NOT EXISTS (SELECT FROM pg_type WHERE typname = 'k') THEN CREATE TYPE k AS ENUM ('b'); END IF;
         IF EXISTS (SELECT FROM information_schema.columns WHERE table_name = 't' AND column_name = 'old') THEN ALTER TABLE t RENAME COLUMN old TO new; END IF;
         IF EXISTS (SELECT FROM information_schema.columns WHERE table_name = 't' AND column_name = 'old') THEN DROP TABLE t; ELSE CREATE TABLE otherwise (a int); END IF;
       END $$`,
    );
    expect(schema.type({ name: 'k' })?.values).toEqual(['a']);
    expect([...schema.table({ name: 't' })!.columns.keys()]).toEqual(['new']);
    expect(schema.table({ name: 'otherwise' })).toBeDefined();
  });

  test('names are looked for along search_path', async () => {
    const schema = await after(
      'CREATE SCHEMA app; SET search_path TO app, public; CREATE TABLE t (a int); CREATE TABLE public.u (a int); ALTER TABLE u ADD COLUMN b int',
    );
    expect(schema.table({ schema: 'app', name: 't' })).toBeDefined();
    expect(schema.table({ schema: 'public', name: 'u' })!.columns.size).toBe(2);
  });
});

describe('what a history does not tell', () => {
  test('a first migration that leans on what nobody made stands on a missing baseline', async () => {
    const { snapshot, all } = await judged('ALTER TABLE users ADD COLUMN a int');
    const schema = await schemaBefore(snapshot, all[0]!);
    expect(schema.complete).toBe(false);
    expect(schema.gaps).toMatchObject([{ kind: 'unknown object', at: { path: 'db/0001_m.sql' } }]);
    expect((await schemaAfter(snapshot, all[0]!)).table({ name: 'users' })).toMatchObject({
      assumed: true,
      columnsKnown: false,
    });
  });

  test('later, the history is complete up to the statement that cannot run', async () => {
    const { snapshot, all } = await judged('CREATE TABLE t (a int)', 'ALTER TABLE nobody ADD COLUMN a int');
    expect((await schemaBefore(snapshot, all[1]!)).complete).toBe(true);
    expect((await schemaAfter(snapshot, all[1]!)).complete).toBe(false);
  });

  test('a text that is put together while it runs makes what follows uncertain', async () => {
    const { snapshot, all } = await judged(
      'CREATE TABLE t (a int)',
      `DO $$ DECLARE t text; BEGIN FOR t IN SELECT tablename FROM pg_tables LOOP EXECUTE 'DROP TABLE ' || t; END LOOP; END $$; SELECT 1`,
    );
    expect((await schemaBefore(snapshot, all[0]!)).complete).toBe(true);
    expect((await schemaBefore(snapshot, all[2]!)).gaps.map(({ kind }) => kind)).toEqual(['dynamic SQL']);
  });

  test('so do statements that do not parse and migrations in another language', async () => {
    const snapshot = declared(
      { 'db/0001_a.sql': 'CREATE TABEL t (a int); CREATE TABLE u (a int)', 'db/0002_b.ts': '' },
      'plain',
    );
    const { gaps, end } = await replay(snapshot, await folderOf(snapshot));
    expect(gaps.map(({ kind }) => kind).sort()).toEqual(['other language', 'unread']);
    expect(end.table({ name: 'u' })).toBeDefined();
  });

  test('a file that no runner orders is replayed alone', async () => {
    const snapshot = memorySnapshot({ 'x.sql': 'CREATE TABLE t (a int); DROP TABLE t' });
    const schema = await schemaBefore(snapshot, { path: 'x.sql', index: 1 });
    expect(schema.table({ name: 't' })).toBeDefined();
    expect(schema.complete).toBe(false);
  });
});

test('statements in any order never break the replay', { timeout: 60_000 }, async () => {
  const parts: string[] = [];
  for (const text of Object.values(EFFECTS)) {
    const file = await readSql('x.sql', text);
    parts.push(...file.statements.map((statement) => statement.text));
  }
  await fc.assert(
    fc.asyncProperty(fc.shuffledSubarray(parts, { minLength: 1 }), async (some) => {
      const schema = await after(...some.map((text) => `${text};`));
      for (const { name, indexes } of schema.tables()) {
        for (const index of indexes) expect(schema.index(index.name)?.table).toEqual(name);
      }
    }),
    { numRuns: 40 },
  );
});

describe('what platforms bring', () => {
  test('Supabase: auth and storage are there, and new tables are open to its roles', async () => {
    const snapshot = history(
      ['CREATE TABLE t (id uuid REFERENCES auth.users); ALTER TABLE storage.objects ENABLE ROW LEVEL SECURITY'],
      'supabase',
    );
    const schema = await schemaAt(snapshot, await folderOf(snapshot));
    expect(schema.table({ name: 't' })!.constraints[0]!.references).toMatchObject({
      table: { schema: 'auth', name: 'users' },
      columns: ['id'],
    });
    expect(schema.table({ name: 't' })!.grants.get('anon')?.has('delete')).toBe(true);
    expect([schema.role('authenticated'), schema.routines({ schema: 'auth', name: 'uid' })[0]]).toMatchObject([
      { name: 'authenticated' },
      { kind: 'function' },
    ]);
    expect(schema.status('relation', { schema: 'auth', name: 'one_time_tokens' })).toEqual({ is: 'provided' });
    expect(schema.complete).toBe(true);
  });

  test('under another runner it is told by what the migrations use, unless they make it', async () => {
    expect((await after('CREATE TABLE t (id uuid DEFAULT auth.uid())')).role('anon')).toBeDefined();
    expect(
      (
        await after(
          'CREATE SCHEMA auth; CREATE TABLE auth.users (id int); CREATE TABLE t (id int REFERENCES auth.users)',
        )
      ).role('anon'),
    ).toBeUndefined();
  });
});
