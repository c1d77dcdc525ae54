import { glob } from '../../src/core/globs.ts';
import { defineRule } from '../../src/core/rule.ts';
import { changes } from '../../src/facts/change.ts';
import { matching } from '../../src/facts/paths.ts';
import { submodules } from '../../src/facts/submodules.ts';

const oid = '1'.repeat(40);
const modules = (path: string, url: string) => `[submodule "lib"]\n\tpath = ${path}\n\turl = ${url}\n`;
const modes = { lib: '160000' };

export default defineRule({
  id: 'change/new-submodule',
  title: 'Add a submodule only on purpose, and where every clone can find it',
  why: 'A submodule is code that no reviewer of this change sees; one that .gitmodules does not name is an empty folder in every other clone.',
  instead: 'Take it out with git rm --cached; on purpose, add it with git submodule add URL.',
  severity: 'error',
  sources: ['https://git-scm.com/docs/gitmodules', 'https://pre-commit.com/hooks.html#forbid-new-submodules'],
  options: (z) =>
    z.strictObject({
      allow: z
        .array(glob(z))
        .default(['**'])
        .describe('Globs of paths where a submodule may be added. An empty list forbids them all.'),
    }),

  over: changes,
  async *check({ path, before, after }, { head, options: { allow } }) {
    if (after?.kind !== 'gitlink' || before?.kind === 'gitlink') return;
    const { url } = (await submodules(head)).get(path) ?? {};
    const problem =
      allow.length === 0 || !(await matching(allow))(path)
        ? 'is a new submodule'
        : url === undefined
          ? 'is a repository of its own, and .gitmodules says nothing of it'
          : /^(?:file:|\/|[A-Za-z]:[\\/])/.test(url)
            ? 'is a submodule that is fetched from a folder of one machine'
            : undefined;
    if (problem) yield { message: `${path} ${problem}.`, at: { path }, about: 'submodule' };
  },

  examples: {
    bad: [
      { title: 'a clone that was added by mistake', modes, head: { '«lib»': oid } },
      { options: { allow: [] }, modes, head: { '«lib»': oid, '.gitmodules': modules('lib', 'https://a.example/lib') } },
      {
        title: 'in another folder than agreed',
        options: { allow: ['vendor/**'] },
        modes,
        head: { '«lib»': oid, '.gitmodules': modules('lib', '../lib.git') },
      },
      { title: 'a path of one machine', modes, head: { '«lib»': oid, '.gitmodules': modules('lib', '/home/ann/lib') } },
    ],
    good: [
      { modes, head: { lib: oid, '.gitmodules': modules('lib', 'https://a.example/lib') } },
      { title: 'a new commit of an old one', base: { '.gitmodules': '' }, head: { '.gitmodules': '' } },
    ],
  },
});
