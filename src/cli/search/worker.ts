import { parentPort, workerData } from 'node:worker_threads';
import { matcherWith } from '../../facts/credentials/ready.ts';
import { makeGit } from '../../repo/git.ts';
import { openSearch, type Job } from './search.ts';
import type { SearchTerms } from './threads.ts';

/** One thread of a search: jobs come in, answers go out, and "end" ends it. */
async function work(): Promise<void> {
  const { reading, custom } = workerData as SearchTerms;
  const port = parentPort!;
  const match = await matcherWith(custom);
  const search = openSearch(makeGit(reading.cwd, reading.env), match, (answer) => port.postMessage(answer));
  port.on('message', (job: Job | 'end') => {
    if (job !== 'end') search.search(job);
    else void search.end().then(() => port.close());
  });
}

void work();
