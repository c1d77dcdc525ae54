import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { root } from '../../src/dev/install.mjs';

// Text searched for all credentials, against text of which every character is read: `node test/bench/secrets.mjs [folder]`
const folder = process.argv[2] ?? join(root, 'node_modules');
const room = join(root, 'src/facts/credentials');
const contents = `export * from './matcher.ts'; export * from './formats/index.ts';`;
const stdin = { contents, resolveDir: room };
const { outputFiles } = await build({ stdin, bundle: true, platform: 'node', format: 'esm', write: false });
const { matcher, formats } = await import(
  `data:text/javascript;base64,${Buffer.from(outputFiles[0].contents).toString('base64')}`
);
const begun = performance.now();
const match = matcher(formats);
const built = performance.now() - begun;

const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((file) => file.isFile());
const read = files.map(({ parentPath, name }) => readFileSync(join(parentPath, name)));
const texts = read.filter((bytes) => !bytes.includes(0)).map((bytes) => bytes.toString());
const megabytes = texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0) / 1e6;
const touch = (text) => {
  let sum = 0;
  for (let i = 0; i < text.length; i++) sum += text.charCodeAt(i);
  return sum;
};
const speed = (work) => {
  const from = performance.now();
  for (const text of texts) work(text);
  return (megabytes * 1000) / (performance.now() - from);
};
const rounds = Array.from({ length: 9 }, () => [speed(match), speed(touch)]);
const median = (column) => rounds.map((row) => row[column]).sort((a, b) => a - b)[4];
console.log(
  `${formats.length} formats (built in ${built.toFixed(0)} ms), ${texts.length} files, ${megabytes.toFixed(0)} MB`,
);
console.log(`searched: ${median(0).toFixed(0)} MB/s; every character read: ${median(1).toFixed(0)} MB/s`);
