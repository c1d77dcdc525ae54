/** A history that does to objects what real ones seldom do, for a real catalogue to agree with. */
export const EFFECTS: Readonly<Record<string, string>> = {
  'db/0001_names.sql': `
    CREATE TABLE users (id serial PRIMARY KEY, email text UNIQUE CHECK (email <> ''), age int CHECK (age > 0) CHECK (age < 200), CHECK (age > 1 OR email IS NULL));
    CREATE TABLE a_table_whose_name_is_so_long_that_hardly_anything_fits_in (a_column_whose_name_is_long_as_well int UNIQUE REFERENCES users, other int, UNIQUE (a_column_whose_name_is_long_as_well, other));
    CREATE INDEX ON users (email); CREATE INDEX ON users (email); CREATE INDEX ON users (lower(email), age); CREATE INDEX ON users ((age + 1), (email || 'x'), (age::text)) INCLUDE (id) WHERE age > 3;
    CREATE INDEX ON users ((lower(email)::varchar), coalesce(email, 'x'));
    CREATE TABLE posts (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, author int NOT NULL REFERENCES users ON DELETE CASCADE, editor int REFERENCES users (id), title text, body text, words int GENERATED ALWAYS AS (length(body)) STORED);
    CREATE TABLE twins (id int PRIMARY KEY UNIQUE, b int UNIQUE, CONSTRAINT named UNIQUE (b));
    CREATE TABLE users_email (key int); CREATE UNIQUE INDEX ON users_email (key); ALTER TABLE users_email ADD UNIQUE (key);
    CREATE TABLE "Mixed Case" ("Id" serial, "Two Words" text UNIQUE);
    CREATE TABLE taken_pkey (x int); CREATE TABLE taken (id int PRIMARY KEY);`,
  'db/0002_columns.sql': `
    CREATE TABLE wide (a int, b int, c int, d text, e text, UNIQUE (a, b), CHECK (b > c), FOREIGN KEY (c) REFERENCES users);
    CREATE INDEX wide_d ON wide (d); CREATE INDEX wide_de ON wide (e) WHERE d IS NOT NULL; CREATE INDEX wide_e ON wide (e);
    ALTER TABLE wide DROP COLUMN b; ALTER TABLE wide DROP COLUMN d; ALTER TABLE wide RENAME COLUMN c TO cc;
    ALTER TABLE wide ADD COLUMN f bigserial, ADD COLUMN g uuid DEFAULT gen_random_uuid() NOT NULL, ALTER a TYPE numeric(10, 2), ALTER a SET NOT NULL, ALTER COLUMN e SET DEFAULT 'x';
    ALTER TABLE wide DROP COLUMN cc; ALTER TABLE wide ALTER f DROP DEFAULT, ALTER f DROP NOT NULL; ALTER TABLE wide ADD PRIMARY KEY (a);
    ALTER TABLE posts RENAME TO articles; ALTER TABLE articles RENAME COLUMN author TO writer; ALTER TABLE articles DROP COLUMN editor;
    ALTER TABLE articles RENAME CONSTRAINT posts_pkey TO articles_key; ALTER INDEX users_email_idx1 RENAME TO by_email;
    ALTER TABLE articles DROP COLUMN body CASCADE;
    CREATE UNIQUE INDEX title_once ON articles (title); ALTER TABLE articles ADD CONSTRAINT one_title UNIQUE USING INDEX title_once;
    ALTER TABLE articles ADD COLUMN parent bigint REFERENCES articles; ALTER TABLE articles ADD CHECK (parent <> id) NOT VALID; ALTER TABLE articles VALIDATE CONSTRAINT articles_check;`,
  'db/0003_inherit.sql': `
    CREATE TABLE events (id int NOT NULL, at date NOT NULL, kind text, PRIMARY KEY (id, at), CHECK (id > 0)) PARTITION BY RANGE (at);
    CREATE TABLE events_a PARTITION OF events FOR VALUES FROM ('2020-01-01') TO ('2021-01-01');
    CREATE INDEX ON events (kind); CREATE TABLE events_b (at date NOT NULL, id int NOT NULL, kind text, CHECK (id > 0)); ALTER TABLE events_b RENAME CONSTRAINT events_b_id_check TO events_id_check;
    ALTER TABLE events ATTACH PARTITION events_b FOR VALUES FROM ('2021-01-01') TO ('2022-01-01');
    ALTER TABLE events ADD COLUMN "user" int REFERENCES users; ALTER TABLE events RENAME COLUMN kind TO sort;
    CREATE TABLE events_c PARTITION OF events FOR VALUES FROM ('2022-01-01') TO ('2023-01-01'); ALTER TABLE events DETACH PARTITION events_c;
    CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
    CREATE TRIGGER touched BEFORE UPDATE ON events FOR EACH ROW EXECUTE FUNCTION touch(); CREATE INDEX only_parent ON ONLY events (id);
    CREATE TABLE base (id serial PRIMARY KEY, note text CHECK (note <> '')); CREATE TABLE child (extra int) INHERITS (base);
    ALTER TABLE base ADD COLUMN more int DEFAULT 1; ALTER TABLE base DROP COLUMN note; ALTER TABLE base ADD CONSTRAINT more_check CHECK (more > 0);
    CREATE TABLE copied (LIKE articles INCLUDING ALL, extra int); CREATE TABLE plain_copy (LIKE users); CREATE TABLE half (LIKE wide INCLUDING DEFAULTS INCLUDING INDEXES);
    DROP TABLE events_a; ALTER TABLE events DROP CONSTRAINT events_id_check;`,
  'db/0004_views.sql': `
    CREATE VIEW v AS SELECT u.id, u.email FROM users u; CREATE VIEW w AS SELECT * FROM v; CREATE VIEW x AS SELECT a.*, u.age FROM articles a JOIN users u ON u.id = a.writer;
    CREATE MATERIALIZED VIEW m AS SELECT email, count(*) AS n FROM users GROUP BY email; CREATE UNIQUE INDEX ON m (email);
    ALTER TABLE users DROP COLUMN age CASCADE; CREATE OR REPLACE VIEW v AS SELECT u.id, u.email, 1 AS one FROM users u;
    ALTER VIEW w RENAME TO ww; CREATE VIEW gone AS SELECT * FROM twins; DROP TABLE twins CASCADE;
    CREATE RULE nothing AS ON DELETE TO users DO INSTEAD NOTHING;`,
  'db/0005_types.sql': `
    CREATE TYPE mood AS ENUM ('sad', 'happy'); ALTER TYPE mood ADD VALUE 'ok' BEFORE 'happy'; ALTER TYPE mood RENAME VALUE 'sad' TO 'low'; ALTER TYPE mood ADD VALUE IF NOT EXISTS 'ok';
    CREATE TYPE pair AS (a int, b text); ALTER TYPE pair ADD ATTRIBUTE c int; CREATE DOMAIN positive AS int CHECK (VALUE > 0) CHECK (VALUE < 9); CREATE TYPE span AS RANGE (subtype = float8);
    CREATE TABLE feelings (m mood, l mood[], p positive, s span); ALTER TYPE mood RENAME TO feeling; CREATE FUNCTION feel(f feeling) RETURNS feeling LANGUAGE sql AS 'SELECT f';
    DROP DOMAIN positive CASCADE; CREATE FUNCTION f(a int) RETURNS int LANGUAGE sql AS 'SELECT 1'; CREATE FUNCTION f(a text, b int DEFAULT 1) RETURNS int LANGUAGE sql AS 'SELECT 1'; DROP FUNCTION f(int);
    CREATE PROCEDURE p() LANGUAGE sql AS 'SELECT 1'; CREATE SCHEMA app; ALTER TABLE feelings SET SCHEMA app; CREATE TABLE app.gadgets (id serial PRIMARY KEY, other int UNIQUE); CREATE TABLE uses_gadgets (g int REFERENCES app.gadgets, h int);
    ALTER SCHEMA app RENAME TO lib; CREATE SCHEMA temporary; CREATE TABLE temporary.t (id serial); CREATE TABLE points (t int); CREATE VIEW points_there AS SELECT * FROM temporary.t; DROP SCHEMA temporary CASCADE;
    CREATE SEQUENCE s; CREATE TABLE owner (id int DEFAULT nextval('s')); ALTER SEQUENCE s OWNED BY owner.id; CREATE SEQUENCE lonely; DROP SEQUENCE lonely;
    ALTER TABLE lib.gadgets DROP CONSTRAINT gadgets_pkey CASCADE;`,
  'db/0006_guards.sql': `
    DO $$ BEGIN
      IF NOT EXISTS (SELECT FROM pg_type WHERE typname = 'feeling') THEN CREATE TYPE feeling AS ENUM ('never'); END IF;
      IF EXISTS (SELECT FROM information_schema.columns WHERE table_name = 'users' AND column_name = 'email') THEN ALTER TABLE users RENAME COLUMN email TO mail; END IF;
      IF EXISTS (SELECT FROM information_schema.columns WHERE table_name = 'users' AND column_name = 'nowhere') THEN ALTER TABLE users DROP COLUMN mail; ELSE ALTER TABLE users ADD COLUMN elsewhere int; END IF;
      IF to_regclass('public.missing') IS NOT NULL THEN CREATE TABLE never (id int); END IF;
      BEGIN ALTER TABLE users ADD COLUMN id int; EXCEPTION WHEN duplicate_column THEN NULL; END;
      EXECUTE 'CREATE TABLE from_execute (id int)';
    END $$;
    CREATE TABLE IF NOT EXISTS users (never int); ALTER TABLE users ADD COLUMN IF NOT EXISTS id text; CREATE INDEX IF NOT EXISTS by_email ON users (id); DROP TABLE IF EXISTS missing; ALTER TABLE IF EXISTS missing ADD COLUMN x int;
    CREATE TEMP TABLE scratch (id int); DROP TABLE scratch;
    SET search_path TO lib, public; CREATE TABLE in_lib (id int); ALTER TABLE users ADD COLUMN seen int; SET LOCAL search_path TO public; RESET search_path; CREATE TABLE in_public (id int);
    BEGIN; CREATE TABLE taken_back (id int); ROLLBACK; BEGIN; CREATE TABLE kept (id int); COMMIT;
    CREATE FUNCTION make() RETURNS void LANGUAGE plpgsql AS $$ BEGIN CREATE TABLE made_by_call (id int); END $$; SELECT make();`,
  'db/0007_security.sql': `
    CREATE ROLE reader; ALTER TABLE users ENABLE ROW LEVEL SECURITY; ALTER TABLE users FORCE ROW LEVEL SECURITY; CREATE POLICY p1 ON users FOR SELECT TO reader USING (true);
    CREATE POLICY p2 ON users AS RESTRICTIVE FOR UPDATE USING (id > 0) WITH CHECK (id > 1); ALTER POLICY p1 ON users RENAME TO p3; ALTER POLICY p3 ON users TO public; CREATE POLICY p4 ON users USING (true); DROP POLICY p4 ON users;
    CREATE POLICY about ON kept USING (EXISTS (SELECT FROM in_public i WHERE i.id = kept.id)); DROP TABLE in_public CASCADE;
    CREATE PUBLICATION pub FOR TABLE users, kept; ALTER PUBLICATION pub ADD TABLE base; DROP TABLE kept; ALTER PUBLICATION pub DROP TABLE base;
    CREATE TRIGGER t1 AFTER INSERT OR UPDATE OF mail ON users FOR EACH ROW EXECUTE FUNCTION touch(); ALTER TABLE users DISABLE TRIGGER t1; ALTER TRIGGER t1 ON users RENAME TO t2;
    CREATE FUNCTION other() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$; CREATE TRIGGER t3 AFTER DELETE ON users FOR EACH STATEMENT EXECUTE FUNCTION other(); DROP FUNCTION other() CASCADE;`,
};
