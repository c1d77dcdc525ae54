import { describe, expect, test } from 'vitest';
import contentForbiddenText from '../rules/content/forbidden-text.ts';
import { marksOf } from '../src/core/attributes.ts';
import { memorySnapshot } from '../src/repo/memory.ts';
import { judgeExample } from './example.ts';
import { makeRepository } from './git.ts';

const TEXTS = { texts: [{ pattern: 'TODO', message: 'Write an issue.' }] };

async function outcome(head: Record<string, string>) {
  const { findings } = await judgeExample(contentForbiddenText, { head, options: TEXTS });
  return findings.map(({ at: { path }, status, reason }) => [path, status, ...(reason === undefined ? [] : [reason])]);
}

describe('.gitattributes in the tree', () => {
  test('repolicy=off lets a file through, and shows where that was said', async () => {
    const head = { '.gitattributes': '# ours\nold/** repolicy=off\n', 'old/a.ts': '// TODO', 'new/a.ts': '// TODO' };
    expect(await outcome(head)).toEqual([
      ['new/a.ts', 'reported'],
      ['old/a.ts', 'allowed', '.gitattributes:2 says repolicy=off'],
    ]);
  });

  test('what a program wrote is let through by rules about what people write', async () => {
    expect(await outcome({ 'app/.gitattributes': '*.gen.ts linguist-generated\n', 'app/a.gen.ts': '// TODO' })).toEqual(
      [['app/a.gen.ts', 'allowed', 'app/.gitattributes:1 says that a program wrote it']],
    );
  });

  test('what matches is what Git says matches', async () => {
    const files: Record<string, string> = {
      '.gitattributes': [
        '*.sql linguist-generated',
        'lib/*.ts repolicy=off',
        '/top.md linguist-generated=true repolicy=off',
        'deep/**/x linguist-generated',
        '"with space.txt" -repolicy',
        '{a,b}.ts repolicy=off',
        'a+(b)@c! repolicy=off',
        '[abc]?.js linguist-generated',
        'folder/ repolicy=off',
        '!not repolicy=off',
        '# comment repolicy=off',
        'keep.sql -linguist-generated',
        'off.sql repolicy=off',
        'on.sql repolicy',
      ].join('\n'),
      'lib/.gitattributes': 'again.ts !repolicy\n*.sql linguist-generated=false\n',
    };
    const names = [
      'a.sql',
      'lib/a.sql',
      'lib/a.ts',
      'lib/b/a.ts',
      'lib/again.ts',
      'top.md',
      'sub/top.md',
      'deep/x',
      'deep/1/2/x',
    ];
    const more = [
      'with space.txt',
      'a.ts',
      '{a,b}.ts',
      'a+(b)@c!',
      'a1.js',
      'd1.js',
      'folder/f',
      'not',
      'comment',
      'keep.sql',
      'off.sql',
      'on.sql',
    ];
    for (const name of [...names, ...more]) files[name] = name;
    const repository = makeRepository();
    repository.commit('one', files);
    const snapshot = memorySnapshot(files);
    for (const path of [...names, ...more]) {
      const said = repository.git(['check-attr', '--cached', 'repolicy', 'linguist-generated', '--', path]);
      const expected = {
        off: /repolicy: (unset|off)$/m.test(said),
        generated: /linguist-generated: (set|true)$/m.test(said),
      };
      const { off, generated } = await marksOf(snapshot, path);
      expect({ off: off !== undefined, generated: generated !== undefined }, path).toEqual(expected);
    }
  });
});
