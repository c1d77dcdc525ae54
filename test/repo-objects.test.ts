import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmodSync, truncateSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decode } from '../src/repo/decode.ts';
import { elsewhere, makeGit } from '../src/repo/git.ts';
import { fields, joined, pathFromBytes, pathToBytes } from '../src/repo/names.ts';
import { openObjects } from '../src/repo/objects.ts';
import { makeFolder, makeRepository, open } from './git.ts';

describe('names', () => {
  const bytes = fc.oneof(
    fc.uint8Array({ minLength: 1 }),
    fc.string({ unit: 'binary', minLength: 1 }).map((text) => Buffer.from(text)),
    fc
      .array(fc.constantFrom('\ufffd', 'E9', '\ufffdE9', 'a/', '\xc3'), { minLength: 1 })
      .map((pieces) => Buffer.from(pieces.join(''))),
  );
  const names = bytes.map((each) => Buffer.from(each).filter((byte) => byte !== 0)).map((each) => Buffer.from(each));

  test('every sequence of bytes has a string of its own, which can be printed', () => {
    fc.assert(
      fc.property(names, (name) => {
        const path = pathFromBytes(name);
        expect(pathToBytes(path)).toEqual(name);
        expect(Buffer.from(path, 'utf8').toString('utf8')).toBe(path);
      }),
    );
    expect(pathFromBytes(Buffer.from('caf\xe9.txt', 'latin1'))).toBe('caf\ufffdE9.txt');
    expect(pathFromBytes(Buffer.from([0xed, 0xa0, 0x80]))).toBe('\ufffdED\ufffdA0\ufffd80');
  });

  test('lists come back as they went out', () => {
    fc.assert(
      fc.property(fc.array(names.filter((name) => name.length > 0)), (list) => {
        const paths = list.map(pathFromBytes);
        expect(fields(joined(paths))).toEqual(paths);
      }),
    );
  });
});

describe('what bytes are', () => {
  const pointer = `version https://git-lfs.github.com/spec/v1\noid sha256:${'a'.repeat(64)}\nsize 12345\n`;
  test.each<[string, Buffer, object]>([
    ['nothing', Buffer.alloc(0), { kind: 'text', text: '', encoding: 'utf-8', size: 0 }],
    ['UTF-8', Buffer.from('zwölf €'), { kind: 'text', text: 'zwölf €', encoding: 'utf-8' }],
    ['a byte order mark stays', Buffer.from('\ufeffx'), { kind: 'text', text: '\ufeffx', size: 4 }],
    ['UTF-16LE', Buffer.from('\ufeffzwölf', 'utf16le'), { kind: 'text', text: '\ufeffzwölf', encoding: 'utf-16le' }],
    ['UTF-16BE', Buffer.from('\ufeffzwölf', 'utf16le').swap16(), { text: '\ufeffzwölf', encoding: 'utf-16be' }],
    ['half a UTF-16', Buffer.from([0xff, 0xfe, 0x41]), { kind: 'text', encoding: 'latin1' }],
    ['UTF-32', Buffer.from([0xff, 0xfe, 0, 0, 0x41, 0, 0, 0]), { kind: 'binary', size: 8 }],
    ['invalid UTF-8', Buffer.from('caf\xe9', 'latin1'), { kind: 'text', text: 'café', encoding: 'latin1', size: 4 }],
    ['a NUL far behind', Buffer.from(`${'x'.repeat(100_000)}\0`), { kind: 'binary', size: 100_001 }],
    ['a pointer', Buffer.from(pointer), { kind: 'lfs', oid: 'a'.repeat(64), size: 12345 }],
    ['more than a pointer', Buffer.from(`${pointer}password = x`), { kind: 'text' }],
    [
      'a pointer with an extension',
      Buffer.from(pointer.replace('oid', `ext-0-foo sha256:${'b'.repeat(64)}\noid`)),
      { kind: 'lfs' },
    ],
  ])('%s', (_, bytes, expected) => {
    expect(decode(bytes)).toMatchObject(expected);
  });

  test('the target of a link is text, whatever it looks like', () => {
    expect(decode(Buffer.from(pointer), 'symlink')).toMatchObject({ kind: 'text', text: pointer });
  });
});

