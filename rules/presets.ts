import type { Preset } from '../src/core/rule.ts';

/** Named sets of settings for `extends`. Later ones win over earlier ones; the policy's own rules win over all. */
export const presets: Readonly<Record<string, Preset>> = {
  recommended: {
    about: 'What is wrong in any repository. Needs no declaration, and is what judges where there is no policy file.',
    rules: {
      'sql/syntax-error': 'error',

      // Transactions: what PostgreSQL or the runner refuses, or silently leaves half done.
      'sql/concurrent-index-on-partitioned-parent': 'error',
      'sql/enum-value-used-in-same-transaction': 'error',
      'sql/no-transaction-statement-in-transaction': 'error',
      'sql/transaction-control-in-managed-migration': 'error',
      'sql/unclosed-transaction': 'error',
      'sql/set-transaction-after-query': 'warning',

      // Data loss.
      'sql/drop-table': 'error',
      'sql/drop-column': 'error',
      'sql/drop-schema-or-database': 'error',
      'sql/truncate': 'error',
      'sql/disable-trigger': 'error',
      'sql/dml-without-where': 'warning',
      'sql/drop-cascade': 'warning',
      'sql/drop-column-removes-constraint': 'warning',
      'sql/create-unlogged-table': 'info',

      // What running code trips over, and what rows can refuse.
      'sql/renaming-column': 'error',
      'sql/renaming-table': 'error',
      'sql/renaming-enum-value': 'error',
      'sql/renaming-schema-or-moving-object': 'warning',
      'sql/adding-required-field': 'error',
      'sql/mismatched-foreign-key-type': 'error',
      'sql/narrowing-column-type': 'warning',
      'sql/adding-json-column': 'warning',
      'sql/volatile-check-constraint': 'warning',

      // A second run.
      'sql/create-without-if-not-exists': 'warning',
      'sql/drop-without-if-exists': 'warning',
      'sql/create-policy-without-drop': 'warning',

      'migrations/*': 'error',
      'migrations/claimed-version': 'warning',
      'migrations/mixed-width-version': 'warning',
      'migrations/implausible-version': 'warning',
      'migrations/version-gap': 'info',
      'migrations/work-thrown-away': 'info',

      'secrets/*': 'error',
      'change/secret-file': 'error',
      'change/large-file': 'warning',
      'policy/*': 'warning',
    },
  },
  supabase: {
    about: 'For Supabase projects: a push that stops half-way is run again, so every statement must bear a second run.',
    rules: {
      'sql/create-without-if-not-exists': 'error',
      'sql/drop-without-if-exists': 'error',
      'sql/create-policy-without-drop': 'error',
    },
  },
  prisma: {
    about: 'For migrations that a generator writes (Prisma, Drizzle): their statements carry no guards, and nobody edits them.',
    rules: {
      'sql/create-without-if-not-exists': 'off',
      'sql/drop-without-if-exists': 'off',
    },
  },
};
