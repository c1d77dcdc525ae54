import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  callsRepolicy,
  helperText,
  hookLine,
  HOOKS,
  isShell,
  joinHook,
  leaveHook,
  TELLING,
} from '../src/setup/hooks.ts';
import { rememberEngine, rememberNode } from '../src/setup/node.ts';
import { makeFolder, makeRepository, type TestRepository } from './git.ts';

/** Stands in for the engine: writes down how it was called, and ends as it is told. */
const ENGINE = `
const { readFileSync, writeFileSync } = require('node:fs');
const [, , ...args] = process.argv;
// These run beside the others: a test of their own asks for them.
if (/^(?:prepare|post)-/.test(args[1]) && !process.env.ALL) process.exit(0);
const pushed = args[1] === 'pre-push' ? readFileSync(0, 'utf8') : undefined;
const { NODE_OPTIONS, NODE_EXTRA_CA_CERTS } = process.env;
writeFileSync(process.env.SEEN, JSON.stringify({ args, pushed, NODE_OPTIONS, NODE_EXTRA_CA_CERTS, engine: __filename }));
process.exitCode = Number(process.env.VERDICT ?? 0);
`;

interface Seen {
  readonly args: readonly string[];
  readonly pushed?: string;
  readonly NODE_OPTIONS?: string;
  readonly NODE_EXTRA_CA_CERTS?: string;
  readonly engine: string;
}

/** A repository whose hooks are ours, in a committed folder. */
function hooked({ dir = '', engine = true }: { dir?: string; engine?: boolean } = {}): TestRepository & {
  seen(): Seen | undefined;
} {
  const repository = makeRepository();
  const folder = `${dir}.githooks`;
  repository.write({
    [`${folder}/repolicy`]: helperText({ install: 'npm install', up: '..' }),
    ...Object.fromEntries([...HOOKS, ...TELLING].map((hook) => [`${folder}/${hook}`, `#!/bin/sh\n${hookLine(hook)}`])),
    '.gitignore': 'node_modules\n',
  });
  for (const hook of [...HOOKS, ...TELLING]) repository.executable(`${folder}/${hook}`);
  if (engine) repository.write({ [`${dir}node_modules/repolicy/dist/bin.cjs`]: ENGINE });
  repository.git(['config', 'core.hooksPath', folder]);
  repository.commit('start');
  const file = join(makeFolder(), 'seen.json');
  repository.env['SEEN'] = file;
  return {
    ...repository,
    seen() {
      const text = readFileSync(file, { encoding: 'utf8', flag: 'a+' });
      rmSync(file);
      return text === '' ? undefined : (JSON.parse(text) as Seen);
    },
  };
}

interface Outcome {
  readonly status: number | null;
  readonly output: string;
}

function git({ dir, env }: TestRepository, args: readonly string[], more: NodeJS.ProcessEnv = {}, cwd = dir): Outcome {
  const { status, stdout, stderr } = spawnSync('git', args, { cwd, env: { ...env, ...more }, encoding: 'utf8' });
  return { status, output: stdout + stderr };
}

/** A PATH with Git and a shell on it, and no Node. */
function withoutNode(): string {
  const folder = makeFolder();
  for (const name of ['git', 'sh', 'cat']) {
    const found = spawnSync('sh', ['-c', `command -v ${name}`], { encoding: 'utf8' }).stdout.trim();
    symlinkSync(found, join(folder, name));
  }
  return folder;
}

