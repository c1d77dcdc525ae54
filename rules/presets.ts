import type { Preset } from '../src/core/rule.ts';

/** Named sets of settings for `extends`. Later ones win over earlier ones; the policy's own rules win over all. */
export const presets: Readonly<Record<string, Preset>> = {
  recommended: {
    about: 'What is wrong in any repository. Needs no declaration, and is what judges where there is no policy file.',
    rules: {
      'sql/syntax-error': 'error',
      'sql/drop-table': 'error',
      'sql/drop-column': 'error',
      'sql/create-without-if-not-exists': 'warning',
      'sql/drop-without-if-exists': 'warning',
      'sql/create-policy-without-drop': 'warning',
      'migrations/*': 'error',
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
