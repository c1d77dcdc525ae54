import type { Stretch } from './format.ts';
import { isCommon, isCommonInDisguise, isStandIn } from './placeholder.ts';

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
