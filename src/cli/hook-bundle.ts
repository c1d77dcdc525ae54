import { hook } from './hook.ts';
import { start } from './start.ts';

/** The start of `repolicy hook`, in a bundle of its own: what reads Git, and nothing of what judges. */
export const main = (argv: readonly string[]): Promise<void> => start(() => hook(argv.slice(1), process.cwd()), false);
