import type { Captures } from '../core/templates.ts';

const DAY = 24 * 60 * 60 * 1000;

/** The day that a path template captured, as its first moment in UTC. */
export function capturedDay(captures: Captures): Date | undefined {
  const written = captures.get('date') ?? captures.get('yyyymmdd')?.replace(/^(\d{4})(\d\d)(\d\d)$/, '$1-$2-$3');
  return written === undefined ? undefined : new Date(`${written}T00:00:00Z`);
}

export const addDays = (date: Date, days: number): Date => new Date(date.getTime() + days * DAY);

/** "2026-01-31", in UTC. */
export const isoDay = (date: Date): string => date.toISOString().slice(0, 10);

const DATE = /^(\d{4})-(\d\d)-(\d\d)$/;
const DATE_TIME =
  /^(\d{4}-\d\d-\d\d)[Tt ]([01]\d|2[0-3]):[0-5]\d:(?:[0-5]\d|60)(?:\.\d+)?(?:[Zz]|[+-](?:[01]\d|2[0-3]):[0-5]\d)$/;

/** Whether a text is a day that the calendar has, as ISO 8601 writes it. */
export function isDate(text: string): boolean {
  const [, year, month, day] = DATE.exec(text)?.map(Number) ?? [];
  if (year === undefined || month === undefined || day === undefined) return false;
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
}

/** Whether a text is a moment by RFC 3339: a real day, a time and an offset. */
export const isDateTime = (text: string): boolean => isDate(DATE_TIME.exec(text)?.[1] ?? '');
