import { defineRule } from '../../src/core/rule.ts';
import { files } from '../../src/facts/files.ts';

const MEGABYTE = 1_000_000;

export default defineRule({
  id: 'change/large-file',
  title: 'Keep large files out of the history',
  why: 'Every clone carries every version of a file for ever, also after it has been deleted.',
  instead: 'Keep it in Git LFS or an artifact store, or fetch it when it is needed.',
  severity: 'error',
  sources: [
    'https://docs.github.com/en/repositories/working-with-files/managing-large-files/about-large-files-on-github',
    'https://pre-commit.com/hooks.html#check-added-large-files',
  ],
  options: (z) =>
    z.strictObject({
      maxBytes: z
        .int()
        .min(1)
        .default(5 * MEGABYTE)
        .describe('The most bytes of one file.'),
      maxLfsBytes: z
        .int()
        .min(1)
        .optional()
        .describe('The most bytes of one file in Git LFS. Left out, it may have any size.'),
    }),

  over: files,
  eachCommit: true,
  *check({ path, change, content }, { options: { maxBytes, maxLfsBytes = Infinity } }) {
    // A move or a change of mode brings in no bytes that the history does not have.
    const { before, after } = change;
    if (change.kind === 'renamed' || (before?.oid !== undefined && before.oid === after?.oid)) return;
    if (content.kind === 'gitlink') return;
    const [most, where] = content.kind === 'lfs' ? [maxLfsBytes, ' in Git LFS'] : [maxBytes, ''];
    if (content.size <= most) return;
    yield {
      message: `${path} has ${size(content.size)}${where}; ${size(most)} are the most.`,
      at: { path },
      about: 'size',
    };
  },

  examples: {
    bad: [
      { options: { maxBytes: 10 }, head: { '«data.csv»': 'id;name\n1;Ann\n' } },
      {
        title: 'a new version is as large again',
        options: { maxBytes: 10 },
        base: { 'data.csv': 'id;name\n1;Ann\n' },
        head: { '«data.csv»': 'id;name\n1;Ben\n' },
      },
      {
        title: 'bytes are counted, not characters',
        options: { maxBytes: 10 },
        head: { '«a.txt»': '€€€€', 'b.txt': 'eeee' },
      },
    ],
    good: [
      { options: { maxBytes: 10 }, head: { 'data.csv': 'id;name\n1;' } },
      { title: 'by default, five megabytes', head: { 'data.csv': 'id;name\n1;Ann\n' } },
      {
        title: 'a move adds no bytes',
        options: { maxBytes: 10 },
        base: { 'data.csv': 'id;name\n1;Ann\n' },
        head: { 'fixtures/data.csv': 'id;name\n1;Ann\n' },
      },
      { title: 'one that goes', options: { maxBytes: 10 }, base: { 'data.csv': 'id;name\n1;Ann\n' }, head: {} },
    ],
  },
});

function size(bytes: number): string {
  if (bytes < 1000) return `${bytes} bytes`;
  return bytes < MEGABYTE ? `${(bytes / 1000).toFixed(1)} kB` : `${(bytes / MEGABYTE).toFixed(1)} MB`;
}
