import { defineRule } from '../../src/core/rule.ts';
import { changes } from '../../src/facts/change.ts';
import { nameProblem } from '../../src/facts/path-names.ts';

export default defineRule({
  id: 'change/invalid-path-name',
  title: 'Give files names that every system can keep',
  why: 'A name that one system refuses stops the checkout of the whole repository there, and one that shows something else than it holds deceives reviewers.',
  instead: 'Rename the file: letters, digits, ".", "-" and "_" are safe everywhere.',
  severity: 'error',
  sources: ['https://learn.microsoft.com/en-us/windows/win32/fileio/naming-a-file'],
  options: (z) =>
    z.strictObject({
      windows: z.boolean().default(true).describe('Whether names that only Windows refuses are found, too.'),
    }),

  over: changes,
  *check({ path, kind }, { options: { windows } }) {
    if (kind !== 'added' && kind !== 'renamed') return;
    const problem = nameProblem(path);
    if (!problem || (problem.onlyOn && !windows)) return;
    const { says, onlyOn } = problem;
    yield { message: `${path} ${says}.`, at: { path }, about: 'name', ...(onlyOn && { atMost: 'warning' }) };
  },

  examples: {
    bad: [
      { head: { '«docs/aux.md»': '', 'docs/auxiliary.md': '' } },
      { title: 'characters that Windows keeps for itself', head: { '«a:b.txt»': '', '«who?»': '' } },
      { title: 'what Windows takes off the end', head: { '«a./b»': '', '«c »': '' } },
      { title: 'bytes that are not UTF-8, as Git shows them', head: { '«caf\ufffdE9.txt»': '' } },
      { title: 'a line break', head: { '«a\nb»': '' } },
      { title: 'a name that reads backwards', head: { '«a\u202etxt.sh»': '' } },
      { title: 'a very long name', head: { [`«${'é'.repeat(128)}»`]: '' } },
      { base: { a: 'x' }, title: 'a move', head: { '«nul.txt»': 'x' } },
    ],
    good: [
      {
        title: 'what frameworks and people write',
        head: { 'app/[slug]/(group)/$id.tsx': '', 'Größe 👩‍👩‍👧.md': '', '@a/.b/con-fig': '', 'com.ts': '' },
      },
      {
        title: 'no system of yours is Windows',
        options: { windows: false },
        head: { 'Foo::Bar.3pm': '', 'aux.md': '' },
      },
      { title: 'one that was there', base: { 'aux.md': 'a' }, head: { 'aux.md': 'b' } },
      { title: 'one that goes', base: { 'aux.md': 'a' }, head: {} },
    ],
  },
});
