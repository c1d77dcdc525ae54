import { glob } from '../../src/core/globs.ts';
import { NotJudged } from '../../src/core/notice.ts';
import { defineRule, type Zod } from '../../src/core/rule.ts';
import { textFiles } from '../../src/facts/files.ts';
import { matching } from '../../src/facts/paths.ts';
import { pattern, patternOption } from '../../src/facts/patterns.ts';
import { readPointer } from '../../src/facts/pointers.ts';
import { settledValue, valuesIn } from '../../src/facts/settled-values.ts';

const shop = { pattern: '[a-z0-9-]+\\.myshopify\\.com', message: 'Read the shop domain from the environment.' };
const client = { from: { file: 'shopify.app.toml', at: 'client_id' }, message: 'It is settled in shopify.app.toml.' };

export default defineRule({
  id: 'content/hardcoded-value',
  title: 'Read from the configuration what is settled there',
  why: 'A value that is written into code as well is changed in one place only, and a program then runs against the wrong shop, host or account.',
  instead: 'Read it from the environment or the configuration, and leave one place where it is written.',
  severity: 'error',
  sources: ['https://12factor.net/config'],
  options: (z) =>
    z.strictObject({
      values: z.array(valueOption(z)).default([]).describe('The values that must not be written down.'),
    }),

  over: textFiles,
  async *check({ path, text, entry }, { head, options: { values } }) {
    if (entry.kind === 'symlink') return;
    for (const { pattern: source, from, files, message } of values) {
      if (path === from?.file || !(await matching(files))(path)) continue;
      const settled = from && (await settledValue(head, from.file, from.at));
      const matcher = source === undefined ? undefined : await pattern(source);
      if (!matcher && settled === undefined) continue;
      const holds = (value: string) =>
        (matcher?.test(value) ?? false) || (settled !== undefined && value.includes(settled));
      // A quick look at the whole spares most files from being parsed; an escape may hide the value.
      if (!holds(text) && !text.includes('\\')) continue;
      const found = await valuesIn(path, text);
      if (!found)
        throw new NotJudged(
          `${path} holds what must not be written down, perhaps in a comment: only JavaScript, TypeScript and configuration are looked into.`,
        );
      for (const { value, range } of found) {
        if (holds(value))
          yield {
            message: `Writes down a value that is settled elsewhere. ${message}`,
            at: { path, range },
            about: source ?? `${from!.file} ${from!.at}`,
          };
      }
    }
  },

  examples: {
    bad: [
      {
        options: { values: [shop] },
        head: {
          'app/a.tsx':
            "// my-shop.myshopify.com\nfetch(«'https://my-shop.myshopify.com/x'», «`my-shop.myshopify.com/${»id}`);\n",
        },
      },
      {
        title: 'a value that stands in a configuration file',
        options: { values: [client] },
        head: {
          'shopify.app.toml': 'client_id = "8c1f0d"\n',
          'app/b.ts': 'const id = «"8c1f0d"»;\n',
          'c.yml': 'env:\n  ID: «8c1f0d»\n',
        },
      },
      { title: 'escaped', options: { values: [shop] }, head: { 'a.js': "x(«'a\\u002emyshopify.com'»)" } },
    ],
    good: [
      {
        title: 'comments are no values',
        options: { values: [shop] },
        head: { 'a.ts': '/* a.myshopify.com */ f();', 'b.yml': 'a: 1 # a.myshopify.com' },
      },
      {
        title: 'elsewhere',
        options: { values: [{ ...shop, files: ['app/**'] }] },
        head: { 'test/a.ts': "'a.myshopify.com'" },
      },
      { title: 'documents may show it', options: { values: [shop] }, head: { 'README.md': 'Open a.myshopify.com.' } },
      { title: 'nothing is settled yet', options: { values: [client] }, head: { 'a.ts': "'8c1f0d'" } },
      { title: 'nothing is ruled out before the policy says so', head: { 'a.ts': "'a.myshopify.com'" } },
    ],
  },
});

function valueOption(z: Zod) {
  return z
    .strictObject({
      pattern: patternOption(z, 'needsText').optional().describe('A regular expression (RE2) of the value.'),
      from: z
        .strictObject({
          file: z.string().min(1).describe('A configuration file: JSON, YAML, TOML, INI or .env.'),
          at: z
            .string()
            .refine((text) => typeof readPointer(text) !== 'string', 'It is no pointer: write it as in "a.b".')
            .describe('Where in it.'),
        })
        .optional()
        .describe('The place where the value is settled. Values of fewer than four characters are not looked for.'),
      files: z.array(glob(z)).default(['**']).describe('Globs: where it must not be written down.'),
      message: z.string().min(1).describe('What to do instead, printed as written.'),
    })
    .refine(
      ({ pattern, from }) => (pattern === undefined) !== (from === undefined),
      'Give either "pattern" or "from".',
    );
}
