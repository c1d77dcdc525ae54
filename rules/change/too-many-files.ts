import { glob } from '../../src/core/globs.ts';
import { defineRule } from '../../src/core/rule.ts';
import { change } from '../../src/facts/change.ts';
import { isUnsaid, justification, wayOutOptions } from '../../src/facts/justification.ts';
import { matching } from '../../src/facts/paths.ts';

const three = { 'a.ts': '1', 'b.ts': '2', 'c.ts': '3' };
const base = { 'README.md': '' };
const head = { ...base, ...three };
const options = { maxFiles: 2 };

export default defineRule({
  id: 'change/too-many-files',
  title: 'Keep a change to as many files as a reviewer can read',
  why: 'Of a change that touches everything nobody reads more than the beginning, and nobody can take a part of it back.',
  instead:
    'Split it. Where it cannot be split (a rename, generated code), say why in a trailer of the commit or a section of the pull request.',
  severity: 'error',
  options: (z) =>
    z.strictObject({
      maxFiles: z.int().min(1).default(50).describe('The most files of one change.'),
      files: z.array(glob(z)).default(['**']).describe('Globs of the files that count; "!" takes some out.'),
      ...wayOutOptions(z, 'Large-Change', 'Large change'),
    }),

  over: change,
  async *check(set, { options: { maxFiles, files, ...way } }) {
    const counts = await matching(files);
    const count = (set.committing ?? set.changes).filter(({ path }) => counts(path)).length;
    // Where there was nothing before, the whole is what it is: an import, or an audit.
    if (count <= maxFiles || (await set.base.paths()).length === 0) return;
    const excused = await justification(set, way);
    const says = `The change touches ${count} files; ${maxFiles} are the most`;
    const message = isUnsaid(set) ? `${says}, unless its message says why: "${way.trailer}: the reason".` : `${says}.`;
    const draft = { message, at: {}, about: 'files', ...(excused && { excused }) };
    yield isUnsaid(set) ? { ...draft, atMost: 'warning' as const } : draft;
  },

  examples: {
    bad: [
      { options, base, head: { ...head, '«»': '' } },
      {
        title: 'a trailer without a reason, and one that is no trailer',
        options,
        base,
        head: { ...head, '«»': '' },
        commits: [
          { message: 'feat: a\n\nLarge-Change:\n' },
          { message: 'feat: b\n\nLarge-Change: yes\n\nbut not here\n' },
        ],
      },
      {
        title: 'a section that only has a comment',
        options,
        base,
        head: { ...head, '«»': '' },
        pullRequest: { title: 'x', body: '## Large change\n\n<!-- why -->\n', labels: [] },
      },
    ],
    good: [
      { options: { maxFiles: 3 }, base, head },
      {
        title: 'a reason in the message, which is shown',
        options,
        base,
        head,
        commits: [{ message: 'refactor: rename\n\nLarge-Change: one rename, by codemod\nSigned-off-by: A <a@b.c>\n' }],
      },
      {
        title: 'a reason in the pull request',
        options,
        base,
        head,
        pullRequest: { title: 'x', body: '### Large change?\n\nGenerated clients.\n', labels: [] },
      },
      {
        title: 'files that do not count',
        options: { maxFiles: 2, files: ['**', '!gen/**'] },
        base,
        head: { ...base, 'gen/a': '', 'gen/b': '', 'gen/c': '' },
      },
      { title: 'the first commit, or an audit', options, head: three },
    ],
  },
});
