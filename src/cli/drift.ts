import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { drift, type DriftHistory } from '../report/drift.ts';
import type { Report } from '../report/report.ts';
import { UsageError } from './exit.ts';
import type { Format } from './output.ts';

/** An audit's Markdown in a file is a report of drift: it goes on from the one that stands there. Says whether it was written. */
export function writeDrift(report: Report, { name, file }: Format, { cwd, now }: { cwd: string; now: Date }): boolean {
  if (name !== 'markdown' || file === undefined) return false;
  const path = resolve(cwd, file);
  const beside = path.replace(/\.(?:md|markdown)$/i, '') + '.history.json';
  const { text, history } = drift(report, now.toISOString().slice(0, 10), read(beside));
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  writeFileSync(beside, `${JSON.stringify(history, null, 2)}\n`);
  return true;
}

function read(path: string): DriftHistory | undefined {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
  const history = parsed(text);
  if (history) return history;
  throw new UsageError(
    `${path} is no history of reports that this version can go on from. Move it away to begin a new one.`,
  );
}

function parsed(text: string): DriftHistory | undefined {
  try {
    const value = JSON.parse(text) as DriftHistory;
    const whole = value.version === 1 && Array.isArray(value.now.findings) && Array.isArray(value.trend);
    return whole ? value : undefined;
  } catch {
    return undefined;
  }
}
