import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Where hooks look for Node when the program that started Git has no useful PATH. Kept in Git's folder: it is this machine's own. */
export function rememberNode(commonDir: string, node: string = process.execPath): void {
  remember(commonDir, 'node', node);
}

/** Where the engine itself is, for a repository that has no package.json to install it. */
export function rememberEngine(commonDir: string, engine: string): void {
  remember(commonDir, 'engine', engine);
}

function remember(commonDir: string, name: string, value: string): void {
  const file = join(commonDir, 'repolicy', name);
  try {
    if (readFileSync(file, 'utf8') === `${value}\n`) return;
  } catch {
    // Not written yet.
  }
  try {
    mkdirSync(join(commonDir, 'repolicy'), { recursive: true });
    writeFileSync(file, `${value}\n`);
  } catch {
    // A folder that cannot be written to: a terminal's PATH still finds Node.
  }
}
