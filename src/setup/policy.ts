import type { MigrationFolder } from '../core/policy.ts';

/** What a first policy file is written from. */
export interface PolicyFacts {
  /** Where the JSON Schema lies, relative to the policy file. Undefined where repolicy is not installed as a package. */
  readonly schema?: string;
  readonly base?: string;
  readonly migrations: readonly MigrationFolder[];
}

/** The presets that suit what was found. */
export function presetsFor(migrations: readonly MigrationFolder[]): string[] {
  const layouts = new Set(migrations.map(({ layout }) => layout));
  return [
    'recommended',
    ...(layouts.has('supabase') ? ['supabase'] : []),
    ...(layouts.has('prisma') || layouts.has('drizzle') ? ['prisma'] : []),
  ];
}

/** A first repolicy.jsonc. What only the team can know stands in it as comments: without their slashes they are valid, too. */
export function policyText({ schema, base, migrations }: PolicyFacts): string {
  const shown = (value: unknown) =>
    JSON.stringify(value).replaceAll('":', '": ').replaceAll(',"', ', "').replaceAll('{"', '{ "').replaceAll('}', ' }');
  const lines = [
    '{',
    ...(schema === undefined ? [] : [`  "$schema": ${shown(schema)},`, '']),
    `  // Sets of rules. \`repolicy rules\` lists every rule, \`repolicy explain <rule>\` shows one.`,
    `  "extends": ${shown(presetsFor(migrations))},`,
    '',
    ...(base === undefined
      ? []
      : ['  // What a change is held against, where nothing else says so.', `  "base": ${shown(base)},`, '']),
    ...(migrations.length === 0 ? [] : migrationLines(migrations.map(shown))),
    ...HINTS,
    '}',
    '',
  ];
  return lines.join('\n');
}

const migrationLines = (folders: readonly string[]): string[] => [
  '  // The folders of migrations. Without this line they are found by their shape.',
  '  // Each may name its "postgres" (the major version), and as "applied" the last version that has run in production.',
  ...(folders.length === 1
    ? [`  "migrations": [${folders[0]}],`]
    : ['  "migrations": [', ...folders.map((folder) => `    ${folder},`), '  ],']),
  '',
];

const HINTS = `\
  // Who may change what. A file that nobody owns here is open to everybody.
  // "identities": {
  //   "data": { "emails": ["data@example.com"], "owns": ["supabase/migrations/**"] },
  //   "devops": { "emails": ["devops@example.com"], "owns": [".github/**", "Dockerfile"] },
  // },

  "rules": {
    // Each of these waits for a word from the team: take the slashes away and fill in your own names.

    // The documents that there may be.
    // "docs/unlisted-file": ["error", { "allow": ["README.md", "CHANGELOG.md", "docs/**"] }],

    // Plans that nobody may mistake for the truth a month later.
    // "docs/expired-file": ["warning", { "files": ["docs/planning/{topic}-{yyyymmdd}.md"], "days": 30 }],

    // Commit messages: Conventional Commits, with these types and scopes.
    // "change/commit-message": ["error", { "types": ["feat", "fix", "docs", "chore"], "scopes": ["data", "devops"] }],

    // Modules that must not come (back) in.
    // "content/forbidden-import": ["error", { "imports": [{ "modules": ["moment"], "message": "Use Intl." }] }],

    // What a configuration file must say, or must never say.
    // "config/assertion": ["error", { "assertions": [{
    //   "file": "fly.toml", "at": "deploy.release_command", "command": { "mustNotRun": ["prisma migrate"] },
    //   "message": "A deployment never changes the schema."
    // }] }],
  },`.split('\n');
