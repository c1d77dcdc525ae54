/** How comments open in a kind of file, the preferred way first; `close` ends that one. */
interface Comments {
  readonly open: readonly string[];
  readonly close: string;
}

// A star alone opens a line of a block comment.
const SQL = ['--', '/*', '*'];
const SLASHES = ['//', '/*', '*'];

const COMMENTS: ReadonlyMap<string, Comments> = new Map([
  ...types('sql psql pgsql ddl', SQL),
  ...types('lua hs elm adb ads vhd vhdl', ['--']),
  ...types('js jsx ts tsx mjs cjs mts cts go rs java kt kts swift c h cc cpp hpp cs scala dart proto prisma', SLASHES),
  ...types('groovy gradle jsonc json5 scss less zig sol v', SLASHES),
  ...types('css', ['/*', '*'], ' */'),
  ...types('php', [...SLASHES, '#']),
  ...types('py rb sh bash zsh fish yml yaml toml env conf cfg properties pl pm r ex exs nix graphql gql mk cmake', ['#']),
  ...types('dockerfile makefile gitignore dockerignore editorconfig npmrc ps1 jl cr nim tcl', ['#']),
  ...types('tf tfvars hcl', ['#', ...SLASHES]),
  ...types('ini', [';', '#']),
  ...types('lisp clj cljs el scm asm', [';']),
  ...types('tex erl', ['%']),
  ...types('html htm xml svg md markdown', ['<!--'], ' -->'),
  ...types('vue svelte astro mdx', ['<!--', ...SLASHES], ' -->'),
  ...types('json ndjson jsonl csv lock', []),
]);

/** In a kind of file that is not in the table, any of these may open a comment. */
const ANY = ['--', '//', '/*', '*', '#', '<!--', ';', '%'];

function types(names: string, open: readonly string[], close = ''): [string, Comments][] {
  return names.split(' ').map((name) => [name, { open, close }]);
}

const commentsOf = (path: string): Comments | undefined => COMMENTS.get(fileType(path));

/** Its extension, or its name where it has none: "sql", "dockerfile", "env" for ".env.local". Lower case. */
export function fileType(path: string): string {
  const name = path.slice(path.lastIndexOf('/') + 1).toLowerCase();
  return name.startsWith('.env') ? 'env' : name.slice(name.lastIndexOf('.') + 1);
}

/** A text as a comment of its own; undefined where this kind of file has none, or none that is known. */
export function asComment(path: string, text: string): string | undefined {
  const { open: [open] = [], close = '' } = commentsOf(path) ?? {};
  return open && `${open} ${text}${close}`;
}

/** Whether what stands on the line before a marker opens a comment: a marker in a string or in prose is none. */
export function opensComment(path: string, before: string): boolean {
  const text = before.trimEnd();
  return (commentsOf(path)?.open ?? ANY).some((open) => (open === '*' ? text.trim() === '*' : text.endsWith(open)));
}
