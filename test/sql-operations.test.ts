import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { isSerial } from '../src/facts/sql/column.ts';
import { loadGrammar, type Grammar } from '../src/facts/sql/grammar.ts';
import { printColumn, printIdentifier, printName, sameName } from '../src/facts/sql/name.ts';
import type { Operation } from '../src/facts/sql/operation.ts';
import { readSql } from '../src/facts/sql/read.ts';
import { unmark } from './example.ts';

type Shape = Record<string, unknown>;

/** Reads one text. «Marks» stand around where each operation stands; without any, each is the whole statement. */
async function check(marked: string, expected: Shape[]): Promise<void> {
  const { files, marks } = unmark({ 'x.sql': marked });
  const text = files['x.sql']!;
  const { statements, errors, notices } = await readSql('x.sql', text);
  expect({ errors, notices }).toEqual({ errors: [], notices: [] });
  const operations = statements.flatMap((statement) => statement.operations);
  expect(operations).toMatchObject(expected);
  expect(operations).toHaveLength(expected.length);
  if (marks.length > 0)
    expect(operations.map(({ at }) => text.slice(...at))).toEqual(marks.map(({ range }) => text.slice(...range!)));
  else
    expect(operations.map(({ at }) => at)).toEqual(
      statements.flatMap(({ range, operations: own }) => own.map(() => range)),
    );
  for (const statement of statements) expect(text.slice(...statement.range)).toBe(statement.text);
}

const table = (name: string, schema?: string): Shape => (schema === undefined ? { name } : { schema, name });

describe('tables', () => {
  test.each<[sql: string, ...expected: Shape[]]>([
    [
      'create table users ()',
      {
        kind: 'create table',
        object: 'table',
        name: table('users'),
        columns: [],
        ifNotExists: false,
        temporary: false,
      },
    ],
    [
      'create unlogged table if not exists app."Users" (id int) tablespace fast',
      {
        kind: 'create table',
        name: table('Users', 'app'),
        ifNotExists: true,
        unlogged: true,
        tablespace: 'fast',
        columns: [{ name: 'id', type: { name: 'int4' } }],
      },
    ],
    [
      'create temp table t as select 1',
      { kind: 'create table as', form: 'create table as', temporary: true, withData: true },
    ],
    [
      'create table if not exists t (a, b) as select 1, 2 with no data',
      { kind: 'create table as', ifNotExists: true, withData: false, columns: ['a', 'b'] },
    ],
    ['select 1 as a into t from x', { kind: 'create table as', form: 'select into', name: table('t') }],
    [
      'create table t (like a including all, like b)',
      {
        kind: 'create table',
        like: [
          { table: table('a'), all: true },
          { table: table('b'), all: false },
        ],
      },
    ],
    [
      'create table t (a int) inherits (x, app.y)',
      { kind: 'create table', inherits: [table('x'), table('y', 'app')], partitionOf: undefined },
    ],
    [
      'create table t (a int, b int) partition by range (a, lower(b))',
      {
        kind: 'create table',
        partitionBy: { strategy: 'range', keys: [{ column: 'a' }, { expression: { text: 'lower(b)' } }] },
      },
    ],
    [
      "create table p partition of t for values in ('x')",
      { kind: 'create table', partitionOf: { parent: table('t'), default: false }, inherits: [] },
    ],
    [
      'create table p partition of t default',
      { kind: 'create table', partitionOf: { parent: table('t'), default: true } },
    ],
    [
      'create table t of app.kind (primary key (a))',
      { kind: 'create table', ofType: table('kind', 'app'), constraints: [{ kind: 'primary key' }] },
    ],
    [
      'create foreign table f (a int) server s',
      { kind: 'create foreign table', object: 'foreign table', name: table('f'), server: 's' },
    ],
  ])('%s', (sql, ...expected) => check(sql, expected));
});

describe('columns', () => {
  const column = async (definition: string) => {
    const { statements } = await readSql('x.sql', `create table t (${definition})`);
    const [operation] = statements[0]!.operations;
    if (operation?.kind !== 'create table') throw new Error('no table');
    return operation.columns[0]!;
  };

  test.each<[definition: string, expected: Shape]>([
    ['a text', { name: 'a', notNull: false, default: undefined, constraints: [] }],
    ['"A b" text not null', { name: 'A b', notNull: true, constraints: [{ kind: 'not null', columns: ['A b'] }] }],
    ['a int primary key', { notNull: true, constraints: [{ kind: 'primary key', name: undefined }] }],
    [
      "a text not null default 'x' || now()::text unique",
      { default: { text: "'x' || now()::text" }, constraints: [{ kind: 'not null' }, { kind: 'unique' }] },
    ],
    [
      'a int default (1 + 2) check (a > 0 and a < 9)',
      { default: { text: '(1 + 2)' }, constraints: [{ kind: 'check', expression: { text: 'a > 0 and a < 9' } }] },
    ],
    ['a int constraint "A_ck" check (a > 0)', { constraints: [{ kind: 'check', name: 'A_ck' }] }],
    ['a text collate "C" default current_user', { collation: { name: 'C' }, default: { text: 'current_user' } }],
    ['a text default current_user collate "C"', { default: { text: 'current_user' } }],
    ['a bigserial', { notNull: true, type: { name: 'bigserial' } }],
    ['a int generated always as identity', { identity: 'always', notNull: true, constraints: [] }],
    ['a int generated by default as identity (start 5)', { identity: 'by default' }],
    ['a int generated always as (b * 2) stored', { generated: { stored: true, expression: { text: 'b * 2' } } }],
    ['a int generated always as (b * 2)', { generated: { stored: false } }],
    [
      'a int references app.x (id) on delete cascade on update set null deferrable initially deferred not null',
      {
        notNull: true,
        constraints: [
          {
            kind: 'foreign key',
            columns: ['a'],
            deferrable: true,
            initiallyDeferred: true,
            references: {
              table: table('x', 'app'),
              columns: ['id'],
              onDelete: 'cascade',
              onUpdate: 'set null',
              onDeleteWritten: true,
            },
          },
          { kind: 'not null' },
        ],
      },
    ],
    [
      'a int references x',
      { constraints: [{ references: { columns: [], onDelete: 'no action', onDeleteWritten: false } }] },
    ],
  ])('%s', async (definition, expected) => expect(await column(definition)).toMatchObject(expected));

  test.each<[written: string, expected: Shape]>([
    ['integer', { name: 'int4', modifiers: [] }],
    ['varchar(50)', { name: 'varchar', modifiers: [50], text: 'varchar(50)' }],
    ['character varying (50)', { name: 'varchar', modifiers: [50], text: 'character varying (50)' }],
    ['numeric(10, 2)', { name: 'numeric', modifiers: [10, 2], text: 'numeric(10, 2)' }],
    ['char', { name: 'bpchar' }],
    ['"char"', { name: 'char' }],
    ['double precision', { name: 'float8', text: 'double precision' }],
    ['timestamp(3) with time zone', { name: 'timestamptz', modifiers: [3], text: 'timestamp(3) with time zone' }],
    ['time without time zone', { name: 'time', text: 'time without time zone' }],
    ['interval year to month', { name: 'interval', text: 'interval year to month' }],
    ['text[][]', { name: 'text', dimensions: 2, text: 'text[][]' }],
    ['int array[3]', { name: 'int4', dimensions: 1, text: 'int array[3]' }],
    ['app."Mood"', { schema: 'app', name: 'Mood', text: 'app."Mood"' }],
    ['pg_catalog.int8', { schema: undefined, name: 'int8' }],
    ['extensions.geometry(Point, 4326)', { schema: 'extensions', name: 'geometry', modifiers: [4326] }],
    ['jsonb', { name: 'jsonb' }],
  ])('type %s', async (written, expected) => expect((await column(`a ${written}`)).type).toMatchObject(expected));

  test('every place is exact, behind text that is not ASCII', async () => {
    const text = 'create table t (a text default \'é🙂\', "É" int not null);';
    const [operation] = (await readSql('x.sql', text)).statements[0]!.operations;
    if (operation?.kind !== 'create table') throw new Error('no table');
    expect(operation.columns.map(({ at, nameAt }) => [text.slice(...at), text.slice(...nameAt!)])).toEqual([
      ["a text default 'é🙂'", 'a'],
      ['"É" int not null', '"É"'],
    ]);
  });

  test("serial types are told by their names, unless they are somebody's own", () => {
    const type = { name: 'serial8', modifiers: [], dimensions: 0, setof: false, text: 'serial8' };
    expect([isSerial(type), isSerial({ ...type, schema: 'app' }), isSerial({ ...type, name: 'int8' })]).toEqual([
      true,
      false,
      false,
    ]);
  });
});

