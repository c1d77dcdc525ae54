import { defineRule } from '../../src/core/rule.ts';
import { CODEOWNERS, CODEOWNERS_LIMIT, readCodeOwners } from '../../src/facts/codeowners.ts';
import { textFiles } from '../../src/facts/files.ts';
import { identitiesNamed } from '../../src/facts/identities.ts';

export default defineRule({
  id: 'ownership/codeowners-syntax',
  title: 'Write CODEOWNERS as its host reads it',
  why: 'A line that cannot be read is passed over without a word, and what it should protect is merged without its owner.',
  instead:
    "Write the line as a pattern of Git's ignore files, followed by @names, @organisation/teams or e-mail addresses.",
  severity: 'error',
  sources: [
    'https://docs.github.com/en/repositories/managing-your-repositorys-settings-and-features/customizing-your-repository/about-code-owners',
    'https://docs.gitlab.com/user/project/codeowners/reference/',
  ],
  options: (z) =>
    z.strictObject({
      declared: z
        .boolean()
        .default(false)
        .describe('Whether every owner must be a declared identity, by one of its addresses or "handles".'),
    }),

  over: textFiles,
  counts: 'file',
  async *check({ path, text, size }, { head, options }) {
    if (!CODEOWNERS.includes(path)) return;
    const rank = CODEOWNERS.indexOf(path);
    for (const other of CODEOWNERS.slice(0, rank)) {
      if (!(await head.entry(other))) continue;
      yield { message: `${path} is read by nobody, since there is ${other}.`, at: { path }, about: 'second file' };
      return;
    }
    if (size > CODEOWNERS_LIMIT)
      yield {
        message: `${path} has ${size} bytes; GitHub reads none of it above ${CODEOWNERS_LIMIT}.`,
        at: { path },
        about: 'size',
      };
    const { lines, problems } = readCodeOwners(path, text);
    for (const { says, about, range } of problems) yield { message: `${says}.`, at: { path, range }, about };
    if (!options.declared) return;
    for (const { owners, pattern, range } of lines) {
      for (const owner of owners.filter((one) => identitiesNamed(head.declared, one).length === 0)) {
        const message = `${owner} owns ${pattern} and is no declared identity.`;
        yield { message, at: { path, range }, about: `${owner} ${pattern}` };
      }
    }
  },

  examples: {
    bad: [
      {
        head: {
          '.github/CODEOWNERS':
            '# Data\n*.sql @team/data\n«!*.md @ann»\n«src/[a-c].ts @ann»\n«docs/ ann»\n/a//b @ann\n'.replace(
              '/a//b @ann',
              '«/a//b @ann»',
            ),
        },
      },
      { title: 'one that is never read', head: { '.github/CODEOWNERS': '* @ann\n', '«CODEOWNERS»': '* @ben\n' } },
      {
        title: 'an owner whom nobody has declared',
        options: { declared: true },
        declared: { identities: { ann: { emails: [], owns: [], handles: ['@ann'] } } },
        head: { CODEOWNERS: '* @ann\n«*.md @ben @ann»\n' },
      },
    ],
    good: [
      {
        head: {
          '.github/CODEOWNERS':
            '\ufeff# All\r\n*       @global-owner1 @org/team # last\r\n/docs/ docs@example.com\r\n**/logs @octo.cat\r\n/my\\ docs/*.md @ann\r\n/free/\r\n*.{js} @ann\r\n',
          'docs/a.md': '',
          'x/logs': '',
          'my docs/b.md': '',
          'free/c': '',
          'd.{js}': '',
        },
      },
      {
        title: "GitLab's sections and roles",
        head: {
          '.gitlab/CODEOWNERS': '[Data][2] @team/data\n*.sql\n^[Docs]\n*.md @@maintainer @ann\n',
          'a.sql': '',
          'a.md': '',
        },
      },
      { title: 'elsewhere it is a text like any other', head: { 'old/CODEOWNERS': 'nobody' } },
    ],
  },
});
