import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { CustomFormat } from '../../facts/credentials/custom.ts';
import { matcherWith } from '../../facts/credentials/ready.ts';
import { makeGit } from '../../repo/git.ts';
import type { Reading } from '../../repo/open.ts';
import { openSearch, type Answer, type Item, type Job } from './search.ts';

export interface SearchTerms {
  readonly reading: Reading;
  readonly custom: readonly CustomFormat[];
}

/** Searches on every core. */
export interface Threads {
  /** Resolves as soon as more can be taken; answers come to `take`. `key` sends what belongs together to one thread. */
  search(items: readonly Item[], how: { readonly versions: boolean }): Promise<void>;
  /** Resolves when every answer has come. */
  end(): Promise<void>;
}

/** Below it, starting a thread takes longer than the work. */
const FEW = 1500;
/** Objects that a thread may have before it. More than the few whose answers Git holds back, so that it never waits for us to wait for it. */
const AHEAD = 6000;

interface Thread {
  post(job: Job): void;
  end(): Promise<void>;
  /** Objects that it was given and has not answered. */
  load: number;
}

/** The bundle of a thread; none where the engine runs from its source. */
const WORKER = typeof __dirname === 'string' ? join(__dirname, 'search.cjs') : '';

export function openThreads(terms: SearchTerms, take: (answer: Answer, items: readonly Item[]) => void): Threads {
  let threads: Thread[] = [];
  let next = 0;
  const asked = new Map<number, { readonly items: readonly Item[]; readonly thread: Thread }>();
  let waiting: (() => void)[] = [];
  let failed: Error | undefined;
  const wake = () => {
    const all = waiting;
    waiting = [];
    for (const one of all) one();
  };
  const answered = (answer: Answer): void => {
    const { items, thread } = asked.get(answer.id)!;
    asked.delete(answer.id);
    thread.load -= items.length;
    take(answer, items);
    wake();
  };
  const fail = (error: Error): void => {
    failed ??= error;
    wake();
  };

  const ownThread = async (): Promise<Thread> => {
    const { cwd, env } = terms.reading;
    const search = openSearch(makeGit(cwd, env), await matcherWith(terms.custom), answered);
    return { post: search.search, end: search.end, load: 0 };
  };
  const otherThread = (): Thread => {
    const worker = new Worker(WORKER, { workerData: terms });
    const over = new Promise<void>((resolve) => {
      worker.on('message', answered);
      worker.on('error', (error) => fail(error));
      worker.on('exit', () => resolve());
    });
    return {
      post: (job) => worker.postMessage(job),
      async end() {
        worker.postMessage('end');
        await over;
      },
      load: 0,
    };
  };
  const started = async (count: number): Promise<void> => {
    if (threads.length > 0) return;
    const many = count >= FEW && WORKER !== '' && existsSync(WORKER) ? availableParallelism() : 1;
    threads = many > 1 ? Array.from({ length: many }, otherThread) : [await ownThread()];
  };
  return {
    async search(items, { versions }) {
      await started(items.length);
      for (const [at, own] of shared(items, threads.length).entries()) {
        if (own.length === 0) continue;
        const thread = threads[at]!;
        while (thread.load > AHEAD && !failed) await new Promise<void>((resolve) => waiting.push(resolve));
        if (failed) throw failed;
        const id = next++;
        thread.load += own.length;
        asked.set(id, { items: own, thread });
        thread.post({ id, items: own, versions });
      }
    },
    async end() {
      await Promise.all(threads.map((thread) => thread.end()));
      if (failed) throw failed;
      if (asked.size > 0) throw new Error('a thread of the search ended before its work was done');
    },
  };
}

/** All versions of a path go to the same thread, one after the other. */
function shared(items: readonly Item[], threads: number): Item[][] {
  const groups = new Map<string, Item[]>();
  for (const item of items) {
    const key = 'text' in item ? '' : item.path;
    const group = groups.get(key);
    if (group) group.push(item);
    else groups.set(key, [item]);
  }
  const shares: Item[][] = Array.from({ length: threads }, () => []);
  for (const [path, group] of groups) shares[hash(path) % threads]!.push(...group);
  return shares;
}

function hash(text: string): number {
  let sum = 0;
  for (let i = 0; i < text.length; i++) sum = (Math.imul(sum, 31) + text.charCodeAt(i)) >>> 0;
  return sum;
}
