import { credentialsRoom } from './formats.mjs';

// How long one format takes on a megabyte that is almost its own, again and again: `node test/bench/hostile.mjs [format]`
const { matcher, formats } = await credentialsRoom();
const MEGABYTE = 1 << 20;
const LIMIT = 50;
const fill = (part) => part.repeat(Math.ceil(MEGABYTE / part.length)).slice(0, MEGABYTE);

/** Names, operators, quotes and lines without an end, around each keyword and around all but the end of a made one. */
export function* hostile({ keywords, sample }) {
  const made = sample().replace(/[«»]/g, '');
  for (const word of keywords.slice(0, 3)) {
    const almost = made.slice(0, Math.max(word.length, made.length - 1));
    yield* [word, `${word} `, `${word}\n`, `${word}=`, `"${word}": "`, `${word}='a1B2c3D4`, `${word}:/`].map(fill);
    yield* [`${almost}-`, `${almost}\n`, `${made}`, `${made} `, `${made}\n`].map(fill);
    for (const run of ['a', 'A1', '-_', '\\n', '/', '@', ':', '=', ' ', '\n ']) yield word + fill(run);
    for (const run of ['a', 'a.', '1']) yield fill(`${run.repeat(59)}${word}`);
  }
}

const rows = [];
for (const format of formats) {
  if (process.argv[2] && format.id !== process.argv[2]) continue;
  const match = matcher([format]);
  let [worst, shape] = [0, ''];
  for (const text of hostile(format)) {
    let took = Infinity;
    for (let round = 0; round < 2 && took > LIMIT / 2; round++) {
      const begun = performance.now();
      match(text, 'settings');
      took = Math.min(took, performance.now() - begun);
      if (process.env.SHOW && took > LIMIT) console.log(took.toFixed(0), JSON.stringify(text.slice(0, 70)));
    }
    if (took > worst) [worst, shape] = [took, text.slice(0, 60)];
  }
  rows.push({ id: format.id, worst, shape });
}
rows.sort((a, b) => b.worst - a.worst);
for (const { id, worst, shape } of rows.slice(0, 25)) {
  console.log(`${worst.toFixed(0).padStart(6)} ms  ${id.padEnd(28)} ${JSON.stringify(shape).slice(0, 90)}`);
}
const over = rows.filter(({ worst }) => worst > LIMIT);
console.log(`${rows.length} formats; ${over.length} take more than ${LIMIT} ms on a megabyte.`);
