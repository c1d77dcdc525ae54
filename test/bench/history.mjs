import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { root } from '../../src/dev/install.mjs';
import { cleanEnvironment, interleaved } from './measure.mjs';

// Searching whole histories for secrets, beside what Git itself takes: `npm run build`, then
// `node test/bench/history.mjs <repository>... [--rounds 5] [--secretlint <folder with node_modules>]`
const args = process.argv.slice(2);
const flag = (name) => (args.includes(name) ? args.splice(args.indexOf(name), 2)[1] : undefined);
const rounds = Number(flag('--rounds') ?? 5);
const secretlint = flag('--secretlint');
const bin = join(root, 'dist/bin.cjs');
const folder = mkdtempSync(join(tmpdir(), 'repolicy-bench-'));
const memory = join(folder, 'memory.cjs');
const peak = join(folder, 'peak');
writeFileSync(
  memory,
  `process.on('exit', () => require('node:fs').writeFileSync(${JSON.stringify(peak)}, String(process.resourceUsage().maxRSS)));`,
);

console.log(`Node ${process.version}, ${cpus()[0]?.model} (${cpus().length} cores), medians of ${rounds}\n`);
console.log(
  '| history | commits | blobs | MB | cat-file | log -p -U0 | audit --history | ratio | again | peak | tree, MB/s | secretlint, tree |',
);
console.log(`|${' --- |'.repeat(12)}`);
try {
  for (const repository of args.map((path) => resolve(path))) {
    const git = (...given) =>
      spawnSync('git', given, { cwd: repository, env: cleanEnvironment(), maxBuffer: 2 ** 30 }).stdout.toString(
        'latin1',
      );
    const ids = join(folder, 'ids');
    const sizes = spawnSync('git', ['cat-file', '--batch-check=%(objecttype) %(objectname) %(objectsize)'], {
      cwd: repository,
      env: cleanEnvironment(),
      input: git('rev-list', '--objects', '--all', '--reflog').replaceAll(/ .*$/gm, ''),
      maxBuffer: 2 ** 30,
    }).stdout.toString('latin1');
    const blobs = sizes
      .split('\n')
      .filter((line) => line.startsWith('blob '))
      .map((line) => line.split(' '));
    writeFileSync(ids, blobs.map(([, id]) => `${id}\n`).join(''));
    const megabytes = blobs.reduce((sum, [, , size]) => sum + Number(size), 0) / 1e6;
    const audit = (...flags) => ({
      run: [
        process.execPath,
        '-r',
        memory,
        bin,
        'audit',
        '--rule',
        'secrets/*',
        '--preset',
        'recommended',
        '--quiet',
        ...flags,
      ],
      cwd: repository,
      accept: [0, 1, 3],
    });
    const sh = (command) => ({ run: ['sh', '-c', command], cwd: repository });
    const tree =
      git('ls-tree', '-r', '-l', 'HEAD')
        .split('\n')
        .reduce((sum, line) => sum + (Number(line.split(/\s+/)[3]) || 0), 0) / 1e6;
    const linter = secretlint && join(secretlint, 'node_modules/.bin/secretlint');
    const commands = [
      sh(`git cat-file --batch --buffer < ${ids} > /dev/null`),
      sh('git log --all --reflog -p -U0 > /dev/null'),
      audit('--history', '--no-cache'),
      audit('--no-cache'),
      { run: [process.execPath, '-e', '0'] },
    ];
    if (linter && existsSync(linter))
      commands.push({
        run: [
          linter,
          '**/*',
          '--secretlintrcJSON',
          '{"rules":[{"id":"@secretlint/secretlint-rule-preset-recommend"}]}',
        ],
        cwd: repository,
        accept: [0, 1, 2],
      });
    const [objects, log, cold, whole, start, peer] = interleaved(commands, rounds);
    interleaved([audit('--history', '--no-cache')], 0);
    const most = Number(readFileSync(peak, 'utf8')) / 1024;
    interleaved([audit('--history')], 0);
    const [again] = interleaved([audit('--history')], rounds);
    const seconds = (ms) => `${(ms / 1000).toFixed(2)} s`;
    const cells = [
      repository.split('/').at(-1),
      git('rev-list', '--count', '--all', '--reflog').trim(),
      blobs.length,
      megabytes.toFixed(0),
      seconds(objects),
      seconds(log),
      seconds(cold),
      (cold / log).toFixed(2),
      seconds(again),
      `${most.toFixed(0)} MB`,
      (tree / ((whole - start) / 1000)).toFixed(0),
      peer ? seconds(peer) : '-',
    ];
    console.log(`| ${cells.join(' | ')} |`);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