describe('table constraints', () => {
  test.each<[constraint: string, expected: Shape]>([
    ['primary key (a, "B")', { kind: 'primary key', name: undefined, columns: ['a', 'B'] }],
    [
      'constraint u unique nulls not distinct (a) include (b)',
      { kind: 'unique', name: 'u', nullsNotDistinct: true, include: ['b'] },
    ],
    [
      'constraint c check (a > 0) no inherit',
      { kind: 'check', name: 'c', expression: { text: 'a > 0' }, noInherit: true, notValid: false },
    ],
    ['check (a in (1, (2))) not enforced', { kind: 'check', notEnforced: true, expression: { text: 'a in (1, (2))' } }],
    [
      'foreign key (a) references x (id) match full on delete restrict',
      { kind: 'foreign key', columns: ['a'], references: { onDelete: 'restrict', onUpdate: 'no action' } },
    ],
    [
      'exclude using gist (room with =, during with &&) where (a > 0)',
      { kind: 'exclude', columns: ['room', 'during'] },
    ],
    ['constraint n not null a', { kind: 'not null', name: 'n', columns: ['a'] }],
  ])('%s', async (constraint, expected) => {
    await check(`create table t (a int, ${constraint})`, [{ kind: 'create table', constraints: [expected] }]);
    const text = `alter table t add ${constraint};`;
    const [operation] = (await readSql('x.sql', text)).statements[0]!.operations;
    expect(operation).toMatchObject({ kind: 'add constraint', constraint: expected });
    if (operation?.kind === 'add constraint') expect(text.slice(...operation.constraint.at)).toBe(constraint);
  });

  test.each([
    ['add constraint c check (a > 0) not valid', { constraint: { kind: 'check', notValid: true } }],
    [
      'add constraint f foreign key (a) references x not valid',
      { constraint: { kind: 'foreign key', notValid: true } },
    ],
    ['add constraint u unique using index i', { constraint: { kind: 'unique', usingIndex: 'i', columns: [] } }],
    [
      'add constraint "P" primary key using index i deferrable',
      { constraint: { kind: 'primary key', name: 'P', usingIndex: 'i', deferrable: true } },
    ],
    ['add constraint n not null a not valid', { constraint: { kind: 'not null', notValid: true } }],
  ])('alter table t %s', (what, expected) =>
    check(`alter table t «${what}»`, [{ kind: 'add constraint', ...expected }]),
  );
});

