/** A line such as "Reviewed-by: Ann" at the end of a message. */
export interface Trailer {
  readonly key: string;
  readonly value: string;
}

/** "Closes #5" stands among trailers: Conventional Commits counts it as one. */
const REFERENCE = /^[A-Za-z][A-Za-z-]* #\S/;
const LINE = /^([A-Za-z0-9][A-Za-z0-9-]*)[ \t]*:[ \t]*(\S.*)$/;

/** The trailers of a commit message: its last paragraph, where that holds nothing else. The subject is none. */
export function trailersOf(message: string): Trailer[] {
  const paragraphs = message.trim().split(/\r?\n(?:[ \t]*\r?\n)+/);
  if (paragraphs.length < 2) return [];
  const lines = paragraphs.at(-1)!.split(/\r?\n/);
  const isTrailer = (line: string) =>
    LINE.test(line) || REFERENCE.test(line) || /^[ \t]/.test(line) || line.startsWith('(cherry picked from');
  return lines.every(isTrailer) ? trailerLines(lines) : [];
}

/** Every line that reads like one. */
export const trailerLines = (lines: readonly string[]): Trailer[] =>
  lines.flatMap((line) => {
    const [, key, value] = LINE.exec(line) ?? [];
    return key === undefined ? [] : [{ key, value: value!.trim() }];
  });

/** What trailers of one name say; the name in letters of either case, as Git takes it. */
export const valuesOf = (trailers: readonly Trailer[], key: string): string[] =>
  trailers.flatMap((one) => (one.key.toLowerCase() === key.toLowerCase() ? [one.value] : []));
