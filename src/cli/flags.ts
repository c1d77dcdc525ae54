import type { Command } from 'commander';
import type { Severity } from '../core/finding.ts';
import { UsageError } from './exit.ts';
import type { PullRequestFlags } from './pull-request.ts';

/** The flags that every judging command shares, as commander hands them over. */
export interface JudgingFlags extends PullRequestFlags {
  readonly policy?: string;
  readonly rule?: readonly string[];
  readonly preset?: readonly string[];
  /** "name" or "name=file". */
  readonly format?: readonly string[];
  readonly failOn: Severity;
  readonly fix?: boolean;
  readonly fixDryRun?: boolean;
  /** False under --no-allow. */
  readonly allow: boolean;
  readonly baseline?: string;
  /** False under --no-cache. */
  readonly cache?: boolean;
  /** Undefined: colours on a terminal alone. */
  readonly color?: boolean;
  readonly quiet?: boolean;
  readonly verbose?: boolean;
  /** Statement rules judge migrations that have already run, too. */
  readonly applied?: boolean;
}

export const DEFAULT_FLAGS: JudgingFlags = { failOn: 'error', allow: true };

const SEVERITIES: readonly Severity[] = ['error', 'warning', 'info'];

export function judging(command: Command): Command {
  return command
    .option('--policy <file>', 'judge by this policy file instead of the repository\'s own')
    .option('--rule <id>', 'ask only this rule, or family as in "sql/*" (repeatable)', collect)
    .option('--preset <name>', 'judge by a preset instead of a policy file (repeatable)', collect)
    .option('--format <name[=file]>', 'text, compact, json, jsonl, sarif, github, markdown ... (repeatable)', collect)
    .option('--fail-on <severity>', 'the least severity that fails the run: error, warning or info', severity, 'error')
    .option('--fix', 'apply the fixes that rules offer to the files on disk')
    .option('--fix-dry-run', 'show what --fix would change, as a diff, and write nothing')
    .option('--no-allow', 'report what allows let through, too')
    .option('--baseline <file>', 'old findings that are accepted (default: repolicy-baseline.json, where there is one)')
    .option('--no-cache', 'work out everything anew, and keep nothing for the next run')
    .option('--applied', 'in an audit, report findings in migrations that have already run, too')
    .option('--color', 'colours even where the output is not a terminal')
    .option('--no-color', 'no colours')
    .option('--quiet', 'print findings only: no notices, no summary')
    .option('--verbose', 'print more: allowed findings, traces of crashes');
}

/** For commands that judge a pull request, or what will be one. */
export function proposing(command: Command): Command {
  return command
    .option('--pr-file <file>', 'the pull request: its title on the first line, an empty line, its text')
    .option('--pr-event <file>', "the pull request in a webhook's JSON, of GitHub or GitLab")
    .option('--offline', 'ask neither gh nor glab for it');
}

const collect = (value: string, before: readonly string[] = []): string[] => [...before, value];

function severity(value: string): Severity {
  const found = SEVERITIES.find((known) => known === value);
  if (!found) throw new UsageError(`--fail-on takes error, warning or info, not "${value}".`);
  return found;
}
