/**
 * Where something stands in a text, in three ways of counting: PostgreSQL's parse tree counts UTF-8 bytes, its errors count
 * characters (code points), JavaScript counts UTF-16 units. All count from 0; places outside the text are moved to its end.
 */
export interface Places {
  readonly fromByte: (byte: number) => number;
  readonly fromCharacter: (character: number) => number;
}

/** Text that is ASCII, as most SQL is, counts alike in every way. */
export function placesOf(text: string): Places {
  const end = text.length;
  const same = (place: number): number => Math.min(Math.max(place, 0), end);
  if (!/[^\0-\x7f]/.test(text)) return { fromByte: same, fromCharacter: same };

  // One entry for each character that is not ASCII: where it ends, counted in each way.
  const units: number[] = [];
  const bytes: number[] = [];
  const characters: number[] = [];
  let extraBytes = 0;
  let missing = 0;
  const wide = /[^\0-\x7f]+/g;
  for (let found = wide.exec(text); found; found = wide.exec(text)) {
    for (let i = found.index; i < wide.lastIndex;) {
      const code = text.codePointAt(i)!;
      const width = code > 0xffff ? 2 : 1;
      i += width;
      extraBytes += (code > 0xffff ? 4 : code > 0x7ff ? 3 : 2) - width;
      missing += width - 1;
      units.push(i);
      bytes.push(i + extraBytes);
      characters.push(i - missing);
    }
  }
  /** Between two entries everything is ASCII, so only the distance to the entry before counts. */
  const convert = (counted: readonly number[]) => (place: number) => {
    let low = 0;
    let high = counted.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (counted[middle]! <= place) low = middle + 1;
      else high = middle;
    }
    const unit = low === 0 ? place : units[low - 1]! + (place - counted[low - 1]!);
    // Inside a character: its start.
    const next = units[low];
    return same(next !== undefined && unit >= next ? next - 1 : unit);
  };
  return { fromByte: convert(bytes), fromCharacter: convert(characters) };
}
