import { describe, expect, test } from 'vitest';
import type { ChangeSet } from '../src/core/change.ts';
import type { Notice } from '../src/core/notice.ts';
import type { Files } from '../src/core/rule.ts';
import type { Content, Entry } from '../src/core/snapshot.ts';
import { guardOf } from '../src/facts/sql/guards.ts';
import { readSql } from '../src/facts/sql/read.ts';
import type { Statement } from '../src/facts/sql/statement.ts';
import { sqlErrors, statements } from '../src/facts/sql/statements.ts';
import { memoryChangeSet } from '../src/repo/memory.ts';

const read = async (text: string, reading?: Parameters<typeof readSql>[2]) => readSql('x.sql', text, reading);

async function all<T>(stream: AsyncIterable<T | Notice>): Promise<{ found: T[]; notices: Notice[] }> {
  const found: T[] = [];
  const notices: Notice[] = [];
  for await (const item of stream) {
    if (typeof item === 'object' && item !== null && 'notice' in item) notices.push(item as Notice);
    else found.push(item as T);
  }
  return { found, notices };
}

const every = (list: readonly Statement[]): Statement[] =>
  list.flatMap((statement) => [statement, ...statement.nested()]);

describe('transactions', () => {
  const kinds = async (text: string, transaction: 'runner' | 'implicit' | 'none', more = {}) =>
    (await read(text, { transaction, ...more })).statements.map(({ transaction: { kind, id } }) => `${kind} ${id}`);

  test.each<[title: string, text: string, around: 'runner' | 'implicit' | 'none', expected: string[]]>([
    ['the runner opens one for the file', 'select 1; select 2', 'runner', ['runner 0', 'runner 0']],
    ['none: each statement alone', 'select 1; select 2', 'none', ['none 0', 'none 1']],
    ['one string is one transaction', 'select 1; select 2', 'implicit', ['implicit 0', 'implicit 0']],
    ['unless it holds one statement', 'vacuum', 'implicit', ['none 0']],
    [
      'BEGIN to COMMIT',
      'select 1; begin; select 2; commit; select 3',
      'none',
      ['none 0', 'explicit 2', 'explicit 2', 'explicit 2', 'none 3'],
    ],
    [
      "COMMIT ends the runner's",
      'select 1; commit; select 2; select 3',
      'runner',
      ['runner 0', 'runner 0', 'none 1', 'none 2'],
    ],
    [
      "BEGIN in the runner's changes nothing",
      'begin; select 1; commit; select 2',
      'runner',
      ['explicit 0', 'explicit 0', 'explicit 0', 'none 1'],
    ],
    [
      'AND CHAIN begins the next at once',
      'begin; commit and chain; select 1; commit',
      'none',
      ['explicit 1', 'explicit 1', 'explicit 2', 'explicit 2'],
    ],
    [
      'a savepoint ends nothing',
      'begin; savepoint a; rollback to a; commit',
      'none',
      ['explicit 1', 'explicit 1', 'explicit 1', 'explicit 1'],
    ],
  ])('%s', async (_, text, around, expected) => expect(await kinds(text, around)).toEqual(expected));

  test('a directive keeps the runner from opening one', async () => {
    const noTransaction = { says: /^-- no-transaction\b/, leaves: 'none' };
    expect(await kinds('-- no-transaction\nvacuum; vacuum', 'runner', { noTransaction })).toEqual(['none 0', 'none 1']);
    const sentWhole = { noTransaction: { ...noTransaction, leaves: 'implicit' } };
    expect(await kinds('-- no-transaction\nvacuum; vacuum', 'runner', sentWhole)).toEqual(['implicit 0', 'implicit 0']);
    expect(await kinds('-- no-transaction\nvacuum', 'runner', sentWhole)).toEqual(['none 0']);
  });

  test('BEGIN is where it stands', async () => {
    const text = '-- é\nbegin; select 1;';
    const { statements: found } = await read(text);
    expect(text.slice(...found[1]!.transaction.begin!)).toBe('begin');
  });

  test('the way up and the way down are told apart, each with transactions of its own', async () => {
    const sections = { up: /^-- migrate:up/m, down: /^-- migrate:down/m };
    const { statements: found } = await read('-- migrate:up\nselect 1;\n-- migrate:down\nselect 2; select 3;', {
      transaction: 'runner',
      sections,
    });
    expect(found.map(({ section, transaction: { id } }) => [section, id])).toEqual([
      ['up', 0],
      ['down', 1],
      ['down', 1],
    ]);
  });
});

