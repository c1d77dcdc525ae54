/** How one migration runner keeps its files, names them, orders them and runs them. Sentences are for messages. */
export interface Layout {
  /** As a policy writes it. */
  readonly name: string;
  /** For people: "the Supabase CLI". */
  readonly runner: string;
  /**
   * A file that the runner applies, by its path below the folder. Groups: `version`, `name`; `down` takes part where the file
   * undoes another; `repeat` where the file runs again whenever it changes.
   */
  readonly file: RegExp;
  /** A file name that would be right. */
  readonly example: string;
  /** What the runner does with .sql files of the folder that `file` does not match. */
  readonly unmatched: string;
  /**
   * 'name': the whole name of the file, or of its folder, as text. Of the version alone: 'text' without its hyphens, 'number' as
   * one integer, 'dotted' part by part. 'journal': as a journal file lists them.
   */
  readonly order: 'name' | 'text' | 'number' | 'dotted' | 'journal';
  /** What must differ between two files: the version alone, or the whole name. */
  readonly key: 'version' | 'name';
  readonly duplicates: { readonly does: 'refuses' | 'breaks' | 'accepts'; readonly words: string };
  /** A new file that sorts before one that has run. */
  readonly late: { readonly does: 'refuses' | 'skips' | 'applies'; readonly words: string };
  /** A file whose content changes after it has run. */
  readonly edited: { readonly does: 'refuses' | 'ignores'; readonly words: string };
  /**
   * 'runner': in a transaction that the runner opens. 'implicit': the file is sent as one string, which PostgreSQL wraps when
   * it holds more than one statement. 'none': statement by statement.
   */
  readonly transaction: 'runner' | 'implicit' | 'none';
  /** In a file that holds both ways: the lines that start each. */
  readonly sections?: { readonly up: RegExp; readonly down: RegExp } | undefined;
  /** What keeps the runner from opening a transaction around a file. */
  readonly noTransaction?: NoTransaction | undefined;
  /** How CREATE INDEX CONCURRENTLY and its like can be run. */
  readonly concurrently: { readonly possible: boolean; readonly words: string };
  /** SET without LOCAL holds in the files that run after it. */
  readonly sharesSession: boolean;
  /** The first file of all is left out where it has this name and an earlier version. */
  readonly leavesOut?: { readonly name: string; readonly before: string } | undefined;
}

export interface NoTransaction {
  /** What stands in the file itself. */
  readonly says?: RegExp | undefined;
  /** A file beside it, and what stands in that one. */
  readonly beside?: { readonly path: (migration: string) => string; readonly says: RegExp } | undefined;
  /** How the file is run then: see `Layout.transaction`. */
  readonly leaves: 'implicit' | 'none';
}

