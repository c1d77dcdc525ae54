import { glob } from '../../src/core/globs.ts';
import { defineRule } from '../../src/core/rule.ts';
import { files } from '../../src/facts/files.ts';
import { matching } from '../../src/facts/paths.ts';

const hook = '#!/bin/sh\nexit 0\n';

export default defineRule({
  id: 'change/file-mode',
  title: 'Make executable what is run, and nothing else',
  why: 'A script without its bit fails where it is called by name, in a hook or an image; a bit on a document hides one that matters.',
  instead: 'Set the bit in Git: git update-index --chmod=+x FILE, or --chmod=-x.',
  severity: 'error',
  sources: ['https://pre-commit.com/hooks.html#check-executables-have-shebangs'],
  options: (z) =>
    z.strictObject({
      executable: z.array(glob(z)).default([]).describe('Globs of files that must be executable.'),
      plain: z.array(glob(z)).default([]).describe('Globs of files that must not be.'),
      byShebang: z
        .boolean()
        .default(false)
        .describe('Whether of all other files exactly those must be executable that begin with "#!".'),
    }),

  over: files,
  async *check({ path, entry: { kind, mode }, content }, { options: { executable, plain, byShebang } }) {
    if (kind !== 'file') return;
    const is = mode === '100755';
    const says = async (): Promise<string | undefined> => {
      if ((await matching(executable))(path)) return is ? undefined : 'must be executable';
      if ((await matching(plain))(path)) return is ? 'must not be executable' : undefined;
      if (!byShebang || content.kind !== 'text' || /\.rs$/.test(path)) return undefined;
      const begins = content.text.startsWith('#!');
      if (begins === is) return undefined;
      return is ? 'is executable and does not begin with "#!"' : 'begins with "#!" and is not executable';
    };
    const problem = await says();
    if (problem) yield { message: `${path} ${problem}.`, at: { path }, about: 'mode' };
  },

  examples: {
    bad: [
      { options: { executable: ['hooks/*'] }, head: { '«hooks/pre-commit»': hook } },
      { options: { plain: ['**/*.md'] }, head: { '«a.md»': '# A\n' }, modes: { 'a.md': '100755' } },
      {
        title: 'both ways, by the first line',
        options: { byShebang: true },
        head: { '«a.sh»': hook, '«b.json»': '{}', 'c.sh': hook, d: 'x' },
        modes: { 'b.json': '100755', 'c.sh': '100755' },
      },
      {
        title: 'a change of mode alone',
        options: { plain: ['**'] },
        base: { a: 'x' },
        head: { '«a»': 'x' },
        modes: { a: '100755' },
      },
    ],
    good: [
      {
        options: { executable: ['hooks/*'] },
        head: { 'hooks/pre-commit': hook },
        modes: { 'hooks/pre-commit': '100755' },
      },
      { title: "Rust's attributes begin so", options: { byShebang: true }, head: { 'a.rs': '#![no_std]\n' } },
      { title: 'a link has no mode of its own', options: { plain: ['**'] }, head: { a: 'b' }, modes: { a: '120000' } },
      { title: 'nothing is asked before the policy says so', head: { 'a.sh': hook }, modes: { 'a.sh': '100755' } },
    ],
  },
});