describe('inside DO blocks and function bodies', () => {
  const inner = async (text: string) => (await read(text)).statements.flatMap((statement) => statement.nested());

  test('each statement stands at its own place, whatever quotes the body', async () => {
    for (const text of [
      "do $$ begin create table a (b text default 'é🙂'); drop table c; end $$;",
      "-- é🙂\ndo $x$\nbegin\n  create table a (b text default '$$');\n  drop table c;\nend $x$;",
      "do 'begin create table a (b text default ''é''); drop table c; end';",
      "do E'begin create table a (b text default \\'x\\\\ny\\'); drop table c; end';",
    ]) {
      const found = await inner(text);
      expect(found.map(({ operations }) => operations[0]!.kind)).toEqual(['create table', 'drop table']);
      expect(text.slice(...found[0]!.range)).toMatch(/^create table a \(.*\)$/);
      expect(text.slice(...found[1]!.range)).toBe('drop table c');
      expect(found.every(({ within, index }) => within === 'do' && index === 0)).toBe(true);
    }
  });

  test('PERFORM is a query, INTO fills a variable, CALL and COMMIT are seen', async () => {
    const text = 'do $$ declare n int; begin perform app.f(1); select count(*) into n from t; call p(); COMMIT; end $$';
    const found = await inner(text);
    expect(found.map(({ operations, range }) => [operations[0]!.kind, text.slice(...range)])).toEqual([
      ['select', 'perform app.f(1)'],
      ['select', 'select count(*) into n from t'],
      ['call', 'call p()'],
      ['commit', 'COMMIT'],
    ]);
    expect(found[0]!.uses().map(({ name }) => name.name)).toEqual(['f', 'app']);
  });

  test('EXECUTE of a constant is read; of anything else it is a notice', async () => {
    const text =
      "do $$ begin execute 'drop table a; drop ' || 'table b'; execute format('drop table %I.%I', 'app', 'C'); execute 'drop table ' || x; end $$";
    const { statements: found, notices } = await read(text);
    const dropped = found[0]!
      .nested()
      .flatMap(({ operations }) => operations.map((o) => ('name' in o && o.name ? o.name : undefined)));
    expect(dropped).toEqual([{ name: 'a' }, { name: 'b' }, { schema: 'app', name: 'C' }]);
    expect(notices).toMatchObject([
      { notice: 'not-judged', path: 'x.sql', message: expect.stringContaining('EXECUTE') },
    ]);
  });

  test('bodies in SQL and SQL-standard bodies', async () => {
    const [text, atomic] = [
      "create function f() returns int language sql as 'insert into a values (''é''); select 1'",
      'create procedure p() begin atomic delete from a; select 1; end',
    ];
    const found = await inner(text!);
    expect(found.map(({ range }) => text!.slice(...range))).toEqual(["insert into a values (''é'')", 'select 1']);
    expect(found.every(({ within }) => within === 'function')).toBe(true);
    expect((await inner(atomic!)).map(({ operations }) => operations[0]!.kind)).toEqual(['delete', 'select']);
  });

  test('row types that only a database knows are no error', async () => {
    const text =
      'create function f() returns void language plpgsql as $$ declare r t%rowtype; k app.kind; begin r.a := 1; k := r.b; delete from t; end $$;';
    const { statements: found, bodyErrors } = await read(text);
    expect(bodyErrors()).toEqual([]);
    expect(found[0]!.nested().map(({ text: own }) => own)).toEqual(['delete from t']);
  });

  test('a block in another language is a notice', async () => {
    const { notices } = await read("do language plpython3u 'x'");
    expect(notices).toMatchObject([{ notice: 'not-judged', message: expect.stringContaining('plpython3u') }]);
  });
});

