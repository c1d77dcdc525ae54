import type { Mask, Tokens } from './lexer.ts';

/** The text as the parser may see it: what is not SQL is replaced, unit for unit, so that every place stays where it is. */
export function maskText({ text, masks, variables }: Tokens, withVariables: boolean): string {
  if (masks.length === 0 && (!withVariables || variables.length === 0)) return text;
  const stretches: Mask[] = [...masks];
  if (withVariables) for (const start of variables) stretches.push({ start, end: start + 1, as: 'blank' });
  stretches.sort((a, b) => a.start - b.start);
  const parts: string[] = [];
  let from = 0;
  for (const { start, end, as } of stretches) {
    if (start < from) continue;
    parts.push(text.slice(from, start));
    if (as === 'semicolon') parts.push(';'.padEnd(end - start));
    else if (as === 'name') parts.push('x'.repeat(end - start));
    else parts.push(blank(text.slice(start, end)));
    from = end;
  }
  parts.push(text.slice(from));
  return parts.join('');
}

/** Line by line: the data of COPY can be long. */
const blank = (text: string): string =>
  text
    .split('\n')
    .map((line) => ' '.repeat(line.length))
    .join('\n');
