import { spawnSync } from 'node:child_process';

/** An environment in which neither the caller's Node flags nor its Git settings are measured. */
export function cleanEnvironment() {
  const env = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^GIT_|^NODE_OPTIONS$|^NODE_EXTRA_CA_CERTS$/.test(name)),
  );
  return { ...env, GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1' };
}

/**
 * Runs every command once in each round, one after the other, so that a slow moment of the machine meets all alike.
 * Gives each command's median in milliseconds.
 */
export function interleaved(commands, rounds) {
  const env = cleanEnvironment();
  const times = commands.map(() => []);
  for (let round = -1; round < rounds; round++) {
    commands.forEach(({ run: [file, ...args], cwd, accept = [0] }, i) => {
      const started = process.hrtime.bigint();
      const { status, stderr } = spawnSync(file, args, { cwd, env, stdio: ['ignore', 'ignore', 'pipe'] });
      const took = Number(process.hrtime.bigint() - started) / 1e6;
      if (!accept.includes(status)) throw new Error(`${file} ${args.join(' ')} ended with ${status}: ${stderr}`);
      if (round >= 0) times[i].push(took);
    });
  }
  return times.map(median);
}

const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
