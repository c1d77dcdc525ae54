import type { ChangeSet } from '../core/change.ts';
import type { Edit, Finding, Fix } from '../core/finding.ts';
import type { Snapshot } from '../core/snapshot.ts';

export interface Fixed {
  /** Path to new text, for the files that changed. */
  readonly texts: ReadonlyMap<string, string>;
  /** How many fixes went in. */
  readonly applied: number;
  /** What is left once they are in. */
  readonly left: readonly Finding[];
}

const PASSES = 10;

/**
 * Applies fixes until none is left to apply, judging anew after each pass: overlapping ones wait for the next.
 * A pass that breaks a file's syntax, or leaves the finding it was for, is taken back for that file.
 */
export async function fixAll(
  change: ChangeSet,
  judgeAgain: (change: ChangeSet) => Promise<readonly Finding[]>,
  mayEdit: (path: string) => boolean = () => true,
): Promise<Fixed> {
  const texts = new Map<string, string>();
  const refused = new Set<string>();
  let applied = 0;
  let findings = await judgeAgain(change);
  for (let pass = 0; pass < PASSES; pass++) {
    const chosen = choose(findings, (path) => mayEdit(path) && !refused.has(path));
    if (chosen.length === 0) break;
    const before = new Map(texts);
    for (const [path, edits] of editsByPath(chosen)) {
      const text = texts.get(path) ?? (await change.head.read(path));
      if (text !== undefined) texts.set(path, applyEdits(text, edits));
    }
    const after = await judgeAgain(overlay(change, texts));
    const broken = brokenFiles(chosen, findings, after);
    for (const path of broken) {
      refused.add(path);
      const old = before.get(path);
      if (old === undefined) texts.delete(path);
      else texts.set(path, old);
    }
    applied += chosen.filter(({ fix }) => !fix.edits.some(({ path }) => broken.has(path))).length;
    findings = broken.size > 0 ? await judgeAgain(overlay(change, texts)) : after;
  }
  return { texts, applied, left: findings };
}

type Fixable = Finding & { readonly fix: Fix };

/** Reported findings whose fixes do not overlap, in reading order. */
function choose(findings: readonly Finding[], mayEdit: (path: string) => boolean): Fixable[] {
  const taken: Edit[] = [];
  return findings.filter((finding): finding is Fixable => {
    const { fix, status } = finding;
    if (!fix || status !== 'reported' || !fix.edits.every(({ path }) => mayEdit(path))) return false;
    if (fix.edits.some((edit) => taken.some((other) => overlap(edit, other)))) return false;
    taken.push(...fix.edits);
    return true;
  });
}

/** Touching counts, and so do two insertions at one place: their order would be chance. */
const overlap = (a: Edit, b: Edit): boolean =>
  a.path === b.path && a.range[0] <= b.range[1] && b.range[0] <= a.range[1];

function editsByPath(findings: readonly Fixable[]): Map<string, Edit[]> {
  const edits = new Map<string, Edit[]>();
  for (const edit of findings.flatMap(({ fix }) => fix.edits)) edits.set(edit.path, [...(edits.get(edit.path) ?? []), edit]);
  return edits;
}

export function applyEdits(text: string, edits: readonly Edit[]): string {
  let result = text;
  for (const { range, text: replacement } of [...edits].sort((a, b) => b.range[0] - a.range[0])) {
    result = result.slice(0, range[0]) + replacement + result.slice(range[1]);
  }
  return result;
}

/** Files in which fixes made a syntax error, or did not take away the finding they were for. */
function brokenFiles(chosen: readonly Fixable[], before: readonly Finding[], after: readonly Finding[]): Set<string> {
  const count = (findings: readonly Finding[], is: (finding: Finding) => boolean) => findings.filter(is).length;
  const broken = new Set<string>();
  for (const { fix, fingerprint } of chosen) {
    const same = (finding: Finding) => finding.fingerprint === fingerprint;
    for (const { path } of fix.edits) {
      const unparsed = ({ rule, at }: Finding) => rule.endsWith('/syntax-error') && at.path === path;
      if (count(after, same) >= count(before, same) || count(after, unparsed) > count(before, unparsed)) broken.add(path);
    }
  }
  return broken;
}

/** The same change, with other texts in head. */
export function overlay(change: ChangeSet, texts: ReadonlyMap<string, string>): ChangeSet {
  const { head } = change;
  const snapshot: Snapshot = {
    ...head,
    read: async (path) => texts.get(path) ?? head.read(path),
    content: async (path) => {
      const text = texts.get(path);
      return text === undefined ? head.content(path) : { kind: 'text', text, encoding: 'utf-8', size: Buffer.byteLength(text) };
    },
  };
  return { ...change, head: snapshot };
}
