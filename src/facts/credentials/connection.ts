import type { Stretch } from './format.ts';
import { ends, runAfter, runBefore } from './around.ts';
import type { FileKind } from './file-kind.ts';
import { isCommon, isCommonInDisguise, isFiller, isStandIn } from './placeholder.ts';

/** The password in a database's or a queue's URL, at its "://". */
export function* connectionPasswordAt(text: string, at: number): Iterable<Stretch> {
  if (text.startsWith('http', at - 4) || text.startsWith('https', at - 5)) return; // Nearly all of them.
  const scheme = schemeBefore(text, at);
  const system = SYSTEMS.get(scheme.split('+')[0]!);
  if (!system) return;
  REST.lastIndex = at + 3;
  const [rest = ''] = REST.exec(text) ?? [];
  const url = userInfo(rest) ?? passwordField(rest);
  if (!url || !isTelling(url)) return;
  const host = url.host.toLowerCase();
  const start = at + 3 + url.start;
  yield {
    start,
    end: start + url.password.length,
    names: `the password of a ${system} URL for ${host}`,
    host: `${scheme}://${host}`,
  };
}

/** The password in the URL of anything else that is logged in to: the web, mail, files, directories. */
export function* loginInUrlAt(text: string, at: number, kind: FileKind): Iterable<Stretch> {
  const scheme = schemeBefore(text, at).split('+')[0]!;
  if (!LOGINS.has(scheme)) return;
  USER_INFO.lastIndex = at + 3;
  const [before] = USER_INFO.exec(text) ?? [];
  if (!before) return;
  REST.lastIndex = at + 3;
  const [rest = ''] = REST.exec(text) ?? [];
  const url = userInfo(rest);
  if (!url || !isTelling(url) || isFiller(url.password)) return;
  const host = url.host.toLowerCase();
  const start = at + 3 + url.start;
  const made = kind === 'test' || kind === 'docs' || kind === 'generated';
  yield {
    start,
    end: start + url.password.length,
    names: `the password of a login at ${host}`,
    host: `${scheme}://${host}`,
    ...(made && { unsure: true as const }),
  };
}

