import type { ChangeSet } from '../core/change.ts';
import type { Notice } from '../core/notice.ts';
import { addDays, capturedDay, isoDay } from './dates.ts';
import { authorsOf, identitiesOf } from './identities.ts';
import { capturing } from './paths.ts';

export const WEEKDAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'] as const;

export interface Reporting {
  /** Path templates with {identity} and a date. */
  readonly files: readonly string[];
  readonly who: readonly string[];
  readonly days: readonly (typeof WEEKDAYS)[number][];
  /** "2026-12-25". */
  readonly free: readonly string[];
  readonly lookBack: number;
  readonly timeZone: string;
}

export function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

/** Who has not reported on which day of work: the authors of a change on the days of their last commits, or, in an audit, everybody. */
export async function* missingReports(
  change: ChangeSet,
  reporting: Reporting,
): AsyncIterable<{ readonly who: string; readonly day: string } | Notice> {
  const { files, who, days, free } = reporting;
  if (files.length === 0 || who.length === 0) return;
  const { head } = change;
  const asked = wanted(change, reporting).filter(({ day }) => {
    const weekday = WEEKDAYS[new Date(`${day}T00:00:00Z`).getUTCDay()]!;
    return days.includes(weekday) && !free.includes(day);
  });
  if (asked.length === 0) return;
  const captured = await capturing(files, head.declared);
  const reported = new Set<string>();
  for (const path of await head.paths()) {
    const captures = captured(path);
    const day = captures && capturedDay(captures);
    if (day) reported.add(`${captures.get('identity')} ${isoDay(day)}`);
  }
  for (const one of asked) if (!reported.has(`${one.who} ${one.day}`)) yield one;
}

function wanted({ head, commits, identity, changes, now }: ChangeSet, { who, lookBack, timeZone }: Reporting) {
  const format = new Intl.DateTimeFormat('sv-SE', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' });
  const dayOf = (moment: Date) => format.format(moment);
  const today = new Date(`${dayOf(now)}T00:00:00Z`);
  const last = new Map<string, string>();
  for (const commit of commits) {
    for (const name of authorsOf(commit).flatMap((person) => identitiesOf(head.declared, person)))
      last.set(name, dayOf(commit.date));
  }
  if (commits.length === 0 && identity && changes.length > 0)
    for (const name of identitiesOf(head.declared, identity)) last.set(name, dayOf(now));
  if (commits.length > 0 || identity)
    return [...last].flatMap(([name, day]) => (who.includes(name) ? [{ who: name, day }] : []));
  const asked = Array.from({ length: lookBack }, (_, i) => isoDay(addDays(today, -i)));
  return asked.flatMap((day) => who.map((name) => ({ who: name, day })));
}
