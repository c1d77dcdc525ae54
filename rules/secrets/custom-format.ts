import { defineRule } from '../../src/core/rule.ts';
import { sample } from '../../src/core/sample.ts';
import { credentials } from '../../src/facts/credentials/credentials.ts';
import { wrongExamples } from '../../src/facts/credentials/custom.ts';
import { isPattern, loadPatterns, patternOption, patternsAreLoaded } from '../../src/facts/patterns.ts';
import { holds } from './_format.ts';

const ACME = {
  id: 'acme-deploy-key',
  names: 'an Acme deploy key',
  keywords: ['acme_'],
  pattern: 'acme_[a-z0-9]{24}\\b',
  examples: { found: [`key: acme_${sample(24, 1, 'abcdefghijklmnopqrstuvwxyz0123456789')}`], ignored: ['acme_deploy'] },
};
const key = `acme_${sample(24, 2, 'abcdefghijklmnopqrstuvwxyz0123456789')}`;

export default defineRule({
  id: 'secrets/custom-format',
  title: 'Do not commit a secret of a form that the policy declares',
  why: 'Systems of your own issue keys that no list of providers knows; whoever reads one has what it opens.',
  instead: 'Revoke it where it was issued, then read the new one from the environment or a store of secrets.',
  severity: 'error',
  options: (z) =>
    z.strictObject({
      formats: z
        .array(
          z
            .strictObject({
              id: z.string().regex(/^[a-z0-9][a-z0-9-]{0,60}$/, 'Expected small letters, digits and "-".'),
              names: z.string().min(3).max(80).describe('With its article: "an Acme deploy key".'),
              keywords: z
                .array(z.string().regex(/^[\x21-\x7e]{3,60}$/, 'Expected 3 to 60 printable characters without blanks.'))
                .min(1)
                .max(20)
                .describe(
                  'One of them stands in or near each secret: only there the pattern is tried. Case does not count.',
                ),
              pattern: patternOption(z, 'needsText').describe(
                'A regular expression in RE2\'s syntax. Its group "secret", else its first group, else all of it is the secret.',
              ),
              entropy: z
                .number()
                .min(0)
                .max(8)
                .optional()
                .describe('Bits per character below which it is a placeholder.'),
              examples: z
                .strictObject({
                  found: z
                    .array(z.string().max(2000))
                    .max(20)
                    .default([])
                    .describe('Texts in which one must be found.'),
                  ignored: z.array(z.string().max(2000)).max(20).default([]).describe('Texts in which none is.'),
                })
                .default({ found: [], ignored: [] })
                .describe('Checked whenever the policy is read; they are not reported themselves.'),
            })
            .superRefine((format, context) => {
              if (!patternsAreLoaded() || !isPattern(format.pattern)) return;
              for (const { path, message } of wrongExamples(format))
                context.addIssue({ code: 'custom', path: ['examples', ...path], message });
            }),
        )
        .max(200)
        .default([]),
    }),
  prepare: loadPatterns,

  over: credentials,
  eachCommit: true,
  *check(candidate, { options: { formats }, now }) {
    if (formats.some(({ id }) => candidate.format === `custom/${id}`)) yield holds(candidate, now);
  },

  examples: {
    bad: [
      {
        title: 'a key of a system of your own',
        options: { formats: [ACME] },
        head: { 'deploy.sh': `ACME="«${key}»"\n` },
      },
    ],
    good: [
      { title: 'no format is declared', head: { 'deploy.sh': `ACME="${key}"\n` } },
      {
        title: 'the name of one',
        options: { formats: [ACME] },
        head: { 'deploy.sh': 'run acme_deploy "$ACME_KEY"\n' },
      },
      {
        title: "the policy's own examples",
        options: { formats: [ACME] },
        head: { 'docs/a.md': ACME.examples.found[0]! },
      },
    ],
  },
});
