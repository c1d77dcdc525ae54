/** A line such as "Reviewed-by: Ann" at the end of a message. */
export interface Trailer {
  readonly key: string;
  readonly value: string;
}

const LINE = /^([A-Za-z0-9][A-Za-z0-9-]*)[ \t]*:[ \t]*(\S.*)$/;

/** The trailers of a commit message: its last paragraph, where that holds nothing else. The subject is none. */
export function trailersOf(message: string): Trailer[] {
  const paragraphs = message.trim().split(/\r?\n(?:[ \t]*\r?\n)+/);
  if (paragraphs.length < 2) return [];
  const lines = paragraphs.at(-1)!.split(/\r?\n/);
  if (!lines.every((line) => LINE.test(line) || /^[ \t]/.test(line) || line.startsWith('(cherry picked from')))
    return [];
  return trailerLines(lines);
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
