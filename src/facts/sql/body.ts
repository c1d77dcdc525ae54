/** What a string literal holds, and where it stands in the literal. */
export interface Body {
  readonly text: string;
  /** Where the content starts and ends in the literal: behind the opening quote, before the closing one. */
  readonly start: number;
  readonly end: number;
  /** From a place in `text` to one in the literal. */
  readonly toLiteral: (unit: number) => number;
}

/** Reads $tag$...$tag$, '...' and E'...' as PostgreSQL does; what has no end is taken to the end. */
export function bodyOf(literal: string): Body {
  const dollar = /^\$[^$\s]*\$/.exec(literal)?.[0];
  if (dollar !== undefined) {
    const start = dollar.length;
    const end = literal.endsWith(dollar) && literal.length >= 2 * start ? literal.length - start : literal.length;
    return { text: literal.slice(start, end), start, end, toLiteral: (unit) => unit + start };
  }
  const start = literal.indexOf("'") + 1;
  const end = literal.length > start && literal.endsWith("'") ? literal.length - 1 : literal.length;
  const raw = literal.slice(start, end);
  const escapes = /^e/i.test(literal);
  if (!raw.includes("'") && !(escapes && raw.includes('\\'))) {
    return { text: raw, start, end, toLiteral: (unit) => unit + start };
  }
  // Each piece that stands for one character takes more room in the literal than in the text.
  const jumps: { readonly at: number; readonly by: number }[] = [];
  let shift = 0;
  const text = raw.replace(escapes ? ESCAPES : /''/g, (piece: string, offset: number) => {
    const meant = piece === "''" ? "'" : unescape(piece);
    shift += piece.length - meant.length;
    jumps.push({ at: offset - shift + piece.length, by: shift });
    return meant;
  });
  const toLiteral = (unit: number): number => {
    let low = 0;
    let high = jumps.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (jumps[middle]!.at <= unit) low = middle + 1;
      else high = middle;
    }
    return unit + start + (low === 0 ? 0 : jumps[low - 1]!.by);
  };
  return { text, start, end, toLiteral };
}

// A quote, a line break between two parts of one string, or a backslash and what it stands for.
const ESCAPES = /''|'\s*\n\s*'|\\(?:x[0-9a-f]{1,2}|u[0-9a-f]{4}|U[0-9a-f]{8}|[0-7]{1,3}|[^])/gi;
const LETTERS: Readonly<Record<string, string>> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v' };

function unescape(piece: string): string {
  if (piece.startsWith("'")) return '';
  const code = piece.slice(1);
  if (/^[xuU][0-9a-f]+$/i.test(code)) return String.fromCodePoint(Math.min(parseInt(code.slice(1), 16), 0x10ffff));
  if (/^[0-7]+$/.test(code)) return String.fromCodePoint(parseInt(code, 8));
  return Object.hasOwn(LETTERS, code) ? LETTERS[code]! : code;
}
