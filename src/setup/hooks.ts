/**
 * The hooks that see everything that can enter a repository from a developer's machine. `git am` has two of its own;
 * prepare-commit-msg stamps and judges where the policy asks for it, and does nothing elsewhere.
 */
export const HOOKS = [
  'pre-commit',
  'pre-merge-commit',
  'prepare-commit-msg',
  'commit-msg',
  'applypatch-msg',
  'pre-applypatch',
  'pre-push',
] as const;
/** They stop nothing, and say what no other hook could: what a checkout, a merge or a rebase has brought. */
export const TELLING = ['post-checkout', 'post-merge', 'post-rewrite'] as const;
export type Hook = (typeof HOOKS)[number] | (typeof TELLING)[number];

/** What each of them does, in words. */
export const DOES: Record<Hook, string> = {
  'pre-commit': 'judges what is staged',
  'pre-merge-commit': 'judges what a merge brings in',
  'prepare-commit-msg': 'stamps what was judged, where the policy asks for it',
  'commit-msg': 'judges the commit message',
  'applypatch-msg': 'judges the message of a patch',
  'pre-applypatch': 'judges what a patch brings in',
  'pre-push': 'judges every commit that the remote does not have',
  'post-checkout': 'tells when the policy is another one',
  'post-merge': 'tells what a merge has brought in',
  'post-rewrite': 'tells what a rebase has brought in',
};

/** A hook of our own: one line, the same in every hook but for its comment. */
export const hookLine = (hook: Hook): string => `. "\${0%/*}/repolicy" # ${DOES[hook]}\n`;

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

/** A hook without our lines; undefined where nothing else is left of it. */
export function leaveHook(text: string): string | undefined {
  const kept = text.split('\n').filter((line) => !OWN_LINE.test(line));
  return kept.every((line) => /^\s*(?:#!.*)?$/.test(line)) ? undefined : kept.join('\n');
}

/** `hookLine`, of whichever hook. */
const OWN_LINE = /^\. "\$\{0%\/\*\}\/repolicy" # (?:judges|stamps|tells) /;

/** What the helper beside the hooks must know of the repository. */
export interface Helped {
  /** What the reader of a failed hook is told to run, as in "npm install". */
  readonly install: string;
  /** From the folder of hooks to the folder of the package that brings repolicy along: "..". */
  readonly up: string;
}

/** The file `repolicy` beside the hooks: it finds Node and the engine on machines that are not set up as one would wish. */
export const helperText = ({
  install,
  up,
}: Helped): string => `# Has repolicy judge what is about to enter this repository. Every hook beside this file reads it.
# Written by \`repolicy init\`. Git itself never runs it: no hook has this name.

judge() (
  unset NODE_OPTIONS NODE_EXTRA_CA_CERTS # a debugger or a certificate store would only slow this down
  git=\${GIT_DIR:-.git}
  # A linked work tree shares the notes, and borrows the packages, of the main one.
  if [ -f "$git/commondir" ]; then
    IFS= read -r main <"$git/commondir"
    case $main in /*) git=$main ;; *) git=$git/$main ;; esac
  fi
  packages=\${0%/*}/${up}/node_modules
  for engine in "$packages/repolicy/dist/bin.cjs" "$git/../$packages/repolicy/dist/bin.cjs" "$(noted engine)"; do
    if [ -f "$engine" ]; then break; fi
  done
  if [ ! -f "$engine" ]; then cannot 'repolicy is not installed here. Run \`${install}\`, then try again.'; fi
  node=
  # A desktop program may start Git without the PATH of a terminal. The last of these that exists is taken.
  for place in /usr/bin/node /usr/local/bin/node /opt/homebrew/bin/node "$HOME/.asdf/shims/node" "$HOME/.volta/bin/node" \\
    "$HOME/.local/share/mise/shims/node" "$HOME/.local/share/fnm/aliases/default/bin/node" \\
    "\${NVM_DIR:-$HOME/.nvm}"/versions/node/*/bin/node "$(command -v node)" "$(noted node)"; do
    if [ -x "$place" ]; then node=$place; fi
  done
  if [ -z "$node" ]; then cannot 'Node.js was not found. Run \`npx repolicy init\` in a terminal: its Node.js is then remembered.'; fi
  exec "$node" "$engine" hook "\${0##*/}" "$@"
)

noted() { if [ -f "$git/repolicy/$1" ]; then IFS= read -r note <"$git/repolicy/$1" && printf '%s' "$note"; fi; }

cannot() {
  # Another hook says so and stops the commit; these run under --no-verify, in a rebase, or when all is done.
  case \${0##*/} in prepare-commit-msg | post-*) exit 0 ;; esac
  echo "Nothing was judged: $1" >&2
  exit 1
}

case \${0##*/} in
post-*)
  judge "$@" || : # what has happened already cannot be stopped
  ;;
pre-push)
  # Git lists what is pushed on standard input: the rest of the hook gets the same list.
  pushed=$(cat)
  judge "$@" <<list || exit
$pushed
list
  exec <<list
$pushed
list
  ;;
*) judge "$@" || exit ;;
esac
`;
