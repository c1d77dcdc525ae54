import { mkdirSync, readFileSync, readdirSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';
import { build } from 'esbuild';
import { root } from '../../src/dev/install.mjs';

// Holds the rules about second runs against PostgreSQL: `node test/twice/run.mjs <folder> [--layout name]`.
// Every migration of the folder is applied in an embedded PostgreSQL, and then once more; what each statement does the second
// time is compared with what the rules say of it.

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    layout: { type: 'string', default: 'plain' },
    /** SQL files to run before the first migration. */
    prelude: { type: 'string', multiple: true, default: [] },
    /** 'pattern=text': for templates in the files. */
    set: { type: 'string', multiple: true, default: [] },
    /** Holds the files against PostgreSQL as they are once every fix is in. */
    fix: { type: 'boolean', default: false },
    /** Takes out statements that fail in their first run, instead of leaving out their migrations. */
    salvage: { type: 'boolean', default: false },
    /** Only the first so many migrations. */
    limit: { type: 'string' },
    /** Prints every disagreement; else the first of each kind. */
    all: { type: 'boolean', default: false },
  },
});
const folder = resolve(positionals[0] ?? '.');
const STALL = 60_000;

/** What the extensions of hosted databases bring, as far as migrations call it. */
const STUBS = {
  vector: 'create type vector; create function vector_in(cstring) returns vector language internal immutable strict as $$textin$$; create function vector_out(vector) returns cstring language internal immutable strict as $$textout$$; create function vector_typmod_in(cstring[]) returns integer language internal immutable strict as $$varchartypmodin$$; create type vector (input = vector_in, output = vector_out, typmod_in = vector_typmod_in, internallength = variable, storage = extended); create function distance(vector, vector) returns float8 language sql immutable as $$select 0::float8$$; create operator <=> (leftarg = vector, rightarg = vector, function = distance); create operator <-> (leftarg = vector, rightarg = vector, function = distance); create operator <#> (leftarg = vector, rightarg = vector, function = distance);', // prettier-ignore
  pg_cron: 'create schema if not exists cron; create table cron.job (jobid bigserial primary key, schedule text, command text, jobname text unique, active boolean default true); create function cron.schedule(name text, schedule text, command text) returns bigint language sql as $$insert into cron.job (jobname, schedule, command) values ($1, $2, $3) on conflict (jobname) do update set schedule = excluded.schedule, command = excluded.command returning jobid$$; create function cron.schedule(schedule text, command text) returns bigint language sql as $$insert into cron.job (schedule, command) values ($1, $2) returning jobid$$; create function cron.unschedule(name text) returns boolean language plpgsql as $$begin delete from cron.job where jobname = $1; if not found then raise exception \'could not find valid entry for job %\', $1; end if; return true; end$$; create function cron.unschedule(id bigint) returns boolean language sql as $$delete from cron.job where jobid = $1; select true$$;', // prettier-ignore
  pg_net: 'create schema if not exists net; create function net.http_post(url text, body jsonb default null, params jsonb default null, headers jsonb default null, timeout_milliseconds int default 1000) returns bigint language sql as $$select 1::bigint$$; create function net.http_get(url text, params jsonb default null, headers jsonb default null, timeout_milliseconds int default 1000) returns bigint language sql as $$select 1::bigint$$;', // prettier-ignore
};

/** What a platform has before the first migration, beside the prelude, and in each session. */
const PLATFORMS = {
  supabase: {
    before:
      'create extension if not exists pgcrypto schema extensions; create extension if not exists "uuid-ossp" schema extensions;',
    session: 'set search_path = "$user", public, extensions;',
  },
};

const files = readFolder();
if (Object.keys(files).length === 0) throw new Error(`no .sql files in ${folder}`);
const { verdicts, fixed } = await staticSide();
const dir = 'migrations';
const texts = options.fix
  ? { ...files, ...Object.fromEntries((await fixed(files, dir, options.layout)).texts) }
  : files;
const first = (list) => list.slice(0, options.limit ? Number(options.limit) : undefined);
let chosen = first(await verdicts(texts, dir, options.layout));
if (options.salvage)
  chosen = first(await verdicts(withoutFailures(chosen, (await prove(chosen, true)).proofs), dir, options.layout));
const { proofs, stubs } = await prove(chosen);
report(chosen, proofs, stubs);

/** The texts with blanks in place of what PostgreSQL refuses the first time. */
function withoutFailures(migrations, proofs) {
  const whole = { ...texts };
  for (const { path, statements } of migrations) {
    for (const [i] of proofs.get(path).errors) {
      const { start, end } = statements[i];
      whole[path] =
        whole[path].slice(0, start) + whole[path].slice(start, end).replace(/[^\n]/g, ' ') + whole[path].slice(end);
    }
  }
  return whole;
}

function readFolder() {
  const found = {};
  const replacements = options.set.map((text) => {
    const equals = text.lastIndexOf('=');
    return [new RegExp(text.slice(0, equals), 'g'), text.slice(equals + 1)];
  });
  for (const name of readdirSync(folder, { recursive: true })) {
    if (!/\.sql$|meta\/_journal\.json$/.test(name)) continue;
    let text = readFileSync(join(folder, name), 'utf8');
    for (const [pattern, replacement] of replacements) text = text.replace(pattern, replacement);
    found[`migrations/${name.replaceAll('\\', '/')}`] = text;
  }
  return found;
}

