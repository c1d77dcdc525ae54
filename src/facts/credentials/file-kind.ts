/**
 * What sort of file a text stands in, as far as its path tells. Only values without a mark of their own are weighed by it:
 * a token that gives itself away is one everywhere.
 * settings: values need no quotes. code: only what is quoted is a value. test, docs: most values are made up.
 * generated: lock files, minified code, recordings; full of random text that opens nothing. unknown: there is no path.
 */
export type FileKind = 'settings' | 'code' | 'test' | 'docs' | 'generated' | 'unknown';

export function fileKind(path: string | undefined): FileKind {
  if (path === undefined) return 'unknown';
  if (GENERATED.test(path)) return 'generated';
  if (DOCS.test(path)) return 'docs';
  if (TEST.test(path)) return 'test';
  return SETTINGS.test(path) ? 'settings' : 'code';
}

const GENERATED =
  /(?:^|\/)(?:package-lock\.json|npm-shrinkwrap\.json|yarn\.lock|pnpm-lock\.ya?ml|bun\.lockb?|deno\.lock|composer\.lock|Gemfile\.lock|Cargo\.lock|poetry\.lock|uv\.lock|pdm\.lock|Pipfile\.lock|go\.sum|flake\.lock|mix\.lock|pubspec\.lock|Podfile\.lock|packages\.lock\.json|gradle\.lockfile|Package\.resolved|\.terraform\.lock\.hcl)$|(?:[.-]min\.(?:js|css|mjs)|\.(?:map|snap|svg|ipynb|lock|csv|tsv|po|pot|xliff?|har|pb\.go|css|scss|less|woff2?|ttf|pbxproj|storyboard|xib|resx))$|(?:^|\/)(?:node_modules|vendor|third[_-]party|bower_components|\.yarn|dist|cassettes|__snapshots__|i18n|locales?|lang|translations?)\/|(?:^|\/)messages[\w-]*\.properties$/i;
const DOCS =
  /\.(?:md|mdx|markdown|rst|adoc|asciidoc|txt|tex|rdoc|pod|man|[1-9])$|(?:^|\/)(?:docs?|documentation|examples?|samples?|website|tutorials?)\/|(?:^|[/._-])(?:example|sample|template|tpl|dist|default)s?(?:[._-]|$)|(?:openapi|swagger)[^/]*$/i;
const TEST =
  /(?:^|\/)(?:tests?|__tests__|__mocks__|specs?|e2e|fixtures?|testdata|test[_-]?data|mocks?|stubs?|testing|testutils?|benchmarks?|cypress|playwright|integration[_-]?tests?|seeds?|seeders?)\/|(?:^|[/._-])(?:tests?|spec|mock|fixture|e2e|conftest|seeds?)[._-]|(?:Tests?|Spec|Mock|IT)\.\w{1,6}$/;
const SETTINGS =
  /(?:^|\/)(?:\.env[\w.-]*|[\w-]+\.env|\.envrc|Dockerfile[\w.-]*|[\w.-]*\.Dockerfile|\.npmrc|\.pypirc|\.netrc|\.htpasswd|\.s3cfg|\.my\.cnf|\.pgpass|credentials|config)$|\.(?:env|ya?ml|ini|cfg|conf|cnf|config|properties|toml|tfvars|tfstate|json5?|jsonc|xml|plist|sh|bash|zsh|fish|ps1|bat|cmd|service|hcl|nomad|reg|rdp|ovpn|dockercfg|npmrc)$/i;

/** Rust keeps tests at the end of the file that they test: whether such an end began above, as far as anybody looks. */
export const isInRustTest = (text: string, at: number): boolean =>
  text.slice(Math.max(0, at - 60_000), at).includes('#[cfg(test)]');
