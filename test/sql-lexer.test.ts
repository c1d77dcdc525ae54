import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { loadGrammar, SyntaxProblem } from '../src/facts/sql/grammar.ts';
import { lex } from '../src/facts/sql/lexer.ts';
import { maskText } from '../src/facts/sql/mask.ts';

const statementsOf = (text: string): string[] => {
  const { starts, ends, statements } = lex(text);
  return statements.map(([first, end]) => text.slice(starts[first], ends[end - 1]));
};

describe('statements end where PostgreSQL and psql say', () => {
  test.each<[title: string, text: string, statements: string[]]>([
    ['at semicolons, the last one left out', 'select 1;select 2', ['select 1', 'select 2']],
    ['and empty ones do not count', ';;\n; -- nothing\n;', []],
    ['not inside strings', "select ';', 'it''s;';select E'a\\';b';", ["select ';', 'it''s;'", "select E'a\\';b'"]],
    ['a backslash is an ordinary character without E', "select '\\';select 2", ["select '\\'", 'select 2']],
    [
      'an E string goes on behind a line break, with its escapes',
      "select E'a\\''\n  '\\';b';select 2",
      ["select E'a\\''\n  '\\';b'", 'select 2'],
    ],
    [
      'not inside U& B X N strings',
      "select U&'\\0061;', B'1', x'F', n';';s",
      ["select U&'\\0061;', B'1', x'F', n';'", 's'],
    ],
    ['not inside quoted names', 'select 1 as "a;""b";select U&"c;d"', ['select 1 as "a;""b"', 'select U&"c;d"']],
    ['not inside comments, which nest', 'select 1 -- ;\n/* ; /* ; */ ; */;select 2', ['select 1', 'select 2']],
    ['not inside dollar quotes', 'do $$ a; $x$ b; $$;do $é$ ; $$ ; $é$;', ['do $$ a; $x$ b; $$', 'do $é$ ; $$ ; $é$']],
    ['a dollar belongs to the name before it', 'select a$b$ from c$;select $1', ['select a$b$ from c$', 'select $1']],
    [
      'not inside brackets',
      'create rule r as on insert to t do also (select 1; select 2);select 3',
      ['create rule r as on insert to t do also (select 1; select 2)', 'select 3'],
    ],
    [
      'not inside BEGIN ATOMIC, in which CASE has an END of its own',
      'create function f() returns int begin atomic select case when true then 1 end; select 2; end;select 3;',
      ['create function f() returns int begin atomic select case when true then 1 end; select 2; end', 'select 3'],
    ],
    ['BEGIN that starts a transaction is a statement', 'begin;select 1;commit', ['begin', 'select 1', 'commit']],
    ['operators stop at a comment', 'select 1+--;\n2;select 3*/*;*/4', ['select 1+--;\n2', 'select 3*/*;*/4']],
    [
      'numbers hold dots, exponents, underscores',
      'select 1.5e-3, .5, 0x1F, 1_000;x',
      ['select 1.5e-3, .5, 0x1F, 1_000', 'x'],
    ],
  ])('%s', (_, text, statements) => {
    expect(statementsOf(text)).toEqual(statements);
  });

  test.each<[title: string, text: string, statements: string[]]>([
    ['psql commands', '\\set x 1\nselect 1;\n\\connect db\nselect 2;', ['select 1', 'select 2']],
    ['psql commands that send the query', 'select 1 \\gset\nselect 2 \\g\n', ['select 1', 'select 2']],
    ['the data of COPY', "copy t from stdin;\n1\t;'\n\\.\nselect 1;", ['copy t from stdin', 'select 1']],
    ['COPY without data', 'copy t from stdin;\nselect 1;', ['copy t from stdin', 'select 1']],
    [
      'statement breakpoints',
      'create table a ()\n--> statement-breakpoint\ncreate table b ();',
      ['create table a ()', 'create table b ()'],
    ],
    ['sections of one file', 'select 1\n-- migrate:down\nselect 2', ['select 1', 'select 2']],
    [
      'a template with quotes in a quoted name',
      'drop table "{{ index .O "N" }}".t;select 1',
      ['drop table "{{ index .O "N" }}".t', 'select 1'],
    ],
    ['instructions of a template engine', "{{ if it's }}\nselect 1;\n{% endif %}", ['select 1']],
  ])('runners and tools: %s', (_, text, statements) => {
    expect(statementsOf(text)).toEqual(statements);
  });
});

