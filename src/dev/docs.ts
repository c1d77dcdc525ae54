import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { documents } from './documents.ts';

/** `npm run docs`: writes what is generated from the rules. A test fails when it is stale. */
for (const [path, text] of await documents()) {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  console.log(`wrote ${path}`);
}