const LOGINS = new Set(
  'http https ws wss ftp ftps sftp ssh scp git svn smtp smtps submission imap imaps pop3 pop3s ldap ldaps smb rtsp rsync'.split(
    ' ',
  ),
);
/** Nothing that ends a host stands before the first "@", and a colon does. */
const USER_INFO = /[^\s"'`<>\\/?#@:]{0,100}:[^\s"'`<>\\@]{1,200}@/y;

/** The password among the fields of a connection string: `Server=…;Password=…;` and `host=… password=…`. */
export function* connectionFieldAt(text: string, at: number): Iterable<Stretch> {
  FIELD.lastIndex = at;
  const [field, value = ''] = FIELD.exec(text) ?? [];
  if (!field || value.length < 4 || /[\w-]/.test(text[at - 1] ?? '')) return;
  const start = at + field.length - value.length;
  const before = runBefore(text, at, END_OF_FIELDS, 300);
  // The first of several in one string is the one.
  if (FIELD_BEFORE.test(before)) return;
  const after = runAfter(text, start + value.length, END_OF_FIELDS, 300);
  const around = `${before} ${after}`;
  const separator = around.includes(';') ? ';' : ' ';
  const fields = around.split(separator, 40);
  if (fields.length < 3) return;
  const named = (form: RegExp) => fields.map((one) => form.exec(one.trim())?.[1]).find((one) => one !== undefined);
  const host = named(HOST_FIELD);
  if (host === undefined) return;
  const password = separator === ';' ? (value.split(';', 1)[0] ?? '') : (value.split(/\s/, 1)[0] ?? '');
  if (!isTelling({ user: named(USER_FIELD) ?? '', password, host, name: named(NAME_FIELD) ?? '', start: 0 })) return;
  yield {
    start,
    end: start + password.length,
    names: `the password of a connection string for ${host.toLowerCase()}`,
    host: `database://${host.toLowerCase()}`,
  };
}

const END_OF_FIELDS = ends('\n"\'`<>');
const FIELD_BEFORE = /(?:password|pwd)\s{0,2}=/i;
const HOST_FIELD =
  /^(?:server|data source|host|hostname|address|addr|network address)\s{0,4}=\s{0,4}(?:tcp:)?([\w.-]{1,253})/i;
const USER_FIELD = /^(?:user id|uid|user|username|user name)\s{0,4}=\s{0,4}([^;\s]{1,100})/i;
const NAME_FIELD = /^(?:database|initial catalog|dbname)\s{0,4}=\s{0,4}([\w-]{1,60})/i;
const FIELD = /(?:password|pwd)\s{0,2}=\s{0,2}([^;"'`<>\n]{1,120})/iy;

const SYSTEMS = new Map(
  Object.entries({
    postgres: 'PostgreSQL',
    postgresql: 'PostgreSQL',
    postgis: 'PostgreSQL',
    cockroachdb: 'CockroachDB',
    redshift: 'Redshift',
    mysql: 'MySQL',
    mysql2: 'MySQL',
    mysqlx: 'MySQL',
    mariadb: 'MariaDB',
    mongodb: 'MongoDB',
    redis: 'Redis',
    rediss: 'Redis',
    valkey: 'Valkey',
    valkeys: 'Valkey',
    amqp: 'message queue',
    amqps: 'message queue',
    mqtt: 'message queue',
    mqtts: 'message queue',
    nats: 'message queue',
    mssql: 'SQL Server',
    sqlserver: 'SQL Server',
    clickhouse: 'ClickHouse',
    clickhouses: 'ClickHouse',
    cassandra: 'Cassandra',
    neo4j: 'Neo4j',
    bolt: 'Neo4j',
    couchdb: 'CouchDB',
    couchbase: 'Couchbase',
    couchbases: 'Couchbase',
    oracle: 'Oracle',
    snowflake: 'Snowflake',
    db2: 'Db2',
    firebird: 'Firebird',
    trino: 'Trino',
    presto: 'Presto',
    vertica: 'Vertica',
    teradata: 'Teradata',
    hive2: 'Hive',
    timescale: 'PostgreSQL',
    memcached: 'Memcached',
    arangodb: 'ArangoDB',
    elasticsearch: 'Elasticsearch',
    opensearch: 'OpenSearch',
    influxdb: 'InfluxDB',
    libsql: 'libSQL',
    stomp: 'message queue',
    pulsar: 'message queue',
    kafka: 'message queue',
  }),
);

/** Up to a blank, a quote or an angle bracket. */
const REST = /[^\s"'`<>\\\u0000-\u001f]{1,500}/y;

function schemeBefore(text: string, at: number): string {
  let from = at;
  while (from > 0 && at - from < 24 && isScheme(text.charCodeAt(from - 1))) from--;
  // The letter of an escape such as \n belongs to no scheme.
  return text.slice(text[from - 1] === '\\' ? from + 1 : from, at);
}

const isScheme = (code: number): boolean => (code >= 97 && code <= 122) || (code >= 48 && code <= 57) || code === 43;

interface Url {
  readonly user: string;
  readonly password: string;
  readonly host: string;
  /** The database, as far as it is given. */
  readonly name: string;
  /** Where the password stands in the text behind "://". */
  readonly start: number;
}

/** The user information ends at the last "@" with a host behind it: people do not escape what stands in their passwords. */
function userInfo(rest: string): Url | undefined {
  const first = rest.indexOf('@');
  if (first < 0) return undefined;
  // host:port/path?mail=a@b has no user information at all.
  if (/^(?:[\w.-]{1,253}|\[[\da-f:.]{2,45}\])(?::\d{1,5})?[/?]/i.test(rest.slice(0, first))) return undefined;
  const query = rest.indexOf('?', first);
  let end = query < 0 ? rest.length : query;
  for (let tries = 0; tries < 8; tries++) {
    const last = rest.lastIndexOf('@', end - 1);
    if (last < 0) return undefined;
    HOST.lastIndex = last + 1;
    const [all, host, name = ''] = HOST.exec(rest) ?? [];
    const colon = rest.indexOf(':');
    if (all && host && colon >= 0 && colon < last) {
      return { user: rest.slice(0, colon), password: rest.slice(colon + 1, last), host, name, start: colon + 1 };
    }
    end = last;
  }
  return undefined;
}

const HOST =
  /(\[[\da-f:.]{2,45}\]|[\w.-]{1,253}|\$\{?\w{1,60}\}?|\{[\w.]{1,60}\}|%s)(?::(?:\d{1,5}|[\w${}%]{1,40}))?(?:\/([\w-]{0,60})|(?![\w@]))/iy;

/** jdbc:postgresql://host/name?user=u&password=p, and SQL Server's ;password=p. */
function passwordField(rest: string): Url | undefined {
  const field = /[?&;](?:password|passwd|pwd)=([^&;#]{1,200})/i.exec(rest);
  const [, host, name = ''] = /^([\w.-]{1,253})(?::\d{1,5})?(?:\/([\w-]{0,60}))?/.exec(rest) ?? [];
  if (!field?.[1] || !host) return undefined;
  const user = /[?&;](?:user|username)=([^&;#]{1,100})/i.exec(rest)?.[1] ?? '';
  return { user, password: field[1], host, name, start: field.index + field[0].length - field[1].length };
}

/** Whether the password may open something that others can reach. */
function isTelling({ user, password, host, name }: Url): boolean {
  if (password.length < 4 || isStandIn(password) || isStandIn(decoded(password))) return false;
  const same = [user, host, name, host.split('.')[0]!].some((other) => other.toLowerCase() === password.toLowerCase());
  if (same || isLocal(host)) return false;
  return !isInvented(host) || isStrong(password);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** This machine, or a name without a dot: a container beside this one. */
const isLocal = (host: string): boolean =>
  /^(?:127\.\d{1,3}\.\d{1,3}\.\d{1,3}|0\.0\.0\.0|\[::1?\]|[\w-]+|.{1,240}\.(?:localhost|localdomain)|.{0,240}\bdocker\.internal)$/i.test(
    host,
  );

/** A template, a reserved name, or one that speaks of itself. */
const isInvented = (host: string): boolean =>
  !/^[\w.[\]:-]+$/.test(host) ||
  /(?:^|\.)(?:example|test|invalid)$|(?:^|\.)example\.\w{2,12}$|your|example|placeholder|x{3}|hostname|(?:^|\.)(?:host|domain|server|foo|bar|some|my|mydomain|company|myhost)\./i.test(
    host,
  );

/** Looks generated, or like somebody's real password. */
const isStrong = (password: string): boolean =>
  password.length >= 10 &&
  /\d/.test(password) &&
  /[a-z]/i.test(password) &&
  !isCommon(password) &&
  !isCommonInDisguise(password);
