import { posix } from 'node:path';
import type { MigrationFolder } from '../core/policy.ts';
import type { Snapshot } from '../core/snapshot.ts';
import { migrations } from '../facts/migrations.ts';

/** The folders that have a runner's shape, as a policy declares them, and PostgreSQL's version where a file beside them names it. */
export async function foldersFound(head: Snapshot): Promise<readonly MigrationFolder[]> {
  const { folders } = await migrations(head);
  // A policy cannot name the root, nor a folder whose name reads as a pattern: those are found by their shape as before.
  const named = folders.filter(({ dir }) => dir !== '' && !/[*?[\]{}\\]/.test(dir));
  return Promise.all(
    named.map(async ({ dir, layout }) => {
      const postgres =
        layout.name === 'supabase' ? await supabaseVersion(head, posix.join(dir, '../config.toml')) : undefined;
      return { layout: layout.name, dir, ...(postgres !== undefined && { postgres }) };
    }),
  );
}

async function supabaseVersion(head: Snapshot, path: string): Promise<number | undefined> {
  const text = await head.read(path);
  if (text === undefined) return undefined;
  const { parse } = await import('smol-toml');
  try {
    const { db } = parse(text) as { db?: { major_version?: unknown } };
    return typeof db?.major_version === 'number' ? db.major_version : undefined;
  } catch {
    // A file that Supabase could not read either says nothing about the version.
    return undefined;
  }
}
