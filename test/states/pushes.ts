import type { State } from './commits.ts';
import type { Work } from './repository.ts';

const push = (...args: string[]) => [['push', '-q', 'origin', ...args]] as const;

/** A branch "side" with something bad on it, which nobody has checked out. */
function badSide(work: Work): void {
  work.git('checkout', '-q', '-b', 'side');
  work.commit('side', { a: work.bad });
  work.git('checkout', '-q', 'main');
}

/** The remote "origin" has main as it is at the start, and the clone knows so. */
export const PUSHES: readonly State[] = [
  {
    name: 'a branch goes on',
    stops: true,
    enter(work) {
      work.commit('bad', { a: work.bad });
      return push('main');
    },
  },
  {
    name: 'a branch goes on, with nothing wrong',
    stops: false,
    enter(work) {
      work.commit('good', { a: work.good });
      return push('main');
    },
  },
  {
    name: 'a new branch',
    stops: true,
    enter(work) {
      work.git('checkout', '-q', '-b', 'side');
      work.commit('bad', { a: work.bad });
      return push('side');
    },
  },
  {
    name: 'bad in one commit, taken out in the next',
    stops: true,
    enter(work) {
      work.commit('bad', { a: work.bad });
      work.commit('good', { a: work.good });
      return push('main');
    },
  },
  {
    name: 'a branch that is not checked out',
    stops: true,
    enter(work) {
      badSide(work);
      return push('side');
    },
  },
  {
    name: 'a good branch, while the one that is checked out is bad',
    stops: false,
    enter(work) {
      work.git('branch', 'side');
      work.commit('bad', { a: work.bad });
      return push('side');
    },
  },
  {
    name: 'two branches, the second is bad',
    stops: true,
    enter(work) {
      badSide(work);
      work.commit('good', { b: work.good });
      return push('main', 'side');
    },
  },
  {
    name: 'an annotated tag',
    stops: true,
    enter(work) {
      badSide(work);
      work.git('tag', '-a', '-m', 'one', 'v1', 'side');
      return push('v1');
    },
  },
  {
    name: 'a tag of a file',
    stops: false,
    enter(work) {
      work.commit('good', { a: work.good });
      work.git('tag', 'file', 'HEAD:a');
      return push('file');
    },
  },
  {
    name: 'a deletion',
    stops: false,
    enter(work) {
      work.git('push', '-q', 'origin', 'main:refs/heads/topic');
      return push(':topic');
    },
  },
  {
    name: 'a history that was rewritten',
    stops: true,
    enter(work) {
      work.commit('one', { b: work.good });
      work.git('push', '-q', 'origin', 'main');
      work.git('reset', '-q', '--hard', 'HEAD^');
      work.commit('another', { a: work.bad });
      return push('--force', 'main');
    },
  },
  {
    name: 'bad work that is not committed',
    stops: false,
    enter(work) {
      work.commit('good', { a: work.good });
      work.write({ a: work.bad });
      return push('main');
    },
  },
  {
    name: 'bad in the commit, mended on disk',
    stops: true,
    enter(work) {
      work.commit('bad', { a: work.bad });
      work.write({ a: work.good });
      return push('main');
    },
  },
  {
    name: 'main merged into a branch, with what the remote has long had',
    stops: false,
    enter(work) {
      work.git('checkout', '-q', '-b', 'side');
      work.commit('good', { b: work.good });
      work.git('push', '-q', 'origin', 'side');
      work.git('checkout', '-q', 'main');
      work.commit('theirs', { a: work.bad });
      work.git('push', '-q', 'origin', 'main');
      work.git('checkout', '-q', 'side');
      work.git('merge', '-q', '--no-edit', 'main');
      return push('side');
    },
  },
];
