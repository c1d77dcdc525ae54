import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { cleanEnvironment, playStory, readStory } from '../src/dev/story.ts';

const readme = readFileSync('README.md', 'utf8');
let sample: string;

beforeAll(() => {
  sample = mkdtempSync(join(tmpdir(), 'readme-'));
  playStory(readStory(readFileSync('fixtures/sample.story', 'utf8')), sample, cleanEnvironment());
});
afterAll(() => rmSync(sample, { recursive: true, force: true }));

const audit = (...flags: string[]) =>
  spawnSync(process.execPath, ['dist/bin.cjs', 'audit', '-C', sample, ...flags], { encoding: 'utf8' }).stdout;

test('the output that README shows is what the tool prints', () => {
  expect(readme).toContain(audit('--format', 'compact').trimEnd());
  expect(readme).toContain(audit('--quiet', '--rule', 'sql/syntax-error').trimEnd());
});

test('every command that README names is one', () => {
  const help = spawnSync(process.execPath, ['dist/bin.cjs', '--help'], { encoding: 'utf8' }).stdout;
  const named = new Set(
    [
      ...readme.matchAll(/(?:npx )?repolicy (check|ci|audit|hook|init|explain|rules|policy|schema|baseline|doctor)\b/g),
    ].map(([, name]) => name!),
  );
  expect(named.size).toBeGreaterThan(5);
  for (const name of named) expect(help).toMatch(new RegExp(`^  ${name}\\b`, 'm'));
});
