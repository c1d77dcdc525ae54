import { readAllows, type Allow } from '../core/allow.ts';
import { attributeLines } from '../core/attributes.ts';
import type { ChangeSet } from '../core/change.ts';
import { quoted } from '../core/globs.ts';
import type { Snapshot } from '../core/snapshot.ts';
import type { Loosening } from './loosening.ts';

/** The allows that the change writes into comments, and that base's file did not have. */
export async function* addedAllows({ base, head, changes }: ChangeSet): AsyncIterable<Loosening> {
  for (const { path, from, after } of changes) {
    if (after?.kind !== 'file') continue;
    const before = new Map<string, number>();
    for (const allow of await allowsIn(base, from ?? path))
      before.set(wording(allow), (before.get(wording(allow)) ?? 0) + 1);
    for (const allow of await allowsIn(head, path)) {
      const left = before.get(wording(allow)) ?? 0;
      before.set(wording(allow), left - 1);
      if (left > 0 || allow.rules.length === 0 || allow.reason === '') continue;
      const what = `${allow.rules.join(', ')}${allow.scope === 'file' ? ' in the whole file' : ''}`;
      const until = allow.until ? ` until ${allow.until}` : '';
      const message = `Allows ${what}${until}, because: ${quoted(allow.reason)}.`;
      yield { message, about: `allow of ${what}`, at: { path, range: allow.range } };
    }
  }
}

async function allowsIn(snapshot: Snapshot, path: string): Promise<Allow[]> {
  const text = await snapshot.read(path);
  return text?.includes('repolicy-allow') ? readAllows(path, text) : [];
}

const wording = ({ rules, reason, until, scope }: Allow): string => [scope, until, reason, ...rules].join('\0');

/** Lines with which a change takes files out of judgement, or out of rules about what people write. */
export async function* addedAttributes({ base, head, changes, policies }: ChangeSet): AsyncIterable<Loosening> {
  const asked = policies?.base?.layers.some(({ rules }) =>
    Object.entries(rules).some(([id, { severity }]) => id.startsWith('content/') && severity !== 'off'),
  );
  for (const { path, after } of changes) {
    if (after?.kind !== 'file' || !/(?:^|\/)\.gitattributes$/.test(path)) continue;
    const before = new Set(attributeLines((await base.read(path)) ?? '').map(({ text }) => text));
    const text = (await head.read(path)) ?? '';
    for (const { text: line, at, off, generated, pattern } of attributeLines(text)) {
      if (before.has(line) || !(off || (generated && asked))) continue;
      const message = off
        ? `Takes ${quoted(pattern)} out of all judgement.`
        : `Takes ${quoted(pattern)} out of the rules about what people write.`;
      yield { message, about: `attribute of ${pattern}`, at: { path, range: [at, at + line.length] } };
    }
  }
}

const BASELINE = 'repolicy-baseline.json';

/** A baseline that accepts more than it did. */
export async function* grownBaseline({ base, head, changes }: ChangeSet): AsyncIterable<Loosening> {
  if (!changes.some(({ path, after }) => path === BASELINE && after)) return;
  const [before, after] = [await counts(base), await counts(head)];
  let more = 0;
  for (const [fingerprint, count] of after) more += Math.max(0, count - (before.get(fingerprint) ?? 0));
  if (more === 0) return;
  const message = `Accepts ${more} more ${more === 1 ? 'finding' : 'findings'} in the baseline.`;
  yield { message, about: 'baseline', at: { path: BASELINE } };
}

/** Fingerprint to count; nothing where the file is no baseline: reading it for a verdict says so. */
async function counts(snapshot: Snapshot): Promise<Map<string, number>> {
  try {
    const { findings } = JSON.parse((await snapshot.read(BASELINE)) ?? '') as {
      findings: { fingerprint: string; count: number }[];
    };
    return new Map(findings.map(({ fingerprint, count }) => [fingerprint, count]));
  } catch {
    return new Map();
  }
}