describe('alter table', () => {
  test.each<[what: string, kind: string, more?: Shape]>([
    ['add a int', 'add column', { column: { name: 'a' }, ifNotExists: false }],
    [
      'add column if not exists "A" int not null',
      'add column',
      { column: { name: 'A', notNull: true }, ifNotExists: true },
    ],
    ['drop a', 'drop column', { column: 'a', ifExists: false, cascade: false }],
    ['drop column if exists a cascade', 'drop column', { column: 'a', ifExists: true, cascade: true }],
    [
      'alter a type varchar(20)',
      'alter column type',
      { column: 'a', type: { name: 'varchar', modifiers: [20] }, using: undefined },
    ],
    [
      'alter column a set data type text collate "C" using a::text',
      'alter column type',
      { using: { text: 'a::text' }, collation: { name: 'C' } },
    ],
    ['alter a set default now()', 'set default', { column: 'a', default: { text: 'now()' } }],
    ['alter a drop default', 'drop default', { column: 'a' }],
    ['alter "A" set not null', 'set not null', { column: 'A' }],
    ['alter a drop not null', 'drop not null'],
    ['alter a set expression as (b + 1)', 'set expression', { expression: { text: '(b + 1)' } }],
    ['alter a drop expression if exists', 'drop expression', { ifExists: true }],
    ['alter a add generated by default as identity', 'add identity', { identity: 'by default' }],
    ['alter a set generated always', 'set identity', { identity: 'always' }],
    ['alter a drop identity if exists', 'drop identity', { ifExists: true }],
    ['alter a set statistics 100', 'set statistics', { column: 'a', value: '100' }],
    ['alter a set storage external', 'set storage', { value: 'external' }],
    ['alter a set compression lz4', 'set compression', { value: 'lz4' }],
    ['alter a set (n_distinct = 5)', 'set column options'],
    ['alter a reset (n_distinct)', 'reset column options'],
    ['drop constraint if exists "C" cascade', 'drop constraint', { constraint: 'C', ifExists: true, cascade: true }],
    ['validate constraint c', 'validate constraint', { constraint: 'c' }],
    ['alter constraint c deferrable', 'alter constraint', { constraint: 'c' }],
    ['enable trigger t1', 'enable trigger', { trigger: 't1', many: false, fires: undefined }],
    ['enable replica trigger t1', 'enable trigger', { fires: 'replica' }],
    ['disable trigger all', 'disable trigger', { trigger: 'all', many: true }],
    ['disable trigger user', 'disable trigger', { trigger: 'user', many: true }],
    ['enable always rule r', 'enable rule', { rule: 'r' }],
    ['disable rule r', 'disable rule', { rule: 'r' }],
    ['enable row level security', 'enable row level security'],
    ['disable row level security', 'disable row level security'],
    ['force row level security', 'force row level security'],
    ['no force row level security', 'no force row level security'],
    ['set logged', 'set logged'],
    ['set unlogged', 'set unlogged'],
    ['set tablespace fast', 'set tablespace', { value: 'fast' }],
    ['set access method heap2', 'set access method', { value: 'heap2' }],
    ['cluster on i', 'cluster on', { value: 'i' }],
    ['set without cluster', 'set without cluster'],
    [
      'set (fillfactor = 70, autovacuum_enabled)',
      'set options',
      {
        options: new Map([
          ['fillfactor', '70'],
          ['autovacuum_enabled', 'true'],
        ]),
      },
    ],
    ['reset (fillfactor)', 'reset options'],
    ['inherit app.p', 'inherit', { parent: table('p', 'app') }],
    ['no inherit p', 'no inherit', { parent: table('p') }],
    ['of kind', 'of', { type: table('kind') }],
    ['not of', 'not of'],
    [
      "attach partition p for values from ('a', 1) to ('b', 2)",
      'attach partition',
      { partition: table('p'), default: false },
    ],
    ['attach partition p default', 'attach partition', { default: true, bound: undefined }],
    ['detach partition p', 'detach partition', { concurrently: false, finalize: false }],
    ['detach partition p concurrently', 'detach partition', { concurrently: true }],
    ['detach partition p finalize', 'detach partition', { finalize: true }],
    ['replica identity using index i', 'replica identity', { value: 'index', index: 'i' }],
    ['replica identity full', 'replica identity', { value: 'full' }],
    ['owner to current_user', 'change owner', { name: table('t'), owner: 'current_user' }],
  ])('%s', (what, kind, more = {}) => {
    const on = kind === 'change owner' ? {} : { table: table('t'), of: 1, only: false };
    return check(`alter table t «${what}»;`, [{ kind, object: 'table', ...on, ...more }]);
  });

  test('each sub-command stands at its own place', () =>
    check(
      'alter table if exists only app."T" «add a numeric(10, 2) default (1, 2)», «drop "b,c"» , «alter d type int using (d, 1)::int»',
      [
        { kind: 'add column', table: table('T', 'app'), tableIfExists: true, only: true, of: 3 },
        { kind: 'drop column', column: 'b,c' },
        { kind: 'alter column type' },
      ],
    ));

  test('the name of a column or constraint has a place', async () => {
    const text = 'alter table t add column if not exists "A" int, drop constraint if exists c, rename_me set not null';
    const { statements } = await readSql('x.sql', text.replace('rename_me', 'alter b'));
    const shown = text.replace('rename_me', 'alter b');
    const places = statements[0]!.operations.map((operation) =>
      'nameAt' in operation && operation.nameAt ? shown.slice(...operation.nameAt) : '',
    );
    expect(places).toEqual(['"A"', 'c', 'b']);
  });

  test.each<[sql: string, object: string]>([
    ['alter index i set (fillfactor = 70)', 'index'],
    ['alter view v alter a set default 1', 'view'],
    ['alter materialized view m set tablespace x', 'materialized view'],
    ['alter foreign table f drop a', 'foreign table'],
    ['alter sequence s set logged', 'sequence'],
    ['alter type k add attribute a int', 'type'],
    ['alter table * drop a', 'table'],
  ])('%s is about a %s', async (sql, object) => {
    const { statements } = await readSql('x.sql', sql.replace('table *', 'table t *'));
    expect(statements[0]?.operations).toMatchObject([{ object, of: 1 }]);
  });
});

describe('indexes', () => {
  test.each<[sql: string, expected: Shape]>([
    [
      'create index on t (a)',
      {
        named: false,
        name: table(''),
        table: table('t'),
        concurrently: false,
        unique: false,
        method: 'btree',
        keys: [{ column: 'a' }],
      },
    ],
    [
      'create unique index concurrently if not exists "I" on app.t using gin (a desc nulls last, lower(b) text_pattern_ops, (c || d) collate "C") include (e) where x is null',
      {
        named: true,
        name: table('I', 'app'),
        concurrently: true,
        unique: true,
        ifNotExists: true,
        method: 'gin',
        include: ['e'],
        keys: [
          { column: 'a', descending: true },
          { column: undefined, expression: { text: 'lower(b)' }, operatorClass: { name: 'text_pattern_ops' } },
          { expression: { text: '(c || d)' }, collation: { name: 'C' } },
        ],
        where: { text: 'x is null' },
      },
    ],
    ['create unique index i on only t (a) nulls not distinct', { only: true, nullsNotDistinct: true }],
  ])('%s', (sql, expected) => check(sql, [{ kind: 'create index', object: 'index', ...expected }]));
});

describe('what is dropped', () => {
  test.each<[sql: string, ...expected: Shape[]]>([
    ['drop table if exists a cascade', { kind: 'drop table', name: table('a'), ifExists: true, cascade: true, of: 1 }],
    [
      'drop table «a», «app."B"» restrict',
      { kind: 'drop table', name: table('a'), of: 2, cascade: false },
      { kind: 'drop table', name: table('B', 'app') },
    ],
    ['drop index concurrently if exists i', { kind: 'drop index', concurrently: true, ifExists: true }],
    ['drop materialized view m', { kind: 'drop materialized view', object: 'materialized view' }],
    [
      'drop function if exists «app.f(int, text)», «g»',
      { kind: 'drop function', name: table('f', 'app'), arguments: [{ name: 'int4' }, { name: 'text' }] },
      { name: table('g'), arguments: undefined },
    ],
    ['drop routine r', { kind: 'drop routine' }],
    ['drop aggregate a(*)', { kind: 'drop aggregate', name: table('a') }],
    [
      'drop policy if exists "P" on app.t',
      { kind: 'drop policy', name: table('P'), on: table('t', 'app'), ifExists: true },
    ],
    ['drop trigger t1 on t cascade', { kind: 'drop trigger', name: table('t1'), on: table('t'), cascade: true }],
    ['drop rule r on t', { kind: 'drop rule', on: table('t') }],
    ['drop type «a», «b» cascade', { kind: 'drop type', name: table('a') }, { kind: 'drop type', name: table('b') }],
    ['drop domain d', { kind: 'drop domain' }],
    ['drop schema «a», «b»', { kind: 'drop schema', name: table('a') }, { name: table('b') }],
    ['drop extension if exists "uuid-ossp"', { kind: 'drop extension', name: table('uuid-ossp') }],
    ['drop role if exists «a», «b»', { kind: 'drop role', name: table('a'), ifExists: true }, { name: table('b') }],
    ['drop owned by a', { kind: 'drop owned', name: table('a') }],
    ['drop database if exists d', { kind: 'drop database', ifExists: true }],
    ['drop cast (int as text)', { kind: 'drop cast', name: table('int4 as text') }],
    ['drop operator === (int, int)', { kind: 'drop operator', name: table('===') }],
    ['drop operator class c using gist', { kind: 'drop operator class', name: table('c') }],
    ['drop publication p', { kind: 'drop publication' }],
    ['drop subscription if exists s', { kind: 'drop subscription', ifExists: true }],
    ['drop server if exists s', { kind: 'drop server' }],
    ['drop user mapping if exists for u server s', { kind: 'drop user mapping', name: table('u'), on: table('s') }],
    ['drop text search configuration c', { kind: 'drop text search configuration' }],
    ['drop event trigger e', { kind: 'drop event trigger' }],
    ['drop statistics s', { kind: 'drop statistics' }],
    ['drop collation c', { kind: 'drop collation' }],
  ])('%s', (sql, ...expected) => check(sql, expected));

  test('names have places, where IF EXISTS would be put before them', async () => {
    const text =
      'drop procedural language l; drop user mapping for u server s; drop foreign data wrapper w; drop index concurrently i;';
    const { statements } = await readSql('x.sql', text);
    expect(
      statements.flatMap(({ operations }) =>
        operations.map((operation) => ('nameAt' in operation ? text.slice(...operation.nameAt!) : '')),
      ),
    ).toEqual(['l', 'for u server s', 'w', 'i']);
  });
});

