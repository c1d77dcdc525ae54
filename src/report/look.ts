import type { Severity } from '../core/finding.ts';

type Painter = (text: string) => string;

/** What picocolors makes, as far as reporters use it. */
export interface Paint {
  readonly bold: Painter;
  readonly dim: Painter;
  readonly underline: Painter;
  readonly red: Painter;
  readonly yellow: Painter;
  readonly blue: Painter;
  readonly green: Painter;
  readonly cyan: Painter;
}

const as: Painter = (text) => text;
export const PLAIN: Paint = { bold: as, dim: as, underline: as, red: as, yellow: as, blue: as, green: as, cyan: as };

/** How a text for people is shown. The formats for machines know nothing of it. */
export interface Look {
  readonly paint: Paint;
  /** Terminal columns. */
  readonly width: number;
  /** Findings and the last sentence, nothing beside them. */
  readonly quiet: boolean;
  /** Why and instead at every finding, fingerprints, every notice. */
  readonly verbose: boolean;
}

export const looking = (look: Partial<Look> = {}): Look => ({
  paint: PLAIN,
  width: 80,
  quiet: false,
  verbose: false,
  ...look,
});

export const severityPaint = (paint: Paint, severity: Severity): Painter =>
  ({ error: paint.red, warning: paint.yellow, info: paint.blue })[severity];

/** Terminal columns that a text takes: about two for East Asian wide characters and emoji, none for combining ones. */
export function columns(text: string): number {
  let sum = 0;
  let joined = false;
  for (const char of text) {
    // What a zero-width joiner follows melts into the emoji before it.
    if (!joined) sum += charColumns(char);
    joined = char === '\u200d';
  }
  return sum;
}

const NO_WIDTH = /^[\p{M}\u200c\u200d\u{1f3fb}-\u{1f3ff}]$/u;
const WIDE =
  /^[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97c\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6\u{1b000}-\u{1b2ff}\u{20000}-\u{3fffd}\p{Emoji_Presentation}]$/u;

export function charColumns(char: string): number {
  if (char < '\u0300') return 1;
  if (NO_WIDTH.test(char)) return 0;
  // Two of them make one flag.
  if (/^\p{Regional_Indicator}$/u.test(char)) return 1;
  return WIDE.test(char) ? 2 : 1;
}

/** Breaks a text at blanks into lines of at most `width` columns; a word that is longer stands alone. Never empty. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  let used = 0;
  for (const word of text.split(' ')) {
    const size = columns(word);
    if (line !== '' && used + 1 + size > width) {
      lines.push(line);
      [line, used] = [word, size];
    } else if (line === '') {
      [line, used] = [word, size];
    } else {
      line += ` ${word}`;
      used += 1 + size;
    }
  }
  return [...lines, line];
}
