import { glob } from '../../src/core/globs.ts';
import { defineRule, type Zod } from '../../src/core/rule.ts';
import { textFiles } from '../../src/facts/files.ts';
import { matching } from '../../src/facts/paths.ts';
import { pattern, patternOption } from '../../src/facts/patterns.ts';

/** In one file, for one pattern: past it, a pattern that is everywhere would drown all other findings. */
const MOST = 1000;

const shop = {
  pattern: '[a-z0-9-]+\\.myshopify\\.com',
  files: ['app/**'],
  message: 'Read the domain from the environment.',
};
const only = { pattern: '(?i)\\b(?:describe|it)\\.only\\(', message: 'Takes all other tests out of the run.' };

export default defineRule({
  id: 'content/forbidden-text',
  title: 'Keep out text that the team has ruled out',
  why: 'The team has met this text before, and decided that it does harm wherever it stands.',
  instead: "Do what the finding's message says, or change the rule in a change of its own.",
  severity: 'error',
  sources: ['https://github.com/google/re2/wiki/Syntax'],
  options: (z) =>
    z.strictObject({
      texts: z
        .array(textOption(z))
        .default([])
        .describe('The texts that must not stand anywhere, or not in some files.'),
    }),

  over: textFiles,
  handwritten: true,
  async *check({ path, text }, { options: { texts } }) {
    for (const { pattern: source, files, message } of texts) {
      if (!(await matching(files))(path)) continue;
      const compiled = await pattern(source, 'lines');
      const most = Math.min(MOST, compiled.most(text));
      let left = most;
      for (const range of compiled.find(text, most)) {
        left--;
        yield { message, at: { path, range }, about: source };
      }
      if (left > 0) continue;
      const cut = `After ${most} matches of ${source}, the rest of ${path} was left.`;
      yield { notice: 'not-judged', message: cut, path };
    }
  },

  examples: {
    bad: [
      { options: { texts: [shop] }, head: { 'app/a.ts': "fetch('https://«my-shop.myshopify.com»/x');\n" } },
      {
        title: 'each match is a finding',
        options: { texts: [only, { pattern: '\\bTODO\\b', message: 'Write an issue.' }] },
        head: { 'a.test.ts': '«it.only(»1); // «TODO» and «TODO»\n', 'b.test.ts': '«Describe.only(»2)\n' },
      },
      {
        title: 'of an old file, only what is new',
        options: { texts: [{ pattern: '^console\\.log.*$', message: 'Use the logger.' }] },
        base: { 'a.js': 'console.log(1)\r\n' },
        head: { 'a.js': 'console.log(1)\r\n«console.log(2)»\r\nx; console.log(3)\r\n' },
      },
      {
        title: 'over lines',
        options: { texts: [{ pattern: 'a\\s+💣', message: 'No.' }] },
        head: { x: '\ufeff🙂«a\r\n\r\n💣»' },
      },
    ],
    good: [
      { title: 'elsewhere it may stand', options: { texts: [shop] }, head: { 'docs/a.md': 'my-shop.myshopify.com' } },
      { title: 'a dot that is a dot', options: { texts: [shop] }, head: { 'app/a.md': 'my-shop.myshopify-com' } },
      { title: 'a part of another word', options: { texts: [only] }, head: { 'a.test.ts': 'it(1); submit.only(2);' } },
      { title: 'an old line', options: { texts: [only] }, base: { a: 'it.only(1)\n' }, head: { a: 'it.only(1)\nx\n' } },
      { title: 'nothing is ruled out before the policy says so', head: { 'a.ts': 'it.only(1)' } },
    ],
  },
});

function textOption(z: Zod) {
  return z.strictObject({
    pattern: patternOption(z, 'needsText').describe('A regular expression (RE2). `^` and `$` are the ends of a line.'),
    files: z.array(glob(z)).default(['**']).describe('Globs: where it must not stand.'),
    message: z.string().min(1).describe('What to say where it is found, printed as written.'),
  });
}
