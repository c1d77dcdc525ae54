import { createHash } from 'node:crypto';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { sample } from '../src/core/sample.ts';
import { sampleWithCrc32 } from '../src/facts/credentials/formats/github.ts';
import { fromGitleaks, fromIgnoreFile, fromSecretlint } from '../src/setup/secrets-import.ts';
import { makeRepository } from './git.ts';

const BIN = join(process.cwd(), 'dist/bin.cjs');
const token = (seed: number): string => sampleWithCrc32('ghp_', 30, 2000 + seed);

test("gitleaks' rules become formats, its paths globs, and what cannot be said in a policy is named", () => {
  const { formats, allow, left } = fromGitleaks(
    {
      extend: { useDefault: true },
      rules: [
        { id: 'acme-key', description: 'Acme key', regex: 'acme_[a-z0-9]{24}', keywords: ['acme_'], entropy: 3 },
        { id: 'No Keywords', regex: 'zork-key-[0-9]{9}' },
        { id: 'nothing', regex: '[a-f0-9]{32}' },
        { id: 'paths', path: '\\.p12$' },
        { id: 'look', regex: '(?<=x)acme', keywords: ['acme'] },
      ],
      allowlist: {
        description: 'made up',
        paths: ['^vendor/', '(^|/)fixtures/', '\\.md$', '(a|b)x{2}'],
        stopwords: ['abc'],
      },
    },
    '.gitleaks.toml',
  );
  expect(formats.map(({ id, keywords }) => [id, keywords])).toEqual([
    ['acme-key', ['acme_']],
    ['no-keywords', ['zork-key-']],
  ]);
  expect(allow).toEqual([
    {
      rules: ['secrets/*'],
      files: ['vendor/**', '**/fixtures/**', '**/*.md'],
      reason: 'imported from .gitleaks.toml: made up',
    },
  ]);
  expect(left.map((one) => one.replace('.gitleaks.toml: ', ''))).toEqual([
    expect.stringMatching(/^nothing has no keyword/),
    expect.stringMatching(/^the rule paths has no regex/),
    expect.stringMatching(/^the pattern of look is not in RE2's syntax/),
    expect.stringMatching(/^the path \(a\|b\)x\{2\}/),
    expect.stringMatching(/^stopwords of an allowlist/),
  ]);
});

test("secretlint's patterns and ignored files", () => {
  const pattern = {
    id: '@secretlint/secretlint-rule-pattern',
    options: { patterns: [{ name: 'zork', pattern: '/zork-(?<key>[a-z0-9]{20})/i' }] },
  };
  expect(fromSecretlint({ rules: [pattern] }, 'x').formats).toMatchObject([
    { id: 'zork', keywords: ['zork-'], pattern: '(?i)zork-(?P<key>[a-z0-9]{20})' },
  ]);
  expect(fromIgnoreFile('# a\nfixtures/\n/docs/a.md\n*.snap\n!b\n', 'x')).toMatchObject({
    allow: [{ files: ['**/fixtures', '**/fixtures/**', 'docs/a.md', 'docs/a.md/**', '**/*.snap', '**/*.snap/**'] }],
    left: [expect.stringMatching(/takes something back out/)],
  });
});

test('repolicy secrets import: shown, then written, and what stands in the files counts', () => {
  const acme = `acme_${sample(24, 1, 'abcdefghijklmnopqrstuvwxyz0123456789')}`;
  const repository = makeRepository();
  const { dir, env, commit } = repository;
  const run = (...args: string[]) => spawnSync(process.execPath, [BIN, ...args], { cwd: dir, env, encoding: 'utf8' });
  const sha1 = createHash('sha1').update(token(1)).digest('hex');
  commit('feat: begin', {
    '.gitleaks.toml': `[[rules]]\nid = "acme"\nregex = '''acme_[a-z0-9]{24}'''\nkeywords = ["acme_"]\n[allowlist]\npaths = ['''^vendor/''']\n`,
    '.secrets.baseline': JSON.stringify({
      results: { 'a.ts': [{ type: 'GitHub Token', hashed_secret: sha1, line_number: 9 }] },
    }),
    '.gitleaksignore': '# ours\nb.ts:github-pat:2\n',
    'a.ts': `const a = "${token(1)}";\n`,
    'b.ts': `// b\nconst b = "${token(2)}";\n`,
    'vendor/c.ts': `const c = "${token(3)}";\n`,
    'd.sh': `ACME=${acme}\n`,
    'e.py': `a = "${token(4)}"  # pragma: allowlist secret\n# secretlint-disable-next-line\nb = "${token(5)}"\n`,
    'f.js': `/* secretlint-disable */\nconst a = "${token(6)}";\n/* secretlint-enable */\nconst b = "${token(7)}";\n`,
  });
  const shown = run('secrets', 'import');
  expect(JSON.parse(shown.stdout)).toMatchObject({
    extends: ['recommended'],
    rules: { 'secrets/custom-format': ['error', { formats: [{ id: 'acme' }] }] },
  });
  expect(shown.stderr).toMatch(/1 of its 1 entries are findings here/);
  expect(shown.stderr).toMatch(/Nothing was written/);
  expect(run('secrets', 'import', '--write').status).toBe(0);
  expect(readFileSync(join(dir, 'repolicy-baseline.json'), 'utf8')).toContain('"a.ts"');
  const { findings } = JSON.parse(run('audit', '--rule', 'secrets/*', '--format', 'json').stdout) as {
    findings: { rule: string; path: string; line: number; status: string }[];
  };
  expect(findings.map(({ rule, path, line, status }) => `${path}:${line} ${rule} ${status}`)).toEqual([
    'a.ts:1 secrets/github-token baselined',
    'b.ts:2 secrets/github-token allowed',
    'd.sh:1 secrets/custom-format reported',
    'e.py:1 secrets/github-token allowed',
    'e.py:3 secrets/github-token allowed',
    'f.js:2 secrets/github-token allowed',
    'f.js:4 secrets/github-token reported',
    'vendor/c.ts:1 secrets/github-token allowed',
  ]);
});
