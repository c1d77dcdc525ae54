import { createHash } from 'node:crypto';
import type { ChangeSet } from '../core/change.ts';
import type { Fix, Location, Range, Severity } from '../core/finding.ts';
import type { Snapshot } from '../core/snapshot.ts';
import { migrations, type Journal, type JournalEntry, type MigrationFolder } from './migrations.ts';

/** Where what a runner keeps beside its migrations no longer agrees with them. */
export interface Mismatch {
  /** A sentence. */
  readonly message: string;
  readonly at: Location;
  readonly about: string;
  readonly atMost?: Severity;
  readonly fix?: Fix;
}

/** Drizzle's journal, Atlas' checksums, Prisma's lock file, of every folder that has one. */
export async function* mismatches(change: ChangeSet): AsyncIterable<Mismatch> {
  const [before, after] = [await migrations(change.base), await migrations(change.head)];
  const touched = new Set(change.changes.flatMap(({ path, from = path }) => [path, from]));
  for (const folder of after.folders) {
    const start = folder.dir === '' ? '' : `${folder.dir}/`;
    if (![...touched].some((path) => path.startsWith(start))) continue;
    const was = before.folders.find(({ dir }) => dir === folder.dir);
    if (folder.journal) yield* journalMismatches(folder, folder.journal, was?.journal, touched);
    if (folder.layout.name === 'atlas') yield* checksumMismatch(change.head, folder, touched);
  }
  for (const folder of before.folders) if (folder.layout.name === 'prisma') yield* lockMismatch(change, folder);
}

function* journalMismatches(
  { dir, migrations: files, unmatched, layout }: MigrationFolder,
  { path, entries }: Journal,
  before: Journal | undefined,
  touched: ReadonlySet<string>,
): Iterable<Mismatch> {
  const known = new Map(before?.entries.map((entry) => [entry.tag, entry.when]));
  const isOld = ({ tag, when }: JournalEntry): boolean => known.get(tag) === when;
  const start = dir === '' ? '' : `${dir}/`;
  const present = new Set(files.map((file) => file.path));
  const at = (entry: JournalEntry): Location => ({ path, range: entry.at });
  // What has run somewhere under its old number is nobody's to write anew.
  const renumbered = (
    entry: JournalEntry,
    place: Range | undefined,
    value: number,
    title: string,
  ): Pick<Mismatch, 'fix'> =>
    place && before && !known.has(entry.tag)
      ? { fix: { title, edits: [{ path, range: place, text: String(value) }] } }
      : {};
  let latest: JournalEntry | undefined;
  for (const [i, entry] of entries.entries()) {
    const { tag, when, idx } = entry;
    const previous = entries[i - 1];
    if (latest && !(when > latest.when)) {
      // Of two that are in each other's way, the one that this change brings is the one to move.
      const [culprit, words] =
        isOld(entry) && !isOld(latest)
          ? [latest, `not before that of ${tag}`]
          : [entry, `not after that of ${latest.tag}`];
      const skipped = culprit === entry ? tag : `${tag}, which comes after it`;
      const message = `Gives ${culprit.tag} a \`when\` that is ${words}: Drizzle skips ${skipped}, without a word, on databases that have run ${latest.tag}.`;
      const fix =
        culprit === entry
          ? renumbered(entry, entry.whenAt, latest.when + 1, `Give it a moment after that of ${latest.tag}`)
          : {};
      yield { message, at: at(culprit), about: `when of ${culprit.tag}`, ...fix };
    } else latest = entry;
    if (previous && idx !== previous.idx + 1) {
      const message = `Gives ${tag} the idx ${idx} after ${previous.idx}: the next migration that drizzle-kit makes takes a number that is out of step.`;
      const fix = renumbered(entry, entry.idxAt, previous.idx + 1, 'Give it the next number');
      yield { message, at: at(entry), about: `idx of ${tag}`, atMost: 'warning', ...fix };
    }
    if (tag !== '' && !present.has(`${start}${tag}.sql`)) {
      yield {
        message: `Names ${tag}, and ${start}${tag}.sql does not exist: Drizzle stops there.`,
        at: at(entry),
        about: `file of ${tag}`,
      };
    }
  }
  for (const file of unmatched) {
    if (!layout.file.test(file.slice(start.length))) continue;
    const message = touched.has(file)
      ? `Never runs, because ${path} does not name it.`
      : `Does not name ${file}, which therefore never runs.`;
    yield { message, at: { path: touched.has(file) ? file : path }, about: `entry of ${file}` };
  }
}

