import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import fc from 'fast-check';
import { damaged, exampleTexts, judgeTogether, readThrough } from './texts.ts';

const { positionals: folders, values } = parseArgs({
  allowPositionals: true,
  options: { count: { type: 'string', default: '100000' }, seed: { type: 'string', default: '1' } },
});
const BATCH = 40;

const files = folders.flatMap((folder) =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.sql'))
    .map((name) => join(folder, name)),
);
let [statements, refused, crashed] = [0, 0, 0];
for (const path of files) {
  try {
    const read = await readThrough(readFileSync(path, 'utf8'));
    statements += read.statements;
    refused += read.refused;
  } catch (error) {
    crashed++;
    console.log(`${path}: ${String(error)}`);
  }
}
if (files.length > 0)
  console.log(`${files.length} files, ${statements} statements, ${refused} of which PostgreSQL's parser refuses; ${crashed} crashes or wrong counts`); // prettier-ignore

const count = Number(values.count);
const texts =
  files.length > 0 ? files.map((path) => readFileSync(path, 'utf8')).filter((text) => text !== '') : exampleTexts();
const inputs = fc.sample(damaged(texts), { numRuns: count, seed: Number(values.seed) });
let [findings, done] = [0, 0];
for (let i = 0; i < inputs.length; i += BATCH) {
  const batch = inputs.slice(i, i + BATCH);
  for (const text of batch) {
    try {
      await readThrough(text);
    } catch (error) {
      crashed++;
      console.log(`${String(error)}\n${JSON.stringify(text)}`);
    }
  }
  try {
    findings += await judgeTogether(batch);
  } catch (error) {
    crashed++;
    console.log(`inputs ${i} to ${i + batch.length}: ${String((error as Error).stack)}`);
  }
  done += batch.length;
  if (done % 10_000 < BATCH) process.stderr.write(`${done} of ${inputs.length}\n`);
  if (crashed > 20) break;
}
console.log(`${done} damaged inputs, seed ${values.seed}: ${findings} findings, ${crashed} crashes or wrong counts`);
process.exitCode = crashed > 0 ? 1 : 0;
