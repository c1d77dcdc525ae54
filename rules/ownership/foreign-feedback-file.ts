import { isNotice } from '../../src/core/notice.ts';
import { defineRule } from '../../src/core/rule.ts';
import { template } from '../../src/core/templates.ts';
import { change } from '../../src/facts/change.ts';
import { foreignTouches, ownerByTemplate } from '../../src/facts/owners.ts';

const emails = ['data@example.com', 'ann@example.com'];
const declared = { identities: { data: { emails, owns: [] }, ops: { emails: ['ops@example.com'], owns: [] } } };
const team = { declared, options: { files: ['feedback/{identity}/{date}.md'] } };
const data = { name: 'Data', email: 'Data@Example.com' };
const ops = { name: 'Ops', email: 'ops@example.com' };
const changes = [{ path: 'feedback/data/2026-01-15.md', kind: 'modified' }] as const;

export default defineRule({
  id: 'ownership/foreign-feedback-file',
  title: "Leave other people's feedback files to them",
  why: 'A report in which somebody else has written is no longer the word of the one whose name it bears.',
  instead: 'Write into your own file, and let the owner change, move or delete theirs.',
  severity: 'error',
  options: (z) =>
    z.strictObject({
      files: z
        .array(template(z).refine((text) => /^!|\{identity\}/.test(text), 'It has no {identity}.'))
        .default([])
        .describe(
          'Path templates with {identity}: the files that only this identity may touch. A leading "!" takes paths out.',
        ),
    }),

  over: change,
  async *check(set, { changes, options: { files } }) {
    const touched = new Set(changes.flatMap(({ path, from = path }) => [path, from]));
    for await (const touch of foreignTouches(set, async (declared) => [await ownerByTemplate(files, declared)])) {
      if (isNotice(touch)) {
        yield touch;
        continue;
      }
      const { path, owner, author, authors, commit } = touch;
      const { names, written } = owner;
      const who = authors.length > 0 ? `that is ${authors.join(' and ')}` : 'whom the policy does not know';
      const message =
        names.length > 0
          ? `${path} belongs to ${written} and is touched by ${author.email}, ${who}.`
          : `${path} names ${written}, whom the policy does not know.`;
      const about = names.length > 0 ? `touched by ${author.email.toLowerCase()}` : 'undeclared';
      // A path that a later commit put back is no part of the net change: only the commit can be pointed at.
      yield { message, at: { ...(touched.has(path) && { path }), ...(commit && { commit }) }, about };
    }
  },

  examples: {
    bad: [
      { ...team, identity: ops, head: { '«feedback/data/2026-01-15.md»': 'rewritten' } },
      {
        ...team,
        title: 'each commit is judged by itself, by its author',
        head: { '«feedback/data/2026-01-15.md»': 'theirs' },
        commits: [
          { author: data, committer: ops, changes },
          { author: ops, committer: data, changes },
        ],
      },
      {
        title: 'nobody makes himself an owner',
        base: {
          'repolicy.jsonc':
            '{ "identities": { "data": { "emails": ["data@example.com"] } }, "rules": { "ownership/foreign-feedback-file": ["error", { "files": ["feedback/{identity}/{date}.md"] }] } }',
        },
        head: {
          'repolicy.jsonc':
            '{ "identities": { "data": { "emails": ["data@example.com", "ops@example.com"] } }, "rules": { "ownership/foreign-feedback-file": ["error", { "files": ["feedback/{identity}/{date}.md"] }] } }',
          '«feedback/data/2026-01-15.md»': 'theirs',
        },
        identity: ops,
      },
      { ...team, title: 'done and undone', head: { '«»': '' }, commits: [{ author: ops, changes }] },
      { ...team, title: 'a move', identity: ops, base: { a: 'a' }, head: { '«feedback/data/2026-01-14.md»': 'a' } },
      {
        ...team,
        title: 'nobody declared this author, or this owner',
        identity: { name: 'Eve', email: 'data@example.com.test' },
        head: { '«feedback/data/2026-01-15.md»': '', '«feedback/eve/2026-01-15.md»': '' },
      },
    ],
    good: [
      { ...team, title: 'an address in other letters', identity: data, head: { 'feedback/data/2026-01-15.md': '' } },
      {
        ...team,
        title: 'whoever rebases a commit only carries it',
        head: { 'feedback/data/2026-01-15.md': 'mine' },
        commits: [{ author: data, committer: ops, changes }],
      },
      { ...team, title: 'other files', identity: ops, head: { 'feedback/data/README.md': '', 'a.md': '' } },
      {
        title: 'nothing is owned before the policy says so',
        identity: ops,
        head: { 'feedback/data/2026-01-15.md': '' },
      },
    ],
  },
});
