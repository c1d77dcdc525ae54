import { defineRule } from '../../src/core/rule.ts';
import type { Fix } from '../../src/core/finding.ts';
import { printIdentifier, printName, type Name } from '../../src/facts/sql/name.ts';
import type { Operation } from '../../src/facts/sql/operation.ts';
import { secondRuns, type SecondRun } from '../../src/facts/sql/second-run.ts';
import { behind, draftOf, insert } from './_second-run.ts';

/** What ALTER ... IF EXISTS reaches. */
const RELATIONS: ReadonlySet<string> = new Set([
  'table',
  'foreign table',
  'view',
  'materialized view',
  'index',
  'sequence',
]);

export default defineRule({
  id: 'sql/rename-without-guard',
  title: 'Guard renames, moves, attachments and new enum values',
  why: 'When a migration that stopped half-way runs again, the old name is gone, or the value or partition is there already, and it fails here.',
  instead:
    'Write ALTER TABLE IF EXISTS ... RENAME TO, ADD VALUE IF NOT EXISTS, and for the rest a DO block that looks into the catalogue first.',
  severity: 'info',
  sources: [
    'https://www.postgresql.org/docs/current/sql-altertable.html',
    'https://www.postgresql.org/docs/current/sql-altertype.html',
  ],
  options: (z) => z.strictObject({}),
  over: secondRuns,
  untilApplied: true,
  *check(run) {
    const { kind } = run.outcome;
    const said = kind === 'exists' || kind === 'gone' ? sayingOf(run.operation) : undefined;
    if (said) yield draftOf(run, said.about, `${said.words}, which fails when the migration runs again.`, guard(run));
  },
  examples: {
    bad: [
      {
        head: {
          'migrations/2_b.sql':
            'alter table users «rename column mail to email»;\nalter table only people «rename to persons»;\nalter index app.i «rename to "J"»;',
        },
        fixed: {
          'migrations/2_b.sql':
            'alter table users rename column mail to email;\nalter table IF EXISTS only people rename to persons;\nalter index IF EXISTS app.i rename to "J";',
        },
      },
      {
        title: 'values of an enum',
        head: {
          'migrations/2_b.sql':
            "alter type mood «add value 'ok' before 'good'»;\nalter type mood «rename value 'bad' to 'sad'»;",
        },
        fixed: {
          'migrations/2_b.sql':
            "alter type mood add value IF NOT EXISTS 'ok' before 'good';\nalter type mood rename value 'bad' to 'sad';",
        },
      },
      {
        title: 'moves, partitions, parents, identities and publications',
        head: {
          'migrations/2_b.sql':
            'alter table t «set schema archive»;\nalter table p «attach partition p1 for values in (1)»;\nalter table p «detach partition p2»;\nalter table c «inherit q»;\nalter table u «alter column id add generated always as identity»;\n«alter publication pub add table a, b»;',
        },
        fixed: {
          'migrations/2_b.sql':
            'alter table IF EXISTS t set schema archive;\nalter table p attach partition p1 for values in (1);\nalter table p detach partition p2;\nalter table c inherit q;\nalter table u alter column id add generated always as identity;\nalter publication pub add table a, b;',
        },
      },
    ],
    good: [
      {
        head: {
          'migrations/2_b.sql':
            "alter table if exists people rename to persons;\nalter type mood add value if not exists 'ok';\nalter publication pub set table a, b;",
        },
      },
      {
        title: 'the old name is there again in the end',
        head: {
          'migrations/2_b.sql':
            "alter table t rename to t_old;\ncreate table t (id int);\ndrop table t_old;\nalter type mood rename to mood_old;\ncreate type mood as enum ('ok');\ndrop type mood_old;\nalter table p detach partition p1;\nalter table p attach partition p1 for values in (1);",
        },
      },
      {
        title: 'behind a look into the catalogue',
        head: {
          'migrations/2_b.sql':
            "do $$ begin\n  if exists (select 1 from information_schema.columns where table_name = 'users' and column_name = 'mail') then\n    alter table users rename column mail to email;\n  end if;\nend $$;",
        },
      },
    ],
  },
});

function sayingOf(operation: Operation): { readonly words: string; readonly about: string } | undefined {
  const say = (verb: string, object: string, name: Name, on?: Name, rest = '') => {
    const about = `${object} ${printName(name)}${on ? ` of ${printName(on)}` : ''}`;
    return { words: `${verb} ${about}${rest}`, about };
  };
  switch (operation.kind) {
    case 'set schema':
      return say(
        'Moves',
        operation.object,
        operation.name,
        undefined,
        ` to schema ${printIdentifier(operation.schema)}`,
      );
    case 'attach partition':
      return say('Attaches', 'partition', operation.partition, operation.table);
    case 'detach partition':
      return say('Detaches', 'partition', operation.partition, operation.table);
    case 'inherit':
      return say('Adds', 'parent', operation.parent, operation.table);
    case 'no inherit':
      return say('Removes', 'parent', operation.parent, operation.table);
    case 'add identity':
      return say('Adds', 'the identity of column', { name: operation.column }, operation.table);
    case 'add enum value':
      return {
        words: `Adds value '${operation.value}' to ${printName(operation.type)}`,
        about: `value ${operation.value} of ${printName(operation.type)}`,
      };
    case 'alter publication':
      return operation.action === 'add' || operation.action === 'drop'
        ? {
            words: `${operation.action === 'add' ? 'Adds tables to' : 'Drops tables from'} publication ${printName(operation.name)}`,
            about: `publication ${printName(operation.name)}`,
          }
        : undefined;
    default:
      return operation.kind.startsWith('rename ') && 'to' in operation
        ? say('Renames', operation.object, operation.name, operation.on, ` to ${printIdentifier(operation.to)}`)
        : undefined;
  }
}

/** A DO block would hide a misspelt name in the first run: only PostgreSQL's own guards are offered. */
function guard(run: SecondRun): Fix | undefined {
  const { operation, outcome, by } = run;
  if (operation.kind === 'add enum value') {
    const words = /\sadd\s+value\s+/i.exec(by.text);
    return words
      ? insert(run, 'Add IF NOT EXISTS', { at: by.range[0] + words.index + words[0].length, text: 'IF NOT EXISTS ' })
      : undefined;
  }
  const moves =
    operation.kind === 'set schema' || operation.kind === `rename ${'object' in operation ? operation.object : ''}`;
  if (!moves || outcome.kind !== 'gone' || !('object' in operation) || !RELATIONS.has(operation.object))
    return undefined;
  return insert(run, 'Add IF EXISTS', {
    at: behind(run, /alter\s+(?:(?:foreign\s+)?table|(?:materialized\s+)?view|index|sequence)/),
    text: 'IF EXISTS ',
  });
}
