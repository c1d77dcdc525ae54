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

      // A second run, after one that stopped half-way.
      'sql/create-without-if-not-exists': 'warning',
      'sql/drop-without-if-exists': 'warning',
      'sql/create-without-or-replace': 'warning',
      'sql/create-policy-without-drop': 'warning',
      'sql/create-trigger-without-replace': 'warning',
      'sql/create-type-without-guard': 'warning',
      'sql/add-constraint-without-guard': 'warning',
      'sql/unnamed-object-accumulates': 'warning',
      'sql/concurrent-index-invalid-on-retry': 'warning',
      'sql/if-not-exists-hides-drift': 'warning',
      // The syntax error itself is an error already: this one knows how to mend it.
      'sql/unsupported-guard-syntax': 'info',

      'migrations/*': 'error',
      'migrations/claimed-version': 'warning',
      'migrations/mixed-width-version': 'warning',
      'migrations/implausible-version': 'warning',
      'migrations/version-gap': 'info',
      'migrations/work-thrown-away': 'info',

      'secrets/*': 'error',
      'secrets/signed-token': 'warning',
      'secrets/high-entropy-string': 'off',
      'secrets/password-hash': 'off',
      // Documents: the rest needs to be told what the team has agreed on, and says nothing before.
      'docs/broken-link': 'warning',
      'docs/expired-file': 'warning',
      'docs/forbidden-name': 'error',
      'docs/list-drift': 'warning',
      'docs/protected-file': 'error',
      'docs/stray-same-day-file': 'error',
      'docs/too-many-files': 'error',
      'docs/unlisted-file': 'error',

      // Owners and evidence: silent as well until identities, files or sections are declared.
      'ownership/*': 'error',
      'ownership/missing-entry': 'warning',
      'ownership/codeowners-unmatched': 'warning',
      'ownership/codeowners-unowned': 'warning',
      'ownership/unknown-author': 'warning',
      'evidence/*': 'error',

      'change/secret-file': 'error',
      'change/large-file': 'warning',
      'change/case-collision': 'error',
      'change/invalid-path-name': 'error',
      'change/new-submodule': 'warning',
      'change/symlink-escape': 'warning',
      'policy/*': 'warning',
    },
  },
  strict: {
    about: 'Beside `recommended`: what may well be harmless is reported too, and somebody looks at each.',
    rules: {
      'secrets/generic-secret': ['error', { unsure: true }],
      'secrets/inline-login': ['error', { unsure: true }],
      'secrets/kubernetes-secret': ['error', { unsure: true }],
      'secrets/signed-token': ['warning', { unsure: true }],
      'secrets/high-entropy-string': 'warning',
      'secrets/password-hash': 'warning',
    },
  },
  supabase: {
    about: 'For Supabase projects: a push that stops half-way is run again, so every statement must bear a second run.',
    rules: {
      'sql/create-without-if-not-exists': 'error',
      'sql/drop-without-if-exists': 'error',
      'sql/create-without-or-replace': 'error',
      'sql/create-policy-without-drop': 'error',
      'sql/create-trigger-without-replace': 'error',
      'sql/create-type-without-guard': 'error',
      'sql/add-constraint-without-guard': 'error',
      'sql/rename-without-guard': 'warning',
      'sql/insert-without-conflict-clause': 'warning',
      'sql/non-idempotent-dml': 'warning',
    },
  },
  prisma: {
    about:
      'For migrations that a generator writes (Prisma, Drizzle): their statements carry no guards, and nobody edits them.',
    rules: {
      'sql/create-without-if-not-exists': 'off',
      'sql/drop-without-if-exists': 'off',
      'sql/create-type-without-guard': 'off',
      'sql/add-constraint-without-guard': 'off',
      'sql/unnamed-object-accumulates': 'off',
    },
  },
};
