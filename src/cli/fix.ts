import type { ChangeSet } from '../core/change.ts';
import { fixAll } from '../engine/fix.ts';
import { judge, type Terms, type Verdict } from '../engine/judge.ts';
import type { JudgingFlags } from './flags.ts';
import type { Setting } from './verdict.ts';

/** Applies the fixes, or shows them as a diff, and gives the verdict on what is then there. */
export async function fix(change: ChangeSet, terms: Terms, before: Verdict, flags: JudgingFlags, setting: Setting): Promise<Verdict> {
  const editable = await editablePaths(change, before, setting, flags.fixDryRun === true);
  let last = before;
  const judgeAgain = async (changed: ChangeSet) => {
    last = changed === change ? before : await judge(changed, terms);
    return last.findings;
  };
  const { texts, applied } = await fixAll(change, judgeAgain, (path) => editable.has(path));
  if (flags.fixDryRun) {
    const { createTwoFilesPatch } = await import('diff');
    for (const [path, text] of texts) {
      const old = (await change.head.read(path)) ?? '';
      process.stdout.write(createTwoFilesPatch(`a/${path}`, `b/${path}`, old, text, undefined, undefined, { context: 3 }));
    }
    process.stderr.write(`${count(applied, 'fix', 'fixes')} in ${count(texts.size, 'file', 'files')} would be applied.\n`);
    return last;
  }
  for (const [path, text] of texts) {
    await setting.write?.(path, text);
    process.stderr.write(`Fixed ${JSON.stringify(path).slice(1, -1)}\n`);
  }
  const left = new Set(before.findings.flatMap(({ fix }) => (fix ? fix.edits.map(({ path }) => path) : [])).filter((path) => !editable.has(path)));
  for (const path of left) process.stderr.write(`Left alone: ${JSON.stringify(path).slice(1, -1)} is not on disk as it was judged.\n`);
  return last;
}

/** UTF-8 files that lie on disk as they were judged. */
async function editablePaths({ head }: ChangeSet, { findings }: Verdict, { write, mayEdit }: Setting, dryRun: boolean): Promise<Set<string>> {
  const editable = new Set<string>();
  if (!write && !dryRun) return editable;
  for (const path of new Set(findings.flatMap(({ fix }) => fix?.edits.map((edit) => edit.path) ?? []))) {
    const content = await head.content(path);
    if (content.kind === 'text' && content.encoding === 'utf-8' && ((await mayEdit?.(path)) ?? true)) editable.add(path);
  }
  return editable;
}

const count = (n: number, one: string, many: string): string => `${n} ${n === 1 ? one : many}`;
