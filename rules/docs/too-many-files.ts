import { glob } from '../../src/core/globs.ts';
import { defineRule } from '../../src/core/rule.ts';
import { change } from '../../src/facts/change.ts';
import { folderOf, matching } from '../../src/facts/paths.ts';

const limits = [{ files: ['*.md'], max: 2 }];

export default defineRule({
  id: 'docs/too-many-files',
  title: 'Keep the number of documents in a folder within its limit',
  why: 'In a folder with everything in it, nobody finds the few documents that count.',
  instead: 'Put the new document into a folder of its subject, or merge it with one that is there.',
  severity: 'error',
  options: (z) =>
    z.strictObject({
      limits: z
        .array(
          z.strictObject({
            files: z.array(glob(z)).min(1).describe('Globs of the files that are counted, folder by folder.'),
            max: z.int().min(0).describe('The most of them in one folder.'),
          }),
        )
        .default([])
        .describe('How many files of which kind one folder may hold: "*.md" counts those at the root.'),
    }),

  over: change,
  async *check({ base, head, changes }, { options: { limits } }) {
    for (const { files, max } of limits) {
      const counts = await matching(files);
      const added = changes.filter(({ path, kind }) => (kind === 'added' || kind === 'renamed') && counts(path));
      for (const folder of new Set(added.map(({ path }) => folderOf(path)))) {
        const here = (path: string) => folderOf(path) === folder && counts(path);
        const [now, before] = [(await head.paths()).filter(here), (await base.paths()).filter(here)];
        if (now.length <= max || now.length <= before.length) continue;
        const where = folder === '' ? 'The root' : folder;
        const names = added.flatMap(({ path }) => (here(path) ? [path] : []));
        const shown = names.slice(0, 3).join(', ') + (names.length > 3 ? ` and ${names.length - 3} more` : '');
        const message = `${where} holds ${now.length} files of ${files.join(', ')}; ${max} are the most, and this adds ${shown}.`;
        yield { message, at: {}, about: `${files.join(', ')} in ${where}` };
      }
    }
  },

  examples: {
    bad: [
      { options: { limits }, head: { 'README.md': '', 'NOTES.md': '', 'PLAN.md': '', '«»': '' } },
      {
        title: 'one more than there may be',
        options: { limits },
        base: { 'README.md': '', 'NOTES.md': '' },
        head: { 'README.md': '', 'NOTES.md': '', 'PLAN.md': '', '«»': '' },
      },
      {
        title: 'each folder has its own count',
        options: { limits: [{ files: ['docs/**/*.md'], max: 1 }] },
        head: { 'docs/a.md': '', 'docs/x/b.md': '', 'docs/x/c.md': '', '«»': '' },
      },
    ],
    good: [
      { options: { limits }, head: { 'README.md': '', 'NOTES.md': '', 'docs/a.md': '', 'a.ts': '' } },
      {
        title: 'what has been too much for long is not blamed on whoever exchanges one for another',
        options: { limits },
        base: { 'a.md': 'a', 'b.md': 'b', 'c.md': 'c' },
        head: { 'a.md': 'a', 'b.md': 'b2', 'd.md': 'd' },
      },
      { title: 'there is no limit before the policy sets one', head: { 'a.md': '', 'b.md': '', 'c.md': '' } },
    ],
  },
});
