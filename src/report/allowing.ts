/** How a comment opens and closes, by file type. A type that is not here has comments that nobody knows, or none. */
const COMMENTS: ReadonlyMap<string, readonly [open: string, close: string]> = new Map([
  ...types('sql psql pgsql ddl lua hs elm adb ads vhd vhdl', '--'),
  ...types(
    'js jsx ts tsx mjs cjs mts cts go rs java kt kts swift c h cc cpp hpp cs scala dart proto prisma groovy',
    '//',
  ),
  ...types('gradle jsonc json5 scss less zig sol v php', '//'),
  ...types('py rb sh bash zsh fish yml yaml toml env conf cfg properties pl pm r ex exs nix graphql gql mk cmake', '#'),
  ...types('dockerfile makefile gitignore dockerignore editorconfig npmrc ps1 jl cr nim tcl tf tfvars hcl', '#'),
  ...types('ini lisp clj cljs el scm asm', ';'),
  ...types('tex erl', '%'),
  ...types('css', '/*', ' */'),
  ...types('html htm xml svg md markdown vue svelte astro mdx', '<!--', ' -->'),
]);

function types(names: string, open: string, close = ''): [string, readonly [string, string]][] {
  return names.split(' ').map((name) => [name, [open, close]]);
}

/** The comment that allows a rule on its line and the next, in this file's own syntax; undefined where it has none. */
export function allowComment(path: string, rule: string, reason: string): string | undefined {
  const comment = COMMENTS.get(fileType(path));
  return comment && `${comment[0]} repolicy-allow ${rule}: ${reason}${comment[1]}`;
}

/** The entry under "allow" in the policy file that does the same for a whole file, or for the change where there is no path. */
export const allowEntry = (path: string | null, rule: string, reason: string): string => {
  const parts = [
    `"rules": [${JSON.stringify(rule)}]`,
    ...(path === null ? [] : [`"files": [${JSON.stringify(path)}]`]),
  ];
  return `"allow": [{ ${parts.join(', ')}, "reason": ${JSON.stringify(reason)} }]`;
};

/** Its extension, or its name where it has none: "sql", "dockerfile", "env" for ".env.local". Lower case. */
export function fileType(path: string): string {
  const name = path.slice(path.lastIndexOf('/') + 1).toLowerCase();
  return name.startsWith('.env') ? 'env' : name.slice(name.lastIndexOf('.') + 1);
}
