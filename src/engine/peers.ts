import type { Allow } from '../core/allow.ts';
import type { Range } from '../core/finding.ts';
import { coveredLines, startsOn, type Covering } from './markers.ts';

/** Other tools' markers that already stand in a repository: honoured, and shown as allowed. */
export function* peerAllows(
  path: string,
  text: string,
  rules: ReadonlyMap<string, readonly string[]>,
): Iterable<Covering> {
  for (const { index, 0: marker } of text.matchAll(OWN_LINE)) {
    yield covering(path, text, [index, index + marker.length], SECRETS, marker, 'own');
  }
  for (const { index, 0: marker } of text.matchAll(NEXT_LINE)) {
    yield covering(path, text, [index, index + marker.length], SECRETS, marker, 'next');
  }
  for (const { index, 0: marker } of text.matchAll(/secretlint-disable(?![\w-])/g)) {
    const end = text.indexOf('secretlint-enable', index);
    yield covering(path, text, [index, index + marker.length], SECRETS, marker, [index, end < 0 ? text.length : end]);
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

const SECRETS = ['secrets/*'];
/** gitleaks', betterleaks', detect-secrets' and secretlint's words for the line on which they stand, and for the next. */
const OWN_LINE = /(?:gitleaks|betterleaks):allow|pragma: ?(?:allow|white)list secret|secretlint-disable-line/g;
const NEXT_LINE = /pragma: ?allowlist nextline secret|secretlint-disable-next-line/g;

/** What a .gitleaksignore lets through: "path:rule:line", or "commit:path:rule:line". Their rules have other names than ours. */
export async function* ignoredByGitleaks(
  listed: string,
  read: (path: string) => Promise<string | undefined>,
): AsyncIterable<Covering> {
  for (const [entry] of listed.matchAll(/^[^#\s].*$/gm)) {
    const [, commit, path, number] = /^(?:([0-9a-f]{40,64}):)?(.+):[\w.-]+:(\d+)$/.exec(entry.trim()) ?? [];
    const text = path === undefined ? undefined : await read(path);
    if (path === undefined || text === undefined) continue;
    const line = lineOf(text, Number(number));
    if (!line) continue;
    yield {
      allow: {
        rules: SECRETS,
        reason: `.gitleaksignore: ${entry.trim()}`,
        path: '.gitleaksignore',
        range: [0, 0],
        scope: 'peer',
      },
      covers: ({ at }) =>
        at.path === path &&
        (commit === undefined || at.commit === commit) &&
        at.range !== undefined &&
        startsOn(line, at.range),
    };
  }
}

function lineOf(text: string, number: number): Range | undefined {
  let start = 0;
  for (let line = 1; line < number; line++) {
    const end = text.indexOf('\n', start);
    if (end < 0) return undefined;
    start = end + 1;
  }
  const end = text.indexOf('\n', start);
  return [start, end < 0 ? text.length : end];
}

function covering(
  path: string,
  text: string,
  range: readonly [number, number],
  rules: readonly string[],
  reason: string,
  reach: 'own' | 'next' | 'file' | Range,
): Covering {
  const allow: Allow = { rules, reason, path, range, scope: 'peer' };
  const lines = coveredLines(text, range).slice(0, reach === 'own' ? 1 : 2);
  return {
    allow,
    covers: ({ at, within }) =>
      at.path === path &&
      (reach === 'file' ||
        (Array.isArray(reach) && at.range !== undefined && at.range[0] >= reach[0] && at.range[0] <= reach[1]) ||
        [at.range, within].some((place) => place && lines.some((line) => startsOn(line, place)))),
  };
}
