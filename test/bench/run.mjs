import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { arch, cpus, platform, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { build } from '../../src/dev/build.mjs';
import { root } from '../../src/dev/install.mjs';
import { cleanEnvironment, HOOK, interleaved } from './measure.mjs';
import { installPeers } from './peers.mjs';

// Ratios of one run on one machine: absolute times mean nothing elsewhere. `npm run bench [rounds]`
const rounds = Number(process.argv[2] ?? 15);
await build({ types: false });
const bin = join(root, 'dist/bin.cjs');
const folder = mkdtempSync(join(tmpdir(), 'repolicy-bench-'));

try {
  const node = { run: [process.execPath, '-e', '0'] };
  const hook = (cwd) => ({ run: [process.execPath, bin, 'hook', 'pre-commit'], cwd, env: HOOK, accept: [0, 1] });
  const [floor, idle, texts, migration, small, large] = interleaved(
    [
      node,
      hook(repository('idle', { committed: sources(50) })),
      hook(repository('texts', { committed: sources(50), staged: sources(20, 'new') })),
      hook(repository('migration', { committed: migrations(500), staged: migrations(1, 500) })),
      hook(repository('small', { committed: sources(1000), staged: sources(1, 'new') })),
      hook(repository('large', { committed: sources(100_000), staged: sources(1, 'new') })),
    ],
    rounds,
  );
  const history = repository('history', { committed: migrations(4000) });
  const peers = installPeers(folder);
  const dir = 'supabase/migrations';
  const [whole, parser, ...others] = interleaved(
    [
      {
        run: [process.execPath, bin, 'check', '--rule', 'sql/*', '--quiet', '--no-cache', dir],
        cwd: history,
        accept: [0, 1],
      },
      { run: [process.execPath, join(root, 'test/bench/parser.mjs'), history] },
      ...peers.map(({ checking }) => checking(history, dir)),
    ],
    Math.min(rounds, 5),
  );
  const tree = repository('tree', { committed: sources(5000) });
  const [again, listing, start] = interleaved(
    [
      { run: [process.execPath, bin, 'audit', '--quiet'], cwd: tree, accept: [0, 1] },
      { run: ['git', 'ls-files', '-s'], cwd: tree },
      node,
    ],
    Math.min(rounds, 5),
  );
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const rows = [
    ['hook pre-commit, nothing staged', idle, floor, 1.6, 'x node -e 0'],
    ['hook pre-commit, 20 staged text files', texts, floor, 2.2, 'x node -e 0'],
    ['hook pre-commit, one staged migration after 500', migration, floor, 3.5, 'x node -e 0'],
    ['the same commit in 100,000 files', large, small, 1.15, 'x in 1,000 files'],
    ['check of 4,000 migrations, SQL rules, nothing kept', whole, parser, 3, 'x the parser alone'],
    ...peers.map(({ name }, i) => ['the same', whole, others[i], 10, `x ${name}, which does less`]),
    [
      'second audit of 5,000 unchanged files',
      again,
      { median: listing.median + start.median, spread: start.spread },
      1.3,
      'x git ls-files -s and node -e 0',
    ],
  ];
  console.log(
    `repolicy ${version}, Node ${process.version}, ${cpus()[0]?.model} (${cpus().length} cores), ${platform()} ${arch()}, medians of ${rounds}; node -e 0 takes ${floor.median.toFixed(0)} ms\n`,
  );
  console.log('| work | measured | half of the runs within | target | |\n| --- | --- | --- | --- | --- |');
  for (const [work, ours, theirs, target, unit] of rows) {
    const ratio = ours.median / theirs.median;
    const noise = Math.round(100 * Math.hypot(ours.spread, theirs.spread));
    console.log(
      `| ${work} | ${ratio.toFixed(2)} ${unit} | ${noise} % | ${target} | ${ratio <= target ? 'met' : 'missed'} |`,
    );
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function repository(name, { committed, staged = {} }) {
  const cwd = join(folder, name);
  mkdirSync(cwd);
  const git = (...args) => {
    const identity = ['-c', 'user.name=Bench', '-c', 'user.email=bench@example.com', '-c', 'gc.auto=0'];
    const { status, stderr } = spawnSync('git', [...identity, ...args], {
      cwd,
      env: cleanEnvironment(),
      encoding: 'utf8',
    });
    if (status !== 0) throw new Error(stderr);
  };
  const write = (files) => {
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(cwd, path)), { recursive: true });
      writeFileSync(join(cwd, path), text);
    }
    git('add', '-A');
  };
  git('init', '-q');
  write({ 'repolicy.jsonc': '{ "extends": ["recommended"] }', ...committed });
  git('commit', '-q', '--no-verify', '-m', 'feat: begin');
  write(staged);
  return cwd;
}

function sources(count, prefix = 'old') {
  const text = (i) =>
    Array.from(
      { length: 40 },
      (_, line) => `export const value${i}_${line} = compute(${i}, "${line}", { deep: true });`,
    ).join('\n');
  return Object.fromEntries(Array.from({ length: count }, (_, i) => [`src/${i % 100}/${prefix}${i}.ts`, text(i)]));
}

function migrations(count, from = 0) {
  const text = (i) =>
    `create table if not exists t${i} (id bigint primary key, name text not null, created_at timestamptz default now());\n` +
    `alter table t${i} add column if not exists note text;\ncreate index if not exists t${i}_name on t${i} (name);\n` +
    `drop policy if exists own on t${i};\ncreate policy own on t${i} for select using (id > 0);\n`;
  return Object.fromEntries(
    Array.from({ length: count }, (_, i) => [
      `supabase/migrations/${20200101000000 + from + i}_t${from + i}.sql`,
      text(from + i),
    ]),
  );
}
