import { defineRule } from '../../src/core/rule.ts';
import { change } from '../../src/facts/change.ts';
import { collisions } from '../../src/facts/collisions.ts';

export default defineRule({
  id: 'change/case-collision',
  title: 'Keep paths apart by more than the case of their letters',
  why: 'On macOS and Windows two such paths are one file: a checkout keeps one of them, and shows the other as modified for ever.',
  instead: 'Rename one of the two, or take the older one out in the same change: git mv does it.',
  severity: 'error',
  sources: [
    'https://git-scm.com/docs/git-config#Documentation/git-config.txt-coreignoreCase',
    'https://pre-commit.com/hooks.html#check-case-conflict',
  ],
  options: (z) => z.strictObject({}),

  over: change,
  async *check({ head, changes }) {
    for await (const { path, other, folders } of collisions(head, changes)) {
      const message = folders
        ? `${path} lies in another folder than ${other}, and on macOS and Windows in the same one.`
        : `${path} and ${other} are one file on macOS and Windows.`;
      yield { message, at: { path }, about: other, related: [{ path: other }], ...(folders && { atMost: 'warning' }) };
    }
  },

  examples: {
    bad: [
      { base: { 'docs/Setup.md': 'a' }, head: { 'docs/Setup.md': 'a', '«docs/setup.md»': 'b' } },
      { title: 'both are new: the later one is told', head: { README: '1', '«Readme»': '2' } },
      {
        title: 'one letter, composed in two ways',
        base: { 'a/caf\u00e9.txt': '1' },
        head: { 'a/caf\u00e9.txt': '1', '«a/cafe\u0301.txt»': '2' },
      },
      {
        title: 'folders, once for each pair',
        base: { 'Docs/a.md': '' },
        head: { 'Docs/a.md': '', '«docs/b.md»': '', 'docs/c.md': '' },
      },
      { title: 'a file where a folder is', base: { 'lib/a.ts': '' }, head: { 'lib/a.ts': '', '«Lib»': '' } },
    ],
    good: [
      { title: 'a change of case', base: { 'docs/Setup.md': 'a' }, head: { 'docs/setup.md': 'a' } },
      { title: 'another folder', base: { 'a/Setup.md': '' }, head: { 'a/Setup.md': '', 'b/setup.md': '' } },
      { title: 'letters that only look alike to people', head: { 'Maße.md': '', 'MASSE.md': '' } },
      { title: 'an old pair', base: { A: '', a: '' }, head: { A: '', a: '', b: '' } },
    ],
  },
});
