import { defineRule } from '../../src/core/rule.ts';
import { template } from '../../src/core/templates.ts';
import { unread } from '../../src/facts/files.ts';
import { changes } from '../../src/facts/change.ts';
import { capturing } from '../../src/facts/paths.ts';

const declared = { identities: { data: { emails: [], owns: [] } } };
const options = { files: ['feedback/{identity}/{date}.md'] };
const path = 'feedback/data/2026-01-15.md';
const base = { [path]: '# Data\n\nOne.\nTwo.\n' };

export default defineRule({
  id: 'ownership/rewritten-entry',
  title: 'Append to a log, and leave what stands in it',
  why: 'What was reported is what others have acted on: when it changes afterwards, nobody can tell what was known when.',
  instead: 'Put the old lines back, and append an entry that corrects them.',
  severity: 'error',
  options: (z) =>
    z.strictObject({
      files: z.array(template(z)).default([]).describe('Path templates of the files that only grow, at their end.'),
    }),

  over: changes,
  counts: 'file',
  eachCommit: true,
  async *check({ path, kind, from }, { base, head, options: { files } }) {
    if (kind === 'added' || files.length === 0) return;
    const old = from ?? path;
    if (!(await capturing(files, head.declared))(old)) return;
    if (kind === 'deleted')
      yield { message: `${path} is deleted, with all that was reported in it.`, at: { path }, about: 'deleted' };
    if (kind === 'renamed') yield { message: `${old} is moved to ${path}.`, at: { path: old }, about: 'moved' };
    if (kind !== 'modified') return;
    const [before, after] = [await base.content(path), await head.content(path)];
    for (const content of [before, after])
      if (content.kind === 'unreadable') yield { ...unread(path, content), needed: true };
    if (before.kind !== 'text') return;
    if (after.kind !== 'text') {
      yield { message: `${path} is no text any more.`, at: { path }, about: 'no text' };
      return;
    }
    const kept = before.text.trimEnd();
    if (after.text.startsWith(kept) && /^(?:\r?\n|$)/.test(after.text.slice(kept.length))) return;
    let same = 0;
    while (same < kept.length && kept[same] === after.text[same]) same++;
    const start = after.text.lastIndexOf('\n', same - 1) + 1;
    const end = after.text.indexOf('\n', start);
    const line = before.text.slice(0, start).split('\n').length;
    const range = [start, end < 0 ? after.text.length : end] as const;
    yield { message: `Line ${line} of ${path} is not what it was.`, at: { path, range }, about: `line ${line}` };
  },

  examples: {
    bad: [
      { declared, options, base, head: { [path]: '# Data\n\n«One, or so.»\nTwo.\nThree.\n' } },
      { title: 'a line in between', declared, options, base, head: { [path]: '# Data\n\nOne.\n«Really.»\nTwo.\n' } },
      {
        title: 'a word at the end of the last line',
        declared,
        options,
        base,
        head: { [path]: '# Data\n\nOne.\n«Two. Or three.»\n' },
      },
      { title: 'all of it', declared, options, base, head: {}, gone: [path] },
      { title: 'a move', declared, options, base, head: { 'old.md': base[path]! }, gone: [path] },
    ],
    good: [
      { declared, options, base, head: { [path]: '# Data\n\nOne.\nTwo.\n\nThree.\n' } },
      {
        title: 'blank lines at the end are nothing',
        declared,
        options,
        base,
        head: { [path]: '# Data\n\nOne.\nTwo.' },
      },
      { title: 'a new one', declared, options, head: { [path]: 'One.' } },
      { title: 'other files', declared, options, base: { 'a.md': 'a' }, head: { 'a.md': 'b' } },
      { title: 'everything may be rewritten before the policy says so', declared, base, head: { [path]: 'Nothing.' } },
    ],
  },
});
