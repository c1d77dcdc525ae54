import { defineRule } from '../../src/core/rule.ts';
import { change } from '../../src/facts/change.ts';
import { CODEOWNERS, codeOwnersOf, matcherOf } from '../../src/facts/codeowners.ts';

export default defineRule({
  id: 'ownership/codeowners-unmatched',
  title: 'Keep CODEOWNERS to paths that exist',
  why: 'A line for a path that has moved protects nothing, and everybody believes that it does.',
  instead: 'Write the line for where the files are now, or take it out.',
  severity: 'warning',
  options: (z) => z.strictObject({}),

  over: change,
  counts: 'file',
  async *check({ base, head, changes }) {
    const touched = changes.some(({ path, kind }) => CODEOWNERS.includes(path) && kind !== 'deleted');
    const left = changes.flatMap(({ path, kind, from }) =>
      kind === 'deleted' ? [path] : from === undefined ? [] : [from],
    );
    if (!touched && left.length === 0) return;
    const file = await codeOwnersOf(head);
    if (!file) return;
    const paths = await head.paths();
    for (const line of file.lines) {
      const matches = await matcherOf(line);
      if (paths.some(matches)) continue;
      // Where nobody touches the file itself, only a line that this change robs of its last path counts.
      if (!touched && !left.some(matches)) continue;
      const at = touched && (await differs(file.path)) ? { path: file.path, range: line.range } : {};
      yield { message: `${line.pattern} of ${file.path} matches no file.`, at, about: line.pattern };
    }

    async function differs(path: string): Promise<boolean> {
      return changes.some((one) => one.path === path) || !(await base.entry(path));
    }
  },

  examples: {
    bad: [
      { head: { CODEOWNERS: '*.md @ann\n«/app/ @ben»\n«src/old.ts @ann»\n', 'a.md': '', 'lib/app/x.ts': '' } },
      {
        title: 'the last file that a line was for',
        base: { CODEOWNERS: '/app/ @ben\n', 'app/a.ts': 'a' },
        head: { CODEOWNERS: '/app/ @ben\n', 'src/a.ts': 'a', '«»': '' },
      },
    ],
    good: [
      { head: { CODEOWNERS: '* @ann\napp/ @ben\n/docs/*.md @ann\n', 'lib/app/x/y.ts': '', 'docs/a.md': '' } },
      {
        title: 'an old one is for an audit',
        base: { CODEOWNERS: '/app/ @ben\n' },
        head: { CODEOWNERS: '/app/ @ben\n', 'a.ts': '' },
      },
    ],
  },
});
