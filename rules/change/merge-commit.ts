import { defineRule } from '../../src/core/rule.ts';
import { change } from '../../src/facts/change.ts';
import { messageLines } from '../../src/facts/commit-message.ts';

export default defineRule({
  id: 'change/merge-commit',
  title: 'Keep the history linear',
  why: 'Where history is one line, git bisect and git revert work on every commit, and each was tested as it stands.',
  instead: 'Rebase instead of merging: git rebase origin/main, or git pull --rebase.',
  severity: 'error',
  sources: [
    'https://docs.github.com/en/repositories/configuring-branches-and-merges-in-your-repository/managing-protected-branches/about-protected-branches#require-linear-history',
  ],
  options: (z) => z.strictObject({}),

  over: change,
  *check({ commits, joins }) {
    for (const { oid, parents, message } of commits) {
      if (parents.length < 2) continue;
      const [subject = ''] = messageLines(message);
      yield { message: `"${subject}" is a merge of ${parents.length} commits.`, at: { commit: oid }, about: oid };
    }
    if (joins && commits.length === 0) yield { message: 'This commit would be a merge.', at: {}, about: 'merge' };
  },

  examples: {
    bad: [
      {
        head: { '«»': '' },
        commits: [{ message: 'feat: a\n' }, { parents: ['1', '2'], message: "Merge branch 'main' into x\n" }],
      },
    ],
    good: [{ head: {}, commits: [{ parents: ['1'], message: 'feat: a\n' }, { message: "Merge branch 'main'\n" }] }],
  },
});