describe('everything else that is made', () => {
  test.each<[sql: string, expected: Shape]>([
    [
      'create or replace view app.v (a) with (security_invoker = on) as select x.a, 1 + 1, f() from x',
      {
        kind: 'create view',
        orReplace: true,
        columns: ['a'],
        outputs: ['a', '?column?', 'f'],
        options: new Map([['security_invoker', 'on']]),
        query: { text: 'select x.a, 1 + 1, f() from x' },
      },
    ],
    ['create recursive view v (n) as values (1)', { kind: 'create view', recursive: true }],
    ['create view v as select 1 with local check option', { kind: 'create view', query: { text: 'select 1' } }],
    [
      'create materialized view if not exists m as select 1 with no data',
      { kind: 'create materialized view', ifNotExists: true, withData: false, query: { text: 'select 1' } },
    ],
    [
      "create or replace function app.f(a int, out b text default 'x') returns setof int language SQL stable security definer set search_path = '' as $$ select 1 $$",
      {
        kind: 'create function',
        name: table('f', 'app'),
        language: 'sql',
        orReplace: true,
        securityDefiner: true,
        volatility: 'stable',
        settings: new Map([['search_path', "''"]]),
        body: ' select 1 ',
        parameters: [
          { name: 'a', mode: 'in', type: { name: 'int4' } },
          { name: 'b', mode: 'out', default: { text: "'x'" } },
        ],
        returns: { name: 'int4', setof: true },
      },
    ],
    [
      "create function f() returns table (a int) language plpgsql set search_path to public, pg_temp as 'begin end'",
      {
        kind: 'create function',
        parameters: [{ name: 'a', mode: 'table' }],
        settings: new Map([['search_path', 'public, pg_temp']]),
        body: 'begin end',
      },
    ],
    ["create function f(int) returns int language c as 'lib', 'fn'", { kind: 'create function', language: 'c' }],
    [
      'create procedure p() begin atomic select 1; end',
      { kind: 'create procedure', object: 'procedure', language: 'sql', returns: undefined },
    ],
    ['create aggregate a (int) (sfunc = int4pl, stype = int)', { kind: 'create aggregate', name: table('a') }],
    [
      'create or replace trigger t1 before insert or update of a, b on app.t for each row when (new.a > 0) execute function f()',
      {
        kind: 'create trigger',
        orReplace: true,
        table: table('t', 'app'),
        timing: 'before',
        events: ['insert', 'update'],
        columns: ['a', 'b'],
        forEach: 'row',
        function: table('f'),
        when: { text: 'new.a > 0' },
      },
    ],
    [
      'create constraint trigger c after delete on t deferrable for each row execute function f()',
      { kind: 'create trigger', constraint: true, timing: 'after', events: ['delete'] },
    ],
    [
      'create trigger i instead of update on v for each row execute function f()',
      { kind: 'create trigger', timing: 'instead of' },
    ],
    [
      'create policy "P" on t',
      {
        kind: 'create policy',
        command: 'all',
        permissive: true,
        roles: ['public'],
        rolesWritten: false,
        using: undefined,
      },
    ],
    [
      'create policy p on app.t as restrictive for update to a, current_user using (x = (select auth.uid())) with check (true)',
      {
        kind: 'create policy',
        permissive: false,
        command: 'update',
        roles: ['a', 'current_user'],
        rolesWritten: true,
        using: { text: 'x = (select auth.uid())' },
        withCheck: { text: 'true' },
      },
    ],
    ["create type mood as enum ('a', 'b')", { kind: 'create type', form: 'enum', values: ['a', 'b'] }],
    [
      'create type k as (a int, b text)',
      { kind: 'create type', form: 'composite', columns: [{ name: 'a' }, { name: 'b' }] },
    ],
    ['create type r as range (subtype = int4)', { kind: 'create type', form: 'range' }],
    ['create type b (input = i, output = o)', { kind: 'create type', form: 'base' }],
    ['create type s', { kind: 'create type', form: 'shell' }],
    [
      "create domain app.d as text not null default 'x' check (value <> '')",
      {
        kind: 'create domain',
        notNull: true,
        default: { text: "'x'" },
        constraints: [{ kind: 'not null' }, { kind: 'check' }],
      },
    ],
    [
      'create sequence if not exists s owned by app.t.a',
      { kind: 'create sequence', ifNotExists: true, ownedBy: { table: table('t', 'app'), column: 'a' } },
    ],
    [
      'create extension if not exists "uuid-ossp" with schema extensions version \'1.1\' cascade',
      { kind: 'create extension', schema: 'extensions', version: '1.1', cascade: true },
    ],
    ['create schema if not exists app', { kind: 'create schema', name: table('app'), ifNotExists: true }],
    ['create schema authorization joe', { kind: 'create schema', name: table('joe') }],
    [
      'create publication p for table a, app.b, tables in schema s',
      { kind: 'create publication', tables: [table('a'), table('b', 'app')], schemas: ['s'], allTables: false },
    ],
    ['create publication p for all tables', { kind: 'create publication', allTables: true }],
    [
      "create role r login superuser bypassrls password 'x' connection limit 3",
      {
        kind: 'create role',
        form: 'role',
        options: new Map<string, unknown>([
          ['login', true],
          ['superuser', true],
          ['bypassrls', true],
          ['password', true],
          ['connectionlimit', '3'],
        ]),
      },
    ],
    ['create user u', { kind: 'create role', form: 'user' }],
    [
      'create or replace rule r as on insert to app.t do nothing',
      { kind: 'create rule', on: table('t', 'app'), orReplace: true },
    ],
    [
      'create statistics if not exists s on a, b from t',
      { kind: 'create statistics', on: table('t'), ifNotExists: true },
    ],
    ['create server if not exists s foreign data wrapper w', { kind: 'create server', ifNotExists: true }],
    ['create foreign data wrapper w', { kind: 'create foreign data wrapper' }],
    [
      'create user mapping if not exists for u server s',
      { kind: 'create user mapping', name: table('u'), on: table('s') },
    ],
    ['create cast (int as kind) with function f(int)', { kind: 'create cast', name: table('int4 as kind') }],
    [
      'create operator app.=== (leftarg = int, rightarg = int, function = f)',
      { kind: 'create operator', name: table('===', 'app') },
    ],
    ["create collation if not exists c (locale = 'de')", { kind: 'create collation', ifNotExists: true }],
    ['create text search configuration c (copy = simple)', { kind: 'create text search configuration' }],
    ['create event trigger e on ddl_command_end execute function f()', { kind: 'create event trigger' }],
    ["create subscription s connection 'x' publication p", { kind: 'create subscription' }],
    ['create database d', { kind: 'create database' }],
    ["create tablespace t location '/x'", { kind: 'create tablespace' }],
    ['create access method m type table handler h', { kind: 'create access method' }],
    ['create operator class c for type int using btree as operator 1 <', { kind: 'create operator class' }],
    ["create conversion c for 'UTF8' to 'LATIN1' from f", { kind: 'create conversion' }],
    ['create transform for int language sql (from sql with function f(internal))', { kind: 'create transform' }],
    // PostgreSQL reads it so.
    ['create language l', { kind: 'create extension', name: table('l') }],
    ['create language l handler h', { kind: 'create language' }],
  ])('%s', (sql, expected) => check(sql, [expected]));
});

