import type { Allow } from '../core/allow.ts';
import type { Finding, Range } from '../core/finding.ts';

/** An allow, with the question which findings it covers. */
export interface Covering {
  readonly allow: Allow;
  covers(finding: Finding): boolean;
}

/** A marker behind code speaks of its own line; one on a line of its own, also of the next that is neither blank nor a comment. */
export function coveredLines(text: string, [start]: Range): Range[] {
  const lineStart = text.lastIndexOf('\n', start - 1) + 1;
  const own: Range = [lineStart, endOfLine(text, start)];
  if (/[\p{L}\p{N})\]}]/u.test(text.slice(lineStart, start))) return [own];
  let from = own[1] + 1;
  while (from < text.length) {
    const to = endOfLine(text, from);
    if (!/^\s*(?:$|--|#|\/\/|\/\*.*\*\/\s*$|<!--.*-->\s*$|;)/.test(text.slice(from, to))) return [own, [from, to]];
    from = to + 1;
  }
  return [own];
}

export const startsOn = ([from, to]: Range, [start]: Range): boolean => from <= start && start <= to;

function endOfLine(text: string, from: number): number {
  const end = text.indexOf('\n', from);
  return end < 0 ? text.length : end;
}
