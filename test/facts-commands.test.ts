import { describe, expect, test } from 'vitest';
import { isNotice } from '../src/core/notice.ts';
import { commandPattern, commandsRun, isCommand } from '../src/facts/commands.ts';
import { readCommands } from '../src/facts/shell.ts';
import { memoryChangeSet } from '../src/repo/memory.ts';

const words = (script: string) => readCommands(script).map(({ words }) => words.join('·'));

test.each([
  ['npx prisma  migrate   deploy', ['npx·prisma·migrate·deploy']],
  ['a && b || c; d & e | f\ng', ['a', 'b', 'c', 'd', 'e', 'f', 'g']],
  [`A=1 B="x y" cmd 'a b' "c \\"d\\"" e\\ f`, ['A=1·B=x y·cmd·a b·c "d"·e f']],
  ['echo "$(rm -rf x)" `ls` ${X:-y} $((1 + 2))', ['rm·-rf·x', 'ls', 'echo·$()·$()·${X:-y}·$()']],
  ['cmd > out 2>&1 < in &> all >> more arg', ['cmd·arg']],
  ['# comment; rm x\ncmd a#b # rest', ['cmd·a#b']],
  ['( a; b ) && { c; }', ['a', 'b', '{·c', '}']],
  ['if a; then b; fi', ['if·a', 'then·b', 'fi']],
  ['run() { a; }; run', ['{·a', '}', 'run']],
  ['a \\\n  b\r\nc', ['a·b', 'c']],
  ['diff <(a b) <(c)', ['a·b', 'c', 'diff·$()·$()']],
  ['sh -c \'a "b c"\'', ['sh·-c·a "b c"']],
  ["it's", ['its']],
  ['', []],
])('reads %j', (script, expected) => expect(words(script)).toEqual(expected));

test('a document is fed to the command that asks for it', () => {
  expect(readCommands('sh <<-"EOF" && b\n\ta b\n\tEOF\nc')).toMatchObject([
    { words: ['sh'], input: '\ta b' },
    { words: ['b'] },
    { words: ['c'] },
  ]);
  expect(readCommands("bash <<< 'x y'")).toMatchObject([{ words: ['bash'], input: 'x y' }]);
});

test('commands have places', () => {
  const script = 'a b;  c "d"';
  expect(readCommands(script).map(({ start, end }) => script.slice(start, end))).toEqual(['a b', 'c "d"']);
});

test('what nests without end, or never closes, ends', () => {
  expect(readCommands('$('.repeat(100_000)).length).toBeLessThan(100);
  expect(readCommands('('.repeat(100_000)).length).toBeLessThan(100_001);
  expect(words('a "b')).toEqual(['a·b']);
  const hostile = ['"', "'", '`', '<<E\n', '\\', '${', '<(', '[', '&>'];
  for (const part of hostile) expect(readCommands(part.repeat(20_000)).length).toBeLessThan(20_001);
});

