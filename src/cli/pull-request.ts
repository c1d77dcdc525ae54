import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { PullRequest } from '../core/change.ts';
import type { Notice } from '../core/notice.ts';
import { proposalIn, readProposalFile } from '../facts/proposal-file.ts';
import { livePullRequest } from '../repo/live.ts';
import { UsageError } from './exit.ts';

/** The flags that say where a pull request is read. */
export interface PullRequestFlags {
  readonly prFile?: string;
  readonly prEvent?: string;
  readonly offline?: boolean;
}

export interface Described {
  readonly pullRequest?: PullRequest;
  readonly notices: readonly Notice[];
}

export interface Sources {
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  /** Whether gh and glab may be asked. */
  readonly live: boolean;
  /** What the CI run knows by itself. */
  readonly told?: PullRequest | undefined;
  /** Made where nobody else knows one. */
  readonly draft?: () => Promise<PullRequest>;
}

/** The pull request by the first source that has one: --pr-file, --pr-event, PR_BODY, gh or glab, the CI's own event, a draft. */
export async function describe(flags: PullRequestFlags, { cwd, env, live, told, draft }: Sources): Promise<Described> {
  const given = named(flags, cwd, env);
  if (given) return { pullRequest: given, notices: [] };
  const notices: Notice[] = [];
  const answer = live ? await livePullRequest(cwd, env) : undefined;
  if (answer && 'json' in answer) {
    const pullRequest = proposalIn(answer.json);
    if (pullRequest) return { pullRequest: { ...pullRequest, from: answer.from }, notices };
  }
  if (answer && 'failed' in answer) {
    const older = told ? ' It is taken from the event that started this run, which knows no later edit.' : '';
    notices.push({ notice: 'degraded', message: `The pull request was not read live (${answer.failed}).${older}` });
  }
  if (told) {
    if (env['CI_MERGE_REQUEST_DESCRIPTION_IS_TRUNCATED'] === 'true') notices.push(CUT);
    return { pullRequest: told, notices };
  }
  return { ...(draft && { pullRequest: await draft() }), notices };
}

const CUT: Notice = {
  notice: 'not-judged',
  message:
    'GitLab hands over only the first 2,700 characters of the description: give the job a GITLAB_TOKEN, so that glab can read the rest.',
  needed: true,
};

/** What a flag or a variable names. */
export function named(flags: PullRequestFlags, cwd: string, env: NodeJS.ProcessEnv): PullRequest | undefined {
  if (flags.prFile !== undefined) {
    const file = readProposalFile(textOf(flags.prFile, '--pr-file', cwd));
    const title = file.title || env['PR_TITLE'] || '';
    return { title, body: file.body, labels: labelsIn(env), from: flags.prFile };
  }
  if (flags.prEvent !== undefined) {
    const found = proposalIn(jsonOf(flags.prEvent, cwd));
    if (!found) throw new UsageError(`The event ${flags.prEvent} holds no pull request.`);
    return { ...found, from: flags.prEvent };
  }
  const body = env['PR_BODY'];
  return body === undefined
    ? undefined
    : { title: env['PR_TITLE'] ?? '', body, labels: labelsIn(env), from: 'the variable PR_BODY' };
}

const labelsIn = (env: NodeJS.ProcessEnv): readonly string[] =>
  (env['PR_LABELS'] ?? '')
    .split(',')
    .map((label) => label.trim())
    .filter(Boolean);

function textOf(file: string, flag: string, cwd: string): string {
  try {
    return readFileSync(resolve(cwd, file), 'utf8');
  } catch {
    throw new UsageError(`The file ${file} cannot be read. Name an existing file with ${flag}.`);
  }
}

function jsonOf(file: string, cwd: string): unknown {
  try {
    return JSON.parse(textOf(file, '--pr-event', cwd)) as unknown;
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(`The event ${file} is not JSON.`);
  }
}
