/** What may stand before a marker, by file type: a marker in a string or in prose is not a comment. */
const DASHES = ['--', '/*', '*'];
const SLASHES = ['//', '/*', '*'];
const HASH = ['#'];
const MARKUP = ['<!--'];

const OPENERS: Readonly<Record<string, readonly string[]>> = {
  ...all('sql psql pgsql ddl', DASHES),
  ...all('lua hs elm adb ads vhd vhdl', ['--']),
  ...all('js jsx ts tsx mjs cjs mts cts go rs java kt kts swift c h cc cpp hpp cs scala dart proto prisma groovy gradle jsonc json5 scss less zig sol v', SLASHES),
  ...all('css', ['/*', '*']),
  ...all('php', [...SLASHES, ...HASH]),
  ...all('py rb sh bash zsh fish yml yaml toml env conf cfg properties pl pm r ex exs nix graphql gql mk cmake dockerfile makefile gitignore dockerignore editorconfig npmrc ps1 jl cr nim tcl', HASH),
  ...all('tf tfvars hcl', [...HASH, ...SLASHES]),
  ...all('ini', [';', ...HASH]),
  ...all('lisp clj cljs el scm asm', [';']),
  ...all('tex erl', ['%']),
  ...all('html htm xml svg md markdown', MARKUP),
  ...all('vue svelte astro mdx', [...MARKUP, ...SLASHES]),
  ...all('json ndjson jsonl csv lock', []),
};
const ANY = ['--', '//', '/*', '*', '#', '<!--', ';', '%'];

function all(types: string, openers: readonly string[]): Record<string, readonly string[]> {
  return Object.fromEntries(types.split(' ').map((type) => [type, openers]));
}

/** Whether what stands on the line before a marker opens a comment in this kind of file. */
export function opensComment(path: string, before: string): boolean {
  const name = path.slice(path.lastIndexOf('/') + 1).toLowerCase();
  const type = name.startsWith('.env') ? 'env' : name.slice(name.lastIndexOf('.') + 1);
  const openers = (Object.hasOwn(OPENERS, type) && OPENERS[type]) || (Object.hasOwn(OPENERS, name) && OPENERS[name]) || undefined;
  const text = before.trimEnd();
  return (openers ?? ANY).some((opener) => (opener === '*' ? text.trim() === '*' : text.endsWith(opener)));
}
