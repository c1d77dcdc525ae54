import { keyOf, put, type History } from './history.ts';
import { newTable } from './run.ts';
import type { Grants, Index, Table, TableColumn, TableConstraint } from './objects.ts';

/** Every new database: the schema public, which PostgreSQL from 15 on lets everybody use, and nobody but its owner fill. */
export function bareDatabase(history: History): void {
  const grants: Grants = new Map([['public', new Set(['usage'])]]);
  history.namespaces.set('public', { name: 'public', grants }, history.time);
  history.roles.set('postgres', { name: 'postgres', options: new Map([['superuser', true]]) }, history.time);
  history.extensions.set('plpgsql', { name: 'plpgsql', schema: 'pg_catalog' }, history.time);
}

// What a new Supabase project holds before its first migration. Its own schemas hold more than this and change with its
// versions: a name that is missing here is provided, never unknown. '!' stands for NOT NULL, '=' for a default.

const ROLES = {
  anon: [],
  authenticated: [],
  authenticator: ['login'],
  service_role: ['bypassrls'],
  dashboard_user: ['createdb', 'createrole', 'replication'],
  pgbouncer: ['login'],
  supabase_admin: ['login', 'superuser', 'createdb', 'createrole', 'replication', 'bypassrls'],
  supabase_auth_admin: ['login', 'createrole'],
  supabase_functions_admin: ['login', 'createrole'],
  supabase_read_only_user: ['login', 'bypassrls'],
  supabase_realtime_admin: [],
  supabase_replication_admin: ['login', 'replication'],
  supabase_storage_admin: ['login', 'createrole'],
} as const;

const SCHEMAS =
  'auth storage extensions realtime _realtime vault graphql graphql_public cron net pgsodium pgbouncer supabase_functions supabase_migrations';

const EXTENSIONS = {
  'uuid-ossp': 'extensions',
  pgcrypto: 'extensions',
  pg_stat_statements: 'extensions',
  supabase_vault: 'vault',
  pg_graphql: 'graphql',
};

const TABLES: Readonly<Record<string, string>> = {
  'auth.users':
    'instance_id uuid, id uuid!, aud varchar, role varchar, email varchar, encrypted_password varchar, email_confirmed_at timestamptz, ' +
    'invited_at timestamptz, confirmation_token varchar, confirmation_sent_at timestamptz, recovery_token varchar, recovery_sent_at timestamptz, ' +
    'email_change_token_new varchar, email_change varchar, email_change_sent_at timestamptz, last_sign_in_at timestamptz, raw_app_meta_data jsonb, ' +
    'raw_user_meta_data jsonb, is_super_admin bool, created_at timestamptz, updated_at timestamptz, phone text, phone_confirmed_at timestamptz, ' +
    'phone_change text, phone_change_token varchar, phone_change_sent_at timestamptz, confirmed_at timestamptz, ' +
    'email_change_token_current varchar, email_change_confirm_status int2, banned_until timestamptz, reauthentication_token varchar, ' +
    'reauthentication_sent_at timestamptz, is_sso_user bool!, deleted_at timestamptz, is_anonymous bool!',
  'auth.identities':
    'provider_id text!, user_id uuid!, identity_data jsonb!, provider text!, last_sign_in_at timestamptz, created_at timestamptz, updated_at timestamptz, email text, id uuid!',
  'auth.sessions':
    'id uuid!, user_id uuid!, created_at timestamptz, updated_at timestamptz, factor_id uuid, aal text, not_after timestamptz, refreshed_at timestamp, user_agent text, ip inet, tag text',
  'auth.refresh_tokens':
    'instance_id uuid, id int8!, token varchar, user_id varchar, revoked bool, created_at timestamptz, updated_at timestamptz, parent varchar, session_id uuid',
  'auth.mfa_factors':
    'id uuid!, user_id uuid!, friendly_name text, factor_type text!, status text!, created_at timestamptz!, updated_at timestamptz!, secret text, phone text, last_challenged_at timestamptz',
  'auth.audit_log_entries': 'instance_id uuid, id uuid!, payload json, created_at timestamptz, ip_address varchar!',
  'storage.buckets':
    'id text!, name text!, owner uuid, created_at timestamptz, updated_at timestamptz, public bool, avif_autodetection bool, file_size_limit int8, allowed_mime_types text[], owner_id text',
  'storage.objects':
    'id uuid!, bucket_id text, name text, owner uuid, created_at timestamptz, updated_at timestamptz, last_accessed_at timestamptz, metadata jsonb, path_tokens text[], version text, owner_id text, user_metadata jsonb',
  'storage.migrations': 'id int4!, name varchar!, hash varchar!, executed_at timestamp',
  'realtime.messages':
    'topic text!, extension text!, payload jsonb, event text, private bool, updated_at timestamp!, inserted_at timestamp!, id uuid!',
  'vault.secrets':
    'id uuid!, name text, description text!, secret text!, key_id uuid, nonce bytea, created_at timestamptz!, updated_at timestamptz!',
  'cron.job':
    'jobid int8!, schedule text!, command text!, nodename text!, nodeport int4!, database text!, username text!, active bool!, jobname text',
  'cron.job_run_details':
    'jobid int8, runid int8!, job_pid int4, database text, username text, command text, status text, return_message text, start_time timestamptz, end_time timestamptz',
  'net.http_request_queue': 'id int8!, method text!, url text!, headers jsonb, body bytea, timeout_milliseconds int4!',
  'net._http_response':
    'id int8, status_code int4, content_type text, headers jsonb, content text, timed_out bool, error_msg text, created timestamptz!',
  'supabase_migrations.schema_migrations': 'version text!, statements text[], name text',
};

