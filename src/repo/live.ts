import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { elsewhere } from './git.ts';
import { printable } from './names.ts';

/** What a forge's own command line said about a pull request. */
export type Live =
  /** Its JSON: of GitHub's or GitLab's API. */
  | { readonly from: string; readonly json: unknown }
  /** It was asked and had no answer: what it said. */
  | { readonly failed: string };

/** Milliseconds: a forge that does not answer by then has said nothing. */
const PATIENCE = 15_000;
const MOST_BYTES = 10 * 1024 * 1024;

/**
 * Asks `gh` or `glab` for the pull request of the CI run, or else of the branch that is checked out. Undefined where neither
 * is installed, where no token is at hand in CI, and where the branch has no pull request yet.
 */
export async function livePullRequest(cwd: string, env: NodeJS.ProcessEnv): Promise<Live | undefined> {
  for (const { program, args, token } of questions(env)) {
    if (token === '') continue;
    const quiet = { GH_PROMPT_DISABLED: '1', GH_NO_UPDATE_NOTIFIER: '1', NO_COLOR: '1', NO_PROMPT: '1' };
    const given = { ...elsewhere(env), ...quiet, ...(token !== undefined && program === 'gh' && { GH_TOKEN: token }) };
    const answer = await ask(program, args, cwd, given);
    if (answer) return answer;
  }
  return undefined;
}

interface Question {
  readonly program: 'gh' | 'glab';
  readonly args: readonly string[];
  /** '' where one is needed and missing; undefined where the program looks for its own. */
  readonly token?: string;
}

function questions(env: NodeJS.ProcessEnv): readonly Question[] {
  const view = ['pr', 'view'];
  const fields = ['--json', 'title,body,labels'];
  if (env['GITHUB_ACTIONS'] === 'true') {
    const number = githubNumber(env);
    const repository = env['GITHUB_REPOSITORY'];
    if (number === undefined || !repository) return [];
    const token = env['GH_TOKEN'] || env['GITHUB_TOKEN'] || '';
    return [{ program: 'gh', args: [...view, number, '--repo', repository, ...fields], token }];
  }
  const iid = env['CI_MERGE_REQUEST_IID'];
  if (env['GITLAB_CI'] === 'true') {
    if (!iid || !/^\d+$/.test(iid)) return [];
    const project = env['CI_PROJECT_PATH'] ?? '';
    return [
      {
        program: 'glab',
        args: ['mr', 'view', iid, '--repo', project, '--output', 'json'],
        token: env['GITLAB_TOKEN'] || '',
      },
    ];
  }
  return [
    { program: 'gh', args: [...view, ...fields] },
    { program: 'glab', args: ['mr', 'view', '--output', 'json'] },
  ];
}

function githubNumber(env: NodeJS.ProcessEnv): string | undefined {
  const [, number] = /^refs\/pull\/(\d+)\//.exec(env['GITHUB_REF'] ?? '') ?? [];
  if (number !== undefined) return number;
  try {
    const event = JSON.parse(readFileSync(env['GITHUB_EVENT_PATH'] ?? '', 'utf8')) as {
      pull_request?: { number?: unknown };
    };
    const found = event.pull_request?.number;
    return typeof found === 'number' ? String(found) : undefined;
  } catch {
    return undefined;
  }
}

function ask(program: string, args: readonly string[], cwd: string, env: NodeJS.ProcessEnv): Promise<Live | undefined> {
  return new Promise((done) => {
    const options = {
      cwd,
      env,
      timeout: PATIENCE,
      maxBuffer: MOST_BYTES,
      windowsHide: true,
      encoding: 'utf8',
    } as const;
    const child = execFile(program, [...args], options, (error, stdout, stderr) => {
      if (error) {
        const none =
          error.code === 'ENOENT' ||
          /no (?:open )?(?:pull|merge) requests? |not a git repository|none of the git remotes/i.test(stderr);
        const said = stderr.trim().split('\n')[0] || 'it did not answer in time';
        done(none ? undefined : { failed: `${program}: ${printable(said.slice(0, 200))}` });
        return;
      }
      try {
        done({ from: `${program}, live`, json: JSON.parse(stdout) as unknown });
      } catch {
        done({ failed: `${program} did not answer in JSON` });
      }
    });
    child.stdin?.end();
  });
}
