import { build } from './build.mjs';

/** `npm start`: installs what is missing, builds, then audits the sample repository, or the one that is named. */
await build({ types: false });
process.argv.splice(2, 0, 'src/dev/start.ts');
await import('./run.mjs');