describe('what is changed', () => {
  test.each<[sql: string, expected: Shape]>([
    [
      'alter table t «rename a to b»',
      { kind: 'rename column', name: table('a'), on: table('t'), to: 'b', ifExists: false },
    ],
    ['alter table if exists t «rename column a to b»', { kind: 'rename column', ifExists: true }],
    ['alter table app.t «rename to "U"»', { kind: 'rename table', name: table('t', 'app'), to: 'U' }],
    ['alter table t «rename constraint a to b»', { kind: 'rename constraint', on: table('t') }],
    ['alter index i «rename to j»', { kind: 'rename index' }],
    ['alter view v «rename to w»', { kind: 'rename view' }],
    ['alter materialized view v «rename to w»', { kind: 'rename materialized view' }],
    ['alter sequence v «rename to w»', { kind: 'rename sequence' }],
    ['alter schema a «rename to b»', { kind: 'rename schema', name: table('a') }],
    ['alter type app.k «rename to l»', { kind: 'rename type', name: table('k', 'app') }],
    ['alter type k «rename attribute a to b»', { kind: 'rename attribute', on: table('k') }],
    [
      "alter type k «rename value 'a' to 'b'»",
      { kind: 'rename enum value', name: table('a'), on: table('k'), to: 'b' },
    ],
    ['alter domain d «rename constraint a to b»', { kind: 'rename constraint', on: table('d') }],
    ['alter function app.f(int) «rename to g»', { kind: 'rename function', name: table('f', 'app') }],
    ['alter policy p on t «rename to q»', { kind: 'rename policy', name: table('p'), on: table('t') }],
    ['alter trigger a on t «rename to b»', { kind: 'rename trigger', on: table('t') }],
    ['alter role a «rename to b»', { kind: 'rename role', name: table('a') }],
    ['alter database a «rename to b»', { kind: 'rename database' }],
    [
      'alter table if exists t «set schema app»',
      { kind: 'set schema', object: 'table', name: table('t'), schema: 'app', ifExists: true },
    ],
    ['alter function f(int) «set schema app»', { kind: 'set schema', object: 'function', name: table('f') }],
    ['alter extension e «set schema app»', { kind: 'set schema', object: 'extension' }],
    ['alter schema a «owner to b»', { kind: 'change owner', object: 'schema', owner: 'b' }],
    ['alter function f() «owner to current_user»', { kind: 'change owner', object: 'function', owner: 'current_user' }],
    [
      "comment on column app.t.a is 'x'",
      { kind: 'comment', object: 'column', name: table('a'), on: table('t', 'app'), text: 'x' },
    ],
    ['comment on table t is null', { kind: 'comment', object: 'table', name: table('t'), text: undefined }],
    ["comment on policy p on t is 'x'", { kind: 'comment', object: 'policy', name: table('p'), on: table('t') }],
    [
      "comment on constraint c on t is 'x'",
      { kind: 'comment', object: 'constraint', name: table('c'), on: table('t') },
    ],
    ["comment on function f(int) is 'x'", { kind: 'comment', object: 'function', name: table('f') }],
    ["security label for p on table t is 'x'", { kind: 'security label', object: 'table', name: table('t') }],
    [
      "alter type app.mood «add value if not exists 'x' before 'a'»",
      {
        kind: 'add enum value',
        type: table('mood', 'app'),
        value: 'x',
        ifNotExists: true,
        placed: 'before',
        neighbour: 'a',
      },
    ],
    ["alter type mood «add value 'x' after 'a'»", { kind: 'add enum value', placed: 'after', ifNotExists: false }],
    ["alter type mood «add value 'x'»", { kind: 'add enum value', placed: 'last', neighbour: undefined }],
    [
      'alter sequence if exists s restart with 5 owned by t.a',
      {
        kind: 'alter sequence',
        ifExists: true,
        changes: ['restart', 'owned_by'],
        ownedBy: { table: table('t'), column: 'a' },
      },
    ],
    [
      'alter policy p on t to a using (x)',
      { kind: 'alter policy', roles: ['a'], using: { text: 'x' }, withCheck: undefined },
    ],
    ['alter policy p on t with check (y)', { kind: 'alter policy', roles: undefined, withCheck: { text: 'y' } }],
    [
      'alter domain d add constraint c check (value > 0) not valid',
      {
        kind: 'alter domain',
        action: 'add constraint',
        constraint: { kind: 'check', notValid: true },
        constraintName: 'c',
      },
    ],
    ['alter domain d set not null', { kind: 'alter domain', action: 'set not null' }],
    [
      'alter domain d drop constraint if exists c',
      { kind: 'alter domain', action: 'drop constraint', constraintName: 'c', ifExists: true },
    ],
    ['alter domain d validate constraint c', { kind: 'alter domain', action: 'validate constraint' }],
    ['alter domain d drop default', { kind: 'alter domain', action: 'drop default' }],
    ['alter domain d set default 1', { kind: 'alter domain', action: 'set default' }],
    [
      'alter publication p add table a, b',
      { kind: 'alter publication', action: 'add', tables: [table('a'), table('b')] },
    ],
    ['alter publication p drop table a', { kind: 'alter publication', action: 'drop' }],
    ['alter publication p set table a', { kind: 'alter publication', action: 'set' }],
    ["alter publication p set (publish = 'insert')", { kind: 'alter publication', action: 'options' }],
    [
      'alter role r nologin',
      { kind: 'alter role', object: 'role', name: table('r'), options: new Map([['login', false]]) },
    ],
    [
      "alter role r in database d set lock_timeout = '2s'",
      { kind: 'alter role', changes: ['set'], settings: new Map([['lock_timeout', '2s']]) },
    ],
    ["alter database d set work_mem = '1GB'", { kind: 'alter database', settings: new Map([['work_mem', '1GB']]) }],
    ["alter system set wal_level = 'logical'", { kind: 'alter system', settings: new Map([['wal_level', 'logical']]) }],
    ['alter system reset all', { kind: 'alter system', changes: ['reset'], settings: new Map([['all', '']]) }],
    [
      'alter function f(int) security definer set search_path = a',
      {
        kind: 'alter function',
        changes: ['security definer', 'set search_path'],
        settings: new Map([['search_path', 'a']]),
      },
    ],
    [
      "alter extension e update to '2'",
      { kind: 'alter extension', name: table('e'), changes: ['update', 'new_version 2'] },
    ],
    ['alter subscription s disable', { kind: 'alter subscription' }],
    ["alter server s options (set host 'x')", { kind: 'alter server' }],
    ['alter event trigger e disable', { kind: 'alter event trigger' }],
    ['alter operator === (int, int) set (restrict = none)', { kind: 'alter operator' }],
    ['alter table all in tablespace a set tablespace b', { kind: 'alter tablespace', changes: ['move all to b'] }],
  ])('%s', (sql, expected) => check(sql, [expected]));
});

