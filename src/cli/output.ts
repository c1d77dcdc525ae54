import { appendFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { PLAIN, type Look } from '../report/look.ts';
import { reporters } from '../report/index.ts';
import type { Report } from '../report/report.ts';
import { UsageError } from './exit.ts';
import type { JudgingFlags } from './flags.ts';

export interface Format {
  readonly name: string;
  /** Undefined: standard output. */
  readonly file?: string;
}

export function readFormats(given: readonly string[] = []): Format[] {
  const formats = given.map((one): Format => {
    const [name = '', ...rest] = one.split('=');
    const file = rest.join('=');
    if (!Object.hasOwn(reporters, name)) {
      throw new UsageError(`There is no format "${name}". Formats: ${Object.keys(reporters).join(', ')}.`);
    }
    return { name, ...(file && { file }) };
  });
  const shown = formats.filter(({ file }) => file === undefined).map(({ name }) => name);
  if (shown.length > 1 && shown.some((name) => STRUCTURED.has(name))) {
    throw new UsageError(`Two formats cannot share standard output: give one of ${shown.join(', ')} a file, as in --format ${shown[0]}=report.txt.`);
  }
  return formats;
}

const STRUCTURED = new Set(['json', 'jsonl', 'sarif', 'gitlab', 'junit', 'checkstyle', 'rdjson', 'html']);

/** Writes a report in each format. Results go to standard output, or to the file that the format names. */
export async function writeReport(report: Report, formats: readonly Format[], flags: JudgingFlags, cwd: string): Promise<void> {
  for (const { name, file } of formats) {
    const reporter = reporters[name]!;
    if (file === undefined) process.stdout.write(reporter(report, await lookOf(flags)));
    else writeFileSync(resolve(cwd, file), reporter(report, { ...(await lookOf({ ...flags, color: false })) }));
  }
}

export const appendTo = (file: string, text: string): void => appendFileSync(file, text);

export async function lookOf({ color, quiet = false, verbose = false }: Pick<JudgingFlags, 'color' | 'quiet' | 'verbose'>): Promise<Look> {
  const { isTTY, columns = 80 } = process.stdout;
  const coloured = color ?? (isTTY && !process.env['NO_COLOR'] && process.env['TERM'] !== 'dumb');
  const paint = coloured ? (await import('picocolors')).default.createColors(true) : PLAIN;
  return { paint, width: isTTY ? Math.min(Math.max(columns, 60), 120) : 80, quiet, verbose };
}
