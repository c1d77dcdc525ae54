import { defineFact } from '../../core/fact.ts';
import type { Notice } from '../../core/notice.ts';
import type { Content, Encoding, Snapshot } from '../../core/snapshot.ts';
import type { Layout } from '../layouts.ts';
import { migrations, type MigrationFolder } from '../migrations.ts';
import type { SqlProblem } from './parse.ts';
import { readSql, type Reading, type SqlFile } from './read.ts';

/** What one .sql file of a snapshot says; a notice where its text cannot be had. Read once for each snapshot. */
export const sqlFile = async (snapshot: Snapshot, path: string): Promise<SqlFile | Notice> =>
  (await filesOf(snapshot))(path);

const filesOf = defineFact(async (snapshot) => {
  const { folders, at } = await migrations(snapshot);
  const known = new Map<string, Promise<SqlFile | Notice>>();
  const folderOf = (path: string): MigrationFolder | undefined =>
    at(path)?.folder ?? folders.find(({ downs }) => downs.includes(path));
  return (path: string): Promise<SqlFile | Notice> => {
    const file = known.get(path) ?? readAsRun(snapshot, path, folderOf(path)?.layout);
    known.set(path, file);
    return file;
  };
});

/** As its runner reads it, unless a file beside it keeps the runner from opening a transaction. */
async function readAsRun(snapshot: Snapshot, path: string, layout: Layout | undefined): Promise<SqlFile | Notice> {
  const { beside, leaves } = layout?.noTransaction ?? {};
  const words = beside && leaves && (await snapshot.read(beside.path(path)));
  return readFile(snapshot, path, words !== undefined && beside!.says.test(words) ? unwrapped(layout!) : layout);
}

const unwrapped = (layout: Layout): Reading => {
  const reading = bare.get(layout) ?? { ...layout, transaction: layout.noTransaction!.leaves };
  bare.set(layout, reading);
  return reading;
};
const bare = new Map<Layout, Reading>();

async function readFile(
  snapshot: Snapshot,
  path: string,
  reading: Reading = { transaction: 'none' },
): Promise<SqlFile | Notice> {
  const entry = await snapshot.entry(path);
  if (entry?.kind === 'symlink') return unread(path, 'it is a symbolic link');
  const content = await snapshot.content(path);
  // A NUL makes it binary to Git; PostgreSQL would silently stop reading there, so that it is a finding with a place.
  if (content.kind === 'binary') return sharedFile(path, Buffer.from(content.bytes).toString('utf8'), reading);
  if (content.kind !== 'text') return unread(path, absence(content));
  const file = await sharedFile(path, content.text, reading);
  const broken = encodingError(content.text, content.encoding);
  return broken ? { ...file, errors: [broken, ...file.errors] } : file;
}

const unread = (path: string, why: string): Notice => ({
  notice: 'not-judged',
  message: `${path} cannot be judged: ${why}.`,
  path,
  needed: true,
});

function absence(content: Exclude<Content, { kind: 'text' | 'binary' }>): string {
  switch (content.kind) {
    case 'lfs':
      return 'its content is kept by Git LFS';
    case 'large':
      return `it is too large (${Math.round(content.size / 1024 / 1024)} MB)`;
    case 'gitlink':
      return 'it is a submodule';
    case 'unreadable':
      return content.why;
    case 'absent':
      return 'it is missing';
  }
}

/** PostgreSQL reads UTF-8 and nothing else, unless the client says so. */
function encodingError(text: string, encoding: Encoding): SqlProblem | undefined {
  if (encoding === 'utf-8') return undefined;
  if (encoding !== 'latin1') {
    return {
      range: [0, 0],
      within: [0, 0],
      message: `the file is encoded in ${encoding.toUpperCase()}, and PostgreSQL reads UTF-8`,
    };
  }
  const at = Math.max(text.search(/[^\0-\x7f]/), 0);
  const byte = text.charCodeAt(at).toString(16).padStart(2, '0');
  return { range: [at, at + 1], within: [at, at + 1], message: `invalid byte sequence for encoding "UTF8": 0x${byte}` };
}

// Base and head hold the same text in most files, and what it says does not depend on which of the two is asked.
const shared = new Map<string, { readonly text: string; readonly reading: Reading; readonly file: Promise<SqlFile> }>();
const SHARED_LIMIT = 4 * 1024 * 1024;
let sharedSize = 0;

function sharedFile(path: string, text: string, reading: Reading): Promise<SqlFile> {
  const known = shared.get(path);
  if (known?.text === text && known.reading === reading) return known.file;
  const file = readSql(path, text, reading);
  if (known) sharedSize -= known.text.length;
  shared.delete(path);
  shared.set(path, { text, reading, file });
  sharedSize += text.length;
  for (const [old, { text: gone }] of shared) {
    if (sharedSize <= SHARED_LIMIT || old === path) break;
    shared.delete(old);
    sharedSize -= gone.length;
  }
  return file;
}
