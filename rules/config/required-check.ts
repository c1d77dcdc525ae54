import { isNotice } from '../../src/core/notice.ts';
import { defineRule, type Zod } from '../../src/core/rule.ts';
import { change } from '../../src/facts/change.ts';
import { missingChecks } from '../../src/facts/required-checks.ts';

const path = '.github/workflows/ci.yml';
const checks = [{ workflow: path, jobs: ['test'] }];
const jobs = 'jobs:\n  test:\n    runs-on: ubuntu-latest\n    steps: []\n';

export default defineRule({
  id: 'config/required-check',
  title: 'Keep the workflows that every pull request must pass',
  why: 'A check that was renamed, narrowed or switched off is missed by nobody: every pull request is green.',
  instead: 'Leave the workflow with its triggers and jobs; what is no longer needed goes out of the policy first.',
  severity: 'error',
  sources: [
    'https://docs.github.com/en/repositories/configuring-branches-and-merges-in-your-repository/managing-protected-branches/troubleshooting-required-status-checks',
  ],
  options: (z) =>
    z.strictObject({ checks: z.array(checkOption(z)).default([]).describe('The workflows of GitHub that must run.') }),

  over: change,
  counts: 'file',
  async *check(set, { options: { checks } }) {
    for (const check of checks) {
      for await (const missing of missingChecks(set, check)) {
        if (isNotice(missing)) yield missing;
        else yield { message: missing.says, at: missing.at, about: missing.says };
      }
    }
  },

  examples: {
    bad: [
      { options: { checks }, head: { [path]: `on: «[push]»\n${jobs}` } },
      {
        title: 'only for some paths, or into other branches',
        options: { checks: [{ workflow: path, branch: 'main' }] },
        head: { [path]: `on:\n  pull_request:\n    paths: «[src/**]»\n    branches: «[release/*]»\n${jobs}` },
      },
      {
        title: 'a job that is gone, one that never runs, and one that always passes',
        options: { checks: [{ workflow: path, jobs: ['test', 'lint', 'docs'] }] },
        head: {
          [`«${path}»`]:
            'on: [pull_request]\njobs:\n  lint:\n    if: «false»\n  docs:\n    continue-on-error: «true»\n',
        },
      },
      { title: 'in an audit', options: { checks }, head: { '«»': '', 'README.md': '' } },
    ],
    good: [
      { options: { checks }, head: { [path]: `on:\n  push:\n  pull_request: {branches: [main]}\n${jobs}` } },
      {
        title: 'with the types that matter',
        options: { checks },
        head: { [path]: `on:\n  pull_request: {types: [opened, synchronize, reopened, edited]}\n${jobs}` },
      },
      { title: 'a change elsewhere', options: { checks }, base: { a: '' }, head: { a: 'x' } },
      { title: 'nothing is asked before the policy says so', head: { [path]: 'on: push\n' } },
    ],
  },
});

function checkOption(z: Zod) {
  return z.strictObject({
    workflow: z.string().min(1).describe('The path of the workflow, as ".github/workflows/ci.yml".'),
    on: z
      .array(z.string().min(1))
      .min(1)
      .default(['pull_request'])
      .describe('The events on which it must run, every time.'),
    branch: z
      .string()
      .min(1)
      .optional()
      .describe('What pull requests are merged into: a filter of branches must let it through.'),
    jobs: z.array(z.string().min(1)).default([]).describe('The jobs that it must have.'),
  });
}
