import { defineRule } from '../../src/core/rule.ts';
import { change } from '../../src/facts/change.ts';
import { driftsOf } from '../../src/facts/list-drift.ts';
import { REFERENCE } from '../../src/facts/written-lists.ts';

const rules = '# Rules\n\n## Documents\n\n```\nREADME.md\n«docs/old/**»\n```\n';
const lists = ['RULES.md#documents', 'AGENTS.md#where-documents-go'];

export default defineRule({
  id: 'docs/list-drift',
  title: 'Keep the lists of documents true and alike',
  why: 'Of two lists that disagree each reader follows another, and an entry for nothing is a door left open.',
  instead:
    'Take out what is gone, and let one list be the one that is enforced: "from" of docs/unlisted-file reads it.',
  severity: 'warning',
  options: (z) =>
    z.strictObject({
      lists: z
        .array(z.string().regex(REFERENCE, 'Write it as "docs/RULES.md#heading".'))
        .default([])
        .describe('Lists in documents, by their headings. Where there are several, all must say the same.'),
      policy: z
        .boolean()
        .default(false)
        .describe('Whether the "allow" of docs/unlisted-file is one more list that must say the same.'),
    }),

  over: change,
  counts: 'file',
  async *check(set, { options }) {
    yield* driftsOf(set, options);
  },

  examples: {
    bad: [
      {
        title: 'an entry for nothing',
        options: { lists: lists.slice(0, 1) },
        head: { 'RULES.md': rules, 'README.md': '' },
      },
      {
        title: 'a deletion leaves an entry behind',
        options: { lists: lists.slice(0, 1) },
        base: { 'RULES.md': rules.replace(/[«»]/g, ''), 'README.md': '', 'docs/old/a.md': '' },
        head: { 'RULES.md': rules.replace(/[«»]/g, ''), 'README.md': '', '«»': '' },
      },
      {
        title: 'two lists that disagree',
        options: { lists },
        head: {
          'RULES.md': '# Documents\n\n- `README.md`\n- «`docs/*.md`»\n'.replace('«`', '`«').replace('`»', '»`'),
          'AGENTS.md': '# Where documents go\n\n- `README.md`\n',
          'README.md': '',
          'docs/a.md': '',
        },
      },
    ],
    good: [
      {
        options: { lists },
        head: {
          'RULES.md': '# Documents\n\n```\nREADME.md\nnotes/{date}.md\n```\n',
          'AGENTS.md': '# Where documents go\n\n- `notes/{date}.md`, one a day\n- `README.md`\n',
          'README.md': '',
        },
      },
      {
        title: 'what drifted long ago is for an audit',
        options: { lists: lists.slice(0, 1) },
        base: { 'RULES.md': rules.replace(/[«»]/g, '') },
        head: { 'RULES.md': rules.replace(/[«»]/g, ''), 'a.ts': '' },
      },
      { title: 'no list is known before the policy names one', head: { 'RULES.md': rules.replace(/[«»]/g, '') } },
    ],
  },
});
