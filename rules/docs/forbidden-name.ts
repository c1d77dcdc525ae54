import { glob } from '../../src/core/globs.ts';
import { defineRule } from '../../src/core/rule.ts';
import { changes } from '../../src/facts/change.ts';
import { matching, matchingAnyCase } from '../../src/facts/paths.ts';

const names = ['STATUS_*', '*_REPORT.md', 'HANDOFF_*'];

export default defineRule({
  id: 'docs/forbidden-name',
  title: 'Do not add documents whose names stand for passing notes',
  why: 'A status, a report or a hand-over is true for a day, and is found by search for years.',
  instead: 'Write it where reports belong (a feedback file, the pull request), or into the document that it is about.',
  severity: 'error',
  options: (z) =>
    z.strictObject({
      names: z
        .array(glob(z).refine((name) => !name.includes('/'), 'It is held against names, which have no "/".'))
        .default([])
        .describe('Globs of file names, in letters of either case: "STATUS_*".'),
      where: z.array(glob(z)).default(['**']).describe('Globs of the paths that are looked at.'),
    }),

  over: changes,
  async *check({ path, kind }, { options: { names, where } }) {
    if (kind === 'deleted' || names.length === 0 || !(await matching(where))(path)) return;
    const name = path.slice(path.lastIndexOf('/') + 1);
    if (!(await matchingAnyCase(names))(name)) return;
    yield { message: `${path} has a name that is not used here: ${name}.`, at: { path }, about: path };
  },

  examples: {
    bad: [
      {
        options: { names },
        head: { '«docs/STATUS_final.md»': '', '«WEEK_REPORT.md»': '', 'docs/reports.md': '', 'REPORT.md': '' },
      },
      { title: 'in other letters', options: { names }, head: { '«handoff_web.txt»': '' } },
      {
        title: 'a document that gets such a name',
        options: { names },
        base: { 'docs/a.md': 'a' },
        head: { '«docs/STATUS_a.md»': 'a' },
      },
    ],
    good: [
      { options: { names }, head: { 'docs/status.md': '', 'STATUS_/a.md': '' } },
      { title: 'elsewhere', options: { names, where: ['**/*.md'] }, head: { 'src/STATUS_CODES.ts': '' } },
      { title: 'deleting it is the cure', options: { names }, base: { 'STATUS_1.md': '' }, head: {} },
      { title: 'every name is free before the policy says so', head: { 'STATUS_1.md': '' } },
    ],
  },
});
