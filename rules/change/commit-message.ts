import { defineRule } from '../../src/core/rule.ts';
import { messages } from '../../src/facts/change.ts';
import { messageLines, readSubject, undeclaredScopes } from '../../src/facts/commit-message.ts';

export default defineRule({
  id: 'change/commit-message',
  title: 'Write commit messages as Conventional Commits',
  why: 'Changelogs, release numbers and whoever searches the history rely on the type, the scope and a subject that fits one line.',
  instead: 'Write "type(scope): what the commit does" with a declared type, then an empty line, then the reasons.',
  severity: 'error',
  sources: ['https://www.conventionalcommits.org/en/v1.0.0/', 'https://commitlint.js.org/reference/rules'],
  options: (z) =>
    z.strictObject({
      types: z
        .array(z.string().min(1))
        .default(['build', 'chore', 'ci', 'docs', 'feat', 'fix', 'perf', 'refactor', 'revert', 'style', 'test'])
        .describe('The types there are, spelled as they must be written.'),
      scopes: z.array(z.string()).optional().describe('The scopes there are. Left out, any scope may stand.'),
      scopeRequired: z.boolean().default(false).describe('Whether every subject must name a scope.'),
      maxSubjectLength: z.int().min(10).default(100).describe('The most characters of the first line.'),
    }),

  over: messages,
  *check({ text, commit }, { joins, options: { types, scopes, scopeRequired, maxSubjectLength } }) {
    const [line = '', second = ''] = messageLines(text);
    const subject = readSubject(line);
    const isMerge = commit ? commit.parents.length > 1 : joins;
    if (subject.kind === 'generated' || isMerge) return;
    const at = commit ? { commit: commit.oid } : {};
    const shown = line.length > 60 ? `${line.slice(0, 60)}…` : line;
    const draft = (problem: string) => ({
      message: `The subject "${shown}" ${problem}.`,
      at,
      about: `${line}: ${problem}`,
    });

    if (subject.kind === 'other') yield draft(line ? 'does not read "type(scope): description"' : 'is empty');
    else {
      const { type, scope } = subject;
      if (!types.includes(type)) yield draft(`has the type "${type}", which is none of ${types.join(', ')}`);
      if (scopeRequired && !scope) yield draft('names no scope');
      for (const name of scope && scopes ? undeclaredScopes(scope, scopes) : []) {
        yield draft(`has the scope "${name}", which is none of ${scopes?.join(', ')}`);
      }
    }
    const length = [...line].length;
    if (length > maxSubjectLength) yield draft(`has ${length} characters; ${maxSubjectLength} are the most`);
    if (second.trim() !== '') yield draft('has no empty line below it');
  },

  examples: {
    bad: [
      { head: { '«»': '' }, message: 'fixed the thing\n' },
      { title: 'types are written as declared', head: { '«»': '' }, commits: [{ message: 'Feat: add a page\n' }] },
      { head: { '«»': '' }, options: { scopes: ['devops', 'data'] }, message: 'fix(devops, web): close it\n' },
      { head: { '«»': '' }, options: { scopeRequired: true }, message: 'fix: close the port\n' },
      { head: { '«»': '' }, options: { maxSubjectLength: 20 }, message: 'docs: say too much here\n' },
      { title: 'no empty line above a trailer', head: { '«»': '' }, message: 'fix: it\nSigned-off-by: Ann <a@b.c>\n' },
      { title: 'no space after the colon', head: { '«»': '' }, message: 'fix(api):close the port\n' },
      { title: 'no words at all', head: { '«»': '' }, message: '\n' },
    ],
    good: [
      { head: {}, message: 'feat(api)!: drop the old login\n\nNobody has called it since May.\n\nRefs: #12\n' },
      { title: 'a slash in a scope', head: {}, options: { scopes: ['@a/web'] }, message: 'fix(@a/web): mend a link\n' },
      { title: 'a merge by its parents', head: {}, commits: [{ parents: ['1', '2'], message: 'Sync main\n' }] },
      { title: 'a merge that is being made', head: {}, message: "Merge branch 'main' into feature\n" },
      { title: "Git's own words for a revert", head: {}, message: 'Revert "Add a page"\n\nThis reverts commit 12.\n' },
      { title: 'what the next rebase folds away', head: {}, message: 'fixup! feat: add a page\n' },
      {
        title: 'characters, not bytes',
        head: {},
        options: { maxSubjectLength: 20 },
        message: 'docs: größer 🙂 schön\n',
      },
      { title: 'lines that end in CRLF', head: {}, message: 'fix: close the port\r\n\r\nIt was open.\r\n' },
    ],
  },
});
