import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cleanEnvironment } from './measure.mjs';

const PACKAGES = ['squawk-cli', '@postgres-language-server/cli'];

/** Installs the peers beside the benchmark; an empty list where the registry does not answer. */
export function installPeers(folder) {
  writeFileSync(join(folder, 'package.json'), '{ "private": true }');
  const args = ['install', '--no-audit', '--no-fund', '--loglevel=error', ...PACKAGES];
  if (spawnSync('npm', args, { cwd: folder, env: cleanEnvironment(), stdio: 'ignore' }).status !== 0) return [];
  const version = (name) => JSON.parse(readFileSync(join(folder, 'node_modules', name, 'package.json'), 'utf8')).version;
  const bin = (name) => join(folder, 'node_modules/.bin', name);
  return [
    {
      name: `squawk ${version('squawk-cli')}`,
      checking: (cwd, dir) => ({ run: [bin('squawk'), ...readdirSync(join(cwd, dir)).map((file) => `${dir}/${file}`)], cwd, accept: [0, 1] }),
    },
    {
      name: `postgres-language-server ${version('@postgres-language-server/cli')}`,
      checking: (cwd, dir) => ({ run: [bin('postgres-language-server'), 'check', dir], cwd, accept: [0, 1] }),
    },
  ];
}
