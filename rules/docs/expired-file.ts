import { defineRule } from '../../src/core/rule.ts';
import { template } from '../../src/core/templates.ts';
import { changes } from '../../src/facts/change.ts';
import { addDays, capturedDay, isoDay } from '../../src/facts/dates.ts';
import { capturing } from '../../src/facts/paths.ts';

export default defineRule({
  id: 'docs/expired-file',
  title: 'Remove documents whose time is over',
  why: 'A plan that nobody follows any more reads like one that everybody does.',
  instead: 'Delete it, or move what still holds into a document without a date.',
  severity: 'warning',
  options: (z) =>
    z.strictObject({
      files: z
        .array(
          template(z).refine((text) => /^!|\{(?:date|yyyymmdd)\}/.test(text), 'It has no {date} and no {yyyymmdd}.'),
        )
        .default([])
        .describe('Path templates with {date} or {yyyymmdd}: the documents that expire.'),
      days: z.int().min(0).default(30).describe('For how many days after its date a document holds.'),
    }),

  over: changes,
  async *check({ path, kind }, { head, now, options: { files, days } }) {
    if (kind === 'deleted' || files.length === 0) return;
    const captures = (await capturing(files, head.declared))(path);
    const day = captures && capturedDay(captures);
    if (!day || isoDay(now) <= isoDay(addDays(day, days))) return;
    yield { message: `${path} expired on ${isoDay(addDays(day, days))}.`, at: { path }, about: path };
  },

  examples: {
    bad: [
      {
        options: { files: ['plans/{topic}-{yyyymmdd}.md'], days: 10 },
        now: '2026-02-01T00:00:00Z',
        head: { '«plans/move-20260121.md»': '', 'plans/split-20260122.md': '' },
      },
      {
        title: 'whoever edits it is told as well',
        options: { files: ['docs/planning/{identity}-{task}-{yyyymmdd}.md'] },
        declared: { identities: { data: { emails: [], owns: [] } } },
        base: { 'docs/planning/data-move-20240228.md': 'a' },
        head: { '«docs/planning/data-move-20240228.md»': 'b' },
      },
      {
        options: { files: ['notes/{date}.md'], days: 0 },
        head: { '«notes/2026-01-14.md»': '', 'notes/2026-01-15.md': '' },
      },
    ],
    good: [
      {
        title: 'its last day counts',
        options: { files: ['notes/{date}.md'], days: 14 },
        head: { 'notes/2026-01-01.md': '' },
      },
      {
        title: 'a date that no calendar has is none',
        options: { files: ['notes/{date}.md'] },
        head: { 'notes/2025-02-30.md': '' },
      },
      {
        title: 'other files do not expire',
        options: { files: ['plans/{date}.md'] },
        head: { 'log/2020-01-01.md': '' },
      },
      { title: 'deleting it is the cure', options: { files: ['{date}.md'] }, base: { '2020-01-01.md': '' }, head: {} },
      { title: 'nothing expires before the policy says so', head: { 'plans/2020-01-01.md': '' } },
    ],
  },
});
