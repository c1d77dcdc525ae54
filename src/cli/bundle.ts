/** What the one bundle holds: the library, the command line, and what the bundle for hooks asks for. */
export * from '../index.ts';
export { main } from './main.ts';
export { failed } from './failure.ts';
export { DEFAULT_FLAGS } from './flags.ts';
export { afterCheckout, afterwards } from './notices.ts';
export { prepare, stampWritten } from './stamp.ts';
export { judgeAndReport, storeIn, TEXT } from './verdict.ts';
