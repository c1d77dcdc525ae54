import { defineRule } from '../../src/core/rule.ts';
import { change } from '../../src/facts/change.ts';
import { pattern, patternOption } from '../../src/facts/patterns.ts';

const agents = { patterns: ['^(?:data|web)/[a-z0-9-]+$'], message: 'Name it "<agent>/<what it is about>".' };

export default defineRule({
  id: 'change/branch-name',
  title: 'Name branches as the team has agreed',
  why: 'Automation, reviewers and other agents read from the name whose work a branch is, and what it may touch.',
  instead: 'Rename the branch: git branch -m NEW-NAME, and push it under the new name.',
  severity: 'error',
  options: (z) =>
    z.strictObject({
      patterns: z
        .array(patternOption(z))
        .default([])
        .describe('Regular expressions (RE2), of which a name must match one. `^` and `$` are its ends.'),
      allowed: z
        .array(z.string())
        .default(['main', 'master', 'develop', 'trunk', 'HEAD'])
        .describe('Names that need match none.'),
      message: z.string().optional().describe('What to add to the finding, as written.'),
    }),

  over: change,
  async *check({ branch }, { options: { patterns, allowed, message } }) {
    if (branch === undefined || patterns.length === 0 || allowed.includes(branch)) return;
    // A merge queue works on branches that it names itself.
    if (/^gh-readonly-queue\//.test(branch)) return;
    for (const source of patterns) if ((await pattern(source)).test(branch)) return;
    const asked = patterns.map((source) => `"${source}"`).join(' or ');
    const says = `The branch ${branch} does not match ${asked}.`;
    yield { message: message ? `${says} ${message}` : says, at: {}, about: branch };
  },

  examples: {
    bad: [
      { options: agents, branch: 'quick-fix', head: { '«»': '', a: '' } },
      { title: 'the whole name', options: agents, branch: 'old/data/x', head: { '«»': '', a: '' } },
    ],
    good: [
      { options: agents, branch: 'data/close-port', head: { a: '' } },
      { title: 'the branch of all work', options: agents, branch: 'main', head: { a: '' } },
      { title: 'a merge queue', options: agents, branch: 'gh-readonly-queue/main/pr-1-ab', head: { a: '' } },
      { title: 'no branch at all', options: agents, head: { a: '' } },
      { title: 'nothing is asked before the policy says so', branch: 'quick-fix', head: { a: '' } },
    ],
  },
});
