// Reads SQL files and damaged copies of them, and stops at the first crash or wrong count:
// node test/fuzz/run.mjs [folder of .sql files ...] [--count 100000] [--seed 1]
// Without a folder it damages the examples of the rules. PostgreSQL's own regression SQL comes with the libpg_query sources.
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

// What runs next changes the working directory: folders are named in full, what options are given is left alone.
const args = process.argv
  .slice(2)
  .map((arg, i, all) => (arg.startsWith('-') || /^--(?:count|seed)$/.test(all[i - 1] ?? '') ? arg : resolve(arg)));
process.argv.splice(2, process.argv.length, fileURLToPath(new URL('fuzz.ts', import.meta.url)), ...args);
await import('../../src/dev/run.mjs');
