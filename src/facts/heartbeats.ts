import type { ChangeSet } from '../core/change.ts';
import type { Range } from '../core/finding.ts';
import type { Notice } from '../core/notice.ts';
import { unread } from './files.ts';
import { isDateTime } from './dates.ts';
import { authorsOf, identitiesOf } from './identities.ts';
import { readJsonLines } from './json-lines.ts';
import { capturing } from './paths.ts';

export interface HeartbeatForm {
  readonly files: readonly string[];
  readonly doing: readonly string[];
  readonly done: readonly string[];
  readonly fields: { readonly task: string; readonly status: string; readonly time: string };
  readonly exempt?: { readonly field: string; readonly atMost: number } | undefined;
}

/** The last beat of a task that is being done, or a line that is no beat. */
export interface Heartbeat {
  readonly path: string;
  readonly range: Range;
  readonly task: string;
  readonly last: Date;
  /** The task is short enough to need no further beats. */
  readonly exempt: boolean;
  /** What is wrong with the line; then nothing else holds. */
  readonly problem?: string;
}

/** Of the change's authors, where templates name an {identity}; of everybody in an audit. */
export async function* heartbeats(change: ChangeSet, form: HeartbeatForm): AsyncIterable<Heartbeat | Notice> {
  if (form.files.length === 0) return;
  const { head } = change;
  const captured = await capturing(form.files, head.declared);
  const asked = authors(change);
  for (const path of await head.paths()) {
    const captures = captured(path);
    const who = captures?.get('identity');
    if (!captures || (asked && who !== undefined && !asked.has(who))) continue;
    const content = await head.content(path);
    if (content.kind === 'text') yield* beatsIn(path, content.text, form);
    else yield { ...unread(path, content), needed: true };
  }
}

/** Undefined where nobody in particular is making the change. */
function authors({ head, commits, identity }: ChangeSet): ReadonlySet<string> | undefined {
  if (commits.length === 0 && !identity) return undefined;
  const people = commits.length > 0 ? commits.flatMap(authorsOf) : [identity!];
  return new Set(people.flatMap((person) => identitiesOf(head.declared, person)));
}

function* beatsIn(path: string, text: string, { fields, doing, done, exempt }: HeartbeatForm): Iterable<Heartbeat> {
  const tasks = new Map<string, Heartbeat & { readonly over: boolean }>();
  for (const { number, range, value } of readJsonLines(text)) {
    const beat =
      typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
    const field = (name: string) => (Object.hasOwn(beat, name) ? beat[name] : undefined);
    const [task, status, time] = [field(fields.task), field(fields.status), field(fields.time)];
    const problem =
      typeof task !== 'string' || task === ''
        ? `line ${number} names no "${fields.task}"`
        : typeof time !== 'string' || !isDateTime(time)
          ? `line ${number} has no moment in "${fields.time}", such as 2026-01-15T10:00:00Z`
          : typeof status !== 'string' || ![...doing, ...done].includes(status)
            ? `line ${number} has none of ${[...doing, ...done].join(', ')} in "${fields.status}"`
            : undefined;
    const known = tasks.get(String(task));
    const beatAt = { path, range, task: String(task), last: new Date(String(time)) };
    if (problem !== undefined) {
      yield { ...beatAt, exempt: false, problem };
      continue;
    }
    const estimate = exempt && field(exempt.field);
    const short = known?.exempt ?? (typeof estimate === 'number' && estimate <= exempt!.atMost);
    tasks.set(beatAt.task, { ...beatAt, exempt: short, over: done.includes(status as string) });
  }
  for (const { over, ...beat } of tasks.values()) if (!over) yield beat;
}
