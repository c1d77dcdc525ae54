import type { Subjects } from '../core/fact.ts';
import type { Location, Range } from '../core/finding.ts';
import { isNotice, type Notice } from '../core/notice.ts';
import type { Gone } from './schema/objects.ts';
import { replay, type Replay, type Schema, type Status } from './schema/schema.ts';
import { lex, QUOTED, WORD } from './sql/lexer.ts';
import { printColumn, printIdentifier, printName, sameName, type Name } from './sql/name.ts';
import type { Operation } from './sql/operation.ts';
import type { JudgedStatement, Statement, Use } from './sql/statement.ts';
import { statements } from './sql/statements.ts';

/** An operation of a changed migration, and the database as it finds it. */
export interface Moment {
  readonly statement: JudgedStatement;
  /** The statement itself, or the one of its DO block. */
  readonly by: Statement;
  readonly operation: Operation;
  readonly before: Schema;
  readonly replay: Replay;
}

/** Something that a statement of a changed migration needs, and that is not there when it runs. */
export interface UnmetNeed {
  readonly statement: JudgedStatement;
  readonly use: Use;
  /** "table users", "column users.email", "function f()". */
  readonly what: string;
  readonly because:
    /** No migration makes it, nor anything else that is known. */
    | { readonly is: 'missing' }
    | { readonly is: 'later'; readonly made: Location }
    | { readonly is: 'gone'; readonly gone: Gone };
}

/** What changed migrations need in vain. A notice where the history says too little to tell. */
export const unmetNeeds: Subjects<UnmetNeed> = async function* (change) {
  const silent = new Set<string>();
  for await (const statement of statements(change)) {
    if (isNotice(statement)) {
      yield statement;
      continue;
    }
    const { migration } = statement;
    if (!migration) continue;
    const history = await replay(change.head, migration.folder, statement.path);
    for (const by of unguarded(statement)) {
      const before = history.before(by, by.operations[0]);
      if (isNoOp(by, before)) continue;
      const seen = new Set<string>();
      for (const use of by.uses()) {
        const key = `${use.object} ${printName(use.name)} ${use.column ?? ''}`;
        if (seen.has(key) || isOwn(by, use)) continue;
        seen.add(key);
        const because = reasonOf(before, use, by, history);
        if (because === undefined) continue;
        if (because === 'unsure') {
          const { dir } = migration.folder;
          if (!silent.has(dir)) yield unsure(dir, before);
          silent.add(dir);
        } else yield { statement, use: pointed(use, by), what: nameOf(use, before), because };
      }
    }
  }
};

const unsure = (dir: string, { gaps }: Schema): Notice => ({
  notice: 'not-judged',
  message: `What migrations in ${dir === '' ? 'the root folder' : dir} need was not judged in full, because their history does not tell everything: ${gaps[0]?.reason ?? 'it does not begin at the beginning'}.`,
});

/** Every operation of changed migrations that runs without a test around it. */
export const moments: Subjects<Moment> = async function* (change) {
  for await (const statement of statements(change)) {
    if (isNotice(statement)) {
      yield statement;
      continue;
    }
    if (!statement.migration) continue;
    const history = await replay(change.head, statement.migration.folder, statement.path);
    for (const by of unguarded(statement)) {
      for (const operation of by.operations) {
        yield { statement, by, operation, before: history.before(by, operation), replay: history };
      }
    }
  }
};

/** The statement and those of its DO blocks that run whatever a catalogue holds. */
function* unguarded(statement: Statement): Iterable<Statement> {
  if (statement.within === 'function' || statement.guards.some(({ kind }) => kind === 'test' || kind === 'handler'))
    return;
  yield statement;
  if (statement.operations[0]?.kind === 'do') for (const inner of statement.nested()) yield* unguarded(inner);
}

/** IF EXISTS and IF NOT EXISTS make nothing of the whole statement. */
function isNoOp({ operations }: Statement, before: Schema): boolean {
  return operations.some((operation) => {
    if (operation.kind.startsWith('drop ') && 'ifExists' in operation && operation.ifExists) return true;
    if ('tableIfExists' in operation && operation.tableIfExists) return !before.relation(operation.table);
    if (operation.kind === 'add column' && operation.ifNotExists) {
      return before.status('column', { name: operation.column.name }, operation.table).is === 'there';
    }
    return (
      'ifNotExists' in operation &&
      operation.ifNotExists &&
      'name' in operation &&
      operation.name !== undefined &&
      typeof operation.name === 'object' &&
      before.relation(operation.name) !== undefined
    );
  });
}

