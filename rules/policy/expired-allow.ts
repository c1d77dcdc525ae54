import { allowUses } from '../../src/core/allow.ts';
import { defineRule } from '../../src/core/rule.ts';

export default defineRule({
  id: 'policy/expired-allow',
  title: 'Do not let an allow outlive its date',
  why: 'Somebody promised that this would be settled by then, and from that day the allow lets nothing through any more.',
  instead: 'Settle what it covers and delete it, or agree on a new date with whoever owns the rule.',
  severity: 'warning',
  options: (z) => z.strictObject({}),
  over: allowUses,
  counts: 'file',
  *check({ allow, expired, undated }) {
    const at = { path: allow.path, range: allow.range };
    const rules = allow.rules.join(', ');
    if (expired) yield { message: `The allow of ${rules} ended on ${allow.until}.`, at, about: `expired ${rules}` };
    if (undated) yield { message: `The allow of ${rules} has no end date, and the policy asks for one.`, at, about: `undated ${rules}` };
  },
  examples: {
    bad: [
      {
        rules: { 'sql/drop-column': 'error' },
        now: '2026-03-01T00:00:00Z',
        head: {
          'migrations/2_b.sql':
            '-- «repolicy-allow sql/drop-column until 2026-02-28: the last reader goes in February»\nalter table users drop column email;',
        },
      },
    ],
    good: [
      {
        title: 'its last day is today',
        rules: { 'sql/drop-column': 'error' },
        now: '2026-02-28T23:00:00Z',
        head: {
          'migrations/2_b.sql':
            '-- repolicy-allow sql/drop-column until 2026-02-28: the last reader goes in February\nalter table users drop column email;',
        },
      },
      {
        title: 'no date, where the policy does not ask for one',
        rules: { 'sql/drop-column': 'error' },
        head: {
          'migrations/2_b.sql': 'alter table users drop column email; -- repolicy-allow sql/drop-column: never shipped',
        },
      },
    ],
  },
});
