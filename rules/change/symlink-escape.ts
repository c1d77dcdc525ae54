import { defineRule } from '../../src/core/rule.ts';
import { changes } from '../../src/facts/change.ts';
import { unread } from '../../src/facts/files.ts';
import { escape } from '../../src/facts/links.ts';

export default defineRule({
  id: 'change/symlink-escape',
  title: 'Keep symbolic links inside the repository',
  why: 'Whoever follows the link reads or writes a file of their own machine, which is another one for everybody, or the secrets of a build server.',
  instead: 'Point the link at a path below the root of the repository, or copy what it stands for.',
  severity: 'error',
  options: (z) =>
    z.strictObject({
      allowed: z.array(z.string()).default(['/dev/null']).describe('Targets, exactly as written, that may stand.'),
    }),

  over: changes,
  async *check({ path, after }, { head, options: { allowed } }) {
    if (after?.kind !== 'symlink') return;
    const content = await head.content(path);
    if (content.kind !== 'text') {
      yield { ...unread(path, content), needed: true };
      return;
    }
    const problem = allowed.includes(content.text) ? undefined : escape(path, content.text);
    if (problem) yield { message: `${path} ${problem}: ${content.text}.`, at: { path }, about: content.text };
  },

  examples: {
    bad: [
      {
        head: { '«tools/a»': '../../etc/passwd', '«b»': '/usr/bin/python3' },
        modes: { 'tools/a': '120000', b: '120000' },
      },
      { title: "into Git's own folder", head: { '«a/config»': '../.git/config' }, modes: { 'a/config': '120000' } },
      { title: 'a Windows path', head: { '«c»': 'C:\\Users' }, modes: { c: '120000' } },
      { title: 'a file that becomes a link', base: { a: 'x' }, head: { '«a»': '../x' }, modes: { a: '120000' } },
    ],
    good: [
      {
        head: { 'a/b/c': '../../docs/x.md', 'CLAUDE.md': 'AGENTS.md' },
        modes: { 'a/b/c': '120000', 'CLAUDE.md': '120000' },
      },
      { title: 'nothing at all', head: { 'units/x.service': '/dev/null' }, modes: { 'units/x.service': '120000' } },
      { title: 'a file whose text looks so', head: { a: '../../etc/passwd' } },
      {
        title: 'a target that is allowed',
        options: { allowed: ['/nix/x'] },
        head: { r: '/nix/x' },
        modes: { r: '120000' },
      },
    ],
  },
});