describe('guards', () => {
  /** For each operation that a second run may break: what protects it. */
  const guarded = async (text: string) =>
    every((await read(text)).statements).flatMap((statement) =>
      statement.operations.flatMap((operation) =>
        ['do', 'select', 'begin', 'commit'].includes(operation.kind)
          ? []
          : [[operation.kind, guardOf(statement, operation)?.kind] as const],
      ),
    );
  const block = (body: string): string => `do $$ declare n int; found_it bool; r record; begin ${body} end $$;`;

  test.each<[title: string, body: string, ...expected: (readonly [kind: string, guard: string | undefined])[]]>([
    [
      'NOT EXISTS in a catalogue',
      "if not exists (select 1 from pg_type where typname = 'mood') then create type mood as enum (); end if;",
      ['create type', 'test'],
    ],
    [
      'NOT (SELECT EXISTS ...)',
      "if not (select exists (select from pg_roles where rolname = 'joe')) then create role joe; end if;",
      ['create role', 'test'],
    ],
    [
      'the other branch',
      "if exists (select 1 from pg_type where typname = 'mood') then null; else create type mood as enum (); end if;",
      ['create type', 'test'],
    ],
    [
      'ELSIF',
      "if n = 1 then null; elsif not exists (select from pg_policies where policyname = 'p') then create policy p on t; end if;",
      ['create policy', 'test'],
    ],
    [
      'to_regclass() IS NULL',
      "if to_regclass('app.t') is null then create table app.t (); end if;",
      ['create table', 'test'],
    ],
    [
      'an early RETURN',
      "if to_regclass('t') is not null then return; end if; create table t ();",
      ['create table', 'test'],
    ],
    [
      'a count in a variable',
      "select count(*) into n from pg_policies where policyname = 'p'; if n = 0 then create policy p on t; end if;",
      ['create policy', 'test'],
    ],
    [
      'EXISTS in a variable',
      "select exists (select 1 from pg_type where typname = 'k') into found_it; if not found_it then create type k as (); end if;",
      ['create type', 'test'],
    ],
    [
      'an assigned EXISTS',
      "found_it := exists (select 1 from pg_type where typname = 'k'); if found_it is false then create type k as (); end if;",
      ['create type', 'test'],
    ],
    [
      'NOT FOUND',
      "perform 1 from pg_roles where rolname = 'joe'; if not found then create role joe; end if;",
      ['create role', 'test'],
    ],
    [
      'information_schema',
      "if not exists (select from information_schema.columns where table_name = 't' and column_name = 'a') then alter table t add a int; end if;",
      ['add column', 'test'],
    ],
    [
      'a drop behind EXISTS',
      "if exists (select 1 from pg_type where typname = 'mood') then drop type mood; end if;",
      ['drop type', 'test'],
    ],
    [
      'a loop over a catalogue',
      "for r in select 1 from pg_policies where tablename = 't' loop drop policy p on t; end loop;",
      ['drop policy', 'test'],
    ],
    [
      'a handler',
      'create type mood as enum (); exception when duplicate_object then null;',
      ['create type', 'handler'],
    ],
    [
      'a handler for a table',
      "create table t (); exception when duplicate_table then raise notice 'x';",
      ['create table', 'handler'],
    ],
    [
      'a handler by code',
      "create policy p on t; exception when sqlstate '42710' then null;",
      ['create policy', 'handler'],
    ],
    [
      'a handler for all',
      'alter table t rename a to b; exception when others then null;',
      ['rename column', 'handler'],
    ],
    [
      'a handler for a missing column',
      'alter table t rename a to b; exception when undefined_column then null;',
      ['rename column', 'handler'],
    ],
    [
      'a unique constraint is a relation',
      'alter table t add constraint u unique (a); exception when duplicate_table then null;',
      ['add constraint', 'handler'],
    ],
    [
      'a condition about something else may be right',
      "if current_setting('app.x') = '1' then create type mood as enum (); end if;",
      ['create type', 'test'],
    ],
  ])('protects: %s', async (_, body, ...expected) => expect(await guarded(block(body))).toEqual(expected));

  test.each<[title: string, body: string, kind: string]>([
    [
      'the wrong way round',
      "if exists (select 1 from pg_type where typname = 'mood') then create type mood as enum (); end if;",
      'create type',
    ],
    [
      'a test for the table only',
      "if exists (select 1 from pg_tables where tablename = 't') then create policy p on t; end if;",
      'create policy',
    ],
    [
      'a test for another object',
      "if not exists (select 1 from pg_type where typname = 'other') then create type mood as enum (); end if;",
      'create type',
    ],
    [
      'a handler for something else',
      'create type mood as enum (); exception when undefined_table then null;',
      'create type',
    ],
    [
      'a handler that raises again',
      "create type mood as enum (); exception when duplicate_object then raise exception 'x';",
      'create type',
    ],
    [
      'a unique constraint is no duplicate object',
      'alter table t add constraint u unique (a); exception when duplicate_object then null;',
      'add constraint',
    ],
    [
      'a drop behind NOT EXISTS',
      "if not exists (select 1 from pg_type where typname = 'mood') then drop type mood; end if;",
      'drop type',
    ],
  ])('does not protect: %s', async (_, body, kind) => expect(await guarded(block(body))).toEqual([[kind, undefined]]));

  test.each<[text: string, guard: string | undefined]>([
    ['drop policy if exists p on t; create policy p on t', 'dropped before'],
    ['drop policy if exists p on app.t; create policy p on t', 'dropped before'],
    ['drop policy if exists p on other; create policy p on t', undefined],
    ['drop table t; create policy p on t', 'dropped before'],
    ['drop trigger if exists g on t; create trigger g before insert on t execute function f()', 'dropped before'],
    ['drop table if exists t; create index i on t (a)', 'dropped before'],
    ['drop index if exists i; create index i on t (a)', 'dropped before'],
    ['drop schema if exists app cascade; create table app.t ()', 'dropped before'],
    ['alter table t drop constraint if exists c; alter table t add constraint c check (a)', 'dropped before'],
    ['alter table t drop constraint if exists c, add constraint c check (a)', undefined],
    ['alter table t drop if exists a; alter table t add a int', 'dropped before'],
    ['drop function if exists f(int); create procedure f()  begin atomic end', 'dropped before'],
    ['drop type if exists k; create domain k as int', 'dropped before'],
    ['create policy p on t; drop policy if exists p on t', 'made before'],
    ['create table t (); drop table t', 'made before'],
    ['create table u (); drop table t', undefined],
    ['do $$ begin drop type if exists k; end $$; create type k as enum ()', 'dropped before'],
  ])('%s: %s', async (text, guard) => {
    const last = (await read(text)).statements.at(-1)!;
    const operation = last.operations.find(({ kind }) => /^(create|add)/.test(kind)) ?? last.operations[0]!;
    expect(guardOf(last, operation)?.kind).toBe(guard);
  });
});

