import { isNotice } from '../../src/core/notice.ts';
import { defineRule } from '../../src/core/rule.ts';
import { template } from '../../src/core/templates.ts';
import { change } from '../../src/facts/change.ts';
import { agesOf } from '../../src/facts/ages.ts';
import { addDays, isoDay } from '../../src/facts/dates.ts';

const first = [
  { path: 'plans/move.md', kind: 'added' },
  { path: 'plans/new.md', kind: 'added' },
] as const;

export default defineRule({
  id: 'docs/expired-file',
  title: 'Remove documents whose time is over',
  why: 'A plan that nobody follows any more reads like one that everybody does.',
  instead: 'Delete it, or move what still holds into a document without a date.',
  severity: 'warning',
  options: (z) =>
    z.strictObject({
      files: z
        .array(template(z))
        .default([])
        .describe(
          'Path templates of the documents that expire: counted from the {date} or {yyyymmdd} in the name, without one from the first commit.',
        ),
      days: z.int().min(0).default(30).describe('For how many days a document holds.'),
    }),

  over: change,
  async *check(set, { options: { files, days } }) {
    if (files.length === 0) return;
    for await (const age of agesOf(set, files)) {
      if (isNotice(age)) {
        yield age;
        continue;
      }
      const { path, day } = age;
      if (day === undefined) yield { message: `${path} has a date that no calendar has.`, at: { path }, about: path };
      else if (isoDay(set.now) > isoDay(addDays(day, days))) {
        yield { message: `${path} expired on ${isoDay(addDays(day, days))}.`, at: { path }, about: path };
      }
    }
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
      {
        title: 'without a date in its name, from the first commit',
        options: { files: ['plans/{topic}.md'], days: 10 },
        head: { '«plans/move.md»': '', 'plans/new.md': '' },
        history: [
          { date: new Date('2026-01-14'), changes: [first[1]] },
          { date: new Date('2026-01-03'), changes: [{ path: 'plans/move.md', kind: 'modified' }] },
          { date: new Date('2026-01-02'), changes: [first[0]] },
        ],
      },
      {
        title: 'a date that no calendar has would never pass',
        options: { files: ['notes/{date}.md'] },
        head: { '«notes/2025-02-30.md»': '' },
      },
    ],
    good: [
      {
        title: 'its last day counts',
        options: { files: ['notes/{date}.md'], days: 14 },
        head: { 'notes/2026-01-01.md': '' },
      },
      {
        title: 'what has no commit yet is new',
        options: { files: ['plans/{topic}.md'] },
        head: { 'plans/a.md': '' },
        history: [],
      },
      {
        title: 'other files do not expire',
        options: { files: ['plans/{date}.md'] },
        head: { 'log/2020-01-01.md': '', 'plans/draft.md': '' },
      },
      { title: 'deleting it is the cure', options: { files: ['{date}.md'] }, base: { '2020-01-01.md': '' }, head: {} },
      { title: 'nothing expires before the policy says so', head: { 'plans/2020-01-01.md': '' } },
    ],
  },
});
