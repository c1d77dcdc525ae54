import { lstat, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ChangeSet } from '../core/change.ts';
import type { Setting } from './verdict.ts';

/** Where fixes may be written: to regular files below the root whose bytes are what was judged, and nowhere else. */
export function editing(root: string, { head }: ChangeSet): Required<Pick<Setting, 'write' | 'mayEdit'>> {
  return {
    async mayEdit(path) {
      try {
        if (!(await lstat(join(root, path))).isFile()) return false;
        return (await readFile(join(root, path), 'utf8')) === (await head.read(path));
      } catch {
        return false;
      }
    },
    write: (path, text) => writeFile(join(root, path), text),
  };
}
