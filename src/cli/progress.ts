/** One line on a terminal's standard error that says how far the work has come. Elsewhere it is silent. */
export interface Progress {
  say(done: number, words: string): void;
  /** Takes the line away. */
  clear(): void;
}

const WIDTH = 24;
const EVERY = 100;

/** `total`: what `done` will come to, once somebody knows. */
export function progress(total: Promise<number | undefined>, stream: NodeJS.WriteStream = process.stderr): Progress {
  if (!stream.isTTY) return { say() {}, clear() {} };
  let all: number | undefined;
  total.then(
    (known) => (all = known),
    () => {},
  );
  let last = 0;
  return {
    say(done, words) {
      const now = performance.now();
      if (now - last < EVERY) return;
      last = now;
      const share = all ? Math.min(1, done / all) : 0;
      const full = Math.round(share * WIDTH);
      const bar = all ? `${'█'.repeat(full)}${'░'.repeat(WIDTH - full)} ${Math.floor(share * 100)} %  ` : '';
      stream.write(`\r\u001b[K${bar}${words}`.slice(0, (stream.columns ?? 80) + 3));
    },
    clear: () => void stream.write('\r\u001b[K'),
  };
}
