import { glob, matcher } from '../../src/core/globs.ts';
import { defineRule } from '../../src/core/rule.ts';
import { allowedPaths } from '../../src/facts/allowed-paths.ts';
import { matching } from '../../src/facts/paths.ts';
import { proposals } from '../../src/facts/proposal.ts';

const pull = (body: string) => ({ title: 'feat: berths', body, labels: [] });

export default defineRule({
  id: 'change/undeclared-path',
  title: 'Touch only the paths that the pull request names',
  why: 'Who works beside others says first what will be touched, so that nobody is surprised and reviewers know where to look.',
  instead: 'Leave the file to a pull request of its own, or add its path to the list and say why.',
  severity: 'error',
  options: (z) =>
    z.strictObject({
      label: z.string().min(1).default('Allowed paths').describe('The heading, or the word before the colon.'),
      required: z.boolean().default(false).describe('Whether every pull request must name its paths.'),
      allow: z.array(glob(z)).default([]).describe('Globs of paths that every pull request may touch.'),
    }),

  over: proposals,
  async *check({ prose }, { changes, options: { label, required, allow } }) {
    const declared = allowedPaths(prose, label);
    if (!declared || declared.globs.length + declared.broken.length === 0) {
      const message = `The pull request names no paths under "${label}".`;
      if (required || declared) yield { message, at: {}, about: label };
      return;
    }
    for (const { text, problem } of declared.broken) {
      yield { message: `"${text}" under "${label}" ${problem}.`, at: {}, about: text };
    }
    const isDeclared = await matcher(declared.globs);
    const isAllowed = await matching(allow);
    for (const path of new Set(changes.flatMap(({ path, from = path }) => [path, from]))) {
      if (isDeclared(path) || (allow.length > 0 && isAllowed(path))) continue;
      yield {
        message: `${path} is not among the paths that the pull request names.`,
        at: { path },
        about: 'undeclared',
      };
    }
  },

  examples: {
    bad: [
      {
        head: { 'app/berths.ts': '', '«fly.toml»': '' },
        pullRequest: pull('Adds berths.\n\nAllowed paths: `app/**`, docs/**\n'),
      },
      {
        title: 'a list under a heading, and what is only a comment',
        head: { 'app/a.ts': '', Makefile: '', '«docs/a.md»': '' },
        pullRequest: pull('### Allowed paths\n\n- app/\n- Makefile\n<!-- - docs/ -->\n'),
      },
      {
        title: 'both ends of a move',
        base: { 'lib/a.ts': 'x' },
        head: { 'app/a.ts': 'x', '«»': '' },
        options: { required: true },
        pullRequest: pull('## Allowed paths\n'),
      },
      {
        title: 'an entry that is no glob',
        head: { '«»': '', 'a.ts': '' },
        pullRequest: pull('Allowed paths: `a.ts`, `b/[`\n'),
      },
    ],
    good: [
      {
        head: { 'app/a.ts': '', 'docs/b.md': '', 'c.md': '' },
        pullRequest: pull('**Allowed paths:**\n\n```\n/app/**\n./docs/b.md\nc.md\n```\n'),
      },
      {
        title: 'what all may touch',
        options: { allow: ['CHANGELOG.md'] },
        head: { 'CHANGELOG.md': '' },
        pullRequest: pull('Allowed paths: app/**'),
      },
      { title: 'a pull request that names none', head: { a: '' }, pullRequest: pull('Adds berths.') },
      { title: 'no pull request yet', head: { a: '' } },
    ],
  },
});
