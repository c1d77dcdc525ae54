import { isNotice } from '../../src/core/notice.ts';
import { defineRule } from '../../src/core/rule.ts';
import { byOwners, loosenings } from '../../src/facts/loosening.ts';

const policy = (rest: string) => ({ 'repolicy.jsonc': `{ "rules": { "policy/loosened": "warning", ${rest} }` });
const owned = (rest: string) => ({
  'repolicy.jsonc': `{ "identities": { "lead": { "emails": ["lead@example.com"] } }, "rules": { "policy/loosened": ["error", { "owners": ["lead"] }], ${rest} } }`,
});

export default defineRule({
  id: 'policy/loosened',
  title: 'Loosen the policy in plain sight',
  why: 'A change that brings its own permission would judge itself, and nobody would be asked.',
  instead: 'Keep the policy as strict as it is, or let somebody who answers for it approve this line.',
  severity: 'warning',
  options: (z) =>
    z.strictObject({
      owners: z.array(z.string()).default([]).describe('Identities who may loosen: theirs are shown as "info".'),
    }),
  over: loosenings,
  counts: 'file',
  judgedBy: 'base',
  async *check({ message, about, at }, { options, ...change }) {
    const allowed = await byOwners(change, options.owners);
    if (isNotice(allowed)) yield allowed;
    yield { message, about, at, ...(allowed === true && { atMost: 'info' }) };
  },
  examples: {
    bad: [
      { base: policy('"sql/drop-column": "error" }'), head: policy('"sql/drop-column": «"warning"» }') },
      {
        title: 'a rule is gone, and so is this one',
        base: policy('"sql/drop-column": "error" }'),
        head: { '«repolicy.jsonc»': '{ "rules": { "policy/loosened": «"off"» } }' },
      },
      {
        title: 'a list grows',
        base: policy('"docs/unlisted-file": ["error", { "allow": ["README.md"] }] }'),
        head: policy('"docs/unlisted-file": ["error", «{ "allow": ["README.md", "NOTES.md"] }»] }'),
      },
      {
        title: 'an override lowers for some paths, and an allow comes',
        base: policy('"sql/drop-table": "error" }'),
        head: policy(
          '"sql/drop-table": "error" }, "overrides": [{ "files": ["old/**"], "rules": { "sql/*": «"info"» } }], "allow": [«{ "rules": ["sql/drop-table"], "files": ["db/2_b.sql"], "reason": "Empty." }»]',
        ),
      },
      {
        title: 'an allow in a comment, and a baseline that accepts more',
        base: policy('"sql/drop-table": "error" }'),
        head: {
          ...policy('"sql/drop-table": "error" }'),
          'db/migrations/2_b.sql': '-- «repolicy-allow sql/drop-table: it was never shipped»\ndrop table t;',
          '«repolicy-baseline.json»':
            '{ "version": 1, "findings": [{ "rule": "a/b", "fingerprint": "c", "count": 2 }] }',
        },
      },
      {
        title: 'a line in .gitattributes takes files out of judgement',
        base: policy('"content/forbidden-text": "error" }'),
        head: {
          ...policy('"content/forbidden-text": "error" }'),
          '.gitattributes': '* text=auto\n  «legacy/** repolicy=off»\n«*.gen.ts -diff linguist-generated»\n',
        },
      },
      {
        title: 'an owner of the policy loosens it: shown as info',
        identity: { name: 'Lead', email: 'lead@example.com' },
        base: owned('"sql/drop-table": "error"'),
        head: owned('"sql/drop-table": «"off"»'),
      },
    ],
    good: [
      {
        title: 'what it says is as strict, however it is written',
        base: policy('"sql/drop-table": "error" }'),
        head: {
          'repolicy.jsonc': '{ // Families\n"rules": { "policy/loosened": "warning", "sql/drop-table": ["error"] } }',
        },
      },
      {
        title: 'a rule is raised, another comes, an allow-list shrinks',
        base: policy('"docs/unlisted-file": ["warning", { "allow": ["a.md", "b.md"] }] }'),
        head: policy('"docs/unlisted-file": ["error", { "allow": ["b.md"] }], "sql/drop-table": "warning" }'),
      },
      { title: 'a first policy has nothing before it', head: policy('"sql/drop-table": "info" }') },
    ],
  },
});
