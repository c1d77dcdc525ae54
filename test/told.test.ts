import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { cleanEnvironment, playStory, readStory } from '../src/dev/story.ts';
import { makeFolder } from './git.ts';
import { installed, terminal, withPackages } from './installed.ts';

// Every story of fixtures/ but the sample, which `npm start` plays.

beforeAll(() => {
  installed();
}, 300_000);

const told = (name: string) => readStory(readFileSync(join('fixtures', name), 'utf8'));
const names = readdirSync('fixtures', { recursive: true, encoding: 'utf8' }).filter(
  (name) => name.endsWith('.story') && name !== 'sample.story',
);

test('there are stories', () => expect(names).toContain('commit.story'));

test.each(names)(
  '%s',
  (name) => {
    const dir = join(makeFolder(), 'work');
    withPackages(dir);
    playStory(told(name), dir, terminal(cleanEnvironment(), dir), (other) => told(join(dirname(name), other)));
  },
  300_000,
);
