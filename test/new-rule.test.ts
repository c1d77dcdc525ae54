import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';

const root = process.cwd();
let copy: string;
const node = (...args: string[]) =>
  spawnSync(process.execPath, args, { cwd: copy, encoding: 'utf8', env: { ...process.env, FORCE_COLOR: '0', NO_COLOR: '1' } });

beforeAll(() => {
  copy = mkdtempSync(join(tmpdir(), 'new-rule-'));
  for (const part of ['src', 'rules', 'test', 'package.json', 'tsconfig.json', 'package-lock.json']) cpSync(join(root, part), join(copy, part), { recursive: true });
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));
});
afterAll(() => rmSync(copy, { recursive: true, force: true }));

test('npm run new-rule writes a rule that type-checks and whose examples run', () => {
  const made = node('src/dev/run.mjs', 'src/dev/new-rule.ts', 'content/made-here');
  expect(made.stderr + made.stdout).toContain('content/made-here');
  expect(readFileSync(join(copy, 'rules/index.ts'), 'utf8')).toContain(`import contentMadeHere from './content/made-here.ts';`);

  const types = node('node_modules/typescript/bin/tsc');
  expect(types.stdout).toBe('');
  const run = node('node_modules/vitest/vitest.mjs', 'run', '--config', 'test/vitest.config.ts', 'test/rules.test.ts', 'test/catalogue.test.ts', '-t', 'content/made-here|the catalogue is the folder');
  expect(run.stdout).toMatch(/Tests\s+[5-9]\d* passed/);
  expect(run.status).toBe(0);
});

test('it refuses a name that is no rule id, and one that is taken', () => {
  expect(node('src/dev/run.mjs', 'src/dev/new-rule.ts', 'Drop_Column').status).toBe(2);
  expect(node('src/dev/run.mjs', 'src/dev/new-rule.ts', 'sql/drop-column').stderr).toContain('exists already');
});
