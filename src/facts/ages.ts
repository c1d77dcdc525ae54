import type { Change, ChangeSet } from '../core/change.ts';
import type { Notice } from '../core/notice.ts';
import { capturedDay } from './dates.ts';
import { capturing } from './paths.ts';

export interface Age {
  readonly path: string;
  /** The day in its name, or that of its first commit; undefined for a date that no calendar has. */
  readonly day: Date | undefined;
}

const DATES = /\{(date|yyyymmdd)\}/g;
const SHAPES = new Map([
  ['date', /^\d{4}-\d\d-\d\d$/],
  ['yyyymmdd', /^\d{8}$/],
]);
// The templates with their dates left open: a list stays the same object for the whole of a run.
const opened = new WeakMap<readonly string[], readonly string[]>();

/** The age of every touched document of these templates. What has no commit yet has no age, and is left out. */
export async function* agesOf(change: ChangeSet, files: readonly string[]): AsyncIterable<Age | Notice> {
  const { changes, head } = change;
  const captured = await capturing(files, head.declared);
  const open = opened.get(files) ?? files.map((file) => file.replace(DATES, '{any_$1}'));
  opened.set(files, open);
  const anyDate = await capturing(open, head.declared);
  const undated: Change[] = [];
  for (const one of changes) {
    if (one.kind === 'deleted') continue;
    const captures = captured(one.path);
    if (captures) {
      const day = capturedDay(captures);
      if (day) yield { path: one.path, day };
      else undated.push(one);
      continue;
    }
    const written = [...(anyDate(one.path) ?? [])].filter(([name]) => name.startsWith('any_'));
    if (written.length > 0 && written.every(([name, text]) => SHAPES.get(name.slice(4))!.test(text)))
      yield { path: one.path, day: undefined };
  }
  if (undated.length > 0) yield* byHistory(change, undated);
}

async function* byHistory(set: ChangeSet, changes: readonly Change[]): AsyncIterable<Age | Notice> {
  const { history, commits, identity } = set;
  // What a change adds is new. In an audit everything is added, and only the history knows.
  const audit = commits.length === 0 && !identity;
  const old = changes.filter(({ kind }) => audit || kind !== 'added');
  if (old.length === 0) return;
  if (!history) {
    const message = `How old ${old[0]!.path} is cannot be told: this clone has no history that reaches back.`;
    yield { notice: 'not-judged', message, path: old[0]!.path, needed: true };
    return;
  }
  const first = new Map<string, Date>();
  for (const commit of await history(old.map(({ path }) => path))) {
    for (const { path } of commit.changes) first.set(path, commit.date);
  }
  for (const { path } of old) {
    const day = first.get(path);
    if (day) yield { path, day };
  }
}
