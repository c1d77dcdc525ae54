import type { Tokens } from './lexer.ts';

export interface Found {
  readonly start: number;
  readonly end: number;
  readonly first: number;
  readonly last: number;
  /** How much further to the right the body has what follows the first word: PERFORM is read as SELECT. */
  readonly shift: number;
}

/** A query in the body, at or behind `from`. Where the compiler blanked out INTO, spaces agree with anything. */
export function findQuery(tokens: Tokens, query: string, from: number): Found | undefined {
  const { text, starts, ends, count } = tokens;
  const wanted = query.trim();
  const word = /^\w*/.exec(wanted)![0].toLowerCase();
  for (let t = tokenFrom(tokens, from); t < count; t++) {
    const start = starts[t]!;
    const own = text.slice(start, ends[t]).toLowerCase();
    const performs = word === 'select' && own === 'perform';
    const shift = performs ? 1 : 0;
    if (!performs && !text.startsWith(wanted[0]!, start) && own !== word) continue;
    const skip = performs ? 6 : 0;
    if (!agrees(text, start + skip + shift, wanted, skip)) continue;
    const end = start + wanted.length + shift;
    return { start, end, first: t, last: tokenFrom(tokens, end), shift };
  }
  return undefined;
}

function agrees(text: string, at: number, wanted: string, from: number): boolean {
  if (text.startsWith(from === 0 ? wanted : wanted.slice(from), at)) return true;
  for (let i = from; i < wanted.length; i++) {
    const code = wanted.charCodeAt(i);
    if (code !== 32 && code !== text.charCodeAt(at + i - from)) return false;
  }
  return at - from + wanted.length <= text.length;
}

export function tokenFrom({ starts, count }: Tokens, unit: number): number {
  let low = 0;
  let high = count;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (starts[middle]! < unit) low = middle + 1;
    else high = middle;
  }
  return low;
}
