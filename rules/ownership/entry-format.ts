import { defineRule } from '../../src/core/rule.ts';
import { template } from '../../src/core/templates.ts';
import { changes } from '../../src/facts/change.ts';
import { capturedDay, isoDay } from '../../src/facts/dates.ts';
import { entriesOf } from '../../src/facts/entries.ts';
import { faultsOf } from '../../src/facts/entry-faults.ts';
import { markdownPage } from '../../src/facts/markdown.ts';
import { momentOf } from '../../src/facts/moments.ts';
import { capturing } from '../../src/facts/paths.ts';

const declared = { identities: { data: { emails: [], owns: [] } } };
const files = ['feedback/{identity}/{date}.md'];
const path = 'feedback/data/2026-01-15.md';
const entry = (heading: string, rest = '') => `${heading}\n\n${rest}`;

export default defineRule({
  id: 'ownership/entry-format',
  title: 'Write the entries of a report in the agreed form',
  why: 'Reports in one form can be read side by side; one that lacks its time or its evidence can be neither checked nor trusted.',
  instead: 'Write "## 2026-01-15T10:00:00Z — <who>: <title>", and below it the fields that the finding names.',
  severity: 'error',
  options: (z) =>
    z.strictObject({
      files: z
        .array(template(z))
        .default([])
        .describe('Path templates of the reports; {identity} and {date} are held to.'),
      fields: z
        .array(z.string())
        .default([])
        .describe('Fields that every entry has: "Progress: ...", as a line, an item or a heading.'),
      maxLines: z
        .record(z.string(), z.int().min(1))
        .default({})
        .describe('The most lines of a field: { "Evidence": 10 }.'),
      maxGapHours: z.number().min(0).optional().describe('The most hours between two entries, while there is work.'),
      pauses: z
        .array(z.string())
        .default(['Done', 'End', 'Pause', 'Break'])
        .describe('Words with which the title of an entry begins that ends the work for a while.'),
    }),

  over: changes,
  async *check({ path, kind }, { head, options, ...set }) {
    if (kind === 'deleted' || options.files.length === 0) return;
    const captures = (await capturing(options.files, head.declared))(path);
    const page = captures && (await markdownPage(head, path));
    if (!page || page.kind === 'no-text') return;
    if (page.kind === 'unread') {
      yield { notice: 'not-judged', message: `The entries of ${path} were not read: ${page.why}.`, path, needed: true };
      return;
    }
    const day = capturedDay(captures);
    const who = captures.get('identity');
    const frame = {
      until: momentOf({ head, ...set }),
      ...(day && { day: isoDay(day) }),
      ...(who !== undefined && { who }),
    };
    for (const { says, about, range } of faultsOf(entriesOf(page), options, frame)) {
      yield { message: `${says}.`, at: { path, range }, about };
    }
  },

  examples: {
    bad: [
      {
        title: 'headings',
        declared,
        options: { files },
        head: {
          [path]:
            '# Data\n\n«## Moving on»\n\n«## 2026-01-15T25:00:00Z — data: A»\n\n«## 2026-01-15T10:00:00 — data: B»\n',
        },
      },
      {
        title: 'whose, which day, in which order, and not before its time',
        declared,
        options: { files },
        head: {
          [path]:
            '«## 2026-01-15T10:00:00Z — web: A»\n«## 2026-01-14T10:30:00Z — data: B»\n## 2026-01-15T11:00:00Z — data: C\n«## 2026-01-15T10:59:00Z — data: D»\n«## 2026-01-15T18:00:00Z — data: E»\n',
        },
      },
      {
        title: 'fields',
        declared,
        options: { files, fields: ['Working On', 'Progress'], maxLines: { Evidence: 2 } },
        head: {
          [path]:
            '«## 2026-01-15T10:00:00Z — data: A»\n\n- **Working On:** the index\n- «Evidence:»\n  ```\n  one\n  two\n  three\n  ```\n\n## 2026-01-15T11:00:00Z — data: B\n\nWorking On: x\n\n«Progress:»\n',
        },
      },
      {
        title: 'a gap',
        declared,
        options: { files, maxGapHours: 2 },
        head: { [path]: '## 2026-01-15T08:00:00Z — data: A\n«## 2026-01-15T10:30:00Z — data: B»\n' },
      },
    ],
    good: [
      {
        declared,
        options: { files, fields: ['Working On', 'Progress'], maxLines: { Evidence: 3 }, maxGapHours: 2 },
        head: {
          [path]:
            '# Data\n\n' +
            entry('## 2026-01-15T08:00:00+01:00 — data: Begin', '**Working On:** index\n\n**Progress:** none\n\n') +
            entry(
              '## 2026-01-15T09:30+01:00 - data: Pause for lunch',
              '### Working On\n\nit\n\n### Progress\n\nhalf\n\n',
            ) +
            entry(
              '## 2026-01-15T12:30:00Z – data: Index: built',
              '- Working On: it\n- Progress: all\n- Evidence:\n  ```\n  1\n  2\n  3\n  ```\n',
            ).replace('12:30', '11:59'),
        },
      },
      { title: 'other files', declared, options: { files }, head: { 'feedback/data/README.md': '## Notes\n' } },
      { title: 'any form will do before the policy asks for one', declared, head: { [path]: '## Notes\n' } },
    ],
  },
});
