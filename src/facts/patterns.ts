import type * as zod from 'zod';
import type { Range } from '../core/finding.ts';
import type { Zod } from '../core/rule.ts';
import { NotJudged } from '../core/notice.ts';
import { readPattern } from './re2-syntax.ts';

/**
 * Steps of one search, and of all searches for the matches in one text. Time is in proportion to a pattern's size and the
 * text's length, but both can be large: a bound in steps gives the same answer on every machine.
 */
const MOST_STEPS = 300_000_000;
const MOST_STEPS_OF_ALL = 1_000_000_000;

/**
 * A regular expression in RE2's syntax, whose matching takes time in proportion to the text, whoever wrote it. Where pattern
 * and text together are too large, asking throws NotJudged.
 */
export interface Pattern {
  test(text: string): boolean;
  /** How many matches may be looked for in this text: after each, the search goes over the rest again. */
  most(text: string): number;
  /** Each match, in order, in UTF-16 units of the text; at most `most` of them. */
  find(text: string, most: number): Iterable<Range>;
}

/** Where `^` and `$` stand: at the ends of the text, or at the ends of each line, whether it ends in LF or CRLF. */
export type Anchors = 'text' | 'lines';

let engine: typeof import('re2js') | undefined;

/** Loads the engine, for whoever must search without waiting. */
export async function loadPatterns(): Promise<void> {
  engine ??= await import('re2js');
}
export const patternsAreLoaded = (): boolean => engine !== undefined;

/** Whether the engine will take it. */
export const isPattern = (source: string): boolean => typeof readPattern(source) !== 'string';

const compiled = new Map<string, import('re2js').RE2JS>();

/** After `loadPatterns`: of each match its group "secret", else its first group, else all of it. At most `most`. */
export function* findNow(source: string, text: string, most: number): Iterable<Range> {
  if (!engine) throw new Error('The engine of patterns was not loaded.');
  const expression = compiled.get(source) ?? engine.RE2JS.compile(source);
  compiled.set(source, expression);
  const group = expression.namedGroups()['secret'] ?? (expression.groupCount() > 0 ? 1 : 0);
  const match = expression.matcher(text);
  for (let left = most; left > 0 && match.find(); left--) {
    const wanted = match.start(group) >= 0 ? group : 0;
    yield [match.start(wanted), match.end(wanted)];
  }
}

const known = new Map<string, Promise<Pattern>>();

/** Throws where the source is not RE2: options are held to `patternOption` before. */
export function pattern(source: string, anchors: Anchors = 'text'): Promise<Pattern> {
  const key = `${anchors}\0${source}`;
  const ready = known.get(key) ?? compile(source, anchors);
  known.set(key, ready);
  return ready;
}

/** An option that holds a regular expression. `needsText`: one that can match no text at all is refused, since it would be found everywhere. */
export const patternOption = (z: Zod, needsText?: 'needsText'): zod.ZodType<string> =>
  z.string().superRefine((source, context) => {
    const shape = readPattern(source);
    const everywhere = 'It can match no text at all, and so would be found everywhere.';
    const message = typeof shape === 'string' ? shape : needsText && shape.empty ? everywhere : undefined;
    if (message) context.addIssue({ code: 'custom', message });
  });

async function compile(source: string, anchors: Anchors): Promise<Pattern> {
  const { RE2JS } = await import('re2js');
  const expression = RE2JS.compile(source, anchors === 'lines' ? RE2JS.MULTILINE : 0);
  // Whoever looks for a CR or a byte order mark must be shown them.
  const shape = readPattern(source);
  const size = typeof shape === 'string' ? 1 : shape.size;
  const bounded = (text: string): string => {
    if (text.length * size <= MOST_STEPS) return text;
    const shown = source.length > 60 ? `${source.slice(0, 60)}…` : source;
    throw new NotJudged(
      `The pattern ${shown} was not held against a text of ${text.length.toLocaleString('en-US')} characters: that can take too long.`,
    );
  };
  const searched = anchors === 'text' || /\\r|\\x\{?0*(?:d|feff)/i.test(source) ? exact : plain;
  return {
    test: (text) => expression.test(searched(bounded(text)).text),
    most: (text) => Math.max(10, Math.floor(MOST_STEPS_OF_ALL / Math.max(1, text.length * size))),
    *find(text, most) {
      const { text: found, index } = searched(bounded(text));
      if (!expression.test(found)) return;
      let left = most;
      for (const match of expression.matchAll(found)) {
        if (left-- <= 0) return;
        const start = match.index ?? 0;
        yield [index(start), index(start + match[0].length)];
      }
    },
  };
}

const exact = (text: string) => ({ text, index: (place: number) => place });

/** The text without a byte order mark and without the CR of a CRLF, and the way back to the file's own places. */
function plain(text: string): { text: string; index(place: number): number } {
  const mark = text.startsWith('\ufeff') ? 1 : 0;
  if (!text.includes('\r\n')) return { text: text.slice(mark), index: (place) => place + mark };
  const removed: number[] = [];
  for (let at = text.indexOf('\r\n'); at >= 0; at = text.indexOf('\r\n', at + 1))
    removed.push(at - mark - removed.length);
  // A place in the plain text lies behind every CR that stood before it.
  const before = (place: number): number => {
    let [low, high] = [0, removed.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (removed[middle]! < place) low = middle + 1;
      else high = middle;
    }
    return low;
  };
  return { text: text.slice(mark).replaceAll('\r\n', '\n'), index: (place) => place + mark + before(place) };
}