/** What the statement itself makes. */
function isOwn({ operations }: Statement, { object, name, column }: Use): boolean {
  if (object === 'column' && (column === undefined || SYSTEM.has(column))) return true;
  return operations.some((operation) => {
    if (object === 'column' && operation.kind === 'add column')
      return operation.column.name === column && sameName(operation.table, name);
    if (!operation.kind.startsWith('create ') || !('name' in operation) || operation.name === undefined) return false;
    if (operation.kind === 'create schema') return object === 'schema' && operation.name.name === name.name;
    return (
      (object === 'column' || object === 'relation' || object === 'type') &&
      typeof operation.name === 'object' &&
      sameName(operation.name, name)
    );
  });
}

const SYSTEM: ReadonlySet<string> = new Set(['ctid', 'xmin', 'xmax', 'cmin', 'cmax', 'tableoid', 'oid']);

function reasonOf(
  before: Schema,
  use: Use,
  by: Statement,
  history: Replay,
): UnmetNeed['because'] | 'unsure' | undefined {
  const status = statusOf(before, use);
  switch (status.is) {
    case 'there':
    case 'provided':
      return undefined;
    case 'gone':
      // What the replay does not see may have brought it back.
      return before.gaps.every(({ kind }) => kind === 'unknown object') ? status : 'unsure';
    case 'later':
    case 'unknown': {
      const made = laterMaker(history, by, use);
      // In a first migration, the need itself is why the history seems to lack its beginning.
      const own = before.gaps.every(
        ({ kind, at }) => kind === 'unknown object' && at.path === by.path && at.range?.[0] === by.range[0],
      );
      if (typeof made === 'object' && own) return { is: 'later', made };
      // What the first migration of all lacks was there before it: the history does not begin at the beginning.
      const whole = before.complete && history.beginning.path !== by.path;
      if (status.is === 'later' && made !== 'was there') return whole ? status : 'unsure';
      if (isTemplate(use, by) || !isTold(before, use) || isOfTheBeginning(history, use)) return undefined;
      return whole ? { is: 'missing' } : 'unsure';
    }
  }
}

/** The later statement that makes what is needed, and that would fail if it were there: no IF NOT EXISTS, and nothing dropped it before. */
function laterMaker({ steps }: Replay, by: Statement, { object, name }: Use): Location | 'was there' | undefined {
  if (object === 'column' || object === 'function') return undefined;
  const isOurs = (statement: Statement): boolean =>
    statement.path === by.path && statement.range[0] === by.range[0] && statement.range[1] === by.range[1];
  const kindOf = (kind: string): string => (RELATIONS.has(kind) ? 'relation' : kind === 'domain' ? 'type' : kind);
  const start = steps.findIndex(({ statement }) => isOurs(statement));
  for (const { operation, statement } of start < 0 ? [] : steps.slice(start)) {
    if (!('object' in operation) || !('name' in operation) || kindOf(operation.object) !== object) continue;
    if (!sameName(operation.name, name)) continue;
    // Whatever is dropped, renamed or moved was there.
    if (/^(?:drop|rename|set schema)/.test(operation.kind)) return 'was there';
    if (!('ifNotExists' in operation) || isOurs(statement)) continue;
    if (operation.ifNotExists || operation.orReplace || statement.guards.length > 0) return undefined;
    return { path: statement.path, range: statement.range };
  }
  return undefined;
}

const RELATIONS: ReadonlySet<string> = new Set(['table', 'foreign table', 'view', 'materialized view', 'sequence']);

