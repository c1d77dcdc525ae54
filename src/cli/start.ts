import type { ExitCode } from './exit.ts';

/** Runs a command, sets the exit code, and lets the process end by itself, so that nothing written is cut off. */
export async function start(work: () => Promise<ExitCode>, verbose: boolean): Promise<void> {
  // A reader that has seen enough (`| head`) is no crash.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(process.exitCode ?? 0);
    throw error;
  });
  try {
    process.exitCode = await work();
  } catch (error) {
    const { failed } = await import('./failure.ts');
    process.exitCode = failed(error, verbose);
  }
}