describe('the shim', () => {
  test('hands a commit and its message to the engine, and the verdict back to Git', () => {
    const repository = hooked();
    expect(git(repository, ['commit', '--allow-empty', '-m', 'one'], { VERDICT: '1' }).status).toBe(1);
    expect(repository.seen()?.args).toEqual(['hook', 'pre-commit']);
    expect(repository.git(['log', '--format=%s'])).toBe('start');

    expect(git(repository, ['commit', '--allow-empty', '-m', 'one']).status).toBe(0);
    expect(repository.seen()?.args).toEqual(['hook', 'commit-msg', '.git/COMMIT_EDITMSG']);
    expect(repository.git(['log', '--format=%s'])).toBe('one\nstart');
  });

  test('what the engine could not judge stops a commit as well', () => {
    expect(git(hooked(), ['commit', '--allow-empty', '-m', 'one'], { VERDICT: '3' }).status).not.toBe(0);
  });

  test('judges a merge that needs no commit of its own', () => {
    const repository = hooked();
    repository.git(['switch', '-q', '-c', 'side']);
    repository.commit('side', { 'side.txt': '' });
    repository.git(['switch', '-q', 'main']);
    repository.commit('main', { 'main.txt': '' });
    expect(git(repository, ['merge', '-q', '--no-edit', 'side'], { VERDICT: '1' }).status).not.toBe(0);
    expect(repository.seen()?.args).toEqual(['hook', 'pre-merge-commit']);
  });

  test('takes what slows Node down out of its way, and leaves it to the rest of the hook', () => {
    const repository = hooked();
    const file = join(repository.dir, 'after');
    repository.write({
      '.githooks/pre-commit': `#!/bin/sh\n${hookLine('pre-commit')}echo "$NODE_OPTIONS" > '${file}'\n`,
    });
    git(repository, ['commit', '--allow-empty', '-m', 'x'], {
      NODE_OPTIONS: '--no-warnings',
      NODE_EXTRA_CA_CERTS: '/none',
    });
    expect(readFileSync(file, 'utf8')).toBe('--no-warnings\n');
    const seen = repository.seen();
    expect([seen?.NODE_OPTIONS, seen?.NODE_EXTRA_CA_CERTS]).toEqual([undefined, undefined]);
  });

  test('a push is judged first, and the rest of the hook still hears what is pushed', () => {
    const repository = hooked();
    const remote = makeRepository({ bare: true });
    const heard = join(repository.dir, 'heard');
    const { text } = joinHook(`#!/bin/sh\n# large files\ncat > '${heard}'\n`, 'pre-push');
    repository.write({ '.githooks/pre-push': text });
    const line = `refs/heads/main ${repository.id('HEAD')} refs/heads/main ${'0'.repeat(40)}\n`;

    expect(git(repository, ['push', '-q', remote.dir, 'main'], { VERDICT: '1' }).status).not.toBe(0);
    expect(repository.seen()).toMatchObject({ args: ['hook', 'pre-push', remote.dir, remote.dir], pushed: line });
    expect(remote.git(['for-each-ref'])).toBe('');

    expect(git(repository, ['push', '-q', remote.dir, 'main']).status).toBe(0);
    expect(readFileSync(heard, 'utf8')).toBe(line);
    expect(remote.git(['rev-parse', 'main'])).toBe(repository.id('HEAD'));
  });

  test('works for a package in a folder below the top, from wherever Git is called', () => {
    const repository = hooked({ dir: 'web app/' });
    repository.write({ 'deep/er/x': '' });
    git(repository, ['add', '-A']);
    expect(git(repository, ['commit', '-m', 'x'], {}, join(repository.dir, 'deep/er')).status).toBe(0);
    expect(repository.seen()?.engine).toBe(join(repository.dir, 'web app/node_modules/repolicy/dist/bin.cjs'));
  });

  test('a linked work tree borrows the packages of the main one', () => {
    const repository = hooked();
    const linked = join(makeFolder(), 'linked');
    repository.git(['worktree', 'add', '-q', linked, '-b', 'linked']);
    expect(git(repository, ['commit', '--allow-empty', '-m', 'x'], { VERDICT: '1' }, linked).status).toBe(1);
    expect(repository.seen()?.engine).toBe(join(repository.dir, 'node_modules/repolicy/dist/bin.cjs'));
  });

  test('what --no-verify cannot skip has its say, and what tells afterwards stops nothing', () => {
    const repository = hooked();
    const strict = { ALL: '1', VERDICT: '1' };
    expect(git(repository, ['commit', '--no-verify', '--allow-empty', '-m', 'x'], strict).status).toBe(1);
    expect(repository.seen()?.args.slice(0, 2)).toEqual(['hook', 'prepare-commit-msg']);
    expect(git(repository, ['switch', '-c', 'side'], strict).status).toBe(0);
    expect(repository.seen()?.args.slice(0, 2)).toEqual(['hook', 'post-checkout']);
  });

  test('says what to do where repolicy is not installed, and stands in the way of no rebase', () => {
    const repository = hooked({ engine: false });
    expect(git(repository, ['commit', '--no-verify', '--allow-empty', '-m', 'x'])).toMatchObject({ status: 0 });
    const { status, output } = git(repository, ['commit', '--allow-empty', '-m', 'x']);
    expect(status).toBe(1);
    expect(output).toBe('Nothing was judged: repolicy is not installed here. Run `npm install`, then try again.\n');
  });

  test('without a package.json, the engine is where init was run from', () => {
    const repository = hooked({ engine: false });
    const engine = join(makeFolder(), 'lib/bin.cjs');
    mkdirSync(dirname(engine));
    writeFileSync(engine, ENGINE);
    rememberEngine(join(repository.dir, '.git'), engine);
    expect(git(repository, ['commit', '--allow-empty', '-m', 'x'], { VERDICT: '1' }).status).toBe(1);
    expect(repository.seen()?.engine).toBe(engine);
  });

  test('finds Node without a PATH by what an earlier run left behind', () => {
    const repository = hooked();
    rememberNode(join(repository.dir, '.git'));
    expect(git(repository, ['commit', '--allow-empty', '-m', 'x'], { PATH: withoutNode() }).status).toBe(0);
    expect(repository.seen()?.args[1]).toBe('commit-msg');
  });

  test('the Node that was noted counts before the one on the PATH, which may be another and too old', () => {
    const repository = hooked();
    const path = withoutNode();
    writeFileSync(join(path, 'node'), '#!/bin/sh\nexit 9\n', { mode: 0o755 });
    rememberNode(join(repository.dir, '.git'));
    expect(git(repository, ['commit', '--allow-empty', '-m', 'x'], { PATH: path }).status).toBe(0);
    // One that is gone is passed over.
    rememberNode(join(repository.dir, '.git'), '/gone/node');
    expect(git(repository, ['commit', '--allow-empty', '-m', 'x'], { PATH: path }).status).not.toBe(0);
  });

  test('a linked work tree finds the notes of the main one', () => {
    const repository = hooked();
    const linked = join(makeFolder(), 'linked');
    repository.git(['worktree', 'add', '-q', linked, '-b', 'linked']);
    rememberNode(join(repository.dir, '.git'));
    expect(git(repository, ['commit', '--allow-empty', '-m', 'x'], { PATH: withoutNode() }, linked).status).toBe(0);
  });

  test('says so where there is no Node to be found', () => {
    const repository = hooked();
    const path = withoutNode();
    // Places outside the home folder that this machine may have are not there for this shell.
    const helper = join(repository.dir, '.githooks/repolicy');
    writeFileSync(helper, readFileSync(helper, 'utf8').replaceAll(/ \/(?:usr|opt)\/[\w/]+\/node/g, ' /nowhere'));
    const { status, output } = git(repository, ['commit', '--allow-empty', '-m', 'x'], { PATH: path });
    expect(status).toBe(1);
    expect(output).toBe(
      'Nothing was judged: Node.js was not found. Run `npx repolicy init` in a terminal: its Node.js is then remembered.\n',
    );
  });

  test('finds a Node that nvm installed without a PATH', () => {
    const repository = hooked();
    for (const version of ['v20.19.0', 'v22.1.0']) {
      const file = join(repository.dir, `.nvm/versions/node/${version}/bin/node`);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, `#!/bin/sh\necho ${version} > '${repository.dir}/ran'\n`);
      chmodSync(file, 0o755);
    }
    expect(git(repository, ['commit', '--allow-empty', '-m', 'x'], { PATH: withoutNode() }).status).toBe(0);
    expect(readFileSync(join(repository.dir, 'ran'), 'utf8')).toBe('v22.1.0\n');
  });

  test.each(['sh', 'dash', 'bash', 'bash --posix', 'busybox sh'])('is understood by %s', (shell) => {
    const [program = '', ...args] = shell.split(' ');
    if (spawnSync(program, [...args, '-c', ':']).error) return;
    const repository = hooked();
    const env = { ...repository.env, VERDICT: '7' };
    const { status } = spawnSync(program, [...args, '-e', '.githooks/pre-commit'], { cwd: repository.dir, env });
    expect(status).toBe(7);
  });

  test('starts no process but Git, the shell and Node', () => {
    const repository = hooked();
    const path = withoutNode();
    rmSync(join(path, 'cat'));
    symlinkSync(process.execPath, join(path, 'node'));
    expect(git(repository, ['commit', '--allow-empty', '-m', 'x'], { PATH: path }).status).toBe(0);
  });
});

