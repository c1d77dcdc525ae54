import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import type { Git } from './git.ts';
import { answersIn, NOT_FETCHED, reason, type Lookup } from './objects.ts';

/** Objects by the hundred thousand, mostly in the order in which they are asked for. */
export interface Blobs {
  ask(ids: readonly string[]): void;
  /** Resolves when all that was asked for has been answered. Nothing can be asked afterwards. */
  end(): Promise<void>;
}

/** One `cat-file --batch --buffer`: the last answers may come only with the next questions, or at the end. */
export function openBlobs(git: Git, answer: (id: string, lookup: Lookup) => void): Blobs {
  /** What the process was asked; answered up to `first`. */
  let asked: string[] = [];
  let first = 0;
  let child: ChildProcessWithoutNullStreams | undefined;
  /** What came while a process that had died was not yet replaced. */
  let waiting: string[] | undefined;
  let ending: { readonly done: () => void; readonly fail: (error: unknown) => void } | undefined;
  /** Known after Git gave up on an object that a partial clone lacks. */
  let present: ReadonlySet<string> | undefined;

  const start = (): ChildProcessWithoutNullStreams => {
    const batch = git.start(['cat-file', '--batch', '--buffer']);
    let complaint = '';
    const read = answersIn((lookup) => answer(asked[first++]!, lookup));
    batch.stdout.on('data', read);
    batch.stderr.on('data', (chunk: Buffer) => (complaint = (complaint + chunk.toString('utf8')).slice(-2000)));
    batch.stdin.on('error', () => {});
    batch.on('error', (error) => ending?.fail(error));
    batch.on('close', () => {
      child = undefined;
      // The first that has no answer is what it stumbled over; the others are asked again.
      if (first < asked.length) answer(asked[first++]!, { found: 'nothing', why: reason(complaint) });
      waiting = asked.slice(first);
      resume(/promisor|lazy fetch/.test(complaint)).catch((error: unknown) => ending?.fail(error));
    });
    return batch;
  };
  const resume = async (partial: boolean): Promise<void> => {
    // One restart for each of ten thousand missing objects would take minutes: after the first, we know what there is.
    if (partial && !present) {
      const listed = await git.run(['cat-file', '--batch-all-objects', '--unordered', '--batch-check=%(objectname)']);
      present = new Set(listed.toString('latin1').split('\n'));
    }
    const left = waiting!;
    waiting = undefined;
    asked = [];
    first = 0;
    ask(left);
    if (!ending) return;
    if (child) (child as ChildProcessWithoutNullStreams).stdin.end();
    else ending.done();
  };
  const ask = (ids: readonly string[]): void => {
    if (waiting) {
      waiting.push(...ids);
      return;
    }
    const there: string[] = [];
    for (const id of ids) {
      if (!present || present.has(id)) there.push(id);
      else answer(id, { found: 'nothing', why: NOT_FETCHED });
    }
    if (there.length === 0) return;
    if (first > 4096) {
      asked = asked.slice(first);
      first = 0;
    }
    asked.push(...there);
    child ??= start();
    child.stdin.write(`${there.join('\n')}\n`);
  };
  return {
    ask,
    end: () =>
      new Promise((done, fail) => {
        ending = { done, fail };
        if (child) child.stdin.end();
        else if (!waiting) done();
      }),
  };
}