test('nothing that points at this repository is handed to another', () => {
  const repository = makeRepository();
  const local = repository.git(['rev-parse', '--local-env-vars']).split('\n');
  expect(local).toContain('GIT_INDEX_FILE');
  const env = {
    ...Object.fromEntries(local.map((name) => [name, 'x'])),
    GIT_QUARANTINE_PATH: 'x',
    PATH: '/bin',
    GIT_SSH: 's',
  };
  expect(elsewhere(env)).toEqual({ PATH: '/bin', GIT_SSH: 's' });
});

describe('one cat-file for everything', () => {
  test('answers come in order, however many are asked at once; what is missing is said', async () => {
    const repository = makeRepository();
    const files = Object.fromEntries(
      Array.from({ length: 600 }, (_, index) => [
        `d${index % 7}/f${index}`,
        `${index}\n`.repeat(1 + (index % 300) * (index % 11)),
      ]),
    );
    repository.commit('one', files);
    const { head } = await (await open(repository)).audit('HEAD');
    const contents = await Promise.all(Object.keys(files).map((path) => head.read(path)));
    expect(contents).toEqual(Object.values(files));

    // One after the other: reading ahead must change nothing but the time.
    const other = await (await open(repository)).audit('HEAD');
    for (const { path } of other.changes) expect(await other.head.read(path)).toBe(files[path]);
    expect(await other.head.content('none')).toEqual({ kind: 'absent' });

    const objects = openObjects(makeGit(repository.dir, repository.env));
    const asked = await Promise.all(
      ['HEAD', '1'.repeat(40), 'no such thing', 'a\nb', 'HEAD:d0/f0'].map(objects.object),
    );
    expect(asked.map((lookup) => (lookup.found === 'whole' ? lookup.type : lookup.found))).toEqual([
      'commit',
      'nothing',
      'nothing',
      'nothing',
      'blob',
    ]);
    await objects.close();
    expect(await objects.object('HEAD:d0/f0')).toMatchObject({ found: 'whole' });
    await objects.close();
  });

  test('a file whose object is gone or broken is unreadable, and the others are read', async () => {
    const repository = makeRepository();
    repository.commit('one', { a: 'first', b: randomBytes(50_000).toString('hex'), c: 'third' });
    const { head } = await (await open(repository)).audit('HEAD');
    const loose = (path: string) => {
      const id = repository.id(`HEAD:${path}`);
      return join('.git/objects', id.slice(0, 2), id.slice(2));
    };
    unlinkSync(join(repository.dir, loose('a')));
    chmodSync(join(repository.dir, loose('b')), 0o644);
    truncateSync(join(repository.dir, loose('b')), 20_000);
    const contents = await Promise.all(['a', 'b', 'c', 'a'].map(head.content));
    expect(contents.map(({ kind }) => kind)).toEqual(['unreadable', 'unreadable', 'text', 'unreadable']);
    expect(contents[0]).toMatchObject({ why: 'the object is missing from this clone' });
    expect(contents[1]).toMatchObject({ why: expect.stringMatching(/^git cat-file gave up/) });
  });

  test('an open repository does not keep the process alive', async () => {
    const repository = makeRepository();
    repository.commit('one', { a: '1' });
    const script = join(makeFolder(), 'script.mjs');
    await build({
      stdin: {
        contents: `import { openRepository } from './src/repo/open.ts';
          const change = await (await openRepository(process.argv[2])).audit('HEAD');
          console.log(await change.head.read('a'));`,
        resolveDir: process.cwd(),
        loader: 'ts',
      },
      bundle: true,
      platform: 'node',
      format: 'esm',
      outfile: script,
    });
    const { stdout } = await promisify(execFile)(process.execPath, [script, repository.dir], {
      env: repository.env,
      timeout: 10_000,
    });
    expect(stdout).toBe('1\n');
  });
});
