import type { Range } from '../core/finding.ts';
import { fieldNamed, type Entry } from './entries.ts';

/** What the entries of one report are held to. */
export interface EntryForm {
  readonly fields: readonly string[];
  /** By the name of the field. */
  readonly maxLines: Readonly<Record<string, number>>;
  readonly maxGapHours?: number | undefined;
  /** Words with which the title of an entry begins that ends the work for a while. */
  readonly pauses: readonly string[];
}

/** What the report's path and its commit say. */
export interface EntryFrame {
  /** "2026-01-15". */
  readonly day?: string;
  readonly who?: string;
  /** The moment of its commit. */
  readonly until: Date;
}

export interface EntryFault {
  /** Without its full stop. */
  readonly says: string;
  readonly about: string;
  readonly range: Range;
}

const MINUTE = 60_000;
/** Clocks of two machines do not agree to the second. */
const TOLERANCE = 5 * MINUTE;

export function* faultsOf(entries: readonly Entry[], form: EntryForm, frame: EntryFrame): Iterable<EntryFault> {
  let last: { readonly time: Date; readonly written: string; readonly title: string } | undefined;
  for (const entry of entries) {
    const { range, heading, said } = entry;
    const fault = (says: string): EntryFault => ({ says, about: `${heading.slice(0, 100)}: ${says}`, range });
    if (!said) {
      yield fault(`"${heading.slice(0, 60)}" is not written "<ISO time> — <who>: <title>"`);
      continue;
    }
    const { written, time, who, title } = said;
    if (!time) {
      yield fault(
        `${written} is ${/(?:[Zz]|[+-]\d\d:?\d\d)$/.test(written) ? 'no moment that a clock shows' : 'without an offset, such as Z or +01:00'}`,
      );
      continue;
    }
    if (frame.who !== undefined && who !== frame.who)
      yield fault(`An entry of ${who} stands in the file of ${frame.who}`);
    if (frame.day !== undefined && written.slice(0, 10) !== frame.day)
      yield fault(`${written} is not on the day of the file, ${frame.day}`);
    else if (time.getTime() > frame.until.getTime() + TOLERANCE)
      yield fault(`${written} lies in the future of ${frame.until.toISOString()}`);
    else if (last && time < last.time) yield fault(`${written} stands below ${last.written}, which is later`);
    else if (last && form.maxGapHours !== undefined && !pauses(last.title, form.pauses)) {
      const hours = (time.getTime() - last.time.getTime()) / (60 * MINUTE);
      if (hours > form.maxGapHours)
        yield fault(
          `${hours.toFixed(1)} hours lie between ${last.written} and ${written}; ${form.maxGapHours} are the most`,
        );
    }
    if (!last || time >= last.time) last = { time, written, title };
    yield* fieldFaults(entry, form);
  }
}

function* fieldFaults(entry: Entry, { fields, maxLines }: EntryForm): Iterable<EntryFault> {
  const of = `the entry of ${entry.said!.written}`;
  const missing = fields.filter((name) => !fieldNamed(entry, name));
  if (missing.length > 0) {
    const says = `${of[0]!.toUpperCase()}${of.slice(1)} has no ${missing.join(', no ')}`;
    yield { says, about: `${entry.heading.slice(0, 100)}: ${missing.join()}`, range: entry.range };
  }
  for (const name of fields) {
    const field = fieldNamed(entry, name);
    if (field?.lines === 0)
      yield {
        says: `${name} says nothing in ${of}`,
        about: `${entry.heading.slice(0, 100)}: ${name} empty`,
        range: field.range,
      };
  }
  for (const [name, most] of Object.entries(maxLines)) {
    const field = fieldNamed(entry, name);
    if (!field || field.lines <= most) continue;
    const says = `${name} has ${field.lines} lines in ${of}; ${most} are the most`;
    yield { says, about: `${entry.heading.slice(0, 100)}: ${name} long`, range: field.range };
  }
}

/** "Pause for lunch", and not "Pauses in the log". */
const pauses = (title: string, words: readonly string[]): boolean =>
  words.some((word) => {
    const begins = title.slice(0, word.length).toLowerCase() === word.toLowerCase();
    return begins && !/^[\p{L}\p{N}]/u.test(title.slice(word.length));
  });
