import { spawnSync } from 'node:child_process';

/** What `git commit` tells its hooks about the author. */
export const HOOK = {
  GIT_AUTHOR_NAME: 'Bench',
  GIT_AUTHOR_EMAIL: 'bench@example.com',
  GIT_AUTHOR_DATE: '@1767225600 +0000',
};

/** An environment in which neither the caller's Node flags nor its Git settings are measured. */
export function cleanEnvironment() {
  const env = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^GIT_|^NODE_OPTIONS$|^NODE_EXTRA_CA_CERTS$/.test(name)),
  );
  return { ...env, GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1' };
}

/**
 * Runs every command once in each round, one after the other, so that a slow moment of the machine meets all alike.
 * The round before the first one is not counted: it fills caches. Gives each command's median in milliseconds, and the half of
 * its runs around that as a part of it.
 */
export function interleaved(commands, rounds) {
  const env = cleanEnvironment();
  const times = commands.map(() => []);
  for (let round = -1; round < rounds; round++) {
    commands.forEach(({ run: [file, ...args], cwd, accept = [0], env: more }, i) => {
      const started = process.hrtime.bigint();
      const { status, stderr } = spawnSync(file, args, {
        cwd,
        env: { ...env, ...more },
        stdio: ['ignore', 'ignore', 'pipe'],
        maxBuffer: 1e9,
      });
      const took = Number(process.hrtime.bigint() - started) / 1e6;
      if (!accept.includes(status)) throw new Error(`${file} ${args.join(' ')} ended with ${status}: ${stderr}`);
      if (round >= 0) times[i].push(took);
    });
  }
  return times.map((values) => {
    const sorted = [...values].sort((a, b) => a - b);
    const at = (part) => sorted[Math.min(Math.floor(sorted.length * part), sorted.length - 1)];
    return { median: at(0.5), spread: (at(0.75) - at(0.25)) / at(0.5) };
  });
}
