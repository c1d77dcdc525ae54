import { defineRule, type Zod } from '../../src/core/rule.ts';
import { template } from '../../src/core/templates.ts';
import { change } from '../../src/facts/change.ts';
import { lonely } from '../../src/facts/companions.ts';
import { isUnsaid, justification, wayOutOptions } from '../../src/facts/justification.ts';

const tests = {
  pairs: [{ files: ['src/{name}.ts'], with: ['test/{name}.test.ts'], message: 'Code comes with its test.' }],
};
const lock = {
  pairs: [
    {
      files: ['package.json'],
      at: ['dependencies', 'devDependencies'],
      with: ['package-lock.json', 'pnpm-lock.yaml'],
      ifPresent: true,
      message: 'Run the package manager, and commit what it writes.',
    },
  ],
};
const manifest = (dependencies: object, scripts: object = {}) => JSON.stringify({ scripts, dependencies });

export default defineRule({
  id: 'change/missing-companion',
  title: 'Change together what belongs together',
  why: 'Code without its test, a migration without its page, a manifest without its lockfile: the other half is never made later.',
  instead:
    'Change the companion too, or say in a trailer of the commit or a section of the pull request why there is none.',
  severity: 'error',
  options: (z) =>
    z.strictObject({
      pairs: z.array(pairOption(z)).default([]).describe('What belongs together.'),
      ...wayOutOptions(z, 'No-Companion', 'No companion'),
    }),

  over: change,
  async *check(set, { options: { pairs, ...way } }) {
    for (const pair of pairs) {
      if (pair.per === 'pull-request' && !set.pullRequest) continue;
      for await (const { change, wanted, untouched } of lonely(set, pair)) {
        const excused = await justification(set, way);
        const without = (untouched.length > 0 ? untouched : wanted).slice(0, 3).join(' or ').replaceAll('\\', '');
        const verb = pair.needs === 'presence' ? 'has no' : `is ${change.kind} without`;
        const says = `${change.path} ${verb} ${without}.`;
        yield {
          message: pair.message === undefined ? says : `${says} ${pair.message}`,
          at: { path: change.path },
          about: `without ${wanted.join(' or ')}`,
          ...(excused && { excused }),
          ...(isUnsaid(set) && { atMost: 'warning' as const }),
        };
      }
    }
  },

  examples: {
    bad: [
      {
        options: tests,
        base: { 'src/a.ts': '1', 'src/b.ts': '1', 'test/a.test.ts': '1' },
        head: { '«src/a.ts»': '2', 'src/b.ts': '2', 'test/a.test.ts': '1', 'test/b.test.ts': '1', '«src/c.ts»': '1' },
      },
      {
        title: 'a dependency without its lockfile',
        options: lock,
        base: { 'package.json': manifest({}), 'package-lock.json': '{}' },
        head: { '«package.json»': manifest({ zod: '4' }), 'package-lock.json': '{}' },
      },
      {
        title: 'what must be there, whether it changes or not',
        options: {
          pairs: [{ files: ['db/{version}_{name}.sql'], with: ['docs/db/{version}*.md'], needs: 'presence' }],
        },
        base: { 'docs/db/1.md': '' },
        head: { 'docs/db/1.md': '', 'db/1_a.sql': '', '«db/2_b.sql»': '' },
      },
    ],
    good: [
      { options: tests, base: { 'src/a.ts': '1' }, head: { 'src/a.ts': '2', 'test/a.test.ts': '1' } },
      {
        title: 'another part of the file',
        options: lock,
        base: { 'package.json': manifest({}), 'package-lock.json': '{}' },
        head: { 'package.json': manifest({}, { dev: 'x' }), 'package-lock.json': '{}' },
      },
      {
        title: 'a repository without any lockfile',
        options: lock,
        base: { 'package.json': manifest({}) },
        head: { 'package.json': manifest({ zod: '4' }) },
      },
      {
        title: 'a reason in the message, which is shown',
        options: tests,
        base: { 'src/a.ts': '1' },
        head: { 'src/a.ts': '2' },
        commits: [{ message: 'docs: mend a comment\n\nNo-Companion: comments alone\n' }],
      },
      { title: 'brackets in a path are plain', options: tests, head: { 'src/[id].ts': '', 'test/[id].test.ts': '' } },
      { title: 'one that goes', options: tests, base: { 'src/a.ts': '1' }, head: {} },
      {
        title: 'a commit on the way',
        options: { pairs: [{ ...tests.pairs[0], per: 'pull-request' }] },
        head: { 'src/a.ts': '' },
      },
    ],
  },
});

function pairOption(z: Zod) {
  const pair = z.strictObject({
    files: z
      .array(template(z))
      .min(1)
      .describe('Path templates of what changes; captures such as {name} may stand in "with".'),
    with: z
      .array(template(z))
      .min(1)
      .describe('Globs of its companions, of which one is enough; what "files" captured may stand in them.'),
    at: z
      .array(z.string())
      .min(1)
      .optional()
      .describe(
        'In a JSON, YAML, TOML or INI file: only a change at one of these places counts, as in "dependencies".',
      ),
    needs: z
      .enum(['change', 'presence'])
      .default('change')
      .describe('Whether the companion must change as well, or only be there.'),
    ifPresent: z.boolean().default(false).describe('Where no companion is there, none is asked for.'),
    when: z
      .array(z.enum(['added', 'modified', 'renamed', 'deleted']))
      .default(['added', 'modified', 'renamed'])
      .describe('Which changes count.'),
    per: z
      .enum(['change', 'pull-request'])
      .default('change')
      .describe('Whether every commit must hold both, or the pull request as a whole.'),
    message: z.string().optional().describe('What to add to the finding, as written.'),
  });
  const names = (list: readonly string[]) => list.flatMap((one) => one.match(/\{\w+\}/g) ?? []);
  return pair.refine(({ files, with: companions }) => {
    return names(companions).every((name) => files.every((file) => file.includes(name)));
  }, 'A {name} in "with" must stand in every entry of "files".');
}
