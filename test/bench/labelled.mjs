import { credentialsRoom } from './formats.mjs';

// Recall and false alarms on a labelled set that code makes: `node test/bench/labelled.mjs [seed] [--missed]`
const { matcher, formats, fileKind, labelledCases } = await credentialsRoom();
const match = matcher(formats);
const seed = Number(process.argv[2] ?? 2026) || 2026;
const cases = labelledCases(seed, { provider: 10, generic: 800, harmless: 50 });

const counts = new Map();
const missed = [];
for (const one of cases) {
  const found = match(one.text, fileKind(one.path));
  const at = one.secret === undefined ? -1 : one.text.indexOf(one.secret);
  const hits =
    one.secret === undefined ? found : found.filter(({ start, end }) => start < at + one.secret.length && end > at);
  const row = counts.get(one.label) ?? { cases: 0, sure: 0, any: 0 };
  row.cases++;
  if (hits.some(({ unsure }) => !unsure)) row.sure++;
  if (hits.length > 0) row.any++;
  counts.set(one.label, row);
  const right = one.label === 'none' ? !hits.some(({ unsure }) => !unsure) : hits.some(({ unsure }) => !unsure);
  if (!right) missed.push(`${one.label}: ${one.about}${one.label === 'none' ? ` (${hits[0].format.id})` : ''}`);
}
const share = (part, whole) => (part / whole).toFixed(3);
for (const [label, { cases: all, sure, any }] of counts) {
  const words = label === 'none' ? 'false alarms' : 'recall';
  console.log(
    `${label.padEnd(9)} ${String(all).padStart(5)} cases; ${words}: ${share(sure, all)} as recommended, ${share(any, all)} in strict`,
  );
}
if (process.argv.includes('--missed')) {
  const tally = new Map();
  for (const line of missed) tally.set(line, (tally.get(line) ?? 0) + 1);
  for (const [line, count] of [...tally].sort((a, b) => b[1] - a[1]).slice(0, 80)) console.log(`${count} ${line}`);
}
