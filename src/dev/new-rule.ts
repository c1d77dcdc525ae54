import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { catalogueFile, listedIds } from './catalogue-file.ts';

/** `npm run new-rule family/name [folder]`: a rule that works, to be made into yours, and its line in the catalogue. */
const [id = '', root = '.'] = process.argv.slice(2);
if (!/^[a-z]+(-[a-z]+)*\/[a-z0-9]+(-[a-z0-9]+)*$/.test(id)) {
  console.error('Name the rule: npm run new-rule family/name, as in sql/drop-column (lower case, words joined by "-").');
  process.exit(2);
}
const file = join(root, 'rules', `${id}.ts`);
if (existsSync(file)) {
  console.error(`${file} exists already.`);
  process.exit(2);
}

const template = `import { defineRule } from '../../src/core/rule.ts';
import { textFiles } from '../../src/facts/files.ts';

export default defineRule({
  id: '${id}',
  title: 'Say in the imperative what is asked of the author',
  why: 'Say what goes wrong for people or production when this is let through.',
  instead: 'Say what to do instead.',
  severity: 'warning',
  options: (z) => z.strictObject({ word: z.string().min(1).default('REPLACE-ME').describe('What is looked for') }),
  over: textFiles,
  *check({ path, text }, { options: { word } }) {
    const start = text.indexOf(word);
    if (start < 0) return;
    yield { message: \`Holds the word \${word}.\`, at: { path, range: [start, start + word.length] }, about: word };
  },
  examples: {
    bad: [{ head: { 'a.txt': 'here it is: «REPLACE-ME»' } }],
    good: [
      { head: { 'a.txt': 'nothing here' } },
      { title: 'another word', options: { word: 'x' }, head: { 'a.txt': 'REPLACE-ME' } },
    ],
  },
});
`;

mkdirSync(dirname(file), { recursive: true });
writeFileSync(file, template);
const index = join(root, 'rules/index.ts');
writeFileSync(index, catalogueFile([...listedIds(readFileSync(index, 'utf8')), id]));
console.log(`Wrote ${file} and its line in ${index}.\nNext: give it its words, check and examples; npm test; npm run docs.`);
