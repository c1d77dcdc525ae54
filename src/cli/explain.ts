import { page } from '../report/page.ts';
import { catalogue } from './catalogue.ts';
import { EXIT, UsageError, type ExitCode } from './exit.ts';
import { DEFAULT_FLAGS } from './flags.ts';
import { loadPolicies } from './policies.ts';
import { judge } from '../engine/judge.ts';
import { nearest } from '../core/nearest.ts';
import { openRepository } from '../repo/open.ts';

/** Prints a rule's page; for a fingerprint, the page of the rule behind that finding in today's tree. */
export async function explain(id: string, cwd: string): Promise<ExitCode> {
  const named = catalogue.rules.find((rule) => rule.id === id);
  const found = named ?? (/^[0-9a-f]{16}$/.test(id) ? await ruleBehind(id, cwd) : undefined);
  if (!found) {
    const close = nearest(id, catalogue.rules.map((rule) => rule.id));
    throw new UsageError(`There is no rule ${id}${close ? `; did you mean ${close}?` : ''} \`repolicy rules\` lists them all.`);
  }
  process.stdout.write(page(found, await import('zod')));
  return EXIT.clean;
}

async function ruleBehind(fingerprint: string, cwd: string) {
  const repository = await openRepository(cwd);
  try {
    const change = await repository.audit();
    const verdict = await judge(change, { catalogue, ...(await loadPolicies(change, DEFAULT_FLAGS)), allow: false });
    const finding = verdict.findings.find((one) => one.fingerprint === fingerprint);
    if (!finding) throw new UsageError(`No finding of today's work tree has the fingerprint ${fingerprint}.`);
    process.stderr.write(`${finding.at.path ?? 'the change'}: ${finding.message}\n`);
    return catalogue.rules.find((rule) => rule.id === finding.rule);
  } finally {
    await repository.close();
  }
}
