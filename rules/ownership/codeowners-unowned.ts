import { glob } from '../../src/core/globs.ts';
import { defineRule } from '../../src/core/rule.ts';
import { change } from '../../src/facts/change.ts';
import { codeOwnersOf, linesFor } from '../../src/facts/codeowners.ts';
import { named } from '../../src/facts/option-changes.ts';
import { matching } from '../../src/facts/paths.ts';

const options = { files: ['db/**'] };

export default defineRule({
  id: 'ownership/codeowners-unowned',
  title: 'Give every file that matters an owner',
  why: 'What nobody owns is reviewed by whoever happens to be there, or by nobody.',
  instead: 'Add a line for it to CODEOWNERS.',
  severity: 'warning',
  options: (z) =>
    z.strictObject({
      files: z.array(glob(z)).default([]).describe('Globs of the files that must have an owner in CODEOWNERS.'),
    }),

  over: change,
  async *check({ base, head, changes }, { options: { files } }) {
    if (files.length === 0) return;
    const matters = await matching(files);
    const owned = async (snapshot: typeof head) => {
      const file = await codeOwnersOf(snapshot);
      const linesAt = file && (await linesFor(file));
      return (path: string) => linesAt?.(path).some(({ owners }) => owners.length > 0) ?? false;
    };
    const now = await owned(head);
    const touched = new Set(changes.flatMap(({ path, kind }) => (kind === 'deleted' ? [] : [path])));
    for (const path of touched) {
      if (matters(path) && !now(path))
        yield { message: `${path} has no owner in CODEOWNERS.`, at: { path }, about: path };
    }
    const file = await codeOwnersOf(head);
    if (!file || !touched.has(file.path)) return;
    const before = await owned(base);
    const lost = (await head.paths()).filter(
      (path) => !touched.has(path) && matters(path) && !now(path) && before(path),
    );
    if (lost.length > 0)
      yield {
        message: `${named(lost, String)} lost ${lost.length === 1 ? 'its' : 'their'} owner.`,
        at: { path: file.path },
        about: 'lost',
      };
  },

  examples: {
    bad: [
      { options, head: { CODEOWNERS: '/db/*.sql @ann\n', 'db/a.sql': '', '«db/a.sh»': '', 'app/b.ts': '' } },
      {
        title: 'a line without owners takes them away',
        options,
        head: { CODEOWNERS: 'db/ @ann\n/db/tmp/\n', '«db/tmp/x»': '' },
      },
      { title: 'no CODEOWNERS at all', options, head: { '«db/a.sql»': '' } },
      {
        title: 'a line that goes',
        options,
        base: { CODEOWNERS: 'db/ @ann\n', 'db/a.sql': '' },
        head: { '«CODEOWNERS»': '# nothing\n', 'db/a.sql': '' },
      },
    ],
    good: [
      { options, head: { CODEOWNERS: '* @ann\n', 'db/a.sql': '' } },
      { title: 'nothing needs an owner before the policy says so', head: { CODEOWNERS: '', 'db/a.sql': '' } },
      { title: 'old files are for an audit', options, base: { 'db/a.sql': '' }, head: { 'db/a.sql': '', 'a.ts': '' } },
    ],
  },
});
