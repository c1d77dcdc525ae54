import { createHash } from 'node:crypto';
import type { Snapshot } from '../core/snapshot.ts';
import type { MigrationFolder } from './migrations.ts';

/**
 * Names for the first 0, 1, 2 ... `count` migrations of a folder: two folders have one name where the same files, with the same content,
 * stand in the same order. The list ends before a file that has no object id.
 */
export async function prefixNames(snapshot: Snapshot, folder: MigrationFolder, count: number): Promise<string[]> {
  const { dir, layout, postgres } = folder;
  const digest = (...parts: readonly unknown[]): string =>
    createHash('sha256').update(JSON.stringify(parts)).digest('hex');
  const names = [digest(dir, layout.name, postgres)];
  for (const { path } of folder.migrations.slice(0, count)) {
    const entry = await snapshot.entry(path);
    if (entry?.oid === undefined) break;
    names.push(digest(names.at(-1), path, entry.mode, entry.oid));
  }
  return names;
}

/** Migrations that are read anew rather than read back: below, keeping costs more than it saves. */
export const WORTH_KEEPING = 20;

/** How far back a kept prefix is looked for. */
export const NEAR = 2 * WORTH_KEEPING;
