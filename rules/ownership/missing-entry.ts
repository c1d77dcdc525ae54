import { isNotice } from '../../src/core/notice.ts';
import { defineRule } from '../../src/core/rule.ts';
import { template } from '../../src/core/templates.ts';
import { change } from '../../src/facts/change.ts';
import { isTimeZone, missingReports, WEEKDAYS } from '../../src/facts/reports.ts';

const declared = {
  identities: {
    data: { emails: ['data@example.com'], owns: [] },
    web: { emails: ['web@example.com'], owns: [] },
  },
};
const options = { files: ['feedback/{identity}/{date}.md'], who: ['data', 'web'] };
const data = { name: 'Data', email: 'data@example.com' };
const web = { name: 'Web', email: 'web@example.com' };

export default defineRule({
  id: 'ownership/missing-entry',
  title: 'Report on every day of work',
  why: 'When one report is missing, the others plan around work of which nobody knows how far it is.',
  instead: 'Write the report of that day, also if it says that nothing was done.',
  severity: 'warning',
  options: (z) =>
    z.strictObject({
      files: z
        .array(
          template(z).refine(
            (text) => /^!|\{identity\}.*\{(?:date|yyyymmdd)\}|\{(?:date|yyyymmdd)\}.*\{identity\}/.test(text),
            'It needs {identity} and {date}.',
          ),
        )
        .default([])
        .describe('Path templates of the reports.'),
      who: z
        .array(z.string())
        .default([])
        .describe(
          'Identities who report. In a change its authors are asked, for the day of their commit; in an audit all of them.',
        ),
      days: z.array(z.enum(WEEKDAYS)).default(['Mon', 'Tue', 'Wed', 'Thu', 'Fri']).describe('Days of work.'),
      free: z.array(z.iso.date()).default([]).describe('Days on which nobody works.'),
      lookBack: z.int().min(1).max(366).default(1).describe('How many days an audit asks for, today among them.'),
      timeZone: z
        .string()
        .refine(isTimeZone, 'There is no such time zone: write it as "Europe/Stockholm".')
        .default('UTC')
        .describe('Where a day begins.'),
    }),

  over: change,
  async *check(set, { options }) {
    for await (const missing of missingReports(set, options)) {
      if (isNotice(missing)) yield missing;
      else {
        const { who, day } = missing;
        yield { message: `${who} has no report of ${day}.`, at: {}, about: `${who} ${day}` };
      }
    }
  },

  examples: {
    bad: [
      {
        title: 'an audit asks everybody',
        declared,
        options,
        head: { 'feedback/data/2026-01-15.md': '', 'feedback/web/2026-01-14.md': '', '«»': '' },
      },
      {
        title: 'whoever commits',
        declared,
        options,
        identity: web,
        head: { 'feedback/data/2026-01-15.md': '', 'a.ts': '', '«»': '' },
      },
      {
        title: 'the day of the commit counts, where the team is',
        declared,
        options: { ...options, timeZone: 'Asia/Tokyo' },
        commits: [{ author: data, date: new Date('2026-01-14T20:00:00Z') }],
        head: { 'feedback/data/2026-01-14.md': '', '«»': '' },
      },
    ],
    good: [
      {
        declared,
        options: { ...options, lookBack: 2, free: ['2026-01-14'] },
        head: { 'feedback/data/2026-01-15.md': '', 'feedback/web/2026-01-15.md': '' },
      },
      {
        title: 'in a change nobody else is asked',
        declared,
        options,
        commits: [{ author: data, date: new Date('2026-01-15T09:00:00Z') }],
        head: { 'feedback/data/2026-01-15.md': '' },
      },
      { title: 'a Sunday', declared, options, now: '2026-01-18T12:00:00Z', head: { 'a.ts': '' } },
      { title: 'nobody reports before the policy says so', declared, identity: web, head: { 'a.ts': '' } },
    ],
  },
});
