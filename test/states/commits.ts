import { symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Attempt, Work } from './repository.ts';

export interface State {
  readonly name: string;
  /** Whether what is being made must be stopped. */
  readonly stops: boolean;
  /** No commit yet, not even the one with the tool's configuration. */
  readonly unborn?: true;
  /** Gets into the state; returns what the developer then does. */
  readonly enter: (work: Work) => readonly [args: readonly string[], options?: Attempt];
}

const COMMIT = ['commit', '-q', '-m', 'work'];
const commit = (...more: string[]) => [[...COMMIT, ...more]] as const;

const staged = (name: string, path: string): State => ({
  name,
  stops: true,
  enter(work) {
    work.stage({ [path]: work.bad });
    return commit();
  },
});

/** Two sides that both changed the file "a", each at another end. */
function sides(work: Work, left: string, right: string): void {
  work.commit('one', { a: 'one\n\n\n\ntwo\n' });
  work.git('checkout', '-q', '-b', 'side');
  work.commit('left', { a: left });
  work.git('checkout', '-q', 'main');
  work.commit('right', { a: right });
}

export const COMMITS: readonly State[] = [
  staged('a new file', 'a'),
  {
    name: 'a new file with nothing wrong',
    stops: false,
    enter(work) {
      work.stage({ a: work.good });
      return commit();
    },
  },
  {
    name: 'bad in the index, mended on disk',
    stops: true,
    enter(work) {
      work.stage({ a: work.bad });
      work.write({ a: work.good });
      return commit();
    },
  },
  {
    name: 'good in the index, bad on disk',
    stops: false,
    enter(work) {
      work.stage({ a: work.good });
      work.write({ a: work.bad });
      return commit();
    },
  },
  {
    name: 'bad in the index, gone from the disk',
    stops: true,
    enter(work) {
      work.stage({ a: work.bad });
      work.write({ a: null });
      return commit();
    },
  },
  {
    name: 'good in the index, gone from the disk',
    stops: false,
    enter(work) {
      work.stage({ a: work.good });
      work.write({ a: null });
      return commit();
    },
  },
  {
    name: 'another file is bad and not staged',
    stops: false,
    enter(work) {
      work.commit('one', { b: work.good });
      work.stage({ a: work.good });
      work.write({ b: work.bad });
      return commit();
    },
  },
  {
    name: 'another file is bad and untracked',
    stops: false,
    enter(work) {
      work.stage({ a: work.good });
      work.write({ b: work.bad });
      return commit();
    },
  },
  {
    name: 'another file is bad and only announced (add -N)',
    stops: false,
    enter(work) {
      work.stage({ a: work.good });
      work.write({ b: work.bad });
      work.git('add', '-N', 'b');
      return commit();
    },
  },
  {
    name: 'commit -a',
    stops: true,
    enter(work) {
      work.commit('one', { a: work.good });
      work.write({ a: work.bad });
      return commit('-a');
    },
  },
  {
    name: 'commit <path>, and that one is bad',
    stops: true,
    enter(work) {
      work.commit('one', { a: work.good });
      work.write({ a: work.bad });
      return commit('--', 'a');
    },
  },
  {
    name: 'commit <path>, and another one is bad and staged',
    stops: false,
    enter(work) {
      work.commit('one', { a: work.good, b: work.good });
      work.stage({ b: work.bad });
      work.write({ a: `${work.good}more\n` });
      return commit('--', 'a');
    },
  },
  {
    name: 'commit --include <path>',
    stops: true,
    enter(work) {
      work.commit('one', { a: work.good });
      work.stage({ b: work.good });
      work.write({ a: work.bad });
      return commit('--include', '--', 'a');
    },
  },
  {
    name: 'an index of one’s own (GIT_INDEX_FILE)',
    stops: true,
    enter(work) {
      const index = join(dirname(work.dir), 'index');
      const blob = hashed(work, work.bad);
      const env = { GIT_INDEX_FILE: index };
      work.attempt(['read-tree', 'HEAD'], { env });
      work.attempt(['update-index', '--add', '--cacheinfo', `100644,${blob},a`], { env });
      return [COMMIT, { env }];
    },
  },
  {
    name: 'a rename with a bad line in it',
    stops: true,
    enter(work) {
      work.commit('one', { a: work.good.repeat(20) });
      work.stage({ a: null, b: work.good.repeat(20) + work.bad });
      return commit();
    },
  },
  {
    name: 'a deletion',
    stops: false,
    enter(work) {
      work.commit('one', { a: work.bad });
      work.stage({ a: null });
      return commit();
    },
  },
  {
    name: 'a change of mode',
    stops: false,
    enter(work) {
      work.commit('one', { a: work.good });
      work.executable('a');
      work.git('add', 'a');
      return commit();
    },
  },
  {
    name: 'a link to a bad file outside',
    stops: false,
    enter(work) {
      const outside = join(dirname(work.dir), 'outside');
      writeFileSync(outside, work.bad);
      work.link('a', outside);
      work.git('add', 'a');
      return commit();
    },
  },
  {
    name: 'a submodule',
    stops: false,
    enter(work) {
      work.git('update-index', '--add', '--cacheinfo', `160000,${'1'.repeat(40)},lib`);
      return commit();
    },
  },
  staged('a name with a space', 'a b'),
  staged('a name with a newline', 'a\nb'),
  staged('a name that begins with a dash', '-a'),
  staged('a name beyond ASCII', 'ü/ñ'),
  staged('a name that a shell would run', '$(touch pwned)`touch pwned`"\''),
  staged('a name with a backslash', 'a\\b'),
  {
    name: 'a name that is no UTF-8',
    stops: true,
    enter(work) {
      writeFileSync(Buffer.concat([Buffer.from(`${work.dir}/caf`), Buffer.of(0xe9)]), work.bad);
      work.git('add', '--all');
      return commit();
    },
  },
  {
    name: 'the first commit',
    stops: true,
    unborn: true,
    enter(work) {
      work.git('add', '--all');
      work.stage({ a: work.bad });
      return commit();
    },
  },
  {
    name: 'amend: something bad comes in',
    stops: true,
    enter(work) {
      work.commit('one', { a: work.good });
      work.stage({ a: work.bad });
      return commit('--amend');
    },
  },
  {
    name: 'amend: the message of a commit that is bad',
    stops: true,
    enter(work) {
      work.commit('one', { a: work.bad });
      return commit('--amend');
    },
  },
  {
    name: 'amend: what was bad is mended',
    stops: false,
    enter(work) {
      work.commit('one', { a: work.bad });
      work.stage({ a: work.good });
      return commit('--amend');
    },
  },
  {
    name: 'a clean merge of a branch that is bad, and was judged there',
    stops: false,
    enter(work) {
      work.git('checkout', '-q', '-b', 'side');
      work.commit('side', { a: work.bad });
      work.git('checkout', '-q', 'main');
      work.commit('main', { b: work.good });
      return [['merge', '-q', '--no-edit', 'side']];
    },
  },
  {
    name: 'a clean merge, and something bad is put into it',
    stops: true,
    enter(work) {
      sides(work, 'one and more\n\n\n\ntwo\n', 'one\n\n\n\ntwo and more\n');
      work.git('merge', '-q', '--no-commit', 'side');
      work.stage({ b: work.bad });
      return [['commit', '-q', '--no-edit']];
    },
  },
  {
    name: 'a conflict, resolved badly',
    stops: true,
    enter(work) {
      sides(work, 'left\n', 'right\n');
      work.attempt(['merge', '-q', 'side']);
      work.stage({ a: work.bad });
      return [['commit', '-q', '--no-edit']];
    },
  },
  {
    name: 'a conflict, resolved well, and the other side brings something bad',
    stops: false,
    enter(work) {
      sides(work, 'left\n', 'right\n');
      work.git('checkout', '-q', 'side');
      work.commit('theirs', { b: work.bad });
      work.git('checkout', '-q', 'main');
      work.attempt(['merge', '-q', 'side']);
      work.stage({ a: work.good });
      return [['commit', '-q', '--no-edit']];
    },
  },
  {
    name: 'cherry-pick',
    stops: true,
    enter(work) {
      work.git('checkout', '-q', '-b', 'side');
      work.commit('side', { a: work.bad });
      work.git('checkout', '-q', 'main');
      return [['cherry-pick', 'side']];
    },
  },
  {
    name: 'revert',
    stops: true,
    enter(work) {
      work.commit('bad', { a: work.bad });
      work.commit('good', { a: work.good });
      return [['revert', '--no-edit', 'HEAD']];
    },
  },
  {
    name: 'rebase',
    stops: true,
    enter(work) {
      work.git('checkout', '-q', '-b', 'side');
      work.commit('side', { a: work.bad });
      work.git('checkout', '-q', 'main');
      work.commit('main', { b: work.good });
      return [['rebase', '-q', 'main', 'side']];
    },
  },
  {
    name: 'am',
    stops: true,
    enter(work) {
      const patch = join(dirname(work.dir), 'patch');
      work.git('checkout', '-q', '-b', 'side');
      work.commit('side', { a: work.bad });
      writeFileSync(patch, `${work.git('format-patch', '-1', '--stdout')}\n`);
      work.git('checkout', '-q', 'main');
      return [['am', '-q', patch]];
    },
  },
  {
    name: 'a detached HEAD',
    stops: true,
    enter(work) {
      work.git('checkout', '-q', '--detach');
      work.stage({ a: work.bad });
      return commit();
    },
  },
  {
    name: 'a linked work tree',
    stops: true,
    enter(work) {
      const cwd = join(dirname(work.dir), 'linked');
      work.git('worktree', 'add', '-q', cwd, '-b', 'linked');
      // Its packages, as an installation would put them there.
      symlinkSync(join(work.dir, 'node_modules'), join(cwd, 'node_modules'));
      writeFileSync(join(cwd, 'a'), work.bad);
      work.attempt(['add', 'a'], { cwd });
      return [COMMIT, { cwd }];
    },
  },
  {
    name: 'from a folder below the top',
    stops: true,
    enter(work) {
      work.stage({ 'below/a': work.bad });
      return [COMMIT, { cwd: join(work.dir, 'below') }];
    },
  },
  {
    name: 'a sparse checkout: staged, and not on disk',
    stops: true,
    enter(work) {
      work.commit('one', { 'in/a': work.good, 'out/a': work.good });
      work.git('sparse-checkout', 'set', '--cone', 'in');
      work.git('update-index', '--add', '--cacheinfo', `100644,${hashed(work, work.bad)},out/b`);
      return commit();
    },
  },
  {
    name: 'UTF-16 on disk, UTF-8 in Git (working-tree-encoding)',
    stops: true,
    enter(work) {
      work.stage({ '.gitattributes': 'a working-tree-encoding=UTF-16LE\n', a: Buffer.from(work.bad, 'utf16le') });
      return commit();
    },
  },
];

function hashed(work: Work, text: string): string {
  const file = join(dirname(work.dir), 'blob');
  writeFileSync(file, text);
  return work.git('hash-object', '-w', '--no-filters', file);
}
