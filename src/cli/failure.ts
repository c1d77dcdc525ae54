import type { RepoError } from '../repo/git.ts';
import { visible } from '../report/escape.ts';
import { EXIT, type ExitCode, type UsageError } from './exit.ts';
import { VERSION } from './version.ts';

const HOME = 'https://github.com/repolicy/repolicy/issues';

/** Says on standard error why a command could not do its work, and which exit code that is. */
export function failed(error: unknown, verbose: boolean): ExitCode {
  if (isNamed<UsageError>(error, 'UsageError')) return say(error.message, EXIT.usage);
  if (isNamed<RepoError>(error, 'RepoError')) return say(error.message, USAGE.has(error.kind) ? EXIT.usage : EXIT.notJudged);
  const reason = error instanceof Error ? error.message : String(error);
  const trace = verbose && error instanceof Error ? `\n${error.stack}` : '';
  const hint = verbose ? '' : ' Run it again with --verbose for the trace.';
  return say(`repolicy ${VERSION} crashed: ${reason}\nThis is a fault of repolicy, not of your change. Please report it at ${HOME}.${hint}${trace}`, EXIT.crash);
}

/** What the caller can mend by calling differently; everything else could not be judged. */
const USAGE: ReadonlySet<string> = new Set(['not-a-repository', 'bare', 'unknown-revision', 'no-such-path', 'no-commits', 'unrelated']);

/** By name, not by class: the bundle for hooks has classes of its own. */
const isNamed = <E extends Error>(error: unknown, name: E['name']): error is E => error instanceof Error && error.name === name;

function say(message: string, code: ExitCode): ExitCode {
  process.stderr.write(`${message.split('\n').map(visible).join('\n')}\n`);
  return code;
}
