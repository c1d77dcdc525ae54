import type { Catalogue, AnyRule, Zod } from '../src/core/rule.ts';
import { glob } from '../src/core/globs.ts';

async function* nothing() {}

const rule = (id: AnyRule['id'], options: AnyRule['options'] = (z) => z.strictObject({})): AnyRule => ({
  id,
  title: `Title of ${id}`,
  why: 'Because.',
  instead: 'Otherwise.',
  severity: 'error',
  options,
  over: nothing,
  examples: { bad: [], good: [] },
  *check() {},
});

const listing = (z: Zod) =>
  z.strictObject({
    where: z.array(glob(z)).default(['**/*.md']),
    allow: z.array(glob(z)).default([]),
    from: z.string().optional(),
  });

/** A small catalogue for the policy's tests: what the real one holds is none of their business. */
export const catalogue: Catalogue = {
  rules: [
    rule('sql/drop-column', (z) => z.strictObject({ released: z.array(z.string()).default([]) })),
    rule('sql/drop-table'),
    rule('sql/syntax-error'),
    rule('docs/unlisted-file', listing),
    rule('docs/too-many-files', (z) => z.strictObject({ most: z.int().min(1).max(100).default(10) })),
    rule('config/assertion', (z) =>
      z.strictObject({
        assertions: z
          .array(
            z.strictObject({
              file: z.string(),
              equals: z.union([
                z.string(),
                z.number(),
                z.strictObject({ text: z.string(), case: z.enum(['exact', 'any']) }),
              ]),
            }),
          )
          .min(1),
      }),
    ),
    rule('secrets/token', (z) =>
      z.strictObject({
        allow: z
          .array(
            z
              .string()
              .min(4, 'Four characters are the least.')
              .regex(/^[^*]+$/),
          )
          .refine((list) => new Set(list).size === list.length, 'holds an entry twice')
          .default([]),
      }),
    ),
    rule('policy/loosened', (z) => z.strictObject({ owners: z.array(z.string()).default([]) })),
  ],
  presets: {
    recommended: {
      about: 'What every repository wants.',
      rules: {
        '*': 'warning',
        'sql/*': 'error',
        'config/*': 'off',
        'docs/unlisted-file': ['info', { allow: ['README.md'] }],
      },
    },
    lax: { about: 'Less.', rules: { 'sql/drop-table': 'off', 'docs/*': 'info' } },
  },
};
