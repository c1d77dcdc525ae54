/** Looks for many words at once. */
export interface Keywords {
  /** Calls `found` at the end of each occurrence, in order of the ends. A hit is a hint: the caller compares the text itself. */
  scan(text: string, found: (word: number, end: number) => void): void;
}

/**
 * Aho and Corasick's automaton as one dense table: a character costs two look-ups however many words there are.
 * Words are ASCII and differ from one another; their case does not count.
 */
export function keywords(words: readonly string[]): Keywords {
  const { classes, width } = classify(words);
  const { table, ends } = automaton(words, classes, width);
  return {
    scan(text, found) {
      let state = 0;
      for (let from = 0; from < text.length; from += CHUNK) {
        // One byte a UTF-16 unit: what lies beyond Latin-1 is cut to its low byte, which can add a hit and never hide one.
        const part = text.length <= CHUNK ? text : text.slice(from, from + CHUNK);
        const length = scratch.write(part, 'latin1');
        for (let i = 0; i < length; i++) {
          state = table[state + classes[scratch[i]!]!]!;
          if (state >= 0) continue;
          state = ~state;
          for (const word of ends.get(state / width)!) found(word, from + i + 1);
        }
      }
    },
  };
}

const CHUNK = 1 << 16;
const scratch = Buffer.allocUnsafeSlow(CHUNK);

/** Gives each character that some word uses a small number, the same for both cases; every other character is 0. */
function classify(words: readonly string[]): { classes: Uint8Array; width: number } {
  const classes = new Uint8Array(256);
  let width = 1;
  for (const char of new Set(words.join('').toLowerCase())) {
    classes[char.charCodeAt(0)] = classes[char.toUpperCase().charCodeAt(0)] = width++;
  }
  return { classes, width };
}

/** A row for each state. An entry is where the next state's row begins; its complement where a word ends there, and `ends` says which. */
function automaton(words: readonly string[], classes: Uint8Array, width: number) {
  const most = 1 + words.reduce((sum, word) => sum + word.length, 0);
  const table = new Int32Array(most * width);
  const parent = new Int32Array(most);
  const letter = new Uint8Array(most);
  const ends = new Map<number, number[]>();

  // All words grow one letter at a time, so that states are numbered by depth: those of a depth lie between two levels.
  const reached = new Int32Array(words.length);
  const levels = [0, 1];
  let states = 1;
  for (let depth = 0; levels[depth]! < levels[depth + 1]!; depth++) {
    words.forEach((word, index) => {
      if (depth >= word.length) return;
      const from = reached[index]!;
      const edge = from * width + classes[word.charCodeAt(depth)]!;
      if (table[edge] === 0) {
        parent[states] = from;
        letter[states] = classes[word.charCodeAt(depth)]!;
        table[edge] = states++;
      }
      reached[index] = table[edge]!;
      if (depth === word.length - 1) ends.set(reached[index], [index]);
    });
    levels.push(states);
  }

  // What a state falls back on, the longest other beginning of a word that it also stands for, is shallower than it is.
  table.fill(0);
  const other = new Int32Array(states);
  for (let depth = 1; depth + 1 < levels.length; depth++) {
    for (let state = levels[depth]!; state < levels[depth + 1]!; state++) {
      const up = parent[state]!;
      if (up !== 0) other[state] = rowOf(table[other[up]! * width + letter[state]!]!) / width;
      const also = ends.get(other[state]!);
      if (also) ends.set(state, [...(ends.get(state) ?? []), ...also]);
      table[up * width + letter[state]!] = ends.has(state) ? ~(state * width) : state * width;
    }
    for (let state = levels[depth]!; state < levels[depth + 1]!; state++) {
      table.copyWithin(state * width, other[state]! * width, (other[state]! + 1) * width);
    }
  }
  return { table, ends };
}

const rowOf = (entry: number): number => (entry < 0 ? ~entry : entry);
