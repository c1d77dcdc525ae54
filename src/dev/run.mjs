import { mkdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { installMissing, root } from './install.mjs';

/** Runs one of this repository's own TypeScript files: `node src/dev/run.mjs src/dev/docs.ts [arguments]`. */
const [file, ...args] = process.argv.slice(2);
installMissing();
const { build } = await import('esbuild');
const folder = join(root, 'node_modules/.cache/repolicy');
mkdirSync(folder, { recursive: true });
const outfile = join(folder, basename(file).replace(/\.ts$/, '.mjs'));
await build({
  absWorkingDir: root,
  entryPoints: [file],
  outfile,
  bundle: true,
  platform: 'node',
  format: 'esm',
  packages: 'external',
  logLevel: 'warning',
});
process.argv = [process.argv[0], file, ...args];
process.chdir(root);
await import(pathToFileURL(outfile).href);