describe('the text that the parser sees', () => {
  const masked = (text: string, variables = false): string => maskText(lex(text), variables);

  test.each([
    ['\ufeffselect 1', ' select 1'],
    ['\\set x 1\nselect 1', '        \nselect 1'],
    ['select 1 \\gset p\n', 'select 1 ;      \n'],
    ['copy t from stdin;\na\n\\.\nselect 1', 'copy t from stdin;\n \n  \nselect 1'],
    ['select * from {{s}}.t', 'select * from x0x__.t'],
    ['select * from ${s}.t join ${u}.v', 'select * from x0x_.t join x1x_.v'],
    ['{% if x %}\nselect 1', '          \nselect 1'],
    ["select '{{x}}' -- {{y}}", "select '{{x}}' -- {{y}}"],
    ['select a\0b', 'select a b'],
  ])('%j becomes %j', (text, expected) => {
    expect(masked(text)).toBe(expected);
  });

  test('psql variables are blanked out only when asked, and never what is SQL', () => {
    const text = `select :a, :'b', :"c", x::int, y[1:n] where z := 1`;
    expect(masked(text)).toBe(text);
    expect(masked(text, true)).toBe(`select  a,  'b',  "c", x::int, y[1:n] where z := 1`);
  });

  test('every place stays where it is', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...SHARDS), maxLength: 40 }), (text) => {
        for (const variables of [false, true]) {
          const seen = masked(text, variables);
          expect(seen.length).toBe(text.length);
        }
      }),
      { numRuns: 500 },
    );
  });
});

// Pieces of SQL that open, close and hide each other.
const SHARDS = ["'", '"', '$$', '$a$', '--', '/*', '*/', '\n', '\r\n', ';', '(', ')', '[', ']', '\\', '\\g', ':', ':x', '{{', '}}', '${', '}', 'E', "U&'", 'é', '🙂', 'a', '1', '.', 'e', '-', 'select', ' ', 'begin atomic', 'end', 'case', 'create', 'copy t from stdin', '\\.', '\0', '--> statement-breakpoint', '-- migrate:down']; // prettier-ignore

test('tokens never overlap, run backwards or leave the text', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...SHARDS), { maxLength: 40 }), (parts) => {
      const text = parts.join('');
      const { count, starts, ends, statements } = lex(text);
      let last = 0;
      for (let t = 0; t < count; t++) {
        expect(starts[t]).toBeGreaterThanOrEqual(last);
        expect(ends[t]).toBeGreaterThan(starts[t]!);
        last = ends[t]!;
      }
      expect(last).toBeLessThanOrEqual(text.length);
      let next = 0;
      for (const [first, end] of statements) {
        expect(first).toBeGreaterThanOrEqual(next);
        expect(end).toBeGreaterThan(first);
        next = end;
      }
    }),
    { numRuns: 1000 },
  );
});

test('counts as many statements as PostgreSQL, whatever parses', async () => {
  const grammar = (await loadGrammar())!;
  const pieces = fc.constantFrom(
    ...[
      'select 1',
      "select 'a;b'",
      "select E'\\';'",
      'select "a;b" from t',
      '-- ;\n',
      '/* ; /* */ ; */',
      'do $$ x; $$',
      'begin',
      'end',
      'commit',
    ],
    ...[
      'create function f() returns int language sql begin atomic select case 1 when 1 then 2 end; end',
      ';',
      ';\n',
      ';;',
      ' ',
      '\n',
    ],
    ...[
      'create rule r as on update to t do (select 1; notify x)',
      'create table t (a int default (1), b text[3])',
      'select a[1:2], b::text',
      'values (1), (2)',
    ],
  );
  let parsed = 0;
  fc.assert(
    fc.property(fc.array(pieces, { maxLength: 12 }), (parts) => {
      const text = parts.join('');
      let count: number;
      try {
        count = grammar.parse(text).length;
      } catch (error) {
        expect(error).toBeInstanceOf(SyntaxProblem);
        return;
      }
      parsed++;
      expect(lex(text).statements.length).toBe(count);
    }),
    { numRuns: 600 },
  );
  expect(parsed).toBeGreaterThan(50);
});
