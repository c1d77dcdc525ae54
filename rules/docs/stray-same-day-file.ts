import { defineRule } from '../../src/core/rule.ts';
import { template } from '../../src/core/templates.ts';
import { changes } from '../../src/facts/change.ts';
import { capturing } from '../../src/facts/paths.ts';
import { properPath } from '../../src/facts/same-day.ts';

const declared = { identities: { data: { emails: [], owns: [] } } };
const options = { files: ['feedback/{identity}/{date}.md'] };

export default defineRule({
  id: 'docs/stray-same-day-file',
  title: 'Keep to one file a day',
  why: 'Two reports of one day contradict each other, and checks and readers look at only one of them.',
  instead: 'Append to the file of that day, and delete this one.',
  severity: 'error',
  options: (z) =>
    z.strictObject({
      files: z
        .array(
          template(z).refine((text) => /^!|\{(?:date|yyyymmdd)\}/.test(text), 'It has no {date} and no {yyyymmdd}.'),
        )
        .default([])
        .describe('Path templates with {date} or {yyyymmdd}: of each there is one file a day.'),
    }),

  over: changes,
  async *check({ path, kind }, { head, options: { files } }) {
    if (kind === 'deleted' || files.length === 0) return;
    const proper = properPath(path, await capturing(files, head.declared));
    if (proper === undefined) return;
    const message = `${path} stands beside ${proper}, the one file of that day.`;
    yield { message, at: { path }, about: path };
  },

  examples: {
    bad: [
      {
        declared,
        options,
        head: { '«feedback/data/2025-10-20-final.md»': '', 'feedback/data/2025-10-20.md': '' },
      },
      {
        title: 'also where it is the only one, and however it was copied',
        declared,
        options,
        head: {
          '«feedback/data/2025-10-21 (1).md»': '',
          '«feedback/data/2025-10-22.md.bak»': '',
          '«feedback/data/new-2025-10-23.v2.md»': '',
        },
      },
      {
        options: { files: ['notes/{topic}-{yyyymmdd}.txt'] },
        head: { '«notes/move-20251020-2.txt»': '', 'notes/move-20251020.txt': '' },
      },
    ],
    good: [
      { declared, options, head: { 'feedback/data/2025-10-20.md': '', 'feedback/data/README.md': '' } },
      { title: 'elsewhere', declared, options, head: { 'docs/2025-10-20-final.md': '' } },
      { title: 'no day of the calendar', declared, options, head: { 'feedback/data/2025-02-30-a.md': '' } },
      {
        title: 'deleting it is the cure',
        declared,
        options,
        base: { 'feedback/data/2025-10-20-final.md': '' },
        head: {},
      },
      { title: 'a day may have many files before the policy says so', head: { 'feedback/data/2025-10-20-b.md': '' } },
    ],
  },
});