describe('errors', () => {
  test.each<[text: string, message: string]>([
    ['select 1; selekt 2; select 3', 'syntax error at or near "selekt"'],
    ['select \'é🙂漢\', "ß" frm «x» y;', 'syntax error at or near "x"'],
    ['-- é\n«slect» 1;\r\ncreate table t (a int', 'syntax error at or near "slect"'],
    ['create table a (b int«;»\ncreate table c (d int);', 'syntax error at or near ";"'],
    ["select «'never ends»\n;", 'unterminated quoted string at or near "\'never ends\n;"'],
    ['select «$$never ends»', 'unterminated dollar-quoted string at or near "$$never ends"'],
    ['select 1; «/* never ends»', 'unterminated /* comment'],
  ])('%j', async (marked, message) => {
    const text = marked.replace(/[«»]/g, '');
    const { errors } = await read(text);
    expect(errors[0]).toMatchObject({ message });
    if (marked !== text)
      expect([text.slice(...errors[0]!.range), errors[0]!.range[0]]).toEqual([
        /«([^]*)»/.exec(marked)![1],
        marked.indexOf('«'),
      ]);
  });

  test('one bad statement costs only itself', async () => {
    const bad = Array.from({ length: 200 }, (_, i) =>
      i === 77 ? 'alter tble é' : `alter table t${i} add "é" int`,
    ).join(';\n');
    const { statements: found, errors, notices } = await read(bad);
    expect([found.length, errors.length, notices.length]).toEqual([199, 1, 1]);
    expect(bad.slice(...errors[0]!.range)).toBe('tble');
    expect(bad.slice(...found.at(-1)!.range)).toBe('alter table t199 add "é" int');
  });

  test('a bracket that is never closed does not swallow the file', async () => {
    const { statements: found, errors } = await read(
      'create table a (b int;\ncreate table c (d int);\ncreate table e (f int);',
    );
    expect([found.length, errors.length]).toEqual([2, 1]);
  });

  test('NUL is refused, and what follows is judged', async () => {
    const { statements: found, errors } = await read('drop table a;\0drop table b;');
    expect(errors).toMatchObject([{ range: [13, 14], message: expect.stringContaining('0x00') }]);
    expect(found).toHaveLength(2);
  });

  test('templates and psql variables are no errors', async () => {
    const ok = await read(
      'drop table {{ .Schema }}.t; drop table ${s}.u; drop table :"v"; drop table "{{ index .O "N" }}".w;',
    );
    expect(ok.errors).toEqual([]);
    expect(ok.statements).toHaveLength(4);
    const unread = await read('create table t (a {{ b }} {{ c }} {{ d }}); :macro; drop table x;');
    expect(unread.errors).toEqual([]);
    expect(unread.notices).toHaveLength(2);
    expect(unread.statements).toHaveLength(1);
  });

  test.each<[text: string]>([
    ['create function f() returns int language plpgsql as $$ begin if x then return 1; end«;» $$'],
    ['do $$ begin perform 1; «slect» 1; end $$'],
    ["create function f() returns int language plpgsql as 'begin return ''é''; «retrun» 2; end'"],
    ['create function f() returns int language sql as $$ select é frm «x» $$'],
  ])('in a body: %s', async (marked) => {
    const text = marked.replace(/[«»]/g, '');
    const { errors, bodyErrors } = await read(text);
    expect(errors).toEqual([]);
    expect(bodyErrors().map(({ range }) => [text.slice(...range), range[0]])).toEqual([
      [/«([^]*)»/.exec(marked)![1], marked.indexOf('«')],
    ]);
  });

  test('bodies are not read where the file says that PostgreSQL shall not', async () => {
    const body = 'create function f() returns int language plpgsql as $$ begin oops end $$;';
    expect((await read(body)).bodyErrors()).toHaveLength(1);
    expect((await read(`set check_function_bodies = false; ${body}`)).bodyErrors()).toEqual([]);
  });

  test('nesting that no parser stands is no crash, and the next file is read as ever', async () => {
    const deep = await read(
      `select ${'('.repeat(20_000)}1${')'.repeat(20_000)}; select 1 ${'+ 1 '.repeat(40_000)}; select 2`,
    );
    expect(deep.errors.length + deep.notices.length).toBeGreaterThan(0);
    expect(deep.statements.at(-1)?.text).toBe('select 2');
    expect((await read('drop table a')).statements).toHaveLength(1);
  });

  test('nothing at all is nothing', async () => {
    for (const text of ['', ';', '-- x', '\ufeff', '/* */;;', '\n\n'])
      expect(await read(text)).toMatchObject({ statements: [], errors: [], notices: [] });
  });
});

