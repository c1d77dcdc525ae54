import { defineRule } from '../../src/core/rule.ts';
import { readSql } from '../../src/facts/sql/read.ts';
import { statements } from '../../src/facts/sql/statements.ts';
import { draft } from './_running.ts';

export default defineRule({
  id: 'sql/unanalyzable-sql',
  title: 'Write migrations that can be read before they run',
  why: 'Nobody, and no rule, can tell what the block will do: whatever it does goes in unjudged.',
  instead: 'Write the statements out, or look at the block twice and allow it with a reason.',
  severity: 'info',
  sources: ['https://www.postgresql.org/docs/current/plpgsql-statements.html#PLPGSQL-STATEMENTS-EXECUTING-DYN'],
  options: (z) => z.strictObject({}),
  over: statements,
  untilApplied: true,
  async *check(statement) {
    if (statement.operations[0]!.kind !== 'do') return;
    // Read alone, what cannot be told is about this block and no other.
    const alone = await readSql(statement.path, statement.text);
    const broken = new Set(alone.bodyErrors().map(({ message }) => message));
    const unread = new Set(
      alone.notices.map(({ message }) => message.replace(/^Inside a DO block: /, '').replace(/\.$/, '')),
    );
    for (const reason of unread) {
      if (broken.has(reason)) continue;
      yield draft(statement, statement.range, `DO: ${reason}`, `This DO block is not judged in full: ${reason}.`);
    }
  },
  examples: {
    bad: [
      {
        head: {
          'migrations/2_b.sql':
            "select 1;\n«do $$ declare t text; begin\n  for t in select tablename from pg_tables loop\n    execute 'drop table ' || t;\n  end loop;\nend $$»;",
        },
      },
      {
        title: 'another language',
        head: { 'migrations/2_b.sql': "«do language plpython3u $$ plpy.execute('drop table t') $$»;" },
      },
    ],
    good: [
      {
        title: 'EXECUTE of what is written there',
        head: {
          'migrations/2_b.sql':
            "do $$ begin\n  execute 'create table t (a int)';\n  execute format('drop index %I', 'i');\nend $$;",
        },
      },
      {
        title: 'a function that puts its text together when it is called',
        head: {
          'migrations/2_b.sql':
            "create function f(t text) returns void language plpgsql as $$ begin execute 'drop table ' || t; end $$;",
        },
      },
      {
        title: 'the way back',
        head: {
          'db/migrations/2_b.sql':
            '-- migrate:up\nselect 1;\n-- migrate:down\ndo $$ begin execute current_query(); end $$;\n',
        },
      },
    ],
  },
});
