import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';

/** Who may import whom: the never-list. Only cli, setup, dev and index.ts may import across. */
const MAY: Record<string, RegExp> = {
  'src/core': /^(src\/core|zod$|micromatch$|picomatch$)/,
  'src/cache': /^(src\/core|src\/cache|node:(crypto|fs|path|zlib)$)/,
  'src/facts': /^(src\/core|src\/facts|node:(crypto|buffer|v8|zlib)$|(?!node:|src\/|rules)[a-z@])/,
  'src/repo': /^(src\/core|src\/repo|simple-git$|node:)/,
  'src/engine': /^(src\/core|src\/engine|node:crypto$|(zod|jsonc-parser|diff|micromatch)$)/,
  'src/report': /^(src\/core|src\/report|node:crypto$|zod$)/,
  rules: /^(src\/core|src\/facts|rules|node:crypto$)/,
};

const IMPORT = /(?:^(?:import|export)\b[^;]*?\bfrom\s+|\bimport\s*\(\s*|^import\s+)'([^']+)'/gm;

test.each(Object.keys(MAY))('%s imports only what stands below it', (folder) => {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
  expect(files.length).toBeGreaterThan(0);
  for (const file of files) {
    const path = join(folder, file);
    for (const [, target] of readFileSync(path, 'utf8').matchAll(IMPORT)) {
      const resolved = target!.startsWith('.') ? join(dirname(path), target!) : target!;
      expect(resolved, `${path} imports ${resolved}`).toMatch(MAY[folder]!);
    }
  }
});

test('a rule never reaches the process', () => {
  for (const file of readdirSync('rules', { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'))) {
    expect(readFileSync(join('rules', file), 'utf8'), file).not.toMatch(/\bprocess\.(cwd|exit|stdout|stderr|argv|chdir|on)\b/);
  }
});