describe('what a line comes to run', () => {
  const files = {
    'package.json': JSON.stringify({
      scripts: {
        release: 'run-s db:*',
        'db:a': 'node x.js',
        'db:b': 'cross-env A=1 prisma migrate deploy',
        prisma: 'prisma',
        postinstall: 'sh ./scripts/up.sh',
        loop: 'npm run loop && npm run loop2',
        loop2: 'npm run loop',
        prebuild: 'prisma generate',
        build: 'tsc -p .',
        all: 'concurrently -k "npm:build" "vite dev"',
      },
    }),
    'scripts/up.sh': '#!/bin/sh\nset -e\ncd apps/web\nnpm run up\n',
    'bin/up': '#!/usr/bin/env bash\nprisma db push\n',
    'bin/up.js': 'prisma db push',
    'apps/web/package.json': '{ "name": "web", "scripts": { "up": "prisma db push" } }',
  };
  const ran = async (line: string | readonly string[], dir = '') => {
    const { head } = memoryChangeSet(files);
    const found: string[] = [];
    for await (const one of commandsRun(line, head, dir)) if (!isNotice(one)) found.push(one.words.join(' '));
    return found;
  };
  const runs = async (line: string | readonly string[], pattern: string, dir = '') =>
    (await ran(line, dir)).some((words) => isCommand(words.split(' '), commandPattern(pattern)));

  test.each([
    ['npx prisma  migrate   deploy'],
    ['npx -y -p prisma@5 prisma migrate deploy'],
    ['npx prisma@5.1.0 migrate deploy'],
    ['A=1 B=2 env -u X C=3 prisma migrate'],
    ['sudo -u app timeout -k 5 10 nice -n 3 prisma migrate'],
    [`sh -c "npx prisma migrate deploy"`],
    [`bash -lc 'set -e; cd /app && exec prisma migrate deploy'`],
    [`bash -o pipefail -ec "prisma migrate | tee log"`],
    ['echo "$(prisma migrate status)"'],
    ['if true; then prisma migrate deploy; fi'],
    ['./node_modules/.bin/prisma migrate deploy'],
    ['node node_modules/prisma/build/index.js migrate deploy'],
    ['node --no-warnings ./node_modules/.bin/prisma migrate'],
    ['prisma --schema ./x migrate deploy'],
    ['prisma --schema=./x migrate deploy'],
    ['pnpm exec prisma migrate'],
    ['pnpm dlx prisma migrate'],
    ['pnpm prisma migrate'],
    ['yarn prisma migrate deploy'],
    ['npm exec -- prisma migrate deploy'],
    ['npm exec -c "prisma migrate deploy"'],
    ['bunx prisma migrate'],
    ['doppler run --config x -- prisma migrate deploy'],
    ['dotenv -e .env -- prisma migrate deploy'],
    ['bash <<EOF\nprisma migrate deploy\nEOF'],
    ['eval "prisma migrate"'],
    ['xargs -n 1 prisma migrate'],
    ['true || (prisma migrate)'],
    ['npm run release'],
    ['npm run prisma migrate deploy'],
    ['npm run prisma -- migrate deploy'],
    ['npm --silent run --if-present release'],
    ['node --run release'],
    ['yarn release'],
    ['pnpm -s release'],
    ['bun run release'],
    ['su app -c "npm run release"'],
  ])('%s', async (line) => expect(await runs(line, 'prisma migrate')).toBe(true));

  test.each([
    ['prisma generate'],
    ['echo prisma migrate'],
    ['command -v prisma && echo migrate'],
    ['node scripts/prisma.js migrate'],
    ['prisma generate migrate'],
    ['npm prisma migrate'],
    ['npm run nothing'],
    ['npm run release:prod'],
    ['# prisma migrate'],
    ["git commit -m 'prisma migrate deploy'"],
    ['prisma-lint migrate'],
    ['@prisma/cli migrate'],
    ['cat <<EOF\nprisma migrate\nEOF'],
    ['pnpm --filter web release'],
    ['bin/up.js'],
    ['sh $SCRIPT'],
  ])('not: %s', async (line) => expect(await runs(line, 'prisma migrate')).toBe(false));

  test('scripts before and after, and those of an installation', async () => {
    expect(await ran('npm run build')).toEqual(['npm run build', 'prisma generate', 'tsc -p .']);
    expect(await runs('npm ci', 'prisma db push')).toBe(true);
    expect(await runs('yarn', 'prisma db push')).toBe(true);
    expect(await ran('npm run all')).toContain('prisma generate');
    expect(await ran('npm run all')).toContain('vite dev');
  });

  test('scripts of the folder at hand', async () => {
    expect(await runs('cd apps/web && npm run up', 'prisma db push')).toBe(true);
    expect(await runs('npm --prefix apps/web run up', 'prisma db push')).toBe(true);
    expect(await runs('yarn workspace apps/web up', 'prisma db push')).toBe(true);
    expect(await runs('npm run up', 'prisma db push', 'apps/web/src')).toBe(true);
    expect(await runs('npm run up', 'prisma db push')).toBe(false);
    expect(await runs('./bin/up', 'prisma db push')).toBe(true);
  });

  test('words that no shell reads', async () => {
    expect(await runs(['npx', 'prisma', 'migrate'], 'prisma migrate')).toBe(true);
    expect(await runs(['sh', '-c', 'a && prisma migrate'], 'prisma migrate')).toBe(true);
    expect(await runs(['echo', 'a && prisma migrate'], 'prisma migrate')).toBe(false);
  });

  test('a command as a policy names it', async () => {
    expect(await runs('npx prisma migrate deploy', 'npx prisma migrate')).toBe(true);
    expect(await runs('rm -r -f x', 'rm -f')).toBe(true);
    expect(await runs('rm x', 'rm -f')).toBe(false);
    expect(await runs('npm run release', 'npm run release')).toBe(true);
    expect(commandPattern('a && b')).toEqual([]);
    expect(commandPattern(' ')).toEqual([]);
  });

  test('scripts that run each other end', async () => {
    expect((await ran('npm run loop')).length).toBeLessThan(100);
  });

  test('it says through which scripts', async () => {
    const { head } = memoryChangeSet(files);
    const through: string[][] = [];
    for await (const one of commandsRun('npm ci', head, '')) {
      if (!isNotice(one) && one.words[0] === 'prisma') through.push(one.through.map(({ name }) => name));
    }
    expect(through).toEqual([['the script "postinstall"', 'scripts/up.sh', 'the script "up"']]);
  });

  test('a package.json that does not parse is said', async () => {
    const { head } = memoryChangeSet({ 'package.json': '{' });
    const said = [];
    for await (const one of commandsRun('npm run x', head, '')) if (isNotice(one)) said.push(one);
    expect(said).toMatchObject([{ notice: 'not-judged', needed: true }]);
  });
});
