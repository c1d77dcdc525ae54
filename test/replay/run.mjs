// Compares the schema replay with a real catalogue: node test/replay/run.mjs <folder of migrations> [--layout name] [--quiet]
// Needs @electric-sql/pglite 0.5.14, which the package does not depend on: npm install --no-save @electric-sql/pglite@0.5.14
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

// What runs next changes the working directory: the folder is named in full, what options are given is left alone.
const args = process.argv
  .slice(2)
  .map((arg, i, all) =>
    arg.startsWith('-') || /^--(?:layout|namespace)$/.test(all[i - 1] ?? '') ? arg : resolve(arg),
  );
process.argv.splice(2, process.argv.length, fileURLToPath(new URL('main.ts', import.meta.url)), ...args);
await import('../../src/dev/run.mjs');