describe('privileges', () => {
  test.each<[sql: string, expected: Shape]>([
    [
      'grant select, update (a, b) on app.t, u to joe, public with grant option',
      {
        kind: 'grant',
        privileges: ['select', 'update'],
        object: 'table',
        target: 'named',
        names: [table('t', 'app'), table('u')],
        columns: ['a', 'b'],
        roles: ['joe', 'public'],
        grantOption: true,
      },
    ],
    [
      'grant all on all tables in schema a, b to joe',
      { kind: 'grant', privileges: ['all'], target: 'all in schema', object: 'table', names: [table('a'), table('b')] },
    ],
    ['grant execute on function app.f(int) to joe', { kind: 'grant', object: 'function', names: [table('f', 'app')] }],
    ['grant usage on schema app to joe', { kind: 'grant', object: 'schema', names: [table('app')] }],
    [
      'revoke all privileges on t from public cascade',
      { kind: 'revoke', privileges: ['all'], roles: ['public'], cascade: true },
    ],
    ['grant a, b to joe', { kind: 'grant role', granted: ['a', 'b'], roles: ['joe'] }],
    ['revoke a from joe', { kind: 'revoke role', granted: ['a'] }],
    [
      'alter default privileges for role r in schema app grant select on tables to joe',
      {
        kind: 'alter default privileges',
        grant: true,
        privileges: ['select'],
        object: 'table',
        schemas: ['app'],
        forRoles: ['r'],
        roles: ['joe'],
      },
    ],
    [
      'alter default privileges revoke all on functions from public',
      { kind: 'alter default privileges', grant: false, object: 'function', schemas: [] },
    ],
  ])('%s', (sql, expected) => check(sql, [expected]));
});

describe('data', () => {
  test.each<[sql: string, ...expected: Shape[]]>([
    [
      'insert into app.t values (1), (2)',
      {
        kind: 'insert',
        table: table('t', 'app'),
        columns: [],
        source: 'values',
        rows: 2,
        query: { text: 'values (1), (2)' },
        onConflict: undefined,
      },
    ],
    [
      "insert into t (a, b) select 1, 'x' where not exists (select 1 from t) on conflict (a) do nothing",
      {
        kind: 'insert',
        columns: ['a', 'b'],
        source: 'select',
        query: { text: "select 1, 'x' where not exists (select 1 from t)" },
        onConflict: { action: 'nothing', columns: ['a'], target: true },
      },
    ],
    [
      'insert into t values (1) on conflict do nothing returning a',
      { kind: 'insert', query: { text: 'values (1)' }, onConflict: { action: 'nothing', target: false } },
    ],
    [
      'insert into t values (1) on conflict on constraint c do update set a = 1',
      { kind: 'insert', onConflict: { action: 'update', constraint: 'c', target: true } },
    ],
    ['insert into t default values', { kind: 'insert', source: 'default values', query: undefined }],
    [
      "update t set a = a + 1, b = (select 'x, y'), c = default where d in (1, 2) returning a",
      {
        kind: 'update',
        joined: false,
        sets: [
          { column: 'a', value: { text: 'a + 1' } },
          { column: 'b', value: { text: "(select 'x, y')" } },
          { column: 'c' },
        ],
        where: { text: 'd in (1, 2)' },
      },
    ],
    [
      'update t set (a, b) = (select 1, 2) from u',
      { kind: 'update', joined: true, where: undefined, sets: [{ column: 'a' }, { column: 'b' }] },
    ],
    ['delete from only t using u where t.a = u.a', { kind: 'delete', joined: true, where: { text: 't.a = u.a' } }],
    ['delete from t', { kind: 'delete', where: undefined }],
    [
      'merge into t using u on t.a = u.a when matched then delete when not matched then insert values (1)',
      { kind: 'merge', actions: ['delete', 'insert'] },
    ],
    [
      'truncate «a», «app.b» restart identity cascade',
      { kind: 'truncate', table: table('a'), cascade: true, restartIdentity: true },
      { kind: 'truncate', table: table('b', 'app') },
    ],
    ["copy t (a) from '/x'", { kind: 'copy', table: table('t'), direction: 'from', source: 'file' }],
    ['copy (select 1) to stdout', { kind: 'copy', table: undefined, direction: 'to', source: 'stdout' }],
    ["copy t from program 'x'", { kind: 'copy', source: 'program' }],
    [
      'with x as («delete from a where b returning *»), y as (select 1) «insert into c select * from x»'
        .replace('«insert', 'insert')
        .replace('x»', 'x'),
      { kind: 'delete', inWith: true, where: { text: 'b' } },
      { kind: 'insert', inWith: false },
    ],
    ['select * from t for update', { kind: 'select', locksRows: true }],
    [
      "select pg_catalog.set_config('search_path', '', false)",
      { kind: 'select' },
      { kind: 'set', setting: 'search_path', value: "''", byFunction: true },
    ],
    [
      "select set_config('app.x', current_user, true)",
      { kind: 'select' },
      { kind: 'set local', setting: 'app.x', value: undefined },
    ],
  ])('%s', async (sql, ...expected) => {
    // WITH queries stand inside the statement, so places are compared by hand below.
    if (!sql.startsWith('with')) return check(sql, expected);
    const { files } = unmark({ 'x.sql': sql });
    const { statements } = await readSql('x.sql', files['x.sql']!);
    expect(statements[0]!.operations).toMatchObject(expected);
    expect(files['x.sql']!.slice(...statements[0]!.operations[0]!.at)).toBe('delete from a where b returning *');
  });
});

