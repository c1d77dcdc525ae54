import { start } from './start.ts';

/** The command line: one file a command, each loaded when it is asked for. */
export function main(argv: readonly string[]): Promise<void> {
  return start(async () => {
    if (argv[0] === 'hook') return (await import('./hook.ts')).hook(argv.slice(1), process.cwd());
    return (await import('./program.ts')).parse(argv);
  }, argv.includes('--verbose'));
}