export const LAYOUTS: readonly Layout[] = [
  {
    name: 'supabase',
    runner: 'the Supabase CLI',
    file: /^(?<version>[0-9]+)_(?<name>[^/]*)\.sql$/,
    example: '20260131120000_add_email.sql',
    unmatched: 'is skipped with a notice',
    order: 'name',
    key: 'version',
    duplicates: {
      does: 'breaks',
      words: 'the second one fails on the primary key of the history table, or counts as applied and never runs',
    },
    late: { does: 'refuses', words: '`supabase db push` stops until it is run with --include-all' },
    edited: { does: 'ignores', words: 'databases that have run it keep the old content without a word' },
    transaction: 'runner',
    concurrently: {
      possible: true,
      words:
        'the CLI from 2.109 on runs CREATE INDEX and REINDEX CONCURRENTLY outside the transaction of the file; older ones cannot',
    },
    sharesSession: false,
    leavesOut: { name: 'init', before: '20211209000000' },
  },
  {
    name: 'dbmate',
    runner: 'dbmate',
    file: /^(?<version>[0-9]+)(?<name>[^/]*)\.sql$/,
    example: '20260131120000_add_email.sql',
    unmatched: 'is ignored',
    order: 'name',
    key: 'version',
    duplicates: {
      does: 'breaks',
      words: 'the second one fails on the primary key of the history table, or counts as applied and never runs',
    },
    late: {
      does: 'applies',
      words: 'dbmate applies it late, in another order than new databases do (--strict refuses)',
    },
    edited: { does: 'ignores', words: 'databases that have run it keep the old content without a word' },
    transaction: 'runner',
    sections: { up: /^--[ \t]*migrate:up\b/m, down: /^--[ \t]*migrate:down\b/m },
    noTransaction: { says: /^--[ \t]*migrate:up\b[^\n]*\btransaction:[ \t]*false\b/m, leaves: 'implicit' },
    concurrently: { possible: true, words: 'in a file of its own that starts with `-- migrate:up transaction:false`' },
    sharesSession: true,
  },
  {
    name: 'goose',
    runner: 'goose',
    file: /^(?<version>[0-9]+)_(?<name>[^/]*)\.sql$/,
    example: '20260131120000_add_email.sql',
    unmatched: 'is ignored',
    order: 'number',
    key: 'version',
    duplicates: { does: 'refuses', words: 'goose stops with "found duplicate migration version"' },
    late: { does: 'refuses', words: 'goose stops unless it is run with -allow-missing' },
    edited: { does: 'ignores', words: 'databases that have run it keep the old content without a word' },
    transaction: 'runner',
    sections: { up: /^--[ \t]*\+goose[ \t]+up\b/im, down: /^--[ \t]*\+goose[ \t]+down\b/im },
    noTransaction: { says: /^--[ \t]*\+goose[ \t]+no[ \t]+transaction\b/im, leaves: 'none' },
    concurrently: { possible: true, words: 'in a file of its own that holds `-- +goose NO TRANSACTION`' },
    sharesSession: true,
  },
  {
    name: 'golang-migrate',
    runner: 'golang-migrate',
    file: /^(?<version>[0-9]+)_(?<name>[^/]*)\.(?:up|(?<down>down))\.sql$/,
    example: '000012_add_email.up.sql',
    unmatched: 'is ignored',
    order: 'number',
    key: 'version',
    duplicates: { does: 'refuses', words: 'golang-migrate stops with a duplicate migration error' },
    late: {
      does: 'skips',
      words: 'golang-migrate keeps one version number and never goes back: databases past it skip the file',
    },
    edited: { does: 'ignores', words: 'databases that have run it keep the old content without a word' },
    transaction: 'implicit',
    concurrently: { possible: true, words: 'as the only statement of its file' },
    sharesSession: true,
  },
  {
    name: 'flyway',
    runner: 'Flyway',
    file: /^(?:[^/]+\/)*(?:(?:V|B|(?<down>U))(?<version>[0-9]+(?:[._][0-9]+)*)|(?<repeat>R))__(?<name>[^/]*)\.sql$/,
    example: 'V12__add_email.sql',
    unmatched: 'is ignored',
    order: 'dotted',
    key: 'version',
    duplicates: { does: 'refuses', words: 'Flyway stops with "Found more than one migration with version"' },
    late: { does: 'skips', words: 'Flyway ignores it, or fails validation, unless outOfOrder is on' },
    edited: { does: 'refuses', words: 'Flyway compares checksums and stops with "Migration checksum mismatch"' },
    transaction: 'runner',
    noTransaction: {
      beside: { path: (migration) => `${migration}.conf`, says: /^\s*executeInTransaction\s*=\s*false\b/im },
      leaves: 'none',
    },
    concurrently: {
      possible: true,
      words: 'in a file of its own with executeInTransaction=false in the .conf file beside it',
    },
    sharesSession: true,
  },
  {
    name: 'prisma',
    runner: 'Prisma Migrate',
    file: /^(?<version>[0-9]+)_(?<name>[^/]*)\/migration\.sql$/,
    example: '20260131120000_add_email/migration.sql',
    unmatched: 'is ignored',
    order: 'name',
    key: 'name',
    duplicates: { does: 'accepts', words: 'both run, in the order of their full names' },
    late: { does: 'applies', words: 'Prisma applies it late, in another order than new databases do' },
    edited: { does: 'refuses', words: 'Prisma compares checksums: `prisma migrate dev` wants to reset the database' },
    transaction: 'implicit',
    concurrently: { possible: true, words: 'as the only statement of its file' },
    sharesSession: true,
  },
  {
    name: 'node-pg-migrate',
    runner: 'node-pg-migrate',
    file: /^(?<version>[0-9]+)[-_](?<name>[^/]*?)(?:\.(?:up|(?<down>down)))?\.sql$/,
    example: '1769860800000_add-email.sql',
    unmatched: 'breaks the order of the folder',
    order: 'number',
    key: 'name',
    duplicates: { does: 'accepts', words: 'both run, in the order of their full names' },
    late: {
      does: 'refuses',
      words: 'node-pg-migrate stops with "Not run migration is preceding already run migration"',
    },
    edited: { does: 'ignores', words: 'databases that have run it keep the old content without a word' },
    transaction: 'runner',
    sections: { up: /^\s*--[\s-]*up\s+migration/im, down: /^\s*--[\s-]*down\s+migration/im },
    concurrently: { possible: false, words: 'only from a JavaScript migration that calls pgm.noTransaction()' },
    sharesSession: true,
  },
  {
    name: 'graphile-migrate',
    runner: 'graphile-migrate',
    file: /^(?:committed\/(?<version>[0-9]{6,})(?:-(?<name>[^/]*))?|(?<repeat>current(?:\/[^/]*)?))\.sql$/,
    example: 'committed/000012-add-email.sql',
    unmatched: 'is ignored',
    order: 'name',
    key: 'version',
    duplicates: { does: 'refuses', words: 'the chain of `--! Previous:` hashes breaks' },
    late: { does: 'refuses', words: 'the chain of `--! Previous:` hashes breaks' },
    edited: { does: 'refuses', words: 'its `--! Hash:` no longer agrees with its content' },
    transaction: 'runner',
    noTransaction: { says: /^--![ \t]*no-transaction\b/m, leaves: 'implicit' },
    concurrently: { possible: true, words: 'as the only statement of a file that starts with `--! no-transaction`' },
    sharesSession: true,
  },
  {
    name: 'drizzle',
    runner: 'Drizzle',
    file: /^(?<version>[0-9]+)_(?<name>[^/]*)\.sql$/,
    example: '0012_add_email.sql',
    unmatched: 'never runs, because meta/_journal.json does not name it',
    order: 'journal',
    key: 'name',
    duplicates: { does: 'accepts', words: 'the journal decides' },
    late: {
      does: 'skips',
      words: 'Drizzle skips without a word whatever has a `when` that is not after the last one applied',
    },
    edited: { does: 'ignores', words: 'databases that have run it keep the old content without a word' },
    transaction: 'runner',
    concurrently: { possible: false, words: 'Drizzle runs all pending files in one transaction' },
    sharesSession: true,
  },
  {
    name: 'knex',
    runner: 'Knex',
    file: /^(?<version>[0-9]+)_(?<name>[^/]*)\.sql$/,
    example: '20260131120000_add_email.sql',
    unmatched: 'is loaded by no migration',
    order: 'name',
    key: 'name',
    duplicates: { does: 'accepts', words: 'both run, in the order of their full names' },
    late: { does: 'applies', words: 'Knex applies it late, in another order than new databases do' },
    edited: { does: 'ignores', words: 'databases that have run it keep the old content without a word' },
    transaction: 'runner',
    concurrently: {
      possible: false,
      words: 'only where the JavaScript migration exports config = { transaction: false }',
    },
    sharesSession: true,
  },
  {
    name: 'atlas',
    runner: 'Atlas',
    file: /^(?<version>[0-9A-Za-z.]+?)(?:_(?<name>[^/]*))?\.sql$/,
    example: '20260131120000_add_email.sql',
    unmatched: 'is refused',
    order: 'name',
    key: 'version',
    duplicates: { does: 'refuses', words: 'Atlas stops with an error' },
    late: { does: 'refuses', words: 'Atlas stops with a non-linear history error' },
    edited: { does: 'refuses', words: 'atlas.sum no longer agrees with it' },
    transaction: 'runner',
    noTransaction: { says: /^--[ \t]*atlas:txmode[ \t]+none\b/m, leaves: 'none' },
    concurrently: { possible: true, words: 'in a file of its own that starts with `-- atlas:txmode none`' },
    sharesSession: true,
  },
  {
    name: 'sqlx',
    runner: 'sqlx',
    file: /^(?<version>[0-9]+)_(?<name>[^/]*?)(?:\.(?:up|(?<down>down)))?\.sql$/,
    example: '20260131120000_add_email.sql',
    unmatched: 'is ignored',
    order: 'number',
    key: 'version',
    duplicates: { does: 'breaks', words: 'sqlx stops with a duplicate key, or says that the version was modified' },
    late: { does: 'applies', words: 'sqlx applies it late, in another order than new databases do' },
    edited: {
      does: 'refuses',
      words: 'sqlx compares checksums and stops with "was previously applied but has been modified"',
    },
    transaction: 'runner',
    noTransaction: { says: /^--[ \t]*no-transaction\b/, leaves: 'implicit' },
    concurrently: { possible: true, words: 'as the only statement of a file that starts with `-- no-transaction`' },
    sharesSession: true,
  },
  {
    name: 'diesel',
    runner: 'Diesel',
    file: /^(?<version>[0-9][0-9-]*)_(?<name>[^/]*)\/(?:up|(?<down>down))\.sql$/,
    example: '2026-01-31-120000_add_email/up.sql',
    unmatched: 'is ignored',
    order: 'text',
    key: 'version',
    duplicates: { does: 'breaks', words: 'the second one counts as applied and never runs' },
    late: { does: 'applies', words: 'Diesel applies it late, in another order than new databases do' },
    edited: { does: 'ignores', words: 'databases that have run it keep the old content without a word' },
    transaction: 'runner',
    noTransaction: {
      beside: {
        path: (migration) => migration.replace(/[^/]*$/, 'metadata.toml'),
        says: /^\s*run_in_transaction\s*=\s*false\b/m,
      },
      leaves: 'implicit',
    },
    concurrently: { possible: true, words: 'with run_in_transaction = false in the metadata.toml beside it' },
    sharesSession: true,
  },
  {
    name: 'hasura',
    runner: 'the Hasura CLI',
    file: /^(?:[^/]+\/)?(?<version>[0-9]+)_(?<name>[^/]*)\/(?:up|(?<down>down))\.sql$/,
    example: '1769860800000_add_email/up.sql',
    unmatched: 'is ignored',
    order: 'number',
    key: 'version',
    duplicates: { does: 'breaks', words: 'the second one counts as applied and never runs' },
    late: { does: 'applies', words: 'Hasura applies it late, in another order than new databases do' },
    edited: { does: 'ignores', words: 'databases that have run it keep the old content without a word' },
    transaction: 'runner',
    concurrently: { possible: false, words: 'Hasura runs every file in a transaction' },
    sharesSession: true,
  },
  {
    name: 'plain',
    runner: 'the migration runner',
    file: /^(?<version>[0-9]+)(?:[-_. ](?<name>[^/]*?))?(?:\.(?:up|(?<down>down)))?\.sql$/,
    example: '0012_add_email.sql',
    unmatched: 'has no version and so no place in the order',
    order: 'name',
    key: 'version',
    duplicates: { does: 'breaks', words: 'which of the two runs first depends on the runner' },
    late: {
      does: 'applies',
      words: 'databases that have run the later ones run it in another order than new databases do, or never',
    },
    edited: { does: 'ignores', words: 'databases that have run it keep the old content' },
    transaction: 'runner',
    concurrently: { possible: true, words: 'in a file of its own that the runner executes outside a transaction' },
    sharesSession: true,
  },
  {
    name: 'files',
    runner: 'whoever runs the file',
    file: /^(?:[^/]+\/)*(?<name>[^/]*)\.sql$/,
    example: 'anything.sql',
    unmatched: 'is no SQL',
    order: 'name',
    key: 'name',
    duplicates: { does: 'accepts', words: 'each file stands for itself' },
    late: { does: 'applies', words: 'each file stands for itself' },
    edited: { does: 'ignores', words: 'each file stands for itself' },
    transaction: 'none',
    concurrently: { possible: true, words: 'outside a transaction' },
    sharesSession: false,
  },
];

export const layoutNamed = (name: string): Layout | undefined => LAYOUTS.find((layout) => layout.name === name);
