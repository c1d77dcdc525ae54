import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { playStory, readStory } from '../src/dev/story.ts';
import { makeFolder, makeRepository } from './git.ts';

const play = (text: string): string => {
  const dir = makeFolder();
  playStory(readStory(`A story\n\n${text}`), dir);
  return dir;
};

test('a story is prose, then steps with their files', () => {
  const story = readStory(
    'Title\n\nSome\nprose.\n\n>> commit by Ann Lee <ann@example.com> on 2026-01-31 09:30\nfeat: x\n\nWhy.\n\n-- a/b.sql --\n-- SQL -- comment\nselect 1;\n\n\n-- c.md --\n# C\n\n>> branch side\n',
  );
  expect(story).toMatchObject({ title: 'Title', prose: 'Some\nprose.' });
  expect(story.steps).toEqual([
    {
      line: 6,
      kind: 'commit',
      author: { name: 'Ann Lee', email: 'ann@example.com' },
      date: new Date('2026-01-31T09:30:00Z'),
      message: 'feat: x\n\nWhy.',
      files: { 'a/b.sql': '-- SQL -- comment\nselect 1;\n', 'c.md': '# C\n' },
    },
    { line: 19, kind: 'branch', name: 'side' },
  ]);
});

test('commits have the author and the time that the story gives them', () => {
  const dir = play('>> commit by Ann Lee <ann@example.com> on 2026-01-31 09:30\nfeat: x\n-- a.txt --\na\n');
  const { git } = makeRepository({ at: dir });
  expect(git(['log', '--format=%an %ae %aI %cI %s'])).toBe(
    'Ann Lee ann@example.com 2026-01-31T09:30:00+00:00 2026-01-31T09:30:00+00:00 feat: x',
  );
  expect(git(['show', 'HEAD:a.txt'])).toBe('a');
});

test('steps change branches, leave files uncommitted and take files away', () => {
  const dir = play(
    '>> commit by A B <a@b.c> on 2026-01-31 09:30\nx\n-- a.txt --\na\n>> branch side\n>> write\n-- b.txt --\nb\n>> branch main\n>> delete a.txt\n>> run git branch --show-current && git branch --list\nsays main\nsays side\n',
  );
  expect([existsSync(join(dir, 'a.txt')), readFileSync(join(dir, 'b.txt'), 'utf8')]).toEqual([false, 'b\n']);
});

test('a token is made when the story is read, the same each time, and stands in no file', () => {
  const text = readFileSync('fixtures/sample.story', 'utf8');
  const token = /^GITHUB_TOKEN=(\w+)$/m;
  const read = () =>
    readStory(text)
      .steps.flatMap((step) => (step.kind === 'commit' ? Object.values(step.files) : []))
      .join('');
  expect(token.exec(read())?.[1]).toMatch(/^ghp_\w{36}$/);
  expect(token.exec(read())?.[1]).toBe(token.exec(read())?.[1]);
  expect(text).not.toMatch(/ghp_/);
});

describe('a story fails where it is told wrongly', () => {
  test.each([
    ['another exit code', '>> run exit 3\n', 'Line 3, "exit 3": it exits 3, not 0.'],
    ['words that are missing', '>> run echo hello\nsays good bye\n', 'it does not say "good bye".'],
    ['words that are unwanted', '>> run echo hello >&2\nnever says hello\n', 'it says "hello".'],
    ['a step that there is not', '>> dance\n', 'Line 3: there is no step "dance".'],
    ['an expectation that there is not', '>> run true\nsings hello\n', 'Line 3: "sings hello" is not written as'],
    ['a placeholder that there is not', '>> write\n-- a --\n{{gold}}\n', 'There is no placeholder {{gold}}.'],
    ['a commit without an author', '>> commit on Monday\n', 'Line 3: "on Monday" is not written as'],
  ])('%s', (_, text, message) => {
    expect(() => play(text)).toThrow(message);
  });

  test('and names the chapter', () => {
    expect(() => play('>> then the sun shines\n>> run false\n')).toThrow(/^the sun shines\nLine 4/);
  });

  test('words count however the lines are broken, and wherever they are printed', () => {
    expect(() => play(">> run printf 'a\\n  b' && printf c >&2; exit 2\nexits 2\nsays a b\nsays c\n")).not.toThrow();
  });
});
