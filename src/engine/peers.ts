import type { Allow } from '../core/allow.ts';
import { coveredLines, startsOn, type Covering } from './markers.ts';

/** Other tools' markers that already stand in a repository: honoured, and shown as allowed. */
export function* peerAllows(path: string, text: string, rules: ReadonlyMap<string, readonly string[]>): Iterable<Covering> {
  for (const { index } of text.matchAll(/gitleaks:allow/g)) {
    yield covering(path, text, [index, index + 14], ['secrets/*'], 'gitleaks:allow', 'own');
  }
  for (const match of text.matchAll(/--[ \t]*squawk-ignore(-file)?[ \t]+([\w-]+(?:[ \t]*,[ \t]*[\w-]+)*)/g)) {
    const [marker, wide, names = ''] = match;
    const theirs = names.split(/[ \t]*,[ \t]*/).map((name) => `squawk/${name}`);
    const ours = [...rules].flatMap(([id, sources]) => (sources.some((source) => theirs.includes(source)) ? [id] : []));
    if (ours.length === 0) continue;
    const scope = wide ? 'file' : 'next';
    yield covering(path, text, [match.index, match.index + marker.length], ours, marker.replace(/^--\s*/, ''), scope);
  }
}

function covering(
  path: string,
  text: string,
  range: readonly [number, number],
  rules: readonly string[],
  reason: string,
  reach: 'own' | 'next' | 'file',
): Covering {
  const allow: Allow = { rules, reason, path, range, scope: 'peer' };
  const lines = coveredLines(text, range).slice(0, reach === 'own' ? 1 : 2);
  return {
    allow,
    covers: ({ at, within }) =>
      at.path === path &&
      (reach === 'file' ||
        [at.range, within].some((place) => place && lines.some((line) => startsOn(line, place)))),
  };
}
