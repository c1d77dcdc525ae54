import { defineRule } from '../../src/core/rule.ts';
import type { Type } from '../../src/facts/sql/column.ts';
import { printColumn, printName } from '../../src/facts/sql/name.ts';
import type { Operation } from '../../src/facts/sql/operation.ts';
import { statements } from '../../src/facts/sql/statements.ts';
import { draft, running } from './_running.ts';

export default defineRule({
  id: 'sql/adding-json-column',
  title: 'Choose jsonb for a column, not json',
  why: 'Values of type json cannot be compared: SELECT DISTINCT, GROUP BY and UNION over the table fail, and no index helps to search in them.',
  instead: 'Use jsonb, unless the very text with its blanks and its order of keys must come back.',
  severity: 'warning',
  sources: ['https://www.postgresql.org/docs/current/datatype-json.html'],
  options: (z) => z.strictObject({}),
  over: statements,
  untilApplied: true,
  *check(statement) {
    for (const { operation } of running(statement)) {
      for (const { column, type } of jsonColumns(operation)) {
        const at = type.at ?? operation.at;
        const word = /json\b/i.exec(type.text);
        const start = at[0] + (word?.index ?? 0);
        const fix =
          word && type.at
            ? {
                title: 'Use jsonb',
                at: [start, start + word[0].length] as const,
                text: /JSON/.test(word[0]) ? 'JSONB' : 'jsonb',
              }
            : undefined;
        yield draft(statement, at, column, `Gives ${column} the type json.`, fix);
      }
    }
  },
  examples: {
    bad: [
      {
        head: { 'migrations/2_b.sql': "alter table users add column settings «json» default '{}';" },
        fixed: { 'migrations/2_b.sql': "alter table users add column settings jsonb default '{}';" },
      },
      {
        title: 'in a new table, as an array, and as a new type',
        head: {
          'migrations/2_b.sql':
            'CREATE TABLE t (a «JSON» NOT NULL, b «json[]», "json" text);\nalter table u alter column c type «json» using c::json;',
        },
        fixed: {
          'migrations/2_b.sql':
            'CREATE TABLE t (a JSONB NOT NULL, b jsonb[], "json" text);\nalter table u alter column c type jsonb using c::json;',
        },
      },
    ],
    good: [
      {
        head: {
          'migrations/2_b.sql':
            'alter table users add column settings jsonb;\nalter table users alter column a type jsonb using a::json::jsonb;',
        },
      },
      {
        title: 'a type of one’s own with that name, a temporary table, parameters of a function',
        head: {
          'migrations/2_b.sql':
            'create table a (b app.json, c "Json");\ncreate temp table t (j json);\ncreate function f(j json) returns json language sql as $$ select j $$;',
        },
      },
    ],
  },
});

function jsonColumns(operation: Operation): readonly { readonly column: string; readonly type: Type }[] {
  const named = (type: Type): boolean => type.name === 'json' && type.schema === undefined;
  switch (operation.kind) {
    case 'create table':
      if (operation.temporary) return [];
      return operation.columns
        .filter(({ type }) => named(type))
        .map(({ name, type }) => ({ column: printColumn(operation.name, name), type }));
    case 'add column':
      return named(operation.column.type) && operation.object === 'table'
        ? [{ column: printColumn(operation.table, operation.column.name), type: operation.column.type }]
        : [];
    case 'alter column type':
      return named(operation.type)
        ? [{ column: `${printName(operation.table)}.${operation.column}`, type: operation.type }]
        : [];
    default:
      return [];
  }
}
