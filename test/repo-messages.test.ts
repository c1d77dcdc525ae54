import { describe, expect, test } from 'vitest';
import { makeRepository, open } from './git.ts';

const SCISSORS = '------------------------ >8 ------------------------';
const HINT = "# Please enter the commit message for your changes. Lines starting\n# with '#' will be ignored.\n";

async function cleaned(file: string | Buffer, config: Record<string, string> = {}, editor?: string) {
  const repository = makeRepository();
  for (const [name, value] of Object.entries(config)) repository.git(['config', name, value]);
  const env = editor === undefined ? {} : { GIT_EDITOR: editor };
  return (await open(repository, { env })).messages(Buffer.from(file as string));
}

describe('the message as Git will store it', () => {
  test('an editor was open: lines that begin with # go, and the other reading follows', async () => {
    expect(await cleaned(`\n\nfeat: x  \n\n\n\nbody\t\n# a comment\n${HINT}`)).toEqual([
      'feat: x\n\nbody\n',
      `feat: x\n\nbody\n# a comment\n${HINT}`,
    ]);
    expect(await cleaned('feat: x\n')).toEqual(['feat: x\n']);
    expect(await cleaned(`\n${HINT}`)).toEqual(['', HINT]);
  });

  test('no editor: they stay', async () => {
    expect(await cleaned('# title\r\n\n\nbody', {}, ':')).toEqual(['# title\n\nbody\n', 'body\n']);
  });

  test('configuration decides where it speaks', async () => {
    const file = `title \n\n# note\n# ${SCISSORS}\nbelow\n`;
    expect((await cleaned(file, { 'commit.cleanup': 'verbatim' }))[0]).toBe(file);
    expect((await cleaned(file, { 'commit.cleanup': 'whitespace' }))[0]).toBe(
      `title\n\n# note\n# ${SCISSORS}\nbelow\n`,
    );
    expect((await cleaned(file, { 'commit.cleanup': 'scissors' }))[0]).toBe('title\n\n# note\n');
    expect((await cleaned(file, { 'commit.cleanup': 'scissors' }, ':'))[0]).toBe(
      `title\n\n# note\n# ${SCISSORS}\nbelow\n`,
    );
    expect((await cleaned(file, { 'commit.cleanup': 'strip' }, ':'))[0]).toBe('title\n\nbelow\n');
    expect((await cleaned(`# ${SCISSORS}\nall\n`, { 'commit.cleanup': 'scissors' }))[0]).toBe('');
  });

  test('the diff of --verbose is never part of it', async () => {
    const [message] = await cleaned(`title\n# note\n# ${SCISSORS}\n# Do not modify\ndiff --git a/x b/x\n+added\n`);
    expect(message).toBe('title\n');
  });

  test('another comment character, chosen by hand or by Git', async () => {
    expect((await cleaned('#12 title\n; note\n', { 'core.commentChar': ';' }))[0]).toBe('#12 title\n');
    expect((await cleaned("#12 title\n\n; with ';' ignored\n;\n", { 'core.commentChar': 'auto' }))[0]).toBe(
      '#12 title\n',
    );
    expect((await cleaned('title\n// note\n', { 'core.commentChar': ';', 'core.commentString': '//' }))[0]).toBe(
      'title\n',
    );
  });

  test('an encoding of its own', async () => {
    const config = { 'i18n.commitEncoding': 'ISO-8859-1' };
    expect(await cleaned(Buffer.from('Gr\xfc\xdfe\n', 'latin1'), config)).toEqual(['Grüße\n']);
  });

  test('the same as git stripspace on text of every kind', async () => {
    const repository = makeRepository();
    const source = await open(repository);
    const pieces = ['a', ' ', '\t', '\n', '\n\n', '#', '# x', '\r\n', 'ü', '\v', '\u00a0'];
    let state = 7;
    for (let round = 0; round < 25; round++) {
      const text = Array.from(
        { length: 30 },
        () => pieces[(state = (state * 48271) % 2147483647) % pieces.length],
      ).join('');
      const expected = repository.gitBytes(['stripspace', '-s'], { input: text }).toString();
      expect((await source.messages(Buffer.from(text)))[0], JSON.stringify(text)).toBe(expected);
    }
  });
});
