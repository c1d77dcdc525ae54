import { catalogue } from './catalogue.ts';
import { EXIT, UsageError, type ExitCode } from './exit.ts';

/** Prints the catalogue. */
export async function rules(format: string): Promise<ExitCode> {
  const rows = catalogue.rules.map(({ id, title, severity, why, instead, sources = [] }) => ({ id, severity, title, why, instead, sources }));
  if (format === 'json') process.stdout.write(`${JSON.stringify(rows, null, 2)}\n`);
  else if (format === 'md') {
    const lines = rows.map(({ id, severity, title }) => `| \`${id}\` | ${severity} | ${title} |`);
    process.stdout.write(['| rule | severity | what it asks |', '| --- | --- | --- |', ...lines, ''].join('\n'));
  } else if (format === 'text') {
    const width = Math.max(...rows.map(({ id }) => id.length));
    for (const { id, severity, title } of rows) process.stdout.write(`${id.padEnd(width)}  ${severity.padEnd(7)}  ${title}\n`);
  } else throw new UsageError(`rules --format takes text, json or md, not "${format}".`);
  return EXIT.clean;
}