describe('sessions and upkeep', () => {
  test.each<[sql: string, ...expected: Shape[]]>([
    ['begin', { kind: 'begin', chain: false }],
    ['start transaction isolation level serializable', { kind: 'begin' }],
    ['commit and chain', { kind: 'commit', chain: true }],
    ['end', { kind: 'commit' }],
    ['abort', { kind: 'rollback' }],
    ['savepoint s', { kind: 'savepoint', name: 's' }],
    ['release s', { kind: 'release savepoint' }],
    ['rollback to s', { kind: 'rollback to savepoint' }],
    ["prepare transaction 'x'", { kind: 'prepare transaction', name: 'x' }],
    ["commit prepared 'x'", { kind: 'commit prepared' }],
    ['set transaction isolation level serializable', { kind: 'set transaction' }],
    ['set constraints all deferred', { kind: 'set constraints' }],
    ["set lock_timeout = '2s'", { kind: 'set', setting: 'lock_timeout', value: '2s', byFunction: false }],
    ['set local statement_timeout to 5000', { kind: 'set local', setting: 'statement_timeout', value: '5000' }],
    ['set search_path to public, "Extensions"', { kind: 'set', value: 'public, Extensions' }],
    ["set search_path = ''", { kind: 'set', value: "''" }],
    ['set lock_timeout to default', { kind: 'set', value: undefined }],
    ['set role joe', { kind: 'set', setting: 'role', value: 'joe' }],
    ["set session authorization 'joe'", { kind: 'set', setting: 'session_authorization' }],
    ["set time zone 'UTC'", { kind: 'set', setting: 'timezone', value: 'UTC' }],
    ['reset lock_timeout', { kind: 'reset', setting: 'lock_timeout' }],
    ['reset all', { kind: 'reset', setting: 'all' }],
    ['discard all', { kind: 'other', tag: 'discard all' }],
    ['call app.p(1)', { kind: 'call', procedure: table('p', 'app') }],
    ["do language plpgsql 'begin null; end'", { kind: 'do', language: 'plpgsql', body: 'begin null; end' }],
    [
      'refresh materialized view concurrently m',
      { kind: 'refresh materialized view', concurrently: true, withData: true },
    ],
    [
      'refresh materialized view m with no data',
      { kind: 'refresh materialized view', concurrently: false, withData: false },
    ],
    ['reindex index i', { kind: 'reindex', object: 'index', concurrently: false }],
    [
      'reindex table concurrently app.t',
      { kind: 'reindex', object: 'table', name: table('t', 'app'), concurrently: true },
    ],
    ['reindex (concurrently false) schema s', { kind: 'reindex', object: 'schema', concurrently: false }],
    ['reindex database', { kind: 'reindex', object: 'database' }],
    ['vacuum', { kind: 'vacuum', full: false }],
    [
      'vacuum (full, analyze) «a», «b»',
      { kind: 'vacuum', table: table('a'), full: true },
      { kind: 'vacuum', table: table('b') },
    ],
    ['analyze t (a)', { kind: 'analyze', table: table('t') }],
    ['cluster t using i', { kind: 'cluster', table: table('t') }],
    ['cluster', { kind: 'cluster', table: undefined }],
    [
      'lock table «a», «b» in share mode nowait',
      { kind: 'lock', table: table('a'), mode: 'share', nowait: true },
      { kind: 'lock', table: table('b') },
    ],
    ['lock t', { kind: 'lock', mode: 'access exclusive', nowait: false }],
    ['explain analyze select 1', { kind: 'other', tag: 'explain analyze' }],
    ['explain select 1', { kind: 'other', tag: 'explain' }],
    ["notify pgrst, 'reload schema'", { kind: 'other', tag: 'notify', name: table('pgrst') }],
    ['prepare q as select 1', { kind: 'other', tag: 'prepare', name: table('q') }],
    ['execute q', { kind: 'other', tag: 'execute' }],
    ['show all', { kind: 'other', tag: 'show' }],
    ['checkpoint', { kind: 'other', tag: 'checkpoint' }],
    ['import foreign schema a from server s into b', { kind: 'other', tag: 'import foreign schema' }],
  ])('%s', (sql, ...expected) => check(sql, expected));
});

describe('expressions', () => {
  const expression = async (text: string) => {
    const [operation] = (await readSql('x.sql', `create policy p on t using (${text})`)).statements[0]!.operations;
    if (operation?.kind !== 'create policy' || !operation.using) throw new Error('no expression');
    return operation.using;
  };

  test('calls, and whether a scalar sub-select stands around them', async () => {
    const { calls } = await expression(
      "auth.uid() = (select auth.jwt() ->> 'x') and exists (select 1 from m where m.u = auth.role() and at > now()) and current_user = coalesce(lower('A'), extract(year from b)::text)",
    );
    expect(calls().map(({ name, inScalarSelect, strings }) => [printName(name), inScalarSelect, strings])).toEqual([
      ['auth.uid', false, []],
      ['auth.jwt', true, []],
      ['auth.role', false, []],
      ['now', false, []],
      ['"current_user"', false, []],
      ['lower', false, ['A']],
      ['"extract"', false, ['year', undefined]],
    ]);
  });

  test('columns, relations, types and strings', async () => {
    const { columns, relations, types, strings, text } = await expression(
      "t.a = 'x' and b in (with w as (select c.* from app.c) select * from w, d) and e::app.kind = 'y'",
    );
    expect(
      columns()
        .map(({ table: of, column }) => `${of ?? ''}.${column}`)
        .sort(),
    ).toEqual(['.*', '.b', '.e', 'c.*', 't.a']);
    expect(
      relations()
        .map(({ name }) => printName(name))
        .sort(),
    ).toEqual(['app.c', 'd']);
    expect(types()).toEqual([{ schema: 'app', name: 'kind' }]);
    expect(strings()).toEqual(['x', 'y']);
    expect(text).toContain('with w');
  });

  test.each([
    ['true', true],
    ['1 = 1', true],
    ["'a' = 'a'", true],
    ['a = a', true],
    ['t.a = t.a', true],
    ['not false', true],
    ['(select true)', true],
    ["'t'::bool", true],
    ['true and 1 = 1', true],
    ['a or true', true],
    ['a = b', false],
    ['a = 1', false],
    ['1 = 2', false],
    ['false', false],
    ['a and true', false],
    ['null = null', false],
    ['(select true from x where y)', false],
  ])('%s always holds: %s', async (text, expected) => expect((await expression(text)).alwaysTrue()).toBe(expected));

  test.each([
    ["'x'", { kind: 'string', text: 'x' }],
    ["'x'::text", { kind: 'string', text: 'x' }],
    ['1.5', { kind: 'number', text: '1.5' }],
    ['0', { kind: 'number', text: '0' }],
    ['true', { kind: 'boolean', text: 'true' }],
    ['null', { kind: 'null' }],
    ['now()', undefined],
  ])('the literal %s', async (text, expected) => {
    const { literal } = await expression(text);
    if (expected) expect(literal).toMatchObject(expected);
    else expect(literal).toBeUndefined();
  });

  test('ten thousand operators in a row are no deeper than one', async () => {
    const { calls } = await expression(`${'1 + '.repeat(3000)}f()`);
    expect(calls()).toHaveLength(1);
  });
});

