import type { Snapshot } from '../../core/snapshot.ts';
import { layoutNamed, type Layout } from '../layouts.ts';
import { lex, SIGN, WORD } from './lexer.ts';

/** A folder that looks like a runner's. */
export interface Shape {
  readonly dir: string;
  readonly layout: Layout;
}

// Copies, samples and other people's files are nobody's migrations.
const FOREIGN = /(?:^|\/)(?:node_modules|vendor|third_party|fixtures|__fixtures__|testdata|__tests__)\//;
const OTHER_DATABASE =
  /(?:^|[/_-])(?:mysql|mariadb|sqlite3?|mssql|sqlserver|oracle|clickhouse|cassandra|spanner|snowflake|bigquery|duckdb|d1)(?:[/_-]|$)/i;
const MIGRATIONS = /(?:^|\/)[^/]*migrat(?:e|ions?)[^/]*(?:\/[^/]+)?$/i;

/** Folders of SQL migrations, told by their names, their runner's own files, and what stands in their first file. */
export async function foldersByShape(snapshot: Snapshot, paths: readonly string[]): Promise<readonly Shape[]> {
  const found = new Map<string, Layout>();
  const excluded = new Set<string>();
  const numbered = new Map<string, string[]>();
  const known = new Set<string>();
  const add = (dir: string, layout: string): void => {
    if (!found.has(dir)) found.set(dir, layoutNamed(layout)!);
  };

  // A runner's own files say most, so they go first.
  for (const path of paths) {
    const [, dir = '', file = ''] =
      /^(.*?)\/?(meta\/_journal\.json|migration_lock\.toml|atlas\.sum|Cargo\.toml|wrangler\.(?:toml|jsonc?))$/.exec(
        path,
      ) ?? [];
    if (file === '' || (dir !== '' && !path.startsWith(`${dir}/`)) || FOREIGN.test(path)) continue;
    const text = file === 'Cargo.toml' || file === 'atlas.sum' ? '' : ((await snapshot.read(path)) ?? '');
    if (file === 'Cargo.toml') known.add(dir);
    else if (file === 'atlas.sum') add(dir, 'atlas');
    else if (file === 'meta/_journal.json') {
      if (/"dialect"\s*:\s*"(?!pg"|postgres)/.test(text)) excluded.add(dir);
      else add(dir, 'drizzle');
    } else if (file === 'migration_lock.toml') {
      if (/^\s*provider\s*=\s*"(?!postgres|cockroach)/m.test(text)) excluded.add(dir);
      else add(dir, 'prisma');
    } else if (text.includes('d1_databases')) excluded.add(dir === '' ? 'migrations' : `${dir}/migrations`);
  }

  const prismaSteps = new Set(
    paths.flatMap((path) => (path.endsWith('/migration.sql') ? [path.slice(0, -'/migration.sql'.length)] : [])),
  );
  for (const path of paths) {
    if (!path.endsWith('.sql') || FOREIGN.test(path)) continue;
    const slash = path.lastIndexOf('/');
    const dir = slash < 0 ? '' : path.slice(0, slash);
    const file = path.slice(slash + 1);
    const parent = dir.slice(0, Math.max(dir.lastIndexOf('/'), 0));
    const step = dir.slice(dir.lastIndexOf('/') + 1);
    if (isBelow(dir, found) || isBelow(dir, excluded) || OTHER_DATABASE.test(dir)) continue;
    if (/(?:^|\/)supabase\/migrations$/.test(dir)) add(dir, 'supabase');
    // People keep the way back beside it, under whatever name.
    else if (prismaSteps.has(dir) && /^\d{14}_/.test(step)) add(parent, 'prisma');
    else if (/^(?:up|down)\.sql$/.test(file) && /^\d{13}_/.test(step)) add(parent, 'hasura');
    else if (/^(?:up|down)\.sql$/.test(file) && /^\d[\d-]*_/.test(step)) add(parent, 'diesel');
    else if (step === 'committed' && /^\d{6,}/.test(file)) add(parent, 'graphile-migrate');
    else if (/^(?:[VUB]\d+(?:[._]\d+)*|R)__.*\.sql$/.test(file))
      add(/^(?:.*\/)?(?:db\/)?migrations?(?=\/|$)/.exec(dir)?.[0] ?? dir, 'flyway');
    else if (/^\d/.test(file)) numbered.set(dir, [...(numbered.get(dir) ?? []), path]);
  }

  // Numbered files in a folder below others have an order of their own.
  const owned = new Set(found.keys());
  for (const [dir, files] of numbered) {
    if (isBelow(dir, owned) || isBelow(dir, excluded)) continue;
    const texts: string[] = [];
    for (const path of [files[0]!, files.at(-1)!]) texts.push((await snapshot.read(path)) ?? '');
    const layout = numberedLayout(dir, files, texts, known);
    if (layout !== undefined && !texts.some(isOtherDialect)) add(dir, layout);
  }
  return [...found].map(([dir, layout]) => ({ dir, layout })).filter(({ dir }) => !isBelow(dir, excluded));
}

function isBelow(dir: string, folders: { has: (dir: string) => boolean }): boolean {
  for (let at = dir; ; at = at.slice(0, Math.max(at.lastIndexOf('/'), 0))) {
    if (folders.has(at)) return true;
    if (at === '') return false;
  }
}

/** Files that start with a number: what stands in them, or around them, says whose they are. */
function numberedLayout(
  dir: string,
  files: readonly string[],
  texts: readonly string[],
  rust: ReadonlySet<string>,
): string | undefined {
  const says = (pattern: RegExp): boolean => texts.some((text) => pattern.test(text));
  if (says(/^--[ \t]*migrate:up\b/m)) return 'dbmate';
  if (says(/^--[ \t]*\+goose[ \t]+up\b/im)) return 'goose';
  if (says(/^\s*--[\s-]*(?:up|down)\s+migration\b/im)) return 'node-pg-migrate';
  if (says(/^--[ \t]*atlas:txmode\b/m)) return 'atlas';
  const paired = files.some((path) => /\.(?:up|down)\.sql$/.test(path));
  if (!paired && !MIGRATIONS.test(dir)) return undefined;
  if (isBelow(dir.slice(0, Math.max(dir.lastIndexOf('/'), 0)), rust)) return 'sqlx';
  return paired ? 'golang-migrate' : 'plain';
}

const WORDS: ReadonlySet<string> = new Set(['autoincrement', 'auto_increment', 'pragma', 'nvarchar']);

/** MySQL's and SQLite's own signs and words, outside comments and strings. */
function isOtherDialect(text: string): boolean {
  const { kinds, starts, ends, count } = lex(text.slice(0, 20_000));
  for (let t = 0; t < count; t++) {
    if (kinds[t] === SIGN && text[starts[t]!] === '`') return true;
    if (kinds[t] === WORD && WORDS.has(text.slice(starts[t], ends[t]).toLowerCase())) return true;
  }
  return false;
}
