import { isNotice, type Notice } from '../core/notice.ts';
import type { Snapshot } from '../core/snapshot.ts';
import type { Migration } from './migrations.ts';
import { sqlFile } from './sql/files.ts';

/** 'none': there is no file, or no section, that undoes it. 'empty': there is one without a statement. */
export type WayBack = 'there' | 'none' | 'empty';

/** Runners that keep the way back in a file of its own. The others of those that know one keep it in a section. */
const PAIRED: ReadonlySet<string> = new Set([
  'golang-migrate',
  'sqlx',
  'diesel',
  'hasura',
  'flyway',
  'plain',
  'node-pg-migrate',
]);

/** Undefined where the runner knows no way back. */
export async function wayBack(
  snapshot: Snapshot,
  { path, layout, down, repeatable }: Migration,
): Promise<WayBack | Notice | undefined> {
  if (repeatable) return undefined;
  if (down !== undefined) {
    const file = await sqlFile(snapshot, down);
    return isNotice(file) ? file : file.statements.length > 0 || file.errors.length > 0 ? 'there' : 'empty';
  }
  if (layout.sections) {
    const file = await sqlFile(snapshot, path);
    if (isNotice(file)) return file;
    if (file.statements.some(({ section }) => section === 'down')) return 'there';
    return layout.sections.down.test(file.text) ? 'empty' : 'none';
  }
  return PAIRED.has(layout.name) ? 'none' : undefined;
}
