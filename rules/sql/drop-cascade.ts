import type { Range } from '../../src/core/finding.ts';
import { defineRule } from '../../src/core/rule.ts';
import { schemaBefore } from '../../src/facts/schema/schema.ts';
import { dependants } from '../../src/facts/sql/dependants.ts';
import { printColumn, printIdentifier, printName } from '../../src/facts/sql/name.ts';
import type { Operation } from '../../src/facts/sql/operation.ts';
import type { JudgedStatement, Statement } from '../../src/facts/sql/statement.ts';
import { statements } from '../../src/facts/sql/statements.ts';
import { draft, running } from './_running.ts';

export default defineRule({
  id: 'sql/drop-cascade',
  title: 'Drop by name what depends on the object, instead of CASCADE',
  why: 'CASCADE takes views, foreign keys, policies, triggers and columns along without naming one of them: on another database it can be more than on yours.',
  instead: 'Drop what depends on it by name first, and let PostgreSQL refuse if something was forgotten.',
  severity: 'error',
  sources: ['https://www.postgresql.org/docs/current/ddl-depend.html'],
  options: (z) => z.strictObject({}),
  over: statements,
  untilApplied: true,
  async *check(statement, { head }) {
    for (const { operation, by } of running(statement)) {
      const dropped = cascading(operation, statement);
      if (dropped === undefined) continue;
      // One CASCADE speaks for all the objects of its statement.
      if (
        'of' in operation &&
        !('table' in operation) &&
        by.operations.find((other) => cascading(other, statement)) !== operation
      )
        continue;
      const others = by.operations.length > 1 && !('table' in operation) ? ' and others' : '';
      const word = lastWord('table' in operation ? operation.at : by.range, by);
      const fix = word && { title: 'Remove CASCADE', at: word, text: '' };
      const at: Range = word ? [word[1] - CASCADE.length, word[1]] : operation.at;
      const schema = await schemaBefore(head, statement, operation);
      const known = [
        ...new Set(
          by.operations.flatMap((other) =>
            'table' in operation && other !== operation ? [] : dependants(other, schema),
          ),
        ),
      ];
      const named = known.slice(0, 3).join(', ') + (known.length > 3 ? ` and ${known.length - 3} more` : '');
      const taken = known.length > 0 ? `: ${named}` : '';
      yield draft(
        statement,
        at,
        dropped,
        `Drops ${dropped}${others}, and with CASCADE whatever depends on it${taken}.`,
        fix,
      );
    }
  },
  examples: {
    bad: [
      {
        head: { 'migrations/2_b.sql': 'drop table if exists users «cascade»;\ndrop function f(int), g() «CASCADE» ;' },
        fixed: { 'migrations/2_b.sql': 'drop table if exists users;\ndrop function f(int), g() ;' },
      },
      {
        title: 'columns and constraints',
        head: {
          'migrations/2_b.sql': 'alter table users drop column email «cascade», drop constraint users_pkey\n«cascade»;',
        },
        fixed: { 'migrations/2_b.sql': 'alter table users drop column email, drop constraint users_pkey;' },
      },
      {
        title: 'the message names what is known to depend on it',
        head: {
          'migrations/1_a.sql':
            'create table users (id int primary key);\ncreate view v as select id from users;\ncreate table orders (user_id int references users);',
          'migrations/2_b.sql': 'drop table users «cascade»;',
        },
        fixed: { 'migrations/2_b.sql': 'drop table users;' },
      },
      {
        title: 'inside a DO block',
        head: {
          'migrations/2_b.sql': 'do $$ begin\n  drop view v «cascade»; -- é\n  drop type mood «cascade»;\nend $$;',
        },
        fixed: { 'migrations/2_b.sql': 'do $$ begin\n  drop view v; -- é\n  drop type mood;\nend $$;' },
      },
    ],
    good: [
      {
        head: { 'migrations/2_b.sql': 'drop table users;\ndrop view v restrict;\nalter table t drop column cascade;' },
      },
      {
        title: 'nothing can depend on a policy, a trigger or a rule',
        head: { 'migrations/2_b.sql': 'drop policy p on t cascade;\ndrop trigger r on t cascade;' },
      },
      {
        title: 'what this very migration made',
        head: {
          'migrations/2_b.sql':
            'create table t (a int);\nalter table t drop column a cascade;\ndrop table t cascade;\ncreate type m as enum ();\ndrop type m cascade;',
        },
      },
      {
        title: 'a foreign key that cascades, a revoke and a truncate; a schema is the business of another rule',
        head: {
          'migrations/2_b.sql':
            'alter table a add constraint c foreign key (x) references b on delete cascade;\nrevoke select on a from b cascade;\ntruncate a cascade;\ndrop schema s cascade;',
        },
      },
    ],
  },
});

const CASCADE = 'cascade';

/** What an operation drops together with what depends on it. */
function cascading(operation: Operation, statement: JudgedStatement): string | undefined {
  if (operation.kind === 'drop column') {
    return operation.cascade && !statement.fresh(operation.table)
      ? `column ${printColumn(operation.table, operation.column)}`
      : undefined;
  }
  if (operation.kind === 'drop constraint') {
    const name = `constraint ${printIdentifier(operation.constraint)} of ${printName(operation.table)}`;
    return operation.cascade && !statement.fresh(operation.table) ? name : undefined;
  }
  if (
    !operation.kind.startsWith('drop ') ||
    !('cascade' in operation) ||
    !('object' in operation) ||
    !('name' in operation)
  )
    return undefined;
  const { object, name } = operation;
  if (!operation.cascade || WITHOUT_DEPENDANTS.has(object) || object === 'schema' || object === 'owned')
    return undefined;
  return statement.fresh(name, NAMESPACES.get(object)) ? undefined : `${object} ${printName(name)}`;
}

const WITHOUT_DEPENDANTS: ReadonlySet<string> = new Set(['policy', 'trigger', 'rule', 'event trigger', 'statistics']);
const NAMESPACES: ReadonlyMap<string, 'type' | 'function'> = new Map([
  ['type', 'type'],
  ['domain', 'type'],
  ['function', 'function'],
  ['procedure', 'function'],
  ['routine', 'function'],
  ['aggregate', 'function'],
]);

/** The word CASCADE at the end, with the blank before it; undefined where the text is not in the file as it is. */
function lastWord(range: Range, { text, range: [start, end] }: Statement): Range | undefined {
  if (text.length !== end - start) return undefined;
  const word = /\s+cascade$/i.exec(text.slice(range[0] - start, range[1] - start));
  return word ? [range[1] - word[0].length, range[1]] : undefined;
}
