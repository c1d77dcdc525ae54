import { defineRule } from '../../src/core/rule.ts';
import { declaredIn, isManifest } from '../../src/facts/declared-dependencies.ts';
import { textFiles } from '../../src/facts/files.ts';
import { importOption, mayImport, mayName, modulesNamed, readImports } from '../../src/facts/imports.ts';
import { matching } from '../../src/facts/paths.ts';

const remix = {
  modules: ['@remix-run/*'],
  files: ['app/**'],
  kinds: ['static', 'dynamic'],
  message: 'Use react-router.',
};
const only = (kind: string, ...modules: string[]) => ({
  imports: [{ modules: modules.length > 0 ? modules : ['m'], kinds: [kind], message: 'Not here.' }],
});

export default defineRule({
  id: 'content/forbidden-import',
  title: 'Import only what the team has left open',
  why: 'A module that was ruled out comes back one import at a time, and each makes it dearer to be rid of it.',
  instead: "Import what the finding's message names, or change the rule in a change of its own.",
  severity: 'error',
  sources: ['https://eslint.org/docs/latest/rules/no-restricted-imports'],
  options: (z) =>
    z.strictObject({
      imports: z.array(importOption(z)).default([]).describe('The modules that must not be imported.'),
    }),

  over: textFiles,
  handwritten: true,
  async *check({ path, text, entry }, { options: { imports: entries } }) {
    if (entry.kind === 'symlink') return;
    if (isManifest(path)) {
      for (const { modules, notIn, message } of entries) {
        for (const { list, names, range } of notIn.length > 0 ? await declaredIn(text, notIn) : []) {
          const isNamed = await modulesNamed(modules);
          const name = names.find((one) => isNamed(one, path));
          if (name !== undefined)
            yield {
              message: `Asks for ${name} in "${list}". ${message}`,
              at: { path, range },
              about: `${list} ${name}`,
            };
        }
      }
    }
    if (!mayImport(path)) return;
    const here = [];
    for (const one of entries) if ((await matching(one.files))(path) && mayName(one.modules, text)) here.push(one);
    if (here.length === 0) return;
    const { imports, problem } = await readImports(path, text);
    for (const { kind, module, range } of imports) {
      for (const { modules, kinds, message } of here) {
        if (!kinds.includes(kind) || !(await modulesNamed(modules))(module, path)) continue;
        yield { message: `Imports ${module}. ${message}`, at: { path, range }, about: module };
      }
    }
    if (problem !== undefined) {
      yield { notice: 'not-judged', message: `${path} does not parse (${problem}): imports may be missed.`, path };
    }
  },

  examples: {
    bad: [
      {
        options: { imports: [remix] },
        head: { 'app/a.tsx': "import { json } from «'@remix-run/node'»;\nawait import(«'@remix-run/a/b'»);\n" },
      },
      {
        title: 'the dependency must not be declared either, under whatever name',
        options: { imports: [{ modules: ['@remix-run/*'], notIn: ['dependencies'], message: 'Use react-router.' }] },
        head: {
          'app/package.json':
            '{ "dependencies": { "@remix-run/node": «"2"», "old": «"npm:@remix-run/react@2"», "react": "19" },\n  "devDependencies": { "@remix-run/dev": "2" } }',
        },
      },
      { options: only('side-effect'), head: { 'a.js': "import «'m'»; import x from 'm';" } },
      { options: only('type'), head: { 'a.ts': 'import type { A } from «"m"»; let c: import(«"m"»).C;' } },
      {
        options: only('re-export'),
        head: { 'a.mjs': "export * from «'m'»; export { a as b } from «'m'»; export { c };" },
      },
      { options: only('require'), head: { 'a.cjs': "return require(«'m'»);", 'b.ts': "import x = require(«'m'»);" } },
      {
        options: only('mock'),
        head: { 'a.test.ts': "vi.mock(«'m'»); jest.requireActual(«'m'»); vi.mock(import(«'m'»));" },
      },
      {
        options: only('dynamic'),
        head: {
          'a.jsx': "const a = <b>{import(«`m`»)}</b>; import(«'' + 'm'»); import(m); import.meta.resolve(«'m'»);",
        },
      },
      {
        title: 'a relative import is a path, and a part of Node has two names',
        options: only('static', 'app/old/**', 'fs'),
        head: {
          'app/new/a.vue':
            "<!-- <script>import '../old/x'</script> -->\n<script setup lang=\"ts\">\nimport x from «'../old/x.js?raw'»;\nimport fs from «'node:fs'»;\n</script>\n",
        },
      },
    ],
    good: [
      {
        title: 'comments and strings',
        options: { imports: [remix] },
        head: { 'app/a.ts': `// import '@remix-run/a'\n"import '@remix-run/a'"` },
      },
      { title: 'elsewhere', options: { imports: [remix] }, head: { 'lib/a.ts': "import a from '@remix-run/node';" } },
      {
        title: 'another kind',
        options: { imports: [remix] },
        head: { 'app/a.ts': "import type { A } from '@remix-run/a';" },
      },
      {
        title: 'a neighbour in name',
        options: only('static'),
        head: { 'a.ts': "import a from 'm/n'; import b from 'mm'; import c from './m';" },
      },
      { title: 'another require', options: only('require'), head: { 'a.js': "loader.require('m'); obj.mock('m');" } },
      { title: 'nothing is ruled out before the policy says so', head: { 'a.ts': "import 'm'" } },
    ],
  },
});
