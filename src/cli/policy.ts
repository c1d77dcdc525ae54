import { explainPath, originText } from '../engine/policy/explain.ts';
import { foldersAround } from '../engine/policy/resolve.ts';
import { openRepository } from '../repo/open.ts';
import { EXIT, type ExitCode } from './exit.ts';
import { policyFor } from './policies.ts';

interface PolicyFlags {
  readonly print?: boolean;
  readonly policy?: string;
}

/** The policy in force in the work tree: for a path, each rule with the place that its severity and options come from. */
export async function policy(path: string | undefined, { print, policy: file }: PolicyFlags, cwd: string): Promise<ExitCode> {
  const repository = await openRepository(cwd);
  try {
    const { head } = await repository.uncommitted();
    const resolved = await policyFor(head, foldersAround(path === undefined ? [] : [path]), file === undefined ? {} : { policy: file });
    if (print && path === undefined) {
      process.stdout.write(`${JSON.stringify(resolved, null, 2)}\n`);
      return EXIT.clean;
    }
    const explained = await explainPath(resolved, path ?? '');
    if (print) {
      process.stdout.write(`${JSON.stringify(explained, null, 2)}\n`);
      return EXIT.clean;
    }
    const out: string[] = [`${path ?? 'The whole repository'}: ${explained.files.join(', ') || 'no policy file, so the recommended preset'}`, ''];
    const width = Math.max(0, ...explained.rules.map(({ rule }) => rule.length));
    for (const { rule, severity, options, origin, optionsOrigin } of explained.rules) {
      out.push(`${rule.padEnd(width)}  ${severity.padEnd(7)}  ${originText(origin)}`);
      const set = JSON.stringify(options);
      if (set !== '{}') out.push(`${' '.repeat(width)}  ${set}${originText(optionsOrigin) === originText(origin) ? '' : `  ${originText(optionsOrigin)}`}`);
    }
    for (const { identity, origin } of explained.owners) out.push('', `owned by ${identity}${origin ? `  ${originText(origin)}` : ''}`);
    for (const { rules, reason, until, origin } of explained.allow) {
      out.push('', `allowed: ${rules.join(', ')}${until ? ` until ${until}` : ''}: ${reason}  ${originText(origin)}`);
    }
    process.stdout.write(`${out.join('\n')}\n`);
    return EXIT.clean;
  } finally {
    await repository.close();
  }
}