describe('the stream of statements', () => {
  const judged = async (head: Files, base?: Files, rest?: Partial<ChangeSet>) =>
    all(statements(memoryChangeSet(head, base, rest)));
  const OLD = { 'migrations/1_old.sql': 'create table old (a int)' };

  test('changed migrations only, in the order in which they run, on their way up', async () => {
    const { found } = await judged(
      {
        ...OLD,
        'migrations/10_c.up.sql': 'select 3',
        'migrations/10_c.down.sql': 'select 9',
        'migrations/2_b.up.sql': 'select 2;\n',
        'docs/x.sql': 'select 8',
        'app/migrations/0001_initial.py': 'x',
      },
      OLD,
    );
    expect(found.map(({ text, migration }) => [text, migration?.version])).toEqual([
      ['select 2', '2'],
      ['select 3', '10'],
    ]);
  });

  test('fresh: made earlier in the file, or in a file that the same change adds before', async () => {
    const base = { ...OLD, 'README.md': '' };
    const { found } = await judged(
      {
        ...base,
        'migrations/2_b.sql':
          'create table t (a int); create type k as enum (); alter table t rename to u; drop table t; create index i on u (a)',
        'migrations/3_c.sql': 'select 1; create or replace view old as select 1; drop table u; select 2',
      },
      base,
    );
    const fresh = (n: number, name: string, kind?: 'type') => found[n]!.fresh({ name }, kind);
    expect([fresh(0, 't'), fresh(1, 't'), fresh(1, 'k', 'type'), fresh(2, 'k', 'type')]).toEqual([
      false,
      true,
      false,
      true,
    ]);
    expect([fresh(3, 'u'), fresh(5, 'u'), fresh(5, 'i'), fresh(5, 'old'), fresh(7, 'old')]).toEqual([
      true,
      true,
      true,
      false,
      false,
    ]);
    expect([fresh(7, 'u'), fresh(8, 'u'), found[5]!.fresh({ schema: 'app', name: 'u' })]).toEqual([true, false, true]);
  });

  test('in an audit only what the same file made is fresh', async () => {
    const { found } = await judged({
      'migrations/1_a.sql': 'create table t (a int); select 1',
      'migrations/2_b.sql': 'select 2',
    });
    expect(found.map((statement) => statement.fresh({ name: 't' }))).toEqual([false, true, false]);
  });

  test('what a migration made that was only altered is fresh to itself', async () => {
    const { found } = await judged(
      { 'migrations/1_a.sql': 'create table t (); select 1; select 2', 'migrations/2_b.sql': 'select 3' },
      { 'migrations/1_a.sql': 'create table t (); select 1' },
    );
    expect(found.map((statement) => statement.fresh({ name: 't' }))).toEqual([false, true, true, false]);
  });

  test('what a DO block makes is fresh inside it', async () => {
    const { found } = await judged(
      { ...OLD, 'migrations/2_b.sql': 'do $$ begin create table t (); drop table t; end $$' },
      OLD,
    );
    expect([found.length, found[0]!.nested().length, found[0]!.fresh({ name: 't' })]).toEqual([1, 2, true]);
  });

  test('files named on the command line are judged without a runner', async () => {
    const change = memoryChangeSet({ 'a/x.sql': 'select 1', 'supabase/migrations/1_y.sql': 'select 2' });
    const declared = { identities: {}, migrations: [{ layout: 'files', dir: '' }] };
    const { found } = await all(statements({ ...change, head: { ...change.head, declared } }));
    expect(found.map(({ path, migration, transaction }) => [path, migration?.layout.name, transaction.kind])).toEqual([
      ['supabase/migrations/1_y.sql', 'supabase', 'runner'],
      ['a/x.sql', undefined, 'none'],
    ]);
  });

  test('what cannot be had is a notice that a verdict needed', async () => {
    const contents: Record<string, Content> = {
      'migrations/2_lfs.sql': { kind: 'lfs', oid: 'x', size: 9 },
      'migrations/4_gone.sql': { kind: 'unreadable', why: 'the object is missing' },
      'migrations/5_big.sql': { kind: 'large', size: 30 * 1024 * 1024 },
      'migrations/6_link.sql': { kind: 'text', text: '../x.sql', encoding: 'utf-8', size: 8 },
    };
    const paths = Object.keys(contents);
    const change = memoryChangeSet({ ...OLD, ...Object.fromEntries(paths.map((path) => [path, path])) }, OLD);
    const head = {
      ...change.head,
      entry: async (path: string): Promise<Entry> => ({
        path,
        mode: path.includes('link') ? '120000' : '100644',
        kind: path.includes('link') ? 'symlink' : 'file',
      }),
      content: async (path: string): Promise<Content> => contents[path] ?? { kind: 'absent' },
    };
    const { found, notices } = await all(statements({ ...change, head }));
    expect(found).toEqual([]);
    expect(notices.map(({ path, needed, notice }) => [path, needed, notice])).toEqual(
      paths.map((path) => [path, true, 'not-judged']),
    );
  });

  test('errors come with their places and, for what many get wrong, a hint', async () => {
    const text =
      'create policy if not exists p on t;\ncreate index if not exists on t (a);\nalter table t add constraint if not exists c check (a);\ncreate table t (a int,);';
    const { found } = await all(
      sqlErrors(memoryChangeSet({ ...OLD, 'migrations/2_b.sql': text, 'migrations/3_c.down.sql': 'oops' }, OLD)),
    );
    expect(
      found.map(({ path, range, hint }) => [path, path.includes('2_b') ? text.slice(...range) : '', hint]),
    ).toEqual([
      ['migrations/2_b.sql', 'not', 'CREATE POLICY has no IF NOT EXISTS.'],
      ['migrations/2_b.sql', 'on', 'IF NOT EXISTS needs an index that is named.'],
      ['migrations/2_b.sql', 'exists', 'ADD CONSTRAINT has no IF NOT EXISTS.'],
      ['migrations/2_b.sql', ')', 'The comma before it is one too many.'],
      ['migrations/3_c.down.sql', '', undefined],
    ]);
  });

  test('text that is not UTF-8 is an error', async () => {
    const change = memoryChangeSet({ ...OLD, 'migrations/2_b.sql': 'x' }, OLD);
    const content = async (): Promise<Content> => ({
      kind: 'text',
      text: "select '\u00e9'",
      encoding: 'latin1',
      size: 10,
    });
    const { found } = await all(sqlErrors({ ...change, head: { ...change.head, content } }));
    expect(found).toMatchObject([{ range: [8, 9], message: 'invalid byte sequence for encoding "UTF8": 0xe9' }]);
  });

  test('NUL makes a file binary to Git, and is an error with a place', async () => {
    const change = memoryChangeSet({ ...OLD, 'migrations/2_b.sql': 'x' }, OLD);
    const content = async (): Promise<Content> => ({ kind: 'binary', bytes: Buffer.from('drop table é;\0'), size: 15 });
    const head = { ...change.head, content };
    expect((await all(sqlErrors({ ...change, head }))).found).toMatchObject([{ range: [13, 14] }]);
    expect((await all(statements({ ...change, head }))).found).toHaveLength(1);
  });

  test('a change without SQL never asks for the tree', async () => {
    const change = memoryChangeSet({ 'a.md': 'x' });
    const paths = async (): Promise<never> => {
      throw new Error('asked');
    };
    expect(
      await all(statements({ ...change, head: { ...change.head, paths }, base: { ...change.base, paths } })),
    ).toEqual({ found: [], notices: [] });
  });
});
