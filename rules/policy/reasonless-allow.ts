import { allowUses } from '../../src/core/allow.ts';
import { defineRule } from '../../src/core/rule.ts';

export default defineRule({
  id: 'policy/reasonless-allow',
  title: 'Give a reason for every allow',
  why: 'Nobody can tell later whether the exception still holds, so it stays for good. Without a reason an allow lets nothing through.',
  instead: 'Write the reason behind a colon: `repolicy-allow sql/drop-column: last reader removed in #412`.',
  severity: 'warning',
  options: (z) => z.strictObject({}),
  over: allowUses,
  counts: 'file',
  *check({ allow }) {
    if (allow.reason !== '') return;
    const rules = allow.rules.join(', ') || 'no rule';
    yield { message: `The allow of ${rules} gives no reason.`, at: { path: allow.path, range: allow.range }, about: rules };
  },
  examples: {
    bad: [
      {
        rules: { 'sql/drop-column': 'error' },
        head: { 'migrations/2_b.sql': 'alter table users drop column email; -- «repolicy-allow sql/drop-column»' },
      },
      {
        title: 'a colon with nothing behind it',
        rules: { 'sql/drop-column': 'error' },
        head: { 'migrations/2_b.sql': '/* «repolicy-allow-file sql/*:» */\nalter table users drop column email;' },
      },
    ],
    good: [
      {
        rules: { 'sql/drop-column': 'error' },
        head: { 'migrations/2_b.sql': 'alter table users drop column email; -- repolicy-allow sql/drop-column: never shipped' },
      },
      {
        title: 'the words in a string are not an allow',
        head: { 'src/a.ts': 'const marker = "repolicy-allow sql/drop-column";' },
      },
    ],
  },
});
