import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';

test('this repository keeps its own policy', () => {
  const { stdout, stderr, status } = spawnSync(process.execPath, ['dist/bin.cjs', 'audit', '--fail-on', 'warning'], { encoding: 'utf8' });
  expect(stdout + stderr).toMatch(/nothing to report/);
  expect(status).toBe(0);
});
