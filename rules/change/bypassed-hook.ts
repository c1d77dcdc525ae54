import { defineRule } from '../../src/core/rule.ts';
import { commits } from '../../src/facts/change.ts';
import { matching } from '../../src/facts/paths.ts';
import { isOf, readStamps, STAMP } from '../../src/facts/stamps.ts';

const TREE = '9c8b7a6d5e4f3a2b1c0d9c8b7a6d5e4f3a2b1c0d';
const judged = `feat: berths\n\n${STAMP}: clean 4f53cda18c2b, tree ${TREE.slice(0, 12)}\n`;
const github = { name: 'GitHub', email: 'noreply@github.com' };

export default defineRule({
  id: 'change/bypassed-hook',
  title: 'Let the hooks judge every commit',
  why: 'Where hooks are not installed or are switched off, nobody hears of a problem before the push, and nothing shows it.',
  instead:
    'Switch the hooks on (repolicy doctor says what is missing), then stamp the commits: git rebase --force-rebase <base>.',
  severity: 'warning',
  sources: ['https://git-scm.com/docs/githooks#_prepare_commit_msg'],
  options: (z) =>
    z.strictObject({
      exempt: z
        .array(z.string().min(1))
        .default(['noreply@github.com'])
        .describe('E-mail globs of committers that have no hooks: a forge that merges, a bot on a server.'),
      strict: z
        .boolean()
        .default(false)
        .describe('Whether prepare-commit-msg, which --no-verify does not skip, stops a commit with findings.'),
    }),

  over: commits,
  judgedBy: 'base',
  async *check({ oid, tree, message, committer }, { options: { exempt } }) {
    if ((await matching(exempt))(committer.email)) return;
    const stamps = readStamps(message);
    if (tree !== undefined && stamps.some((stamp) => isOf(stamp, tree))) return;
    const short = oid.slice(0, 12);
    const problem =
      stamps.length === 0
        ? `Commit ${short} carries no ${STAMP}: no hook has judged it.`
        : `Commit ${short} carries the ${STAMP} of other content: it was changed where no hook saw it.`;
    yield { message: problem, at: { commit: oid }, about: `stamp of ${tree ?? oid}` };
  },

  examples: {
    bad: [
      { head: { '«»': '' }, commits: [{ message: 'feat: berths\n', tree: TREE }] },
      {
        title: 'a stamp that was given to other content',
        head: { '«»': '' },
        commits: [{ message: judged, tree: TREE.replaceAll('9', '0') }],
      },
      {
        title: 'somebody who commits by hand is not exempt',
        head: { '«»': '' },
        options: { exempt: ['*@bots.example'] },
        commits: [{ message: 'feat: berths\n', tree: TREE, committer: github }],
      },
    ],
    good: [
      { head: {}, commits: [{ message: judged, tree: TREE }] },
      { title: 'merged by the forge', head: {}, commits: [{ message: 'feat: berths (#12)\n', committer: github }] },
      {
        title: 'a squash that kept the stamps of all it holds',
        head: {},
        options: { strict: true },
        commits: [{ message: `${judged.replaceAll('9c8b', '0000')}\n${judged}`, tree: TREE }],
      },
    ],
  },
});
