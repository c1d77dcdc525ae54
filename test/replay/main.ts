import { parseArgs } from 'node:util';
import { catalogueLines } from './catalogue.ts';
import { openDatabase } from './database.ts';
import { folderSnapshot, linesOf, replayed } from './history.ts';

// Holds the schema replay of a folder of migrations against the catalogue of a PostgreSQL that ran them.
const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    layout: { type: 'string' },
    namespace: { type: 'string', default: 'gotrue' },
    quiet: { type: 'boolean', default: false },
  },
});
const [folder] = positionals;
if (folder === undefined) {
  process.stderr.write(
    'usage: node test/replay/run.mjs <folder of migrations> [--layout name] [--namespace schema] [--quiet]\n',
  );
  process.exit(2);
}
// Templates of GoTrue and the like stand for a schema.
let templated = false;
const snapshot = folderSnapshot(folder, values.layout, (text) =>
  text.replace(/\{\{\s*index \.Options "Namespace"\s*\}\}/g, () => {
    templated = true;
    return values.namespace;
  }),
);
const { folder: found, replay, statements, times } = await replayed(snapshot);
const print = (line: string): void => void process.stdout.write(`${line}\n`);
print(
  `${found.layout.name}: ${found.migrations.length} migrations, ${statements.length} statements; read in ${times[0].toFixed(0)} ms, replayed in ${times[1].toFixed(0)} ms`,
);
const { database, ignored } = await openDatabase(replay.start.namespace('auth') !== undefined);
// Whoever runs such templates makes the schema first.
if (templated) await database.exec(`CREATE SCHEMA "${values.namespace}"`);
const before = await catalogueLines(database, ignored);
const failures: string[] = [];
let session = '';
for (const { path, text } of statements) {
  if (path !== session && !found.layout.sharesSession) await database.reset();
  session = path;
  const error = await database.run(text);
  if (error !== undefined) failures.push(`${path}: ${error} <- ${text.replace(/\s+/g, ' ').slice(0, 140)}`);
}
await database.reset();
const real = await catalogueLines(database, ignored);
const told = linesOf(replay.end, ignored);
const first = linesOf(replay.start, ignored);
const missing = [...real].filter((line) => !told.has(line) && !before.has(line)).sort();
const extra = [...told].filter((line) => !real.has(line) && !first.has(line)).sort();
const kinds = new Map<string, [number, number]>();
for (const line of real) {
  if (before.has(line)) continue;
  const kind = line.split(' ', 1)[0]!;
  const [all, equal] = kinds.get(kind) ?? [0, 0];
  kinds.set(kind, [all + 1, equal + (told.has(line) ? 1 : 0)]);
}
print([...kinds].map(([kind, [all, equal]]) => `${kind} ${equal}/${all}`).join(', '));
print(
  `${missing.length} only in the catalogue, ${extra.length} only in the replay, ${failures.length} statements failed, ${replay.gaps.length} gaps`,
);
if (!values.quiet) {
  for (const line of failures) print(`! ${line}`);
  for (const { kind, reason } of replay.gaps) print(`? ${kind}: ${reason}`);
  for (const line of missing) print(`- ${line}`);
  for (const line of extra) print(`+ ${line}`);
}
process.exit(missing.length + extra.length > 0 ? 1 : 0);
