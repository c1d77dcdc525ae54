import { readCommands } from '../facts/shell.ts';

/**
 * The part of a shell command that would step around the hooks of a repository, as a person would name it: "git commit
 * --no-verify". Undefined where there is none. It is there to stop an honest mistake: whoever wants to can hide from it.
 */
export function bypass(script: string, depth = 0): string | undefined {
  for (const { words } of readCommands(script)) {
    const found = inCommand(words, depth);
    if (found) return found;
  }
  return undefined;
}

const SETTING = /^[A-Za-z_]\w*=/;
const SHELLS = /^(?:.*\/)?(?:sh|bash|dash|zsh|ash)$/;
/** They run the command that follows them. */
const PREFIXES = new Set(['command', 'exec', 'env', 'nohup', 'time', 'sudo', 'export', 'builtin']);

function inCommand(given: readonly string[], depth: number): string | undefined {
  let words = given;
  while (words.length > 0 && (SETTING.test(words[0]!) || PREFIXES.has(words[0]!))) {
    if (turnsOff(words[0]!)) return words[0];
    words = words.slice(1);
  }
  const [program = '', ...args] = words;
  if (SHELLS.test(program)) {
    const at = args.findIndex((arg) => /^-[a-z]*c$/.test(arg));
    const script = at < 0 ? undefined : args[at + 1];
    return script !== undefined && depth < DEEPEST ? bypass(script, depth + 1) : undefined;
  }
  if (program === 'eval') return depth < DEEPEST ? bypass(args.join(' '), depth + 1) : undefined;
  if (/^(?:rm|unlink|mv|chmod|truncate)$/.test(program)) {
    const hooks = args.find((arg) => HOOKS_FOLDER.test(arg));
    return hooks && `${program} ${hooks}`;
  }
  return /^(?:.*\/)?git$/.test(program) ? inGit(args) : undefined;
}

const DEEPEST = 4;
const HOOKS_FOLDER = /(?:^|\/)(?:\.husky|\.githooks|\.git\/hooks)(?:\/|$)/;

/** A variable that tells a hook manager, or Git, to leave the hooks out. */
function turnsOff(setting: string): boolean {
  const at = setting.indexOf('=');
  const [name, value] = [setting.slice(0, at), setting.slice(at + 1)];
  if (name === 'HUSKY' || name === 'LEFTHOOK') return value === '0' || value === 'false';
  if (name === 'HUSKY_SKIP_HOOKS' || name === 'SKIP_SIMPLE_GIT_HOOKS') return value !== '0' && value !== '';
  if (name === 'SKIP' || name === 'LEFTHOOK_EXCLUDE') return /\brepolicy\b/.test(value);
  return /^GIT_CONFIG_(?:KEY_\d+|PARAMETERS)$/.test(name) && HOOK_KEY.test(value);
}

const HOOK_KEY = /core\.hookspath|\bhook\.[^=\s]+\.(?:enabled|command|event)/i;

/** Options of git itself that take the next word. */
const GLOBAL = new Set(['-C', '--git-dir', '--work-tree', '--namespace', '--exec-path', '--super-prefix']);
const NO_VERIFY = /^--no-verif?y?$/;
/** Of `git commit`: short options that take the rest of their word, or the next one. */
const VALUED = 'mFCct';
const LONG_VALUED =
  /^--(?:message|file|reuse-message|reedit-message|template|author|date|cleanup|fixup|squash|trailer|pathspec-from-file)$/;

function inGit(args: readonly string[]): string | undefined {
  let at = 0;
  for (; at < args.length && args[at]!.startsWith('-'); at++) {
    const option = args[at]!;
    if (option === '-c' || option === '--config-env') {
      const setting = args[++at] ?? '';
      if (HOOK_KEY.test(setting)) return `git ${option} ${setting}`;
    } else if (/^--config-env=/.test(option) && HOOK_KEY.test(option)) return `git ${option}`;
    else if (GLOBAL.has(option)) at++;
  }
  const [command = '', ...rest] = args.slice(at);
  if (command === 'config') return inConfig(rest);
  if (!['commit', 'push', 'merge', 'pull', 'rebase', 'am'].includes(command)) return undefined;
  const short = command === 'commit' || command === 'am';
  for (let next = 0; next < rest.length; next++) {
    const word = rest[next]!;
    if (word === '--') break;
    if (NO_VERIFY.test(word)) return `git ${command} ${word}`;
    if (LONG_VALUED.test(word)) next++;
    if (!short || !/^-[A-Za-z]/.test(word)) continue;
    const letters = word.slice(1);
    const valued = [...letters].findIndex((letter) => VALUED.includes(letter));
    if ((valued < 0 ? letters : letters.slice(0, valued)).includes('n')) return `git ${command} ${word}`;
    if (valued === letters.length - 1) next++;
  }
  return undefined;
}

/** Reading is harmless, and so is the key alone. */
function inConfig(args: readonly string[]): string | undefined {
  const key = args.findIndex((arg) => HOOK_KEY.test(arg));
  if (key < 0) return undefined;
  const reads = args.some((arg) => /^(?:--get(?:-all|-regexp|-urlmatch)?|get|--list|-l|list)$/.test(arg));
  const writes =
    key < args.length - 1 ||
    args.some((arg) => /^(?:--unset(?:-all)?|unset|--remove-section|remove-section)$/.test(arg));
  return !reads && writes ? `git config ${args.join(' ')}` : undefined;
}