describe('leaving a hook', () => {
  test('takes our line, and the whole hook where nothing else was in it', () => {
    for (const hook of HOOKS) {
      expect(leaveHook(`#!/bin/sh\n${hookLine(hook)}`)).toBeUndefined();
      expect(leaveHook(joinHook('#!/bin/sh\nnpm test\n', hook).text)).toBe('#!/bin/sh\nnpm test\n');
    }
    expect(leaveHook('npx repolicy check\n')).toBe('npx repolicy check\n');
  });
});

describe('joining a hook that stands there', () => {
  const line = hookLine('pre-commit').trimEnd();

  test('behind the formatters, whose changes are committed too', () => {
    expect(joinHook('npx lint-staged\n', 'pre-commit').text).toBe(`npx lint-staged\n${line}\n`);
    expect(joinHook('npx lint-staged', 'pre-commit').text).toBe(`npx lint-staged\n${line}\n`);
  });

  test('before what ends the hook', () => {
    const { text, place } = joinHook('#!/bin/sh\nnpm test\nexec lint-staged --quiet\n# done\n', 'pre-commit');
    expect(text).toBe(`#!/bin/sh\nnpm test\n${line}\nexec lint-staged --quiet\n# done\n`);
    expect(place).toBe('before `exec lint-staged --quiet`');
  });

  test('an exec that only redirects ends nothing', () => {
    expect(joinHook('exec >&2\n', 'pre-commit').text).toBe(`exec >&2\n${line}\n`);
    expect(joinHook('exec < /dev/tty\n', 'commit-msg').text).toMatch(/^exec < \/dev\/tty\n\. /);
  });

  test('before everything else in a push, below the first comments and the loader of husky 8', () => {
    const old = '#!/usr/bin/env sh\n. "$(dirname -- "$0")/_/husky.sh"\n\nnpm test\n';
    expect(joinHook(old, 'pre-push').text).toBe(
      `#!/usr/bin/env sh\n. "$(dirname -- "$0")/_/husky.sh"\n\n${hookLine('pre-push')}npm test\n`,
    );
  });

  test('an empty hook', () => {
    expect(joinHook('', 'pre-commit').text).toBe(`${line}\n`);
  });

  test('knows its own line, and other ways of calling repolicy, but no comment', () => {
    expect(callsRepolicy(hookLine('pre-push'))).toBe(true);
    expect(callsRepolicy('npm test\n  npx repolicy hook pre-commit\n')).toBe(true);
    expect(callsRepolicy('# repolicy comes later\nnpm test\n')).toBe(false);
  });

  test('only what the shell runs can be joined', () => {
    expect(['npm test\n', '#!/bin/sh\n', '#!/usr/bin/env bash\n', '#!/bin/sh -e\n'].map(isShell)).toEqual([
      true,
      true,
      true,
      true,
    ]);
    expect(['#!/usr/bin/env node\n', '#!/usr/bin/python3\n', '#!/usr/bin/env zsh\n'].map(isShell)).toEqual([
      false,
      false,
      false,
    ]);
  });
});
