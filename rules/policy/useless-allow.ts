import { allowUses } from '../../src/core/allow.ts';
import { defineRule } from '../../src/core/rule.ts';

export default defineRule({
  id: 'policy/useless-allow',
  title: 'Delete an allow that lets nothing through',
  why: 'It waits to hide the next finding at this place, which nobody has thought about.',
  instead: 'Delete it. If it stood for something on another line, put it on that line or on the one above.',
  severity: 'warning',
  options: (z) => z.strictObject({}),
  over: allowUses,
  counts: 'file',
  *check({ allow, used, unknown, judged }) {
    if (used > 0 || !judged || allow.rules.length === 0 || unknown.length > 0) return;
    const rules = allow.rules.join(', ');
    yield { message: `The allow of ${rules} lets nothing through.`, at: { path: allow.path, range: allow.range }, about: rules };
  },
  examples: {
    bad: [
      {
        rules: { 'sql/drop-column': 'error' },
        head: { 'migrations/2_b.sql': '-- «repolicy-allow sql/drop-column: never shipped»\nselect 1;' },
      },
      {
        title: 'too far above',
        rules: { 'sql/drop-column': 'error' },
        head: {
          'migrations/2_b.sql':
            '-- «repolicy-allow sql/drop-column: never shipped»\nselect 1;\nalter table users drop column email;',
        },
      },
    ],
    good: [
      {
        rules: { 'sql/drop-column': 'error' },
        head: { 'migrations/2_b.sql': '-- repolicy-allow sql/drop-column: never shipped\nalter table users drop column email;' },
      },
      {
        title: 'its rule is not asked in this run, so nothing can be said',
        head: { 'migrations/2_b.sql': '-- repolicy-allow sql/drop-column: never shipped\nselect 1;' },
      },
      {
        title: 'above a statement of several lines',
        rules: { 'sql/drop-column': 'error' },
        head: {
          'migrations/2_b.sql': '-- repolicy-allow sql/drop-column: never shipped\nalter table users\n  drop column email;',
        },
      },
    ],
  },
});
