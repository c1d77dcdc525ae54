import type { Mask, Tokens } from './lexer.ts';

/** The text as the parser may see it: what is not SQL is replaced, unit for unit, so that every place stays where it is. */
export function maskText({ text, masks, variables }: Tokens, withVariables: boolean): string {
  if (masks.length === 0 && (!withVariables || variables.length === 0)) return text;
  const stretches: Mask[] = [...masks];
  if (withVariables) for (const start of variables) stretches.push({ start, end: start + 1, as: 'blank' });
  stretches.sort((a, b) => a.start - b.start);
  const parts: string[] = [];
  const names = new Map(templatesOf(masks).map(({ start }, i) => [start, i]));
  let from = 0;
  for (const { start, end, as } of stretches) {
    if (start < from) continue;
    parts.push(text.slice(from, start));
    if (as === 'semicolon') parts.push(';'.padEnd(end - start));
    else if (as === 'name') parts.push(standIn(names.get(start)!, end - start));
    else parts.push(blank(text.slice(start, end)));
    from = end;
  }
  parts.push(text.slice(from));
  return parts.join('');
}

/** Templates that stand for names, those inside something else that is masked left out. */
function templatesOf(masks: readonly Mask[]): readonly Mask[] {
  let from = 0;
  return [...masks]
    .sort((a, b) => a.start - b.start)
    .filter(({ start, end, as }) => {
      if (start < from) return false;
      from = end;
      return as === 'name';
    });
}

/** A name of that length which tells the templates of a text apart. */
function standIn(index: number, length: number): string {
  const marked = `x${index}x`;
  return marked.length > length ? 'x'.repeat(length) : marked.padEnd(length, '_');
}

/** Puts the templates back into what the parser has made of the text, so that names are those that people wrote. */
export function restoreTemplates<T>(tree: T, { text, masks }: Tokens): T {
  const names = templatesOf(masks);
  if (names.length === 0) return tree;
  const put = (found: string, index: string): string => {
    const mask = names[Number(index)];
    const mark = mask && standIn(Number(index), mask.end - mask.start);
    return mark && found.startsWith(mark) ? text.slice(mask.start, mask.end) + found.slice(mark.length) : found;
  };
  const restored = (value: unknown): unknown => {
    if (typeof value === 'string') return value.replace(/x(\d+)x_*/g, put);
    if (Array.isArray(value)) return value.map(restored);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, own]) => [key, restored(own)]));
  };
  return restored(tree) as T;
}

/** Line by line: the data of COPY can be long. */
const blank = (text: string): string =>
  text
    .split('\n')
    .map((line) => ' '.repeat(line.length))
    .join('\n');
