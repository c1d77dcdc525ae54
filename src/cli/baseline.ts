import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { makeBaseline, readBaseline } from '../engine/baseline.ts';
import { judge } from '../engine/judge.ts';
import { openRepository } from '../repo/open.ts';
import { catalogue } from './catalogue.ts';
import { EXIT, UsageError, type ExitCode } from './exit.ts';
import { loadPolicies } from './policies.ts';

interface BaselineFlags {
  readonly prune?: boolean;
  readonly policy?: string;
  readonly baseline: string;
}

/** Writes the findings of today's work tree into the baseline file; with --prune only takes out those that are gone. */
export async function baseline({ prune, policy, baseline: file }: BaselineFlags, cwd: string): Promise<ExitCode> {
  const repository = await openRepository(cwd);
  try {
    const path = resolve(repository.topLevel ?? cwd, file);
    const old = existsSync(path) ? parsed(path) : undefined;
    if (prune && !old) throw new UsageError(`There is no baseline ${file} to prune.`);
    const change = await repository.audit();
    const { findings } = await judge(change, { catalogue, ...(await loadPolicies(change, policy === undefined ? {} : { policy })) });
    const made = makeBaseline(findings, prune ? old : undefined);
    writeFileSync(path, `${JSON.stringify(made, null, 2)}\n`);
    const total = (list: typeof made.findings) => list.reduce((sum, { count }) => sum + count, 0);
    process.stderr.write(`Wrote ${file}: ${total(made.findings)} accepted${old ? `, ${total(old.findings)} before` : ''}.\n`);
    return EXIT.clean;
  } finally {
    await repository.close();
  }
}

function parsed(path: string) {
  try {
    return readBaseline(readFileSync(path, 'utf8'));
  } catch (error) {
    throw new UsageError(`The baseline ${path} ${(error as Error).message}.`);
  }
}