/** One line a file: its name, and the SHA-256 of the names and contents of all files up to it. A first line sums up the others. */
async function* checksumMismatch(
  head: Snapshot,
  folder: MigrationFolder,
  touched: ReadonlySet<string>,
): AsyncIterable<Mismatch> {
  const start = folder.dir === '' ? '' : `${folder.dir}/`;
  const path = `${start}atlas.sum`;
  const text = await head.read(path);
  const files = [...folder.migrations.map((migration) => migration.path), ...folder.unmatched]
    .filter((file) => !file.slice(start.length).includes('/'))
    .sort();
  // Directories of other tools' formats are summed up in other ways.
  if (text === undefined || files.some((file) => file.endsWith('.down.sql'))) return;
  const summed = text
    .split('\n')
    .slice(1)
    .flatMap((line) => {
      const [, name = '', sum = ''] = /^(.+) h1:(\S+)$/.exec(line.trimEnd()) ?? [];
      return name === '' ? [] : [{ name, sum }];
    });
  const at = (file: string): Location => ({ path: touched.has(path) || !touched.has(file) ? path : file });
  const sums = new Map(summed.map(({ name, sum }) => [name, sum]));
  const missing = files.filter((file) => !sums.has(file.slice(start.length)));
  const gone = summed.filter(({ name }) => !files.includes(start + name));
  const stop = 'Atlas stops with a checksum error until `atlas migrate hash` is run';
  for (const file of missing)
    yield { message: `The checksums in ${path} leave out ${file}: ${stop}.`, at: at(file), about: `sum of ${file}` };
  for (const { name } of gone)
    yield {
      message: `The checksums in ${path} name ${start}${name}, which does not exist: ${stop}.`,
      at: at(start + name),
      about: `sum of ${start}${name}`,
    };
  if (missing.length > 0 || gone.length > 0) return;
  const hash = createHash('sha256');
  for (const file of files) {
    const content = await head.content(file);
    if (content.kind !== 'text' || content.encoding.startsWith('utf-16') || content.text.includes('atlas:sum')) return;
    const name = file.slice(start.length);
    hash.update(name).update(Buffer.from(content.text, content.encoding === 'latin1' ? 'latin1' : 'utf8'));
    if (hash.copy().digest('base64') === sums.get(name)) continue;
    yield {
      message: `The checksums in ${path} are of another content of ${file}: ${stop}.`,
      at: at(file),
      about: `sum of ${file}`,
    };
    return;
  }
}

/** The provider that Prisma wrote down when the folder was made. */
async function* lockMismatch({ base, head, changes }: ChangeSet, { dir }: MigrationFolder): AsyncIterable<Mismatch> {
  const path = `${dir === '' ? '' : `${dir}/`}migration_lock.toml`;
  if (!changes.some((change) => change.path === path && change.before)) return;
  const [before, after] = [await base.read(path), await head.read(path)].map(
    (text) => text && /^\s*provider\s*=\s*"([^"]*)"/m.exec(text)?.[1],
  );
  if (before === undefined || before === after) return;
  if (after === undefined) {
    const still = (await head.paths()).some((other) => other.startsWith(`${dir}/`) && other.endsWith('/migration.sql'));
    const message = `Removes the provider ${before} from ${path}: Prisma no longer notices when these migrations meet another kind of database.`;
    if (still) yield { message, at: { path }, about: 'provider', atMost: 'warning' };
    return;
  }
  const message = `Changes the provider from ${before} to ${after}: Prisma refuses migrations that were written for another one (P3019).`;
  yield { message, at: { path }, about: 'provider' };
}
