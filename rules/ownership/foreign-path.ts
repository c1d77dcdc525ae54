import { isNotice } from '../../src/core/notice.ts';
import { defineRule } from '../../src/core/rule.ts';
import { change } from '../../src/facts/change.ts';
import { foreignTouches } from '../../src/facts/owners.ts';
import { pathOwners } from '../../src/facts/path-owners.ts';
import { REFERENCE } from '../../src/facts/written-lists.ts';

const declared = {
  identities: {
    data: { emails: ['data@example.com'], owns: ['db/**'], handles: ['@team/data'] },
    ops: { emails: ['ops@example.com'], owns: ['fly.toml', 'repolicy.jsonc', '.github/CODEOWNERS'] },
  },
};
const [data, ops] = [
  { name: 'Data', email: 'data@example.com' },
  { name: 'Ops', email: 'ops@example.com' },
];
const folders = { 'RULES.md': '# Folders\n\n| Who | What |\n|---|---|\n| data | `sql/`, `seed.sql` |\n' };

export default defineRule({
  id: 'ownership/foreign-path',
  title: 'Leave paths that belong to others to them',
  why: 'Two who change the same file without knowing of each other undo each other, and the one who answers for it finds out last.',
  instead: 'Ask its owner to make this change, or make it in a change of its own that the owner writes.',
  severity: 'error',
  options: (z) =>
    z.strictObject({
      from: z
        .string()
        .regex(REFERENCE, 'Write it as "docs/RULES.md#heading".')
        .optional()
        .describe(
          'A table in a document that says who owns what, beside the "owns" of the identities: "docs/RULES.md#folders".',
        ),
      codeowners: z
        .boolean()
        .default(false)
        .describe(
          'Whether CODEOWNERS holds for authors as well. Its owners are identities by their addresses and "handles".',
        ),
      exempt: z.array(z.string()).default([]).describe('Identities who may touch everything.'),
    }),

  over: change,
  async *check(set, { changes, options: { exempt, ...sources } }) {
    const touched = new Set(changes.flatMap(({ path, from = path }) => [path, from]));
    const problems = new Map<string, Awaited<ReturnType<typeof pathOwners>>['problems'][number]>();
    const found = foreignTouches(set, async (declared) => {
      const owners = await pathOwners(set, declared, sources);
      for (const problem of owners.problems) problems.set(isNotice(problem) ? problem.message : problem, problem);
      return owners.readers;
    });
    for await (const touch of found) {
      if (isNotice(touch)) yield touch;
      else if (!touch.authors.some((name) => exempt.includes(name))) {
        const { path, owner, author, authors, commit } = touch;
        const who = authors.length > 0 ? `that is ${authors.join(' and ')}` : 'whom the policy does not know';
        const message = `${path} belongs to ${owner.written} and is touched by ${author.email}, ${who}.`;
        // A path that a later commit put back is no part of the net change: only the commit can be pointed at.
        const at = { ...(touched.has(path) && { path }), ...(commit && { commit }) };
        yield { message, at, about: `touched by ${author.email.toLowerCase()}` };
      }
    }
    for (const [said, problem] of problems)
      yield isNotice(problem) ? problem : { message: said, at: {}, about: 'table' };
  },

  examples: {
    bad: [
      { declared, identity: ops, head: { '«db/1_a.sql»': '', 'app/a.ts': '' } },
      {
        title: 'the policy and CODEOWNERS can be owned',
        declared,
        identity: data,
        head: { '«.github/CODEOWNERS»': '' },
      },
      {
        title: 'deleting it, and moving it, touches it',
        declared,
        identity: ops,
        base: { 'db/a.sql': 'a', 'db/b.sql': 'b' },
        head: { 'old/b.sql': 'b' },
        gone: ['db/a.sql', 'db/b.sql'],
      },
      {
        title: 'by a table in a document',
        declared,
        options: { from: 'RULES.md#folders' },
        base: folders,
        identity: ops,
        head: { ...folders, '«sql/a/b.sql»': '', '«seed.sql»': '' },
      },
      {
        title: 'by CODEOWNERS',
        declared,
        options: { codeowners: true },
        base: { CODEOWNERS: '*.sql @team/data\n' },
        head: { CODEOWNERS: '*.sql @team/data\n', '«app/a.sql»': '' },
        identity: ops,
      },
      {
        title: 'a table that cannot be read',
        declared,
        options: { from: 'a.md#x' },
        identity: ops,
        head: { 'fly.toml': '', '«»': '' },
      },
      {
        title: 'a stranger',
        declared,
        identity: { name: 'Eve', email: 'eve@example.com' },
        head: { '«fly.toml»': '' },
      },
    ],
    good: [
      { declared, identity: data, head: { 'db/1_a.sql': '' } },
      {
        title: 'whoever rebases a commit only carries it',
        declared,
        head: { 'db/1_a.sql': '' },
        commits: [{ author: data, committer: ops, changes: [{ path: 'db/1_a.sql', kind: 'added' }] }],
      },
      {
        title: 'a pull request that GitHub squashed has all its authors',
        declared,
        head: { 'db/1_a.sql': '', 'fly.toml': '' },
        commits: [
          {
            author: ops,
            committer: { name: 'GitHub', email: 'noreply@github.com' },
            message: 'feat: both (#12)\n\nCo-authored-by: Data <data@example.com>\n',
            changes: [
              { path: 'db/1_a.sql', kind: 'added' },
              { path: 'fly.toml', kind: 'added' },
            ],
          },
        ],
      },
      {
        title: 'who may do everything',
        declared,
        options: { exempt: ['ops'] },
        identity: ops,
        head: { 'db/1_a.sql': '' },
      },
      { title: 'nothing belongs to anybody before the policy says so', identity: ops, head: { 'db/1_a.sql': '' } },
    ],
  },
});
