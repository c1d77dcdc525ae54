/** The hooks that see everything that can enter a repository from a developer's machine. */
export const HOOKS = ['pre-commit', 'pre-merge-commit', 'commit-msg', 'pre-push'] as const;
export type Hook = (typeof HOOKS)[number];

const JUDGES: Record<Hook, string> = {
  'pre-commit': 'what is staged',
  'pre-merge-commit': 'what a merge brings in',
  'commit-msg': 'the commit message',
  'pre-push': 'every commit that the remote does not have',
};

/** A hook of our own: one line, the same in every hook but for its comment. */
export const hookLine = (hook: Hook): string => `. "\${0%/*}/repolicy" # judges ${JUDGES[hook]}\n`;

/** Whether a hook hands over to repolicy already, in whichever way. */
export const callsRepolicy = (text: string): boolean => /^(?!\s*#).*\brepolicy\b/m.test(text);

/** Whether the shell runs it: other interpreters cannot take our line. `.husky/x` has no first line of its own, and is sh. */
export const isShell = (text: string): boolean => !text.startsWith('#!') || /^#!.*\b(?:sh|bash|dash|ash)\b/.test(text);

/** Where in a hook our line goes, and why. */
export interface Joined {
  readonly text: string;
  readonly place: string;
}

/**
 * A hook that stands there, with our line added. Formatters stage what they changed, so what will be committed is known
 * last; a push is judged first, because other commands may read away the list of what is pushed.
 */
export function joinHook(text: string, hook: Hook): Joined {
  const lines = text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  const at = hook === 'pre-push' ? firstCommand(lines) : afterLastCommand(lines);
  const before = lines[at]?.trim();
  const place = before === undefined ? 'after what stands there' : `before \`${before}\``;
  return { text: [...lines.slice(0, at), hookLine(hook).trimEnd(), ...lines.slice(at), ''].join('\n'), place };
}

/** Behind the comments at the top, and behind the line with which a hook of husky 8 loads husky. */
function firstCommand(lines: readonly string[]): number {
  const at = lines.findIndex((line) => line.trim() !== '' && !/^\s*#|\/husky\.sh"?\s*$/.test(line));
  return at < 0 ? lines.length : at;
}

/** Nothing runs behind an `exit` or an `exec` that ends the hook. */
function afterLastCommand(lines: readonly string[]): number {
  const last = lines.findLastIndex((line) => line.trim() !== '' && !/^\s*#/.test(line));
  return last >= 0 && /^(?:exec\s+[^<>&\s]|exit\b)/.test(lines[last]!) ? last : lines.length;
}

/** What the reader of a failed hook is told to do. */
export interface Remedy {
  /** As in "npm install". */
  readonly install: string;
}

/** The file `repolicy` beside the hooks: it finds Node and the engine on machines that are not set up as one would wish. */
export const helperText = ({
  install,
}: Remedy): string => `# Has repolicy judge what is about to enter this repository. Every hook beside this file reads it.
# Written by \`repolicy init\`. Git itself never runs it: no hook has this name.

judge() (
  unset NODE_OPTIONS NODE_EXTRA_CA_CERTS # a debugger or a certificate store would only slow this down
  engine=\${0%/*}/../node_modules/repolicy/dist/bin.cjs
  node=node
  if [ ! -f "$engine" ] || ! command -v node >/dev/null; then
    common=$(git rev-parse --git-common-dir)
    # A linked work tree borrows the packages of the main one. Without a package.json, \`repolicy init\` left a note.
    noted=$(cat "$common/repolicy/engine" 2>/dev/null)
    for place in "$common/../$engine" "$noted"; do
      [ -f "$engine" ] || engine=$place
    done
    [ -f "$engine" ] || cannot 'repolicy is not installed here. Run \`${install}\`, then try again.'
    # A desktop program may start Git without the PATH of a terminal. The last of these that exists is taken.
    noted=$(cat "$common/repolicy/node" 2>/dev/null)
    command -v node >/dev/null || for place in /usr/local/bin/node /opt/homebrew/bin/node \\
      "$HOME/.local/share/mise/shims/node" "$HOME/.volta/bin/node" "$HOME"/.nvm/versions/node/*/bin/node "$noted"; do
      [ -x "$place" ] && node=$place
    done
    command -v "$node" >/dev/null || cannot 'Node.js was not found. Commit once from a terminal: its Node.js is then remembered.'
  fi
  exec "$node" "$engine" hook "\${0##*/}" "$@"
)

cannot() {
  echo "Nothing was judged: $1" >&2
  exit 1
}

if [ "\${0##*/}" = pre-push ]; then
  # Git lists what is pushed on standard input: the rest of the hook gets the same list.
  pushed=$(cat)
  judge "$@" <<list || exit
$pushed
list
  exec <<list
$pushed
list
else
  judge "$@" || exit
fi
`;
