import { defineRule } from '../../src/core/rule.ts';
import { schemaBefore } from '../../src/facts/schema/schema.ts';
import { printName } from '../../src/facts/sql/name.ts';
import { statements } from '../../src/facts/sql/statements.ts';
import { draft, running } from './_running.ts';

export default defineRule({
  id: 'sql/concurrent-index-on-partitioned-parent',
  title: 'Build the index of a partitioned table partition by partition',
  why: 'PostgreSQL refuses CONCURRENTLY on a table that is partitioned, and the deployment stops here.',
  instead:
    'CREATE INDEX ON ONLY the parent, CREATE INDEX CONCURRENTLY on each partition, then ALTER INDEX ... ATTACH PARTITION for each.',
  severity: 'error',
  sources: ['https://www.postgresql.org/docs/current/sql-createindex.html'],
  options: (z) => z.strictObject({}),
  over: statements,
  untilApplied: true,
  async *check(statement, { head }) {
    for (const { operation } of running(statement)) {
      if ((operation.kind !== 'create index' && operation.kind !== 'drop index') || !operation.concurrently) continue;
      const schema = await schemaBefore(head, statement, operation);
      const table = operation.kind === 'create index' ? operation.table : schema.index(operation.name)?.table;
      if (!table || !schema.table(table)?.partitionBy) continue;
      const parent = printName(table);
      const index = operation.name.name === '' ? 'index' : `index ${printName(operation.name)}`;
      const does = operation.kind === 'create index' ? 'Creates' : 'Drops';
      yield draft(
        statement,
        operation.at,
        `${index} of ${parent}`,
        `${does} ${index} of ${parent} concurrently, which PostgreSQL refuses: ${parent} is partitioned.`,
      );
    }
  },
  examples: {
    bad: [
      {
        title: 'partitioned by an earlier migration, under another name',
        head: {
          'migrations/1_a.sql':
            'create table logs (at timestamptz, id int) partition by range (at);\nalter table logs rename to events;',
          'migrations/2_b.sql': '«create index concurrently events_id on events (id)»;',
        },
      },
      {
        title: 'with ONLY too, and when it goes',
        head: {
          'migrations/1_a.sql':
            'create table app.events (at timestamptz) partition by list (at);\ncreate index events_at on app.events (at);',
          'migrations/2_b.sql': '«create index concurrently on only app.events (at)»;',
          'migrations/3_c.sql': '«drop index concurrently if exists app.events_at»;',
        },
      },
    ],
    good: [
      {
        title: 'on the partitions, and without CONCURRENTLY',
        head: {
          'migrations/1_a.sql':
            'create table events (at timestamptz) partition by range (at);\ncreate table events_2026 partition of events default;\ncreate index on only events (at);',
          'migrations/2_b.sql': 'create index concurrently events_2026_at on events_2026 (at);',
        },
      },
      {
        title: 'a table of the same name that came after it, and one that nobody has seen',
        head: {
          'migrations/1_a.sql':
            'create table events (at timestamptz) partition by range (at);\ndrop table events;\ncreate table events (at timestamptz);',
          'migrations/2_b.sql': 'create index concurrently i on events (at);',
          'migrations/3_c.sql': 'create index concurrently j on users (id);\ndrop index concurrently k;',
        },
      },
    ],
  },
});
