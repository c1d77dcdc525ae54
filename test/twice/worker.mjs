import { readFileSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { parentPort, workerData } from 'node:worker_threads';
import { difference, digest } from './digest.mjs';

// Applies every migration once, and then, in a transaction that is rolled back, a second time.

setFlagsFromString('--no-wasm-tier-up');
setFlagsFromString('--no-wasm-dynamic-tiering');
const { files, prelude, hung, judged, stubs, platform, onlyOnce } = workerData;
const { PGlite } = await import('@electric-sql/pglite');
const CONTRIB = ['btree_gin', 'btree_gist', 'citext', 'cube', 'earthdistance', 'fuzzystrmatch', 'hstore', 'intarray', 'ltree', 'pg_trgm', 'pgcrypto', 'seg', 'tablefunc', 'unaccent', 'uuid_ossp']; // prettier-ignore
const extensions = {};
for (const name of CONTRIB) extensions[name] = (await import(`@electric-sql/pglite/contrib/${name}`))[name];
const db = await PGlite.create({ extensions });
const say = (message) => parentPort.postMessage(message);

// What cannot run inside a transaction runs without its CONCURRENTLY the second time, or not at all.
const CONTROL = new Set([
  'begin',
  'commit',
  'rollback',
  'savepoint',
  'release savepoint',
  'rollback to savepoint',
  'set transaction',
]);
const UNTESTED = new Set(['vacuum', 'create database', 'drop database', 'create tablespace', 'drop tablespace', 'alter system', 'create subscription', 'drop subscription']); // prettier-ignore
const inTransaction = (text) =>
  text
    .replace(
      /^(create\s+(?:unique\s+)?index\s+|drop\s+index\s+|refresh\s+materialized\s+view\s+|reindex\s+\w+\s+)concurrently\s/i,
      '$1',
    )
    .replace(/(\sdetach\s+partition\s+\S+)\s+concurrently/i, '$1');

/** Runs one statement; an extension that is not there is made of nothing, and asked for again. */
async function run(text) {
  try {
    const results = await db.exec(text);
    return { rows: results.at(-1)?.affectedRows ?? 0 };
  } catch (error) {
    const missing = /extension "([\w-]+)" is not available/.exec(error.message)?.[1];
    if (missing === undefined || db.Module.FS.analyzePath(control(missing)).exists) throw error;
    db.Module.FS.writeFile(
      control(missing),
      `default_version = '1.0'\nrelocatable = ${stubs[missing] === undefined}\n`,
    );
    db.Module.FS.writeFile(control(missing).replace('.control', '--1.0.sql'), stubs[missing] ?? '');
    say({ stub: missing });
    return { stubbed: true };
  }
}

const control = (name) => `/pglite/share/postgresql/extension/${name}.control`;

const tell = ({ code = '', message }) => `${code} ${String(message).split('\n')[0]}`;

async function discard() {
  try {
    await db.exec('rollback');
  } catch {
    // There was no transaction.
  }
  await db.exec('discard all');
  await db.exec(platform.session);
}

/** The first run: as one transaction where that is possible, else statement by statement. Errors by statement. */
async function apply(statements, key) {
  const alone = statements.some(
    ({ text, kind }) => UNTESTED.has(kind) || inTransaction(text) !== text || kind === 'begin',
  );
  if (!alone) {
    for (let again = true; again;) {
      again = false;
      await db.exec('begin');
      try {
        const rows = [];
        for (const [i, { text, kind }] of statements.entries()) {
          say({ at: key(i) });
          const done = CONTROL.has(kind) ? { rows: 0 } : await run(text);
          if (done.stubbed) {
            again = true;
            break;
          }
          rows.push(done.rows);
        }
        await db.exec(again ? 'rollback' : 'commit');
        if (!again) return { rows, errors: new Map() };
      } catch {
        await discard();
      }
    }
  }
  const errors = new Map();
  const rows = [];
  for (const [i, { text, kind }] of statements.entries()) {
    say({ at: key(i) });
    try {
      if (UNTESTED.has(kind) || hung.includes(key(i))) rows.push(0);
      else {
        let done = await run(text);
        if (done.stubbed) done = await run(text);
        rows.push(done.rows);
      }
    } catch (error) {
      rows.push(0);
      errors.set(i, tell(error));
    }
  }
  return { rows, errors };
}

/** The second run: what each statement says, and which of them leave something changed. */
async function again(statements, key) {
  const rows = statements.some(({ touchesRows }) => touchesRows);
  const pass = async (each) => {
    const results = [];
    const deltas = [];
    await discard();
    await db.exec('begin');
    const before = await digest(db, rows);
    let last = before;
    for (const [i, { text, kind }] of statements.entries()) {
      say({ at: key(i) });
      if (CONTROL.has(kind) || UNTESTED.has(kind) || hung.includes(key(i))) {
        results.push({ untested: true });
        deltas.push({ added: [], removed: [] });
        continue;
      }
      await db.exec('savepoint here');
      try {
        results.push(await run(inTransaction(text)));
        await db.exec('release savepoint here');
      } catch (error) {
        // What commits by itself cannot be run inside the transaction of this second run.
        results.push(error.code === '2D000' ? { untested: true } : { error: tell(error) });
        await db.exec('rollback to savepoint here');
      }
      if (!each) continue;
      const now = await digest(db, rows);
      deltas.push(difference(last, now));
      last = now;
    }
    const after = await digest(db, rows);
    await discard();
    return { results, deltas, whole: difference(before, after) };
  };
  const first = await pass(false);
  if (first.whole.added.length + first.whole.removed.length === 0) return first.results;
  const { results, deltas, whole } = await pass(true);
  const [added, removed] = [new Set(whole.added), new Set(whole.removed)];
  const grown = new Set(whole.added.flatMap((line) => (line.startsWith('count ') ? [line.split(' ')[1]] : [])));
  return results.map((result, i) => {
    const told = (line) => {
      const [what, table] = line.split(' ');
      return what !== 'count' && (!NOISE[what]?.has(statements[i].kind) || grown.has(table));
    };
    const changes = [
      ...deltas[i].added.filter((line) => added.has(line) && told(line)),
      ...deltas[i].removed.filter((line) => removed.has(line) && told(line)).map((line) => `no ${line}`),
    ];
    return changes.length === 0 ? result : { ...result, changes: changes.slice(0, 3) };
  });
}

// An INSERT that finds a conflict has taken its number from the sequence all the same, and rows that are deleted and made again
// may differ where their values are made up: there they count where their number has changed.
const NOISE = {
  value: new Set(['insert', 'update', 'delete', 'merge', 'do', 'copy', 'create table as']),
  row: new Set(['insert', 'delete', 'copy', 'truncate']),
};

for (const sql of prelude.map((path) => readFileSync(path, 'utf8'))) await db.exec(sql);
await db.exec(platform.before);
await discard();
for (const [f, { path, statements }] of files.entries()) {
  const key = (i) => `${f}:${i}`;
  const { rows, errors } = await apply(statements, key);
  if (judged.includes(path)) continue;
  if (errors.size > 0 || onlyOnce) say({ path, errors: [...errors] });
  else
    say({
      path,
      results: (await again(statements, (i) => `${f}:${i}`)).map((result, i) => ({ ...result, first: rows[i] })),
    });
}
await db.close();
say({ done: true });
