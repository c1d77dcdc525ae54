import { resolve } from 'node:path';
import { killing } from './harness.ts';

// node src/dev/run.mjs test/kills/run.ts [trials] [seed]
const [trials = '200', seed = '1'] = process.argv.slice(2);
const outcome = await killing({
  engine: resolve('dist/bin.cjs'),
  trials: Number(trials),
  seed: Number(seed),
  log: (line) => console.log(line),
});
const { killed, changed, commits, lost, broken } = outcome;
for (const one of changed) console.log(`changed: ${one}`);
console.log(
  `${outcome.trials} runs, ${killed} killed. Files changed: ${changed.length}. Commits made beside: ${commits}, lost: ${lost}. ${broken || 'git fsck finds nothing.'}`,
);
if (changed.length > 0 || lost > 0 || broken) process.exitCode = 1;