/** A name that is filled in when the file runs. */
const isTemplate = ({ name }: Use, { text }: Statement): boolean =>
  /\{\{|\$\{|<%/.test(text) && [name.name, name.schema ?? ''].some((part) => /^x{3,}$|[{}<>%]/.test(part));

/** What the first migration takes for granted was there before it: the server's administrator made it. */
function isOfTheBeginning(history: Replay, { object, name }: Use): boolean {
  return object === 'schema' && history.beginning.schemas().includes(name.name);
}

/** Where the name stands, if it stands in the statement once. */
function pointed(use: Use, { text, range, within }: Statement): Use {
  if (within !== undefined || use.at[1] - use.at[0] <= use.name.name.length + 2) return use;
  const wanted = use.column ?? use.name.name;
  const { count, kinds, starts, ends } = lex(text);
  const found: Range[] = [];
  for (let t = 0; t < count; t++) {
    const start = starts[t]! + range[0];
    const end = ends[t]! + range[0];
    if (start < use.at[0] || end > use.at[1]) continue;
    const token = text.slice(starts[t], ends[t]);
    const name =
      kinds[t] === QUOTED
        ? token.slice(1, -1).replaceAll('""', '"')
        : kinds[t] === WORD
          ? token.toLowerCase()
          : undefined;
    if (name === wanted) found.push([start, end]);
  }
  return found.length === 1 ? { ...use, at: found[0]! } : use;
}

function statusOf(before: Schema, { object, name, column }: Use): Status {
  switch (object) {
    case 'column': {
      const relation = before.relation(name);
      // What is not there itself is said of the relation.
      const known = relation && !('assumed' in relation && relation.assumed);
      return known ? before.status('column', { name: column! }, name) : { is: 'provided' };
    }
    case 'relation':
      // The name of a composite type stands like a relation's in a few places.
      return before.type(name) ? { is: 'there' } : before.status('relation', name);
    case 'function':
      return before.status('routine', name);
    default:
      return before.status(object, name);
  }
}

/** Whether a migration would have to make it. Servers, platforms and extensions bring the rest. */
function isTold(before: Schema, { object, name }: Use): boolean {
  switch (object) {
    case 'role':
    case 'extension':
      return false;
    case 'function':
      return (
        name.schema !== undefined &&
        name.schema !== 'public' &&
        before.namespace(name.schema)?.made !== undefined &&
        isPlain(before)
      );
    case 'type':
      return (
        isPlain(before) &&
        !OF_EXTENSIONS.has(name.name) &&
        (name.schema === undefined || before.namespace(name.schema) !== undefined)
      );
    case 'relation':
      return isPlain(before) && (name.schema === undefined || before.namespace(name.schema) !== undefined);
    default:
      return true;
  }
}

/** Every extension is one of those whose objects are known by name here. */
const isPlain = (before: Schema): boolean => before.extensions().every(({ name }) => KNOWN.has(name));

const KNOWN: ReadonlySet<string> = new Set(
  (
    'plpgsql uuid-ossp pgcrypto pg_trgm unaccent btree_gin btree_gist citext hstore ltree cube seg isn intarray tablefunc fuzzystrmatch ' +
    'earthdistance pg_stat_statements pgjwt vector postgis pg_graphql supabase_vault pg_net pg_cron pgaudit moddatetime http'
  ).split(' '),
);

const OF_EXTENSIONS: ReadonlySet<string> = new Set(
  (
    'citext hstore ltree lquery ltxtquery cube seg ean13 isbn isbn13 ismn ismn13 issn issn13 upc earth vector halfvec sparsevec ' +
    'geometry geography box2d box3d raster geometry_dump valid_detail tablefunc_crosstab_2 tablefunc_crosstab_3 tablefunc_crosstab_4 ' +
    'query_int http_request http_response http_header http_method'
  ).split(' '),
);

function nameOf({ object, name, column }: Use, before: Schema): string {
  switch (object) {
    case 'column':
      return `column ${printColumn(name, column!)}`;
    case 'function':
      return `function ${printName(name)}()`;
    case 'schema':
    case 'role':
    case 'extension':
      return `${object} ${printIdentifier(name.name)}`;
    case 'relation':
      return `${before.relation(name)?.kind ?? 'relation'} ${printName(name)}`;
    default:
      return `${object} ${printName(name)}`;
  }
}

/** "dropped in 3_b.sql", "renamed to people above": what became of something, seen from a file. */
export function fateOf({ what, to, with: whole, by }: Gone, path: string): string {
  const where = by.path === path ? 'above' : `in ${by.path ?? 'another file'}`;
  const now =
    to === undefined
      ? ''
      : what === 'moved'
        ? ` to schema ${printIdentifier(to.schema)}`
        : ` to ${printIdentifier(to.name)}`;
  return `${what}${now} ${where}${whole === undefined ? '' : `, with ${whole}`}`;
}
