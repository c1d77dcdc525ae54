import type { Range } from '../../src/core/finding.ts';

/** What to take out so that a statement leaves nothing behind: its semicolon, and its lines where nothing else stands on them. */
export function withSemicolon(text: string, [start, end]: Range): Range {
  const to = pastSemicolon(text, end);
  const line = text.lastIndexOf('\n', start - 1) + 1;
  const rest = match(/[ \t\r]*(?:\n|$)/y, text, to);
  return text.slice(line, start).trim() === '' && rest !== undefined ? [line, to + rest.length] : [start, to];
}

/** One past the semicolon of a statement that ends at `end`; `end` where there is none. */
export const pastSemicolon = (text: string, end: number): number => end + (match(/\s*;/y, text, end)?.length ?? 0);

function match(sticky: RegExp, text: string, at: number): string | undefined {
  sticky.lastIndex = at;
  return sticky.exec(text)?.[0];
}