describe('what a statement needs', () => {
  const uses = async (sql: string): Promise<string[]> => {
    const [statement] = (await readSql('x.sql', sql)).statements;
    return statement!
      .uses()
      .map(
        ({ object, name, column }) => `${object} ${column === undefined ? printName(name) : printColumn(name, column)}`,
      );
  };

  test.each<[sql: string, expected: string[]]>([
    [
      'create table app.t (a app.kind references x (id) default f())',
      ['schema app', 'type app.kind', 'schema app', 'relation x', 'function f', 'column x.id'],
    ],
    ['alter table t drop a', ['relation t', 'column t.a']],
    ['alter table if exists t drop a', []],
    ['alter table t drop if exists a', ['relation t']],
    ['drop table a', ['relation a']],
    ['drop table if exists a', []],
    ['drop policy p on t', ['relation t']],
    ['create index on t (a, lower(b))', ['relation t', 'function lower', 'column t.a']],
    [
      'create trigger g before update of a on t for each row execute function app.f()',
      ['relation t', 'function app.f', 'schema app', 'column t.a'],
    ],
    [
      'create policy p on t to joe, public using (auth.uid() = a)',
      ['relation t', 'function auth.uid', 'schema auth', 'role joe'],
    ],
    ['with w as (select 1) insert into t (a) select * from w', ['relation t', 'column t.a']],
    ['grant select on t to joe', ['relation t', 'role joe']],
    ["comment on column t.a is 'x'", ['column t.a']],
    ['create view v as select f(a) from x', ['relation x', 'function f']],
    ["create function f() returns void language sql as 'select * from x'", ['type void']],
    ["alter type mood add value 'x'", ['type mood']],
    ['create extension e schema extensions', ['schema extensions']],
  ])('%s', async (sql, expected) => expect((await uses(sql)).sort()).toEqual([...expected].sort()));
});

describe('names', () => {
  test.each([
    ['users', 'users'],
    ['Users', '"Users"'],
    ['order', '"order"'],
    ['a"b', '"a""b"'],
    ['1a', '"1a"'],
    ['a$b', 'a$b'],
    ['é', '"é"'],
    ['name', 'name'],
    ['', '""'],
  ])('%j is printed as %s', (name, printed) => expect(printIdentifier(name)).toBe(printed));

  test('an unwritten schema may be any', () => {
    const [bare, app, other] = [{ name: 't' }, { schema: 'app', name: 't' }, { schema: 'other', name: 't' }];
    expect([sameName(bare, app), sameName(app, app), sameName(app, other), sameName(bare, { name: 'T' })]).toEqual([
      true,
      true,
      false,
      false,
    ]);
    expect([printName(app), printColumn(app, 'Email')]).toEqual(['app.t', 'app.t."Email"']);
  });
});

describe('whatever is read', () => {
  let grammar: Grammar;
  beforeAll(async () => void (grammar = (await loadGrammar())!));

  test('every kind of statement that PostgreSQL was asked about has operations with places', async () => {
    const cases = ['locks', 'rerun', 'txblock'].flatMap((name) => {
      try {
        const { cases: all } = JSON.parse(
          readFileSync(new URL(`../../shared/cases/postgres-${name}.json`, import.meta.url), 'utf8'),
        ) as { cases: { sql: string }[] };
        return all.map(({ sql }) => sql);
      } catch {
        return [];
      }
    });
    const own = [
      'create table t (a int)',
      'alter table t add b int, drop a',
      "do $$ begin execute 'drop table t'; end $$",
    ];
    let others = 0;
    for (const sql of [...own, ...cases]) {
      const { statements, errors } = await readSql('x.sql', sql);
      if (errors.length > 0) continue;
      expect(statements.length).toBeGreaterThan(0);
      for (const { operations, range } of statements) {
        for (const operation of operations) {
          expect(operation.at[0]).toBeGreaterThanOrEqual(range[0]);
          expect(operation.at[1]).toBeLessThanOrEqual(range[1]);
          expect(operation.at[1]).toBeGreaterThan(operation.at[0]);
          if (operation.kind === 'other') others++;
        }
      }
    }
    expect(others).toBeLessThanOrEqual(cases.length / 20);
  });

  test('cut, doubled and shuffled statements never break the readers', async () => {
    const seeds = [
      'alter table only app."T" add column if not exists a numeric(10,2) default (1), drop b cascade;',
      "create policy p on t for update to a using (b = 'é🙂') with check (true);",
      'create unique index concurrently i on t (lower(a), (b || c) desc) where d is null;',
      "insert into t (a) values ('x;y') on conflict (a) do update set b = excluded.b returning *;",
      "do $$ begin if not exists (select 1 from pg_type where typname = 'x') then create type x as enum ('a'); end if; end $$;",
      "create function f(a int default 1) returns int language plpgsql as 'begin return ''x''; end';",
      'update t set (a, b) = (1, 2), c = d where e; drop table a, b, c; grant select (a) on t to public;',
    ];
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.constantFrom(...seeds), fc.nat(120), fc.nat(120)), { minLength: 1, maxLength: 4 }),
        async (cuts) => {
          const text = cuts
            .map(([seed, from, length]) => seed.slice(from % seed.length, (from % seed.length) + length))
            .join('');
          const { statements, errors } = await readSql('x.sql', text, { transaction: 'implicit' });
          for (const statement of statements) {
            for (const operation of statement.operations as readonly Operation[]) {
              expect(operation.at[0]).toBeGreaterThanOrEqual(0);
              expect(operation.at[1]).toBeLessThanOrEqual(text.length);
            }
            statement.uses();
            for (const inner of statement.nested()) inner.uses();
          }
          for (const { range } of errors) expect(range[1]).toBeLessThanOrEqual(text.length);
        },
      ),
      { numRuns: 400 },
    );
    expect(grammar.parse('select 1')).toHaveLength(1);
  });
});
