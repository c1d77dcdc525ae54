import v8 from 'node:v8';
import type { Database } from './catalogue.ts';

export interface ReplayDatabase extends Database {
  exec(sql: string): Promise<unknown>;
  /** What a new connection starts with. */
  reset(): Promise<unknown>;
  /** What went wrong, if anything. */
  run(sql: string): Promise<string | undefined>;
  close(): Promise<void>;
}

const CONTRIB = [
  'pg_trgm',
  'citext',
  'ltree',
  'hstore',
  'btree_gin',
  'btree_gist',
  'unaccent',
  'fuzzystrmatch',
  'tablefunc',
  'intarray',
  'cube',
  'earthdistance',
  'uuid_ossp',
  'pgcrypto',
] as const;

/** Extensions that PGlite does not have, as far as migrations call them. */
const STUBS: Readonly<Record<string, string>> = {
  pg_cron: `CREATE SCHEMA IF NOT EXISTS cron; CREATE FUNCTION cron.schedule(text, text, text) RETURNS bigint LANGUAGE sql AS 'SELECT 1'; CREATE FUNCTION cron.unschedule(text) RETURNS boolean LANGUAGE sql AS 'SELECT true'`,
  pg_net: `CREATE SCHEMA IF NOT EXISTS net; CREATE FUNCTION net.http_post(url text, body jsonb DEFAULT '{}', params jsonb DEFAULT '{}', headers jsonb DEFAULT '{}', timeout_milliseconds int DEFAULT 5000) RETURNS bigint LANGUAGE sql AS 'SELECT 1'`,
  pg_stat_statements: 'SELECT 1',
  vector: 'CREATE DOMAIN extensions.vector AS text',
  http: `CREATE SCHEMA IF NOT EXISTS extensions; CREATE TYPE extensions.http_header AS (field varchar, value varchar); CREATE TYPE extensions.http_response AS (status int, content_type varchar, headers extensions.http_header[], content varchar); CREATE TYPE extensions.http_request AS (method varchar, uri varchar, headers extensions.http_header[], content_type varchar, content varchar); CREATE FUNCTION extensions.http(extensions.http_request) RETURNS extensions.http_response LANGUAGE sql AS 'SELECT NULL::extensions.http_response'`,
};

const SUPABASE = `
  CREATE ROLE anon; CREATE ROLE authenticated; CREATE ROLE service_role BYPASSRLS; CREATE ROLE authenticator; CREATE ROLE supabase_admin SUPERUSER;
  CREATE ROLE supabase_auth_admin; CREATE ROLE supabase_storage_admin; CREATE ROLE dashboard_user; CREATE ROLE supabase_functions_admin; CREATE ROLE supabase_realtime_admin;
  CREATE SCHEMA auth; CREATE SCHEMA storage; CREATE SCHEMA extensions; CREATE SCHEMA realtime; CREATE SCHEMA vault; CREATE SCHEMA graphql; CREATE SCHEMA graphql_public;
  CREATE SCHEMA cron; CREATE SCHEMA net; CREATE SCHEMA supabase_migrations; CREATE SCHEMA supabase_functions;
  CREATE TABLE auth.users (id uuid PRIMARY KEY, aud varchar, role varchar, email varchar, raw_app_meta_data jsonb, raw_user_meta_data jsonb, created_at timestamptz, updated_at timestamptz, phone text UNIQUE, email_confirmed_at timestamptz, last_sign_in_at timestamptz, encrypted_password varchar);
  CREATE FUNCTION auth.uid() RETURNS uuid LANGUAGE sql STABLE AS 'SELECT NULL::uuid'; CREATE FUNCTION auth.role() RETURNS text LANGUAGE sql STABLE AS 'SELECT NULL::text';
  CREATE FUNCTION auth.email() RETURNS text LANGUAGE sql STABLE AS 'SELECT NULL::text'; CREATE FUNCTION auth.jwt() RETURNS jsonb LANGUAGE sql STABLE AS 'SELECT NULL::jsonb';
  CREATE TABLE storage.buckets (id text PRIMARY KEY, name text NOT NULL, owner uuid, created_at timestamptz DEFAULT now(), updated_at timestamptz DEFAULT now(), public boolean DEFAULT false, avif_autodetection boolean, file_size_limit bigint, allowed_mime_types text[], owner_id text);
  CREATE TABLE storage.objects (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), bucket_id text REFERENCES storage.buckets, name text, owner uuid, created_at timestamptz DEFAULT now(), updated_at timestamptz DEFAULT now(), last_accessed_at timestamptz, metadata jsonb, path_tokens text[], version text, owner_id text);
  ALTER TABLE storage.objects ENABLE ROW LEVEL SECURITY; ALTER TABLE storage.buckets ENABLE ROW LEVEL SECURITY;
  CREATE FUNCTION storage.foldername(name text) RETURNS text[] LANGUAGE sql AS 'SELECT string_to_array(name, ''/'')'; CREATE FUNCTION storage.filename(name text) RETURNS text LANGUAGE sql AS 'SELECT name'; CREATE FUNCTION storage.extension(name text) RETURNS text LANGUAGE sql AS 'SELECT name';
  CREATE EXTENSION "uuid-ossp" SCHEMA extensions; CREATE EXTENSION pgcrypto SCHEMA extensions;
  ALTER DATABASE postgres SET search_path = public, extensions; SET search_path = public, extensions;
  CREATE PUBLICATION supabase_realtime;`;

const PLATFORM =
  'auth storage extensions realtime vault graphql graphql_public cron net pgsodium supabase_migrations supabase_functions _realtime pgbouncer';

/** A new PostgreSQL in this process, as a platform would hand it over. Throws where PGlite is not installed. */
export async function openDatabase(
  supabase: boolean,
): Promise<{ readonly database: ReplayDatabase; readonly ignored: ReadonlySet<string> }> {
  v8.setFlagsFromString('--no-wasm-tier-up');
  v8.setFlagsFromString('--no-wasm-dynamic-tiering');
  const { PGlite } = await import('@electric-sql/pglite');
  const extensions: Record<string, never> = {};
  for (const name of CONTRIB) {
    const loaded = (await import(`@electric-sql/pglite/contrib/${name}`)) as Record<string, never>;
    extensions[name] = loaded[name]!;
  }
  const lite = await PGlite.create({ extensions });
  if (supabase) await lite.exec(SUPABASE);
  const run = async (sql: string): Promise<string | undefined> => {
    const [, quoted, plain = ''] =
      /^\s*create\s+extension\s+(?:if\s+not\s+exists\s+)?(?:"([^"]+)"|(\w+))/i.exec(sql) ?? [];
    const stub = STUBS[quoted ?? plain];
    // A domain takes no dimensions, and has no operators for hnsw.
    const text = sql
      .replace(/\bvector\s*\(\d+\)/gi, 'vector')
      .replace(/\busing (?:hnsw|ivfflat) \((\w+) \w+\)(?:\s*with \([^)]*\))?/gi, '($1)');
    try {
      await lite.exec(stub ?? text);
      return undefined;
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
  };
  const database: ReplayDatabase = {
    query: (sql) => lite.query(sql),
    exec: (sql) => lite.exec(sql),
    reset: () => lite.exec(supabase ? 'RESET ALL; SET search_path = public, extensions' : 'RESET ALL'),
    run,
    close: () => lite.close(),
  };
  return { database, ignored: new Set(supabase ? PLATFORM.split(' ') : []) };
}
