import { glob } from '../../src/core/globs.ts';
import { defineRule, type Zod } from '../../src/core/rule.ts';
import { textFiles } from '../../src/facts/files.ts';
import { matching } from '../../src/facts/paths.ts';
import { pattern, patternOption } from '../../src/facts/patterns.ts';

const licence = {
  pattern: '^// SPDX-License-Identifier: MIT$',
  files: ['src/**/*.ts'],
  message: 'Every source file names its licence.',
};

export default defineRule({
  id: 'content/required-text',
  title: 'Write into a file what the team asks every such file to hold',
  why: 'What is asked of every file is relied on by whoever reads only one of them: a licence, an owner, a switch that must be set.',
  instead: "Add what the finding's message names.",
  severity: 'error',
  sources: ['https://github.com/google/re2/wiki/Syntax'],
  options: (z) =>
    z.strictObject({ texts: z.array(textOption(z)).default([]).describe('What must stand in which files.') }),

  over: textFiles,
  counts: 'file',
  async *check({ path, text, entry }, { options: { texts } }) {
    if (entry.kind === 'symlink') return;
    for (const { pattern: source, files, message, within } of texts) {
      if (!(await matching(files))(path)) continue;
      const part = within === undefined ? text : text.split('\n', within).join('\n');
      if (!(await pattern(source, 'lines')).test(part)) {
        yield { message: `${path} lacks what must stand in it. ${message}`, at: { path }, about: source };
      }
    }
  },

  examples: {
    bad: [
      {
        options: { texts: [licence] },
        head: { '«src/a.ts»': 'export {};\n', 'src/b.ts': '// SPDX-License-Identifier: MIT\n' },
      },
      {
        title: 'a file that is touched counts whole',
        options: { texts: [licence] },
        base: { 'src/a.ts': '// SPDX-License-Identifier: MIT\na\nb\n' },
        head: { '«src/a.ts»': 'a\nb\n' },
      },
      {
        title: 'within the first lines',
        options: { texts: [{ ...licence, files: ['**'], within: 2 }] },
        head: { '«a»': '1\n2\n// SPDX-License-Identifier: MIT\n' },
      },
    ],
    good: [
      {
        title: 'lines that end in CRLF',
        options: { texts: [licence] },
        head: { 'src/a.ts': '\ufeff// SPDX-License-Identifier: MIT\r\n' },
      },
      { title: 'other files', options: { texts: [licence] }, head: { 'a.md': '', 'src/b.css': '' } },
      {
        title: 'one that nobody touched',
        options: { texts: [licence] },
        base: { 'src/a.ts': '' },
        head: { 'src/a.ts': '', b: '' },
      },
      { title: 'one that goes', options: { texts: [licence] }, base: { 'src/a.ts': '' }, head: {} },
      { title: 'nothing is asked before the policy says so', head: { 'src/a.ts': '' } },
    ],
  },
});

function textOption(z: Zod) {
  return z.strictObject({
    pattern: patternOption(z, 'needsText').describe(
      'A regular expression (RE2) that must match somewhere. `^` and `$` are the ends of a line.',
    ),
    files: z.array(glob(z)).min(1).describe('Globs: the files in which it must stand.'),
    within: z.int().min(1).optional().describe('Only so many lines from the top count.'),
    message: z.string().min(1).describe('What to say where it is missing, printed as written.'),
  });
}
