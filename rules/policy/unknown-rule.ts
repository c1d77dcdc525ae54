import { allowUses } from '../../src/core/allow.ts';
import { defineRule } from '../../src/core/rule.ts';

export default defineRule({
  id: 'policy/unknown-rule',
  title: 'Name a rule that exists in every allow',
  why: 'An allow that misspells its rule lets nothing through, and its reader believes that it does.',
  instead: 'Write the id as the finding shows it; `repolicy rules` lists them all.',
  severity: 'warning',
  options: (z) => z.strictObject({}),
  over: allowUses,
  counts: 'file',
  *check({ allow, unknown }) {
    const at = { path: allow.path, range: allow.range };
    if (allow.rules.length === 0) yield { message: 'This allow names no rule.', at, about: 'no rule' };
    for (const id of unknown) yield { message: `There is no rule ${id} to allow.`, at, about: id };
  },
  examples: {
    bad: [
      { head: { 'migrations/2_b.sql': '-- «repolicy-allow sql/dorp-column: never shipped»\nselect 1;' } },
      { title: 'no rule at all', head: { 'config.yaml': 'a: 1 # «repolicy-allow: it is fine»' } },
    ],
    good: [
      {
        title: 'a whole family',
        rules: { 'sql/drop-column': 'error' },
        head: { 'migrations/2_b.sql': '-- repolicy-allow sql/*: never shipped\nalter table users drop column email;' },
      },
    ],
  },
});
