import type { Range } from '../../core/finding.ts';

/** What is wrong with a policy, in plain words, and where. */
export interface PolicyProblem {
  /** The policy file, or 'command line'. */
  readonly path: string;
  /** From 1, in UTF-16 units; both are absent where there is no file. */
  readonly line?: number;
  readonly column?: number;
  readonly range?: Range;
  readonly message: string;
  /** The file is there and could not be read: nothing was judged, as opposed to misjudged. */
  readonly unreadable?: true;
}

/** Keys and indexes from the root of a value to a place in it. */
export type JsonPath = readonly (string | number)[];

/** A complaint about a value; whoever knows where the value was written turns it into a problem. */
export interface Issue {
  readonly path: JsonPath;
  readonly message: string;
  /** The complaint is about this key of the object at `path`, not about its value. */
  readonly key?: string;
}

/** From 1, in UTF-16 units. */
export function lineAndColumn(text: string, offset: number): { line: number; column: number } {
  let line = 1;
  let start = 0;
  for (let end = text.indexOf('\n'); end >= 0 && end < offset; end = text.indexOf('\n', start)) {
    line++;
    start = end + 1;
  }
  return { line, column: offset - start + 1 };
}