const KEYS: Readonly<Record<string, string>> = {
  'cron.job': 'jobid',
  'cron.job_run_details': 'runid',
  'supabase_migrations.schema_migrations': 'version',
};

const UNIQUE: Readonly<Record<string, string>> = { 'auth.users': 'phone', 'auth.mfa_factors': 'last_challenged_at' };

/** Row-level security is on in these. */
const SECURED: ReadonlySet<string> = new Set([
  'storage.buckets',
  'storage.objects',
  'storage.migrations',
  'realtime.messages',
  'auth.users',
  'auth.identities',
  'auth.sessions',
  'auth.refresh_tokens',
  'auth.mfa_factors',
  'auth.audit_log_entries',
]);

const FUNCTIONS =
  'auth.uid=uuid auth.role=text auth.email=text auth.jwt=jsonb storage.foldername=text[] storage.filename=text storage.extension=text realtime.topic=text';

const VIEWED = ['anon', 'authenticated', 'service_role'];

export function supabase(history: History): void {
  const { time } = history;
  for (const [name, options] of Object.entries(ROLES)) {
    history.roles.set(name, { name, options: new Map(options.map((option) => [option, true])) }, time);
  }
  const usage: Grants = new Map(VIEWED.map((role) => [role, new Set(['usage'])]));
  for (const name of SCHEMAS.split(' ')) {
    history.provided.add(name);
    history.namespaces.set(
      name,
      {
        name,
        grants: ['auth', 'storage', 'extensions', 'realtime', 'graphql_public'].includes(name) ? usage : new Map(),
      },
      time,
    );
  }
  history.namespaces.set(
    'public',
    { name: 'public', grants: new Map([...usage, ['public', new Set(['usage'])]]) },
    time,
  );
  for (const [name, schema] of Object.entries(EXTENSIONS)) history.extensions.set(name, { name, schema }, time);
  for (const [printed, columns] of Object.entries(TABLES)) put(history, tableOf(printed, columns));
  for (const entry of [...history.relations.now.values()]) {
    if (entry.kind === 'table')
      for (const index of entry.indexes) put(history, { kind: 'index', name: index.name, table: entry.name });
  }
  for (const part of FUNCTIONS.split(' ')) {
    const [printed = '', type = ''] = part.split('=');
    const [schema = '', name = ''] = printed.split('.');
    const passed = schema === 'storage' ? ['text'] : [];
    history.routines.set(
      keyOf({ schema, name }),
      [
        {
          kind: 'function',
          name: { schema, name },
          parameters: [],
          signature: passed,
          returns: plainType(type),
          language: schema === 'storage' ? 'plpgsql' : 'sql',
          securityDefiner: false,
          volatility: schema === 'storage' ? 'volatile' : 'stable',
          settings: new Map(),
          body: () => [],
          grants: new Map([['public', new Set(['execute'])]]),
        },
      ],
      time,
    );
  }
  history.publications.set(
    'supabase_realtime',
    { name: 'supabase_realtime', allTables: false, tables: [], schemas: [] },
    time,
  );
  for (const object of ['table', 'function', 'sequence'] as const) {
    history.defaults.push({
      kind: 'alter default privileges',
      at: [0, 0],
      grant: true,
      privileges: ['all'],
      object,
      schemas: ['public'],
      forRoles: ['postgres'],
      roles: VIEWED,
    });
  }
}

const plainType = (text: string) => {
  const array = text.endsWith('[]');
  return { name: array ? text.slice(0, -2) : text, modifiers: [], dimensions: array ? 1 : 0, setof: false, text };
};

function tableOf(printed: string, list: string): Table {
  const [schema = '', name = ''] = printed.split('.');
  const full = { schema, name };
  const columns = list.split(', ').map((part): [string, TableColumn] => {
    const [column = '', type = ''] = part.split(' ');
    return [
      column,
      { name: column, type: plainType(type.replace('!', '')), notNull: type.endsWith('!'), inherited: false },
    ];
  });
  const keys = [
    ['primary key', KEYS[printed] ?? 'id', `${name}_pkey`],
    ['unique', UNIQUE[printed], `${name}_${UNIQUE[printed] ?? ''}_key`],
  ] as const;
  const constraints: TableConstraint[] = [];
  const indexes: Index[] = [];
  for (const [kind, column, chosen] of keys) {
    if (column === undefined || !columns.some(([own]) => own === column)) continue;
    constraints.push({
      kind,
      name: chosen,
      columns: [column],
      validated: true,
      enforced: true,
      deferrable: false,
      inherited: false,
      noInherit: false,
    });
    indexes.push({
      kind: 'index',
      name: { schema, name: chosen },
      table: full,
      unique: true,
      method: 'btree',
      keys: [{ column, descending: false }],
      include: [],
      columns: [column],
      columnNames: [column],
      nullsNotDistinct: false,
      constraint: chosen,
      only: false,
    });
  }
  return {
    ...newTable(full),
    columns: new Map(columns),
    // Versions of the platform add more.
    columnsKnown: false,
    constraints,
    indexes,
    rowSecurity: SECURED.has(printed),
    owner:
      schema === 'auth' ? 'supabase_auth_admin' : schema === 'storage' ? 'supabase_storage_admin' : 'supabase_admin',
  };
}
