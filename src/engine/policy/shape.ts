import { glob, quoted } from '../../core/globs.ts';
import type { Zod } from '../../core/rule.ts';

/** Keys that hold for the repository as a whole, and so stand in the root's policy alone. */
export const ROOT_KEYS = ['base', 'judge', 'migrations', 'identities', 'allows'] as const;

const OF_A_NAME = /^[A-Za-z0-9][A-Za-z0-9._@+-]*$/;

/** The shape of a policy file, but for its rules: which there are, and with which options, is the catalogue's. */
export function policyShape(z: Zod, layouts?: readonly string[]) {
  const check = (problem: (text: string) => string | undefined | false) =>
    z.string().superRefine((text, context) => {
      const message = problem(text);
      if (message) context.addIssue({ code: 'custom', message });
    });
  const text = check((value) => value.trim() === '' && 'is empty');
  const rules = z.record(z.string(), z.unknown());
  const dir = check(
    (value) =>
      (value === '' || /^\/|\\|\/\/|(^|\/)\.\.?(\/|$)|[*?[\]{}]/.test(value)) &&
      'is no folder: write it from the repository\'s root, as "db/migrations"',
  );
  return z.strictObject({
    $schema: z.string().describe('Where editors find this schema: "./node_modules/repolicy/schema.json".').optional(),
    extends: z
      .union([z.string(), z.array(z.string())])
      .describe('Presets to start from, the later over the earlier.')
      .optional(),
    base: check((value) => {
      if (value === '') return 'is empty';
      return (value.startsWith('-') || /[\s\0-\x1f\x7f]/.test(value) || value.length > 250) && 'is no revision';
    })
      .describe('The revision that a change is held against, such as "origin/main".')
      .optional(),
    judge: z
      .enum(['head', 'base'])
      .describe('Whose policy judges a change: its own ("head", the default), or the one it starts from ("base").')
      .optional(),
    migrations: z
      .array(
        z.strictObject({
          layout: (layouts?.length ? z.enum(layouts as [string, ...string[]]) : text).describe(
            'How the migration runner keeps its files: "supabase", "prisma", "plain" ...',
          ),
          dir: dir.describe('The folder, from the root of the repository.'),
          postgres: z.int().min(9).max(99).describe("PostgreSQL's major version.").optional(),
          applied: text
            .max(250)
            .describe('The version up to which every migration has already run in production.')
            .optional(),
        }),
      )
      .describe('Folders of migrations. Without this key they are found by their shape.')
      .optional(),
    identities: z
      .record(
        check((name) => !OF_A_NAME.test(name) && 'is no name: letters, digits and . _ @ + - make one'),
        z.strictObject({
          emails: z
            .array(check((value) => !/^[^\s<>@]+@[^\s<>@]+$/.test(value) && 'is no e-mail address'))
            .describe('Exactly as commits have them.')
            .default([]),
          owns: z.array(glob(z)).describe('Globs of the paths that belong to this identity.').default([]),
          handles: z
            .array(
              check(
                (value) => !/^@[\w.-]+(?:\/[\w.-]+)*$/.test(value) && 'is no handle: write "@name" or "@team/name"',
              ),
            )
            .describe('How CODEOWNERS calls it: "@name" or "@organisation/team".')
            .optional(),
          keys: z
            .array(
              check(
                (value) => !/^(?:ssh|ecdsa)-[\w@.-]+ [A-Za-z0-9+/]+=*(?: |$)/.test(value) && 'is no public SSH key',
              ),
            )
            .describe('Public SSH keys with which this identity signs its commits, as ssh-keygen writes them.')
            .optional(),
        }),
      )
      .describe('Who may own paths: people, roles, agents.')
      .optional(),
    rules: rules.describe('Rule id or wildcard to severity, or to [severity, options].').optional(),
    overrides: z
      .array(
        z.strictObject({
          files: z.array(glob(z)).min(1).describe('Globs, from the root of the repository.'),
          rules: rules.describe('As under "rules"; the last override that matches a path wins.'),
        }),
      )
      .describe('Other settings for some paths.')
      .optional(),
    allow: z
      .array(
        z.strictObject({
          rules: z.array(z.string()).min(1).describe('Rule ids or wildcards.'),
          files: z
            .array(glob(z))
            .min(1)
            .describe('Globs, from the root of the repository; every path without it.')
            .optional(),
          about: text.describe('Only findings about exactly this, such as "users.email".').optional(),
          reason: text.describe('Why this may pass.'),
          until: z.iso.date().describe('The last day on which it holds: "2026-12-31".').optional(),
        }),
      )
      .describe('Findings that may pass, where no comment in the file can say so.')
      .optional(),
    allows: z
      .strictObject({
        expiryFor: z.array(z.string()).describe('Rules, or wildcards, whose allows must carry a date.').default([]),
      })
      .describe('What is asked of every allow.')
      .optional(),
  });
}

/** "plugins" is a key of which people have read: it gets an answer of its own. */
export const PLUGINS = 'Plugins are not supported yet: remove this key, and keep to the rules that repolicy brings.';

export const notHere = (key: string): string =>
  `${quoted(key)} holds for the whole repository: it belongs in the policy at the root.`;
