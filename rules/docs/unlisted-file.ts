import { glob } from '../../src/core/globs.ts';
import { defineRule } from '../../src/core/rule.ts';
import { template } from '../../src/core/templates.ts';
import { changes } from '../../src/facts/change.ts';
import { REFERENCE, writtenList } from '../../src/facts/written-lists.ts';
import { capturing, matching } from '../../src/facts/paths.ts';

const page = { 'R.md': '## Allowed Markdown\n\nOnly these:\n\n```text\n# everyone\nREADME.md\ndocs/**\n```\n' };
const from = 'R.md#allowed-markdown';

export default defineRule({
  id: 'docs/unlisted-file',
  title: 'Keep documents to the places that the team has agreed on',
  why: 'Stray notes are read as promises, go stale unseen, and split the truth between two places.',
  instead: 'Move the text into a listed document, or add the new one to the list.',
  severity: 'error',
  options: (z) =>
    z.strictObject({
      where: z.array(glob(z)).default(['**/*.{md,mdx,markdown}']).describe('Globs: what counts as a document.'),
      allow: z.array(template(z)).optional().describe('Path templates of the documents that there may be.'),
      from: z
        .string()
        .regex(REFERENCE, 'Write it as "docs/RULES.md#heading".')
        .optional()
        .describe(
          'A list of more of them in a document, by its heading: "docs/RULES.md#allowed-markdown". One a line of a fenced block, or each an item with its path in backticks.',
        ),
    }),

  over: changes,
  async *check({ path, kind }, { head, options: { where, allow = [], from } }) {
    if (allow.length === 0 && from === undefined) return;
    const page = from?.slice(0, from.indexOf('#'));
    if (path !== page && !(await matching(where))(path)) return;
    if (kind !== 'deleted' && path !== page && (await capturing(allow, head.declared))(path)) return;
    const list = from === undefined ? undefined : await writtenList(head, from);
    if (list?.kind === 'unread') yield { ...list.notice, needed: true };
    else if (list?.kind === 'broken')
      yield { message: `The list ${from} cannot be used: ${list.why}.`, at: {}, about: from! };
    else if (kind !== 'deleted' && path !== page && !(list && (await capturing(list.templates, head.declared))(path))) {
      yield { message: `${path} is not on the list of documents.`, at: { path }, about: path };
    }
  },

  examples: {
    bad: [
      { options: { allow: ['README.md'] }, head: { '«docs/notes.md»': '', 'README.md': '', 'src/a.ts': '' } },
      {
        title: 'a folder on the list does not take in its neighbours',
        options: { allow: ['docs/guide/**'] },
        head: { 'docs/guide/a.md': '', '«docs/guide-old/a.md»': '' },
      },
      {
        title: 'an identity is declared, and a date is real',
        options: { allow: ['{identity}/{date}.md'] },
        declared: { identities: { data: { emails: [], owns: [] } } },
        head: { 'data/2026-01-31.md': '', '«data/2026-02-31.md»': '', '«me/2026-01-31.md»': '' },
      },
      {
        title: 'a list of items',
        options: { from: 'AGENTS.md#documents' },
        head: {
          'AGENTS.md': '# Documents\n\n- `AGENTS.md`\n- `docs/*.md`, written by hand\n',
          'docs/a.md': '',
          '«notes.md»': '',
        },
      },
      { title: 'the list in a page', options: { from }, head: { ...page, '«a.md»': '', 'docs/b.md': '' } },
      { title: 'what cannot be read lets nothing pass', options: { from: 'R.md#x' }, head: { ...page, '«»': '' } },
      { title: 'the page with the list is deleted', options: { from }, base: page, head: { '«»': '' } },
      { title: 'a move away', options: { allow: ['docs/*.md'] }, base: { 'docs/a.md': 'a' }, head: { '«a.md»': 'a' } },
    ],
    good: [
      { title: 'nothing happens before there is a list', head: { 'anything.md': '' } },
      { options: { allow: ['**/README.md'] }, head: { 'README.md': '', 'a/.b/README.md': '', 'src/notes.ts': '' } },
      {
        title: 'a document and its line arrive together',
        options: { from },
        base: {},
        head: { ...page, 'docs/new.md': '' },
      },
      {
        title: 'an old one is left in peace',
        options: { allow: ['a.md'] },
        base: { 'b.md': '' },
        head: { 'b.md': '', c: '' },
      },
      { title: 'one that goes', options: { allow: ['a.md'] }, base: { 'b.md': '' }, head: {} },
    ],
  },
});
