import { isDate } from './dates.ts';
import type { Migration } from './migrations.ts';

/** The same for two migrations that are one to their runner; '' for one that has no version. */
export function versionKey({ layout, version, path }: Pick<Migration, 'layout' | 'version' | 'path'>): string {
  if (layout.order === 'text') return version.replaceAll('-', '');
  if (layout.order === 'name' || layout.order === 'journal') return version;
  const parts = version.split(/[._]/).map((part) => (/^\d+$/.test(part) ? String(BigInt(part)) : part));
  while (parts.length > 1 && parts.at(-1) === '0') parts.pop();
  // Flyway runs a baseline in place of the migrations up to it: it shares the version of the last one.
  const baseline = layout.name === 'flyway' && path.slice(path.lastIndexOf('/') + 1).startsWith('B');
  return version && `${baseline ? 'B' : ''}${parts.join('.')}`;
}

/** When a migration was made, as its version tells. */
export type Stamp =
  | { readonly is: 'moment'; readonly date: Date; readonly rounded: boolean }
  /** Written like a moment that no calendar or clock has. `what` follows "there is": "no month 13". */
  | { readonly is: 'impossible'; readonly what: string };

/** Undefined for a version that counts, or that could as well be something else. */
export function stampOf(version: string): Stamp | undefined {
  const digits = version.replace(/-/g, '');
  if (!/^\d+$/.test(digits)) return undefined;
  // Seconds and milliseconds since 1970, from 2001 on.
  if (/^1\d{9}$/.test(digits)) return { is: 'moment', date: new Date(Number(digits) * 1000), rounded: false };
  if (/^1\d{12}$/.test(digits)) return { is: 'moment', date: new Date(Number(digits)), rounded: false };
  // YYYYMMDD, with a counter of two digits, HHMM, HHMMSS, or HHMMSS and milliseconds behind it.
  const [, year = '', month = '', day = '', rest = ''] = /^((?:19|20)\d\d)(\d\d)(\d\d)(\d{0,9})$/.exec(digits) ?? [];
  if (![0, 2, 4, 6, 9].includes(rest.length) || year === '') return undefined;
  const wrong = wrongDay(year, month, day) ?? (rest.length >= 4 ? wrongTime(rest) : undefined);
  // Fewer digits may as well be a number of another kind: a year of two digits, a ticket, a counter.
  if (wrong !== undefined) return rest.length >= 6 ? { is: 'impossible', what: wrong } : undefined;
  const [hour, minute, second] =
    rest.length >= 4 ? [rest.slice(0, 2), rest.slice(2, 4), rest.slice(4, 6) || '00'] : ['00', '00', '00'];
  const date = new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  return { is: 'moment', date, rounded: rest.length >= 6 && /^0+$/.test(rest) };
}

function wrongDay(year: string, month: string, day: string): string | undefined {
  if (Number(month) < 1 || Number(month) > 12) return `no month ${month}`;
  return isDate(`${year}-${month}-${day}`) ? undefined : `no day ${day} in month ${month} of ${year}`;
}

function wrongTime(time: string): string | undefined {
  const [hour = '', minute = '', second = ''] = time.match(/\d\d/g) ?? [];
  if (Number(hour) > 23) return `no hour ${hour}`;
  if (Number(minute) > 59) return `no minute ${minute}`;
  return Number(second) > 59 ? `no second ${second}` : undefined;
}
