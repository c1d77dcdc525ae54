/** Looks for many words at once. */
export interface Keywords {
  /** Calls `found` at the end of each occurrence, in order of the ends. A hit is a hint: the caller compares the text itself. */
  scan(bytes: Uint8Array, found: Found): void;
}

export type Found = (word: number, end: number) => void;

/**
 * Aho and Corasick's automaton as one dense table: a byte costs two look-ups however many words there are.
 * Words are ASCII and differ from one another; their case does not count.
 */
export function keywords(words: readonly string[]): Keywords {
  const { classes, width } = classify(words);
  const shift = Math.ceil(Math.log2(width));
  const { table, ends } = automaton(words, classes, shift);
  return {
    scan(bytes, found) {
      let state = 0;
      for (let i = 0; i < bytes.length; i++) {
        state = table[(state << shift) | classes[bytes[i]!]!]!;
        if (state < ENDS) continue;
        state &= ENDS - 1;
        for (const word of ends[state]!) found(word, i + 1);
      }
    },
  };
}

/** Set in an entry of the table where a word ends. */
const ENDS = 1 << 15;

/** Gives each character that some word uses a small number, the same for both cases; every other character is 0. */
function classify(words: readonly string[]): { classes: Uint8Array; width: number } {
  const classes = new Uint8Array(256);
  let width = 1;
  for (const char of new Set(words.join('').toLowerCase())) {
    classes[char.charCodeAt(0)] = classes[char.toUpperCase().charCodeAt(0)] = width++;
  }
  return { classes, width };
}

/** A row of 2^shift entries for each state. An entry is the next state, marked where words end there; `ends` says which. */
function automaton(words: readonly string[], classes: Uint8Array, shift: number) {
  const most = 1 + words.reduce((sum, word) => sum + word.length, 0);
  if (most > ENDS) throw new Error(`${most} characters of keywords are more than an automaton of 16 bits can hold.`);
  const table = new Uint16Array(most << shift);
  const parent = new Uint16Array(most);
  const letter = new Uint8Array(most);
  const ends: (number[] | undefined)[] = [];

  // All words grow one letter at a time, so that states are numbered by depth: those of a depth lie between two levels.
  const reached = new Uint16Array(words.length);
  const levels = [0, 1];
  let states = 1;
  for (let depth = 0; levels[depth]! < levels[depth + 1]!; depth++) {
    words.forEach((word, index) => {
      if (depth >= word.length) return;
      const from = reached[index]!;
      const by = classes[word.charCodeAt(depth)]!;
      const edge = (from << shift) | by;
      if (table[edge] === 0) {
        parent[states] = from;
        letter[states] = by;
        table[edge] = states++;
      }
      reached[index] = table[edge]!;
      if (depth === word.length - 1) ends[reached[index]!] = [index];
    });
    levels.push(states);
  }

  // What a state falls back on, the longest other beginning of a word that it also stands for, is shallower than it is.
  table.fill(0);
  const other = new Uint16Array(states);
  for (let depth = 1; depth + 1 < levels.length; depth++) {
    for (let state = levels[depth]!; state < levels[depth + 1]!; state++) {
      const up = parent[state]!;
      if (up !== 0) other[state] = table[(other[up]! << shift) | letter[state]!]! & (ENDS - 1);
      const also = ends[other[state]!];
      if (also) ends[state] = [...(ends[state] ?? []), ...also];
      table[(up << shift) | letter[state]!] = ends[state] ? state | ENDS : state;
    }
    for (let state = levels[depth]!; state < levels[depth + 1]!; state++) {
      const row = other[state]! << shift;
      table.copyWithin(state << shift, row, row + (1 << shift));
    }
  }
  return { table, ends };
}
