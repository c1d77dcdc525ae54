import type { Allow } from '../core/allow.ts';
import type { Finding, Range } from '../core/finding.ts';
import { opensComment } from '../core/comments.ts';

/** An allow, with the question which findings it covers. */
export interface Covering {
  readonly allow: Allow;
  covers(finding: Finding): boolean;
}

const MARKER = /repolicy-allow(-file)?(?![\w-])/g;
const TERMS = /^[ \t]+([\w*/-]+(?:[ \t]*,[ \t]*[\w*/-]+)*)(?:[ \t]+until[ \t]+(\d{4}-\d{2}-\d{2}))?[ \t]*(?::[ \t]*(.*))?$/;

/** The allows that stand in one file's comments. */
export function readAllows(path: string, text: string): Allow[] {
  const allows: Allow[] = [];
  for (const { 0: marker, 1: wide, index } of text.matchAll(MARKER)) {
    const lineStart = text.lastIndexOf('\n', index - 1) + 1;
    if (!opensComment(path, text.slice(lineStart, index))) continue;
    const lineEnd = endOfLine(text, index);
    const rest = text.slice(index + marker.length, lineEnd).replace(/\s*(\*\/|-->).*$/, '').trimEnd();
    const [, rules = '', until, reason = ''] = TERMS.exec(rest) ?? [];
    allows.push({
      rules: rules ? rules.split(/[ \t]*,[ \t]*/) : [],
      reason: reason.trim(),
      ...(until && { until }),
      path,
      range: [index, index + marker.length + rest.length],
      scope: wide ? 'file' : 'line',
    });
  }
  return allows;
}

/** The marker's own line, and the next one that is neither blank nor a comment. */
export function coveredLines(text: string, [start]: Range): Range[] {
  const own: Range = [text.lastIndexOf('\n', start - 1) + 1, endOfLine(text, start)];
  let from = own[1] + 1;
  while (from < text.length) {
    const to = endOfLine(text, from);
    if (!/^\s*(?:$|--|#|\/\/|\/\*.*\*\/\s*$|<!--.*-->\s*$|;)/.test(text.slice(from, to))) return [own, [from, to]];
    from = to + 1;
  }
  return [own];
}

/** A marker on a line of its own speaks of the next; one behind code speaks of its own line; both are covered. */
export const startsOn = ([from, to]: Range, [start]: Range): boolean => from <= start && start <= to;

function endOfLine(text: string, from: number): number {
  const end = text.indexOf('\n', from);
  return end < 0 ? text.length : end;
}

