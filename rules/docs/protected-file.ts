import { glob } from '../../src/core/globs.ts';
import { defineRule } from '../../src/core/rule.ts';
import { approvalOf } from '../../src/facts/approvals.ts';
import { change } from '../../src/facts/change.ts';
import { matching } from '../../src/facts/paths.ts';

const declared = {
  identities: {
    lead: { emails: ['lead@example.com'], owns: [] },
    data: { emails: ['data@example.com'], owns: [] },
  },
};
const options = { files: ['docs/runbooks/**'], approvers: ['lead'] };
const data = { name: 'Data', email: 'data@example.com' };
const lead = { name: 'Lead', email: 'lead@example.com' };
const base = { 'docs/runbooks/restore.md': 'Do.' };
const gone = [{ path: 'docs/runbooks/restore.md', kind: 'deleted' }] as const;

export default defineRule({
  id: 'docs/protected-file',
  title: 'Delete protected files only with a named approval',
  why: 'The page that is missing in an emergency was deleted on a quiet day by somebody who did not know it.',
  instead: 'Ask somebody who answers for it, and name them in the message: "Deletion-approved-by: <name>".',
  severity: 'error',
  options: (z) =>
    z.strictObject({
      files: z.array(glob(z)).default([]).describe('Globs of the files that stay where they are.'),
      approvers: z
        .array(z.string())
        .default([])
        .describe('Identities who may approve, or do it themselves. None: every declared one may approve.'),
      trailer: z
        .string()
        .regex(/^[A-Za-z0-9][A-Za-z0-9-]*$/, 'A trailer is named in letters, digits and dashes.')
        .default('Deletion-approved-by')
        .describe('The trailer of the commit, or the line of the pull request, that names who approved.'),
    }),

  over: change,
  async *check(set, { options: { files, ...approval } }) {
    if (files.length === 0) return;
    const isProtected = await matching(files);
    for (const { path, kind, from } of set.committing ?? set.changes) {
      const left =
        kind === 'deleted' ? path : kind === 'renamed' && from !== undefined && !isProtected(path) ? from : undefined;
      if (left === undefined || !isProtected(left)) continue;
      const approved = await approvalOf(
        set,
        (one) => one.from === left || (one.kind === 'deleted' && one.path === left),
        approval,
      );
      if (approved === true) continue;
      const what = kind === 'deleted' ? `${left} is deleted` : `${left} is moved away to ${path}`;
      if (approved === 'later') {
        const message = `${what}: whether that is approved is judged with the message of the commit.`;
        yield { notice: 'not-judged', message, path: left };
      } else yield { message: `${what}, and nobody is named who approved it.`, at: { path: left }, about: left };
    }
  },

  examples: {
    bad: [
      {
        declared,
        options,
        base,
        head: {},
        gone: ['docs/runbooks/restore.md'],
        commits: [{ author: data, changes: gone }],
      },
      {
        title: 'a move away, and an approval by somebody who may not',
        declared,
        options,
        base,
        head: { 'old/restore.md': 'Do.' },
        gone: ['docs/runbooks/restore.md'],
        identity: data,
        message: 'docs: tidy up\n\nDeletion-approved-by: data\n',
      },
    ],
    good: [
      {
        title: 'named in the message',
        declared,
        options,
        base,
        head: {},
        commits: [{ author: data, message: 'docs: one runbook less\n\nDeletion-approved-by: lead\n', changes: gone }],
      },
      {
        title: 'named in the pull request',
        declared,
        options,
        base,
        head: {},
        commits: [{ author: data, changes: gone }],
        pullRequest: { title: 'One less', body: 'It is empty.\n\nDeletion-approved-by: lead@example.com', labels: [] },
      },
      { title: 'by an approver', declared, options, base, head: {}, commits: [{ author: lead, changes: gone }] },
      {
        title: 'a move within what is protected',
        declared,
        options,
        base,
        head: { 'docs/runbooks/database/restore.md': 'Do.' },
        identity: data,
      },
      { title: 'nothing is protected before the policy says so', base, head: {}, identity: data },
    ],
  },
});