async function staticSide() {
  const cache = join(root, 'node_modules/.cache/repolicy');
  mkdirSync(cache, { recursive: true });
  const outfile = join(cache, 'verdicts.mjs');
  await build({
    absWorkingDir: root,
    entryPoints: ['test/twice/verdicts.ts'],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
    logLevel: 'warning',
  });
  return import(pathToFileURL(outfile).href);
}

/** Results by path. A statement that takes too long is left out, and everything is begun again without it. */
async function prove(migrations, onlyOnce = false) {
  const proofs = new Map();
  const hung = [];
  const stubs = new Set();
  for (let done = false; !done;) {
    const workerData = {
      files: migrations.map(({ path, statements }) => ({
        path,
        statements: statements.map(({ text, kind, touchesRows }) => ({ text, kind, touchesRows })),
      })),
      prelude: options.prelude.map((path) => resolve(path)),
      hung,
      judged: [...proofs.keys()],
      stubs: STUBS,
      onlyOnce,
      platform: PLATFORMS[options.layout] ?? { before: '', session: '' },
    };
    done = await new Promise((settle, fail) => {
      const worker = new Worker(new URL('worker.mjs', import.meta.url), { workerData });
      let at;
      let timer;
      const wait = () => {
        clearTimeout(timer);
        timer = setTimeout(async () => {
          await worker.terminate();
          hung.push(at);
          settle(false);
        }, STALL);
      };
      worker.on('error', (error) => (clearTimeout(timer), fail(error)));
      worker.on('message', (message) => {
        wait();
        if (message.at) at = message.at;
        if (message.stub) stubs.add(message.stub);
        if (message.path) proofs.set(message.path, message);
        if (message.done) {
          clearTimeout(timer);
          void worker.terminate().then(() => settle(true));
        }
      });
      wait();
    });
  }
  return { proofs, stubs };
}

function report(migrations, proofs, stubs) {
  const counts = { both: 0, neither: 0, false: 0, missed: 0, unproved: 0, untested: 0 };
  const disagreements = new Map();
  const unapplied = [];
  const ABOUT_ROWS = new Set(['sql/insert-without-conflict-clause', 'sql/non-idempotent-dml']);
  const DATA = new Set(['insert', 'update', 'delete', 'merge', 'copy']);
  for (const { path, statements } of migrations) {
    const proof = proofs.get(path);
    if (!proof?.results) {
      unapplied.push(`${place(path, statements[proof?.errors[0][0]]?.line)} ${proof?.errors[0][1]}`);
      continue;
    }
    const lastFailure = proof.results.findLastIndex(({ error }) => error);
    proof.results.forEach((result, i) => {
      const { line, kind, text, findings } = statements[i];
      if (result.untested) {
        counts.untested++;
        return;
      }
      const proved = (result.error ?? result.changes?.join(' | '))?.replace(/\s+/g, ' ');
      const found = findings[0];
      // Rows that are not there can neither be doubled nor changed.
      const onNoRows =
        !proved &&
        found &&
        (kind === 'do' ? findings.every(({ rule }) => ABOUT_ROWS.has(rule)) : DATA.has(kind) && result.first === 0);
      // What a later statement would have put right had it not failed.
      const unfinished = proved && !result.error && !found && i < lastFailure;
      if (onNoRows || unfinished) counts.unproved++;
      else if (proved && found) counts.both++;
      else if (!proved && !found) counts.neither++;
      else {
        counts[found ? 'false' : 'missed']++;
        const group = found
          ? `false alarm: ${found.rule}`
          : `missed: ${kind}: ${(result.error ?? 'changes').slice(0, 5)}`;
        const said = found ? found.message : proved;
        const list = disagreements.get(group) ?? [];
        disagreements.set(group, [
          ...list,
          `${place(path, line)} ${said.slice(0, 160)}\n      ${text.replace(/\s+/g, ' ').slice(0, 160)}`,
        ]);
      }
    });
  }
  const percent = (part, whole) => (whole === 0 ? '-' : `${((100 * part) / whole).toFixed(2)} %`);
  for (const [group, list] of disagreements) {
    console.log(`${group} (${list.length})`);
    for (const item of options.all ? list : list.slice(0, 5)) console.log(`    ${item}`);
  }
  for (const item of unapplied.slice(0, 8)) console.log(`first run fails: ${item}`);
  const { both, neither, missed, unproved, untested } = counts;
  console.log(
    [
      `${migrations.length} migrations, ${unapplied.length} of which fail in their first run and are left out${stubs.size > 0 ? `; stubs for ${[...stubs].join(', ')}` : ''}`,
      `${both + neither + counts.false + missed} statements: ${both} fail or add up as the rules say, ${neither} bear a second run as the rules say, ${counts.false} false alarms, ${missed} missed; ${unproved} on no rows or before a failure, ${untested} not tested`,
      `precision ${percent(both, both + counts.false)}, recall ${percent(both, both + missed)}`,
    ].join('\n'),
  );
}

function place(path, line = 1) {
  return `${relative(process.cwd(), join(folder, path.slice(dir.length + 1)))}:${line}`;
}
