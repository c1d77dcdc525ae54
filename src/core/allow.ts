import { opensComment } from './comments.ts';
import type { Subjects } from './fact.ts';
import type { Range } from './finding.ts';

/** A finding that somebody let through on purpose. */
export interface Allow {
  /** Rule ids or wildcards, as written. */
  readonly rules: readonly string[];
  /** Empty where none was given. */
  readonly reason: string;
  /** ISO date, the last day on which it holds. */
  readonly until?: string;
  /** Where it is written. */
  readonly path: string;
  readonly range: Range;
  /** 'line': that line and the next; 'file': its whole file; 'policy': an entry of the policy file; 'peer': another tool's marker. */
  readonly scope: 'line' | 'file' | 'policy' | 'peer';
}

const MARKER = /repolicy-allow(-file)?(?![\w-])/g;
const TERMS = /^[ \t]+([\w*/-]+(?:[ \t]*,[ \t]*[\w*/-]+)*)(?:[ \t]+until[ \t]+(\d{4}-\d{2}-\d{2}))?[ \t]*(?::[ \t]*(.*))?$/;

/** The allows that stand in one file's comments. */
export function readAllows(path: string, text: string): Allow[] {
  const allows: Allow[] = [];
  for (const { 0: marker, 1: wide, index } of text.matchAll(MARKER)) {
    const lineStart = text.lastIndexOf('\n', index - 1) + 1;
    if (!opensComment(path, text.slice(lineStart, index))) continue;
    const lineEnd = text.indexOf('\n', index);
    const rest = text.slice(index + marker.length, lineEnd < 0 ? undefined : lineEnd).replace(/\s*(\*\/|-->).*$/, '').trimEnd();
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

/** An allow, and what the run made of it. */
export interface AllowUse {
  readonly allow: Allow;
  /** Findings that it let through in this run. */
  readonly used: number;
  /** Of its rules, those that the catalogue does not have. */
  readonly unknown: readonly string[];
  /** False where one of its rules was not asked in this run: then nothing can be said about its use. */
  readonly judged: boolean;
  /** Its last day has passed. */
  readonly expired: boolean;
  /** The policy asks for a date, and it has none. */
  readonly undated: boolean;
}

/** Every allow that the change touches. This stream runs last, when all other findings are known. */
export const allowUses: Subjects<AllowUse> = async function* ({ allows = [] }) {
  yield* allows;
};
