import { defineRule, type Zod } from '../../src/core/rule.ts';
import { change } from '../../src/facts/change.ts';
import { disagreements } from '../../src/facts/releases.ts';
import { readPointer } from '../../src/facts/pointers.ts';

const one = { releases: [{ changelog: 'CHANGELOG.md' }] };
const manifest = (version: string) => `{ "version": ${version} }`;

export default defineRule({
  id: 'change/release-version',
  title: 'Let the tag, the manifest and the changelog name one version',
  why: 'Who installs a version gets what its manifest says, looks it up in the changelog and finds its source by the tag: they must be the same.',
  instead: 'Write the version into all of them in one change, and set the tag on that commit.',
  severity: 'error',
  sources: ['https://semver.org', 'https://keepachangelog.com/en/1.1.0/'],
  options: (z) =>
    z.strictObject({
      releases: z.array(releaseOption(z)).default([]).describe('What is released, each with its own version.'),
    }),

  over: change,
  async *check(set, { options: { releases } }) {
    for (const release of releases) {
      for await (const { says, at } of disagreements(set, release)) yield { message: says, at, about: says };
    }
  },

  examples: {
    bad: [
      {
        options: one,
        tag: 'v1.2.0',
        head: { '«»': '', 'package.json': manifest('"1.1.9"'), 'CHANGELOG.md': '## 1.1.9\n' },
      },
      {
        title: 'a version that the changelog does not know',
        options: one,
        base: { 'package.json': manifest('"1.1.0"'), 'CHANGELOG.md': '## 1.1.0\n\nBefore 1.2.0.\n' },
        head: { 'package.json': manifest('«"1.2.0"»'), 'CHANGELOG.md': '## 1.1.0\n\nBefore 1.2.0.\n' },
      },
      {
        title: 'another place for the same version',
        options: { releases: [{ also: [{ file: 'Chart.yaml', at: 'appVersion' }] }] },
        base: { 'package.json': manifest('"1.1.0"') },
        head: { 'package.json': manifest('"1.2.0"'), 'Chart.yaml': 'appVersion: «1.1.0»\n' },
      },
    ],
    good: [
      {
        options: one,
        tag: 'v1.2.0',
        head: { 'package.json': manifest('"1.2.0"'), 'CHANGELOG.md': '## [1.2.0] - 2026-01-15\n' },
      },
      {
        title: 'a tag of another kind',
        options: one,
        tag: 'nightly',
        base: { 'package.json': manifest('"1.2.0"') },
        head: { 'package.json': manifest('"1.2.0"') },
      },
      {
        title: 'in a repository with several',
        options: { releases: [{ file: 'api/package.json', tag: 'api@{version}' }] },
        tag: 'api@2.0.0',
        head: { 'api/package.json': manifest('"2.0.0"'), 'package.json': manifest('"1.0.0"') },
      },
      {
        title: 'nothing is released before the policy says so',
        tag: 'v9',
        head: { 'package.json': manifest('"1.0.0"') },
      },
    ],
  },
});

function releaseOption(z: Zod) {
  const at = z
    .string()
    .refine((text) => typeof readPointer(text) !== 'string', 'It is no pointer: write it as in "a.b".');
  return z.strictObject({
    file: z.string().min(1).default('package.json').describe('The file whose version counts.'),
    at: at.default('version').describe('Where in it.'),
    also: z
      .array(z.strictObject({ file: z.string().min(1), at }))
      .default([])
      .describe('Other places that hold the same version.'),
    changelog: z.string().min(1).optional().describe('The Markdown file that has a heading for each version.'),
    tag: z
      .string()
      .refine((text) => text.split('{version}').length === 2, 'It must hold {version} once.')
      .default('v{version}')
      .describe('How its tags are written.'),
  });
}
